"""The first page of an edition: below its own words, the ways in. What does not exist yet is not offered."""

from __future__ import annotations

from pathlib import Path

from winit import INITIALIZERS

from ..building import card
from ..building.editions import edition_of
from ..building.remote import BRANCH, github
from .reading import course

LEAST, MOST = 0.4, 1.7  # of the slider, a factor on He's scale
OFFERED = ("lab", "teaching", "choose", "cheatsheet")  # pages that have a way in of their own, when the toc lists them


def setup(app):
    app.connect("html-page-context", _add_ways_in, priority=900)  # after page.py


def _add_ways_in(app, pagename, templatename, context, doctree):
    if pagename == "index":
        for name in ("again.js", "lab-svg.js", "landing.js"):
            app.add_js_file(name, loading_method="defer")
        app.add_css_file("explorer.css")
        context["body"] += app.builder.templates.render("landing.html", context | ways_in(app))


def ways_in(app) -> dict:
    """What the template needs: the pages there are, and where they can be run."""
    edition = edition_of(app)
    parts = [(caption, [_offered(app, page) for page in pages]) for caption, pages in edition.parts]
    notebooks = [source.name for source in edition.notebooks]
    return {
        "parts": parts,
        "start": next((page for page in edition.pages if page[0].isdigit() and page[:2] != "00"), None),
        "gains": gains(),
        "least": LEAST,
        "most": MOST,
        **{page: page if page in edition.pages else None for page in OFFERED},
        "run": places_to_run(app, edition, notebooks[0]) if notebooks else [],
        "repository": github(Path(app.srcdir).parents[1]),
        "course": course(app),
    }


def gains() -> dict[str, float]:
    """The initializers of the landing picture as factors on He's scale, from the smallest to the largest."""
    shape = card.WIDTH, card.WIDTH
    stds = {
        name: init if isinstance(init, float) else INITIALIZERS[init].std(shape)
        for name, init in card.INITIALIZERS.items()
    }
    return {name: round(stds[name] / stds["He"], 4) for name in sorted(stds, key=stds.get)}


def _offered(app, page: str) -> dict:
    """What the first page says of another."""
    told, core = app.env.told[page], edition_of(app).catalogue["effort"]["core"]
    effort = core.format(minutes=told.minutes[0]) if told.minutes else None
    return {"name": page, "title": told.title, "claim": told.claim, "effort": effort}


def places_to_run(app, edition, notebook: str) -> list[dict[str, str]]:
    """Where the first notebook runs without installing anything; the same services as the buttons of its page."""
    repository = github(Path(app.srcdir).parents[1])
    services = app.config.html_theme_options.get("launch_buttons", {})
    if not repository:
        return []
    owner, name = repository
    path = f"chapters/{edition.language}/{notebook}"
    places = {
        "Binder": ("binderhub_url", f"v2/gh/{owner}/{name}/{BRANCH}?urlpath=lab/tree/{path}"),
        "Colab": ("colab_url", f"github/{owner}/{name}/blob/{BRANCH}/{path}"),
    }
    return [
        {"name": place, "url": f"{services[key].rstrip('/')}/{address}"}
        for place, (key, address) in places.items()
        if services.get(key)
    ]

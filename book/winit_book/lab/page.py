"""The Init Lab: initializations at different depths, alive in the reader's browser.

The page is chapters/<language>/lab.md, and ``<!-- lab -->`` in it is where the template goes. What the lab says comes
from the catalogue, what it knows of `winit` from two scripts that are written at build time (data.py): `lab-tables.js`,
which pages with live explorers load, too, and `lab-data.js`. The other scripts are book/assets/lab-*.js.
"""

from __future__ import annotations

import json
from pathlib import Path

from ..building.editions import edition_of
from ..content.assets import add_file
from ..content.page import icon
from .data import data, tables
from .stories import OPENING, RACE, RACE_RANGES, RANGES, RATES, STORIES, complete, menus

PAGE, PLACE = "lab", "<!-- lab -->"
SCRIPTS = tuple(
    "tables data numerics theory network worker svg drawing units python race panel".split()
)  # in this order


def setup(app):
    app.connect("builder-inited", _write_data)
    if PAGE in edition_of(app).pages:
        app.connect("html-page-context", _add_lab, priority=900)  # after page.py


def _write_data(app):
    """Write the scripts of data, which stay the same until the stage is made anew."""
    if (Path(app.outdir) / "_static" / "lab-tables.js").exists():
        return

    def written(part):
        return json.dumps(part, separators=(",", ":"))

    add_file(app, "lab-tables.js", f"const labTables = {written(tables())};\n")
    if PAGE in edition_of(app).pages:
        add_file(app, "lab-data.js", f"const labData = {{ ...labTables, ...{written(data())} }};\n")


def _add_lab(app, pagename, templatename, context, doctree):
    if pagename != PAGE:
        return
    for name in SCRIPTS:
        app.add_js_file(f"lab-{name}.js", loading_method="defer")
    app.add_css_file("lab.css")
    context["favicon_url"] = icon()  # Chromium asks for it again whenever the address changes
    edition = edition_of(app)
    chapters = {page[:2]: {"href": f"{page}.html", "title": app.env.titles[page].astext()} for page in edition.pages}
    html = app.builder.templates.render(
        "lab.html",
        context
        | {
            "words": edition.catalogue["lab"] | {"script": edition.catalogue["script"]},
            "names": edition.catalogue["names"],
            "stories": {name: chapter for name, (chapter, _) in STORIES.items()},
            "told": {key: chapter for key, chapter in chapters.items() if key.isdigit()},
            "page": PAGE,
            "begun": OPENING,
            "opening": complete(STORIES[OPENING][1]),
            "ranges": RANGES,
            "race": RACE,
            "race_ranges": RACE_RANGES,
            "rates": RATES,
            "menus": menus(),
        },
    )
    context["body"] = context["body"].replace(PLACE, html)

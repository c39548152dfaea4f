"""What every page of an edition says about itself: language switch, alternates, description, picture."""

from __future__ import annotations

from pathlib import Path

from docutils import nodes

from .editions import read_editions
from .remote import github, pages_url

ROOT = Path(__file__).resolve().parents[2]
LONGEST_DESCRIPTION = 300


def setup(app):
    root = Path(app.srcdir).parents[1]
    app.editions = read_editions(root)
    app.base_url = pages_url(github(root))
    app.add_css_file("winit.css")
    app.add_js_file("winit.js", loading_method="defer")
    app.connect("html-page-context", _describe)


def _describe(app, pagename, templatename, context, doctree):
    edition = next(edition for edition in app.editions if edition.language == app.config.edition)
    page = f"{pagename}.html"
    up = "../" * (pagename.count("/") + 1)
    in_all = pagename in edition.pages or pagename == "search"
    context["edition"] = edition
    context["say"] = edition.catalogue
    context["site_root"] = up
    context["base_url"] = app.base_url
    context["alternates"] = [
        {
            "language": other.language,
            "name": other.catalogue["name"],
            "locale": other.catalogue["locale"],
            "href": f"{up}{other.language}/{page if in_all else 'index.html'}",
            "url": f"{app.base_url}{other.language}/{page}",
            "current": other is edition,
        }
        for other in app.editions
    ]
    context["description"] = _first_paragraph(doctree) or edition.catalogue["description"]


def _first_paragraph(doctree):
    if doctree is None:
        return ""
    text = next((node.astext() for node in doctree.findall(nodes.paragraph)), "")
    text = " ".join(text.split())
    return text if len(text) <= LONGEST_DESCRIPTION else text[: LONGEST_DESCRIPTION - 1].rstrip() + "…"

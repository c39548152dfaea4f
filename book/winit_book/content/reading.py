"""What helps while one reads a page: where one is, what of the code is in sight, what was answered before."""

from __future__ import annotations

from docutils import nodes

from ..building.editions import edition_of


def setup(app):
    app.add_js_file("memory.js", loading_method="defer")
    app.add_js_file("reading.js", loading_method="defer")
    app.connect("html-page-context", _add_code_switch, priority=950)


def _add_code_switch(app, pagename, templatename, context, doctree):
    if doctree and pagename[0].isdigit() and any("cell" in box["classes"] for box in doctree.findall(nodes.container)):
        switch = app.builder.templates.render("code-switch.html", context)
        context["body"] = context["body"].replace("</h1>", f"</h1>\n{switch}", 1)


def course(app) -> dict:
    """The chapters as the first page needs them, to say where a reader was and how much is done."""
    pages = {}
    for page in edition_of(app).pages:
        if page[0].isdigit():
            (_, title), *sections = app.env.told[page].headings.items()
            pages[page] = {"title": title, "sections": dict(sections), "exercises": app.env.told[page].exercises}
    return pages

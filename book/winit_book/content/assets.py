"""What pages load and no file of the repository holds as it is: one sheet made of all styles, data for scripts."""

from __future__ import annotations

import re
from pathlib import Path

from ..paths import BOOK

# The files of book/styles in the order in which they stand in the one sheet: a page asks once
STYLES = "colours type frame boxes forms code figures formulas appendices landing paper".split()


# What Sphinx and the themes give every page, and no page of ours asks for: their sheets are in the one sheet
# (building/sheet.py), frame.js does what their scripts did
LEFT_OUT = re.compile(r"_static/(scripts/.*|styles/.*|pygments\.css|mystnb\..*\.css|proof\.css|exercise\.css)$")
DEFERRED = re.compile(r"_static/(documentation_options|doctools|sphinx_highlight|translations)\.js$")


def setup(app):
    app.add_js_file("frame.js", loading_method="defer")
    app.connect("html-page-context", _choose, priority=990)  # after the themes


def _choose(app, pagename, templatename, context, doctree):
    """Leave to a page the files that are its own, and let no script stand in its way."""
    for kind in ("css_files", "script_files"):
        context[kind] = [file for file in context[kind] if not LEFT_OUT.search(getattr(file, "filename", "") or "")]
    context["script_files"] = [file for file in context["script_files"] if getattr(file, "filename", None)]
    for file in context["script_files"]:
        if DEFERRED.search(file.filename):
            file.attributes["defer"] = "defer"


def sheet() -> str:
    """The styles of the course on top of those of sphinx-book-theme."""
    return "\n".join((BOOK / "styles" / f"{name}.css").read_text("utf8") for name in STYLES)


def add_file(app, name: str, text: str) -> None:
    """Put a file that is made now beside those of book/assets; pages that load it are written later."""
    path = Path(app.outdir) / "_static" / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, "utf8")

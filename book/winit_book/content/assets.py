"""What pages load and no file of the repository holds as it is: one sheet made of all styles, data for scripts."""

from __future__ import annotations

from pathlib import Path

from ..paths import BOOK

# The files of book/styles in the order in which they stand in the one sheet: a page asks once
STYLES = "colours type frame boxes code figures formulas appendices landing paper".split()


def setup(app):
    app.add_css_file("winit.css")
    app.connect("builder-inited", lambda app: add_file(app, "winit.css", sheet()))


def sheet() -> str:
    """The styles of the course on top of those of sphinx-book-theme."""
    return "\n".join((BOOK / "styles" / f"{name}.css").read_text("utf8") for name in STYLES)


def add_file(app, name: str, text: str) -> None:
    """Put a file that is made now beside those of book/assets."""
    folder = Path(app.outdir).parent / "made"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(text, "utf8")
    if str(folder) not in app.config.html_static_path:
        app.config.html_static_path.append(str(folder))

"""Below each chapter: when its cells ran last, and with which versions."""

from __future__ import annotations

import platform
from html import escape
from importlib.metadata import version
from pathlib import Path

import nbformat
from jupyter_cache import get_cache

from ..building.editions import edition_of

NAMED = {"NumPy": "numpy", "SciPy": "scipy", "Matplotlib": "matplotlib", "scikit-learn": "scikit-learn"}


def setup(app):
    app.connect("html-page-context", _say_when, priority=950)


def _say_when(app, pagename, templatename, context, doctree):
    edition = edition_of(app)
    source = next((path for path in edition.notebooks if path.stem == pagename), None)
    if source is None:
        return
    cache = get_cache(Path(app.config.nb_execution_cache_path))
    date = cache.match_cache_notebook(nbformat.read(source, as_version=4)).created.date()
    versions = ", ".join(
        [f"Python {platform.python_version()}", *(f"{name} {version(package)}" for name, package in NAMED.items())]
    )
    words = escape(edition.catalogue["executed"]).format(
        date=date.isoformat(), versions=f'<span lang="en">{escape(versions)}</span>'
    )
    context["body"] += f'<p class="executed">{words}</p>\n'

"""Under a chapter's title how long it takes to read and to run; below it when its cells ran last.

Elsewhere ``{minutes}`02_fan_in_fan_out` `` writes how long a chapter takes to read, so that no plan types it.
"""

from __future__ import annotations

import platform
from html import escape
from importlib.metadata import version
from pathlib import Path

import nbformat
from docutils import nodes
from jupyter_cache import get_cache

from ..building.editions import Edition, edition_of
from .minutes import lengths

NAMED = {"NumPy": "numpy", "SciPy": "scipy", "Matplotlib": "matplotlib", "scikit-learn": "scikit-learn"}


def setup(app):
    app.connect("html-page-context", _say_when, priority=950)
    app.add_role("minutes", minutes)


def minutes(name, rawtext, text, lineno, inliner, options=None, content=None):
    """The role: reading time of a chapter of this edition."""
    env = inliner.document.settings.env
    edition = edition_of(env.app)
    path = next((path for path in edition.notebooks if path.stem == text), None)
    if path is None:
        return [], [inliner.reporter.error(f"minutes of {text!r}: no such chapter", line=lineno)]
    env.note_dependency(str(path))
    return [nodes.inline(rawtext, effort(nbformat.read(path, as_version=4), None, edition))], []


def effort(notebook: nbformat.NotebookNode, seconds: float | None, edition: Edition) -> str:
    """How long it takes, in one line: to read the core, the whole if there is more, and to run."""
    words = edition.catalogue["effort"]
    core, whole = (length.minutes(edition.language) for length in lengths(notebook))
    said = [words["core"].format(minutes=core)]
    said += [words["whole"].format(minutes=whole)] if whole > core else []
    said += [words["run"].format(seconds=max(1, round(seconds)))] if seconds is not None else []
    return " · ".join(said)


def _say_when(app, pagename, templatename, context, doctree):
    edition = edition_of(app)
    source = next((path for path in edition.notebooks if path.stem == pagename), None)
    if source is None:
        return
    notebook = nbformat.read(source, as_version=4)
    record = get_cache(Path(app.config.nb_execution_cache_path)).match_cache_notebook(notebook)
    line = effort(notebook, (record.data or {}).get("execution_seconds"), edition)
    context["body"] = context["body"].replace("</h1>", f'</h1>\n<p class="effort">{escape(line)}</p>', 1)
    date = record.created.date()
    versions = ", ".join(
        [f"Python {platform.python_version()}", *(f"{name} {version(package)}" for name, package in NAMED.items())]
    )
    words = escape(edition.catalogue["executed"]).format(
        date=date.isoformat(), versions=f'<span lang="en">{escape(versions)}</span>'
    )
    context["body"] += f'<p class="executed">{words}</p>\n'

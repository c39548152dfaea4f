"""Under a chapter's title how long it takes to read and to run; below it when its cells ran last.

Elsewhere ``{minutes}`02_fan_in_fan_out` `` writes how long a chapter takes to read, so that no plan types it.
"""

from __future__ import annotations

import platform
from collections.abc import Sequence
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
    app.add_role("minutes", role)
    app.connect("doctree-resolved", _say_minutes)


class minutes(nodes.Inline, nodes.TextElement):
    """Where the reading time of a chapter goes, of `page`."""


def role(name, rawtext, text, lineno, inliner, options=None, content=None):
    if text not in (path.stem for path in edition_of(inliner.document.settings.env.app).notebooks):
        return [], [inliner.reporter.error(f"minutes of {text!r}: no such chapter", line=lineno)]
    return [minutes(rawtext, page=text)], []


def _say_minutes(app, doctree, docname):
    for node in list(doctree.findall(minutes)):
        node.replace_self(nodes.inline("", line(app.env.told[node["page"]].minutes, None, edition_of(app))))


def effort(notebook: nbformat.NotebookNode, seconds: float | None, edition: Edition) -> str:
    """How long it takes, in one line: to read the core, the whole if there is more, and to run."""
    return line([length.minutes(edition.language) for length in lengths(notebook)], seconds, edition)


def line(minutes: Sequence[int], seconds: float | None, edition: Edition) -> str:
    """The same, given the minutes of the core and of the whole."""
    words, (core, whole) = edition.catalogue["effort"], minutes
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
    effort_line = effort(notebook, (record.data or {}).get("execution_seconds"), edition)
    context["body"] = context["body"].replace("</h1>", f'</h1>\n<p class="effort">{escape(effort_line)}</p>', 1)
    date = record.created.date()
    versions = ", ".join(
        [f"Python {platform.python_version()}", *(f"{name} {version(package)}" for name, package in NAMED.items())]
    )
    words = escape(edition.catalogue["executed"]).format(
        date=date.isoformat(), versions=f'<span lang="en">{escape(versions)}</span>'
    )
    context["body"] += f'<p class="executed">{words}</p>\n'

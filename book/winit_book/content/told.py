"""What a page tells the others: title, headings, numbered names, minutes, what it cites.

Sidebars, links, numbers and the appendices say these things of other pages. So where any of it changes, all pages are
written again, and where none of it does, a page that was read is the only one to be written.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import nbformat
from docutils import nodes

from ..building.editions import edition_of
from .explorers import explorer
from .minutes import lengths
from .page import first_paragraph, plain_text
from .states import controls
from .tasks import exercise


@dataclass(frozen=True)
class Told:
    """`names` are all that a link can lead to, in the order in which they are counted, each with its title."""

    title: str
    headings: dict[str, str]
    names: list[tuple[str, str]]
    exercises: list[str]
    controls: dict[str, dict[str, dict]]
    minutes: tuple[int, int] | None
    said: dict[str, Any]
    claim: str = field(compare=False)  # on the first page alone, which is always written


def setup(app):
    app.connect("doctree-read", _note, priority=900)  # after all who note something of a page
    app.connect("env-updated", _rewrite)


def told(env) -> dict[str, Told]:
    """What every page tells, by its name."""
    return {page: noted["told"] for page, noted in env.metadata.items() if "told" in noted}


def _note(app, doctree):
    edition, page, noted = edition_of(app), app.env.docname, app.env.metadata[app.env.docname]
    source = next((path for path in edition.notebooks if path.stem == page), None)
    core_and_whole = lengths(nbformat.read(source, as_version=4)) if source else None
    noted["told"] = Told(
        title=app.env.titles[page].astext(),
        headings={section["ids"][0]: plain_text(section[0]) for section in doctree.findall(nodes.section)},
        names=[(name, title) for name, (_, _, title) in noted.get("myst_slugs", {}).items()],
        exercises=[found["ids"][0] for found in doctree.findall(exercise)],
        controls=controls([found["data"] for found in doctree.findall(explorer)]),
        claim=first_paragraph(doctree),
        minutes=core_and_whole and tuple(length.minutes(edition.language) for length in core_and_whole),
        said={key: noted[key] for key in ("cites", "terms") if key in noted},
    )


def _rewrite(app, env):
    """All pages where what one tells the others has changed."""
    before, env.told = getattr(env, "told", None), told(env)
    return [] if env.told == before else list(env.found_docs)

"""The sources of the appendices hold words in the language of every edition, or the build says where they lack it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ..paths import read_yaml
from .editions import REFERENCE, Edition, stop

# What is checked below `book`, and the page that shows it
SOURCES = {
    "terms": "glossary",
    "misconceptions": "misconceptions",
    "notation": "notation",
    "frameworks": "frameworks",
}


def check_sources(root: Path, editions: list[Edition]) -> None:
    """Check that every row of the sources of the appendices has its words in the language of every edition.

    Raises
    ------
    SystemExit
        With one line that names for the first such edition every file, the rows that lack its words, and their number.
    """
    for edition in editions:
        lacking = {}
        for name, page in SOURCES.items():
            if page in edition.pages:
                rows = read_yaml(root / "book" / f"{name}.yml")
                lacking[f"book/{name}.yml"] = list(_lacking(rows, edition.language))
        faults = [f"{file} ({_some(rows)})" for file, rows in lacking.items() if rows]
        if faults:
            raise stop(f"no words in {edition.language!r} in {'; '.join(faults)}")


def _lacking(node: Any, language: str, where: tuple[str, ...] = ()) -> Iterator[str]:
    """The places that hold words in the language of the reference, and none in this one."""
    if isinstance(node, list):
        for child in node:
            names = (
                [child[key] for key in ("id", "symbol", REFERENCE) if key in child] if isinstance(child, dict) else []
            )
            yield from _lacking(child, language, (*where, *names[:1]))
    elif isinstance(node, dict):
        reference, own = node.get(REFERENCE), node.get(language)
        if reference and not own:
            yield " → ".join(where)
        elif isinstance(reference, dict):
            yield from (" → ".join([*where, language, part]) for part in reference if not own.get(part))
        for key, child in node.items():
            yield from _lacking(child, language, (*where, key))


def _some(names: list[str], most: int = 3) -> str:
    """The first of some names, and how many more there are."""
    shown = ", ".join(f"“{name}”" for name in names[:most])
    return shown if len(names) <= most else f"{shown} and {len(names) - most} more"

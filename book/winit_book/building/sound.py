"""Before anything is run: every notebook keeps the forms, or the build stops with one line that says where it fails."""

from __future__ import annotations

from collections.abc import Iterable

from ..content import forms
from .editions import Edition, stop
from .stored import read


def require_sound(editions: Iterable[Edition]) -> None:
    """Look at the forms of all notebooks.

    Raises
    ------
    SystemExit
        With the first fault: file, cell, and what to write.
    """
    from winit.check import exercises  # numpy is slow to import, and most commands do without

    records = exercises()
    for edition in editions:
        words = form_words(edition)
        places: dict[str, str] = {}
        for path in edition.notebooks:
            cells = read(path).cells
            place = "/".join(path.parts[-3:])
            for number, fault in forms.faults(cells, words, records):
                raise stop(f"{place}, cell {number}: {fault}")
            for number, name in forms.names(cells):
                if name in places:
                    raise stop(f"{place}, cell {number}: the name {name!r} stands in {places[name]}, too")
                places[name] = place


def form_words(edition: Edition) -> dict[str, str]:
    """What an exercise begins with, and what a fold is called that no number can judge."""
    exercise = edition.catalogue["numbers"]["exercise"].replace("%s", "").strip()
    return {"exercise": exercise, "rubric": edition.catalogue["forms"]["rubric"]}

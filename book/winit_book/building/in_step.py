"""Editions in step: cell by cell the same code, so that one execution serves them all."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

from .editions import Edition, named, stop
from .stored import read


def difference(ours, theirs, metadata: Callable = dict) -> tuple[int, str] | None:
    """The first cell, counted from 1, in which two notebooks differ in more than their words, and in what.

    Parameters
    ----------
    ours, theirs : NotebookNode
        The notebooks of one chapter.
    metadata : callable
        What of a cell's metadata counts; everything, unless told otherwise.
    """
    number = other_kind(ours, theirs)
    if number:
        return number, "kind"
    for number, (one, other) in enumerate(zip(ours.cells, theirs.cells), 1):
        if one.cell_type == "code" and one.source != other.source:
            return number, "code"
        if metadata(one.metadata) != metadata(other.metadata):
            return number, "metadata"
    return None


def other_kind(ours, theirs) -> int | None:
    """The first cell where one notebook has code and the other words, or where one has ended."""
    kinds = [[cell.cell_type for cell in notebook.cells] for notebook in (ours, theirs)]
    for number, (one, other) in enumerate(zip(*kinds), 1):
        if one != other:
            return number
    return min(map(len, kinds)) + 1 if len(kinds[0]) != len(kinds[1]) else None


def refuse(paths: dict[str, Path], code: bool = True, metadata: Callable = dict) -> None:
    """Stop where the editions of a chapter are out of step; without `code` only where their cells are of other kinds.

    Raises
    ------
    SystemExit
        With one line that names the notebooks, the cell, and what to do.
    """
    (_, first), *others = paths.items()
    model = read(first)
    for _, path in others:
        notebook = read(path)
        number, what = (code and difference(model, notebook, metadata)) or (other_kind(model, notebook), "kind")
        if number:
            choices = " or ".join(f"FROM={language}" for language in paths)
            cure = f"pass {choices} to make notebooks CHAPTER={path.stem}, and the code of that edition is copied"
            if what == "kind":
                cure = "the editions need the same code and Markdown cells in the same order"
            raise stop(f"{named(path)}, cell {number}: its {what} differs from {named(first)}; {cure}")


def check_code(editions: Iterable[Edition]) -> None:
    """Stop where the code of two editions differs, metadata included, before anything is executed."""
    editions = list(editions)
    for page in editions[0].pages:
        paths = {edition.language: edition.source(page) for edition in editions}
        if all(path.suffix == ".ipynb" for path in paths.values()):
            refuse(paths)

"""What the source of a page holds, a notebook or Markdown."""

from __future__ import annotations

import re
from pathlib import Path

import nbformat
from winit_book.building.editions import read_editions
from winit_book.paths import ROOT

LISTING = re.compile(r"```(python|text)\n(.*?)```", re.DOTALL)


def sources(name: str) -> list[Path]:
    """The file of a page in each edition."""
    return [path for edition in read_editions(ROOT) for path in edition.sources if path.stem == name]


def markdown(path: Path) -> str:
    if path.suffix == ".md":
        return path.read_text("utf8")
    return "\n".join(cell.source for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == "markdown")


def listings(path: Path) -> list[tuple[str, str]]:
    """The language and the text of every fenced listing of Python or of plain text."""
    return LISTING.findall(markdown(path))

"""What Sphinx warns of, and where: the notebook, the cell and the line as an author counts them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from .editions import named

CELL_LINES = 10_000  # MyST-NB's line numbers: so many times the cell, and then the line in it, the first being 2
WARNING = re.compile(r"(?:(?P<file>.+?\.(?:ipynb|md))(?::(?P<line>\d*))?: )?(?:WARNING|ERROR|CRITICAL): (?P<text>.+)")


@dataclass(frozen=True)
class Warned:
    """A warning of Sphinx, and where: `page` and `place` are empty where Sphinx does not say."""

    page: str
    place: str
    text: str

    @classmethod
    def read(cls, line: str, root: Path) -> Warned | None:
        found = WARNING.fullmatch(line.strip())
        if not found:
            return None
        if not found["file"]:
            return cls("", "", found["text"])
        file, number = root / found["file"], int(found["line"] or 0)
        places = [named(file)]
        if file.suffix == ".ipynb" and number > CELL_LINES:
            cell, number = divmod(number, CELL_LINES)
            places.append(f"cell {cell}")
            number = max(number - 1, 1)
        places += [f"line {number}"] if number else []
        inside = file.is_relative_to(root) and len(file.relative_to(root).parts) == 3
        return cls(file.stem if inside else "", ", ".join(places), found["text"])

    def __str__(self) -> str:
        return f"{self.place}: {self.text}" if self.place else self.text

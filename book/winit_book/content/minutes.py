"""How long a chapter takes to read, counted in its notebook: words, formulas in display, cells in sight.

This needs no Sphinx: the line under a title, the first page and the rules for authors ask the same functions.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

import nbformat

WORDS_A_MINUTE = {"en": 150, "ko": 120}
CELL_SECONDS, FORMULA_SECONDS = 30, 45

DEEPER = re.compile(r"<!--\s*section:[^|>]*\|\s*deeper\s*-->")
FORMULA = re.compile(
    r"\$\$.+?\$\$(?:\s*\(eq-[\w-]+\))?|\\begin\{(align|gather|equation)\*?\}.+?\\end\{\1\*?\}", re.DOTALL
)
NO_WORDS = re.compile(
    r"""<!--.*?-->             # comments
    | ^(`{3,}|~{3,}).*?^\1     # blocks of code
    | ^:::.*?$ | ^:\w+:.*?$    # directives and their options
    | ^[\s|:-]*-[\s|:-]*$      # rules of tables
    | (`+).+?\2                # spans of code
    | \$[^$\n]+\$              # formulas in a line
    | (?<=\])\([^()\s]*(?:\([^()]*\)[^()\s]*)*\) | https?://\S+   # addresses
    | </?\w[^>]*>              # tags of HTML
    """,
    re.DOTALL | re.MULTILINE | re.VERBOSE,
)


@dataclass(frozen=True)
class Length:
    """What there is to read."""

    words: int = 0
    formulas: int = 0
    cells: int = 0

    def minutes(self, language: str) -> int:
        """Rounded up to whole minutes; a language without a rate of its own is read as fast as English."""
        words = 60 * self.words / WORDS_A_MINUTE.get(language, WORDS_A_MINUTE["en"])
        return math.ceil((words + FORMULA_SECONDS * self.formulas + CELL_SECONDS * self.cells) / 60)


def lengths(notebook: nbformat.NotebookNode) -> tuple[Length, Length]:
    """Of the core, which ends where the first deeper section begins, and of the whole; solutions count in neither.

    Examples
    --------
    >>> cell = nbformat.v4.new_markdown_cell("# Two words\\n\\n<!-- section: more | deeper -->\\n## Three words more")
    >>> lengths(nbformat.v4.new_notebook(cells=[cell]))
    (Length(words=2, formulas=0, cells=0), Length(words=5, formulas=0, cells=0))
    """
    core, deeper, begun = [], [], False
    for cell in notebook.cells:
        tags = cell.metadata.get("tags", ())
        if "solution" in tags:
            continue
        if cell.cell_type == "code":
            seen = not ({"hide-input", "hide-cell", "remove-input", "remove-cell"} & set(tags))
            (deeper if begun else core).append(Length(cells=int(seen)))
        elif cell.cell_type == "markdown":
            first, *rest = [cell.source] if begun else DEEPER.split(cell.source, maxsplit=1)
            (deeper if begun else core).append(_read(first))
            begun = begun or bool(rest)
            deeper += map(_read, rest)
    return _sum(core), _sum(core + deeper)


def words(markdown: str) -> int:
    """How many words, or 어절, without comments, formulas, code, addresses and the rules of tables."""
    return len(re.findall(r"\S*[^\W_]\S*", NO_WORDS.sub(" ", FORMULA.sub(" ", markdown))))


def _read(markdown: str) -> Length:
    return Length(words=words(markdown), formulas=len(FORMULA.findall(markdown)))


def _sum(parts: list[Length]) -> Length:
    return Length(*(sum(getattr(part, field) for part in parts) for field in ("words", "formulas", "cells")))

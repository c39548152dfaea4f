"""Every number a chapter writes was computed on that page.

A number in prose must stand, at the digits written, in an output or the code of a cell of the same section, in its
formulas, in what a listing there prints, which a test reproduces, or in a section that the text links to. Free are 0, 1
and 2, years, chapter numbers, times, quotations and code in the text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from ..appendices.misconceptions import TEXTS, Misconception
from .citations import CITATION, mistake
from .page import SECTION, Page

NUMBER = re.compile(r"(?<![\w.])(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?(?:e[+-]?\d+)?(?!\.?\d)")
FREE = {"0", "1", "2"}
NOT_PROSE = [
    r"<!--.*?-->",
    r"<span lang=.*?</span>",
    r"^:::.*$|^:\w+:.*$",  # directive lines
    r"```.*?```|`[^`\n]*`",
    r"\$\$.*?\$\$|\$[^$\n]*\$",
    r"“[^”]*”",
    r"\]\([^)]*\)",  # targets of links
    r"\b(?:19|20)\d\d(?:\b|(?=년))",  # years
    r"\barXiv:\S+",
    r"\b\d\d(?=장)|(?<=hapter )\d\d\b|^# \d\d\b",  # chapters
    r"\b[Rr]uns? \d(?: to \d)?\b|\b\d번",  # the broken runs of chapter 12
    r"\d+(?= minutes| seconds|분|초)",
    r"(?:[Aa]ssumptions?|[Rr]ules?|가정|규칙) \d(?:(?: and |과 |와 )\d)?",
    r"^\d+\. ",  # ordered lists
]
FORMULA = re.compile(r"\$\$(.*?)\$\$|\$([^$\n]*)\$", re.DOTALL)
PRINTED = re.compile(r"```text\n(.*?)```", re.DOTALL)
OWN_LINK = re.compile(r"\]\(#([\w-]+)\)")
CELL_LINK = re.compile(r"\]\((\w+)\.ipynb#([\w-]+)\)")


def canonical(number: str) -> str:
    return number.replace(",", "")


def numbers(text: str) -> set[str]:
    return {canonical(match) for match in NUMBER.findall(text)}


def prose(markdown: str) -> str:
    for pattern in NOT_PROSE:
        markdown = re.sub(pattern, " ", markdown, flags=re.DOTALL | re.MULTILINE)
    return markdown


@dataclass
class Section:
    """What one section says, by cell, and what it knows: `computed` by its cells or in its formulas."""

    prose: dict[int, str] = field(default_factory=dict)
    computed: set[str] = field(default_factory=set)
    printed: str = ""
    links: set[str] = field(default_factory=set)

    @property
    def numbers(self) -> set[str]:
        return {number for text in self.prose.values() for number in numbers(text)} - FREE


def sections(page: Page) -> dict[str, Section]:
    """The sections of a page by name; what stands before the first has the name ''."""
    found = {"": Section()}
    name = ""
    for cell in page.cells:
        if cell.kind == "markdown":
            first, *named = SECTION.split(cell.source)
            for new, text in [(name, first), *zip(named[::2], named[1::2])]:
                name = new
                section = found.setdefault(name, Section())
                section.prose[cell.number] = prose(text)
                section.computed |= numbers(" ".join(map(" ".join, FORMULA.findall(text))))
                section.computed |= numbers(" ".join(PRINTED.findall(text)))
                section.links |= set(OWN_LINK.findall(text))
        else:
            found[name].printed += "\n" + cell.printed
            found[name].computed |= numbers(f"{cell.printed}\n{cell.source.replace('_', '')}")
    return found


def allowed(found: dict[str, Section], name: str) -> set[str]:
    """The numbers that a section may write."""
    linked = found[name].links & found.keys()
    return FREE.union(found[name].computed, *(found[other].computed for other in linked))


def stands_in(value: str, text: str) -> bool:
    """Whether the value is in the text as it is written, and not as a part of a longer number or word."""
    return re.search(rf"(?<![\w.]){re.escape(value)}(?!\w|\.\w)", text) is not None


def plain(text: str) -> str:
    """Numbers without the marks that separate their thousands, and particles apart: 31이 is 31."""
    return re.sub(r"(?<=[0-9A-Za-z])(?=[가-힣])", " ", re.sub(r"(?<=\d),(?=\d{3})", "", text))


def unconfirmed(row: Misconception, page: Page) -> list[str]:
    """What of a misconception its cell, in the chapter `page`, and the sections it links to do not confirm."""
    words = row.words.get(page.edition.language, {})
    if tuple(words) != TEXTS:
        return [f"{page.edition.language}: needs {', '.join(TEXTS)}, in this order, and nothing else"]
    text = " ".join(words.values())
    places = dict.fromkeys([(row.chapter, row.section), *CELL_LINK.findall(text)])
    known = {name: sections(page.pages[name]) for name, _ in places if name in page.pages}
    wrong = [f"{name} has no section {section}" for name, section in places if section not in known.get(name, ())]
    if wrong:
        return wrong
    printed = known[row.chapter][row.section].printed
    wrong += [f"{value} is not printed in {row.section}" for value in row.values if not stands_in(value, printed)]
    wrong += [f"the truth lacks {value}" for value in row.values if not stands_in(value, plain(words["truth"]))]
    computed = FREE.union(*(known[name][section].computed for name, section in places))
    wrong += [f"where is {number} from?" for number in sorted(numbers(prose(text)) - computed)]
    return wrong + [f"{cited}: {fault}" for cited, key in CITATION.findall(text) if (fault := mistake(cited, key))]

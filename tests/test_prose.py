"""Every number a chapter writes was computed on that page.

A number in prose must stand, at the digits written, in an output or the code of a cell of the same section, in its
formulas, or in a section that the text links to. Free are 0, 1 and 2, years, chapter numbers, times, quotations and
code in the text.
"""

import re

import nbformat
import pytest
from winit_book.building.editions import read_editions
from winit_book.paths import ROOT

EDITIONS = read_editions(ROOT)
NOTEBOOKS = [pytest.param(path, id=f"{e.language}-{path.stem}") for e in EDITIONS for path in e.notebooks]

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
    r"\b[A-G]\d{1,2}\b",  # claims
    r"\b(?:19|20)\d\d(?:\b|(?=년))",  # years
    r"\barXiv:\S+",
    r"\b\d\d(?=장)|(?<=hapter )\d\d\b|^# \d\d\b",  # chapters
    r"\b[Rr]uns? \d(?: to \d)?\b|\b\d번",  # the broken runs of chapter 10
    r"\d+(?= minutes| seconds|분|초)",
    r"(?:[Aa]ssumptions?|[Rr]ules?|가정|규칙) \d(?:(?: and |과 |와 )\d)?",
    r"^\d+\. ",  # ordered lists
]
FORMULA = re.compile(r"\$\$(.*?)\$\$|\$([^$\n]*)\$", re.DOTALL)


def canonical(number):
    return number.replace(",", "")


def numbers(text):
    return {canonical(match) for match in NUMBER.findall(text)}


def prose(markdown):
    for pattern in NOT_PROSE:
        markdown = re.sub(pattern, " ", markdown, flags=re.DOTALL | re.MULTILINE)
    return markdown


def sections(path):
    """Name → (prose, numbers that its cells computed or its formulas hold, names of the sections it links to)."""
    found, name = {"": ["", ""]}, ""
    for cell in nbformat.read(path, as_version=4).cells:
        if cell.cell_type == "markdown":
            first, *named = re.split(r"<!--\s*section:\s*(\S+)\s*-->", cell.source)
            found[name][0] += "\n" + first
            found |= {name: [text, ""] for name, text in zip(named[::2], named[1::2])}
            name = next(reversed(found))
        else:
            outputs = [o.get("text") or o.get("data", {}).get("text/plain", "") for o in cell.outputs]
            found[name][1] += "\n".join(["", *outputs, cell.source.replace("_", "")])
    return {
        name: (
            prose(markdown),
            numbers(computed) | numbers(" ".join(map(" ".join, FORMULA.findall(markdown)))),
            set(re.findall(r"\]\(#([\w-]+)\)", markdown)) & found.keys(),
        )
        for name, (markdown, computed) in found.items()
    }


def allowed(found, name):
    _, known, linked = found[name]
    return FREE.union(known, *(found[other][1] for other in linked))


@pytest.mark.parametrize("path", NOTEBOOKS)
def test_numbers_in_prose_were_computed(path):
    found = sections(path)
    untied = {name: sorted(numbers(text) - allowed(found, name)) for name, (text, _, _) in found.items()}
    assert not {name: loose for name, loose in untied.items() if loose}


@pytest.mark.parametrize("path", NOTEBOOKS)
def test_a_changed_digit_is_noticed(path):
    """Change one digit of every number in turn; a few land on another number of the section, nine in ten are seen."""
    found, seen = sections(path), []
    for name, (text, _, _) in found.items():
        for match in NUMBER.finditer(text):
            for place, digit in enumerate(match[0]):
                if digit.isdigit() and canonical(match[0]) not in FREE:
                    changed = match[0][:place] + str((int(digit) + 3) % 10) + match[0][place + 1 :]
                    seen.append(canonical(changed) not in allowed(found, name))
    assert seen and sum(seen) >= 0.9 * len(seen)


def test_both_editions_write_the_same_numbers():
    for ours, theirs in zip(*(edition.notebooks for edition in EDITIONS[:2])):
        for (name, (mine, *_)), (yours, *_) in zip(sections(ours).items(), sections(theirs).values()):
            assert numbers(mine) - FREE == numbers(yours) - FREE, f"{ours.stem}, section {name!r}"

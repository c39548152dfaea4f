"""The rule that ties numbers in prose to cells notices what it must."""

import pytest
from winit_book.building.editions import read_editions
from winit_book.check.numbers import FREE, NUMBER, allowed, canonical, numbers, prose, sections
from winit_book.check.page import read_pages
from winit_book.paths import ROOT

CHAPTERS = [page for page in read_pages(read_editions(ROOT)) if page.notebook and page.name in page.pages]


@pytest.mark.parametrize("page", CHAPTERS, ids=lambda page: f"{page.edition.language}-{page.name}")
def test_a_changed_digit_is_noticed(page):
    """Change one digit of every number in turn; seven in eight are seen, the others land on another number."""
    found, seen = sections(page), []
    for name, section in found.items():
        known = allowed(found, name)
        for match in NUMBER.finditer("\n".join(section.prose.values())):
            for place, digit in enumerate(match[0]):
                if digit.isdigit() and canonical(match[0]) not in FREE:
                    changed = match[0][:place] + str((int(digit) + 3) % 10) + match[0][place + 1 :]
                    seen.append(canonical(changed) not in known)
    assert seen and sum(seen) >= 7 / 8 * len(seen)


@pytest.mark.parametrize(
    "markdown, found",
    [
        ("reach 99.7 of 10,000 at 1e-05", {"99.7", "10000", "1e-05"}),
        ("in 2010, chapter 03, 12 minutes, “72”, `n=3`, $5$, [x](#a-7)", set()),
        ("2015년에 03장에서 가정 2와 3을 12분", set()),
        ("1. one\n2. two of 7", {"7"}),
    ],
)
def test_which_numbers_are_prose(markdown, found):
    assert numbers(prose(markdown)) == found

"""The built site: where it lies, its editions and their pages."""

import gc
import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from winit_book.building.editions import read_editions
from winit_book.paths import ROOT

SITE = ROOT / "_build" / "html"
EDITIONS = tuple(edition.language for edition in read_editions(ROOT))


def pages(edition: str) -> list[str]:
    """Every page of an edition, as a path below the site."""
    return sorted(path.relative_to(SITE).as_posix() for path in (SITE / edition).glob("*.html"))


def in_turn(things: Iterable, ways: Iterable, turn: int) -> list[tuple]:
    """Each thing with one of the ways, which take turns; the other turns have the rest."""
    ways = list(ways)
    return [(thing, ways[(number + turn) % len(ways)]) for number, thing in enumerate(things)]


def pages_in_turn(turn: int) -> list[str]:
    """Every page once, in one of its editions."""
    of_all = zip(*map(pages, EDITIONS), strict=True)
    return [page[edition] for page, edition in in_turn(of_all, range(len(EDITIONS)), turn)]


def either(*ways: object) -> list:
    """Ways to meet what must be the same on all of them: `make test` goes the first, `make slow` the others."""
    values = [way if isinstance(way, tuple) else (way,) for way in ways]
    return [pytest.param(*value, marks=[pytest.mark.slow] if place else []) for place, value in enumerate(values)]


def parse(html: str) -> BeautifulSoup:
    """A tree is all cycles: to look for garbage in it while it grows takes as long as to parse it."""
    gc.disable()
    try:
        return BeautifulSoup(html, "html.parser")
    finally:
        gc.enable()


def soup(path: str | Path) -> BeautifulSoup:
    """A page below the site, or of a small book by its whole path: parsed once, to be read and left as it is.

    Code has no colours in it, which are half of a page.
    """
    return _parsed(SITE / path)


CODE, COLOUR = re.compile(r"<pre\b.*?</pre>", re.DOTALL), re.compile(r"<span\b[^>]*>|</span>")


@cache
def _parsed(path: Path) -> BeautifulSoup:
    page = parse(CODE.sub(lambda code: COLOUR.sub("", code[0]), path.read_text("utf8")))
    gc.freeze()  # it stays
    return page

"""The built site: where it lies, its editions and their pages."""

from functools import cache
from pathlib import Path

from bs4 import BeautifulSoup
from winit_book.building.editions import read_editions
from winit_book.paths import ROOT

SITE = ROOT / "_build" / "html"
EDITIONS = tuple(edition.language for edition in read_editions(ROOT))


def pages(edition: str) -> list[str]:
    """Every page of an edition, as a path below the site."""
    return sorted(path.relative_to(SITE).as_posix() for path in (SITE / edition).glob("*.html"))


def soup(path: str | Path) -> BeautifulSoup:
    """A page below the site, or of a small book by its whole path: parsed once, to be read and left as it is."""
    return _parsed(SITE / path)


@cache
def _parsed(path: Path) -> BeautifulSoup:
    return BeautifulSoup(path.read_text("utf8"), "html.parser")

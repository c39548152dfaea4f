"""The built site: where it lies, its editions and their pages."""

from winit_book.building.editions import read_editions
from winit_book.paths import ROOT

SITE = ROOT / "_build" / "html"
EDITIONS = tuple(edition.language for edition in read_editions(ROOT))


def pages(edition: str) -> list[str]:
    """Every page of an edition, as a path below the site."""
    return sorted(path.relative_to(SITE).as_posix() for path in (SITE / edition).glob("*.html"))

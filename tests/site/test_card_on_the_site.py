"""The landing picture is there for readers and for those who link to the course."""

import pytest
from the_site import SITE


def test_the_card_is_small_enough_to_be_fetched(site):
    assert (SITE / "shared" / "card.png").stat().st_size < 100_000


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_the_root_page_shows_it_at_every_width(visit, dark):
    for width in (320, 390, 1280):
        with visit("index.html", width=width, dark=dark) as page:
            picture = page.locator("main img")
            assert picture.evaluate("image => image.decode().then(() => image.naturalWidth)") > 0
            assert "PyTorch" in picture.get_attribute("alt")
            assert page.evaluate("document.documentElement.scrollWidth") <= width
            assert (picture.evaluate("image => getComputedStyle(image).filter") != "none") == dark

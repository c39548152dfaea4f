"""The first page: what it is, the ways in and one slider stand above the fold; the slider says what theory says."""

import math
import re

import pytest
from matplotlib.image import imread
from the_site import EDITIONS
from winit_book.content.landing import gains
from winit_book.paths import BOOK

SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")


def said(page):
    """The factor that the page names for 50 layers, the one number with a power of ten."""
    text = page.locator("figure.signal output").inner_text()
    mantissa, power = re.search(r"([\d.]+)\s·\s10([⁰¹²³⁴⁵⁶⁷⁸⁹⁻]+)", text).groups()
    return float(mantissa) * 10.0 ** int(power.translate(SUPERSCRIPTS))


@pytest.mark.parametrize("edition", EDITIONS)
def test_above_the_fold(visit, edition):
    with visit(f"{edition}/index.html", width=1280, height=720) as page:
        for part in ("h1", ".start", "figure.signal svg", "figure.signal input", "figure.signal output"):
            box = page.locator(part).bounding_box()
            assert box["y"] + box["height"] <= 720, part


@pytest.mark.parametrize("edition", EDITIONS)
@pytest.mark.parametrize("width", [390, 1280])
def test_the_slider_and_its_buttons(visit, edition, width):
    with visit(f"{edition}/index.html", width=width) as page:
        slider, seen = page.locator("figure.signal input"), set()
        for name, gain in gains().items():
            page.get_by_role("button", name=name, exact=True).click()
            assert float(slider.input_value()) == pytest.approx(gain, abs=1e-3)
            assert page.locator("figure.signal button[aria-pressed='true']").inner_text() == name
            if gain != 1:
                assert math.log(said(page)) == pytest.approx(50 * math.log(gain), abs=0.05)
            seen.add(page.locator("figure.signal .forward .line").get_attribute("d"))
        slider.press("Home")
        seen.add(page.locator("figure.signal .forward .line").get_attribute("d"))
        assert len(seen) == len(gains()) + 1
        assert page.locator("figure.signal .dots").count() == 6  # three networks, two ways
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_without_a_script(visit):
    with visit("en/index.html", java_script_enabled=False) as page:
        assert page.locator("figure.signal img").is_visible() and page.locator("figure.signal input").is_disabled()


def test_the_picture_of_the_readme_is_the_one_that_is_drawn_now(site):
    """Up to the edges of letters: another font or Matplotlib may draw those a little differently."""
    kept, drawn = imread(BOOK / "course.png"), imread(site / "shared" / "card.png")
    assert kept.shape == drawn.shape and abs(kept - drawn).mean() < 0.01

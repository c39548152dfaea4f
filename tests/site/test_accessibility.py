"""axe-core finds nothing on any page, in either edition, light and dark, on a desktop and on a telephone."""

from pathlib import Path

import axe_playwright_python
import pytest
from the_site import EDITIONS, pages

AXE = next(Path(axe_playwright_python.__file__).parent.rglob("axe.min.js")).read_text("utf8")
WIDTHS, THEMES = (1280, 390), (False, True)
# Folds are opened. What axe would only look at again and again is taken away, which is three times as fast: the strokes
# of formulas (a reader is told their MathML), and tokens of code in a colour that stood on the same ground before.
PREPARE = """() => {
    for (const fold of document.querySelectorAll("details")) fold.open = true;
    for (const drawing of document.querySelectorAll("mjx-container > svg")) drawing.replaceChildren();
    const seen = new Set();
    for (const token of document.querySelectorAll(".highlight span[class]")) {
        const kind = `${token.className} ${token.closest("[class*=highlight-]").className}`;
        seen.has(kind) ? token.replaceWith(...token.childNodes) : seen.add(kind);
    }
}"""


def violations(page) -> list[str]:
    """What axe finds on a page."""
    page.evaluate(PREPARE)
    page.evaluate(AXE)
    found = page.evaluate("() => axe.run(document, { resultTypes: ['violations'], preload: false })")["violations"]
    return [f"{rule['id']}: {node['html'][:200]} {node['failureSummary']}" for rule in found for node in rule["nodes"]]


@pytest.mark.parametrize("dark", THEMES, ids=["light", "dark"])
@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("edition", EDITIONS)
def test_pages(tour, edition, width, dark):
    with tour(width=width, dark=dark) as go:
        found = {path: violations(go(path)) for path in ["index.html", *pages(edition)]}
    assert not {path: wrong for path, wrong in found.items() if wrong}


@pytest.mark.parametrize("dark", THEMES, ids=["light", "dark"])
@pytest.mark.parametrize("width", WIDTHS)
def test_every_form(tour, small_book, width, dark):
    with tour(base="forms", width=width, dark=dark) as go:
        for edition in EDITIONS:
            assert not violations(go(f"{edition}/01_forms.html"))


@pytest.mark.parametrize("dark", THEMES, ids=["light", "dark"])
def test_what_opens_over_a_page(tour, dark):
    with tour(width=390, dark=dark) as go:
        page = go("ko/02_fan_in_fan_out.html")
        for button in (".primary-toggle", ".secondary-toggle", ".search-button", ".dropdown-download-buttons button"):
            page.locator(button).first.click()
            assert not violations(page), button
            page.keyboard.press("Escape")


def test_a_fault_is_found(visit):
    with visit("ko/index.html") as page:
        page.evaluate("document.querySelector('h1').insertAdjacentHTML('afterend', '<img src=\"data:,\">')")
        assert "image-alt" in violations(page)[0]
    with visit("ko/02_fan_in_fan_out.html") as page:
        page.evaluate("document.querySelector('details .highlight span[class]').style.color = '#aaa'")
        assert "color-contrast" in violations(page)[0]


def test_the_keyboard_reaches_the_buttons_without_moving_the_page(visit):
    with visit("ko/02_fan_in_fan_out.html#variance") as page:
        before = page.evaluate("scrollY")
        page.focus("a.language-switch")
        assert page.evaluate("scrollY") == before > 0

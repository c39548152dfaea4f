"""A page is ready when it is seen: its colours at the first paint, what scrolls in it, what it does without.

What each page weighs and how wide it is, test_pages.py says.
"""

import itertools
import re

import pytest
from the_site import EDITIONS, pages, soup

SITE_BYTES, PAGE_BYTES = 60e6, 1e6
UNFOLD = "document.querySelectorAll('details').forEach((fold) => (fold.open = true))"


def test_no_page_and_no_site_is_large(site):
    sizes = {path: path.stat().st_size for path in site.rglob("*") if path.is_file()}
    assert sum(sizes.values()) < SITE_BYTES
    assert not {path: size for path, size in sizes.items() if path.suffix == ".html" and size >= PAGE_BYTES}


@pytest.mark.parametrize("edition", EDITIONS)
def test_nothing_of_the_themes_is_loaded_and_no_script_stands_in_the_way(edition):
    for path in pages(edition):
        page = soup(path)
        loaded = [node.get("src") or node.get("href") for node in page.select("script[src], link[rel=stylesheet]")]
        assert not [
            name for name in loaded if re.search("mathjax|tex-svg|fontawesome|bootstrap|/scripts/|/styles/", name)
        ]
        assert [name for name in loaded if name.startswith("../shared/winit.css?v=")] and len(loaded) < 25
        if not path.endswith("search.html"):
            assert all("defer" in node.attrs for node in page.head.select("script[src]")), path
        assert not page.select("mjx-container") and "\\(" not in page.main.get_text(), path


def test_the_colours_are_right_before_anything_is_painted(tour):
    """No script but that of the head has run: the page is stopped at its first element."""
    with tour(own=True) as go:
        page = go("index.html")
        page.add_init_script("""new MutationObserver((_, watch) => {
            if (!document.body) return;
            window.first = document.documentElement.dataset.theme;
            watch.disconnect();
        }).observe(document, { childList: true, subtree: true });""")
        for wish, chosen in itertools.product(("light", "dark"), (None, "light", "dark", "auto")):
            page.emulate_media(color_scheme=wish)
            page.evaluate("mode => mode ? localStorage.setItem('mode', mode) : localStorage.clear()", chosen)
            expected = chosen if chosen in ("light", "dark") else wish
            assert go("en/03_xavier.html").evaluate("window.first") == expected, (wish, chosen)


def test_the_button_goes_through_the_colours_and_they_are_remembered(visit, bases):
    with visit("en/03_xavier.html", dark=True) as page:
        theme = "document.documentElement.dataset.theme"
        seen = []
        for _ in range(3):
            page.click(".theme-switch-button")
            seen.append(page.evaluate(theme))
        assert seen == ["light", "dark", "dark"]
        page.click(".theme-switch-button")
        page.goto(f"{bases['root']}/en/04_he.html")
        assert page.evaluate(theme) == "light"
        assert page.locator(".theme-switch:visible").get_attribute("data-mode") == "light"


def test_what_is_too_wide_scrolls_and_shows_it(visit):
    with visit("en/08_regularization.html", width=320) as page:
        for selector in ("div.math > .scroll", ".math.long", ".pst-scrollable-table-container", "pre"):
            page.evaluate(UNFOLD)
            wide = page.evaluate(
                """selector => [...document.querySelectorAll(`article :is(${selector})`)]
                .filter((box) => box.scrollWidth > box.clientWidth + 1)
                .map((box) => [getComputedStyle(box).overflowX, getComputedStyle(box).backgroundAttachment])""",
                selector,
            )
            assert wide, f"{selector}: none is too wide"
            assert all(box == ["auto", "local, local, scroll, scroll, scroll"] for box in wide), selector


def test_the_number_of_an_equation_stays_where_its_formula_scrolls(visit):
    with visit("en/04_he.html", width=320) as page:
        number = page.locator("div.math:has(> .scroll) > .eqno").first
        formula = page.locator("div.math:has(> .eqno) > .scroll").first
        before = number.bounding_box()
        formula.evaluate("box => (box.scrollLeft = 1000)")
        assert number.bounding_box() == before and before["x"] + before["width"] <= 320


def test_the_frame_works(visit):
    with visit("en/03_xavier.html", width=390) as page:
        for side in ("primary", "secondary"):
            page.click(f".{side}-toggle")
            page.locator(f"dialog#pst-{side}-sidebar-modal a").first.wait_for()
            page.keyboard.press("Escape")
            assert page.evaluate("document.querySelector('dialog[open]')") is None
        page.click(".dropdown-download-buttons summary")
        assert page.locator(".dropdown-menu").is_visible()
        page.keyboard.press("Escape")
        assert not page.locator(".dropdown-menu").is_visible()
        page.click(".search-button")
        page.keyboard.type("variance")
        page.keyboard.press("Enter")
        page.wait_for_url("**/search.html?q=variance")
    with visit("en/03_xavier.html") as page:
        page.keyboard.press("Control+k")
        assert page.locator("#pst-search-dialog").is_visible()
        page.keyboard.press("Escape")
        page.click(".primary-toggle")
        page.wait_for_selector("#pst-primary-sidebar", state="hidden")
        page.click(".primary-toggle")
        page.wait_for_selector("#pst-primary-sidebar a.current", state="visible")
    with visit("en/03_xavier.html", width=1000) as page:  # a wide page has its outline in sight
        page.evaluate("scrollTo(0, 5000)")
        page.mouse.move(640, 400)  # a wheel turns what is below it
        page.mouse.wheel(0, -300)
        page.locator("#pst-back-to-top").click()
        page.wait_for_function("scrollY === 0")

"""axe-core finds nothing on any page, in either edition, light and dark, on a desktop and on a telephone."""

import os
from functools import cache

import pytest
from the_site import EDITIONS, pages
from winit_book.paths import ROOT

ALL, OF_COLOUR = None, ["color-contrast", "link-in-text-block"]  # rules; dark or light is a matter of colour alone
WIDTHS = (1280, 390)
# Folds are opened. What axe would only look at again and again is taken away: tokens of code in a colour that stood on
# the same ground before.
PREPARE = """() => {
    const plain = "<style>.bd-article * { background-image: none !important }</style>";
    document.head.insertAdjacentHTML("beforeend", plain); // shadows hide the ground from axe
    for (const fold of document.querySelectorAll("details")) fold.open = true;
    const seen = new Set();
    for (const token of document.querySelectorAll(".highlight span[class]")) {
        const kind = `${token.className} ${token.closest("[class*=highlight-]").className}`;
        seen.has(kind) ? token.replaceWith(...token.childNodes) : seen.add(kind);
    }
}"""
# Contrast is asked once for each look, of its longest text (axe excuses a single letter): a colour and a size on the
# same ground. What belongs to a control is asked one by one, because axe excuses what cannot be used.
MARK = """() => {
    const grounds = new Map([[null, ""]]), looks = new Map(), plain = "rgba(0, 0, 0, 0),none,1,none,auto,none";
    const ground = (element) => {
        if (!grounds.has(element)) {
            const { backgroundColor, backgroundImage, opacity, filter, clip, clipPath } = getComputedStyle(element);
            const own = [backgroundColor, backgroundImage, opacity, filter, clip, clipPath].join();
            grounds.set(element, ground(element.parentElement) + (own === plain ? "" : own));
        }
        return grounds.get(element);
    };
    for (const element of document.body.querySelectorAll("*")) {
        delete element.dataset.look;
        if (!element.checkVisibility({ visibilityProperty: true, opacityProperty: true })) continue;
        const letters = [...element.childNodes].reduce(
            (sum, node) => sum + (node.nodeType === Node.TEXT_NODE ? node.data.trim().length : 0), 0);
        const { color, fontSize, fontWeight, textShadow } = getComputedStyle(element);
        const look = [color, fontSize, fontWeight, textShadow, ground(element)].join();
        if (element.closest("label, button, fieldset, input, select, textarea, [inert]")) element.dataset.look = "";
        else if (letters > (looks.get(look)?.letters ?? 0)) looks.set(look, { element, letters });
    }
    for (const { element } of looks.values()) element.dataset.look = "";
    axe.configure({ rules: [{ id: "color-contrast", selector: "[data-look]" }] });
}"""
# A formula on a button is read out in words; it need not be in its name letter by letter (Understanding 2.5.3).
RUN = """async (rules) => {
    const { violations } = await axe.run(document, {
        resultTypes: ["violations"], preload: false, rules: { "label-content-name-mismatch": { enabled: !rules } },
        ...(rules && { runOnly: { type: "rule", values: rules } })
    });
    const excused = (id, { target }) =>
        id === "label-content-name-mismatch" && document.querySelector(target[0]).querySelector("math");
    return violations.flatMap(({ id, nodes }) => nodes.filter((node) => !excused(id, node))
        .map(({ html, failureSummary }) => `${id}: ${html.slice(0, 200)} ${failureSummary}`));
}"""


@cache
def axe() -> str:
    """The script of axe-core, which `package.json` names and `make site-test` fetches."""
    script = ROOT / "node_modules" / "axe-core" / "axe.min.js"
    if not script.exists():
        (pytest.fail if os.environ.get("CI") else pytest.skip)("no axe-core; with npm installed: make npm")
    return script.read_text("utf8")


def violations(page, rules=ALL) -> list[str]:
    """What axe finds on a page as it stands."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(axe())
    page.evaluate(MARK)
    return page.evaluate(RUN, rules)


def wear(page, theme):
    """Ask for a theme and wait until the page wears it: its script hears of the wish a moment later."""
    page.emulate_media(color_scheme=theme)
    page.wait_for_function("theme => [undefined, theme].includes(document.documentElement.dataset.theme)", arg=theme)


def violations_in_both_themes(page) -> list[str]:
    page.evaluate(PREPARE)
    light = violations(page)
    wear(page, "dark")
    dark = violations(page, OF_COLOUR)
    wear(page, "light")
    return light + [f"dark: {trouble}" for trouble in dark]


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("edition", EDITIONS)
def test_pages(tour, edition, width):
    with tour(width=width, reduced_motion="reduce") as go:
        found = {path: violations_in_both_themes(go(path)) for path in ["index.html", *pages(edition)]}
    assert not {path: wrong for path, wrong in found.items() if wrong}


@pytest.mark.parametrize("width", WIDTHS)
def test_every_form(tour, small_book, width):
    with tour(base="forms", width=width, reduced_motion="reduce") as go:
        for edition in EDITIONS:
            assert not violations_in_both_themes(go(f"{edition}/01_forms.html"))


def test_what_opens_over_a_page(tour):
    with tour(width=390, reduced_motion="reduce") as go:
        for button in (".primary-toggle", ".secondary-toggle", ".search-button", ".dropdown-download-buttons summary"):
            page = go("ko/02_fan_in_fan_out.html")
            page.locator(button).first.click()
            assert not violations_in_both_themes(page), button


@pytest.mark.parametrize("width", WIDTHS)
def test_what_a_search_finds(visit, width):
    with visit("ko/search.html?q=ReLU", width=width, reduced_motion="reduce") as page:
        page.locator("#search-results mark").first.wait_for()
        assert not violations_in_both_themes(page)


def test_a_fault_is_found(visit):
    with visit("ko/index.html", reduced_motion="reduce") as page:
        page.evaluate("document.querySelector('h1').insertAdjacentHTML('afterend', '<img src=\"data:,\">')")
        assert "image-alt" in violations(page)[0]
    with visit("ko/02_fan_in_fan_out.html", reduced_motion="reduce") as page:
        for color, trouble in (("#999", "color-contrast"), ("#444", "dark: color-contrast")):
            page.evaluate(
                """color => document.querySelectorAll("details .highlight span[class]")
                    .forEach((token) => (token.style.color = color))""",
                color,
            )
            found = violations_in_both_themes(page)
            assert found and all(one.startswith(trouble) for one in found), color


def test_the_keyboard_reaches_the_buttons_without_moving_the_page(visit):
    with visit("ko/02_fan_in_fan_out.html#variance") as page:
        before = page.evaluate("scrollY")
        page.focus("a.language-switch")
        assert page.evaluate("scrollY") == before > 0

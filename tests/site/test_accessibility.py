"""axe-core finds nothing on any page, in either edition, light and dark, on a desktop and on a telephone.

The pages of the course are in test_pages.py.
"""

from functools import cache

import pytest
from lacking import lacking
from the_site import EDITIONS, either
from winit_book.paths import ROOT

TELEPHONE = {"width": 390, "height": 900}
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
SAID = """(violations, excused = () => false) => violations.flatMap(({ id, nodes }) =>
        nodes.filter((node) => !excused(id, node))
            .map(({ html, failureSummary }) => `${id}: ${html.slice(0, 200)} ${failureSummary}`))"""
IN_SIGHT = "((one) => one.checkVisibility({ visibilityProperty: true, opacityProperty: true }))"
# On another width the rules are asked of what has come into sight there, and of all that scrolls there alone. A formula
# on a button is read out in words; it need not be in its name letter by letter (Understanding 2.5.3).
RUN = """async (newly) => {
    const rules = { "label-content-name-mismatch": { enabled: true } };
    for (const id of ["color-contrast", "link-in-text-block"]) rules[id] = { enabled: false };
    const scrolls = (one) => (one.scrollWidth > one.clientWidth || one.scrollHeight > one.clientHeight)
        && /auto|scroll/.test(getComputedStyle(one).overflow);
    const elements = [...document.body.querySelectorAll("*")].filter(IN_SIGHT);
    const seen = (window.seen ??= new WeakSet());
    const include = newly ? elements.filter((one) => !seen.has(one) || scrolls(one)) : [];
    if (newly && !include.length) return [];
    const options = { resultTypes: ["violations"], preload: false, rules };
    const { violations } = await axe.run(newly ? { include } : document, options);
    for (const one of elements) seen.add(one);
    const excused = (id, { target }) =>
        id === "label-content-name-mismatch" && document.querySelector(target[0]).querySelector("math");
    return (SAID)(violations, excused);
}""".replace("SAID", SAID).replace("IN_SIGHT", IN_SIGHT)
# Colours are most of axe's work. They are a matter of looks: a colour and a size on the same ground, and of a link in a
# text the words around it. Each look is asked on every page until it has passed on one, of its longest texts: axe
# excuses a single letter, and says nothing where something else lies over a text. What cannot be used is excused, too,
# and is a look of its own.
COLOURS = """async (passed) => {
    const grounds = new Map([[null, ""]]), looks = new Map(), links = new Map(), known = new Set(passed);
    const ground = (element) => {
        if (!grounds.has(element)) {
            const { backgroundColor, backgroundImage, opacity, filter, clip, clipPath } = getComputedStyle(element);
            const own = [backgroundColor, backgroundImage, opacity, filter, clip, clipPath].join();
            const plain = own === "rgba(0, 0, 0, 0),none,1,none,auto,none";
            grounds.set(element, ground(element.parentElement) + (plain ? "" : own));
        }
        return grounds.get(element);
    };
    const words = (nodes) => [...nodes].reduce((sum, { textContent }) => sum + textContent.trim().length, 0);
    const block = (element) =>
        getComputedStyle(element).display.startsWith("inline") ? block(element.parentElement) : element;
    for (const element of document.querySelectorAll("[data-look], [data-link]")) {
        delete element.dataset.look, delete element.dataset.link;
    }
    for (const element of document.body.querySelectorAll("*")) {
        const text = [...element.childNodes].filter(({ nodeType }) => nodeType === Node.TEXT_NODE);
        const field = element.matches("input[type=search], input[type=text], textarea, select");
        const letters = words(text) + field;
        const link = element.matches("a[href]");
        if (!letters && !link) continue;
        if (!IN_SIGHT(element)) continue;
        const { right, bottom } = element.getBoundingClientRect();
        if (right + scrollX <= 0 || bottom + scrollY <= 0) continue; // not in sight before it has the focus
        const { color, fontSize, fontWeight, textShadow } = getComputedStyle(element);
        const usable = !(element.closest(":disabled, [aria-disabled=true], [inert]")
            ?? element.closest("label")?.control?.matches(":disabled"));
        const large = parseFloat(fontSize) >= (fontWeight >= 700 ? 18.66 : 24);
        const look = [color, large, textShadow, usable, ground(element)].join();
        if (letters && !known.has(look)) looks.set(look, [...(looks.get(look) ?? []), { element, letters }]);
        if (!link || block(element) === element) continue;
        const linked = words(block(element).querySelectorAll("a"));
        if (words([block(element)]) - linked <= linked) continue;
        const { color: around, fontWeight: weight } = getComputedStyle(element.parentElement);
        const { textDecorationLine, borderBottom } = getComputedStyle(element);
        const other = [around, weight, fontWeight, textDecorationLine, borderBottom, look].join();
        if (!known.has(other) && !links.has(other)) links.set(other, element);
    }
    const asked = { look: [...looks.keys()], link: [...links.keys()] };
    if (!asked.look.length && !asked.link.length) return [[], []];
    [...looks.values()].forEach((all, i) => all.sort((one, other) => other.letters - one.letters).slice(0, 3)
        .forEach(({ element }) => (element.dataset.look = i)));
    [...links.values()].forEach((element, i) => (element.dataset.link = i));
    const selectors = { "color-contrast": "[data-look]", "link-in-text-block": "[data-link]" };
    axe.configure({ rules: Object.entries(selectors).map(([id, selector]) => ({ id, selector })) });
    const { violations, passes } = await axe.run(document, {
        resultTypes: ["violations", "passes"], preload: false, elementRef: true, runOnly: Object.keys(selectors) });
    const well = passes.flatMap(({ id, nodes }) => {
        const kind = id === "color-contrast" ? "look" : "link";
        return nodes.map(({ element }) => asked[kind][element.dataset[kind]]);
    });
    return [(SAID)(violations), well];
}""".replace("SAID", SAID).replace("IN_SIGHT", IN_SIGHT)
SETTLED = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"
LIGHT = "matchMedia('(prefers-color-scheme: light)').matches"
PASSED: set[str] = set()


@cache
def axe() -> str:
    """The script of axe-core, which `package.json` names and `make site-test` fetches."""
    script = ROOT / "node_modules" / "axe-core" / "axe.min.js"
    if not script.exists():
        lacking("no axe-core; with npm installed: make npm")
    return script.read_text("utf8")


def colours(page, passed=PASSED) -> list[str]:
    """What axe finds wrong with the colours of a page as it stands; `passed` are the looks that need not be asked."""
    wrong, well = page.evaluate(COLOURS, list(passed))
    passed.update(well)
    return wrong


def violations(page, passed=PASSED, newly=False) -> list[str]:
    """What axe finds on a page as it stands; `newly`, on what was not in sight when it was asked before."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(axe())
    return page.evaluate(RUN, newly) + colours(page, passed)


def wear(page, theme):
    """Ask for a theme and wait until the page wears it: its script hears of the wish a moment later."""
    page.emulate_media(color_scheme=theme)
    page.wait_for_function("theme => [undefined, theme].includes(document.documentElement.dataset.theme)", arg=theme)


def violations_in_both_themes(page, passed=PASSED) -> list[str]:
    """What axe finds in the theme the page wears, and wrong colours in the other, which it wears from now on."""
    page.evaluate(PREPARE)
    themes = ["light", "dark"] if page.evaluate(LIGHT) else ["dark", "light"]
    found = [f"{themes[0]}: {trouble}" for trouble in violations(page, passed)]
    wear(page, themes[1])
    return found + [f"{themes[1]}: {trouble}" for trouble in colours(page, passed)]


def violations_on_both_widths(page, passed=PASSED) -> list[str]:
    """What axe finds on a desktop in both themes, then on a telephone in the one that is worn: on a tour, in turn."""
    found = violations_in_both_themes(page, passed)
    page.set_viewport_size(TELEPHONE)
    page.evaluate(SETTLED)
    return found + [f"telephone, {trouble}" for trouble in violations(page, passed, newly=True)]


@pytest.mark.parametrize("edition", either(*EDITIONS))
def test_every_form(tour, small_book, edition):
    for name in ("01_forms", "04_waves", "05_line"):
        with tour(base="forms", reduced_motion="reduce") as go:
            assert not violations_on_both_widths(go(f"{edition}/{name}.html")), name


@pytest.mark.parametrize("base, path", either(("forms", "ko/03_tasks.html"), ("root", "ko/02_fan_in_fan_out.html")))
def test_what_opens_over_a_page(tour, small_book, base, path):
    with tour(base=base, width=390, reduced_motion="reduce") as go:
        for button in (".primary-toggle", ".secondary-toggle", ".search-button", ".dropdown-download-buttons summary"):
            page = go(path)
            page.locator(button).first.click()
            assert not violations_in_both_themes(page, set()), button


def test_what_a_search_finds(visit):
    with visit("ko/search.html?q=ReLU", reduced_motion="reduce") as page:
        page.locator("#search-results mark").first.wait_for()
        assert not violations_on_both_widths(page)


def test_a_fault_is_found(visit, small_book):
    options = {"base": "forms", "reduced_motion": "reduce"}
    with visit("ko/index.html", **options) as page:
        page.evaluate("document.querySelector('h1').insertAdjacentHTML('afterend', '<img src=\"data:,\">')")
        assert "image-alt" in violations(page)[0]
    with visit("ko/03_tasks.html", **options) as page:
        for color, trouble in (("#999", "light: color-contrast"), ("#444", "dark: color-contrast")):
            page.evaluate(
                """color => document.querySelectorAll("details .highlight span[class]")
                    .forEach((token) => (token.style.color = color))""",
                color,
            )
            found = violations_in_both_themes(page)
            assert found and all(one.startswith(trouble) for one in found), color
    with visit("ko/03_tasks.html", **options) as page:  # what the telephone alone shows
        page.evaluate("""() => ["aria-label", "title"].forEach((name) =>
            document.querySelector(".secondary-toggle").removeAttribute(name))""")
        wide = "<div style='overflow: auto'><p style='width: 600px; text-align: right'>Words</p></div>"
        page.evaluate("html => document.querySelector('article p').insertAdjacentHTML('afterend', html)", wide)
        found = violations_on_both_widths(page)
        assert len(found) == 2 and all(one.startswith("telephone, ") for one in found), found
        assert "button-name" in found[0] and "scrollable-region-focusable" in found[1]


def test_the_keyboard_reaches_the_buttons_without_moving_the_page(visit):
    with visit("ko/02_fan_in_fan_out.html#variance") as page:
        before = page.evaluate("scrollY")
        page.focus("a.language-switch")
        assert page.evaluate("scrollY") == before > 0

"""What a device keeps or refuses to keep, and what is typed or stands in an address: no fault, and never markup."""

import json
from urllib.parse import quote

import pytest
from the_site import either, in_turn

PAGES = (
    *("index.html", "02_fan_in_fan_out.html", "04_he.html", "search.html?q=variance", "choose.html"),
    *("misconceptions.html", "lab.html", "glossary.html"),
)
ATTACK = "<img src=x onerror=window.taken=1>"
TAKEN = "() => window.taken === 1 || document.querySelector('img[src=\"x\"]') !== null"
REFUSALS = {
    "forbidden": """Object.defineProperty(window, "localStorage", {
        get() { throw new DOMException("The operation is insecure.", "SecurityError"); }, configurable: true });""",
    "full": """Storage.prototype.setItem = () => { throw new DOMException("full", "QuotaExceededError"); };""",
    "absent": """Object.defineProperty(window, "localStorage", { value: null, configurable: true });""",
}
SPOILED = {  # another version's, another site's at this address, or a reader's own
    "winit": json.dumps(
        {
            "version": 99,
            "guesses": {"__proto__": 1, ATTACK: ATTACK},
            "answers": {"ex-gone": [ATTACK] * 9, "constructor": 3},
            "done": {"toString": True, "ex-gone": True},
            "reading": {"page": "constructor", "section": ATTACK, "code": ATTACK},
            "of the next version": {"kept": [1, 2]},
        }
    ),
    "mode": f'"><b>{ATTACK}',
    "sphinx_highlight_terms": f"{ATTACK} ( [ \\ *",
}


def use(page):
    """Click and type what a page of any kind has to offer."""
    page.locator(".theme-switch-button:visible").first.click()
    if page.locator(".exercise form.fields input").count():
        page.locator(".exercise form.fields input").first.fill("3")
        page.locator(".exercise form.fields [type=submit]").first.click()
        assert page.locator(".exercise form.fields output").first.inner_text()
    if page.locator(".guess .option").count():
        page.locator(".guess .option").first.click()
        assert page.locator(".guess .option[aria-pressed=true]").count() == 1
    if page.locator(".code-switch input").count():
        page.locator(".code-switch input").last.check(force=True)


@pytest.mark.parametrize("turn", either(*range(len(REFUSALS))))
@pytest.mark.parametrize("state", REFUSALS)
def test_every_page_works_where_nothing_is_kept(tour, state, turn):
    """The states take turns at the pages, which have one script in common for what they keep."""
    with tour(own=True) as go:
        go("en/index.html").context.add_init_script(REFUSALS[state])
        for path in (path for path, its_state in in_turn(PAGES, REFUSALS, turn) if its_state == state):
            page = go(f"ko/{path}")
            use(page)
            assert page.evaluate("document.documentElement.dataset.theme") in ("light", "dark")


def test_every_page_works_with_what_it_does_not_know_and_keeps_it(tour):
    with tour() as go:
        page = go("en/index.html")
        for key, value in SPOILED.items():
            page.evaluate("([key, value]) => localStorage.setItem(key, value)", [key, value])
        for path in PAGES:
            page = go(f"en/{path}")
            assert page.evaluate("document.documentElement.dataset.mode") in ("auto", "light", "dark")
            assert page.evaluate("document.documentElement.dataset.theme") in ("light", "dark")
            assert not page.evaluate(TAKEN), path
            use(page)
            page.evaluate("([key, value]) => localStorage.setItem(key, value)", ["mode", SPOILED["mode"]])
        kept, before = json.loads(page.evaluate("localStorage.getItem('winit')")), json.loads(SPOILED["winit"])
        for kind in ("version", "of the next version"):
            assert kept[kind] == before[kind]
        for kind in ("guesses", "answers", "done"):
            assert {name: kept[kind].get(name) for name in before[kind]} == before[kind]


NAMES = (quote(ATTACK), "%", "%E0%A4%A")
ADDRESSES = [
    f"search.html?q={quote(ATTACK)}",
    f"search.html?q={quote('weight ' + ATTACK)}&highlight={quote(ATTACK)}",
    f"02_fan_in_fan_out.html?highlight={quote(ATTACK)}&fans.kernel={quote(ATTACK)}&fans.__proto__=1#fig-fans",
    f"04_he.html?relu_depth.activation={quote(ATTACK)}&relu_depth.depth=constructor#fig-relu-depth",
    f"choose.html?layer=constructor&activation={quote(ATTACK)}&__proto__=1",
    f"lab.html?preset={quote(ATTACK)}&activation={quote(ATTACK)}&depth=1e999&width=-1&race={quote(ATTACK)}",
    "lab.html?preset=__proto__&initializer=constructor&gain=NaN&race=toString,__proto__",
]


@pytest.mark.parametrize("turn", either(*range(len(NAMES))))
def test_no_address_becomes_markup_or_an_error(tour, turn):
    named = [f"{page.partition('?')[0]}#{name}" for page, name in in_turn(PAGES, NAMES, turn)]
    with tour() as go:
        for address in [*named, *ADDRESSES]:
            page = go(f"en/{address}")
            page.evaluate("""() => document.querySelector("a.language-switch").dispatchEvent(
                new PointerEvent("pointerdown", { bubbles: true }))""")
            assert not page.evaluate(TAKEN), address


@pytest.mark.parametrize("path", ["lab.html", "misconceptions.html", "search.html", "04_he.html"])
def test_nothing_that_is_typed_becomes_markup(visit, path):
    with visit(f"en/{path}") as page:
        fields = page.locator(":is(main, .bd-search-container) :is(input, textarea):visible")
        for field in fields.all():
            if field.get_attribute("type") in (None, "text", "search"):
                field.fill(ATTACK)
                field.press("Enter")
        for submit in page.locator("form.fields [type=submit]:visible").all():
            submit.click()
        page.wait_for_timeout(250)
        assert not page.evaluate(TAKEN)
        assert path == "lab.html" or ATTACK in fields.evaluate_all("all => all.map((field) => field.value)")

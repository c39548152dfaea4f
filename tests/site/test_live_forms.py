"""Guesses, exercises, deeper sections, phrases that move a figure: by mouse, by keyboard, without script, on paper."""

import itertools
import json

import pytest
from bs4 import BeautifulSoup
from test_accessibility import violations_in_both_themes, violations_on_both_widths
from the_site import EDITIONS, either
from winit_book.building.editions import read_editions
from winit_book.offline.paper import article
from winit_book.paths import ROOT

from winit.check import exercises

CATALOGUE = {edition.language: edition.catalogue for edition in read_editions(ROOT)}
WORDS = {edition: catalogue["script"] for edition, catalogue in CATALOGUE.items()}
PAGE = "en/03_tasks.html"
STORED = "() => JSON.parse(localStorage.getItem('winit'))"
ATTACK = "<img src=x onerror=alert(1)>"
ANSWERS = [  # right, rounded, recognized, in part, too few digits, unreadable, absurd
    ("100", "200"),
    (" 100 ", "2e2"),
    ("100", "800"),
    ("400", "800"),
    ("200", "100"),
    ("100", "√40000"),
    ("100", "250"),
    ("100", ""),
    ("0", "0"),
    ("-100", "200"),
    ("1e999", "200"),
    ("nan", "inf"),
    ("10**400", "[1, 2]"),
    (ATTACK, "'; alert(1); '"),
    ("１００", "200"),
    ("9" * 60, "한글"),
]
CHOICES = [
    ("he_normal", "lecun_normal", "glorot_uniform", "zeros"),
    ("he_normal", "he_normal", "glorot_uniform", "zeros"),
    ("orthogonal", "orthogonal", "orthogonal", "orthogonal"),
]


def said(page, name):
    return page.locator(f"#{name} output").inner_text()


def judged(name, answers, edition):
    """What Python says of the same answer."""
    mark, words = exercises()[name].judge(answers)
    return f"{mark} {words[['ko', 'en'].index(edition)]}".strip()


@pytest.mark.parametrize("edition", EDITIONS)
def test_the_page_judges_as_python_does(visit, small_book, edition):
    with visit(f"{edition}/03_tasks.html", base="forms", own=True) as page:
        page.on("dialog", lambda dialog: pytest.fail(dialog.message))
        for answers in ANSWERS:
            for place, answer in enumerate(answers, 1):
                page.fill(f"#ex-fans-{place}", answer)
            page.click("#ex-fans [type=submit]")
            assert said(page, "ex-fans") == judged("grouped", answers, edition), answers
        for answers in CHOICES:
            for place, answer in enumerate(answers, 1):
                page.select_option(f"#ex-suitable-{place}", answer)
            page.click("#ex-suitable [type=submit]")
            asked = dict(zip(("relu", "selu", "tanh", "softmax"), answers))
            assert said(page, "ex-suitable") == judged("suitable", asked, edition), answers
        assert page.locator("article img[src='x']").count() == 0


def test_nothing_filled_in_is_a_symbol(visit, small_book):
    with visit(PAGE, base="forms") as page:
        page.click("#ex-fans [type=submit]")
        assert said(page, "ex-fans") == "…"
        assert page.locator("#ex-fans .done").is_hidden()
        page.fill("#ex-fans-1", "7")
        assert said(page, "ex-fans") == "", "a verdict is about the answer that was given"


@pytest.mark.parametrize("edition", EDITIONS)
def test_a_choice_opens_the_answer_and_says_what_is_right(visit, small_book, edition):
    words = WORDS[edition]
    with visit(f"{edition}/03_tasks.html", base="forms") as page:
        options = page.locator("#guess-std .option")
        answer = page.locator("#guess-std details.answer")
        assert options.count() == 3 and not answer.evaluate("fold => fold.open")
        options.nth(1).click()
        assert answer.evaluate("fold => fold.open")
        assert page.locator("#guess-std [role=status]").inner_text() == f"✗ {words['wrong']}"
        notes = [note.inner_text() for note in page.locator("#guess-std .note").all()]
        assert notes == ["", f"✗ {words['chosen']}", f"✓ {words['the_right']}"]
        assert [o.get_attribute("aria-pressed") for o in options.all()] == ["false", "true", "false"]
        options.nth(2).click()
        assert page.locator("#guess-std [role=status]").inner_text() == f"✓ {words['right']}"
        page.reload()
        notes = [note.inner_text() for note in page.locator("#guess-std .note").all()]
        assert notes == ["", "", f"✓ {words['the_right']} · {words['chosen']}"]
        assert answer.evaluate("fold => fold.open")


def test_everything_by_keyboard(visit, small_book):
    with visit(PAGE, base="forms") as page:
        page.focus("#guess-std .option")
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        assert page.locator("#guess-std .option.wrong").count() == 1
        page.focus("#ex-fans-1")
        page.keyboard.type("100")
        page.keyboard.press("Tab")
        page.keyboard.type("200")
        page.keyboard.press("Enter")
        assert said(page, "ex-fans").startswith("✓")
        page.focus("#ex-fans details.solution > summary")
        page.keyboard.press("Enter")
        assert page.locator("#ex-fans .solution pre").first.is_visible()
        page.focus("#history > details > summary")
        page.keyboard.press("Space")
        assert page.locator("#history p").first.is_visible()
        page.focus(".code-switch input:checked")
        page.keyboard.press("ArrowRight")
        assert page.locator(".cell.tag_hide-input pre").first.is_visible()
        page.locator("a.move").first.focus()
        page.keyboard.press("Enter")
        assert page.input_value("#fig-scale-std") == "2"


def test_an_essay_opens_its_rubric(visit, small_book):
    with visit("ko/03_tasks.html", base="forms") as page:
        page.click("#ex-criticize button")
        assert said(page, "ex-criticize") == "…" and page.locator("#ex-criticize .rubric li").is_hidden()
        page.fill("#ex-criticize-1", f"깊이가 빠졌습니다. {ATTACK}")
        page.click("#ex-criticize button")
        assert said(page, "ex-criticize") == WORDS["ko"]["compare"]
        assert page.locator("#ex-criticize .rubric li").is_visible()
        page.reload()
        assert page.input_value("#ex-criticize-1").endswith(ATTACK)
        assert page.locator("#ex-criticize .done").is_visible()
        assert page.locator("article img[src='x']").count() == 0


def test_the_other_edition_remembers_too_and_what_it_does_not_know_stays(tour, small_book):
    with tour(base="forms") as go:
        page = go(PAGE)
        page.evaluate("""() => localStorage.setItem('winit', JSON.stringify({
            version: 1, from: "another version", guesses: {"guess-gone": 4, "guess-std": 99},
            answers: {"ex-gone": ["1"]}, done: {"ex-gone": true},
            reading: {page: "77_gone", section: "gone", code: "gone"}}))""")
        page.reload()
        assert page.locator(".option.wrong, .option.right").count() == 0
        page.fill("#ex-fans-1", "100")
        page.fill("#ex-fans-2", "200")
        page.click("#ex-fans [type=submit]")
        page.locator("#guess-std .option").nth(2).click()
        stored = page.evaluate(STORED)
        assert stored["from"] == "another version"
        assert stored["guesses"] == {"guess-gone": 4, "guess-std": 2}
        assert stored["answers"] == {"ex-gone": ["1"], "ex-fans": ["100", "200"]}
        assert stored["done"] == {"ex-gone": True, "ex-fans": True}
        page = go("ko/03_tasks.html")
        assert page.input_value("#ex-fans-2") == "200" and page.locator("#ex-fans .done").is_visible()
        assert page.locator(".option.right .note").inner_text()


SPOILED = {
    "no JSON": "localStorage.setItem('winit', '{{')",
    "a list": "localStorage.setItem('winit', '[1]')",
    "null": "localStorage.setItem('winit', 'null')",
    "other kinds": """localStorage.setItem('winit', JSON.stringify({guesses: 3, answers: {"ex-fans": {a: 1}}, done: [],
        reading: {page: {}, section: 5, code: []}}))""",
    "other values": """localStorage.setItem('winit', JSON.stringify({guesses: {"guess-std": "constructor"}, answers:
        {"ex-fans": [1, null], "ex-suitable": ["gone"]}, done: {"ex-fans": "yes"}, reading: {page: "__proto__"}}))""",
}
REFUSED = """for (const name of NAMES) {
    const own = Storage.prototype[name];
    Storage.prototype[name] = function (key, ...rest) {
        if (key === "winit") throw new DOMException("no", "SecurityError");
        return own.call(this, key, ...rest);
    };
}"""
REFUSALS = {"forbidden": '["getItem", "setItem", "removeItem"]', "full": '["setItem"]'}


@pytest.mark.parametrize("state", [*SPOILED, *REFUSALS])
def test_a_spoiled_storage_spoils_no_page(tour, small_book, state):
    with tour(base="forms", own=state in REFUSALS) as go:
        page = go("en/index.html")
        if state in REFUSALS:
            page.context.add_init_script(REFUSED.replace("NAMES", REFUSALS[state]))
        else:
            page.evaluate(SPOILED[state])
        page = go(PAGE)
        assert page.locator("#ex-fans .done").is_hidden()
        assert page.locator("#ex-suitable select").first.input_value() == ""
        page.fill("#ex-fans-1", "100")
        page.fill("#ex-fans-2", "200")
        page.click("#ex-fans [type=submit]")
        assert said(page, "ex-fans").startswith("✓") and page.locator("#ex-fans .done").is_visible()
        page.locator("#guess-std .option").first.click()
        assert page.locator("#guess-std .option.wrong").count() == 1
        page = go("en/index.html")
        assert page.locator(".again").is_visible() == (state in SPOILED)


@pytest.mark.parametrize("edition", either(*EDITIONS))
def test_the_first_page_leads_back_and_forgets(tour, small_book, edition):
    words = CATALOGUE[edition]["again"]
    with tour(base="forms", reduced_motion="reduce", own=True) as go:
        page = go(f"{edition}/index.html")
        assert page.locator(".again").is_hidden()
        page = go(f"{edition}/03_tasks.html#tasks")
        page.fill("#ex-fans-1", "100")
        page.fill("#ex-fans-2", "200")
        page.click("#ex-fans [type=submit]")
        page.wait_for_function("JSON.parse(localStorage.getItem('winit')).reading.section === 'tasks'")
        page = go(f"{edition}/index.html")
        assert page.locator(".again .count").inner_text() == words["exercises"].format(done=1, all=3)
        assert not violations_in_both_themes(page)
        page.click(".again a")
        assert page.url.endswith(f"{edition}/03_tasks.html#tasks")
        page = go(f"{edition}/index.html")
        asked = []
        page.once("dialog", lambda dialog: (asked.append(dialog.message), dialog.dismiss()))
        page.click(".again button")
        assert asked == [words["sure"]] and page.evaluate(STORED)["done"]
        page.once("dialog", lambda dialog: dialog.accept())
        page.click(".again button")
        assert page.locator(".again").is_hidden() and page.evaluate(STORED) is None
        assert page.locator("h1").evaluate("title => title === document.activeElement")


def test_a_deeper_section_opens_for_what_leads_into_it(tour, small_book):
    with tour(base="forms") as go:
        page = go(PAGE)
        assert not page.locator("#proof > details").evaluate("fold => fold.open")
        assert page.locator("#proof h2").is_visible() and page.locator("#step h3").is_hidden()
        page.click("#page-toc a[href='#proof']")
        page.wait_for_function("document.querySelector('#proof > details').open")
        page.locator("#proof summary").click()
        assert page.locator("#step h3").is_hidden()
        page.click("#page-toc a[href='#proof']")  # the address is there already
        page.wait_for_function("document.querySelector('#proof > details').open")
        page = go("en/index.html")
        page = go(f"{PAGE}#step")
        assert page.locator("#step h3").is_visible()
        assert page.locator("#step h3").evaluate("title => title.getBoundingClientRect().top < innerHeight")
        page = go("en/index.html")
        page = go(f"{PAGE}?highlight=elephant#ex-fans")
        assert not page.locator("#proof > details").evaluate("fold => fold.open")


def test_a_phrase_moves_the_figure_where_it_stands(tour, small_book):
    with tour(base="forms") as go:
        page = go(PAGE)
        before, y = page.get_attribute("#fig-scale img", "src"), page.evaluate("scrollY")
        page.locator("a.move").first.click()
        assert page.get_attribute("#fig-scale img", "src") != before
        assert (page.input_value("#fig-scale-std"), page.input_value("#fig-scale-depth")) == ("2", "0")
        assert page.evaluate("scrollY") == y, "the figure is in sight: nothing moves"
        assert page.url.endswith("?scale.std=2&scale.depth=5#fig-scale")
        page.locator("a.move").nth(1).click()
        assert (page.input_value("#fig-scale-std"), page.input_value("#fig-scale-depth")) == ("0", "0")
        page.set_viewport_size({"width": 1280, "height": 320})
        page.evaluate("scrollTo(0, 0)")
        page.locator("a.move").first.click()
        page.wait_for_function("scrollY > 0")
        assert page.locator("#fig-scale img").evaluate(
            "picture => picture.getBoundingClientRect().top < innerHeight && picture.getBoundingClientRect().bottom > 0"
        )
        address = page.locator("a.move").first.get_attribute("href")
        page = go("en/index.html")
        page = go(f"{PAGE}{address}")
        assert page.input_value("#fig-scale-std") == "2", "in a new tab, too"


READ = """async (places) => { // at each of these heights: the section that is read, and those that the outline marks
    const found = [], frame = () => new Promise((done) => requestAnimationFrame(done));
    const links = [...document.querySelectorAll("#page-toc a")], name = (link) => link.hash.slice(1);
    for (const y of places) {
        scrollTo(0, y);
        await frame();
        await frame();
        const line = innerHeight / 3, end = document.documentElement.scrollHeight - innerHeight - scrollY;
        const above = [...document.querySelectorAll("main section section")].filter((section) =>
            section.querySelector("h2, h3").checkVisibility({ contentVisibilityAuto: true }) &&
            !section.parentElement.closest("details:not([open])") && section.getBoundingClientRect().top <= line);
        const marked = links.filter((link) => link.matches("[aria-current]")).map(name);
        found.push({ right: above.at(-1)?.id ?? null, near: end < innerHeight, marked });
    }
    return [found, links.map(name)];
}"""


@pytest.mark.parametrize("opened", [False, True])
def test_the_outline_marks_the_section_that_is_read(visit, small_book, opened):
    with visit(PAGE, base="forms") as page:
        if opened:
            page.evaluate("for (const fold of document.querySelectorAll('section.deeper > details')) fold.open = true")
        height = page.evaluate("document.documentElement.scrollHeight")
        heights = [*range(0, height - 1500, 90), *range(height - 1500, height, 20)]
        seen, order = page.evaluate(READ, heights)
        for y, found in zip(heights, seen, strict=True):
            assert found["near"] or found["marked"] == ([found["right"]] if found["right"] else []), y
        places = [place for place, _ in itertools.groupby(place for found in seen for place in found["marked"])]
        order = [name for name in order if opened or name != "step"]
        assert places == order, "each in its turn, none left out, none twice"
        for name in order:
            page.locator(f"#page-toc a[href='#{name}']").evaluate("link => link.click()")
            page.wait_for_function(f"document.querySelector('#page-toc [aria-current]')?.hash === '#{name}'")


def test_code_is_in_sight_as_the_switch_says(tour, small_book):
    with tour(base="forms") as go:
        page = go(PAGE)
        plumbing = page.locator(".cell.tag_hide-input pre").first
        key = page.locator("#guess .cell_input pre").first
        printed = page.locator("#guess .cell_output pre").first
        for choice, seen in {"all": (True, True), "none": (False, False), "key": (False, True)}.items():
            page.check(f".code-switch input[value={choice}]", force=True)
            assert (plumbing.is_visible(), key.is_visible()) == seen, choice
            assert printed.is_visible(), "outputs stay"
        page.check(".code-switch input[value=none]", force=True)
        page.wait_for_timeout(300)  # the next page may live in another process, which storage reaches a moment later
        page = go("ko/01_forms.html")
        assert page.locator(".cell_input pre").first.is_hidden()
        assert page.locator(".code-switch input[value=none]").is_checked()
        page = go(PAGE)
        page.click("#ex-fans .solution > summary")
        assert page.locator("#ex-fans .solution .cell_input pre").is_visible(), "a solution is code one asked for"


def test_a_page_without_a_script_reads_as_it_is_written(chromium, small_book):
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto((small_book / PAGE).as_uri())
    assert page.locator("#guess-std li").count() == 3 and page.locator("#guess-std button").count() == 0
    assert page.locator("#guess-std .answer summary").is_visible() and page.locator("#guess-std .answer p").is_hidden()
    assert page.locator("form.fields:visible, .code-switch:visible").count() == 0
    page.click("#ex-fans .solution > summary")
    assert page.locator("#ex-fans .solution pre").first.is_visible()
    page.click("#proof > details > summary")
    assert page.locator("#step h3").is_visible()
    assert page.locator(".cell_input pre:visible").count() > 1
    page.emulate_media(media="print")
    assert page.locator("#history p").first.is_visible(), "paper is unfolded"
    context.close()


def test_paper_has_what_folds_and_lacks_what_one_fills_in(visit, small_book):
    with visit(PAGE, base="forms", width=680) as page:
        page.evaluate("dispatchEvent(new Event('beforeprint'))")
        page.emulate_media(media="print")
        for seen in ("#proof p", "#history p", "#ex-fans .solution pre", "#guess-std .answer p"):
            assert page.locator(seen).first.is_visible(), seen
        for hidden in (".code-switch", "form.fields"):
            assert page.locator(hidden).first.is_hidden(), hidden
        page.emulate_media(media="screen")
        page.evaluate("dispatchEvent(new Event('afterprint'))")
        assert page.locator("#history p").first.is_hidden()
    bound = article(BeautifulSoup((small_book / PAGE).read_text("utf8"), "html.parser"), "03_tasks", ["03_tasks"], "")
    assert bound.find(id="03_tasks--proof").details.has_attr("open")
    assert not bound.select("form, fieldset.code-switch")


def test_a_solution_shows_what_it_printed_but_not_the_mark(small_book):
    soup = BeautifulSoup((small_book / PAGE).read_text("utf8"), "html.parser")
    assert soup.select_one("#ex-fans .solution .cell_output").get_text().strip() == "100 200"
    assert "✓" not in soup.select_one("#ex-fans .solution").get_text()
    assert not soup.select("#ex-fans .solution details"), "its fold for Jupyter is gone"
    assert "answer = None" not in soup.select_one("article").get_text()
    assert "activations" in soup.select_one("#ex-suitable > .cell").get_text(), "what else the cell gives stays"
    record = json.loads(soup.select_one("#ex-fans form script").string)
    assert record == exercises()["grouped"].as_data()


@pytest.mark.parametrize("edition, numbered", [("ko", "연습"), ("en", "Exercise")])
def test_exercises_are_numbered_by_chapter(small_book, edition, numbered):
    soup = BeautifulSoup((small_book / edition / "03_tasks.html").read_text("utf8"), "html.parser")
    titles = [
        title.get_text().replace("\N{NO-BREAK SPACE}", " ") for title in soup.select(".exercise > p:first-child strong")
    ]
    assert [title.rstrip(".").partition(":")[0] for title in titles] == [f"{numbered} 3.{n}" for n in (1, 2, 3)]
    links = [link.get_text() for link in soup.select("#tasks > p a")]
    assert links == [f"{numbered} 3.1", f"{numbered} 3.2"]


@pytest.mark.parametrize("edition", either(*EDITIONS))
def test_axe_finds_nothing_and_nothing_is_cut(visit, small_book, edition):
    with visit(f"{edition}/03_tasks.html", base="forms", reduced_motion="reduce") as page:
        page.locator("#guess-std .option").first.click()
        page.fill("#ex-fans-1", "100")
        page.click("#ex-fans [type=submit]")
        page.click("#ex-suitable [type=submit]")
        for width in (390, 320, 1280):
            page.set_viewport_size({"width": width, "height": 900})
            assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert not violations_on_both_widths(page)

"""What becomes of the forms that chapters are written in: figures, numbers, folds, boxes, wide things, paper."""

import re

import pytest
from bs4 import BeautifulSoup
from the_site import EDITIONS
from winit_book.building.editions import read_editions
from winit_book.paths import ROOT

KOREAN = next(edition.catalogue for edition in read_editions(ROOT) if edition.language == "ko")


@pytest.fixture(scope="module")
def soup(small_book):
    return lambda path: BeautifulSoup((small_book / path).read_text("utf8"), "html.parser")


def words(tag):
    return " ".join(tag.get_text().split())


@pytest.mark.parametrize("edition, word", [("ko", "그림"), ("en", "Figure")])
def test_figures_are_numbered_by_chapter(soup, edition, word):
    for number, page in enumerate(("01_forms", "02_more"), 1):
        figure = soup(f"{edition}/{page}.html").select_one("figure")
        assert figure["id"] == f"fig-{number}"
        assert figure.img["alt"] and figure.img["alt"] != figure.img["src"]
        assert words(figure.select_one(".caption-number")) == f"{word} {number}.1"
        assert not figure.select_one(".caption-text em"), "the italics were the form, not the look"
        assert not figure.find_parent(class_="cell_output")


@pytest.mark.parametrize(
    "edition, said",
    [
        ("ko", ["식 (1.1)", "정리 1.1", "그림 1.1", "그림 1.1", "그림 2.1", "이 절"]),
        ("en", ["Equation (1.1)", "Theorem 1.1", "Figure 1.1", "Figure 1.1", "Figure 2.1", "this section"]),
    ],
)
def test_links_say_the_number_unless_the_author_said_something_else(soup, edition, said):
    paragraph = next(
        p for p in soup(f"{edition}/01_forms.html").select("article p") if p.select("a[href='#exercises']")
    )
    links = [link for link in paragraph.select("a") if link.get("role") != "doc-noteref"]
    assert [words(link) for link in links] == said
    assert [link["href"] for link in links] == [
        *("#equation-eq-1", "#thm-1", "#fig-1", "#fig-1"),
        *("02_more.html#fig-2", "#exercises"),
    ]


def test_the_same_anchors_in_every_edition_and_no_id_twice(soup):
    for page in ("01_forms", "02_more"):
        found = [[tag["id"] for tag in soup(f"{e}/{page}.html").select("article [id]")] for e in EDITIONS]
        assert all(len(ids) == len(set(ids)) for ids in found)
        found = [[name for name in ids if not re.fullmatch(r"id\d+", name)] for ids in found]  # of footnotes
        assert found[0] == found[1]
        assert {f"page-{page.replace('_', '-')}", "theorem", "wide", "exercises"} < set(found[0])


@pytest.mark.parametrize(
    "edition, titles",
    [
        ("ko", ["정리 1.1 (분산의 합)", "증명", "참고", "연습 1.1 (팬인 세기)", "힌트", "풀이"]),
        (
            "en",
            ["Theorem 1.1 (Variance of a sum)", "Proof", "Note", "Exercise 1.1 (Count the fan-in)", "Hint", "Solution"],
        ),
    ],
)
def test_titles_of_boxes(soup, edition, titles):
    found = [words(title) for title in soup(f"{edition}/01_forms.html").select(".admonition-title")]
    assert found == titles


def test_what_folds_is_a_details_with_its_title_in_sight(soup):
    page = soup("ko/01_forms.html")
    folds = {words(fold.summary): fold for fold in page.select("article details")}
    assert set(folds) == {"증명", "풀이", "힌트", KOREAN["fold"]["show"] + KOREAN["fold"]["hide"]}
    assert not any(fold.has_attr("open") for fold in folds.values())
    assert folds["풀이"]["id"] == "sol-1"
    assert words(folds["풀이"]).startswith("풀이 75입니다.")
    assert folds["풀이"].select(".cell_output"), "an executed solution"
    assert not page.select(".toggle-button, button[class*=toggle-button], [data-toggle]")
    assert not page.select("script[src*=thebe], script[src*=toggle], script[src*=copybutton]")


def test_a_line_keeps_a_formula_with_what_touches_it(soup):
    glued = [words(piece) for piece in soup("ko/01_forms.html").select("article .together")]
    assert {"x2도", "vl을", ")은", "fan-in", "he_normal", "10–25"} <= set(glued)


def test_folds_open_by_keyboard_and_say_what_they_hold(visit, small_book):
    with visit("ko/01_forms.html", base="forms") as page:
        fold = page.locator("#sol-1")
        page.focus("#sol-1 > summary")
        page.keyboard.press("Enter")
        assert fold.evaluate("fold => fold.open")
        hidden = page.locator("details.hide")
        assert hidden.locator(".collapsed").is_visible() and not hidden.locator(".expanded").is_visible()
        hidden.locator("summary").click()
        assert hidden.locator(".expanded").is_visible() and not hidden.locator(".collapsed").is_visible()
        assert hidden.locator("pre").is_visible()


@pytest.mark.parametrize("width", [1280, 390])
def test_only_what_is_wide_scrolls_and_by_keyboard(visit, small_book, width):
    with visit("ko/01_forms.html", base="forms", width=width) as page:
        page.wait_for_function("document.querySelector('div.math > .scroll[tabindex]')")
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        boxes = page.locator("div.math > .scroll[tabindex='0']")
        assert boxes.count() == 1
        assert boxes.first.get_attribute("aria-label") == KOREAN["script"]["scroll"]
        left = "box => box.querySelector('math').getBoundingClientRect().left - box.getBoundingClientRect().left"
        assert abs(boxes.first.evaluate(left)) < 8, "a wide formula begins at its beginning"
        tables = page.locator(".pst-scrollable-table-container[tabindex='0']")
        assert tables.count() == (0 if width == 1280 else 1)


def test_code_is_copied_as_it_stands(visit, small_book):
    with visit("ko/02_fan_in_fan_out.html", permissions=["clipboard-read", "clipboard-write"]) as page:
        cell = page.locator(".cell_input:visible").first
        button = cell.locator("button.copy")
        assert button.inner_text() == KOREAN["script"]["copy"]
        button.click()
        page.wait_for_function("document.querySelector('button.copy.done')")
        assert button.inner_text() == KOREAN["script"]["copied"]
        assert page.evaluate("navigator.clipboard.readText()") == cell.locator("pre").inner_text().rstrip()
        assert page.locator(".cell_output button.copy").count() == 0


def test_paper_is_light_and_unfolded_but_for_the_plumbing(visit, small_book):
    with visit("ko/01_forms.html", base="forms", dark=True, width=680) as page:
        assert page.evaluate("document.documentElement.dataset.theme") == "dark"
        page.evaluate("dispatchEvent(new Event('beforeprint'))")
        page.emulate_media(media="print")
        assert page.evaluate("document.documentElement.dataset.theme") == "light"
        assert page.locator("#sol-1 p").is_visible()
        assert page.locator("article h1").is_visible()
        for hidden in (".bd-header-article", ".bd-sidebar-primary", "details.hide", ".prev-next-footer", "button.copy"):
            assert not page.locator(hidden).first.is_visible(), hidden
        page.evaluate("document.querySelector('#wide-formula .math').remove()")  # paper does not scroll
        assert page.evaluate("document.documentElement.scrollWidth") <= 680, "nothing is cut off"
        page.emulate_media(media="screen")
        page.evaluate("dispatchEvent(new Event('afterprint'))")
        assert page.evaluate("document.documentElement.dataset.theme") == "dark"
        assert not page.locator("#sol-1 p").is_visible()

"""Figures, tables of results and terms on a page: in its language, at its own size, for every hand."""

import re
from html import unescape
from pathlib import Path
from urllib.parse import unquote
from xml.etree import ElementTree

import pytest
from bs4 import BeautifulSoup
from the_site import EDITIONS, SITE, pages, soup


def words_of(svg: Path) -> list[str]:
    return ["".join(label.itertext()) for label in ElementTree.parse(svg).iter("{http://www.w3.org/2000/svg}text")]


@pytest.mark.parametrize("edition, said", [("en", {"layer ℓ", "loss"}), ("ko", {"층 ℓ", "손실"})])
def test_one_execution_gives_both_editions_their_words(small_book, edition, said):
    html = (small_book / edition / "05_line.html").read_text("utf8")
    image = BeautifulSoup(html, "html.parser").select_one("figure .drawing img")
    assert said <= set(words_of(small_book / edition / image["src"]))
    table = BeautifulSoup(html, "html.parser").select_one(".pst-scrollable-table-container > table.results")
    head = [cell.get_text() for cell in table.select("thead th")]
    assert head == {"en": ["layer", "predicted " * 12, "learns"], "ko": ["층", "예측 ", "배웁니까"]}[edition]
    assert [cell.get_text() for cell in table.select("td")] == {
        "en": ["0.5", "yes", "0.25", "no"],
        "ko": ["0.5", "예", "0.25", "아니요"],
    }[edition]


@pytest.mark.parametrize("width", [1280, 390, 320])
def test_a_drawing_and_a_table_scroll_in_their_own_boxes(small_book, visit, width):
    with visit("en/05_line.html", base="forms", width=width) as page:
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        page.wait_for_function("document.querySelector('.drawing img').complete")
        for box in (".drawing", ".pst-scrollable-table-container"):
            wide = page.locator(box).evaluate("box => box.scrollWidth > box.clientWidth + 1")
            assert wide == (width < 600 or box != ".drawing")
            assert (page.locator(box).get_attribute("tabindex") == "0") == wide
        assert page.locator(".drawing img").evaluate("image => image.naturalWidth") > 0
        assert page.locator(".drawing img").bounding_box()["width"] * 11 / 540 >= 9.5  # height of a label


@pytest.mark.parametrize("width", [1280, 390])
def test_nothing_moves_when_a_drawing_arrives(small_book, visit, width):
    with visit("en/05_line.html", base="forms", width=width) as page:
        high = "image => [image.clientHeight, (image.src = '', image.clientHeight)]"
        page.locator(".drawing img").evaluate("image => { image.alt = '' }")
        with_it, without = page.locator(".drawing img").evaluate(high)
        assert with_it > 100 and without in (with_it, 0)
        image = page.locator(".drawing img")
        assert image.get_attribute("width") and image.get_attribute("height")


@pytest.mark.parametrize("edition", EDITIONS)
def test_every_figure_of_the_course_is_sharp_and_in_the_language_of_its_page(site, edition):
    drawn, figures = 0, 0
    for path in pages(edition):
        page = soup(path)
        if Path(path).name[0].isdigit():
            figures += len(page.select("article figure:not(.explorer)"))
        for image in page.select("article img"):
            if not image["src"].startswith("_images/"):
                continue
            assert image["alt"] and image["width"] and image["height"], path
            file = SITE / edition / unquote(image["src"])
            if file.suffix == ".svg":
                drawn += 1
                labels = words_of(file)
                assert not any(re.search(r"[$\\]", label) for label in labels), path
                if edition == "ko":
                    assert not any(re.search(r"\b(layer|step|loss|width|learning)\b", label) for label in labels), path
    assert drawn == figures > 0, "none is too heavy to be drawn"


@pytest.mark.parametrize("edition", EDITIONS)
def test_a_chapter_says_how_long_it_takes(site, edition):
    for path in pages(edition):
        page = soup(path)
        lines = page.select("h1 + p.effort")
        assert len(lines) == (Path(path).name[0].isdigit()), path
        for line in lines:
            assert len(re.findall(r"\d+", unescape(line.get_text()))) >= 2

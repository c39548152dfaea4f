"""Figures, tables of results and terms on a page: in its language, at its own size, for every hand."""

import re
from html import unescape
from pathlib import Path
from urllib.parse import unquote
from xml.etree import ElementTree

import pytest
import tiny_book
import yaml
from bs4 import BeautifulSoup
from test_accessibility import violations_in_both_themes
from the_site import EDITIONS, SITE, pages, soup
from tiny_book import code, notebook, text

DRAW = """import matplotlib.pyplot as plt

import winit

winit.plotting.use_style()
fig, ax = plt.subplots(figsize=(7.5, 3))
ax.plot([1, 2], [1, 10])
ax.set(xlabel=r"layer $\\ell$", ylabel="{word}")
plt.show()"""
RESULTS = 'winit.Results(["layer", "predicted " * 12, "learns"], [["He", 0.5, True], ["tanh", 0.25, False]])'


def chapter(language, word="loss"):
    alt, caption = {"en": ("A line", "*A line.*"), "ko": ("선 하나", "*선 하나입니다.*")}[language]
    return notebook(
        text("# 무게\n\n한 문단입니다." if language == "ko" else "# A weight\n\nOne paragraph."),
        code(DRAW.format(word=word), "hide-input"),
        text(f"<!-- figure: fig-line | {alt} -->\n{caption}"),
        code(RESULTS),
    )


def write(folder):
    tiny_book.write(folder, {e: {"index": "# A\n\nB.\n", "01_line": chapter(e)} for e in ("en", "ko")})
    path = folder / "book" / "catalogue" / "ko.yml"
    catalogue = yaml.safe_load(path.read_text("utf8"))
    catalogue["words"] |= {" ".join(["predicted"] * 12): "예측", "learns": "배웁니까"}
    path.write_text(yaml.safe_dump(catalogue, allow_unicode=True), "utf8")


@pytest.fixture(scope="module")
def book(built, bases):
    folder, result = built("drawings", write)
    assert result.returncode == 0, result.stdout[-3000:]
    bases["drawings"] = (folder / "_build" / "html").as_uri()
    return folder


def words_of(svg: Path) -> list[str]:
    return ["".join(label.itertext()) for label in ElementTree.parse(svg).iter("{http://www.w3.org/2000/svg}text")]


@pytest.mark.parametrize("edition, said", [("en", {"layer ℓ", "loss"}), ("ko", {"층 ℓ", "손실"})])
def test_one_execution_gives_both_editions_their_words(book, edition, said):
    html = (book / "_build" / "html" / edition / "01_line.html").read_text("utf8")
    image = BeautifulSoup(html, "html.parser").select_one("figure .drawing img")
    assert said <= set(words_of(book / "_build" / "html" / edition / image["src"]))
    table = BeautifulSoup(html, "html.parser").select_one(".pst-scrollable-table-container > table.results")
    head = [cell.get_text() for cell in table.select("thead th")]
    assert head == {"en": ["layer", "predicted " * 12, "learns"], "ko": ["층", "예측 ", "배웁니까"]}[edition]
    assert [cell.get_text() for cell in table.select("td")] == {
        "en": ["0.5", "yes", "0.25", "no"],
        "ko": ["0.5", "예", "0.25", "아니요"],
    }[edition]


@pytest.mark.parametrize("width", [1280, 390, 320])
def test_a_drawing_and_a_table_scroll_in_their_own_boxes(book, visit, width):
    with visit("en/01_line.html", base="drawings", width=width) as page:
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        page.wait_for_function("document.querySelector('.drawing img').complete")
        for box in (".drawing", ".pst-scrollable-table-container"):
            wide = page.locator(box).evaluate("box => box.scrollWidth > box.clientWidth + 1")
            assert wide == (width < 600 or box != ".drawing")
            assert (page.locator(box).get_attribute("tabindex") == "0") == wide
        assert page.locator(".drawing img").evaluate("image => image.naturalWidth") > 0
        assert page.locator(".drawing img").bounding_box()["width"] * 11 / 540 >= 9.5  # height of a label


@pytest.mark.parametrize("width", [1280, 390])
def test_nothing_moves_when_a_drawing_arrives(book, visit, width):
    with visit("en/01_line.html", base="drawings", width=width) as page:
        high = "image => [image.clientHeight, (image.src = '', image.clientHeight)]"
        page.locator(".drawing img").evaluate("image => { image.alt = '' }")
        with_it, without = page.locator(".drawing img").evaluate(high)
        assert with_it > 100 and without in (with_it, 0)
        image = page.locator(".drawing img")
        assert image.get_attribute("width") and image.get_attribute("height")


def test_the_book_is_accessible(book, visit):
    for width in (1280, 390):
        with visit("ko/01_line.html", base="drawings", width=width, reduced_motion="reduce") as page:
            assert violations_in_both_themes(page) == []


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

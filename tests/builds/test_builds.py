"""Builds of a tiny book: a third edition, a GitHub remote, and builds that must fail and leave the old site alone."""

import re
from xml.etree import ElementTree

import nbformat
import numpy as np
import pytest
import tiny_book
import yaml
from bs4 import BeautifulSoup
from test_language import english
from tiny_book import code, notebook, text

WORDS = {"ko": "# 제목\n\n한 문단입니다.\n"}  # the other editions speak English


def page_in(language):
    return WORDS.get(language, "# Title\n\nOne paragraph.\n")


def chapter(language, *cells):
    return notebook(text(page_in(language)), code("import winit\n\nwinit.fans((3, 2))"), *cells)


def pages(language, *cells):
    return {"index": page_in(language), "01_a": chapter(language, *cells)}


def write_three_editions(folder):
    book = tiny_book.write(folder, {language: pages(language) for language in ("ko", "en")})
    for name, content in pages("de").items():
        target = book / "chapters" / "de"
        target.mkdir(exist_ok=True)
        source = book / "chapters" / "en" / f"{name}.{'md' if isinstance(content, str) else 'ipynb'}"
        (target / source.name).write_bytes(source.read_bytes())
    catalogue = yaml.safe_load((book / "book/catalogue/en.yml").read_text("utf8"))
    catalogue |= {"name": "Deutsch", "locale": "de_DE", "read": "Auf Deutsch lesen"}
    (book / "book/catalogue/de.yml").write_text(yaml.safe_dump(catalogue), "utf8")
    tiny_book.write_toc(book, {language: ["index", "01_a"] for language in ("ko", "en", "de")})
    tiny_book.publish(book, "git@github.com:some-one/course.git")
    return book


@pytest.fixture(scope="module")
def three_editions(tmp_path_factory):
    """A German edition is one folder, one catalogue and one part of the toc; `origin` is on GitHub."""
    book = write_three_editions(tmp_path_factory.mktemp("three"))
    return book, tiny_book.build(book)


def page(book, path):
    return BeautifulSoup((book / "_build/html" / path).read_text("utf8"), "html.parser")


def test_a_third_edition(three_editions):
    book, result = three_editions
    assert result.returncode == 0, result.stdout
    assert result.stdout.count("executed chapters/") == 1, "the editions share one execution"
    german = page(book, "de/01_a.html")
    assert german.html["lang"] == "de"
    assert {link["hreflang"]: link["href"] for link in german.select("a[hreflang]")} == {
        "ko": "../ko/01_a.html",
        "en": "../en/01_a.html",
    }
    assert "Fans(fan_in=3, fan_out=2)" in german.get_text()
    assert page(book, "index.html").select_one("section[lang=de] a").get_text() == "Auf Deutsch lesen"


def test_launch_and_edit_links_follow_the_remote(three_editions):
    links = [link["href"] for link in page(three_editions[0], "de/01_a.html").select("a[href]")]
    for address in (
        "https://mybinder.org/v2/gh/some-one/course/launch?urlpath=lab/tree/chapters/de/01_a.ipynb",
        "https://colab.research.google.com/github/some-one/course/blob/launch/chapters/de/01_a.ipynb",
        "https://github.com/some-one/course/edit/main/chapters/de/01_a.ipynb",
    ):
        assert address in links
    pictures = [tag["content"] for tag in page(three_editions[0], "de/01_a.html").select("meta[property='og:image']")]
    assert pictures == ["https://some-one.github.io/course/shared/card.png"]


def test_buttons_of_a_repository_are_korean_on_a_korean_page(three_editions):
    for name in ("index", "01_a"):
        html = (three_editions[0] / f"_build/html/ko/{name}.html").read_text("utf8")
        assert not english(html), name
        if name == "01_a":
            assert "mybinder.org" in html and "colab.research.google.com" in html and "/edit/main/" in html
        else:
            assert "git clone https://github.com/some-one/course" in html and "mybinder.org" in html


def test_search_engines_learn_of_every_page(three_editions):
    tree = ElementTree.parse(three_editions[0] / "_build/html/sitemap.xml")
    urls = [[child.text or child.get("href") for child in url] for url in tree.getroot()]
    expected = {
        f"https://some-one.github.io/course/{language}/{name}.html"
        for language in ("ko", "en", "de")
        for name in ("index", "01_a")
    }
    assert len(urls) == len(expected) and {url for url, *_ in urls} == expected
    assert all(url in others and len(others) == 3 for url, *others in urls)


def test_who_is_lost_finds_every_edition(three_editions):
    links = [a["href"] for a in page(three_editions[0], "404.html").select("a")]
    assert links == [f"https://some-one.github.io/course/{language}/index.html" for language in ("ko", "en", "de")]


def test_a_chapter_says_when_it_ran_and_with_what(three_editions):
    words = page(three_editions[0], "en/01_a.html").select_one("article .executed").get_text()
    assert re.fullmatch(rf"Last executed on 20\d\d-\d\d-\d\d with Python .*NumPy {np.__version__},.*", words)
    assert not page(three_editions[0], "en/index.html").select(".executed")


@pytest.fixture
def old_site(tmp_path):
    book = tiny_book.write(tmp_path, {language: pages(language) for language in ("en", "ko")})
    (book / "_build/html").mkdir(parents=True)
    (book / "_build/html/index.html").write_text("the old site", "utf8")
    return book


def fails_and_leaves_the_old_site(book):
    result = tiny_book.build(book)
    assert result.returncode != 0
    assert (book / "_build/html/index.html").read_text("utf8") == "the old site"
    assert len(result.stdout.split("\nwinit: ")[-1].strip().splitlines()) == 1, "one clear line, the last one"
    return result.stdout


def test_a_cell_that_raises_fails_the_build_and_is_named(old_site):
    for language in ("en", "ko"):
        nbformat.write(chapter(language, code("1 / 0")), old_site / "chapters" / language / "01_a.ipynb")
    output = fails_and_leaves_the_old_site(old_site)
    assert "winit: chapters/en/01_a.ipynb, cell 3 raised ZeroDivisionError: division by zero" in output


def read(output):
    """What a build says of the pages it read, by edition."""
    return dict(re.findall(r"^\[(..)\] reading: (.*)", output, re.MULTILINE))


def test_a_warning_fails_the_build_every_time(old_site):
    """The last lines say where; another try reads the pages that warned, and keeps the others."""
    (old_site / "chapters/ko/index.md").write_text("# 제목\n\n[없는 곳](nowhere.md)\n", "utf8")
    wrong = text("Words.\n\n## No name\n\n[No](#no)")
    drawn, sound = (
        code('from PIL import Image\n\nImage.new("L", (9, 9))'),
        text("<!-- figure: fig-a | A square -->\n*A.*"),
    )
    nbformat.write(notebook(text("# A"), drawn, wrong), old_site / "chapters/ko/01_a.ipynb")
    nbformat.write(notebook(text("# A"), drawn, sound), old_site / "chapters/en/01_a.ipynb")
    for editions in ("ko en", "ko"):
        output = fails_and_leaves_the_old_site(old_site)
        assert output.strip().splitlines()[-5:] == [
            "chapters/ko/01_a.ipynb, cell 3, line 3: no “<!-- section: name -->” before the heading “No name”",
            "chapters/ko/01_a.ipynb, cell 2, line 1: an image without “<!-- figure: id | alt text -->” and a caption "
            "after its cell",
            "chapters/ko/01_a.ipynb, cell 3, line 5: 'myst' cross-reference target not found: 'no' [myst.xref_missing]",
            "chapters/ko/index.md, line 3: 'myst' cross-reference target not found: 'nowhere.md' [myst.xref_missing]",
            "winit: the edition ko failed; the old site stands",
        ]
        assert read(output) == dict.fromkeys(editions.split(), "01_a, index")

    nbformat.write(notebook(text("# A"), drawn, sound), old_site / "chapters/ko/01_a.ipynb")
    output = fails_and_leaves_the_old_site(old_site)
    assert output.count("cross-reference target") == 2 and "nowhere.md" in output.strip().splitlines()[-2]
    assert read(output) == {"ko": "01_a, index"}, "the page that warned and was not touched, too"
    (old_site / "chapters/ko/index.md").write_text("# 제목\n\n문장.\n", "utf8")
    assert tiny_book.build(old_site).returncode == 0
    assert "없는 곳" not in (old_site / "_build/html/ko/index.html").read_text("utf8")


def test_editions_with_other_code_are_refused_before_anything_runs(old_site):
    nbformat.write(chapter("ko", code("1 / 0")), old_site / "chapters/ko/01_a.ipynb")
    nbformat.write(chapter("en", code("1 / 1")), old_site / "chapters/en/01_a.ipynb")
    output = fails_and_leaves_the_old_site(old_site)
    last = output.strip().splitlines()[-1]
    assert last.startswith(
        "winit: chapters/ko/01_a.ipynb, cell 3: its code differs from chapters/en/01_a.ipynb; pass FROM"
    )
    assert "executing" not in output and not (old_site / "_build/.cache").exists()


def test_a_missing_chapter_fails_the_build_with_one_line(old_site):
    tiny_book.write_toc(old_site, {"en": ["index", "01_a"], "ko": ["index"]})
    output = fails_and_leaves_the_old_site(old_site)
    assert output.strip().splitlines()[-1].startswith("winit: _toc.yml: chapters/ko/01_a is missing")

"""What a build makes again, and what it leaves: a tiny book, built once, then changed in one way after the other."""

import os
import re
import shutil
import sys
from pathlib import Path

import pytest
import tiny_book
from tiny_book import code, notebook, text

WORDS = "One paragraph, and [a link to the other](index.md)."
PAGES = ["01_a", "02_b", "index"]


def pages(language):
    first = notebook(text(f"# {language} 1\n\n{WORDS}"), code("import winit\n\nwinit.fans((3, 2))"))
    return {"index": f"# {language}\n\nThe first page.\n", "01_a": first, "02_b": f"# {language} 2\n\n{WORDS}\n"}


@pytest.fixture(scope="module")
def book(tmp_path_factory):
    folder = tiny_book.write(tmp_path_factory.mktemp("made"), {language: pages(language) for language in ("en", "ko")})
    assert "executed chapters/en/01_a.ipynb" in output(folder)
    return folder


def output(book, *command):
    result = tiny_book.build(book, *command)
    assert result.returncode == 0, result.stdout
    return result.stdout


def made(book):
    """Build; the pages that were read and those that were written, `en reading`, `ko written`."""
    done = re.findall(r"^\[(..)\] (\w+): (.*)", output(book), re.MULTILINE)
    return {f"{edition} {what}": sorted(pages.split(", ")) for edition, what, pages in done}


def change(path, old, new):
    before = path.read_text("utf8")
    assert old in before
    path.write_text(before.replace(old, new, 1), "utf8")


def page(book, path):
    return (book / "_build/html" / path).read_text("utf8")


def test_what_is_only_touched_has_not_changed(book):
    site = {path: path.stat().st_mtime_ns for path in (book / "_build/html").rglob("*")}
    for folder in ("chapters", "book", "winit"):
        for path in (book / folder).rglob("*"):
            os.utime(path)
    assert output(book) == "nothing has changed since _build/html was made\n"
    assert {path: path.stat().st_mtime_ns for path in (book / "_build/html").rglob("*")} == site


def test_other_words_change_one_page(book):
    source, other = book / "chapters/ko/01_a.ipynb", page(book, "ko/02_b.html")
    change(source, "and [a link", "or [a link")
    os.utime(source, (0, 0))  # as a file that comes back from elsewhere
    assert made(book) == {"ko reading": ["01_a"], "ko written": ["01_a", "index"]}  # the root of a toc always is
    assert "or <a" in page(book, "ko/01_a.html") and page(book, "ko/02_b.html") == other
    assert "or a link" in page(book, "ko/search-index.js")


def test_what_other_pages_say_of_one_changes_them_all(book):
    change(book / "chapters/en/02_b.md", "# en 2", "# Another title")
    assert made(book) == {"en reading": ["02_b"], "en written": PAGES}
    assert "Another title" in page(book, "en/01_a.html")


def test_what_is_missing_or_changed_by_hand_is_put_right(book):
    paths = ("en/01_a.html", "shared/winit.css", "ko/_static/winit.js")
    before = [page(book, path) for path in paths]
    for path in paths:
        (book / "_build/html" / path).write_text("by hand", "utf8")
    (book / "_build/html" / paths[0]).unlink()
    (book / "_build/html/by-hand.html").touch()
    assert made(book) == {}
    assert [page(book, path) for path in paths] == before
    assert not (book / "_build/html/by-hand.html").exists()


def test_a_page_that_waits_for_the_site_is_made_again_when_it_is_missing(book):
    before = page(book, "en/01_a.html")
    (book / "_build/.stage/en/html/01_a.html").unlink()
    change(book / "book/shared/root.css", "{", "{ ")  # or nobody would ask
    assert made(book) == {"en written": PAGES}
    assert page(book, "en/01_a.html") == before


def test_a_style_changes_the_sheet_alone(book):
    change(book / "book/styles/boxes.css", "}", "}\nmain { --new: 1; top: var(--new); }")
    assert made(book) == {}
    assert "--new" in page(book, "shared/winit.css")


def test_a_template_changes_all_pages_and_nothing_is_read_for_it(book):
    change(book / "book/templates/sidebar.html", "<nav ", "<nav data-new ")
    assert made(book) == {"en written": PAGES, "ko written": PAGES}
    for path in ("en/index.html", "ko/02_b.html", "ko/search.html"):
        assert "<nav data-new" in page(book, path)


def test_winit_changes_what_is_executed_and_read(book):
    with (book / "winit/lookup.py").open("a", encoding="utf8") as module:
        module.write("# changed\n")
    told = output(book)
    assert "executing chapters/en/01_a.ipynb (1 of 1)" in told and "[en] reading: 01_a, 02_b, index" in told


def test_the_plain_command_of_jupyter_book_makes_the_same_site(book, tmp_path):
    copy = shutil.copytree(book, tmp_path / "copy", ignore=shutil.ignore_patterns("html", ".html.json", ".stage"))
    output(copy, str(Path(sys.executable).with_name("jupyter-book")), "build", ".")
    site = {path.relative_to(book): path.read_bytes() for path in (book / "_build/html").rglob("*.*") if path.is_file()}
    assert {path: (copy / path).read_bytes() for path in site} == site

"""The editions are the same chapters in other words; a book that is not is refused with one line."""

import shutil

import pytest
import tiny_book
import yaml
from winit_book.building.editions import read_editions
from winit_book.paths import ROOT

from winit import ACTIVATIONS, INITIALIZERS


def test_editions_list_the_same_files():
    reference, *others = read_editions(ROOT)
    assert {edition.language for edition in (reference, *others)} >= {"ko", "en"}
    for other in others:
        assert [path.name for path in other.sources] == [path.name for path in reference.sources]


@pytest.fixture
def book(tmp_path):
    page = "# Title\n\nWords.\n"
    return tiny_book.write(tmp_path, {"en": {"index": page, "01_a": page}, "ko": {"index": page, "01_a": page}})


def refusal(book):
    with pytest.raises(SystemExit) as stopped:
        read_editions(book)
    message = str(stopped.value).strip()
    assert "\n" not in message
    return message


def test_a_sound_book_is_read(book):
    assert [edition.pages for edition in read_editions(book)] == [("index", "01_a"), ("index", "01_a")]


def test_a_chapter_listed_in_one_edition_only(book):
    tiny_book.write_toc(book, {"en": ["index", "01_a"], "ko": ["index"]})
    assert "_toc.yml: chapters/ko/01_a is missing" in refusal(book)
    tiny_book.write_toc(book, {"en": ["index"], "ko": ["index", "01_a"]})
    assert "_toc.yml: chapters/en/01_a is missing" in refusal(book)


def test_a_chapter_listed_without_a_file(book):
    (book / "chapters" / "ko" / "01_a.md").unlink()
    assert "chapters/ko/01_a" in refusal(book)


def test_a_file_that_is_not_listed(book):
    shutil.copy(book / "chapters" / "ko" / "01_a.md", book / "chapters" / "ko" / "02_b.md")
    assert "chapters/ko/02_b.md is not listed" in refusal(book)


def test_a_different_order(book):
    for language in ("en", "ko"):
        shutil.copy(book / "chapters" / language / "01_a.md", book / "chapters" / language / "02_b.md")
    tiny_book.write_toc(book, {"en": ["index", "01_a", "02_b"], "ko": ["index", "02_b", "01_a"]})
    assert "different order" in refusal(book)


def test_an_unknown_edition(book):
    shutil.copytree(book / "chapters" / "ko", book / "chapters" / "kp")
    tiny_book.write_toc(book, {"en": ["index", "01_a"], "kp": ["index", "01_a"]})
    known = ", ".join(sorted(edition.language for edition in read_editions(ROOT)))
    assert f"unknown edition 'kp': no book/catalogue/kp.yml; there are {known}" in refusal(book)


def test_a_missing_translation(book):
    path = book / "book" / "catalogue" / "ko.yml"
    catalogue = yaml.safe_load(path.read_text("utf8"))
    del catalogue["read"]
    path.write_text(yaml.safe_dump(catalogue), "utf8")
    assert "book/catalogue/ko.yml: no translation for 'read'" in refusal(book)


def test_a_part_of_two_folders(book):
    toc = yaml.safe_load((book / "_toc.yml").read_text("utf8"))
    toc["parts"][1]["chapters"][0]["file"] = "chapters/en/index"
    (book / "_toc.yml").write_text(yaml.safe_dump(toc), "utf8")
    assert refusal(book).startswith("winit: _toc.yml: the part")


def test_parts(book):
    toc = yaml.safe_load((book / "_toc.yml").read_text("utf8"))
    for part in list(toc["parts"]):
        *first, last = part["chapters"]
        toc["parts"].append({"caption": part["caption"] + " 2", "chapters": [last]})
        part["chapters"] = first
    (book / "_toc.yml").write_text(yaml.safe_dump(toc, allow_unicode=True), "utf8")
    edition = read_editions(book)[0]
    assert edition.parts == (("Chapters 2", ("01_a",)),)
    assert [part["caption"] for part in edition.toc()["parts"]] == ["Chapters 2"]

    moved = toc["parts"].pop()
    toc["parts"][1]["chapters"] += moved["chapters"]
    (book / "_toc.yml").write_text(yaml.safe_dump(toc, allow_unicode=True), "utf8")
    assert "end with different pages" in refusal(book)


def test_every_row_that_a_menu_offers_has_a_name_in_words():
    for edition in read_editions(ROOT):
        names = edition.catalogue["names"]
        assert [*names] == [*ACTIVATIONS, *INITIALIZERS]
        assert not [name for name in names.values() if "_" in str(name)]

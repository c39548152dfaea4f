"""The editions are the same chapters in other words; a book that is not is refused with one line."""

import re
import shutil

import nbformat
import pytest
import tiny_book
import yaml
from page_sources import markdown
from winit_book.building.editions import read_editions
from winit_book.paths import ROOT

EDITIONS = read_editions(ROOT)
REFERENCE, *OTHERS = EDITIONS
CODE_LINES, CODE_WIDTH = 12, 80  # what a reader takes in at once, and what a page shows without scrolling


def read(path):
    return nbformat.read(path, as_version=4)


PAIRS = [
    pytest.param(ours, theirs, id=f"{other.language}-{ours.stem}")
    for other in OTHERS
    for ours, theirs in zip(REFERENCE.sources, other.sources)
    if ours.suffix == ".ipynb"
]
NOTEBOOKS = [pytest.param(path, id=f"{e.language}-{path.stem}") for e in EDITIONS for path in e.notebooks]


def names(pattern, path):
    """What the comments or formulas of a page say, in order."""
    return re.findall(pattern, markdown(path), re.DOTALL | re.MULTILINE)


def test_editions_list_the_same_files():
    assert {e.language for e in EDITIONS} >= {"ko", "en"}
    for other in OTHERS:
        assert [path.name for path in other.sources] == [path.name for path in REFERENCE.sources]


@pytest.mark.parametrize("ours, theirs", PAIRS)
def test_only_markdown_differs(ours, theirs):
    first, second = read(ours), read(theirs)
    assert first.metadata == second.metadata
    assert [(cell.id, cell.cell_type, cell.metadata) for cell in first.cells] == [
        (cell.id, cell.cell_type, cell.metadata) for cell in second.cells
    ]
    for number, (one, other) in enumerate(zip(first.cells, second.cells), 1):
        if one.cell_type == "code":
            assert one == other, f"cell {number}: the code or its outputs differ"


@pytest.mark.parametrize(
    "pattern",
    [
        r"<!--\s*section:\s*(\S+)",
        r"<!--\s*figure:\s*(\S+)\s*\|",
        r"^\$\$(.*?)\$\$",
        r"^:label:\s*(\S+)",
        r"\]\((#[^)]*)\)",
    ],
    ids=["sections", "figures", "equations", "labels", "links"],
)
def test_same_anchors_and_formulas(pattern):
    for other in OTHERS:
        for ours, theirs in zip(REFERENCE.sources, other.sources):
            assert names(pattern, ours) == names(pattern, theirs), ours.name


@pytest.mark.parametrize("path", NOTEBOOKS)
def test_a_chapter_is_executed_in_order_and_holds_no_widget_state(path):
    notebook = read(path)
    cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert [cell.execution_count for cell in cells] == list(range(1, len(cells) + 1))
    assert set(notebook.metadata) == {"kernelspec", "language_info"}


@pytest.mark.parametrize("path", NOTEBOOKS)
def test_code_cells_are_short_and_fit_the_page(path):
    for number, cell in enumerate(read(path).cells, 1):
        if cell.cell_type == "code" and not {"hide-input", "hide-cell"} & set(cell.metadata.get("tags", [])):
            lines = cell.source.splitlines()
            assert sum(bool(line.strip()) for line in lines) <= CODE_LINES, f"cell {number}"
            assert all(len(line) <= CODE_WIDTH for line in lines), f"cell {number}: {max(lines, key=len)}"


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
    known = ", ".join(sorted(edition.language for edition in EDITIONS))
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

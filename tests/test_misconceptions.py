"""The rows of book/misconceptions.yml are complete and plain, and the rule that ties them to cells can fail."""

import re
from collections import Counter
from dataclasses import replace

import pytest
from winit_book.appendices.misconceptions import KINDS, PAGE, TEXTS, read_misconceptions
from winit_book.building.editions import read_editions
from winit_book.check import rules
from winit_book.check.numbers import CELL_LINK, unconfirmed
from winit_book.check.page import Page, read_pages
from winit_book.paths import ROOT

EDITIONS = read_editions(ROOT)
PAGES = read_pages(EDITIONS)
ROWS = {row.id: row for row in read_misconceptions()}
BELIEF = re.compile(r"^(?:- )?\*\*.+?\*\*.*$", re.MULTILINE)
# stated by no chapter's own box, or easily lost from one
KEPT = """
    equal-variance variance-one unequal-fans bias-shift tanh-mean close-scales
    loss-factor signed-residual decision-boundary hinton-reasons
""".split()


def mistakes(row):
    """What the chapters of all editions do not confirm of a row."""
    return sorted({wrong for page in PAGES if page.name == row.chapter for wrong in unconfirmed(row, page)})


def places(row):
    """The sections that a row names or links to."""
    return {(row.chapter, row.section), *CELL_LINK.findall(" ".join(row.words["en"].values()))}


@pytest.mark.parametrize("row", ROWS.values(), ids=ROWS)
def test_a_row_is_complete(row):
    assert row.kind in KINDS
    assert row.values and all(isinstance(value, str) for value in row.values), "values are strings, in quotes"
    assert row.words.keys() == {edition.language for edition in EDITIONS}
    assert all(tuple(words) == TEXTS for words in row.words.values())
    assert all(re.search("[가-힣]", text) for text in row.words["ko"].values())
    assert not any(re.search("[가-힣]", text) for text in row.words["en"].values())


@pytest.mark.parametrize("row", ROWS.values(), ids=ROWS)
def test_a_row_says_it_in_its_own_words(row):
    for belief, why, truth in (words.values() for words in row.words.values()):
        assert not re.search('[“”"\n]', belief + why + truth), "nobody is quoted"
        assert not re.search(r"\b[A-G]\d{1,2}\b", belief + why + truth), "no code"
        assert not re.search(r"[.!?](\s|$)", belief), "a heading"
        assert re.findall(r"[.!?](?=\s|$)", why) == ["."] and why.endswith("."), "one sentence"
        assert truth.endswith(".")


def test_names_are_words_and_stand_once():
    names = [row.id for row in read_misconceptions()]
    assert names == list(ROWS), "a name stands twice"
    assert all(re.fullmatch(r"[a-z]{2,}(-[a-z]{2,})*", name) for name in names)
    assert not ROWS.keys() & {row.group for row in ROWS.values()}, "a group and a row have one name"


@pytest.mark.parametrize("edition", EDITIONS, ids=lambda edition: edition.language)
def test_the_page_shows_the_groups_in_the_order_of_the_source(edition):
    page = next(page for page in PAGES if page.edition == edition and page.name == PAGE)
    shown = re.findall(r"^:::\{misconceptions\} (\S+)$", page.cells[0].source, re.MULTILINE)
    assert shown == [name for _, name in page.sections] == list(dict.fromkeys(row.group for row in ROWS.values()))


@pytest.mark.parametrize(
    "page",
    [page for page in PAGES if page.name[0].isdigit()],
    ids=lambda page: f"{page.edition.language}-{page.name}",
)
def test_what_a_chapter_calls_a_misconception_has_a_row(page):
    text = "\n".join(cell.source for cell in page.markdown).partition("<!-- section: misconceptions -->")[2]
    beliefs = BELIEF.findall(text.partition("<!-- section:")[0])
    assert beliefs
    told = Counter(links[0] for links in (re.findall(r"\]\(#([\w-]+)\)", belief) for belief in beliefs) if links)
    rows = Counter(section for row in ROWS.values() for chapter, section in places(row) if chapter == page.name)
    assert not told - rows, "no row shows this section, or fewer rows than the chapter has beliefs about it"


def test_none_of_these_is_lost():
    assert set(KEPT) <= ROWS.keys()


def test_a_mistake_is_found():
    row = ROWS["own-width"]
    assert not mistakes(row)
    assert mistakes(replace(row, values=["7.82"])) != []
    assert mistakes(replace(row, values=["7.8"])) != [], "digit for digit"
    assert mistakes(replace(row, cell=f"{row.chapter}#nowhere")) == ["02_fan_in_fan_out has no section nowhere"]
    changes = {
        "truth": [("7.83", "7.82"), ("784", "785"), (".", ". [x](03_xavier.ipynb#nowhere)")],
        "why": [(".", " and 3.5."), (".", " ([He et al., 2014](bibliography.md#he2015)).")],
        "belief": [("The", "97 times the")],
    }
    for name, pairs in changes.items():
        for old, new in pairs:
            assert old in row.words["en"][name]
            words = row.words["en"] | {name: row.words["en"][name].replace(old, new)}
            assert mistakes(replace(row, words=row.words | {"en": words})), (name, new)


def test_a_link_to_a_belief_that_is_not_there_is_found(tmp_path):
    path = tmp_path / "13_next.md"
    path.write_text("# Next\n\n[one](misconceptions.md#zero-never), [none](misconceptions.md#a4)\n", "utf8")
    faults = [what for _, what, _ in rules.links(Page(EDITIONS[0], path, PAGES[0].pages))]
    assert faults == ["the link 'misconceptions.md#a4' leads to no place"]

"""The rows of book/claims.yml are complete, and the rule that confirms them by a cell (`make check`) can fail."""

import re
from dataclasses import replace

import pytest
from winit_book.appendices.claims import KINDS, read_claims
from winit_book.building.editions import read_editions
from winit_book.check.numbers import unconfirmed
from winit_book.check.page import read_pages
from winit_book.paths import ROOT

EDITIONS = read_editions(ROOT)
CLAIMS, NOTES = read_claims()


def mistakes(claim):
    """What the chapters of all editions do not confirm of a row."""
    pages = [page for page in read_pages(EDITIONS) if page.name == claim.chapter]
    return sorted({wrong for page in pages for wrong in unconfirmed(claim, page)})


@pytest.mark.parametrize("claim", CLAIMS, ids=lambda claim: claim.id)
def test_a_row_is_complete(claim):
    assert re.fullmatch(r"[A-G]\d{1,2}", claim.id)
    assert claim.kind in KINDS
    assert claim.values and all(isinstance(value, str) for value in claim.values), "values are strings, in quotes"
    assert claim.notes and set(claim.notes) <= NOTES.keys()
    assert claim.words.keys() == {edition.language for edition in EDITIONS}
    assert all("\n" not in text for words in claim.words.values() for text in words.values())
    assert all(re.search("[가-힣]", text) for text in claim.words["ko"].values())


@pytest.mark.parametrize("edition", EDITIONS, ids=lambda edition: edition.language)
def test_a_chapter_names_its_claims_or_states_them_as_misconceptions(edition):
    text = {path.stem: path.read_text("utf8") for path in edition.notebooks}
    own = {name for name, source in text.items() if "<!-- section: misconceptions -->" in source}
    named = "\n".join(text.values())
    assert not [claim.id for claim in CLAIMS if claim.chapter not in own and not re.search(rf"\b{claim.id}\b", named)]


def test_the_claims_are_in_order():
    ids = [(claim.id[0], int(claim.id[1:])) for claim in CLAIMS]
    assert ids == sorted(set(ids))


def test_a_mistake_is_found():
    claim = next(claim for claim in CLAIMS if claim.id == "B4")
    assert not mistakes(claim)
    assert mistakes(replace(claim, values=("7.82",))) != []
    assert mistakes(replace(claim, values=("7.8",))) != [], "digit for digit"
    assert mistakes(replace(claim, section="nowhere")) == ["02_fan_in_fan_out has no section nowhere"]
    truth = claim.words["en"]["truth"]
    for wrong in (truth.replace("7.83", "7.82"), truth.replace("784", "785"), truth + " [x](#nowhere)"):
        assert mistakes(replace(claim, words=claim.words | {"en": {"says": "“n”", "truth": wrong}}))

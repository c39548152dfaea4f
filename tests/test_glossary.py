"""The words of the course: complete rows, and where a chapter leads to them."""

import dataclasses
import re

import pytest
from winit_book.appendices.glossary import first_uses, places, read_terms
from winit_book.building.editions import read_editions
from winit_book.paths import ROOT

TERMS = read_terms()


def linked(text, language, seen=()):
    """The places of a text that would lead to the glossary, and the entries."""
    seen = {index for index, row in enumerate(TERMS) if row.anchor in seen}
    pieces = first_uses(text, places(TERMS, language), seen)
    assert "".join(words for words, _ in pieces) == text
    return [(words, TERMS[index].anchor) for words, index in pieces if index is not None]


@pytest.mark.parametrize("term", TERMS, ids=lambda term: term.anchor)
def test_a_row_is_complete(term):
    assert re.fullmatch(r"[a-z][a-z0-9]*(-[a-z0-9]+)*", term.anchor)
    assert term.means.keys() == {edition.language for edition in read_editions(ROOT)}
    assert re.search("[가-힣]", term.words["ko"]) and re.search("[\u4e00-\u9fff]", term.words["zh"])
    assert term.words["en"].isascii()
    assert all(text.strip().endswith((".", "다.")) for text in term.means.values())


def test_no_term_stands_twice():
    for language in ("en", "ko", "zh"):
        names = [name for term in TERMS for name in term.names(language)]
        assert len(names) == len(set(names))


@pytest.mark.parametrize(
    "text, found",
    [
        ("팬인(fan-in)과 팬아웃(fan-out)입니다.", [("팬인", "fan-in"), ("팬아웃", "fan-out")]),
        ("팬인은 아직입니다. 팬인(fan-in)입니다. 팬인(fan-in)입니다.", [("팬인", "fan-in")]),
        ("2차 모멘트(적률, second moment) $E[x^2]$", [("2차 모멘트", "second-moment")]),
        ("기울기 소실(vanishing gradient)", [("기울기 소실", "vanishing-gradient")]),
        ("확률적 경사 하강법(SGD)", [("확률적 경사 하강법", "stochastic-gradient-descent")]),
        ("밀집층(dense layer)의 층(layer)", [("층", "layer")]),
        ("팬인(유닛 하나가 더하는 수)", []),
    ],
)
def test_where_a_korean_text_introduces_a_term(text, found):
    assert linked(text, "ko") == found


@pytest.mark.parametrize(
    "text, found",
    [
        ("Fan-in forward, fan-out backward, fan-in.", [("Fan-in", "fan-in"), ("fan-out", "fan-out")]),
        ("Vanishing gradients: a gradient", [("Vanishing gradients", "vanishing-gradient"), ("gradient", "gradient")]),
        ("Invariance, covariances, non-gradient", []),
        ("Two losses, a weight and a bias", []),
        ("The RBM and rbm.py", [("RBM", "restricted-boltzmann-machine")]),
        ("epochs", [("epochs", "epoch")]),
    ],
)
def test_where_an_english_text_uses_a_term(text, found):
    assert linked(text, "en") == found


def test_another_language_links_words_as_english_does():
    term = dataclasses.replace(TERMS[0], words=TERMS[0].words | {"de": "Gewichtung"})
    assert re.findall(places([term], "de"), "Eine Gewichtung, keine Umgewichtung") == ["Gewichtung"]
    assert list(term.others("de")) == ["en", "ko", "zh-Hant"]


def test_only_the_first_use():
    assert linked("팬인(fan-in)과 팬아웃(fan-out)", "ko", seen=["fan-in"]) == [("팬아웃", "fan-out")]
    assert linked("no term", "en") == []

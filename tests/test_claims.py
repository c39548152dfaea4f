"""Every claim of book/claims.yml is confirmed by a cell: its section prints the numbers that the claim quotes."""

import re
from dataclasses import replace

import nbformat
import pytest
from test_prose import FREE, numbers, prose, sections
from winit_book.appendices.claims import KINDS, read_claims
from winit_book.building.editions import read_editions
from winit_book.paths import ROOT

EDITIONS = read_editions(ROOT)
CLAIMS, NOTES = read_claims()


def outputs(path):
    """Section → what its cells print."""
    found, name = {}, ""
    for cell in nbformat.read(path, as_version=4).cells:
        if cell.cell_type == "markdown":
            name = [name, *re.findall(r"<!--\s*section:\s*(\S+)\s*-->", cell.source)][-1]
        else:
            printed = [o.get("text") or o.get("data", {}).get("text/plain", "") for o in cell.outputs]
            found[name] = "\n".join([found.get(name, ""), *printed])
    return found


def stands_in(value, text):
    """Whether the value is in the text as it is written, and not as a part of a longer number or word."""
    return re.search(rf"(?<![\w.]){re.escape(value)}(?!\w|\.\w)", text) is not None


def mistakes(claim):
    """What is wrong with a row, in words."""
    found = []
    for edition in EDITIONS:
        words = claim.words.get(edition.language, {})
        if words.keys() != {"says", "truth"}:
            found.append(f"{edition.language}: needs says and truth, nothing else")
            continue
        if claim.chapter not in edition.pages:
            found.append(f"no chapter {claim.chapter}")
            continue
        path = edition.sources[edition.pages.index(claim.chapter)]
        known = sections(path)
        if claim.section not in known:
            found.append(f"{path.stem} has no section {claim.section}")
            continue
        printed = outputs(path).get(claim.section, "")
        found += [
            f"{value} is not printed in {claim.section}" for value in claim.values if not stands_in(value, printed)
        ]
        truth = words["truth"]
        found += [f"{edition.language}: the truth lacks {v}" for v in claim.values if not stands_in(v, plain(truth))]
        linked = {claim.section, *re.findall(r"\]\(#([\w-]+)\)", truth)}
        found += [f"{path.stem} has no section {name}" for name in linked - known.keys()]
        computed = FREE.union(*(known[name][1] for name in linked & known.keys()))
        found += [f"{edition.language}: where is {number} from?" for number in numbers(prose(truth)) - computed]
    return sorted(set(found))


def plain(text):
    """Numbers without the marks that separate their thousands, and particles apart: 31이 is 31."""
    return re.sub(r"(?<=[0-9A-Za-z])(?=[가-힣])", " ", re.sub(r"(?<=\d),(?=\d{3})", "", text))


@pytest.mark.parametrize("claim", CLAIMS, ids=lambda claim: claim.id)
def test_a_cell_confirms_it(claim):
    assert not mistakes(claim)
    assert claim.values and all(isinstance(value, str) for value in claim.values), "values are strings, in quotes"


@pytest.mark.parametrize("claim", CLAIMS, ids=lambda claim: claim.id)
def test_a_row_is_complete(claim):
    assert re.fullmatch(r"[A-G]\d{1,2}", claim.id)
    assert claim.kind in KINDS
    assert claim.notes and set(claim.notes) <= NOTES.keys()
    assert claim.words.keys() == {edition.language for edition in EDITIONS}
    assert all("\n" not in text for words in claim.words.values() for text in words.values())
    assert all(re.search("[가-힣]", text) for text in claim.words["ko"].values())


@pytest.mark.parametrize("edition", EDITIONS, ids=lambda edition: edition.language)
def test_a_reader_of_the_chapters_meets_every_claim(edition):
    text = "\n".join(path.read_text("utf8") for path in edition.notebooks)
    assert not [claim.id for claim in CLAIMS if not re.search(rf"\b{claim.id}\b", text)]


def test_the_claims_are_in_order():
    ids = [(claim.id[0], int(claim.id[1:])) for claim in CLAIMS]
    assert ids == sorted(set(ids))


def test_a_mistake_is_found():
    claim = next(claim for claim in CLAIMS if claim.id == "B4")
    assert not mistakes(claim)
    assert mistakes(replace(claim, values=("7.83",))) != []
    assert mistakes(replace(claim, values=("7.8",))) != [], "digit for digit"
    assert mistakes(replace(claim, section="nowhere")) == ["02_fan_in_fan_out has no section nowhere"]
    assert mistakes(replace(claim, chapter="77_none")) == ["no chapter 77_none"]
    truth = claim.words["en"]["truth"]
    for wrong in (truth.replace("7.81", "7.82"), truth.replace("784", "785"), truth + " [x](#nowhere)"):
        assert mistakes(replace(claim, words=claim.words | {"en": {"says": "“n”", "truth": wrong}}))

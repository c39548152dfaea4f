"""Every citation leads to an entry of references.bib, says who and when, and every entry is cited."""

import re

import pytest
from page_sources import markdown
from winit_book.appendices.bibliography import VENUES, addresses, authors, references, surname
from winit_book.building.editions import read_editions
from winit_book.paths import ROOT

ENTRIES = references()
EDITIONS = read_editions(ROOT)
CITATION = re.compile(r"\[([^\]]*)\]\(bibliography\.md#([^)]*)\)")
ARXIV = re.compile(r"\d{4}\.\d{4,5}|[a-z-]+/\d{7}")
DOI = re.compile(r"10\.\d{4,}/\S+")
CHAPTERS = 11


def citations(edition):
    """(page, words of the link, key) of every citation of an edition."""
    return [(path.stem, *found) for path in edition.sources for found in CITATION.findall(markdown(path))]


def mistakes(words, key):
    """What is wrong with a citation: an unknown key, another year, nobody of the authors."""
    if key not in ENTRIES:
        return "no such entry"
    entry = ENTRIES[key]
    if set(re.findall(r"\b(?:19|20)\d\d\b", words)) - {entry.fields["year"]}:
        return f"the year is {entry.fields['year']}"
    names = {surname(person).split()[-1] for person in entry.persons["author"]}
    if re.search(r"\d{4}", words) and not any(name in words for name in names):
        return f"the authors are {authors(entry)}"
    return ""


@pytest.mark.parametrize("edition", EDITIONS, ids=lambda edition: edition.language)
def test_citations_are_right(edition):
    found = [(page, words, mistakes(words, key)) for page, words, key in citations(edition)]
    assert found and not [row for row in found if row[2]]


@pytest.mark.parametrize(
    "words, key, said",
    [
        ("Glorot & Bengio (2010)", "glorot2010", ""),
        ("the paper", "glorot2010", ""),
        ("van Laarhoven (2017)", "vanlaarhoven2017", ""),
        ("Glorot & Bengio (2010)", "glorot2011", "no such entry"),
        ("Glorot & Bengio (2011)", "glorot2010", "the year is 2010"),
        ("He et al. (2010)", "glorot2010", "the authors are Glorot, X., Bengio, Y."),
    ],
)
def test_a_wrong_citation_is_found(words, key, said):
    assert mistakes(words, key) == said


def test_the_editions_cite_the_same():
    assert len({tuple((page, key) for page, _, key in citations(edition)) for edition in EDITIONS}) == 1


@pytest.mark.skipif(len(EDITIONS[0].notebooks) < CHAPTERS, reason="chapters are missing, and with them citations")
def test_every_entry_is_cited():
    assert not ENTRIES.keys() - {key for _, _, key in citations(EDITIONS[0])}


@pytest.mark.parametrize("key", ENTRIES)
def test_an_entry_is_complete(key):
    entry = ENTRIES[key]
    assert re.fullmatch(r"[a-z]+(?:19|20)\d\d[a-z]*", key) and entry.fields["year"] in key
    assert (
        surname(entry.persons["author"][0]).lower().replace(" ", "").encode("ascii", "ignore").decode()[:2] == key[:2]
    )
    assert entry.fields["title"] and (entry.type == "misc" or any(entry.fields.get(name) for name in VENUES))
    assert ARXIV.fullmatch(entry.fields.get("eprint", "1502.01852"))
    assert DOI.fullmatch(entry.fields.get("doi", "10.1109/x"))
    assert all(address.startswith("https://") and " " not in address for address in addresses(entry).values())


def test_the_list_is_in_order():
    keys = list(ENTRIES)
    order = ["bengio1994", "glorot2010", "he2015", "hinton2002", "hinton2006", "vanlaarhoven2017", "zhang2019fixup"]
    assert sorted(order, key=keys.index) == order
    assert authors(ENTRIES["goyal2017"]) == "Goyal, P. et al."
    assert authors(ENTRIES["lecun1998"]) == "LeCun, Y., Bottou, L., Orr, G. B., Müller, K.-R."

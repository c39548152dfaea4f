"""Every entry of references.bib is complete and cited, and a wrong citation is found (`make check` looks at all)."""

import re

import pytest
from page_sources import markdown
from winit_book.appendices.bibliography import VENUES, addresses, authors, references, surname
from winit_book.appendices.misconceptions import read_misconceptions
from winit_book.building.editions import read_editions
from winit_book.check.citations import CITATION, mistake
from winit_book.paths import ROOT

ENTRIES = references()
EDITIONS = read_editions(ROOT)
ARXIV = re.compile(r"\d{4}\.\d{4,5}|[a-z-]+/\d{7}")
DOI = re.compile(r"10\.\d{4,}/\S+")
CHAPTERS = 13


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
    assert mistake(words, key) == said


@pytest.mark.skipif(len(EDITIONS[0].notebooks) < CHAPTERS, reason="chapters are missing, and with them citations")
def test_every_entry_is_cited():
    language, sources = EDITIONS[0].language, EDITIONS[0].sources
    texts = [*map(markdown, sources), *(" ".join(row.words[language].values()) for row in read_misconceptions())]
    cited = {key for text in texts for _, key in CITATION.findall(text)}
    assert not ENTRIES.keys() - cited


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

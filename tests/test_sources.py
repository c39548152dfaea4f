"""Adding an edition: the build says which words of the appendices are missing, and in which file."""

import dataclasses
import shutil

import pytest
import yaml
from winit_book.building.editions import read_editions
from winit_book.building.sources import SOURCES, check_sources
from winit_book.paths import BOOK, ROOT

EDITIONS = read_editions(ROOT)
LATIN = dataclasses.replace(EDITIONS[0], language="la")


def refusal(root, edition=LATIN):
    with pytest.raises(SystemExit) as stopped:
        check_sources(root, [*EDITIONS, edition])
    message = str(stopped.value).strip()
    assert "\n" not in message
    return message


@pytest.fixture
def root(tmp_path):
    (tmp_path / "book").mkdir()
    for name in SOURCES:
        shutil.copy(BOOK / f"{name}.yml", tmp_path / "book")
    return tmp_path


def test_the_editions_that_there_are_are_complete():
    check_sources(ROOT, EDITIONS)


def test_every_file_that_lacks_a_language_is_named_with_its_first_rows():
    message = refusal(ROOT)
    assert message.startswith("winit: no words in 'la' in book/terms.yml (“weight initialization”, ")
    firsts = {"misconceptions": "variance → product-of-variances", "notation": "network → x"}
    for file, first in (firsts | {"frameworks": "layers → Dense"}).items():
        assert f"book/{file}.yml (“{first}" in message
    assert message.count(" more)") == 4


@pytest.mark.parametrize(
    "name, first, missing",
    [
        ("terms", lambda rows: rows[0].pop("ko"), "“weight initialization”"),
        ("terms", lambda rows: rows[1]["means"].update(ko=""), "“weight → means”"),
        ("misconceptions", lambda rows: rows["he"][0]["ko"].pop("truth"), "“he → half-active → ko → truth”"),
        ("notation", lambda rows: rows["network"][0].pop("ko"), "“network → x”"),
    ],
)
def test_one_missing_word_is_named(root, name, first, missing):
    path = root / "book" / f"{name}.yml"
    rows = yaml.safe_load(path.read_text("utf8"))
    first(rows)
    path.write_text(yaml.safe_dump(rows, allow_unicode=True), "utf8")
    assert refusal(root) == refusal(root, EDITIONS[0]) == f"winit: no words in 'ko' in book/{name}.yml ({missing})"


def test_a_source_that_no_page_shows_may_lack_a_language():
    pages = tuple(page for page in LATIN.pages if page not in SOURCES.values())
    check_sources(ROOT, [dataclasses.replace(LATIN, pages=pages)])

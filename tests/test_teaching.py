"""The answers to the exam questions are what their code prints, in both editions."""

import contextlib
import io
import re
from urllib.parse import parse_qs, urlsplit

import pytest
from page_sources import listings, markdown, sources
from winit_book.appendices import tables
from winit_book.building.editions import read_editions
from winit_book.building.remote import GITHUB
from winit_book.content.states import FORM, mistake
from winit_book.launch import BRANCH
from winit_book.paths import ROOT

PAGES = sources("teaching")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.parent.name)
def test_the_answers_are_printed_by_their_code(page):
    names, printed, answers = {}, "", 0
    for kind, text in listings(page):
        if kind == "python":
            with contextlib.redirect_stdout(io.StringIO()) as out:
                exec(text, names)
            printed = out.getvalue()
        else:
            answers += 1
            assert printed == text
    assert answers >= 8


def test_another_seed_is_another_exam():
    questions = [text for kind, text in listings(PAGES[0]) if kind == "python"]
    for question in questions[1:]:
        printed = []
        for seed in range(3):
            names = {}
            exec(questions[0].replace("SEED = 1", f"SEED = {seed}"), names)
            with contextlib.redirect_stdout(io.StringIO()) as out:
                exec(question, names)
            printed.append(out.getvalue())
        assert len(set(printed)) > 1 or "bool(" in question, question


def test_the_editions_ask_the_same():
    blocks = [listings(page) for page in PAGES]
    states = [re.findall(r"<(\w+\?[^>]+)>", markdown(page)) for page in PAGES]
    assert all(each == blocks[0] for each in blocks) and all(each == states[0] for each in states)
    assert len(states[0]) >= 10


def test_what_a_state_may_ask_for():
    controls = {"fans": {"kernel": {"values": ["1", "3"], "scale": True}}}
    assert mistake("fans.kernel=3", controls) == ""
    assert mistake("fans.kernel=2", controls) == "fans.kernel is one of 1, 3"
    assert mistake("fans.groups=1", controls) == "no control fans.groups"
    assert mistake("scale.std=1", controls) == "no control scale.std"
    slider = {"first": 25, "last": 800, "whole": True, "log": True}
    controls = {"wide": {"fan_in": slider, "std": slider | {"whole": False}}}
    assert mistake("wide.fan_in=137", controls) == mistake("wide.std=137.5", controls) == ""
    for value in ("24", "801", "137.5", "1e2", "wide"):
        assert mistake(f"wide.fan_in={value}", controls) == "wide.fan_in is a whole number from 25 to 800"
    assert mistake("wide.std=-30", controls) == "wide.std is a number from 25 to 800"
    assert FORM.fullmatch("width 3 <02_fans?fans.kernel=3#fig-fans>").groups() == (
        *("width 3", "02_fans", "fans.kernel=3", "fig-fans"),
    )
    assert not FORM.fullmatch("width 3 <02_fans#fig-fans>")


@pytest.mark.parametrize("repository", [("some-one", "course"), None])
@pytest.mark.parametrize("edition", read_editions(ROOT), ids=lambda edition: edition.language)
def test_a_hub_gets_a_link_to_every_chapter(edition, repository, monkeypatch):
    monkeypatch.setattr(tables, "github", lambda root: repository)
    _, rows = tables.hub(edition)
    opened = []
    for _, link in rows:
        address = urlsplit(link.strip("`"))
        assert (address.scheme, address.netloc, address.path) == ("https", "HUB", "/hub/user-redirect/git-pull")
        query = {key: value for key, [value] in parse_qs(address.query, strict_parsing=True).items()}
        assert query.keys() == {"repo", "branch", "urlpath"} and query["branch"] == BRANCH
        assert GITHUB.fullmatch(query["repo"]).groups() == (repository or ("OWNER", "NAME"))
        name, path = re.fullmatch(r"lab/tree/([^/]+)/(.+)", query["urlpath"]).groups()
        assert name == GITHUB.fullmatch(query["repo"])[2]  # the folder that nbgitpuller makes
        opened.append(ROOT / path)
    assert opened == edition.notebooks and all(path.is_file() for path in opened)

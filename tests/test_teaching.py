"""The plans of the teaching page: minutes that follow each other, a link in every row, links for a hub."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from page_sources import markdown, sources
from winit_book.appendices import tables
from winit_book.building.editions import read_editions
from winit_book.building.remote import GITHUB
from winit_book.content.states import FORM, mistake
from winit_book.launch import BRANCH
from winit_book.paths import ROOT

PAGES = sources("teaching")
EDITIONS = read_editions(ROOT)
ROW = re.compile(r"^\| (\d+)–(\d+) \|.*\|$")
TARGETS = re.compile(r"\]\(([^)\s]+)\)|\{state\}`[^<`]*<([^>]+)>`|\{minutes\}`(\w+)`")


def lessons(page):
    """The rows of each plan in minutes: begin, end and text."""
    plans, rows = [], []
    for line in [*markdown(page).splitlines(), ""]:
        row = ROW.match(line)
        if row:
            rows.append((int(row[1]), int(row[2]), line))
        elif rows:
            plans.append(rows)
            rows = []
    return plans


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.parent.name)
def test_the_minutes_of_a_lesson_follow_each_other(page):
    plans = lessons(page)
    assert [plan[-1][1] for plan in plans] == [50, 90, 90, 90, 90]
    for plan in plans:
        assert [0, *(end for _, end, _ in plan)] == [*(begin for begin, _, _ in plan), plan[-1][1]]
        assert all(TARGETS.search(line) for _, _, line in plan), "every row opens something"


@pytest.mark.parametrize("edition", EDITIONS, ids=lambda edition: edition.language)
def test_a_semester_reads_every_chapter(edition):
    (page,) = (path for path in edition.sources if path in PAGES)
    weeks = re.findall(r"^\| (\d+) \| (.*)$", markdown(page), re.MULTILINE)
    assert [int(week) for week, _ in weeks] == list(range(1, 15))
    chapters = [path.stem for path in edition.notebooks]
    assert [re.findall(r"\{minutes\}`(\w+)`", row) for _, row in weeks] == [*([name] for name in chapters), []]
    for name, (_, row) in zip(chapters, weeks):
        assert f"({name}.ipynb)" in row and f"({name}.ipynb#ex-" in row


def test_the_editions_teach_the_same():
    targets = [[next(filter(None, groups)) for groups in TARGETS.findall(markdown(page))] for page in PAGES]
    assert all(each == targets[0] for each in targets)
    assert sum("?" in target for target in targets[0]) >= 10


@pytest.mark.parametrize("edition", EDITIONS, ids=lambda edition: edition.language)
def test_the_page_names_the_exam_and_the_commands(edition):
    (page,) = (path for path in edition.sources if path in PAGES)
    written = markdown(page)
    assert {path.relative_to(ROOT).as_posix() for path in edition.exam} <= set(re.findall(r"`([^`\n]+)`", written))
    assert {"student", "teacher", "offline"} <= set(re.findall(r"`make (\w+)`", written))


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
@pytest.mark.parametrize("edition", EDITIONS, ids=lambda edition: edition.language)
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

"""What goes into the offline files, on a site of a few lines; tests/site/test_offline_files.py makes the real ones."""

import json
import zipfile
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from winit_book.building.editions import Edition
from winit_book.offline import __main__ as command
from winit_book.offline import archive, paper
from winit_book.paths import ROOT

HEAD = """<head><link rel="stylesheet" href="../shared/winit.css"><script src="_static/explorer.js"></script></head>"""
INDEX = """<article class="bd-article"><section id="page-index">
<h1>Index<a class="headerlink" href="#page-index">#</a></h1>
<a href="01_a.html">one</a> <a href="01_a.html?fans.kernel=5#fig-fans">two</a> <a href="lab.html">lab</a>
<a href="https://example.org/x">web</a></section><section class="ways">buttons</section></article>"""
CHAPTER = """<article class="bd-article"><section id="limits"><h1>Chapter</h1><a href="#limits">here</a>
<a href="_sources/01_a.ipynb">notebook</a>
<details class="hide"><summary>code</summary></details><details id="hint"><summary>hint</summary>Think.</details>
<figure id="fig-fans"><label for="slider other">k</label><input id="slider"><img src="_images/a.png" loading="lazy">
<script type="application/json">{}</script></figure></section></article>"""
NOTEBOOK = {
    "cells": [
        {"cell_type": "markdown", "source": "# 장"},
        {"cell_type": "code", "source": "1 + 1", "outputs": [{"output_type": "stream"}], "execution_count": 3},
    ],
    "metadata": {},
}


@pytest.fixture
def site(tmp_path) -> Path:
    site = tmp_path / "html"
    for name, text in {
        "index.html": "root",
        "en/index.html": f"<html>{HEAD}<body>{INDEX}</body></html>",
        "en/01_a.html": f"<html>{HEAD}<body>{CHAPTER}</body></html>",
        "en/lab.html": "lab",
        "en/_images/a.png": "picture",
        "en/_static/script.js": "script",
        "en/_static/script.js.map": "map",
        "en/_sources/01_a.ipynb": "notebook",
        "shared/winit.css": "sheet",
    }.items():
        path = site / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf8")
    return site


@pytest.fixture
def edition(tmp_path) -> Edition:
    sources = tuple(tmp_path / name for name in ("index.md", "01_a.ipynb", "lab.md"))
    for source in sources:
        source.write_text(json.dumps(NOTEBOOK, ensure_ascii=False) if source.suffix == ".ipynb" else "# 쪽", "utf8")
    catalogue = {"title": "Course", "offline": "pip install {wheel}", "forms": {"rubric": "Rubric"}}
    return Edition("en", ("index", "01_a", "lab"), sources, (("Core", ("01_a", "lab")),), catalogue)


@pytest.mark.parametrize(
    "href, target",
    [
        ("#limits", "#01_a--limits"),
        ("index.html", "#index"),
        ("index.html#chapters", "#index--chapters"),
        ("01_a.html?fans.kernel=5#fig-fans", "#01_a--fig-fans"),
        ("https://example.org/a.html#b", "https://example.org/a.html#b"),
        ("mailto:a@example.org", "mailto:a@example.org"),
        ("lab.html?depth=3", ""),
        ("../ko/01_a.html", ""),
        ("_sources/01_a.ipynb", ""),
    ],
)
def test_where_a_link_leads_on_paper(href, target):
    pages = ["index", "01_a"]
    assert paper.inside(href, "01_a", pages) == target
    published = paper.inside(href, "01_a", pages, "https://host/winit/en/")
    assert published == (target or f"https://host/winit/{href[3:] if href.startswith('../') else 'en/' + href}")


def test_one_page_holds_all_but_the_lab(site, edition):
    page = BeautifulSoup(paper.compose(site, edition), "html.parser")
    assert (page.html["lang"], page.title.string, page.html["data-theme"]) == ("en", "Course", "light")
    assert [node["id"] for node in page.select("article")] == ["index", "01_a"]
    assert not page.select("script")
    assert len(page.select("link[rel=stylesheet]")) == 1
    ids = [node["id"] for node in page.select("[id]")]
    assert len(ids) == len(set(ids))
    links = {link.string: link.get("href") for link in page.select("a")}
    assert links == {
        "one": "#01_a",
        "two": "#01_a--fig-fans",
        "lab": None,
        "web": "https://example.org/x",
        "here": "#01_a--limits",
        "notebook": None,
    }
    assert {href[1:] for href in links.values() if href and href[0] == "#"} <= set(ids)


def test_folds_are_open_and_nothing_asks_for_a_hand(site, edition):
    page = BeautifulSoup(paper.compose(site, edition), "html.parser")
    assert [fold["id"] for fold in page.select("details[open]")] == ["01_a--hint"] and len(page.select("details")) == 1
    assert not page.select(".headerlink, .ways, figure script, [loading]")
    assert page.label["for"] == "01_a--slider 01_a--other" and page.input["id"] == "01_a--slider"


def test_the_zip(site, edition, tmp_path):
    wheel = tmp_path / "winit-1-py3-none-any.whl"
    wheel.write_bytes(b"wheel")
    edition.sources[0].with_name("exam.ipynb").write_text("for teachers", "utf8")
    for name in ("one.zip", "two.zip"):
        archive.write_zip(site, [edition], wheel, tmp_path / name)
    assert (tmp_path / "one.zip").read_bytes() == (tmp_path / "two.zip").read_bytes()
    with zipfile.ZipFile(tmp_path / "one.zip") as zipped:
        files = {name.removeprefix("winit-offline/"): zipped.read(name).decode() for name in zipped.namelist()}
    assert sorted(files) == [
        "README.txt",
        "chapters/en/01_a.ipynb",
        "chapters/en/index.md",
        "chapters/en/lab.md",
        "site/en/01_a.html",
        "site/en/_images/a.png",
        "site/en/_static/script.js",
        "site/en/index.html",
        "site/en/lab.html",
        "site/index.html",
        "site/shared/winit.css",
        "winit-1-py3-none-any.whl",
    ]
    assert files["README.txt"] == "pip install winit-1-py3-none-any.whl"
    assert 'href="../../chapters/en/01_a.ipynb"' in files["site/en/01_a.html"]
    text, code = json.loads(files["chapters/en/01_a.ipynb"])["cells"]
    assert text["source"] == "# 장" and (code["source"], code["outputs"]) == ("1 + 1", [])


def test_the_wheel_is_the_package(tmp_path):
    wheels = []
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        wheels.append(archive.build_wheel(ROOT, tmp_path / name))
    assert wheels[0].name.startswith("winit-") and wheels[0].read_bytes() == wheels[1].read_bytes()
    with zipfile.ZipFile(wheels[0]) as zipped:
        assert {"winit/__init__.py", "winit/check/__init__.py"} <= set(zipped.namelist())


def test_without_a_site_it_says_what_to_do(tmp_path):
    for name in ("_toc.yml", "book", "chapters"):
        (tmp_path / name).symlink_to(ROOT / name)
    with pytest.raises(SystemExit, match="make book"):
        command.write(tmp_path, tmp_path / "dist")
    assert not (tmp_path / "dist").exists()

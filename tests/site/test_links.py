"""Every link, picture and script inside the site leads somewhere, and every fragment to something."""

from functools import cache
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from the_site import EDITIONS, SITE, pages, soup
from winit_book.building.remote import github, pages_url
from winit_book.paths import ROOT

OUTSIDE = ("http:", "https:", "mailto:", "data:", "//")
ADDRESS = pages_url(github(ROOT))


@cache
def anchors(path: Path) -> set[str]:
    return {tag[name] for tag in soup(path).find_all(True) for name in ("id", "name") if name in tag.attrs}


def targets(path: Path):
    """What a page refers to, as written."""
    for tag in soup(path).find_all(True):
        if tag.name not in ("a", "link", "script", "img", "source", "form", "meta"):
            continue
        for name in ("href", "src", "action"):
            if tag.get(name) and not (tag.name == "form" and not tag[name]):
                yield tag[name]
        if tag.get("property") == "og:image":
            yield tag["content"]


def broken(path: Path) -> list[str]:
    wrong = []
    for target in targets(path):
        address = target
        if ADDRESS and address.startswith(ADDRESS):  # what search engines are told
            address = str(SITE / address.removeprefix(ADDRESS))
        elif address.startswith(OUTSIDE):
            continue
        parts = urlsplit(address)
        file = (path.parent / unquote(parts.path)).resolve() if parts.path else path
        if file.is_dir():
            file /= "index.html"
        if not file.is_file():
            wrong.append(f"{target}: no such file")
        elif parts.fragment and file.suffix == ".html" and unquote(parts.fragment) not in anchors(file):
            wrong.append(f"{target}: no such place")
    return wrong


@pytest.mark.parametrize("edition", EDITIONS)
def test_links_lead_somewhere(site, edition):
    found = {path: broken(SITE / path) for path in ["index.html", *pages(edition)]}
    assert not {path: wrong for path, wrong in found.items() if wrong}


def test_links_between_chapters_lead_somewhere(small_book):
    for path in sorted(small_book.glob("*/*.html")):
        wrong = [link for link in broken(path) if "card.png" not in link]
        assert not wrong, f"{path.name}: {wrong}"


def test_a_broken_link_is_found(tmp_path):
    (tmp_path / "a.html").write_text(
        '<a href="b.html">1</a><a href="#no">2</a><a href="#yes" id="yes">3</a><img src="x.png">',
        "utf8",
    )
    assert broken(tmp_path / "a.html") == ["b.html: no such file", "#no: no such place", "x.png: no such file"]

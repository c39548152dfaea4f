"""Sidebar and first page of an edition name the parts of the course, and what is in each."""

import pytest
from the_site import soup
from winit_book.building.editions import read_editions
from winit_book.paths import ROOT


@pytest.mark.parametrize("edition", read_editions(ROOT), ids=lambda edition: edition.language)
def test_the_parts_of_the_course(site, edition):
    page = soup(f"{edition.language}/index.html")
    sidebar = page.select_one("nav.bd-links")
    captions = [(caption.get_text().strip(), caption.find_next("ul")) for caption in sidebar.select("p.caption")]
    listed = [(section.h2.get_text(), section.ol) for section in page.select("section:has(> ol.contents)")]
    for parts in (captions, listed):
        assert [name for name, _ in parts] == [caption for caption, _ in edition.parts]
        for (_, names), (_, block) in zip(edition.parts, parts):
            assert [link["href"] for link in block.select("a")] == [f"{name}.html" for name in names]

    timed = {item.a["href"] for item in page.select("ol.contents li:has(.effort)")}
    assert timed == {f"{path.stem}.html" for path in edition.notebooks}

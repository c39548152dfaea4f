"""Every page, opened once a view, and asked there all that is asked of every page.

By turns in one of its editions, which have their form and their scripts in common; `make slow` opens the others.

Below a sub-path, which is as good as the root, on a desktop and then on a telephone; as a file, on a narrow telephone
and then on paper; and as a file without scripts. In each a page opens without a kernel, a network or an error.
"""

import gzip
from functools import cache

import pytest
from test_accessibility import SETTLED, TELEPHONE, violations_on_both_widths
from test_explorers_on_the_site import ARRIVE, MEASURE, troubles_without_a_script
from test_language import english
from the_site import EDITIONS, SITE, either, pages_in_turn, soup
from winit_book.building.editions import read_editions
from winit_book.paths import ROOT

CHAPTER, LAB, LEAST = 700_000, 600_000, 30_000  # bytes as they are sent, compressed
PACKED = (".png", ".jpg", ".webp", ".woff", ".woff2")
NOTEBOOKS = [page.stem for page in read_editions(ROOT)[0].notebooks]
UNFOLD = "document.querySelectorAll('details').forEach((fold) => (fold.open = true))"
WIDTH = "document.documentElement.scrollWidth"


def words_that_are_not_korean(page, path):
    """Scripts add labels and tooltips."""
    return english(page.content()) if path.startswith("ko/") else []


def explorers_that_are_out_of_hand(page, path):
    page.evaluate(ARRIVE)
    return page.evaluate(MEASURE)


def violations(page, path):
    return violations_on_both_widths(page)


@cache
def sent(path) -> int:
    """How many bytes a server sends for a file."""
    content = path.read_bytes()
    return len(content) if path.suffix in PACKED else len(gzip.compress(content, 6))


LOADED = """async () => {
    for (const picture of document.images) {
        picture.loading = "eager";
        await picture.decode();
    }
    const { pathname } = location, root = location.href.split(pathname)[0] + pathname.split("/").slice(0, -2).join("/");
    const names = [location.href, ...performance.getEntriesByType("resource").map(({ name }) => name)];
    return names.filter((name) => name.startsWith(root)).map((name) => name.slice(root.length + 1).split(/[?#]/)[0]);
}"""


def weight(page, path):
    """What a reader loads who scrolls through all of a chapter, or of the lab."""
    name = path.removesuffix(".html").partition("/")[2]
    if name not in (*NOTEBOOKS, "lab"):
        return []
    loaded = sum(sent(SITE / file) for file in set(page.evaluate(LOADED)))
    return [] if LEAST < loaded < (LAB if name == "lab" else CHAPTER) else [f"{loaded} bytes"]


def what_is_wider_than_320_pixels(page, path):
    page.evaluate(UNFOLD)
    wide = page.evaluate(WIDTH)
    return [f"{wide} pixels"] if wide > 320 else []


def explorers_that_are_out_of_hand_on_a_telephone(page, path):
    page.set_viewport_size(TELEPHONE)
    page.evaluate(SETTLED)
    return explorers_that_are_out_of_hand(page, path)


def formulas_that_do_not_fit_on_paper(page, path):
    """Paper does not scroll; A4 less its margins is 673 CSS pixels wide."""
    if path.removesuffix(".html").partition("/")[2] not in NOTEBOOKS:
        return []
    page.set_viewport_size({"width": 673, "height": 900})
    page.emulate_media(media="print")
    widths = page.locator("div.math math").evaluate_all("all => all.map((one) => one.getBoundingClientRect().width)")
    page.emulate_media(media="screen")
    return [width for width in widths if width >= 640]


def explorers_that_do_not_stand_without_a_script(page, path):
    return troubles_without_a_script(page, soup(path))


VIEWS = {
    "desktop": (
        {"base": "subpath", "reduced_motion": "reduce"},
        [words_that_are_not_korean, explorers_that_are_out_of_hand, weight, violations],
    ),
    "file": (
        {"base": "file", "width": 320},
        [
            what_is_wider_than_320_pixels,
            explorers_that_are_out_of_hand_on_a_telephone,
            formulas_that_do_not_fit_on_paper,
        ],
    ),
    "no script": (
        {"base": "file", "width": 320, "java_script_enabled": False},
        [what_is_wider_than_320_pixels, explorers_that_do_not_stand_without_a_script],
    ),
}


@pytest.mark.parametrize("turn", either(*range(len(EDITIONS))))
@pytest.mark.parametrize("view", VIEWS)
def test_every_page(tour, view, turn):
    options, questions = VIEWS[view]
    found, size = [], {"width": options.get("width", 1280), "height": 900}
    with tour(**options) as go:
        for path in ["index.html", *pages_in_turn(turn)]:
            page = go(path)
            page.set_viewport_size(size)
            assert page.title()
            for question in questions:
                found += [f"{path}, {question.__name__}: {wrong}" for wrong in question(page, path)]
    assert not found, "\n".join(found)

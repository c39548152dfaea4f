"""What an author or a translator may get wrong on a page, and that the build of one edition says where."""

import forms
import pytest
import tiny_book
import yaml
from test_language import english
from the_site import EDITIONS
from tiny_book import code, notebook, text

PIXEL = """import base64

from IPython.display import Image, display

pixel = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGNgYGAAAAAEAAH2FzhVAAAAAElFTkSuQmCC"
display(Image(base64.b64decode(pixel)))"""
MOVED = "<!-- figure: fig-{} | alt -->\n*A caption.*\n\n[Up](#fig-{}?{})."
DRAWN = """import matplotlib.pyplot as plt

import winit

winit.plotting.use_style()
plt.subplots()[1].set(xlabel="unheard of")
plt.show()"""
EXPLORER = """import winit


def draw(figure):
    (line,) = figure.add_subplot(xlim=(0, 1), ylim=(0, 9)).plot([], [], zorder=1)

    def update(record):
        line.set_data([0, 1], record)
        return [line]

    return update


winit.Explorer("{}", {{"{}": [1, 2]}}, lambda **chosen: [1, *chosen.values()], draw, lambda record: {{}})"""


FAULTS = {  # what an author may get wrong, and what the build says
    "an image without a comment": ([code(PIXEL)], "an image without “<!-- figure: id | alt text -->”"),
    "no alt text": (
        [code(PIXEL), text("<!-- figure: fig-no-alt -->\n*A caption.*")],
        "a figure needs “<!-- figure: id | alt text -->”, got 'fig-no-alt'",
    ),
    "an id with a capital": (
        [code(PIXEL), text("<!-- figure: Fig_1 | alt -->\n*A caption.*")],
        "'Fig_1' is no name: use small letters, digits and single hyphens",
    ),
    "no caption": (
        [code(PIXEL), text("<!-- figure: fig-plain | alt -->\nA caption, but not in italics.")],
        "the figure 'fig-plain' needs a caption after it: one paragraph in italics",
    ),
    "no picture": (
        [code("1 + 1"), text("<!-- figure: fig-none | alt -->\n*A caption.*")],
        "the figure 'fig-none' must come right after a cell that draws one",
    ),
    "an id twice": (
        [
            *(code(PIXEL), text("<!-- figure: fig-twice | alt -->\n*A caption.*")),
            *(code(PIXEL), text("<!-- figure: fig-twice | alt -->\n*A caption.*")),
        ],
        "the name 'fig-twice' stands twice",
    ),
    "a heading without a name": ([text("## Heading")], "no “<!-- section: name -->” before the heading “Heading”"),
    "a name without a heading": ([text("<!-- section: lost -->\n\nWords.")], "no heading follows"),
    "a link to no figure": ([text("See [](#fig-nowhere).")], "fig-nowhere"),
    "a move of no figure": (
        [text("[Up](#fig-nowhere?std=1).")],
        "#fig-nowhere?std=1: no explorer stands in that figure",
    ),
    "a move without an explorer": (
        [code(PIXEL), text("<!-- figure: fig-still | alt -->\n*A caption.*"), text("[Up](#fig-still?std=1).")],
        "#fig-still?std=1: no explorer stands in that figure",
    ),
    "a move to no value": (
        [code(EXPLORER.format("decay", "std")), text(MOVED.format("a", "a", "std=3"))],
        "decay.std is one of 1, 2",
    ),
    "a move of no control": (
        [code(EXPLORER.format("decay", "std")), text(MOVED.format("b", "b", "width=3"))],
        "no control decay.width",
    ),
    "a move without a value": (
        [code(EXPLORER.format("decay", "std")), text(MOVED.format("c", "c", "std"))],
        "a state is control=value",
    ),
    "an explorer without a comment": (
        [code(EXPLORER.format("alone", "std"))],
        "an image without “<!-- figure: id | alt text -->” and a caption after its cell",
    ),
    "an explorer with a word of no catalogue": (
        [code(EXPLORER.format("strange", "unheard_of")), text("<!-- figure: fig-strange | alt -->\n*A caption.*")],
        "the explorer 'strange' says 'unheard_of', which is not under “explorer” in book/catalogue/ko.yml",
    ),
    "a drawing with a word of no catalogue": (
        [code(DRAWN), text("<!-- figure: fig-label | alt -->\n*A caption.*")],
        "fig-label: a label without a translation: 'unheard of' (“words” in ko.yml)",
    ),
}


def write(folder):
    chapters = {
        f"{number:02d}_fault": notebook(text("# Title\n\nWords."), *cells)
        for number, (cells, _) in enumerate(FAULTS.values(), 1)
    }
    return tiny_book.write(folder, {edition: {"index": "# Title\n\nWords.\n", **chapters} for edition in EDITIONS})


@pytest.fixture(scope="module")
def faulty(tmp_path_factory):
    """What the build of one edition says of all faults."""
    return forms.build_edition(write(tmp_path_factory.mktemp("faulty")), "ko")


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_named(faulty, fault):
    number, (_, message) = 1 + list(FAULTS).index(fault), FAULTS[fault]
    assert faulty.returncode != 0
    assert [line for line in faulty.stdout.splitlines() if f"{number:02d}_fault" in line and message in line], (
        faulty.stdout[-4000:]
    )


def test_a_sound_page_beside_them_is_not_named(faulty):
    assert not [line for line in faulty.stdout.splitlines() if "WARNING" in line and "index.md" in line]


def test_a_translation_that_is_lost_is_found(tmp_path):
    chapter = notebook(text("# 제목\n\n주장입니다."), code("1"))
    book = tiny_book.write(tmp_path, {edition: {"index": "# 제목\n\n말.\n", "01_a": chapter} for edition in EDITIONS})
    catalogue = yaml.safe_load((book / "book/catalogue/ko.yml").read_text("utf8"))
    lost = {catalogue["theme"].pop(string): string for string in ("Color mode", "next page", "Link to this heading")}
    (book / "book/catalogue/ko.yml").write_text(yaml.safe_dump(catalogue), "utf8")
    result = forms.build_edition(book, "ko")
    assert result.returncode == 0, "what a theme does not translate stops no build"
    index, chapter = (
        english((book / f"_build/.stage/ko/html/{name}.html").read_text("utf8")) for name in ("index", "01_a")
    )
    assert {string.partition(": ")[2] for string in index + chapter} == set(lost.values())

"""The forms of a chapter, read from its cells: guesses, exercises, deeper sections, and what may be wrong with them."""

import nbformat
import pytest
import tiny_book
from tiny_book import code, text
from winit_book.building.editions import read_editions
from winit_book.building.sound import require_sound
from winit_book.content import forms

from winit.check import exercises

WORDS = {"exercise": "Exercise", "rubric": "Rubric"}
GUESS = """<!-- guess: guess-std -->
**Guess.** How many?

- 1
- 10, on
  two lines
- 100 <!-- right -->

<details><summary>Answer</summary>

100.

</details>"""
EXERCISE = "<!-- exercise: ex-fans -->\n**Exercise: count.** Two numbers."
ESSAY = (
    "<!-- exercise: ex-essay -->\n**Exercise.** Why?\n\n<details><summary>Rubric</summary>\n\nA reason.\n\n</details>"
)
CHECK = "answer = None\nwinit.check.grouped(answer)"
SECTIONS = [
    text("<!-- section: start -->\n## Start"),
    text("<!-- section: summary -->\n## Summary\n\n<!-- section: proof | deeper -->\n## Proof"),
    text("<!-- section: step -->\n### Step\n\n`<details>` and\n\n```\n<details>\n## no heading\n```"),
    text("<!-- section: references -->\n## References"),
]


def solution(cell):
    cell.metadata["tags"] = ["solution"]
    return cell


def sound():
    return [
        text("# Title"),
        text(GUESS),
        text(EXERCISE),
        code(CHECK),
        solution(text("<details><summary>Solution</summary>\n\nCount.\n\n</details>")),
        solution(code("answer = 100, 200\nwinit.check.grouped(answer)")),
        text(ESSAY),
        *(text(cell.source) for cell in SECTIONS),
    ]


def faults(cells, records=None):
    return list(forms.faults(cells, WORDS, exercises() if records is None else records))


def test_a_sound_chapter_has_no_fault():
    assert faults(sound()) == []


def test_an_exercise_has_its_check_and_its_solution():
    fans, essay = forms.exercises(sound())
    assert fans == forms.Exercise("ex-fans", 2, "grouped", (4, 5))
    assert essay == forms.Exercise("ex-essay", 6, None, ())


def replace(cell, old, new):
    def change(cells):
        assert old in cells[cell].source
        cells[cell].source = cells[cell].source.replace(old, new)

    return change


FAULTS = {  # what an author gets wrong: the change, the cell that is named (from 1), words of the line
    "no check": (lambda cells: cells.pop(3), 3, "'ex-fans' needs a code cell with “winit.check.name(answer)”"),
    "another cell before the check": (
        lambda cells: cells.insert(3, text("Words.")),
        3,
        "'ex-fans' needs a code cell",
    ),
    "an unknown check": (replace(3, "grouped", "groupd"), 3, "the check 'groupd'; choose one of"),
    "no rubric": (replace(6, "Rubric", "Hint"), 7, "or a fold “<details><summary>Rubric</summary>"),
    "no title": (replace(2, "**Exercise: count.**", "Count"), 3, "begins with “**Exercise: title.**”"),
    "no right option": (replace(1, " <!-- right -->", ""), 2, "“<!-- right -->” in exactly one option, not in 0"),
    "two right options": (replace(1, "- 1\n", "- 1 <!-- right -->\n"), 2, "in exactly one option, not in 2"),
    "a right answer that is no option": (
        lambda cells: [replace(1, " <!-- right -->", "")(cells), replace(1, "many?", "many? <!-- right -->")(cells)],
        2,
        "in exactly one option",
    ),
    "one option": (replace(1, "- 1\n- 10, on\n  two lines\n", ""), 2, "at least two options"),
    "no answer": (lambda cells: cells.__setitem__(1, text(GUESS.partition("\n\n<details")[0])), 2, "needs its answer"),
    "a heading in a guess": (replace(1, "**Guess.**", "## Guess\n\n"), 2, "a heading stands in the guess"),
    "words behind the answer of a guess": (
        replace(1, "</details>", "</details>\nAnd more."),
        2,
        "ends with its answer",
    ),
    "a guess among other words": (replace(0, "# Title", f"# Title\n\n{GUESS}"), 1, "needs a cell of its own"),
    "a name twice": (replace(6, "ex-essay", "ex-fans"), 7, "the name 'ex-fans' stands twice"),
    "a name with a capital": (replace(2, "ex-fans", "ex_Fans"), 3, "'ex_Fans' is no name"),
    "deeper before the summary": (replace(7, "start -->", "start | deeper -->"), 8, "stands before “<!-- section: sum"),
    "deeper without a summary": (replace(8, "section: summary", "section: end"), 9, "'proof' stands before"),
    "the core goes on after a deeper section": (
        replace(10, "references", "more"),
        11,
        "'more' stands after a deeper one",
    ),
    "a deeper section of the third level": (replace(8, "## Proof", "### Proof"), 9, "needs a heading “## …”"),
    "another word for deeper": (replace(8, "| deeper", "| deep"), 9, "“<!-- section: proof | deeper -->”"),
    "a fold without a summary": (replace(4, "<summary>Solution</summary>", ""), 5, "a fold without a summary"),
    "an empty summary": (replace(4, ">Solution<", "><"), 5, "a fold without a summary"),
    "a fold that stays open": (replace(4, "</details>", ""), 5, "belong into one cell"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_named_with_its_cell(fault):
    change, cell, message = FAULTS[fault]
    cells = sound()
    change(cells)
    assert [found for found in faults(cells) if found[0] == cell and message in found[1]], faults(cells)


def test_a_label_has_a_translation():
    class Record:
        def as_data(self):
            return {"parts": [{"label": ["", "width"]}], "mistakes": [{"words": ["단어", " "]}]}

    (_, label), (_, message) = faults(sound(), {"grouped": Record()})
    assert "'ex-fans' has a label without a translation: 'width'" in label
    assert "a message without a translation: '단어'" in message


def test_every_exercise_of_the_course_speaks_both_languages():
    assert not [fault for record in exercises().values() for fault in forms.untranslated(record.as_data())]


def test_the_build_stops_with_one_line(tmp_path):
    cells = sound()
    FAULTS["an unknown check"][0](cells)
    pages = {name: {"index": "# A\n", "01_a": tiny_book.notebook(*map(dict_copy, cells))} for name in ("en",)}
    book = tiny_book.write(tmp_path, pages)
    with pytest.raises(
        SystemExit, match=r"^\nwinit: chapters/en/01_a\.ipynb, cell 3: the exercise 'ex-fans' has [^\n]*$"
    ):
        require_sound(read_editions(book))


def test_a_name_stands_once_in_an_edition(tmp_path):
    notebooks = {name: tiny_book.notebook(*map(dict_copy, sound())) for name in ("01_a", "02_b")}
    book = tiny_book.write(tmp_path, {"en": {"index": "# A\n", **notebooks}})
    with pytest.raises(SystemExit, match=r"02_b\.ipynb, cell 2: the name 'guess-std' stands in .*01_a\.ipynb, too"):
        require_sound(read_editions(book))


def dict_copy(cell):
    return nbformat.from_dict(dict(cell))


def test_marks_say_where_a_form_ends():
    cells = sound()
    forms.mark(cells)
    assert all(cells[place].source.endswith(f"\n\n{forms.END}") for place in (1, 2, 4, 6))
    assert cells[4].source.startswith(f"{forms.SOLUTION}\n\n")
    assert [cell.source for cell in cells if cell.cell_type == "code"] == [CHECK, sound()[5].source]

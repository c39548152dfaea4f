"""The forms of a chapter as its notebook writes them: sections, guesses, exercises, folds.

Plain functions over the cells of a notebook, without Sphinx: the build and `make check` read the same rules. A form is
one Markdown cell that begins with a comment, so that every other reader of notebooks shows it as plain Markdown::

    <!-- guess: name -->     a question, a list with “<!-- right -->” in one item, the answer in <details>
    <!-- exercise: name -->  a task; then a code cell with its check, then the cells tagged “solution”
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

IDENTIFIER = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
FORM = re.compile(r"\s*<!--\s*(guess|exercise):\s*(.*?)\s*-->", re.DOTALL)
SECTION = re.compile(r"<!--\s*section:\s*(.*?)\s*-->\s*(?:(#+) )?", re.DOTALL)
OPTION = re.compile(r"^[-*] (.*(?:\n(?![-*] |\n|<).*)*)", re.MULTILINE)
RIGHT = re.compile(r"<!--\s*right\s*-->")
CHECK = re.compile(r"^winit\.check\.(\w+)\(", re.MULTILINE)
HEADING = re.compile(r"^#{1,6} ", re.MULTILINE)
DETAILS = re.compile(r"<(/?)details\b[^>]*>(\s*<summary>\s*(?!</summary>)\S)?")
SUMMARY = re.compile(r"<summary>\s*(.*?)\s*</summary>", re.DOTALL)
CODE = re.compile(r"^(```+|~~~+).*?^\1|(`+)[^`\n].*?\2", re.DOTALL | re.MULTILINE)
DEEPER, LAST, END = "deeper", ("summary", "references"), "<!-- end of form -->"
SOLUTION = "<!-- solution -->"


@dataclass(frozen=True)
class Exercise:
    """Where an exercise stands; cells count from 0, `check` is the name of its record, None where a rubric judges."""

    name: str
    task: int
    check: str | None
    solution: tuple[int, ...]


def exercises(cells: Sequence[Any]) -> list[Exercise]:
    """The exercises of a notebook in their order."""
    found = []
    for place, cell in enumerate(cells):
        form = form_of(cell)
        if form and form[0] == "exercise":
            call = cells[place + 1] if place + 1 < len(cells) else None
            match = CHECK.search(call.source) if call is not None and call.cell_type == "code" else None
            first = last = place + 1 + bool(match)
            while last < len(cells) and is_solution(cells[last]):
                last += 1
            found.append(Exercise(form[1], place, match and match[1], tuple(range(first, last))))
    return found


def form_of(cell) -> tuple[str, str] | None:
    """The kind of form that a cell is, and its name."""
    match = FORM.match(cell.source) if cell.cell_type == "markdown" else None
    return (match[1], match[2]) if match else None


def names(cells: Sequence[Any]) -> list[tuple[int, str]]:
    """The names of guesses and exercises, which stand once in an edition, with the numbers of their cells."""
    return [(number, form_of(cell)[1]) for number, cell in enumerate(cells, 1) if form_of(cell)]


def is_solution(cell) -> bool:
    return "solution" in cell.get("metadata", {}).get("tags", [])


def mark(cells: Sequence[Any]) -> None:
    """Write into the cells where each form ends, which a document does not tell any more."""
    for exercise in exercises(cells):
        for place in exercise.solution:
            if cells[place].cell_type == "markdown":
                cells[place].source = f"{SOLUTION}\n\n{cells[place].source}\n\n{END}"
    for cell in cells:
        if form_of(cell):
            cell.source += f"\n\n{END}"


def faults(cells: Sequence[Any], words: Mapping[str, str], records: Mapping[str, Any]) -> Iterator[tuple[int, str]]:
    """What an author got wrong: the number of the cell, which counts from 1, and what to write instead.

    Parameters
    ----------
    cells : sequence of NotebookNode
    words : mapping
        What the edition calls an ``exercise`` and a ``rubric``.
    records : mapping
        The exercises that can be judged, as `winit.check.exercises` returns them.
    """
    markdown = [(number, prose(cell.source)) for number, cell in enumerate(cells, 1) if cell.cell_type == "markdown"]
    yield from _sections(markdown)
    yield from _folds(markdown)
    known: set[str] = set()
    judged = {exercise.task: exercise for exercise in exercises(cells)}
    for place, cell in enumerate(cells):
        for kind, name in re.findall(r"<!--\s*(guess|exercise):\s*(.*?)\s*-->", prose(cell.source))[
            bool(form_of(cell)) :
        ]:
            yield place + 1, f"the {kind} {name!r} needs a cell of its own"
        if not form_of(cell):
            continue
        kind, name = form_of(cell)
        text = FORM.sub("", prose(cell.source), count=1)
        if not IDENTIFIER.fullmatch(name):
            yield place + 1, f"{name!r} is no name: use small letters, digits and single hyphens"
        if name in known:
            yield place + 1, f"the name {name!r} stands twice"
        known.add(name)
        if HEADING.search(text):
            yield place + 1, f"a heading stands in the {kind} {name!r}; give it a cell of its own"
        if kind == "guess":
            wrong = _guess(text)
        else:
            wrong = _exercise(judged[place], text, words, records)
        yield from ((place + 1, f"the {kind} {name!r} {fault}") for fault in wrong)


def prose(source: str) -> str:
    """Markdown with blanks in the place of code."""
    return CODE.sub(lambda code: re.sub(r"[^\n]", " ", code[0]), source)


def _guess(text: str) -> Iterator[str]:
    before, _, answer = text.partition("<details")
    options = OPTION.findall(before)
    right = sum(bool(RIGHT.search(option)) for option in options)
    if len(options) < 2:
        yield "needs a list of at least two options"
    elif right != 1 or len(RIGHT.findall(text)) != 1:
        yield f"needs “<!-- right -->” in exactly one option, not in {len(RIGHT.findall(text))}"
    if not answer:
        yield "needs its answer in <details><summary> … </details>, after the options"
    elif answer.rpartition("</details>")[2].strip():
        yield "ends with its answer: what follows </details> belongs into a cell of its own"


def _exercise(exercise: Exercise, text: str, words: Mapping, records: Mapping) -> Iterator[str]:
    if not re.match(rf"\s*\*\*{re.escape(words['exercise'])}(: [^*]+)?\.\*\*", text):
        yield f"begins with “**{words['exercise']}: title.**”"
    if exercise.check is None:
        if words["rubric"] not in SUMMARY.findall(text):
            yield (
                "needs a code cell with “winit.check.name(answer)” right after it, or a fold "
                f"“<details><summary>{words['rubric']}</summary> … </details>”"
            )
    elif exercise.check not in records:
        yield f"has the check {exercise.check!r}; choose one of {', '.join(records)}"
    else:
        yield from untranslated(records[exercise.check].as_data())


def untranslated(data: Mapping) -> Iterator[str]:
    """The labels and sentences of an exercise that lack one of their languages."""
    said = [("label", part["label"]) for part in data["parts"]]
    said += [("message", mistake["words"]) for mistake in data["mistakes"]]
    said += [("hint", part["hint"]) for part in data["parts"] if "hint" in part]
    for kind, pair in said:
        if not all(text.strip() for text in pair) and (kind != "hint" or any(pair)):
            yield f"has a {kind} without a translation: {next(filter(None, pair), '')!r}"


def _sections(markdown: Sequence[tuple[int, str]]) -> Iterator[tuple[int, str]]:
    """Deeper sections come last, so that one who reads the core has read it at the summary."""
    summary = deeper = False
    for number, text in markdown:
        for written, level in SECTION.findall(text):
            name, bar, rest = (part.strip() for part in written.partition("|"))
            if bar and rest != DEEPER:
                yield number, f"a section is “<!-- section: {name} -->” or “<!-- section: {name} | deeper -->”"
            elif bar and level != "##":
                yield number, f"the deeper section {name!r} needs a heading “## …” right after its comment"
            elif bar and not summary:
                yield number, f"the deeper section {name!r} stands before “<!-- section: summary -->”"
            elif deeper and level == "##" and not bar and name not in LAST:
                yield number, f"the section {name!r} stands after a deeper one; make it deeper or move it up"
            summary = summary or name == "summary"
            deeper = deeper or bool(bar)


def _folds(markdown: Sequence[tuple[int, str]]) -> Iterator[tuple[int, str]]:
    for number, text in markdown:
        depth = 0
        for closing, summary in DETAILS.findall(text):
            depth += -1 if closing else 1
            if not closing and not summary:
                yield number, "a fold without a summary; write “<details><summary>Words</summary>”"
            if depth < 0:
                break
        if depth:
            yield number, "a <details> and its </details> belong into one cell"

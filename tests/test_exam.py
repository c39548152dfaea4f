"""The exam: one seed draws all numbers, every solution holds for them, and no known mistake passes for right."""

import ast
import re
from functools import cache

import numpy as np
import pytest
import tiny_book
from threadpoolctl import threadpool_limits
from tiny_book import code, notebook, text
from winit_book import notebooks
from winit_book.building.editions import EXAM, read_editions
from winit_book.building.stored import read
from winit_book.building.stripped import strip
from winit_book.check import rules
from winit_book.check.page import read_pages
from winit_book.content.forms import is_solution
from winit_book.paths import ROOT

EDITIONS = read_editions(ROOT)
EXAMS = {edition.language: read(*edition.exam) for edition in EDITIONS}
CELLS = next(iter(EXAMS.values())).cells
SEEDS, TASKS = (1, 2, 3), range(1, 11)
SEED_LINE = re.compile(r"^SEED = \d+", re.MULTILINE)


def run(seed, solutions=True, answers=None):
    """The names after all code cells, and what each cell showed, as text, by its number."""
    names, shown = {}, {}
    for number, cell in enumerate(CELLS):
        if cell.cell_type != "code" or (is_solution(cell) and not solutions):
            continue
        source = SEED_LINE.sub(f"SEED = {seed}", cell.source)
        for name, value in (answers or {}).items():
            source = re.sub(rf"^{name} = None", f"{name} = {value!r}", source, flags=re.MULTILINE)
        tree = ast.parse(source)
        last = tree.body.pop() if isinstance(tree.body[-1], ast.Expr) else None
        with threadpool_limits(1):
            exec(compile(tree, "exam", "exec"), names)
            if last:
                shown[number] = eval(compile(ast.Expression(last.value), "exam", "eval"), names)
    return names, shown


solved = cache(run)


def tables(shown):
    """What the questions show of the numbers of a seed."""
    return [str(value) for number, value in shown.items() if not is_solution(CELLS[number])]


def agree(one, other):
    if isinstance(one, str):
        return one == other
    one, other = np.ravel(one), np.ravel(other)
    return one.shape == other.shape and np.allclose(one, other, rtol=0.01)


def test_the_seed_stands_once_at_the_top():
    sources = [cell.source for cell in CELLS if cell.cell_type == "code"]
    assert len(SEED_LINE.findall("\n".join(sources))) == 1 and SEED_LINE.search(sources[0])


def test_another_seed_is_another_exam():
    shown = [tables(solved(seed)[1]) for seed in SEEDS]
    for task, versions in zip(TASKS, zip(*shown, strict=True), strict=True):
        assert len(set(versions)) > 1, task
    for task in TASKS:
        right = [solved(seed)[0]["RIGHT"][task] for seed in SEEDS]
        assert not all(agree(right[0], other) for other in right[1:]), task


@pytest.mark.parametrize("seed", SEEDS)
def test_a_known_mistake_gives_another_number(seed):
    """The solutions assert their own measurements while they run."""
    right, mistakes = (solved(seed)[0][name] for name in ("RIGHT", "MISTAKES"))
    assert list(right) == list(mistakes) == list(TASKS)
    for task in TASKS:
        assert mistakes[task] and not [name for name, value in mistakes[task].items() if agree(right[task], value)]
    named = {(1, "fan_out for fan_in"), (2, "variance for std"), (3, "factor 2 missing"), (4, "factor 2 missing")}
    assert not [(task, name) for task, name in named if name not in mistakes[task]]


def test_a_solution_finds_the_answer_that_was_given():
    right, mistakes = (solved(1)[0][name] for name in ("RIGHT", "MISTAKES"))
    answers = {f"answer_{task}": value for task, value in right.items() if task != 1}
    _, shown = run(1, answers={**answers, "answer_1": mistakes[1]["groups forgotten"]})
    keys = [str(value).splitlines()[1:] for number, value in shown.items() if is_solution(CELLS[number])]
    for task, lines in zip(TASKS, keys, strict=True):
        found = [line.split("  ")[0] for line in lines if line.endswith(" yes")]
        assert found == (["groups forgotten"] if task == 1 else ["right"]), task


def test_the_points_are_the_minutes():
    points = []
    for number, cell in enumerate(CELLS):
        points += re.findall(r"given\((\d+)", cell.source) if cell.cell_type == "code" and number > 1 else []
    assert len(points) == len(TASKS)
    for exam in EXAMS.values():
        minutes = re.search(r"(\d+)(?: minutes|분)", exam.cells[0].source)
        assert sum(map(int, points)) == int(minutes[1])


@pytest.mark.parametrize("answers", [None, {"answer_1": (100, 150)}])
def test_the_questions_run_alone(answers):
    """As a student runs them, with nothing filled in or one answer."""
    names, shown = run(2, solutions=False, answers=answers)
    assert len(shown) == len(TASKS) and "key" not in names
    assert names["answer_2"] is None and names["answer_1"] == (answers or {}).get("answer_1")


@pytest.mark.parametrize("edition", EDITIONS, ids=lambda edition: edition.language)
def test_the_questions_hold_no_answers(edition):
    (path,) = edition.exam
    questions = strip(path.read_text("utf8"), edition, answers=False)
    for cell in EXAMS[edition.language].cells:
        assert is_solution(cell) != (cell.id in questions)
    assert "right =" not in questions and "<details>" not in questions


# ---- the machinery: what is no page is looked after all the same ----


@pytest.fixture
def book(tmp_path):
    exam = notebook(text("# Exam"), code("6 * 7"))
    exam.metadata["language_info"] = {"name": "python"}
    pages = {name: {"index": "# Title\n\nWords.\n", "exam": exam} for name in ("en", "ko")}
    book = tiny_book.write(tmp_path, pages)
    tiny_book.write_toc(book, {"en": ["index"], "ko": ["index"]})
    return book


def change(book, language, **changes):
    path = book / "chapters" / language / EXAM
    exam = read(path)
    exam.cells[1].update(changes)
    path.write_text(tiny_book.nbformat.writes(exam), "utf8")


def faults(book):
    return [str(fault) for page in read_pages(read_editions(book)) for fault in rules.faults(page)]


def test_an_exam_is_no_page(book):
    for edition in read_editions(book):
        assert edition.pages == ("index",) and not edition.notebooks
        assert [path.name for path in edition.exam] == [EXAM]
    assert not faults(book)
    (book / "chapters" / "ko" / EXAM).unlink()
    with pytest.raises(SystemExit, match=r"chapters/ko/exam\.ipynb is missing"):
        read_editions(book)


def test_the_editions_of_an_exam_are_kept_in_step(book):
    change(book, "ko", source="6 * 8")
    assert [fault for fault in faults(book) if "exam.ipynb, cell 2: in_step: its code differs" in fault]
    with pytest.raises(SystemExit, match=r"chapters/ko/exam\.ipynb, cell 2: its code differs"):
        notebooks.main([], root=book)
    notebooks.main(["exam", "--from", "ko"], root=book)
    assert read(book / "chapters" / "en" / EXAM).cells[1].source == "6 * 8"


def test_git_holds_nothing_that_an_exam_prints(book):
    change(book, "en", execution_count=1)
    assert [fault for fault in faults(book) if "git holds what an exam prints" in fault]
    notebooks.main([], root=book)  # executes it, and leaves no output
    assert not faults(book)


def test_an_exam_that_fails_is_named(book):
    for language in ("en", "ko"):
        change(book, language, source="1 / 0")
    with pytest.raises(SystemExit, match=r"exam\.ipynb, cell 2 raised ZeroDivisionError"):
        notebooks.main([], root=book)


def test_no_page_links_to_an_exam(book):
    (book / "chapters" / "en" / "index.md").write_text("# Title\n\n[exam](exam.ipynb#task).\n", "utf8")
    assert [fault for fault in faults(book) if "index.md" in fault and "exam.ipynb" in fault]

"""What students and teachers get: no answers in the one set, all of them in the other, nothing half-written."""

import json
import re
import shutil

import nbformat
import pytest
import tiny_book
from tiny_book import code, notebook, text
from winit_book import handout
from winit_book.building.editions import EXAM, read_editions
from winit_book.building.execution import execute
from winit_book.building.stored import read
from winit_book.content import forms
from winit_book.paths import ROOT

EDITIONS = read_editions(ROOT)
ESSAY = """<!-- exercise: ex-why -->
**{}: why.** Say why.

<details><summary>{}</summary>

Think.

</details>

<details><summary>{}</summary>

- Because.

</details>"""


@pytest.fixture(scope="module")
def book(tmp_path_factory):
    pages = {}
    for language, words in {"en": ("Exercise", "Hint", "Rubric"), "ko": ("연습", "힌트", "채점 기준")}.items():
        run = code("1 + 1")
        run.outputs, run.execution_count = [nbformat.v4.new_output("execute_result", {"text/plain": "2"})], 1
        answer = text("<details><summary>Solution</summary>\n\nThe answer.\n\n</details>")
        answer.metadata["tags"] = ["solution"]
        cells = [text("# A"), run, text(ESSAY.format(*words)), answer, code("answer = 42", "solution")]
        exam = notebook(text("# Exam"), code("answer_1 = None"), code("right = 42", "solution"))
        pages[language] = {"index": "# Title\n\nWords.\n", "01_a": notebook(*cells), "exam": exam}
    book = tiny_book.write(tmp_path_factory.mktemp("handout"), pages)
    tiny_book.write_toc(book, {language: ["index", "01_a"] for language in pages})
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, book)
    return book


def names(folder):
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def test_students_get_no_answers(book, tmp_path):
    folder = handout.write(book, "student", tmp_path / "dist")
    assert folder == tmp_path / "dist" / "student"
    wheel = next(folder.glob("winit-*.whl")).name
    pages = [f"{language}/{name}" for language in ("en", "ko") for name in ("01_a.ipynb", "index.md")]
    assert names(folder) == sorted(["README.txt", wheel, *pages])
    readme = (folder / "README.txt").read_text("utf8")
    assert readme.count(f'python -m pip install "./{wheel}[notebooks]"') == 2
    for language, hint in (("en", "Hint"), ("ko", "힌트")):
        cells = read(folder / language / "01_a.ipynb").cells
        title, run, essay = cells
        assert (title.source, run.source, run.outputs, run.execution_count) == ("# A", "1 + 1", [], None)
        assert essay.source.endswith("</details>") and essay.source.count("<details>") == 1 and hint in essay.source


def test_teachers_get_everything(book, tmp_path):
    folder = handout.write(book, "teacher", tmp_path)
    for language in ("en", "ko"):
        for name in ("01_a.ipynb", EXAM):
            theirs, ours = folder / language / name, book / "chapters" / language / name
            assert theirs.read_text("utf8") == ours.read_text("utf8")
        questions = read(folder / language / handout.QUESTIONS)
        assert [cell.source for cell in questions.cells] == ["# Exam", "answer_1 = None"]


def test_nothing_half_written_stays(book, tmp_path, monkeypatch):
    folder = handout.write(book, "student", tmp_path)
    before = names(folder)
    (folder / "en" / "mine.txt").write_text("x", "utf8")  # of the old set, which a new one replaces whole

    def fail(*args, **kwargs):
        raise OSError("no space left")

    with monkeypatch.context() as patch:
        patch.setattr(handout, "strip", fail)
        with pytest.raises(OSError, match="no space"):
            handout.write(book, "student", tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["student"] and "en/mine.txt" in names(folder)
    assert names(handout.write(book, "student", tmp_path)) == before
    assert [path.name for path in tmp_path.iterdir()] == ["student"]


@pytest.mark.parametrize("kind", ["", "students"])
def test_an_unknown_set(kind, tmp_path):
    with pytest.raises(SystemExit, match=f"unknown set {kind!r}; choose one of student, teacher"):
        handout.main(kind, tmp_path)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("edition", EDITIONS, ids=lambda edition: edition.language)
def test_the_students_set_of_the_course(edition):
    files = handout.texts(edition, "student")
    assert files.keys() == {path.name for path in edition.sources} and EXAM not in files
    for path in edition.notebooks:
        cells = nbformat.reads(files[path.name], as_version=4).cells  # a sound notebook
        before = [cell for cell in read(path).cells if not forms.is_solution(cell)]
        assert [cell.id for cell in cells] == [cell.id for cell in before]
        assert not [cell for cell in cells if cell.cell_type == "code" and (cell.outputs or cell.execution_count)]
        shown = "\n".join(cell.source for cell in cells)
        assert f"<summary>{edition.catalogue['forms']['rubric']}</summary>" not in shown
        assert shown.count("<details>") == shown.count("</details>")
        left = re.findall(r"<!-- exercise: (\S+) -->", shown)
        assert left == re.findall(r"<!-- exercise: (\S+) -->", "\n".join(cell.source for cell in before))
    for name, content in files.items():
        for target in re.findall(r"\]\(([\w.]+\.(?:ipynb|md))", content):
            assert target in files, f"{name}: {target}"


@pytest.mark.parametrize("edition", EDITIONS, ids=lambda edition: edition.language)
def test_no_page_for_students_holds_the_exam(edition):
    """Not a task, not an answer: neither in a chapter nor in an appendix, which the site, zip and PDF are made of."""
    (path,) = edition.exam
    cells = [cell.source for cell in read(path).cells if cell.cell_type == "markdown"]
    sentences = {line for cell in cells for line in cell.splitlines() if len(line) > 60}
    assert len(sentences) > 20
    for source in edition.sources:
        written = source.read_text("utf8")
        assert not [line for line in sentences if line in written or json.dumps(line)[1:-1] in written], source


@pytest.mark.slow
@pytest.mark.parametrize("path", EDITIONS[0].notebooks, ids=lambda path: path.stem)
def test_a_students_notebook_runs_unfilled(path):
    notebook = nbformat.reads(handout.texts(EDITIONS[0], "student")[path.name], as_version=4)
    execute(notebook, path)

"""Every check accepts the worked solution, names each mistake it promises to know, and never raises.

The answers and the words they must get stand in `checks/`, one file for each module of `winit.check`.
"""

from importlib import import_module
from pathlib import Path

import nbformat
import pytest
from winit_book.building.editions import read_editions
from winit_book.paths import ROOT

from winit import check

SOLUTIONS = [
    pytest.param(path, number, id=f"{path.stem}-{number}")
    for path in read_editions(ROOT)[0].notebooks
    for number, cell in enumerate(nbformat.read(path, as_version=4).cells, 1)
    if "solution" in cell.metadata.get("tags", [])
]


EXERCISES = [getattr(check, name) for name in check.__all__]
MODULES = sorted({exercise.__module__.rpartition(".")[2] for exercise in EXERCISES})
CASES = [case for module in MODULES for case in import_module(f"checks.{module}").CASES]


def said(capsys, exercise, answer):
    assert exercise(answer) is None
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 1
    korean, english = lines[0][2:].rsplit(" / ", 1) if lines[0].count(" / ") == 1 else (lines[0], lines[0])
    assert any("가" <= letter <= "힣" for letter in korean) and english.strip()
    return lines[0]


@pytest.mark.parametrize("path, number", SOLUTIONS)
def test_worked_solutions_pass(path, number):
    cell = nbformat.read(path, as_version=4).cells[number - 1]
    assert "hide-cell" in cell.metadata.tags
    assert cell.metadata.jupyter.source_hidden
    assert cell.outputs[-1].text.splitlines()[-1].startswith("✓")


@pytest.mark.parametrize("exercise", EXERCISES)
def test_an_unfilled_answer(capsys, exercise):
    assert "not yet" in said(capsys, exercise, None)


@pytest.mark.parametrize("exercise, answer, words", CASES)
def test_what_a_check_recognises(capsys, exercise, answer, words):
    assert words in said(capsys, exercise, answer)


def test_every_exercise_has_its_cases():
    assert {exercise for exercise, *_ in CASES} == set(EXERCISES)
    assert sorted(path.stem for path in (Path(check.__file__).parent).glob("[!_]*.py")) == sorted([*MODULES, "answers"])

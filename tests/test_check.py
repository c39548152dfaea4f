"""Every check accepts the worked solution, names each mistake it promises to know, and never raises."""

import nbformat
import numpy as np
import pytest
from winit_book.editions import read_editions
from winit_book.page import ROOT

import winit
from winit import check

SOLUTIONS = [
    pytest.param(path, number, id=f"{path.stem}-{number}")
    for path in read_editions(ROOT)[0].notebooks
    for number, cell in enumerate(nbformat.read(path, as_version=4).cells, 1)
    if "solution" in cell.metadata.get("tags", [])
]


EXERCISES = [check.before_you_start, check.backward, check.fans_of, check.grouped, check.after_relu]


def solved(x, W, d):
    delta = d * (1 - np.tanh(x @ W) ** 2)
    return x.T @ delta, delta @ W.T


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


@pytest.mark.parametrize(
    "exercise, answer, words",
    [
        (check.fans_of, winit.fans, "✓"),
        (check.fans_of, lambda shape: winit.fans(shape)[::-1], "swapped"),
        (check.fans_of, lambda shape: winit.fans(shape, order="out_in"), "PyTorch's order"),
        (check.fans_of, lambda shape: (150, 150), "PyTorch's order"),
        (check.fans_of, lambda shape: shape[-2:], "receptive field"),
        (check.fans_of, lambda shape: (72, 250), "75, not 72"),
        (check.fans_of, lambda shape: shape[-1], "expected 2 number(s)"),
        (check.fans_of, lambda shape: shape.nothing, "AttributeError"),
        (check.fans_of, (75, 250), "must be a function"),
        (check.grouped, (100, 200), "✓"),
        (check.grouped, np.array([100, 200]), "✓"),
        (check.grouped, (100, 800), "what frameworks read"),
        (check.grouped, (400, 800), "without groups"),
        (check.grouped, (400, 200), "only fan_out is divided"),
        (check.grouped, (200, 100), "swapped"),
        (check.grouped, (4, 8), "receptive field"),
        (check.grouped, (100, 400), "answer, number 2: 2 times"),
        (check.grouped, 100, "expected 2 number(s)"),
        (check.grouped, "hundred", "expected 2 number(s)"),
        (check.grouped, [[9], [9, 9]], "expected 2 number(s)"),
        (check.grouped, (float("nan"), 9), "expected 2 number(s)"),
        (check.before_you_start, (11, 5, 0.1732, 0.25, 1), "✓"),
        (check.before_you_start, (5, 5, 0.1732, 0.25, 1), "square the 2, and add"),
        (check.before_you_start, (7, 5, 0.1732, 0.25, 1), "square the 2"),
        (check.before_you_start, (-1, 5, 0.1732, 0.25, 1), "even in a difference"),
        (check.before_you_start, (11, 0.5, 0.1732, 0.25, 1), "use E[x²]"),
        (check.before_you_start, (11, 5, 0.03, 0.25, 1), "square root"),
        (check.before_you_start, (11, 5, 0.0866, 0.25, 1), "0.6 long"),
        (check.before_you_start, (11, 5, 0.1732, 0.5, 1), "that is σ(0)"),
        (check.before_you_start, (11, 5, 0.1732, 1, 1), "that is tanh"),
        (check.before_you_start, (11, 5, 0.1732, 0.25, -1), "row and column"),
        (check.before_you_start, (11, 5, 0.1732, 0.25, 3), "question 5: 3 times"),
        (check.before_you_start, (11, 5), "expected 5 number(s)"),
        (check.backward, solved, "✓"),
        (check.backward, lambda x, W, d: (x.T @ d, d @ W.T), "dL/dW: the factor f'(z) is missing"),
        (check.backward, lambda x, W, d: (solved(x, W, d)[0], d @ W.T), "dL/dx: the factor f'(z) is missing"),
        (check.backward, lambda x, W, d: [part.T for part in solved(x, W, d)], "in rows it is xᵀδ"),
        (check.backward, lambda x, W, d: [part / len(x) for part in solved(x, W, d)], "number of samples"),
        (check.backward, lambda x, W, d: (solved(x, W, d)[0] + 1, 0), "dL/dW: the values are off"),
        (check.backward, lambda x, W, d: (0, 0), "the shape is (), not (3, 2)"),
        (check.backward, lambda x, W, d: solved(x, W, d)[::-1], "wrong order"),
        (check.backward, lambda x, W, d: solved(x, W, d)[:1], "return two arrays, got 1"),
        (check.backward, lambda x, W, d: d @ W, "ValueError"),
        (check.backward, 3, "TypeError"),
        (check.after_relu, 0.0707, "✓"),
        (check.after_relu, 0.005, "square root"),
        (check.after_relu, 0.05, "second moment of the input is not 1"),
        (check.after_relu, 0.0857, "use E[x²]"),
        (check.after_relu, 0.1414, "fan_out"),
        (check.after_relu, 0.1, "answer: 1.41 times"),
        (check.after_relu, object(), "expected 1 number(s)"),
    ],
)
def test_what_a_check_recognises(capsys, exercise, answer, words):
    assert words in said(capsys, exercise, answer)

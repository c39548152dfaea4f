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


@pytest.mark.parametrize("exercise", [check.fans_of, check.depthwise, check.after_relu])
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
        (check.fans_of, lambda shape: (72, 250) if len(shape) == 4 else winit.fans(shape), "0.96 times"),
        (check.fans_of, lambda shape: shape[-1], "expected 2 number(s)"),
        (check.fans_of, lambda shape: shape.nothing, "AttributeError"),
        (check.fans_of, (75, 250), "must be a function"),
        (check.depthwise, (9, 9), "✓"),
        (check.depthwise, np.array([9, 9]), "✓"),
        (check.depthwise, (9, 72), "PyTorch's reading"),
        (check.depthwise, (72, 9), "Keras's reading"),
        (check.depthwise, (72, 72), "use groups"),
        (check.depthwise, (8, 8), "counted channels"),
        (check.depthwise, (9, 18), "number 2 is 2 times"),
        (check.depthwise, 9, "expected 2 number(s)"),
        (check.depthwise, "nine", "expected 2 number(s)"),
        (check.depthwise, [[9], [9, 9]], "expected 2 number(s)"),
        (check.depthwise, (float("nan"), 9), "expected 2 number(s)"),
        (check.after_relu, 0.0707, "✓"),
        (check.after_relu, 0.005, "square root"),
        (check.after_relu, 0.05, "second moment of the input is not 1"),
        (check.after_relu, 0.0857, "use E[x²]"),
        (check.after_relu, 0.1414, "fan_out"),
        (check.after_relu, 0.1, "1.41 times"),
        (check.after_relu, object(), "expected 1 number(s)"),
    ],
)
def test_what_a_check_recognises(capsys, exercise, answer, words):
    assert words in said(capsys, exercise, answer)

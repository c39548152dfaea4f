"""Chapter 00: the test at its end, and one step back through a layer."""

from __future__ import annotations

import math

import numpy as np

from .function import function
from .record import TRANSPOSED, VARIANCE, Words, numbers

ADD: Words = ("뺄셈에서도 분산은 더합니다.", "Variances add, even in a difference.")
BOTH: Words = ("2를 제곱하고, 뺄 때에도 분산은 더합니다.", "Square the 2, and add even in a difference.")

before_you_start = numbers(
    "The five numbers of the test.",
    (("1번 문제", "Question 1"), 11, {1: BOTH, 5: BOTH, 7: ("2를 제곱하세요.", "Square the 2."), -1: ADD}),
    (
        ("2번 문제", "Question 2"),
        5,
        {0.5: ("x의 평균이 0이 아닙니다. E[x²]을 쓰세요.", "The mean of x is not 0: use E[x²].")},
    ),
    (
        ("3번 문제", "Question 3"),
        0.3 / math.sqrt(3),
        {0.03: VARIANCE, 0.3 / math.sqrt(12): ("구간의 길이는 0.6입니다.", "The interval is 0.6 long.")},
    ),
    (
        ("4번 문제", "Question 4"),
        0.25,
        {
            0.5: ("σ(0)입니다. 미분값을 구하세요.", "That is σ(0): take the derivative."),
            1: ("tanh의 미분값입니다.", "That is the derivative of tanh."),
        },
    ),
    (("5번 문제", "Question 5"), 1, {-1: ("행과 열이 바뀌었습니다.", "Row and column are swapped.")}),
)


def _backward(x, W, d, *, slope=1, rows=1):
    delta = d * (1 - slope * np.tanh(x @ W) ** 2)
    return x.T @ delta / rows, delta @ W.T / rows


def _transposed(x, W, d):
    dW, dx = _backward(x, W, d)
    return dW.T, dx


backward = function(
    "(x, W, dL/dh) -> (dL/dW, dL/dx) for h = tanh(x @ W).",
    ("dL/dW", "dL/dx"),
    _backward,
    [{"x": [[1, 2], [3, 1]], "W": [[0.5], [-1]], "d": [[1], [2]]}],
    [
        ({"slope": 0}, ("f'(z)를 곱하지 않았습니다.", "The factor f'(z) is missing.")),
        ({"rows": 2}, ("표본 수로 나누지 마세요.", "Do not divide by the number of samples.")),
        (lambda *given: _backward(*given)[::-1], ("돌려주는 순서가 바뀌었습니다.", "The two are in the wrong order.")),
        (_transposed, ("전치되었습니다. 행 벡터에서는 xᵀδ입니다.", "It is transposed: in rows it is xᵀδ.")),
        (lambda *given: (_backward(*given)[0], _backward(*given)[1].T), TRANSPOSED),
    ],
)

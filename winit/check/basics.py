"""Chapter 00: the test at its end, and one step back through a layer."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from .answers import NOT_YET, RIGHT, TRANSPOSED, VARIANCE, Says, array_fault, judge_each, raised, say

ADD: Says = ("뺄셈에서도 분산은 더합니다", "variances add, even in a difference")


def before_you_start(answer: tuple[float, ...] | None) -> None:
    """Chapter 00: the five numbers of the test."""
    judge_each(
        answer,
        (
            ("1번 문제", "question 1"),
            11,
            dict.fromkeys(
                (1, 5), ("2를 제곱하고, 뺄 때에도 분산은 더합니다", "square the 2, and add even in a difference")
            )
            | {7: ("2를 제곱하세요", "square the 2"), -1: ADD},
        ),
        (
            ("2번 문제", "question 2"),
            5,
            {0.5: ("x의 평균이 0이 아닙니다. E[x²]을 쓰세요", "the mean of x is not 0: use E[x²]")},
        ),
        (
            ("3번 문제", "question 3"),
            0.3 / math.sqrt(3),
            {0.03: VARIANCE, 0.3 / math.sqrt(12): ("구간의 길이는 0.6입니다", "the interval is 0.6 long")},
        ),
        (
            ("4번 문제", "question 4"),
            0.25,
            {
                0.5: ("σ(0)입니다. 미분값을 구하세요", "that is σ(0): take the derivative"),
                1: ("tanh입니다", "that is tanh"),
            },
        ),
        (("5번 문제", "question 5"), 1, {-1: ("행과 열이 바뀌었습니다", "row and column are swapped")}),
    )


def backward(answer: Callable | None) -> None:
    """Chapter 00: ``(x, W, dL/dh) -> (dL/dW, dL/dx)`` for ``h = tanh(x @ W)``."""
    if answer is None:
        return say("…", NOT_YET)
    rng = np.random.default_rng(0)
    x, W, d = rng.standard_normal((4, 3)), rng.standard_normal((3, 2)), rng.standard_normal((4, 2))
    delta = d * (1 - np.tanh(x @ W) ** 2)
    right = x.T @ delta, delta @ W.T
    try:
        got = [np.asarray(part, float) for part in answer(x, W, d)]
    except Exception as error:
        return say("✗", raised("answer(x, W, d)", error))
    if len(got) != 2:
        return say("✗", ("배열 두 개를 돌려주세요", f"return two arrays, got {len(got)}"))
    slope_missing: Says = ("f'(z)를 곱하지 않았습니다", "the factor f'(z) is missing")
    mistakes = {
        "dL/dW": [
            (x.T @ d, slope_missing),
            (delta.T @ x, ("전치되었습니다. 행 벡터에서는 xᵀδ입니다", "it is transposed: in rows it is xᵀδ")),
            (right[0] / len(x), ("표본 수로 나누지 마세요", "do not divide by the number of samples")),
        ],
        "dL/dx": [(d @ W.T, slope_missing), (right[1].T, TRANSPOSED)],
    }
    if all(part.shape == wanted.shape and np.allclose(part, wanted) for part, wanted in zip(got, right[::-1])):
        return say("✗", ("돌려주는 순서가 바뀌었습니다", "the two are in the wrong order"))
    for part, wanted, (name, known) in zip(got, right, mistakes.items()):
        if fault := array_fault(part, wanted, known):
            return say("✗", tuple(f"{name}: {words}" for words in fault))
    return say("✓", RIGHT)

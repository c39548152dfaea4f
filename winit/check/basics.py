"""Chapter 00: the test at its end, and one step back through a layer."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from .answers import NOT_YET, RIGHT, Says, matches, numbers, raised, say, wrong

ADD: Says = ("뺄셈에서도 분산은 더합니다", "variances add, even in a difference")


def before_you_start(answer: tuple[float, ...] | None) -> None:
    """Chapter 00: the five numbers of the test."""
    if answer is None:
        return say("…", NOT_YET)
    right = (11, 5, 0.3 / math.sqrt(3), 0.25, 1)
    mistakes = (
        dict.fromkeys((1, 5), ("2를 제곱하고, 뺄 때에도 분산은 더합니다", "square the 2, and add even in a difference"))
        | {7: ("2를 제곱하세요", "square the 2"), -1: ADD},
        {0.5: ("x의 평균이 0이 아닙니다. E[x²]을 쓰세요", "the mean of x is not 0: use E[x²]")},
        {0.03: ("분산입니다. 제곱근을 취하세요", "that is the variance: take the square root")}
        | {0.3 / math.sqrt(12): ("구간의 길이는 0.6입니다", "the interval is 0.6 long")},
        {
            0.5: ("σ(0)입니다. 미분값을 구하세요", "that is σ(0): take the derivative"),
            1: ("tanh입니다", "that is tanh"),
        },
        {-1: ("행과 열이 바뀌었습니다", "row and column are swapped")},
    )
    given = numbers(answer)
    if given is None or given.shape != (5,):
        return wrong(answer, right, {})
    for question, (number, wanted, known) in enumerate(zip(given, right, mistakes), 1):
        if not matches(number, wanted):
            return wrong(number, wanted, known, f"{question}번 문제", f"question {question}")
    return say("✓", RIGHT)


def backward(answer: Callable | None) -> None:
    """Chapter 00: ``(x, W, dL/dh) -> (dL/dW, dL/dx)`` for ``h = tanh(x @ W)``."""
    if answer is None:
        return say("…", NOT_YET)
    rng = np.random.default_rng(0)
    x, W, d = rng.standard_normal((4, 3)), rng.standard_normal((3, 2)), rng.standard_normal((4, 2))
    slope = 1 - np.tanh(x @ W) ** 2
    delta = d * slope
    right = x.T @ delta, delta @ W.T
    try:
        got = [np.asarray(part, float) for part in answer(x, W, d)]
    except Exception as error:
        return say("✗", raised("answer(x, W, d)", error))
    if len(got) != 2:
        return say("✗", ("배열 두 개를 돌려주세요", f"return two arrays, got {len(got)}"))
    mistakes = {
        "dL/dW": [
            (x.T @ d, ("f'(z)를 곱하지 않았습니다", "the factor f'(z) is missing")),
            (delta.T @ x, ("전치되었습니다. 행 벡터에서는 xᵀδ입니다", "it is transposed: in rows it is xᵀδ")),
            (right[0] / len(x), ("표본 수로 나누지 마세요", "do not divide by the number of samples")),
        ],
        "dL/dx": [
            (d @ W.T, ("f'(z)를 곱하지 않았습니다", "the factor f'(z) is missing")),
            ((delta @ W.T).T, ("전치되었습니다", "it is transposed")),
        ],
    }
    if all(part.shape == wanted.shape and np.allclose(part, wanted) for part, wanted in zip(got, right[::-1])):
        return say("✗", ("돌려주는 순서가 바뀌었습니다", "the two are in the wrong order"))
    for part, wanted, (name, known) in zip(got, right, mistakes.items()):
        if part.shape == wanted.shape and np.allclose(part, wanted):
            continue
        for mistake, words in known:
            if part.shape == mistake.shape and np.allclose(part, mistake):
                return say("✗", tuple(f"{name}: {word}" for word in words))
        if part.shape != wanted.shape:
            words = (
                f"모양이 {part.shape}입니다. {wanted.shape}이어야 합니다",
                f"the shape is {part.shape}, not {wanted.shape}",
            )
            return say("✗", tuple(f"{name}: {word}" for word in words))
        return say("✗", (f"{name}: 값이 다릅니다", f"{name}: the values are off"))
    return say("✓", RIGHT)

"""Chapter 09: depth scales, data-driven scales and residual branches."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from .answers import judge, judge_array


def depth_scale(answer: float | None) -> None:
    """Chapter 09: ξ = -1 / ln χ₁ at χ₁ = 0.9."""
    right = -1 / math.log(0.9)
    mistakes = {
        1 / (1 - 0.9): ("근삿값입니다. 로그를 쓰세요", "that is the linear approximation: take the logarithm"),
        -math.log(0.9): ("역수입니다", "that is one over it"),
        2 * right: ("χ₁은 제곱의 배수입니다", "χ₁ is the factor of the square, not of the RMS"),
        -right: ("부호가 반대입니다", "the sign is wrong"),
        -1 / math.log10(0.9): ("자연로그를 쓰세요", "take the natural logarithm"),
    }
    judge(answer, right, mistakes)


def one_pass(answer: Callable | None) -> None:
    """Chapter 09: ``(W, h) -> W'``, rescaled so that ``(h @ W').std()`` is 1."""
    rng = np.random.default_rng(0)
    W, h = rng.standard_normal((20, 30)), 1 + 3 * rng.standard_normal((50, 20))
    z = h @ W
    mistakes = [
        (W / z.var(), ("분산으로 나누었습니다. 표준편차로 나누세요", "divided by the variance: take the deviation")),
        (W * z.std(), ("나누지 않고 곱했습니다", "multiplied where you should divide")),
        (W, ("가중치가 그대로입니다", "the weights are unchanged")),
        (W / W.std(), ("가중치의 표준편차가 아니라 h @ W의 표준편차입니다", "that fits W itself, not h @ W")),
        (W / z.std(axis=0), ("유닛마다 나누었습니다. 하나의 수로 나누세요", "one factor per unit: use a single one")),
        (
            W / np.sqrt(np.mean(z**2)),
            ("RMS입니다. 평균이 0이 아닐 수 있습니다", "the RMS: the mean may not be 0"),
        ),
    ]

    def otherwise(got):
        spread = (h @ got).std()
        return f"h @ W'의 표준편차가 {spread:.3g}입니다", f"the deviation of h @ W' is {spread:.3g}"

    judge_array(answer, {"W": W, "h": h}, W / z.std(), mistakes, otherwise)


def branches(answer: float | None) -> None:
    """Chapter 09: s with (1 + s²)²⁴ = 2."""
    square = 2 ** (1 / 24) - 1
    mistakes = {
        square: ("s²입니다. 제곱근을 취하세요", "that is s²: take the square root"),
        24**-0.5: ("그러면 e에 가까워집니다. 2배가 되어야 합니다", "that grows to almost e, not to 2"),
        1 / 24: ("1/L은 너무 작습니다. 분산의 배수는 1 + s²입니다", "1/L is too small: a block multiplies by 1 + s²"),
        2 ** (1 / 24): ("블록 하나의 배수입니다", "that is the factor of one block"),
        2 ** (1 / 48): ("블록 하나의 배수의 제곱근입니다. 1을 빼세요", "subtract 1 before the square root"),
    }
    judge(answer, math.sqrt(square), mistakes)

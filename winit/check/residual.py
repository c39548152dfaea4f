"""Chapter 10: residual branches, a rate for every width, and data-driven scales."""

from __future__ import annotations

import math

import numpy as np

from .function import function, off_shape
from .record import Fault, number, numbers


def _factor(scaled, W, h):
    """What the weights were multiplied by, of whatever sign and however the data were measured."""
    if np.shape(scaled) != W.shape:
        raise Fault(off_shape("W'", np.shape(scaled), W.shape))
    return (h @ np.asarray(scaled, float)).std() / (h @ W).std()


one_pass = function(
    "(W, h) -> W', rescaled so that (h @ W').std() is 1. The page asks for the factor.",
    ("W' / W",),
    lambda W, h, *, ddof=0: 1 / (h @ W).std(ddof=ddof),
    [{"W": [[1, 2], [0, 1]], "h": [[1, 0], [0, 1], [2, 1]]}],
    [
        (
            lambda W, h: 1 / (h @ W).var(),
            ("분산이 아니라 표준편차로 나누세요.", "Divide by the standard deviation, not the variance."),
        ),
        (lambda W, h: (h @ W).std(), ("나누지 않고 곱했습니다.", "This is multiplied where you should divide.")),
        (lambda W, h: 1, ("가중치가 그대로입니다.", "The weights are unchanged.")),
        (
            lambda W, h: 1 / W.std(),
            ("가중치의 표준편차가 아니라 h @ W의 표준편차로 나누세요.", "That fits W itself, not h @ W."),
        ),
        (
            lambda W, h: (h @ W / (h @ W).std(axis=0)).std() / (h @ W).std(),
            ("유닛마다 나누었습니다. 하나의 수로 나누세요.", "That is one factor per unit: use a single one."),
        ),
        (
            lambda W, h: np.mean((h @ W) ** 2) ** -0.5,
            ("RMS로 나누었습니다. 평균이 0이 아닐 수 있습니다.", "That is the RMS, but the mean may not be 0."),
        ),
    ],
    also=[{"ddof": 1}],
    read=_factor,
)

SQUARE = 2 ** (1 / 24) - 1

branches = number(
    "s with (1 + s²)²⁴ = 2.",
    math.sqrt(SQUARE),
    {
        SQUARE: ("s²입니다. 제곱근을 취하세요.", "That is s²: take its square root."),
        24**-0.5: ("그러면 e배에 가까워집니다. 2배가 되어야 합니다.", "That grows to almost e, not to 2."),
        1 / 24: ("1/L은 너무 작습니다. 분산의 배수는 1 + s²입니다.", "1/L is too small: a block multiplies by 1 + s²."),
        2 ** (1 / 24): ("블록 하나의 배수입니다.", "That is the factor of one block."),
        2 ** (1 / 48): ("블록 하나의 배수의 제곱근입니다. 1을 먼저 빼세요.", "Subtract 1 before the square root."),
    },
)

FIXED = ("첫 층의 합은 너비와 관계없이 길이가 같습니다.", "The sum of the first layer is as long at every width.")
transferred = numbers(
    "Adam's rates and the last layer's std from width 128 to 2048, in the maximal update parametrization.",
    (("첫 층의 학습률", "rate, first layer"), 0.002, {0.002 / 16: FIXED, 0.002 * 16: FIXED}),
    (
        ("은닉층의 학습률", "rate, hidden layers"),
        0.002 / 16,
        {
            0.002: ("은닉층의 학습률은 너비에 반비례합니다.", "The rate of hidden layers goes as 1/n."),
            0.002 / 4: ("1/√n이 아니라 1/n에 비례합니다.", "It goes as 1/n, not as 1/√n."),
            0.002 / 256: ("1/n²이 아니라 1/n에 비례합니다.", "It goes as 1/n, not as 1/n²."),
        },
    ),
    (
        ("마지막 층의 표준편차", "std, last layer"),
        0.02 / 16,
        {
            0.02 / 256: (
                "분산이 1/n²에 비례하므로 표준편차는 1/n에 비례합니다.",
                "The variance goes as 1/n², so the std goes as 1/n.",
            ),
            0.02 / 4: (
                "분산이 1/n일 때의 값입니다. 여기서는 1/n²에 비례합니다.",
                "That is for a variance of 1/n; here it is 1/n².",
            ),
            0.02: (
                "마지막 층의 표준편차도 너비에 따라 줄어듭니다.",
                "The std of the last layer shrinks with the width, too.",
            ),
        },
    ),
)

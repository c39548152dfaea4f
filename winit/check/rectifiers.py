"""Chapter 04: the scale of weights behind a ReLU."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from .answers import FAN_OUT, VARIANCE, Says, judge

FROM_TWO: Says = (
    "곱은 l = 2에서 시작합니다. 첫 층 앞에는 ReLU가 없습니다",
    "the product starts at l = 2: no ReLU stands before the first layer",
)


def leaky_std(answer: float | None) -> None:
    """Chapter 04: the weights' standard deviation for leaky ReLU, slope 0.3, from 300 to 100 units."""
    right = math.sqrt(2 / (1.09 * 300))
    slope_squared: Says = ("기울기를 제곱하세요. E[f²]에는 a²이 들어갑니다", "square the slope: E[f²] holds a²")
    mistakes = {
        right**2: VARIANCE,
        math.sqrt(2 / 300): (
            "ReLU의 값입니다. 왼쪽 절반도 a²배 남습니다",
            "that is for ReLU: the left half stays, a² times",
        ),
        math.sqrt(2 / (1.3 * 300)): slope_squared,
        math.sqrt(2 / (1.3**2 * 300)): (
            "(1 + a)²이 아니라 1 + a²입니다",
            "it is 1 + a², not (1 + a)²",
        ),
        math.sqrt(2 * 1.09 / 300): ("1 + a²으로 곱하지 말고 나누세요", "divide by 1 + a², do not multiply"),
        math.sqrt(2 / (1.09 * 100)): FAN_OUT,
        math.sqrt(1 / (1.09 * 300)): ("절반을 되돌리는 2가 빠졌습니다", "the 2 that gives back the half is missing"),
    }
    judge(answer, right, mistakes)


def depth_ratio(answer: float | None) -> None:
    """Chapter 04: z_22/z_1 of a ReLU network of equal widths with Var[W] = 1/n."""
    mistakes = {
        2**-11: FROM_TWO,
        2**-21: (
            "2차 모멘트의 비율입니다. RMS는 그 제곱근입니다",
            "that is the ratio of second moments: the RMS is its root",
        ),
        2**-22: (
            "층마다 절반인 것은 2차 모멘트이고, 곱은 l = 2에서 시작합니다",
            "it is the second moment that halves a layer, and the product starts at l = 2",
        ),
        2**10.5: ("분자와 분모가 뒤바뀌었습니다", "it is upside down"),
        (0.5 - 1 / (2 * math.pi)) ** 10.5: ("Var[h]가 아니라 E[h²]을 쓰세요", "use E[h²], not Var[h]"),
        1: ("He의 값입니다. 여기서는 Var[W] = 1/n입니다", "that is He's: here Var[W] = 1/n"),
    }
    judge(answer, 2**-10.5, mistakes)


def unit_layers(answer: Sequence[float] | None) -> None:
    """Chapter 04: the standard deviations that make E[z²] = 1 in each layer of 784 → 400 → 200 → 10."""

    def stds(*variances: float) -> tuple[float, ...]:
        return tuple(np.sqrt(variances).tolist())

    right = stds(1 / 784, 2 / 400, 2 / 200)
    mistakes = {
        stds(2 / 784, 2 / 400, 2 / 200): (
            "첫 층의 입력은 ReLU를 지나지 않았습니다. E[z₁²]이 2가 됩니다",
            "the input of the first layer went through no ReLU: E[z₁²] would be 2",
        ),
        stds(1 / 784, 1 / 400, 1 / 200): (
            "ReLU가 2차 모멘트를 절반으로 줄입니다",
            "ReLU halves the second moment",
        ),
        stds(1 / 400, 2 / 200, 2 / 10): FAN_OUT,
        stds(2 / 400, 2 / 200, 2 / 10): FAN_OUT,
        tuple(std**2 for std in right): ("분산입니다. 제곱근을 취하세요", "these are variances: take the square roots"),
    }
    judge(answer, right, mistakes)


def either_fan(answer: tuple[float, float] | None) -> None:
    """Chapter 04: what fan_in leaves backward and fan_out forward in widths 784 → 800 → 400 → 100."""
    mistakes = {
        (8, 0.125): ("두 비율이 뒤바뀌었습니다", "the two ratios are the wrong way round"),
        (100 / 784, 784 / 100): FROM_TWO,
        (math.sqrt(1 / 8), math.sqrt(8)): (
            "RMS의 비율입니다. 묻는 것은 2차 모멘트입니다",
            "those are ratios of RMS: the question is about second moments",
        ),
        (1, 1): (
            "고른 방향만 1입니다. 묻는 것은 다른 방향입니다",
            "only the direction you serve stays 1: the question is about the other",
        ),
        (1 / 8, 1 / 8): ("팬아웃에서는 n₁/n_L입니다", "with fan_out it is n₁/n_L"),
    }
    judge(answer, (1 / 8, 8), mistakes)

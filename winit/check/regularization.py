"""Chapter 08: weight decay, and dropout as a factor and as a penalty."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from .answers import FAN_OUT, VARIANCE, judge, judge_array


def decayed(answer: float | None) -> None:
    """Chapter 08: what 500 steps of SGD with λ‖w‖², λ = 0.002 and η = 0.1, leave of a weight."""
    factor = 1 - 2 * 0.1 * 0.002
    mistakes = {
        (1 - 0.1 * 0.002) ** 500: (
            "½이 붙은 벌점의 값입니다. λ‖w‖²의 기울기는 2λw입니다",
            "that is for a penalty with ½: the gradient of λ‖w‖² is 2λw",
        ),
        factor: ("한 걸음의 배수입니다. 500번 곱하세요", "that is the factor of one step: take 500"),
        1 - 500 * (1 - factor): (
            "빼지 말고 곱하세요. 줄어드는 양도 함께 줄어듭니다",
            "multiply, do not subtract: what a step takes shrinks as well",
        ),
        1 - factor**500: (
            "줄어든 몫입니다. 남은 몫을 물었습니다",
            "that is what is lost: the question is what is left",
        ),
        (1 - 2 * 0.002) ** 500: ("학습률이 빠졌습니다", "the learning rate is missing"),
        factor**1000: ("제곱의 배수입니다", "that is the factor of the square"),
    }
    judge(answer, factor**500, mistakes)


def dropout_std(answer: float | None) -> None:
    """Chapter 08: the critical standard deviation behind ReLU and dropout 0.2, from 400 to 300 units."""
    right = math.sqrt(2 * 0.8 / 400)
    mistakes = {
        right**2: VARIANCE,
        math.sqrt(2 / 400): ("드롭아웃이 없을 때의 값입니다", "that is He's, without dropout"),
        math.sqrt(2 / (0.8 * 400)): ("1-p로 나누지 말고 곱하세요", "multiply by 1-p, do not divide"),
        math.sqrt(2 * 0.2 / 400): ("p가 아니라 1-p입니다", "it is 1-p, not p"),
        math.sqrt(2 * 0.8 / 300): FAN_OUT,
        math.sqrt(0.8 / 400): ("ReLU의 2가 빠졌습니다", "the 2 of ReLU is missing"),
        math.sqrt(2 * 0.8**2 / 400): ("1-p를 두 번 곱했습니다", "1-p was multiplied twice"),
    }
    judge(answer, right, mistakes)


def without_masks(answer: Callable | None) -> None:
    """Chapter 08: ``(X, y, p) -> w``, the least expected squared error of linear regression with dropout."""
    rng, p = np.random.default_rng(0), 0.3
    X = rng.standard_normal((30, 4)) * [1, 2, 3, 4] + 1
    y = X @ np.array([1, -1, 2, 0.5]) + rng.standard_normal(30)
    gram, rate = X.T @ X, p / (1 - p)
    scale = np.diag(np.diag(gram))

    def solve(penalty):
        return np.linalg.solve(gram + penalty, X.T @ y)

    mistakes = [
        (solve(0 * scale), ("벌점이 없는 최소제곱입니다", "that is least squares without a penalty")),
        (
            solve(rate * np.eye(4)),
            ("보통의 L2입니다. 벌점에 Σx²이 빠졌습니다", "that is plain L2: Σx² is missing"),
        ),
        (solve(rate * gram), ("대각 원소만 쓰세요", "use the diagonal only")),
        (solve(scale / rate), ("p와 1-p가 뒤바뀌었습니다", "p and 1-p are the wrong way round")),
        (solve(p * scale), ("1-p로 나누지 않았습니다", "the division by 1-p is missing")),
        (solve(p * (1 - p) * scale), ("(1-p)²으로 나누지 않았습니다", "the division by (1-p)² is missing")),
        (solve(2 * rate * scale), ("2는 양변에서 지워집니다", "the 2 cancels on both sides")),
        (solve(rate * scale / 30), ("Σ이지 평균이 아닙니다", "it is the sum over samples, not the mean")),
    ]
    right, arguments = solve(rate * scale), {"X": X, "y": y, "p": p}
    judge_array(answer, arguments, right, mistakes, lambda w: ("w의 값이 다릅니다", "the values of w are off"))

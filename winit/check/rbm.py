"""Chapter 07: restricted Boltzmann machines, and what fine-tuning takes from them."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from .answers import TRANSPOSED, is_function, judge, judge_array


def log_probability(answer: float | None) -> None:
    """Chapter 07: log p(v) of v = (1, 0) under W = (2, -1), b = (0, 1), c = -1."""
    minus_f = {v: v[1] + math.log1p(math.exp(-1 + 2 * v[0] - v[1])) for v in ((0, 0), (1, 0), (0, 1), (1, 1))}
    log_z, own = math.log(sum(map(math.exp, minus_f.values()))), minus_f[1, 0]
    mistakes = {
        own: ("log Z를 빼지 않았습니다", "log Z is not subtracted"),
        log_z - own: ("부호가 반대입니다", "the sign is the other way round"),
        -own - log_z: ("-F(v)이어야 합니다. F(v)를 더했습니다", "it is -F(v) that counts, not F(v)"),
        math.exp(own - log_z): ("확률입니다. 로그를 취하세요", "that is the probability: take the logarithm"),
        log_z: ("log Z뿐입니다", "that is log Z alone"),
    }
    judge(answer, own - log_z, mistakes)


def cd_step(answer: Callable | None) -> None:
    """Chapter 07: a function from v_0, v_1, W and c to what CD-1 adds to W."""
    if not is_function(answer):
        return
    rng = np.random.default_rng(0)
    v_0, v_1 = rng.integers(0, 2, (2, 5, 4)).astype(float)
    W, c = rng.standard_normal((4, 3)), rng.standard_normal(3)

    def rule(v_0, v_1, c):
        p_0, p_1 = (1 / (1 + np.exp(-(v @ W + c))) for v in (v_0, v_1))
        return (v_0.T @ p_0 - v_1.T @ p_1) / len(v_0)

    right = rule(v_0, v_1, c)
    mistakes = [
        (right.T, TRANSPOSED),
        (-right, ("부호가 반대입니다. 데이터에서 표본을 뺍니다", "the sign is reversed: data minus samples")),
        (right * len(v_0), ("행의 수로 나누지 않았습니다", "divide by the number of rows")),
        (rule(v_0, v_1, 0), ("은닉 편향 c가 빠졌습니다", "the hidden biases c are missing")),
        (rule(v_0, 0 * v_1, c), ("표본의 상관을 빼지 않았습니다", "the correlation of the samples is missing")),
        (
            (v_0.T @ (v_0 @ W + c) - v_1.T @ (v_1 @ W + c)) / len(v_0),
            ("시그모이드를 지나지 않았습니다", "the sigmoid is missing"),
        ),
    ]
    judge_array(answer, {"v_0": v_0, "v_1": v_1, "W": W, "c": c}, right, mistakes)


def carried_over(answer: tuple[int, int, int] | None) -> None:
    """Chapter 07: the numbers a classifier takes from four RBMs, those dropped, and the new ones."""
    W, b, c, new = 4 * 64 * 64, 4 * 64, 4 * 64, 64 * 10 + 10
    mistakes = {
        (W, b + c, new): ("은닉 편향 c는 넘어갑니다", "the hidden biases c are carried over"),
        (W, b, new): ("은닉 편향 c를 세지 않았습니다", "the hidden biases c are not counted"),
        (W + b + c, 0, new): (
            "가시 유닛의 편향 b는 내려올 때만 씁니다",
            "the visible biases b serve the way down only",
        ),
        (W + c, b, 640): ("출력층의 편향을 세지 않았습니다", "the biases of the output layer are not counted"),
        (W + c, b, 0): ("출력층은 RBM에서 오지 않습니다", "the output layer comes from no RBM"),
    }
    judge(answer, (W + c, b, new), mistakes)

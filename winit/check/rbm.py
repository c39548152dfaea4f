"""Chapter 07: restricted Boltzmann machines, and what fine-tuning takes from them."""

from __future__ import annotations

import math

import numpy as np

from .function import function
from .record import TRANSPOSED, number, numbers

MINUS_F = {v: v[1] + math.log1p(math.exp(-1 + 2 * v[0] - v[1])) for v in ((0, 0), (1, 0), (0, 1), (1, 1))}
LOG_Z, OWN = math.log(sum(map(math.exp, MINUS_F.values()))), MINUS_F[1, 0]

log_probability = number(
    "log p(v) of v = (1, 0) under W = (2, -1), b = (0, 1), c = -1.",
    OWN - LOG_Z,
    {
        OWN: ("log Z를 빼지 않았습니다.", "log Z is not subtracted."),
        LOG_Z - OWN: ("부호가 반대입니다.", "The sign is the other way round."),
        -OWN - LOG_Z: ("F(v)를 더했습니다. -F(v)를 쓰세요.", "It is -F(v) that counts, not F(v)."),
        math.exp(OWN - LOG_Z): ("확률입니다. 로그를 취하세요.", "That is the probability: take the logarithm."),
        LOG_Z: ("log Z뿐입니다.", "That is log Z alone."),
    },
)


def _cd(v_0, v_1, W, c, *, bias=1, samples=1, f=lambda a: 1 / (1 + np.exp(-a)), rows=3):
    return (v_0.T @ f(v_0 @ W + bias * c) - samples * v_1.T @ f(v_1 @ W + bias * c)) / rows


cd_step = function(
    "(v_0, v_1, W, c) -> what CD-1 adds to W.",
    ("ΔW",),
    _cd,
    [{"v_0": [[1, 0], [1, 1], [0, 1]], "v_1": [[0, 1], [1, 0], [0, 1]], "W": [[1], [-2]], "c": [0.5]}],
    [
        (lambda *given: _cd(*given).T, TRANSPOSED),
        ({"rows": -3}, ("데이터의 항에서 표본의 항을 빼세요.", "The sign is reversed: it is data minus samples.")),
        ({"rows": 1}, ("행의 수로 나누지 않았습니다.", "Divide by the number of rows.")),
        ({"bias": 0}, ("은닉 편향 c가 빠졌습니다.", "The hidden biases c are missing.")),
        ({"samples": 0}, ("표본의 상관을 빼지 않았습니다.", "The correlation of the samples is missing.")),
        ({"f": lambda a: a}, ("시그모이드를 지나지 않았습니다.", "The sigmoid is missing.")),
    ],
)

W, B, C, NEW = 4 * 64 * 64, 4 * 64, 4 * 64, 64 * 10 + 10

carried_over = numbers(
    "The numbers a classifier takes from four RBMs, those dropped, and the new ones.",
    (("넘어가는 수", "Carried"), W + C),
    (("버리는 수", "Dropped"), B),
    (("새로운 수", "New"), NEW),
    mistakes={
        (W, B + C, NEW): ("은닉 편향 c는 넘어갑니다.", "The hidden biases c are carried over."),
        (W, B, NEW): ("은닉 편향 c를 세지 않았습니다.", "The hidden biases c are not counted."),
        (W + B + C, 0, NEW): ("가시 편향 b는 내려올 때만 씁니다.", "The visible biases b serve the way down only."),
        (W + C, B, 640): ("출력층의 편향을 세지 않았습니다.", "The biases of the output layer are not counted."),
        (W + C, B, 0): ("출력층은 RBM에서 오지 않습니다.", "The output layer comes from no RBM."),
    },
)

"""Chapter 08: weight decay, and dropout as a factor and as a penalty."""

from __future__ import annotations

import math

import numpy as np

from .function import function
from .record import FAN_OUT, VARIANCE, number

STEP = 1 - 2 * 0.1 * 0.002

decayed = number(
    "What 500 steps of SGD with λ‖w‖², λ = 0.002 and η = 0.1, leave of a weight.",
    STEP**500,
    {
        (1 - 0.1 * 0.002) ** 500: (
            "½이 붙은 벌점의 값입니다. λ‖w‖²의 기울기는 2λw입니다.",
            "That is for a penalty with ½: the gradient of λ‖w‖² is 2λw.",
        ),
        STEP: ("한 스텝의 배수입니다. 500번 곱하세요.", "That is the factor of one step: take 500."),
        1 - 500 * (1 - STEP): (
            "빼지 말고 곱하세요. 가중치가 줄면 한 스텝에 줄어드는 양도 줄어듭니다.",
            "Multiply, do not subtract: what a step takes shrinks as well.",
        ),
        1 - STEP**500: ("줄어든 비율입니다. 남은 비율을 쓰세요.", "That is what is lost, not what is left."),
        (1 - 2 * 0.002) ** 500: ("학습률이 빠졌습니다.", "The learning rate is missing."),
        STEP**1000: ("제곱의 배수입니다.", "That is the factor of the square."),
    },
)

dropout_std = number(
    "The critical standard deviation behind ReLU and dropout 0.2, from 400 to 300 units.",
    math.sqrt(2 * 0.8 / 400),
    {
        2 * 0.8 / 400: VARIANCE,
        math.sqrt(2 / 400): ("드롭아웃이 없을 때의 값입니다.", "That is He's, without dropout."),
        math.sqrt(2 / (0.8 * 400)): ("1-p로 나누지 말고 곱하세요.", "Multiply by 1-p, do not divide."),
        math.sqrt(2 * 0.2 / 400): ("p가 아니라 1-p입니다.", "It is 1-p, not p."),
        math.sqrt(2 * 0.8 / 300): FAN_OUT,
        math.sqrt(0.8 / 400): ("ReLU의 2가 빠졌습니다.", "The 2 of ReLU is missing."),
        math.sqrt(2 * 0.8**2 / 400): ("1-p를 두 번 곱했습니다.", "1-p was multiplied twice."),
    },
)


def _solved(X, y, p, *, penalty=lambda g, p: p / (1 - p) * np.diag(np.diag(g))):
    gram = X.T @ X
    return np.linalg.solve(gram + penalty(gram, p), X.T @ y)


def _diagonal(rate):
    return {"penalty": lambda g, p: rate(p) * np.diag(np.diag(g))}


without_masks = function(
    "(X, y, p) -> w, the least expected squared error of linear regression with dropout.",
    ("w",),
    _solved,
    [{"X": [[1, 0], [1, 2], [0, 1]], "y": [1, 3, 2], "p": 0.2}],
    [
        (_diagonal(lambda p: 0), ("벌점이 없는 최소제곱입니다.", "That is least squares without a penalty.")),
        (
            {"penalty": lambda g, p: p / (1 - p) * np.eye(2)},
            ("벌점에 Σx²이 빠졌습니다.", "That is plain L2: Σx² is missing."),
        ),
        ({"penalty": lambda g, p: p / (1 - p) * g}, ("대각 원소만 쓰세요.", "Use the diagonal only.")),
        (_diagonal(lambda p: (1 - p) / p), ("p와 1-p가 뒤바뀌었습니다.", "p and 1-p are the wrong way round.")),
        (_diagonal(lambda p: p), ("1-p로 나누지 않았습니다.", "The division by 1-p is missing.")),
        (_diagonal(lambda p: p * (1 - p)), ("(1-p)²으로 나누지 않았습니다.", "The division by (1-p)² is missing.")),
        (_diagonal(lambda p: 2 * p / (1 - p)), ("2는 양변에서 지워집니다.", "The 2 cancels on both sides.")),
        (
            _diagonal(lambda p: p / (1 - p) / 3),
            ("평균이 아니라 합입니다.", "It is the sum over samples, not the mean."),
        ),
    ],
)

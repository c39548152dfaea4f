"""Chapter 03: the compromise between the two directions."""

from __future__ import annotations

import math

import numpy as np

from ..connectivity import fans
from .function import function, off_shape
from .record import NO_FIELD, VARIANCE, Fault, Words, numbers

SWAPPED: Words = ("순전파와 역전파가 뒤바뀌었습니다.", "Forward and backward are swapped.")
RMS: Words = ("RMS의 배수입니다. 제곱하세요.", "That is the factor of the RMS: square it.")
FAN_OUT_RULE: Words = ("분산이 1/팬아웃일 때의 배수입니다.", "That is for the variance 1/fan_out.")
LECUN: Words = ("LeCun의 규칙입니다. 팬인과 팬아웃을 모두 쓰세요.", "That is LeCun's rule: use both fans.")

two_factors = numbers(
    "The factors of signal and gradient, and the uniform's limit, in a Xavier layer from 300 to 100.",
    (("신호", "The signal"), 1.5),
    (("기울기", "The gradient"), 0.5),
    (
        "l",
        math.sqrt(3 / 200),
        {
            1 / 200: ("분산입니다. l = √3·σ입니다.", "That is the variance: l = √3·σ."),
            math.sqrt(1 / 200): ("표준편차입니다. √3을 곱하세요.", "That is the standard deviation: multiply by √3."),
            3 / 200: ("l의 제곱입니다. 제곱근을 취하세요.", "That is l squared: take its square root."),
        },
    ),
    mistakes={
        (0.5, 1.5, None): SWAPPED,
        (math.sqrt(1.5), math.sqrt(0.5), None): RMS,
        (1, 1 / 3, 0.1): LECUN,
        (3, 1, None): FAN_OUT_RULE,
    },
    digits=2,
)


geometric_mean = numbers(
    "The factors of signal and gradient, 640 → 320 → 160 → 80 → 40, where Var[W] = 1/√(fan_in·fan_out).",
    (("신호", "The signal"), 4),
    (("기울기", "The gradient"), 1 / 4),
    mistakes={
        (1 / 4, 4): SWAPPED,
        (2, 1 / 2): RMS,
        (math.sqrt(2), math.sqrt(1 / 2)): ("층 하나의 배수입니다.", "That is the factor of one layer."),
        (1, 1 / 16): LECUN,
        (16, 1): FAN_OUT_RULE,
        ((4 / 3) ** 4, (2 / 3) ** 4): (
            "Xavier의 배수입니다. 기하평균을 쓰세요.",
            "That is Xavier: take the geometric mean.",
        ),
    },
    digits=2,
)


def _limit(shape, rng=None):
    return math.sqrt(6 / sum(fans(shape)))


def _drawn_limit(W, shape, rng):
    """The limit of weights that are uniform with mean 0; of 70,000 or more the largest is within 1e-3 of it."""
    W = np.asarray(W, float)
    if W.shape != shape:
        raise Fault(off_shape("W", W.shape, shape))
    mean, std, largest = W.mean(), W.std(), np.abs(W).max()
    if not np.isfinite(largest) or abs(mean) > 0.05 * std:
        raise Fault((f"평균이 0이 아니라 {mean:.3g}입니다.", f"The mean is {mean:.3g}, not 0."))
    if not math.isclose(math.sqrt(3) * std, largest, rel_tol=0.03):
        ratio = f"{largest / std:.3g}" if std else "inf"
        raise Fault(
            (
                f"균등분포가 아닙니다. 가장 큰 |W|가 √3·σ가 아니라 {ratio}σ입니다.",
                f"This is not uniform: the largest |W| is {ratio}σ, not √3·σ.",
            )
        )
    return largest


draw_xavier = function(
    "(shape, rng) -> weights drawn from the paper's uniform distribution. The page asks for its limit.",
    ("l",),
    _limit,
    [{"shape": s, "rng": np.random.default_rng(0)} for s in ((784, 100), (100, 784), (3, 3, 64, 128))],
    [
        (
            lambda s, rng: math.sqrt(3 / fans(s)[0]),
            ("LeCun의 분산 1/fan_in입니다.", "That is LeCun's variance, 1/fan_in."),
        ),
        (lambda s, rng: math.sqrt(3 / fans(s)[1]), ("분산이 1/fan_out입니다.", "The variance is 1/fan_out.")),
        (lambda s, rng: math.sqrt(6 / fans(s)[0]), ("He의 분산 2/fan_in입니다.", "That is He's variance, 2/fan_in.")),
        (
            lambda s, rng: _limit(s) / math.sqrt(3),
            ("σ를 경계값으로 썼습니다. l = √3·σ입니다.", "σ is used as the limit: l = √3·σ."),
        ),
        (
            lambda s, rng: _limit(s) / math.sqrt(2),
            ("분산이 2/(fan_in + fan_out)의 절반입니다.", "That is half the variance 2/(fan_in + fan_out)."),
        ),
        (
            lambda s, rng: _limit(s) ** 2 / math.sqrt(3),
            ("분산을 표준편차로 썼습니다.", "The variance is used as the standard deviation."),
        ),
        (lambda s, rng: _limit(s) ** 2, ("제곱근을 취하지 않았습니다.", "The square root is missing.")),
        (lambda s, rng: math.sqrt(6 / sum(s[-2:])), NO_FIELD),
    ],
    read=_drawn_limit,
)

DELTA = 0.8**14.5
LAYERS: Words = ("δ₃₀에서 δ₁까지 29층을 지납니다.", "There are 29 layers from δ₃₀ down to δ₁.")

flat_gradient = numbers(
    "RMS ratios of δ and of the weight gradients, layer 1 to layer 30, where n·Var[W] = 0.8.",
    (
        "δ",
        DELTA,
        {
            0.8**29: VARIANCE,
            0.8**15: LAYERS,
            0.8**30: LAYERS,
            1 / DELTA: ("거꾸로 나누었습니다.", "The ratio is upside down."),
        },
    ),
    (
        "∂L/∂W",
        1,
        {DELTA: ("δ의 비입니다. 신호의 비도 곱하세요.", "That is the ratio of δ: multiply by the signal's, too.")},
    ),
    digits=2,
)

"""Chapter 01: what lives before the first step."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from .answers import RIGHT, is_function, judge, matches, raised, say, wrong


def waking_up(answer: tuple[int, int, int] | None) -> None:
    """Chapter 01: how many of three weight arrays of an all-zero softplus network get a gradient at steps 0, 1, 2."""
    mistakes = {
        (0, 0, 0): ("softplus(0)은 0이 아니라 ln 2입니다", "softplus(0) is not 0 but ln 2"),
        (0, 1, 2): (
            "걸음 0에서도 h와 δ가 모두 0이 아닌 층이 있습니다",
            "at step 0 already one layer has h and δ that are not 0",
        ),
        (1, 1, 1): (
            "한 걸음 뒤에는 마지막 W가 0이 아닙니다",
            "after a step the last W is not 0 any more, and δ passes it",
        ),
        (3, 3, 3): ("위의 W가 0이면 δ가 내려오지 못합니다", "where the W above is 0, no δ comes down"),
        (3, 2, 1): ("순서가 거꾸로입니다. 위에서부터 깨어납니다", "the other way round: layers wake from the top"),
    }
    judge(answer, (1, 2, 3), mistakes)


def sample_spread(answer: Callable | None) -> None:
    """Chapter 01: a function from h (samples, units) to the mean over units of the standard deviation over samples."""
    if not is_function(answer):
        return
    rng = np.random.default_rng(0)
    h = 5 * rng.standard_normal(4) + rng.standard_normal((50, 4)) * [0.5, 1, 2, 4]
    try:
        got = answer(h)
    except Exception as error:
        return say("✗", raised("answer(h)", error))
    right = h.std(axis=0).mean()
    mistakes = {
        h.std(): ("유닛과 표본을 섞은 폭입니다. axis를 주세요", "that pools units and samples: give an axis"),
        h.std(axis=1).mean(): (
            "표본이 아니라 유닛 사이의 값입니다. 표본은 행입니다",
            "that is between units, not samples: samples are rows",
        ),
        h.var(axis=0).mean(): ("분산입니다. 표준편차를 쓰세요", "that is the variance: take the standard deviation"),
        math.sqrt(h.var(axis=0).mean()): (
            "분산을 평균한 다음 제곱근을 취했습니다. 표준편차를 평균하세요",
            "that is the root of the mean variance: average the standard deviations",
        ),
        h.mean(axis=0).std(): ("표본을 평균한 뒤의 값입니다", "that is after averaging the samples away"),
    }
    if np.size(got) == 4 and matches(got, h.std(axis=0)):
        return say("✗", ("유닛마다의 값입니다. 평균하세요", "that is one value per unit: average them"))
    return say("✓", RIGHT) if matches(got, right) else wrong(got, right, mistakes, "answer(h)")


def critical_width(answer: float | None) -> None:
    """Chapter 01: the width at which a sigmoid network with weights from N(0, 1) has χ = 1."""
    mistakes = {
        10.149: ("σ_w입니다. 너비는 그 제곱입니다", "that is σ_w: the width is its square"),
        16: ("f' = ¼은 z = 0에서만 맞습니다", "f' = ¼ holds only at z = 0"),
        36 * math.pi: (
            "포화가 심할 때의 근사입니다. winit.moments로 계산하세요",
            "that is the estimate for strong saturation: compute it with winit.moments",
        ),
    }
    judge(answer, 103, mistakes)

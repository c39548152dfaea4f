"""Chapter 01: what lives before the first step."""

from __future__ import annotations

import math

from .function import function
from .record import Words, number, numbers

waking_up = numbers(
    "How many of three weight arrays of an all-zero softplus network get a gradient at steps 0, 1, 2.",
    *((f"t = {step}", 1 + step) for step in range(3)),
    mistakes={
        (0, 0, 0): ("softplus(0)은 0이 아니라 ln 2입니다.", "softplus(0) is not 0 but ln 2."),
        (0, 1, 2): ("스텝 0에도 h와 δ가 0이 아닌 층이 있습니다.", "At step 0 already h and δ of one layer are not 0."),
        (1, 1, 1): (
            "첫 스텝 뒤에는 마지막 W가 0이 아니므로 δ가 그 아래로 내려옵니다.",
            "After a step the last W is not 0 any more, and δ passes it.",
        ),
        (3, 3, 3): ("바로 위의 W가 0이면 δ가 내려오지 못합니다.", "Where the W above is 0, no δ comes down."),
        (3, 2, 1): ("거꾸로입니다. 마지막 층부터 깨어납니다.", "The other way round: layers wake from the top."),
    },
)


def _spread(h, *, axis=0, power=1, ddof=0):
    return (h.var(axis=axis, ddof=ddof) ** (power / 2)).mean()


PER_UNIT: Words = ("유닛마다의 값입니다. 평균하세요.", "That is one value per unit: average them.")

sample_spread = function(
    "h (samples, units) -> the mean over units of the standard deviation over samples.",
    ("answer(h)",),
    _spread,
    [{"h": [[7, 5], [7, 9], [9, 5], [9, 9]]}],
    [
        ({"axis": None}, ("유닛과 표본을 섞었습니다. axis를 주세요.", "That pools units and samples: give an axis.")),
        (
            {"axis": 1},
            ("유닛 사이의 값입니다. 표본은 행입니다.", "That is between units, not samples: samples are rows."),
        ),
        ({"power": 2}, ("분산입니다. 표준편차를 쓰세요.", "That is the variance: take the standard deviation.")),
        (
            lambda h: h.var(axis=0).mean() ** 0.5,
            ("분산이 아니라 표준편차를 평균하세요.", "That averages variances: average the standard deviations."),
        ),
        (lambda h: h.mean(axis=0).std(), ("표본을 평균한 뒤의 값입니다.", "That is after averaging the samples away.")),
        (lambda h: h.std(axis=0), PER_UNIT),
    ],
    also=[{"ddof": 1}],
)

critical_width = number(
    "The width at which a sigmoid network with weights from N(0, 1) has χ = 1.",
    103,
    {
        10.149: ("σ_w입니다. 너비는 σ_w의 제곱입니다.", "That is σ_w: the width is its square."),
        16: ("f' = ¼은 z = 0에서만 맞습니다.", "f' = ¼ holds only at z = 0."),
        36 * math.pi: (
            "포화가 심할 때의 근사입니다. winit.moments로 계산하세요.",
            "That is the estimate for strong saturation: compute it with winit.moments.",
        ),
    },
)

"""Chapter 09: depth scales and critical points."""

from __future__ import annotations

import math

from .record import number

XI = -1 / math.log(0.83)
LENGTH = math.log(3) / 2  # of the sine network, from χ = 1

depth_scale = number(
    "ξ = -1 / ln χ at χ = 0.83.",
    XI,
    {
        1 / (1 - 0.83): (
            "어림값입니다. 로그를 써서 ξ를 세 자리로 구하세요.",
            "That is the linear approximation: take the logarithm, to three digits.",
        ),
        1 / XI: ("역수입니다.", "That is one over it."),
        2 * XI: ("χ는 RMS가 아니라 제곱의 배수입니다.", "χ is the factor of the square, not of the RMS."),
        -XI: ("부호가 반대입니다.", "The sign is wrong."),
        -1 / math.log10(0.83): ("자연로그를 쓰세요.", "Take the natural logarithm."),
    },
)

critical_sine = number(
    "The σ_b with χ = 1 of a sine network with σ_w² = 1.5.",
    math.sqrt(LENGTH - 0.5),
    {
        LENGTH - 0.5: ("σ_b²입니다. 제곱근을 취하세요.", "That is σ_b²: take its square root."),
        LENGTH: ("q*입니다. V(q*) = q*에서 σ_b를 구하세요.", "That is q*: find σ_b from V(q*) = q*."),
        math.sqrt(2 * LENGTH - 0.5): (
            "E[cos(2√q u)]는 e^(-2q)입니다.",
            "The expectation of cos(2√q u) is e^(-2q).",
        ),
    },
)

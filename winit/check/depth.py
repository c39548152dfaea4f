"""Chapter 09: depth scales."""

from __future__ import annotations

import math

from .record import number

XI = -1 / math.log(0.9)

depth_scale = number(
    "ξ = -1 / ln χ₁ at χ₁ = 0.9.",
    XI,
    {
        1 / (1 - 0.9): (
            "어림값입니다. 로그를 써서 ξ를 세 자리로 구하세요.",
            "That is the linear approximation, or rounded up: take the logarithm, to three digits.",
        ),
        1 / XI: ("역수입니다.", "That is one over it."),
        2 * XI: ("χ₁은 RMS가 아니라 제곱의 배수입니다.", "χ₁ is the factor of the square, not of the RMS."),
        -XI: ("부호가 반대입니다.", "The sign is wrong."),
        -1 / math.log10(0.9): ("자연로그를 쓰세요.", "Take the natural logarithm."),
    },
)

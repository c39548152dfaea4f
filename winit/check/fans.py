"""Chapter 02: counting what a layer sums."""

from __future__ import annotations

import math

from ..connectivity import fans
from .function import function
from .record import FAN_OUT, NO_FIELD, VARIANCE, Words, number, numbers

IN: Words = ("팬인", "fan_in")
OUT: Words = ("팬아웃", "fan_out")
SWAPPED: Words = ("팬인과 팬아웃이 뒤바뀌었습니다.", "fan_in and fan_out are swapped.")

fans_of = function(
    "The shape of a kernel, (*spatial, in, out) -> its two fans.",
    ("fan_in", "fan_out"),
    fans,
    [{"shape": shape} for shape in ((5, 5, 3, 10), (3, 16, 32), (784, 100))],
    [
        (lambda shape: fans(shape)[::-1], SWAPPED),
        ((72, *[None] * 5), ("5·5·3은 72가 아니라 75입니다.", "5·5·3 is 75, not 72.")),
        (lambda shape: shape[-2:], NO_FIELD),
        (
            lambda shape: fans(shape, order="out_in"),
            ("축을 PyTorch의 순서로 읽었습니다.", "The axes are read in PyTorch's order."),
        ),
    ],
)

grouped = numbers(
    "The true fans of a 5×5 convolution, 16 channels in and 32 out, in 4 groups.",
    (IN, 100),
    (OUT, 200),
    mistakes={
        (100, 800): (
            "프레임워크가 읽는 값입니다. 입력은 자기 그룹에만 들어갑니다.",
            "That is what frameworks read, but an input feeds its own group only.",
        ),
        (400, 800): ("그룹으로 나누지 않은 값입니다.", "That is without groups."),
        (400, 200): (
            "팬아웃만 나누었습니다. 유닛도 자기 그룹만 더합니다.",
            "There only fan_out is divided, but a unit, too, sums its own group.",
        ),
        (200, 100): SWAPPED,
        (4, 8): NO_FIELD,
    },
)

after_relu = number(
    "The weights' standard deviation that keeps E[z²] = 1 behind 400 rectified standard normals.",
    math.sqrt(2 / 400),
    {
        2 / 400: VARIANCE,
        math.sqrt(1 / 400): ("입력의 2차 모멘트가 1이 아닙니다.", "The second moment of the input is not 1."),
        math.sqrt(1 / (400 * (0.5 - 1 / (2 * math.pi)))): ("Var[x]가 아니라 E[x²]을 쓰세요.", "Use E[x²], not Var[x]."),
        math.sqrt(2 / 100): FAN_OUT,
    },
)

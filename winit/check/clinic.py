"""Chapter 12: reading the charts of broken runs."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from itertools import islice

from .record import Exercise, Part, number

DIAGNOSES = (
    (
        "k",
        "가중합과 기울기가 층마다 몇 배씩 커집니다.",
        "Signal and gradient grow several-fold from layer to layer.",
    ),
    ("b", "유닛 사이의 차이가 얼마입니까?", "How large is the spread between units?"),
    (
        "f",
        "RMS z는 층마다 커지고 RMS δ는 그대로입니다.",
        "RMS z grows from layer to layer, and RMS δ stays.",
    ),
    ("d", "RMS z도 RMS δ도 층마다 작아집니다.", "RMS z falls upwards, and RMS δ downwards."),
    ("e", "같은 시험을 다섯 번 읽은 수를 비교하세요.", "Compare the readings of one and the same test."),
    (
        "j",
        "표본 사이의 표준편차가 왜 절반일까요?",
        "Why is the spread between samples one half?",
    ),
    ("a", "첫 갱신과 죽은 유닛을 보세요.", "Look at the first update and at the dead units."),
    ("h", "RMS z를 표본 사이의 차이와 비교하세요.", "Compare RMS z with the spread between samples."),
)


def _letters(answer: Iterable[str]) -> list[str]:
    return re.findall("[a-z]", "".join(islice(answer, 100)).lower())


diagnoses = Exercise(
    "The causes of runs A … H, one letter each.",
    tuple(
        Part((run, f"Run {run}"), (letter,), choices=tuple("abcdefghijkl"), hint=(korean, english))
        for run, (letter, korean, english) in zip("ABCDEFGH", DIAGNOSES)
    ),
    kind="choices",
    read=_letters,
)

tapered = number(
    "The factor of RMS[z] where each layer is half as wide and Var[W] = 2 / fan_out.",
    math.sqrt(2),
    {
        2: ("분산의 배수입니다. 제곱근을 취하세요.", "That is the factor of the variance: take its square root."),
        math.sqrt(1 / 2): ("거꾸로입니다. 팬인은 팬아웃의 두 배입니다.", "It is upside down: fan_in is twice fan_out."),
        1: ("팬인으로 나누었을 때의 값입니다.", "That is what dividing by fan_in gives."),
        1 / 2: ("거꾸로이고, 제곱근도 취하지 않았습니다.", "It is upside down, and the square root is missing."),
    },
)

thaw = number(
    "How much larger the learning rate must be under batch norm for weights 10 times as large.",
    100,
    {
        10: ("기울기만 보았습니다. 분모의 가중치도 커졌습니다.", "That is the gradient alone; the weights grew, too."),
        0.01: ("거꾸로입니다. 갱신은 작아졌습니다.", "It is upside down: the update shrank."),
        0.1: ("거꾸로이고, 가중치의 크기도 빠졌습니다.", "It is upside down, and the size of the weights is missing."),
    },
)

"""Chapter 10: reading the charts of broken runs."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from itertools import islice

from .record import Exercise, Part, number

DIAGNOSES = (
    (
        "d",
        "순전파의 세 선이 층마다 같은 비율로 떨어집니다.",
        "The forward lines fall by the same factor in every layer.",
    ),
    ("h", "RMS z와 층별 갱신 비율을 보세요.", "Look at RMS z and at the update, layer by layer."),
    ("k", "순전파의 선이 층마다 몇 배씩 커집니다.", "The forward lines grow several-fold in every layer."),
    ("e", "같은 시험을 다섯 번 읽은 수를 비교하세요.", "Compare the five readings of one test."),
    ("b", "가운데 패널에서 어느 선이 없습니까?", "Which line is missing in the middle panel?"),
    ("a", "첫 스텝의 갱신 비율과 죽은 유닛을 보세요.", "Look at the first update and at the dead units."),
    (
        "j",
        "표본 사이의 표준편차가 왜 모든 층에서 0.5일까요?",
        "Why is the spread between samples 0.5 in every layer?",
    ),
    ("f", "순전파의 선은 기울고 역전파의 선은 평평합니다.", "The forward lines are tilted, the backward line is flat."),
)


def _letters(answer: Iterable[str]) -> list[str]:
    return re.findall("[a-z]", "".join(islice(answer, 100)).lower())


diagnoses = Exercise(
    "The causes of runs 1 … 8, one letter each.",
    tuple(
        Part((f"{run}번", f"Run {run}"), (letter,), choices=tuple("abcdefghijkl"), hint=(korean, english))
        for run, (letter, korean, english) in enumerate(DIAGNOSES, 1)
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

"""Chapter 10: reading the charts of broken runs."""

from __future__ import annotations

import math

from .answers import NOT_YET, RIGHT, judge, say

CAUSES = "abcdefghijkl"
DIAGNOSES = "dhkebajf"
CLUES = (
    ("순전파의 세 선이 층마다 같은 비율로 떨어집니다", "the forward lines fall by the same factor in every layer"),
    ("RMS z와 층별 갱신 비율을 보세요", "look at RMS z and at the update, layer by layer"),
    ("순전파의 선이 층마다 몇 배씩 커집니다", "the forward lines grow several-fold in every layer"),
    ("같은 시험을 다섯 번 읽은 수를 비교하세요", "compare the five readings of one test"),
    ("가운데 판에서 어느 선이 없습니까?", "which line is missing in the middle panel?"),
    ("첫걸음의 갱신 비율과 죽은 유닛을 보세요", "look at the first update and at the dead units"),
    ("표본 사이의 표준편차가 왜 모든 층에서 0.5일까요?", "why is the spread between samples 0.5 in every layer?"),
    ("순전파는 기울고 역전파는 평평합니다", "forward is tilted, backward is flat"),
)


def diagnoses(answer: str | None) -> None:
    """Chapter 10: the causes of runs 1 … 8, one letter each."""
    if answer is None:
        return say("…", NOT_YET)
    try:
        letters = "".join(answer).replace(" ", "").lower()
    except TypeError:
        letters = ""
    if len(letters) != len(DIAGNOSES) or not set(letters) <= set(CAUSES):
        return say(
            "✗",
            (f"a … l 가운데 여덟 글자가 필요합니다: {answer!r}", f"expected eight letters of a … l, got {answer!r}"),
        )
    wrong = [run for run, (letter, right) in enumerate(zip(letters, DIAGNOSES, strict=True)) if letter != right]
    if not wrong:
        return say("✓", RIGHT)
    korean, english = CLUES[wrong[0]]
    right = len(DIAGNOSES) - len(wrong)
    say(
        "✗",
        (
            f"8개 가운데 {right}개가 맞습니다. {wrong[0] + 1}번: {korean}",
            f"{right} of 8 are right; run {wrong[0] + 1}: {english}",
        ),
    )


def tapered(answer: float | None) -> None:
    """Chapter 10: the factor of RMS[z] where each layer is half as wide and Var[W] = 2 / fan_out."""
    mistakes = {
        2: ("분산의 배수입니다. 제곱근을 취하세요", "that is the factor of the variance: take the square root"),
        math.sqrt(1 / 2): ("거꾸로입니다. 팬인은 팬아웃의 두 배입니다", "upside down: fan_in is twice fan_out"),
        1: ("팬인으로 나누었을 때의 값입니다", "that is what dividing by fan_in gives"),
        1 / 2: ("거꾸로이고, 제곱근도 취하지 않았습니다", "upside down, and the square root is missing"),
    }
    judge(answer, math.sqrt(2), mistakes)


def thaw(answer: float | None) -> None:
    """Chapter 10: how much larger the learning rate must be under batch norm for weights 10 times as large."""
    mistakes = {
        10: (
            "기울기만 보았습니다. 분모의 가중치도 커졌습니다",
            "that is the gradient alone: the weights below grew, too",
        ),
        0.01: (
            "거꾸로입니다. 갱신이 작아졌으니 키워야 합니다",
            "upside down: the update shrank, so the rate must grow",
        ),
        0.1: ("거꾸로이고, 가중치의 크기도 빠졌습니다", "upside down, and the size of the weights is missing"),
    }
    judge(answer, 100, mistakes)

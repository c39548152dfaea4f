"""Chapter 04: the scale of weights behind a ReLU."""

from __future__ import annotations

import math

from .record import FAN_OUT, Words, numbers

SAME_LAYER: Words = (
    "He와 견준 비율입니다. 첫 층과 견주면 인수가 21개입니다.",
    "That compares with He: compared with layer 1 there are 21 factors.",
)

depth_ratio = numbers(
    "Layer 22 under Var[W] = 1/n, relative to layer 1 of the same network and to layer 22 under 2/n.",
    (("첫 층에 대한 비율", "relative to layer 1"), 2**-10.5, {2**-11: SAME_LAYER}),
    (
        ("He의 22층에 대한 비율", "relative to He"),
        2**-11,
        {
            2**-10.5: (
                "첫 층의 가중치도 두 규칙에서 다르므로 인수가 22개입니다.",
                "The first layer's weights differ, too: there are 22 factors.",
            )
        },
    ),
    mistakes={
        (2**-11, 2**-10.5): ("두 비율이 뒤바뀌었습니다.", "The two ratios are the wrong way round."),
        (2**-21, 2**-22): (
            "2차 모멘트의 비율입니다. RMS는 2차 모멘트의 제곱근입니다.",
            "Those are ratios of second moments: the RMS is the root.",
        ),
        (2**10.5, 2**11): ("분자와 분모가 뒤바뀌었습니다.", "They are upside down."),
        ((0.5 - 1 / (2 * math.pi)) ** 10.5, None): ("Var[h]가 아니라 E[h²]을 쓰세요.", "Use E[h²], not Var[h]."),
    },
)

KEPT = 1 + 0.3**2  # of the second moment, twice


def _stds(*variances: float) -> tuple[float, ...]:
    return tuple(map(math.sqrt, variances))


unit_layers = numbers(
    "The standard deviations that make E[z²] = 1 in each layer of 784 → 400 → 200 → 10, leaky ReLU of slope 0.3.",
    *((f"σ{layer}", std, {}) for layer, std in enumerate(_stds(1 / 784, 2 / KEPT / 400, 2 / KEPT / 200), 1)),
    mistakes={
        _stds(2 / KEPT / 784, 2 / KEPT / 400, 2 / KEPT / 200): (
            "첫 층의 입력은 활성화 함수를 지나지 않았습니다.",
            "The input of the first layer went through no activation function.",
        ),
        _stds(1 / 784, 2 / 400, 2 / 200): (
            "ReLU의 값입니다. 왼쪽도 a²배 남습니다.",
            "That is for ReLU: the left half stays, a²-fold.",
        ),
        _stds(1 / 784, 2 / 1.3 / 400, 2 / 1.3 / 200): (
            "a를 제곱하세요. E[f²]에는 a²이 듭니다.",
            "Square the slope: E[f²] holds a².",
        ),
        _stds(1 / 784, 2 / 1.69 / 400, 2 / 1.69 / 200): (
            "(1 + a)²이 아니라 1 + a²입니다.",
            "It is 1 + a², not (1 + a)².",
        ),
        _stds(1 / 784, 2 * KEPT / 400, 2 * KEPT / 200): (
            "1 + a²으로 곱하지 말고 나누세요.",
            "Divide by 1 + a², do not multiply.",
        ),
        _stds(1 / 784, 1 / 400, 1 / 200): (
            "활성화 함수가 2차 모멘트를 줄입니다.",
            "The activation function lessens the second moment.",
        ),
        _stds(1 / 400, 2 / KEPT / 200, 2 / KEPT / 10): FAN_OUT,
        (1 / 784, 2 / KEPT / 400, 2 / KEPT / 200): (
            "분산입니다. 제곱근을 취하세요.",
            "These are variances: take the square roots.",
        ),
    },
    digits=2,
)

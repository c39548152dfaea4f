"""Chapter 04: the scale of weights behind a ReLU."""

from __future__ import annotations

import math

from .record import FAN_OUT, VARIANCE, Words, number, numbers

FROM_TWO: Words = (
    "곱은 l = 2에서 시작합니다. 첫 층 앞에는 ReLU가 없습니다.",
    "The product starts at l = 2: no ReLU stands before the first layer.",
)

leaky_std = number(
    "The weights' standard deviation for leaky ReLU, slope 0.3, from 300 to 100 units.",
    math.sqrt(2 / (1.09 * 300)),
    {
        2 / (1.09 * 300): VARIANCE,
        math.sqrt(2 / 300): (
            "ReLU의 값입니다. 왼쪽도 a²배 남습니다.",
            "That is for ReLU: the left half stays, a²-fold.",
        ),
        math.sqrt(2 / (1.3 * 300)): ("a를 제곱하세요. E[f²]에는 a²이 듭니다.", "Square the slope: E[f²] holds a²."),
        math.sqrt(2 / (1.3**2 * 300)): ("(1 + a)²이 아니라 1 + a²입니다.", "It is 1 + a², not (1 + a)²."),
        math.sqrt(2 * 1.09 / 300): ("1 + a²으로 곱하지 말고 나누세요.", "Divide by 1 + a², do not multiply."),
        math.sqrt(2 / (1.09 * 100)): FAN_OUT,
        math.sqrt(1 / (1.09 * 300)): ("절반을 되돌리는 2가 빠졌습니다.", "The 2 that gives back the half is missing."),
    },
)

depth_ratio = number(
    "z_22/z_1 of a ReLU network of equal widths with Var[W] = 1/n.",
    2**-10.5,
    {
        2**-11: FROM_TWO,
        2**-21: (
            "2차 모멘트의 비율입니다. RMS는 2차 모멘트의 제곱근입니다.",
            "That is the ratio of second moments: the RMS is its root.",
        ),
        2**-22: (
            "층마다 절반이 되는 것은 2차 모멘트이고, 곱은 l = 2에서 시작합니다.",
            "It is the second moment that halves in a layer, and the product starts at l = 2.",
        ),
        2**10.5: ("분자와 분모가 뒤바뀌었습니다.", "It is upside down."),
        (0.5 - 1 / (2 * math.pi)) ** 10.5: ("Var[h]가 아니라 E[h²]을 쓰세요.", "Use E[h²], not Var[h]."),
        1: ("He의 값입니다. 여기서는 Var[W] = 1/n입니다.", "That is He's, but here Var[W] = 1/n."),
    },
)


def _stds(*variances: float) -> tuple[float, ...]:
    return tuple(map(math.sqrt, variances))


unit_layers = numbers(
    "The standard deviations that make E[z²] = 1 in each layer of 784 → 400 → 200 → 10.",
    *((f"σ{layer}", std, {}) for layer, std in enumerate(_stds(1 / 784, 2 / 400, 2 / 200), 1)),
    mistakes={
        _stds(2 / 784, 2 / 400, 2 / 200): (
            "첫 층의 입력은 ReLU를 지나지 않았습니다. 그러면 E[z₁²]이 2가 됩니다.",
            "The input of the first layer went through no ReLU: E[z₁²] would be 2.",
        ),
        _stds(1 / 784, 1 / 400, 1 / 200): ("ReLU가 2차 모멘트를 절반으로 줄입니다.", "ReLU halves the second moment."),
        _stds(1 / 400, 2 / 200, 2 / 10): FAN_OUT,
        _stds(2 / 400, 2 / 200, 2 / 10): FAN_OUT,
        (1 / 784, 2 / 400, 2 / 200): ("분산입니다. 제곱근을 취하세요.", "These are variances: take the square roots."),
    },
    digits=2,
)

either_fan = numbers(
    "What fan_in leaves backward and fan_out forward in widths 784 → 800 → 400 → 100.",
    (("역전파", "Backward"), 1 / 8, {}),
    (("순전파", "Forward"), 8, {}),
    mistakes={
        (8, 0.125): ("두 비율이 뒤바뀌었습니다.", "The two ratios are the wrong way round."),
        (100 / 784, 784 / 100): FROM_TWO,
        (math.sqrt(1 / 8), math.sqrt(8)): (
            "RMS의 비율입니다. 2차 모멘트의 비율을 쓰세요.",
            "Those are ratios of RMS, but the question is about second moments.",
        ),
        (1, 1): (
            "고른 방향에서만 1입니다. 다른 방향의 비율을 쓰세요.",
            "Only the direction you serve stays 1, but the question is about the other.",
        ),
        (1 / 8, 1 / 8): ("팬아웃에서는 n₁/n_L입니다.", "With fan_out it is n₁/n_L."),
    },
)

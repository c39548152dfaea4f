"""Chapter 05: which initializer, how strong a default, and what a name leaves out."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np

from ..arguments import lookup
from ..initializers import CUT_STD, INITIALIZERS, Initializer, VarianceScaling
from ..moments import expectation
from .answers import NOT_YET, RIGHT, VARIANCE, Says, judge, raised, say

SUITABLE = {  # activation of the layer: variance times fan
    "relu": (2.0, "in"),
    "selu": (1.0, "in"),
    "tanh": (1.0, "avg"),
    "softmax": (0.0, ""),
}
UNSUITABLE: dict[str, Says] = {
    "relu": ("ReLU는 2차 모멘트를 절반으로 줄입니다", "ReLU halves the second moment"),
    "selu": ("SELU는 Var[W] = 1/fan_in을 요구합니다", "SELU requires Var[W] = 1/fan_in"),
    "tanh": ("두 방향의 절충이 필요합니다", "it takes the compromise between the two directions"),
    "softmax": (
        "출력층 뒤에는 층이 없습니다. 첫 손실이 ln C가 되게 하세요",
        "no layer follows the output: make the first loss ln C",
    ),
}


def suitable(answer: Mapping[str, str | Initializer] | None) -> None:
    """Chapter 05: an initializer for a ReLU, a SELU, a tanh and a softmax layer, as names of `INITIALIZERS`."""
    if answer is None:
        return say("…", NOT_YET)
    if not isinstance(answer, Mapping) or set(answer) != set(SUITABLE):
        keys = ", ".join(SUITABLE)
        return say("✗", (f"answer는 키가 {keys}인 사전입니다", f"answer must be a dict with the keys {keys}"))
    for layer, (scale, fan) in SUITABLE.items():
        try:
            chosen = lookup(INITIALIZERS, answer[layer], "initializer")
        except Exception as error:
            return say("✗", raised(f"answer[{layer!r}]", error))
        given = (chosen.scale, chosen.fan) if isinstance(chosen, VarianceScaling) else None
        if chosen != INITIALIZERS["zeros"] if layer == "softmax" else given != (scale, fan):
            korean, english = UNSUITABLE[layer]
            return say("✗", (f"{layer}: {korean}", f"{layer}: {english}"))
    say("✓", RIGHT)


def default_depth(answer: int | None) -> None:
    """Chapter 05: layers of PyTorch's default with ReLU, biases 0, until E[h²] < 1e-6 for inputs of E[x²] = 1."""
    mistakes = {
        7: ("아직 1e-6보다 큽니다. 한 층 더 세세요", "still above 1e-6: one layer more"),
        13: ("ReLU의 절반을 빠뜨렸습니다", "ReLU's half is missing"),
        16: ("RMS가 아니라 2차 모멘트입니다", "that is for the RMS, not for the second moment"),
        20: ("Var[W] = 1/fan_in일 때의 답입니다", "that is for Var[W] = 1/fan_in"),
    }
    judge(answer, 8, mistakes)


def before_the_cut(answer: float | None) -> None:
    """Chapter 05: the std to hand to a truncated normal that does not correct, for He at fan-in 512."""
    std = math.sqrt(2 / 512)
    mistakes = {
        std: ("자르면 표준편차가 줄어듭니다. 보정하세요", "the cut shrinks it: correct for that"),
        std * CUT_STD: ("곱하지 말고 나누세요", "divide, do not multiply"),
        2 / 512: VARIANCE,
        2 / 512 / CUT_STD: VARIANCE,
        std / CUT_STD**2: ("분산의 비로 나누었습니다", "that divides by the ratio of variances"),
        std / CUT_STD / math.sqrt(2): ("He의 2가 빠졌습니다", "He's factor of 2 is missing"),
    }
    judge(answer, std / CUT_STD, mistakes)


def hard_swish(answer: float | None) -> None:
    """Chapter 05: fan_in · Var[W] that keeps E[h²] = 1 through one layer of z · clip(z + 3, 0, 6) / 6."""

    def f(z):
        return z * np.clip(z + 3, 0, 6) / 6

    second, mean = expectation(lambda z: f(z) ** 2, 1.0, (-3, 3)), expectation(f, 1.0, (-3, 3))
    mistakes = {
        second: ("역수를 취하세요", "take one over it"),
        second**-0.5: ("이득입니다. 제곱하세요", "that is the gain: square it"),
        2.0: ("ReLU의 값입니다", "that is ReLU's"),
        1 / (second - mean**2): ("Var[f]가 아니라 E[f²]을 쓰세요", "use E[f²], not Var[f]"),
    }
    judge(answer, 1 / second, mistakes)

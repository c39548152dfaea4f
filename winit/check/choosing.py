"""Chapter 05: which initializer, how strong a default, and what a name leaves out."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np

from ..arguments import lookup
from ..initializers import CUT_STD, INITIALIZERS, Initializer, Orthogonal, VarianceScaling
from ..moments import rule
from .record import VARIANCE, Exercise, Fault, Part, Words, number

HINTS: dict[str, Words] = {
    "relu": ("ReLU는 2차 모멘트를 절반으로 줄입니다.", "ReLU halves the second moment."),
    "selu": ("SELU는 Var[W] = 1/fan_in을 요구합니다.", "SELU requires Var[W] = 1/fan_in."),
    "tanh": (
        "tanh에서 n·Var[W]는 1(Glorot)에서 25/9(이득 5/3) 사이여야 합니다.",
        "For tanh n·Var[W] should lie between 1 (Glorot's) and 25/9 (a gain of 5/3).",
    ),
    "softmax": (
        "출력층 뒤에는 층이 없습니다. LeCun의 분산보다 크지 않게 하여 첫 손실을 ln C에 가깝게 하세요.",
        "No layer follows the output: stay at LeCun's variance or below, so that the first loss is near ln C.",
    ),
}
SCALES = {"relu": (2, 2), "selu": (1, 1), "tanh": (1, 25 / 9)}  # the least and the greatest n·Var[W]
FANS = {"relu": ("in", "out"), "selu": ("in",), "tanh": ("in", "avg")}


def suits(layer: str, chosen: Initializer) -> bool:
    """Whether chapters 03 to 05 and 09 call this initializer right for a layer with that activation."""
    if layer == "softmax":  # zero, small, or at most LeCun's
        return chosen.std((100, 10)) <= 0.1 * (1 + 1e-9)
    if isinstance(chosen, Orthogonal):
        scale, fits = chosen.gain**2, layer != "selu"
    elif isinstance(chosen, VarianceScaling):
        scale, fits = chosen.scale, chosen.fan in FANS[layer]
    else:
        return False
    least, most = SCALES[layer]
    return fits and least * (1 - 1e-9) <= scale <= most * (1 + 1e-9)


def _names(answer: object) -> list[str | None]:
    """A name of the table for each layer; an object's is that of one which is as right or as wrong."""
    if not isinstance(answer, Mapping) or set(answer) != set(HINTS):
        keys = ", ".join(HINTS)
        raise Fault((f"answer는 키가 {keys}인 사전이어야 합니다.", f"Make answer a dict with the keys {keys}."))
    names = []
    for part, given in ((part, answer[part.label[0]]) for part in suitable.parts):
        name = given.strip().lower() if isinstance(given, str) else ""
        if given is None or (name and name not in INITIALIZERS):
            names.append(name or None)
        else:
            right = suits(part.label[0], lookup(INITIALIZERS, name or given, "initializer"))
            names.append(next(each for each, row in INITIALIZERS.items() if suits(part.label[0], row) is right))
    return names


suitable = Exercise(
    "An initializer for a ReLU, a SELU, a tanh and a softmax layer, as names of `INITIALIZERS`.",
    tuple(
        Part(
            (layer, layer),
            tuple(name for name, initializer in INITIALIZERS.items() if suits(layer, initializer)),
            choices=tuple(INITIALIZERS),
            hint=hint,
        )
        for layer, hint in HINTS.items()
    ),
    kind="choices",
    read=_names,
)

default_depth = number(
    "Layers of PyTorch's default with ReLU, biases 0, until E[h²] < 1e-6 for inputs of E[x²] = 1.",
    8,
    {
        7: ("아직 1e-6보다 큽니다. 한 층 더 세세요.", "That is still above 1e-6: count one layer more."),
        13: ("ReLU의 절반을 빠뜨렸습니다.", "ReLU's half is missing."),
        16: ("RMS가 아니라 2차 모멘트로 세세요.", "That is for the RMS, not for the second moment."),
        20: ("Var[W] = 1/fan_in일 때의 답입니다.", "That is for Var[W] = 1/fan_in."),
    },
)

STD = math.sqrt(2 / 512)

before_the_cut = number(
    "The std to hand to a truncated normal that does not correct, for He at fan-in 512.",
    STD / CUT_STD,
    {
        STD: ("자르면 표준편차가 줄어듭니다. 보정하세요.", "The cut shrinks it: correct for that."),
        STD * CUT_STD: ("곱하지 말고 나누세요.", "Divide, do not multiply."),
        STD**2: VARIANCE,
        STD**2 / CUT_STD: VARIANCE,
        STD / CUT_STD**2: ("분산의 비로 나누었습니다.", "That divides by the ratio of variances."),
        STD / CUT_STD / math.sqrt(2): ("He의 2가 빠졌습니다.", "He's factor of 2 is missing."),
    },
)


def _hard_swish(z):
    return z * np.clip(z + 3, 0, 6) / 6


Z, WEIGHTS = rule(1.0, (-3.0, 3.0))  # `expectation` would give the same, and import a part of SciPy first
SECOND, MEAN = (WEIGHTS * _hard_swish(Z) ** 2).sum(), (WEIGHTS * _hard_swish(Z)).sum()

hard_swish = number(
    "fan_in · Var[W] that keeps E[z²] = 1 through one layer of z · clip(z + 3, 0, 6) / 6.",
    1 / SECOND,
    {
        SECOND: ("역수를 취하세요.", "Take one over it."),
        SECOND**-0.5: ("이득입니다. 제곱하세요.", "That is the gain: square it."),
        2.0: ("ReLU의 값입니다.", "That is ReLU's."),
        1 / (SECOND - MEAN**2): ("Var[f]가 아니라 E[f²]을 쓰세요.", "Use E[f²], not Var[f]."),
    },
)

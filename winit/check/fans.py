"""Chapter 02: counting what a layer sums."""

from __future__ import annotations

import math
from collections.abc import Callable

from .answers import FAN_OUT, NO_FIELD, RIGHT, VARIANCE, Says, is_function, judge, matches, raised, say, wrong

SWAPPED: Says = ("팬인과 팬아웃이 뒤바뀌었습니다", "fan_in and fan_out are swapped")


def fans_of(answer: Callable | None) -> None:
    """Chapter 02: a function from the shape of a kernel, ``(*spatial, in, out)``, to its two fans."""
    if not is_function(answer):
        return
    shapes = {(5, 5, 3, 10): (75, 250), (3, 16, 32): (48, 96), (784, 100): (784, 100)}
    for shape, right in shapes.items():
        try:
            got = answer(shape)
        except Exception as error:
            return say("✗", raised(f"answer({shape})", error))
        n_in, n_out = shape[-2:]
        swapped_axes = tuple(n * math.prod(shape[2:]) for n in (shape[1], shape[0]))
        mistakes = {
            (right[1], right[0]): SWAPPED,
            (72, right[1]): ("5·5·3은 72가 아니라 75입니다", "5·5·3 is 75, not 72"),
            (n_in, n_out): NO_FIELD,
            swapped_axes: ("축을 PyTorch의 순서로 읽었습니다", "the axes are read in PyTorch's order"),
        }
        if not matches(got, right):
            return wrong(got, right, mistakes, f"answer({shape})")
    return say("✓", RIGHT)


def grouped(answer: tuple[int, int] | None) -> None:
    """Chapter 02: the true fans of a 5×5 convolution, 16 channels in and 32 out, in 4 groups."""
    mistakes = {
        (100, 800): (
            "프레임워크가 읽는 값입니다. 입력은 자기 묶음에만 들어갑니다",
            "what frameworks read: an input feeds its own group only",
        ),
        (400, 800): ("묶음을 나누지 않은 값입니다", "that is without groups"),
        (400, 200): (
            "팬아웃만 나누었습니다. 유닛도 자기 묶음만 더합니다",
            "only fan_out is divided: a unit, too, sums its own group",
        ),
        (200, 100): SWAPPED,
        (4, 8): NO_FIELD,
    }
    judge(answer, (100, 200), mistakes)


def after_relu(answer: float | None) -> None:
    """Chapter 02: the weights' standard deviation that keeps E[z²] = 1 behind 400 rectified standard normals."""
    right = math.sqrt(2 / 400)
    variance = 0.5 - 1 / (2 * math.pi)  # Var[relu(g)]
    mistakes = {
        right**2: VARIANCE,
        math.sqrt(1 / 400): ("입력의 2차 모멘트가 1이 아닙니다", "the second moment of the input is not 1"),
        math.sqrt(1 / (400 * variance)): ("Var[x]가 아니라 E[x²]을 쓰세요", "use E[x²], not Var[x]"),
        math.sqrt(2 / 100): FAN_OUT,
    }
    judge(answer, right, mistakes)

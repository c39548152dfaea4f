"""Chapter 03: the compromise between the two directions."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from ..connectivity import fans
from .answers import NO_FIELD, RIGHT, VARIANCE, Says, is_function, judge_each, raised, say

SWAPPED: Says = ("순전파와 역전파가 뒤바뀌었습니다", "forward and backward are swapped")


def two_factors(answer: tuple[float, float, float] | None) -> None:
    """Chapter 03: the factors of signal and gradient, and the uniform's limit, in a Xavier layer from 300 to 100."""
    fan_in, fan_out = 300, 100
    var = 2 / (fan_in + fan_out)
    signal, gradient = fan_in * var, fan_out * var
    rms: Says = ("RMS의 배수입니다. 제곱하세요", "that is the factor of the RMS: square it")
    lecun: Says = ("LeCun의 규칙입니다. 팬인과 팬아웃을 모두 쓰세요", "that is LeCun's rule: use both fans")
    by_fan_out: Says = ("1/팬아웃의 배수입니다", "that is for 1/fan_out")
    judge_each(
        answer,
        (("신호", "the signal"), signal, {gradient: SWAPPED, math.sqrt(signal): rms, 1: lecun, 3: by_fan_out}),
        (
            ("기울기", "the gradient"),
            gradient,
            {signal: SWAPPED, math.sqrt(gradient): rms, 1 / 3: lecun, 1: by_fan_out},
        ),
        (
            ("l", "l"),
            math.sqrt(3 * var),
            {
                var: ("분산입니다. l = √3·σ입니다", "that is the variance: l = √3·σ"),
                math.sqrt(var): ("표준편차입니다. √3을 곱하세요", "that is the standard deviation: multiply by √3"),
                3 * var: ("l의 제곱입니다. 제곱근을 취하세요", "that is l squared: take the square root"),
                math.sqrt(3 / fan_in): lecun,
            },
        ),
    )


def draw_xavier(answer: Callable | None) -> None:
    """Chapter 03: a function ``(shape, rng)`` that draws from the paper's uniform distribution."""
    if not is_function(answer):
        return
    for shape in ((784, 100), (100, 784), (3, 3, 64, 128)):
        call = f"answer({shape}, rng)"
        try:
            W = np.asarray(answer(shape, np.random.default_rng(0)), float)
        except Exception as error:
            return say("✗", raised(call, error))
        if W.shape != shape:
            return say("✗", (f"{call}: 모양이 {W.shape}입니다", f"{call}: the shape is {W.shape}"))
        if fault := _fault(W, shape):
            return say("✗", (f"{call}: {fault[0]}", f"{call}: {fault[1]}"))
    return say("✓", RIGHT)


def _fault(W, shape) -> Says | None:
    """What is off with weights that should be Xavier's uniform ones; 50,000 of them or more, so 3 % is sure."""
    fan_in, fan_out = fans(shape)
    limit = math.sqrt(6 / (fan_in + fan_out))
    std = limit / math.sqrt(3)
    if not np.isfinite(W).all() or abs(W.mean()) > 0.05 * W.std():
        return f"평균이 0이 아니라 {W.mean():.3g}입니다", f"the mean is {W.mean():.3g}, not 0"
    mistakes = {
        math.sqrt(1 / fan_in): ("LeCun의 분산 1/fan_in입니다", "that is LeCun's variance, 1/fan_in"),
        math.sqrt(1 / fan_out): ("분산이 1/fan_out입니다", "the variance is 1/fan_out"),
        math.sqrt(2 / fan_in): ("He의 분산 2/fan_in입니다", "that is He's variance, 2/fan_in"),
        std / math.sqrt(3): ("σ를 한계로 썼습니다. l = √3·σ입니다", "σ is used as the limit: l = √3·σ"),
        std / math.sqrt(2): (
            "분산이 절반입니다. 2/(fan_in + fan_out)입니다",
            "half the variance: 2/(fan_in + fan_out)",
        ),
        std**2: ("분산을 표준편차로 썼습니다", "the variance is used as the standard deviation"),
        limit**2 / math.sqrt(3): ("제곱근을 빠뜨렸습니다", "the square root is missing"),
        math.sqrt(2 / sum(shape[-2:])): NO_FIELD,
    }
    if not math.isclose(W.std(), std, rel_tol=0.03):
        near = (says for value, says in mistakes.items() if math.isclose(W.std(), value, rel_tol=0.03))
        ratio = f"{(W.std() / std) ** 2:.3g}"
        return next(near, (f"분산이 정답의 {ratio}배입니다", f"the variance is {ratio} times the right one"))
    if np.abs(W).max() > limit:
        return "분산은 맞지만 균등분포가 아닙니다", "the variance is right, but it is not uniform"
    return None


def flat_gradient(answer: tuple[float, float] | None) -> None:
    """Chapter 03: RMS ratios of δ and of the weight gradients, layer 1 to layer 30, where n·Var[W] = 0.8."""
    delta = 0.8**14.5
    layers: Says = ("δ₃₀에서 δ₁까지 29층을 지납니다", "there are 29 layers from δ₃₀ down to δ₁")
    inverse: Says = ("거꾸로 나누었습니다", "the ratio is upside down")
    chain: Says = ("δ의 비입니다. 신호의 사슬도 곱하세요", "that is the ratio of δ: the signal's chain is missing")
    judge_each(
        answer,
        (("δ", "δ"), delta, {0.8**29: VARIANCE, 0.8**15: layers, 0.8**30: layers, 1 / delta: inverse}),
        (("∂L/∂W", "∂L/∂W"), 1, {delta: chain}),
    )

"""Chapter 06: normalizing, forward, backward and folded away."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from .answers import NOT_YET, RIGHT, judge, judge_array, raised, say

EPS = 0.1  # large, so that a forgotten ε shows


def same_training(answer: float | None) -> None:
    """Chapter 06: the rate at which weights under batch norm, 10 times as large, train as they did at 0.05."""
    mistakes = {
        0.5: (
            "기울기는 10배 작아지지만 갈 길도 10배 멉니다",
            "the gradient is 10 times smaller, but the way is 10 times longer, too",
        ),
        0.05: ("손실은 그대로지만 기울기는 그대로가 아닙니다", "the loss stays, the gradient does not"),
        0.0005: ("방향이 반대입니다. 기울기가 작아졌습니다", "the wrong way round: the gradient has become smaller"),
        0.005: ("방향이 반대입니다. 기울기가 작아졌습니다", "the wrong way round: the gradient has become smaller"),
    }
    judge(answer, 5, mistakes)


def layer_norm_gradient(answer: Callable | None) -> None:
    """Chapter 06: ``(dy, x) -> dx`` of layer norm, ``y = (x - mean) / std`` over the units of each sample, ε = 0."""
    rng = np.random.default_rng(0)
    dy, x = rng.standard_normal((2, 6, 4)) * [[[1]], [[3]]] + 1
    mean, along, std = _parts(dy, x, axis=1)
    right = (dy - mean - along) / std
    over_batch = _parts(dy, x, axis=0)
    mistakes = [
        (
            (dy - over_batch[0] - over_batch[1]) / over_batch[2],
            ("배치에 대한 값입니다. axis=1", "that is over the batch: axis=1"),
        ),
        (dy / std, ("평균과 표준편차도 x에 따라 달라집니다", "the mean and the std depend on x, too")),
        ((dy - along) / std, ("mean(dy)를 빼지 않았습니다", "mean(dy) is not subtracted")),
        ((dy - mean) / std, ("x̂ mean(dy x̂)를 빼지 않았습니다", "x̂ mean(dy x̂) is not subtracted")),
        (right * std, ("표준편차로 나누지 않았습니다", "the division by the std is missing")),
        (right / std, ("표준편차로 두 번 나누었습니다", "divided by the std twice")),
    ]
    judge_array(answer, {"dy": dy, "x": x}, right, mistakes)


def folded(answer: Callable | None) -> None:
    """Chapter 06: ``(W, gamma, beta, mean, variance, eps) -> (W', b')``, the layer that is x @ W and its batch norm."""
    if answer is None:
        return say("…", NOT_YET)
    rng = np.random.default_rng(0)
    W, (gamma, beta, mean) = rng.standard_normal((5, 3)), rng.standard_normal((3, 3))
    variance = rng.uniform(0.5, 2, 3)

    root = 1 / np.sqrt(variance + EPS)

    def fold(gamma=gamma, beta=beta, mean=mean, scale=root):
        return W * (gamma * scale), beta - gamma * mean * scale

    right = fold()
    mistakes = [
        (fold(scale=1 / np.sqrt(variance)), ("ε이 빠졌습니다", "ε is missing")),
        (fold(scale=1 / (variance + EPS)), ("분산의 제곱근으로 나누세요", "divide by the square root of the variance")),
        (fold(gamma=np.ones(3)), ("γ가 빠졌습니다", "γ is missing")),
        (fold(beta=np.zeros(3)), ("b'에 β가 빠졌습니다", "b' lacks β")),
        (fold(mean=-mean), ("b'에서 평균의 부호가 반대입니다", "the mean has the wrong sign in b'")),
        (fold(mean=np.zeros(3)), ("b'에 평균이 빠졌습니다", "b' lacks the mean")),
        ((right[0], beta - mean), ("b'에서 평균에도 γ/√(σ² + ε)을 곱하세요", "in b' the mean, too, gets γ/√(σ² + ε)")),
    ]
    call = "answer(W, …)"
    try:
        got = [np.asarray(part, float) for part in answer(W, gamma, beta, mean, variance, EPS)]
    except Exception as error:
        return say("✗", raised(call, error))
    if len(got) != 2 or [part.shape for part in got] != [(5, 3), (3,)]:
        shapes = ", ".join(str(part.shape) for part in got)
        return say(
            "✗", (f"모양이 {shapes}입니다. (5, 3), (3,)이어야 합니다", f"the shapes are {shapes}, not (5, 3), (3,)")
        )
    for candidate, words in [(right, RIGHT), *mistakes]:
        if all(map(np.allclose, got, candidate)):
            return say("✓" if words is RIGHT else "✗", words)
    if np.allclose(got[0], right[0]):
        return say("✗", ("W'은 맞고 b'이 다릅니다", "W' is right, b' is off"))
    say("✗", ("W'이 다릅니다. 열마다 수 하나를 곱하세요", "W' is off: multiply each column by one number"))


def _parts(dy, x, axis):
    """The mean of dy, its part along x̂, and the std of x, all over one axis."""
    std = x.std(axis=axis, keepdims=True)
    x_hat = (x - x.mean(axis=axis, keepdims=True)) / std
    return dy.mean(axis=axis, keepdims=True), x_hat * (dy * x_hat).mean(axis=axis, keepdims=True), std

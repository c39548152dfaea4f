"""Chapter 06: normalizing, forward, backward and folded away."""

from __future__ import annotations

from .function import function
from .record import Words, number

BACKWARDS: Words = ("거꾸로입니다. 기울기는 작아졌습니다.", "The wrong way round: the gradient shrank.")

same_training = number(
    "The rate at which hidden weights under batch norm, 10 times as large, train as at 0.05; the rest keeps 0.05.",
    5,
    {
        0.5: ("기울기는 10배 작고 갈 길은 10배 멉니다.", "The gradient shrinks 10-fold, but the way grows 10-fold."),
        0.05: ("손실은 그대로지만 기울기는 그대로가 아닙니다.", "The loss stays, but the gradient does not."),
        0.0005: BACKWARDS,
        0.005: BACKWARDS,
    },
)


def _layer_norm(dy, x, *, axis=1, mean=1, along=1, power=1):
    over = {"axis": axis, "keepdims": True}
    x_hat = (x - x.mean(**over)) / x.std(**over)
    dx = dy - mean * dy.mean(**over) - along * x_hat * (dy * x_hat).mean(**over)
    return dx / x.std(**over) ** power


layer_norm_gradient = function(
    "(dy, x) -> dx of layer norm, y = (x - mean) / std over the units of each sample, ε = 0.",
    ("dx",),
    _layer_norm,
    [{"dy": [[1, 0, 2], [2, -1, 1]], "x": [[0, 1, 5], [2, 4, 3]]}],
    [
        ({"axis": 0}, ("배치에 대한 값입니다. axis=1을 쓰세요.", "That is over the batch: use axis=1.")),
        ({"mean": 0, "along": 0}, ("평균과 표준편차도 x에 따라 달라집니다.", "The mean and the std depend on x, too.")),
        ({"mean": 0}, ("mean(dy)를 빼지 않았습니다.", "mean(dy) is not subtracted.")),
        ({"along": 0}, ("x̂ mean(dy x̂)를 빼지 않았습니다.", "x̂ mean(dy x̂) is not subtracted.")),
        ({"power": 0}, ("표준편차로 나누지 않았습니다.", "The division by the std is missing.")),
        ({"power": 2}, ("표준편차로 두 번 나누었습니다.", "This is divided by the std twice.")),
    ],
)


def _fold(W, gamma, beta, mean, variance, eps, *, scaled=1, shifted=1, centred=1, epsilon=1, power=0.5):
    scale = gamma**scaled * (variance + epsilon * eps) ** -power
    return W * scale, shifted * beta - centred * mean * scale


folded = function(
    "(W, gamma, beta, mean, variance, eps) -> (W', b'), the layer that is x @ W and its batch norm.",
    ("W'", "b'"),
    _fold,
    [{"W": [[3, 1]], "gamma": [2, 0.5], "beta": [1, -1], "mean": [0.5, 3], "variance": [2, 3.75], "eps": 0.25}],
    [
        ({"epsilon": 0}, ("ε이 빠졌습니다.", "ε is missing.")),
        ({"power": 1}, ("분산의 제곱근으로 나누세요.", "Divide by the square root of the variance.")),
        ({"scaled": 0}, ("γ가 빠졌습니다.", "γ is missing.")),
        ({"shifted": 0}, ("b'에 β가 빠졌습니다.", "b' lacks β.")),
        ({"centred": -1}, ("b'에서 평균의 부호가 반대입니다.", "The mean has the wrong sign in b'.")),
        ({"centred": 0}, ("b'에 평균이 빠졌습니다.", "b' lacks the mean.")),
        (
            lambda W, g, b, mean, v, e: (_fold(W, g, b, mean, v, e)[0], b - mean),
            ("b'에서 평균에도 γ/√(σ² + ε)을 곱하세요.", "In b' multiply the mean, too, by γ/√(σ² + ε)."),
        ),
    ],
)

import numpy as np

from winit import check


def layer_norm(dy, x, *, axis=1, mean=True, along=True, power=1):
    std = x.std(axis=axis, keepdims=True)
    x_hat = (x - x.mean(axis=axis, keepdims=True)) / std
    dx = dy - mean * dy.mean(axis=axis, keepdims=True)
    return (dx - along * x_hat * (dy * x_hat).mean(axis=axis, keepdims=True)) / std**power


def fold(W, gamma, beta, mean, variance, eps):
    scale = gamma / np.sqrt(variance + eps)
    return W * scale, beta - mean * scale


def changed(part, **factors):
    """`fold` with one of its arguments multiplied."""

    def answer(W, gamma, beta, mean, variance, eps):
        given = {"gamma": gamma, "beta": beta, "mean": mean, "variance": variance, "eps": eps}
        return fold(W, **given | {part: factors["by"] * given[part]})

    return answer


CASES = [
    (check.same_training, 5, "✓"),
    (check.same_training, 0.5, "the way is 10 times longer"),
    (check.same_training, 0.05, "the gradient does not"),
    (check.same_training, 0.005, "wrong way round"),
    (check.same_training, 0.0005, "wrong way round"),
    (check.same_training, 50, "10 times the right one"),
    (check.same_training, "5x", "expected 1 number(s)"),
    (check.layer_norm_gradient, layer_norm, "✓"),
    (check.layer_norm_gradient, lambda dy, x: layer_norm(dy, x, axis=0), "over the batch"),
    (check.layer_norm_gradient, lambda dy, x: layer_norm(dy, x, mean=False), "mean(dy) is not"),
    (check.layer_norm_gradient, lambda dy, x: layer_norm(dy, x, along=False), "x̂ mean(dy x̂) is not"),
    (check.layer_norm_gradient, lambda dy, x: layer_norm(dy, x, mean=False, along=False), "depend on x, too"),
    (check.layer_norm_gradient, lambda dy, x: layer_norm(dy, x, power=0), "division by the std is missing"),
    (check.layer_norm_gradient, lambda dy, x: layer_norm(dy, x, power=2), "divided by the std twice"),
    (check.layer_norm_gradient, lambda dy, x: dy, "the values are off"),
    (check.layer_norm_gradient, lambda dy, x: dy.T, "the shape is (4, 6), not (6, 4)"),
    (check.layer_norm_gradient, lambda dy: dy, "TypeError"),
    (check.layer_norm_gradient, 3, "TypeError"),
    (check.folded, fold, "✓"),
    (check.folded, changed("eps", by=0), "ε is missing"),
    (check.folded, lambda W, g, b, m, v, e: fold(W, g, b, m, (v + e) ** 2, 0), "square root"),
    (check.folded, lambda W, g, b, m, v, e: fold(W, 1, b, m, v, e), "γ is missing"),
    (check.folded, changed("beta", by=0), "lacks β"),
    (check.folded, changed("mean", by=-1), "wrong sign"),
    (check.folded, changed("mean", by=0), "lacks the mean"),
    (check.folded, lambda W, g, b, m, v, e: (fold(W, g, b, m, v, e)[0], b - m), "the mean, too"),
    (check.folded, changed("beta", by=2), "W' is right, b' is off"),
    (check.folded, lambda W, g, b, m, v, e: (W, b), "W' is off"),
    (check.folded, lambda W, g, b, m, v, e: (W.T, b), "the shapes are (3, 5), (3,)"),
    (check.folded, lambda W, g, b, m, v, e: (W,), "the shapes are (5, 3), not"),
    (check.folded, lambda W: W, "TypeError"),
]

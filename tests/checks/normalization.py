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
    (check.same_training, 0.5, "the way grows 10-fold"),
    (check.same_training, 0.05, "the gradient does not"),
    (check.same_training, 0.005, "wrong way round: the gradient"),
    (check.same_training, 0.0005, "wrong way round: the gradient"),
    (check.same_training, 50, "too large"),
    (check.same_training, "5x", "a finite number"),
    (check.layer_norm_gradient, layer_norm, "✓"),
    (check.layer_norm_gradient, lambda dy, x: layer_norm(dy, x, axis=0), "over the batch"),
    (check.layer_norm_gradient, lambda dy, x: layer_norm(dy, x, mean=False), "mean(dy) is not"),
    (check.layer_norm_gradient, lambda dy, x: layer_norm(dy, x, along=False), "x̂ mean(dy x̂) is not"),
    (check.layer_norm_gradient, lambda dy, x: layer_norm(dy, x, mean=False, along=False), "depend on x, too"),
    (check.layer_norm_gradient, lambda dy, x: layer_norm(dy, x, power=0), "division by the std is missing"),
    (check.layer_norm_gradient, lambda dy, x: layer_norm(dy, x, power=2), "divided by the std twice"),
    (check.layer_norm_gradient, lambda dy, x: dy, "dx[0, 0]: this is too large"),
    (check.layer_norm_gradient, lambda dy, x: dy.T, "the shape is (3, 2), not (2, 3)"),
    (check.layer_norm_gradient, lambda dy: dy, "TypeError"),
    (check.layer_norm_gradient, 3, "make answer a function"),
    (check.folded, fold, "✓"),
    (check.folded, lambda W, g, b, m, v, e: fold(W, g, b[None], m, v, e), "✓"),
    (check.folded, changed("eps", by=0), "ε is missing"),
    (check.folded, lambda W, g, b, m, v, e: fold(W, g, b, m, (v + e) ** 2, 0), "square root"),
    (check.folded, lambda W, g, b, m, v, e: fold(W, 1, b, m, v, e), "γ is missing"),
    (check.folded, changed("beta", by=0), "lacks β"),
    (check.folded, changed("mean", by=-1), "wrong sign"),
    (check.folded, changed("mean", by=0), "lacks the mean"),
    (check.folded, lambda W, g, b, m, v, e: (fold(W, g, b, m, v, e)[0], b - m), "the mean, too"),
    (check.folded, changed("beta", by=2), "b'[0]: this is 4 times"),
    (check.folded, lambda W, g, b, m, v, e: (W, b), "W'[0, 0]: this is too small"),
    (check.folded, lambda W, g, b, m, v, e: (W.T, b), "W': the shape is (2, 1), not (1, 2)"),
    (check.folded, lambda W, g, b, m, v, e: (W,), "return (W', b')"),
    (check.folded, lambda W: W, "TypeError"),
]

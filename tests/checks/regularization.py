import numpy as np

from winit import check


def solved(penalty):
    """A solution that adds ``penalty(gram, p)`` to the gram matrix."""

    def answer(X, y, p):
        gram = X.T @ X
        return np.linalg.solve(gram + penalty(gram, p), X.T @ y)

    return answer


def diagonal(gram):
    return np.diag(np.diag(gram))


CASES = [
    (check.decayed, 0.819, "✓"),
    (check.decayed, 0.9048, "for a penalty with ½"),
    (check.decayed, 0.9996, "one step"),
    (check.decayed, 0.8, "do not subtract"),
    (check.decayed, 0.1813, "what is lost, not"),
    (check.decayed, 0.1348, "learning rate is missing"),
    (check.decayed, 0.6702, "factor of the square"),
    (check.decayed, 0.5, "too small"),
    (check.dropout_std, 0.0632, "✓"),
    (check.dropout_std, 0.004, "that is the variance"),
    (check.dropout_std, 0.0707, "without dropout"),
    (check.dropout_std, 0.0791, "do not divide"),
    (check.dropout_std, 0.0316, "not p"),
    (check.dropout_std, 0.073, "fan_out"),
    (check.dropout_std, 0.0447, "the 2 of ReLU"),
    (check.dropout_std, 0.0566, "multiplied twice"),
    (check.dropout_std, 0.1, "too large"),
    (check.without_masks, solved(lambda g, p: p / (1 - p) * diagonal(g)), "✓"),
    (check.without_masks, solved(lambda g, p: 0), "without a penalty"),
    (check.without_masks, solved(lambda g, p: p / (1 - p) * np.eye(2)), "plain L2"),
    (check.without_masks, solved(lambda g, p: p / (1 - p) * g), "diagonal only"),
    (check.without_masks, solved(lambda g, p: (1 - p) / p * diagonal(g)), "wrong way round"),
    (check.without_masks, solved(lambda g, p: p * diagonal(g)), "division by 1-p"),
    (check.without_masks, solved(lambda g, p: p * (1 - p) * diagonal(g)), "(1-p)²"),
    (check.without_masks, solved(lambda g, p: 2 * p / (1 - p) * diagonal(g)), "the 2 cancels"),
    (check.without_masks, solved(lambda g, p: p / (1 - p) * diagonal(g) / 3), "not the mean"),
    (check.without_masks, lambda X, y, p: np.ones(2), "w[0]: this is too large"),
    (check.without_masks, lambda X, y, p: X, "the shape is (3, 2), not (2,)"),
    (check.without_masks, lambda X: X, "TypeError"),
    (check.without_masks, 3, "make answer a function"),
]

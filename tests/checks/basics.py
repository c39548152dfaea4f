import numpy as np

from winit import check


def solved(x, W, d):
    delta = d * (1 - np.tanh(x @ W) ** 2)
    return x.T @ delta, delta @ W.T


CASES = [
    (check.before_you_start, (11, 5, 0.1732, 0.25, 1), "✓"),
    (check.before_you_start, (5, 5, 0.1732, 0.25, 1), "square the 2, and add"),
    (check.before_you_start, (7, 5, 0.1732, 0.25, 1), "square the 2"),
    (check.before_you_start, (-1, 5, 0.1732, 0.25, 1), "even in a difference"),
    (check.before_you_start, (11, 0.5, 0.1732, 0.25, 1), "use E[x²]"),
    (check.before_you_start, (11, 5, 0.03, 0.25, 1), "square root"),
    (check.before_you_start, (11, 5, 0.0866, 0.25, 1), "0.6 long"),
    (check.before_you_start, (11, 5, 0.1732, 0.5, 1), "that is σ(0)"),
    (check.before_you_start, (11, 5, 0.1732, 1, 1), "that is tanh"),
    (check.before_you_start, (11, 5, 0.1732, 0.25, -1), "row and column"),
    (check.before_you_start, (11, 5, 0.1732, 0.25, 3), "question 5: 3 times"),
    (check.before_you_start, (11, 5), "expected 5 number(s)"),
    (check.backward, solved, "✓"),
    (check.backward, lambda x, W, d: (x.T @ d, d @ W.T), "dL/dW: the factor f'(z) is missing"),
    (check.backward, lambda x, W, d: (solved(x, W, d)[0], d @ W.T), "dL/dx: the factor f'(z) is missing"),
    (check.backward, lambda x, W, d: [part.T for part in solved(x, W, d)], "in rows it is xᵀδ"),
    (check.backward, lambda x, W, d: [part / len(x) for part in solved(x, W, d)], "number of samples"),
    (check.backward, lambda x, W, d: (solved(x, W, d)[0] + 1, 0), "dL/dW: the values are off"),
    (check.backward, lambda x, W, d: (0, 0), "the shape is (), not (3, 2)"),
    (check.backward, lambda x, W, d: solved(x, W, d)[::-1], "wrong order"),
    (check.backward, lambda x, W, d: solved(x, W, d)[:1], "return two arrays, got 1"),
    (check.backward, lambda x, W, d: d @ W, "ValueError"),
    (check.backward, 3, "TypeError"),
]

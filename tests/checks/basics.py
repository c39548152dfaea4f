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
    (check.before_you_start, (11, 5, 0.1732, 1, 1), "derivative of tanh"),
    (check.before_you_start, (11, 5, 0.1732, 0.25, -1), "row and column"),
    (check.before_you_start, (11, 5, 0.1732, 0.25, 3), "question 5: this is too large"),
    (check.before_you_start, (11, 5), "has 5 parts"),
    (check.backward, solved, "✓"),
    (check.backward, lambda x, W, d: (x.T @ d, d @ W.T), "✗ the factor f'(z) is missing"),
    (check.backward, lambda x, W, d: (solved(x, W, d)[0], d @ W.T), "dL/dx[0, 0]: the factor f'(z) is missing"),
    (check.backward, lambda x, W, d: [part.T for part in solved(x, W, d)], "in rows it is xᵀδ"),
    (check.backward, lambda x, W, d: (solved(x, W, d)[0], solved(x, W, d)[1].T), "✗ it is transposed"),
    (check.backward, lambda x, W, d: [part / len(x) for part in solved(x, W, d)], "number of samples"),
    (check.backward, lambda x, W, d: (solved(x, W, d)[0] + 1, solved(x, W, d)[1]), "dL/dW[0, 0]: this is too large"),
    (check.backward, lambda x, W, d: (0, 0), "dL/dW: the shape is (), not (2, 1)"),
    (check.backward, lambda x, W, d: solved(x, W, d)[::-1], "wrong order"),
    (check.backward, lambda x, W, d: solved(x, W, d)[:1], "return (dL/dW, dL/dx)"),
    (check.backward, lambda x, W, d: x @ d @ x, "ValueError"),
    (check.backward, lambda x, W, d: 3, "return (dL/dW, dL/dx)"),
    (check.backward, lambda x, W, d: (solved(x, W, d)[0], 0), "dL/dx: the shape is (), not (2, 2)"),
    (check.before_you_start, ("11", "5.0 ", "√3/10", "1/4", 1.0), "✓"),
    (check.before_you_start, (11, 5, 0.17, 0.25, 1), "question 3: this is right to the digits given: give 3"),
    (check.backward, 3, "make answer a function"),
]

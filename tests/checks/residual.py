import math

import numpy as np

from winit import check

CASES = [
    (check.one_pass, lambda W, h: W / (h @ W).std(), "✓"),
    (check.one_pass, lambda W, h: W / (h @ W).var(), "not the variance"),
    (check.one_pass, lambda W, h: W * (h @ W).std(), "multiplied"),
    (check.one_pass, lambda W, h: W, "unchanged"),
    (check.one_pass, lambda W, h: W / W.std(), "fits W itself"),
    (check.one_pass, lambda W, h: W / (h @ W).std(axis=0), "one factor per unit"),
    (check.one_pass, lambda W, h: W / np.sqrt(np.mean((h @ W) ** 2)), "the mean may not be 0"),
    (check.one_pass, lambda W, h: 2 * W / (h @ W).std(), "2 times"),
    (check.one_pass, lambda W, h: h @ W, "the shape is (3, 2), not (2, 2)"),
    (check.one_pass, lambda W: W, "TypeError"),
    (check.one_pass, 3, "make answer a function"),
    (check.one_pass, lambda W, h: -W / (h @ W).std(ddof=1), "✓"),
    (check.branches, 0.1712, "✓"),
    (check.branches, "0.17", "give 3 significant digits"),
    (check.branches, 2 ** (1 / 24) - 1, "take its square root"),
    (check.branches, 0.2041, "almost e"),
    (check.branches, 1 / 24, "too small"),
    (check.branches, 2 ** (1 / 24), "of one block"),
    (check.branches, 2 ** (1 / 48), "subtract 1"),
    (check.branches, math.inf, "a finite number"),
    (check.transferred, (0.002, 0.000125, 0.00125), "✓"),
    (check.transferred, ("2e-3", "1.25e-4", "1.25e-3"), "✓"),
    (check.transferred, (0.000125, 0.000125, 0.00125), "as long at every width"),
    (check.transferred, (0.032, 0.000125, 0.00125), "as long at every width"),
    (check.transferred, (0.002, 0.002, 0.00125), "goes as 1/n"),
    (check.transferred, (0.002, 0.0005, 0.00125), "not as 1/√n"),
    (check.transferred, (0.002, 0.002 / 256, 0.00125), "not as 1/n²"),
    (check.transferred, (0.002, 0.000125, 0.02 / 256), "the std goes as 1/n"),
    (check.transferred, (0.002, 0.000125, 0.005), "for a variance of 1/n"),
    (check.transferred, (0.002, 0.000125, 0.02), "shrinks with the width"),
    (check.transferred, (0.002, 0.000125), "3 parts"),
]

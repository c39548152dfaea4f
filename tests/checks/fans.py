import numpy as np

import winit
from winit import check

CASES = [
    (check.fans_of, winit.fans, "✓"),
    (check.fans_of, lambda shape: winit.fans(shape)[::-1], "swapped"),
    (check.fans_of, lambda shape: winit.fans(shape, order="out_in"), "PyTorch's order"),
    (check.fans_of, lambda shape: (150, 150), "PyTorch's order"),
    (check.fans_of, lambda shape: shape[-2:], "receptive field"),
    (check.fans_of, lambda shape: (72, 250), "75, not 72"),
    (check.fans_of, lambda shape: shape[-1], "expected 2 number(s)"),
    (check.fans_of, lambda shape: shape.nothing, "AttributeError"),
    (check.fans_of, (75, 250), "must be a function"),
    (check.grouped, (100, 200), "✓"),
    (check.grouped, np.array([100, 200]), "✓"),
    (check.grouped, (100, 800), "what frameworks read"),
    (check.grouped, (400, 800), "without groups"),
    (check.grouped, (400, 200), "only fan_out is divided"),
    (check.grouped, (200, 100), "swapped"),
    (check.grouped, (4, 8), "receptive field"),
    (check.grouped, (100, 400), "answer, number 2: 2 times"),
    (check.grouped, 100, "expected 2 number(s)"),
    (check.grouped, "hundred", "expected 2 number(s)"),
    (check.grouped, [[9], [9, 9]], "expected 2 number(s)"),
    (check.grouped, (float("nan"), 9), "expected 2 number(s)"),
    (check.after_relu, 0.0707, "✓"),
    (check.after_relu, 0.005, "square root"),
    (check.after_relu, 0.05, "second moment of the input is not 1"),
    (check.after_relu, 0.0857, "use E[x²]"),
    (check.after_relu, 0.1414, "fan_out"),
    (check.after_relu, 0.1, "answer: 1.41 times"),
    (check.after_relu, object(), "expected 1 number(s)"),
]

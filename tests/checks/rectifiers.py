import numpy as np

from winit import check

CASES = [
    (check.depth_ratio, (6.91e-4, 4.88e-4), "✓"),
    (check.depth_ratio, (2**-10.5, 2**-11), "✓"),
    (check.depth_ratio, ("6.9e-4", "4.9e-4"), "✓"),
    (check.depth_ratio, (4.88e-4, 4.88e-4), "relative to layer 1: that compares with He"),
    (check.depth_ratio, (6.91e-4, 6.91e-4), "there are 22 factors"),
    (check.depth_ratio, (4.88e-4, 6.91e-4), "wrong way round"),
    (check.depth_ratio, (4.77e-7, 2.38e-7), "ratios of second moments"),
    (check.depth_ratio, (1448, 2048), "upside down"),
    (check.depth_ratio, (1.235e-5, 4.88e-4), "not Var[h]"),
    (check.depth_ratio, (0.01, 4.88e-4), "too large"),
    (check.depth_ratio, 6.91e-4, "has 2 parts"),
    (check.unit_layers, [784**-0.5, 218**-0.5, 109**-0.5], "✓"),
    (check.unit_layers, [0.0357, 0.0677, 0.0958], "✓"),
    (check.unit_layers, [0.036, 0.068, 0.096], "✓"),
    (check.unit_layers, [0.04, 0.068, 0.096], "σ1: this is right to the digits given: give 2"),
    (check.unit_layers, np.sqrt([2 / 1.09 / 784, 1 / 218, 1 / 109]), "through no activation function"),
    (check.unit_layers, np.sqrt([1 / 784, 2 / 400, 2 / 200]), "that is for ReLU"),
    (check.unit_layers, np.sqrt([1 / 784, 2 / 1.3 / 400, 2 / 1.3 / 200]), "square the slope"),
    (check.unit_layers, np.sqrt([1 / 784, 2 / 1.69 / 400, 2 / 1.69 / 200]), "not (1 + a)²"),
    (check.unit_layers, np.sqrt([1 / 784, 2.18 / 400, 2.18 / 200]), "do not multiply"),
    (check.unit_layers, np.sqrt([1 / 784, 1 / 400, 1 / 200]), "lessens the second moment"),
    (check.unit_layers, np.sqrt([1 / 400, 1 / 109, 2 / 10.9]), "fan_out"),
    (check.unit_layers, [1 / 784, 1 / 218, 1 / 109], "these are variances"),
    (check.unit_layers, [784**-0.5, 218**-0.5, 0.2], "σ3: this is too large"),
    (check.unit_layers, 0.1, "has 3 parts"),
]

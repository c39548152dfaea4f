from winit import check

CASES = [
    (check.depth_scale, 5.37, "✓"),
    (check.depth_scale, 5.88, "linear approximation"),
    (check.depth_scale, 0.1863, "one over it"),
    (check.depth_scale, 10.73, "of the square"),
    (check.depth_scale, -5.37, "the sign"),
    (check.depth_scale, 12.36, "natural logarithm"),
    (check.depth_scale, 5, "right to the digits given"),
    (check.depth_scale, 4, "too small"),
    (check.critical_sine, 0.222, "✓"),
    (check.critical_sine, 0.0493, "take its square root"),
    (check.critical_sine, 0.5493, "That is q*"),
    (check.critical_sine, 0.774, "is e^(-2q)"),
    (check.critical_sine, 0.3, "too large"),
]

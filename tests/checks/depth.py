from winit import check

CASES = [
    (check.depth_scale, 9.49, "✓"),
    (check.depth_scale, 10, "linear approximation"),
    (check.depth_scale, 0.10536, "one over it"),
    (check.depth_scale, 18.98, "of the square"),
    (check.depth_scale, -9.49, "the sign"),
    (check.depth_scale, 21.85, "natural logarithm"),
    (check.depth_scale, 5, "too small"),
]

from winit import check

CASES = [
    (check.border_share, 0.81, "✓"),
    (check.border_share, "0.9^2", "a finite number"),
    (check.border_share, (54 / 60) ** 2, "✓"),
    (check.border_share, 0.9, "an image has two"),
    (check.border_share, 0.892, "a kernel of 3×3"),
    (check.border_share, 0.444, "full windows only"),
    (check.border_share, 0.19, "the share that is lost"),
    (check.border_share, 0.36, "a corner pixel"),
    (check.border_share, 0.7, "too small"),
    (check.transposed, (256, 48), "✓"),
    (check.transposed, ["256", 48.0], "✓"),
    (check.transposed, (48, 1024), "what PyTorch reads"),
    (check.transposed, (1024, 48), "without the stride"),
    (check.transposed, (1024, 12), "the stride divides fan_out"),
    (check.transposed, (48, 256), "swapped"),
    (check.transposed, (64, 3), "receptive field"),
    (check.transposed, 256, "has 2 parts"),
]

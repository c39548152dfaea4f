import winit
from winit import check

XAVIER = winit.INITIALIZERS["glorot_uniform"]


def scaled(factor):
    return lambda shape, rng: factor * XAVIER(shape, rng=rng)


def drawn(initializer):
    return lambda shape, rng: initializer(shape, rng=rng)


def dense(shape, rng):
    limit = (6 / sum(shape[-2:])) ** 0.5
    return rng.uniform(-limit, limit, shape)


CASES = [
    (check.two_factors, (1.5, 0.5, 0.1225), "✓"),
    (check.two_factors, (1.5, 0.5, 0.12), "✓"),
    (check.two_factors, (0.5, 1.5, 0.1225), "swapped"),
    (check.two_factors, (1.5, 1.5, 0.1225), "the gradient: forward and backward are swapped"),
    (check.two_factors, (1.2247, 0.7071, 0.1225), "factor of the RMS"),
    (check.two_factors, (1, 1 / 3, 0.1), "LeCun's rule"),
    (check.two_factors, (3, 1, 0.1225), "for the variance 1/fan_out"),
    (check.two_factors, (1.5, 0.5, 0.005), "l = √3·σ"),
    (check.two_factors, (1.5, 0.5, 0.0707), "multiply by √3"),
    (check.two_factors, (1.5, 0.5, 0.015), "l squared"),
    (check.two_factors, (1.5, 0.5, 0.1), "l: that is LeCun's rule"),
    (check.two_factors, (6, 0.5, 0.1225), "the signal: this is too large"),
    (check.two_factors, 1.5, "has 3 parts"),
    (check.geometric_mean, (4, 0.25), "✓"),
    (check.geometric_mean, (4.0, 1 / 4), "✓"),
    (check.geometric_mean, (0.25, 4), "swapped"),
    (check.geometric_mean, (2, 0.5), "factor of the RMS"),
    (check.geometric_mean, (1.41, 0.707), "one layer"),
    (check.geometric_mean, (1, 0.0625), "LeCun's rule"),
    (check.geometric_mean, (16, 1), "for the variance 1/fan_out"),
    (check.geometric_mean, (3.16, 0.198), "That is Xavier"),
    (check.geometric_mean, 4, "has 2 parts"),
    (check.draw_xavier, drawn(XAVIER), "✓"),
    (check.draw_xavier, drawn(winit.INITIALIZERS["glorot_normal"]), "not uniform"),
    (check.draw_xavier, drawn(winit.INITIALIZERS["lecun_uniform"]), "LeCun's variance"),
    (check.draw_xavier, drawn(winit.VarianceScaling(1, "out", "uniform")), "the variance is 1/fan_out"),
    (check.draw_xavier, drawn(winit.INITIALIZERS["he_uniform"]), "He's variance"),
    (check.draw_xavier, scaled(3**-0.5), "σ is used as the limit"),
    (check.draw_xavier, scaled(2**-0.5), "half the variance"),
    (
        check.draw_xavier,
        lambda shape, rng: rng.uniform(-1, 1, shape) * 12**0.5 / sum(winit.fans(shape)),
        "used as the standard",
    ),
    (check.draw_xavier, lambda shape, rng: (rng.random(shape) - 0.5) * 12 / sum(winit.fans(shape)), "square root"),
    (check.draw_xavier, dense, "receptive field"),
    (check.draw_xavier, scaled(2), "2 times the right value"),
    (check.draw_xavier, lambda shape, rng: abs(XAVIER(shape, rng=rng)), "the mean is"),
    (check.draw_xavier, lambda shape, rng: XAVIER(shape[::-1], rng=rng), "the shape is (100, 784)"),
    (check.draw_xavier, lambda shape: 0, "TypeError"),
    (check.draw_xavier, 0.08, "make answer a function"),
    (check.flat_gradient, (0.0393, 1), "✓"),
    (check.flat_gradient, (0.039, 1), "✓"),
    (check.flat_gradient, (0.8**29, 1), "take its square root"),
    (check.flat_gradient, (0.8**15, 1), "29 layers"),
    (check.flat_gradient, (0.8**-14.5, 1), "upside down"),
    (check.flat_gradient, (0.0393, 0.0393), "the signal's, too"),
    (check.flat_gradient, (0.0393, 2), "∂L/∂W: this is too large"),
    (check.flat_gradient, (1,), "has 2 parts"),
]

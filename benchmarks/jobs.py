"""What the engines compute, as plain arrays: a peer reads them without `winit`, from the same weights and batches."""

from types import SimpleNamespace
from typing import NamedTuple

import numpy as np

from winit import data, network, rbm


class Job(NamedTuple):
    """A problem, the function of every engine that solves it, and the speed that is asked for."""

    name: str
    solve: str
    problem: SimpleNamespace
    share: float  # of the speed of the floor
    times: float | None = None  # as fast as PyTorch


def jobs():
    digits, mnist = data.digits(rng=generator()), (*images(3000), *images(500))
    for width, share, times in ((100, 0.70, 1.5), (32, 0.52, 3.5)):
        # Times He's. Beyond 1.2 losses are chaotic, and below 0.1, where BN makes of η a rate of η / std², too
        scales = np.geomspace(0.1, 1.2, 16) * (2 / width) ** 0.5
        specs = [spec(64, width, "relu", std, norm) for std in scales.tolist() for norm in (False, True)]
        problem = training_of(specs, digits, steps=300, batch=64)
        yield Job(f"16 scales × BN, digits, width {width}", "train", problem, share, times)
    specs = [spec(784, 100, "tanh", "glorot_normal", seed % 2 > 0, seed) for seed in range(8)]
    yield Job("8 MLPs × BN, 784 inputs", "train", training_of(specs, mnist, steps=200, batch=100), 0.80, 1.3)
    specs = [spec(784, 100, "relu", name) for name in ("he_normal", "glorot_normal", 0.01)]
    yield Job("3 initializers, 784 inputs", "train", training_of(specs, mnist, steps=300, batch=100), 0.82, 1.3)
    yield Job("RBM CD-1, 784-256, 10 000 samples", "boltzmann", boltzmann(), 0.75, 1.2)
    yield Job("propagate: forward + backward, 50 × 256", "gradients", descent(), 0.80)


def generator():
    return np.random.default_rng(0)


def spec(inputs, width, activation, initializer, batch_norm=False, seed=0):
    """The arguments of a `winit.Spec`."""
    own = {"initializer": initializer, "batch_norm": batch_norm, "seed": seed}
    return {"widths": (inputs, *[width] * 5, 10), "activation": activation} | own


def images(samples, pixels=784):
    """A stand-in for MNIST: its shapes."""
    rng = generator()
    return rng.standard_normal((samples, pixels)).astype(np.float32), rng.integers(10, size=samples)


def drawn(widths, initializer, rng):
    """Weights and biases of a network, layer by layer."""
    parameters = network.init(widths, initializer=initializer, rng=rng)
    return [W[0] for W in parameters.weights], [b[0] for b in parameters.biases]


def training_of(specs, sets, *, steps, batch):
    """What `winit.train` draws from its generator is drawn here for the others."""
    rng = generator()
    key = int(rng.integers(2**63))
    seeds = [np.random.default_rng([key, spec["seed"]]) for spec in specs]
    return SimpleNamespace(
        specs=specs,
        activation=specs[0]["activation"],
        networks=[drawn(spec["widths"], spec["initializer"], seed) for spec, seed in zip(specs, seeds)],
        norms=[spec["batch_norm"] for spec in specs],
        sets=tuple(a.astype(np.float32 if a.dtype.kind == "f" else np.int64) for a in sets),
        batches=data.mini_batches(len(sets[0]), batch, steps, rng=rng),
        rate=1e-3,
        rng=generator(),
    )


def descent(depth=50, width=256, batch=256):
    """One pass forward and backward."""
    rng = generator()
    one, x = drawn((width,) * (depth + 1), "he_normal", rng), rng.standard_normal((batch, width)).astype(np.float32)
    return SimpleNamespace(network=one, activation="relu", x=x, labels=rng.integers(width, size=batch))


def boltzmann(visible=784, hidden=256, samples=10_000, batch=100):
    """One epoch on ten prototypes, seen through noise; the samples are drawn after the mini-batches."""
    rng, after = generator(), generator()
    prototypes = rng.random((10, visible)) < 0.3
    v = (prototypes[rng.integers(10, size=samples)] ^ (rng.random((samples, visible)) < 0.05)).astype(np.float32)
    start = tuple(vars(rbm.start(v, hidden, rng=rng, dtype=np.float32)).values())
    batches = data.mini_batches(samples, batch, samples // batch, rng=after)
    return SimpleNamespace(v=v, start=start, batches=batches, rate=0.05, rng=generator(), rng_of_samples=after)

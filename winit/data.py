"""Small data sets: handwritten digits, and toys to look at."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from .arguments import count, number

TRAIN = 1400  # digits to train with; 397 are left to test


class Split(NamedTuple):
    """A labelled set in two parts, in the order `winit.train` takes them."""

    x_train: np.ndarray
    y_train: np.ndarray
    x_test: np.ndarray
    y_test: np.ndarray


def digits(*, rng) -> Split:
    """The 8 × 8 digits of scikit-learn: 1400 to train, 397 to test, standardized by *one* mean and *one* deviation.

    Pixels of the whole set have mean 0 and variance 1, so ``x - x.min()``, divided by its maximum, is the image again.

    Parameters
    ----------
    rng : numpy.random.Generator
        The samples are put in the order ``rng.permutation(1797)`` and split.

    Returns
    -------
    Split
        x (samples, 64) in float64, y (samples,) in 0 … 9.

    References
    ----------
    Alpaydin and Kaynak (1998), Optical Recognition of Handwritten Digits, UCI Machine Learning Repository.
    """
    from sklearn.datasets import load_digits

    x, y = load_digits(return_X_y=True)
    x, order = (x - x.mean()) / x.std(), rng.permutation(len(x))
    train, test = order[:TRAIN], order[TRAIN:]
    return Split(x[train], y[train], x[test], y[test])


def two_moons(n, *, noise=0.1, rng) -> tuple[np.ndarray, np.ndarray]:
    """Two interleaved half circles of radius 1, with normal noise: two classes that no straight line separates.

    Parameters
    ----------
    n : int
        Number of samples; class 0 gets the odd one.
    noise : float
        Standard deviation.
    rng : numpy.random.Generator
        Draws n angles, then n × 2 normals.

    Returns
    -------
    x : array (n, 2)
    y : array (n,)
        0 or 1, alternating.

    Raises
    ------
    ValueError
        An n that is no positive integer, or negative noise.
    """
    n, noise = count("n", n), number("noise", noise, least=0)
    angle, y = rng.uniform(0, np.pi, n), np.arange(n) % 2
    side = 1 - 2 * y  # the moon of class 1 is turned by half a circle and shifted into the other
    x = np.stack([side * np.cos(angle) + y, side * np.sin(angle) + 0.5 * y], axis=1)
    return x + noise * rng.standard_normal((n, 2)), y


def bars_and_stripes(size) -> np.ndarray:
    """All patterns of full rows, or of full columns, on a square grid: an array (2^(size + 1) - 2, size²) of 0 and 1.

    Parameters
    ----------
    size : int
        Side of the grid; 3 gives 14 patterns, the empty and the full one once each.

    References
    ----------
    MacKay (2003), Information Theory, Inference, and Learning Algorithms.
    """
    lines = np.arange(2 ** count("size", size))[:, None] >> np.arange(size) & 1
    bars = np.repeat(lines, size, axis=1)
    stripes = np.tile(lines, (1, size))
    return np.concatenate([bars, stripes[1:-1]]).astype(float)  # both begin with the empty and end with the full


def mini_batches(samples, batch, steps, *, rng) -> np.ndarray:
    """Rows of each mini-batch (steps, batch): a permutation of the samples per epoch, end to end, cut into batches."""
    epochs = math.ceil(steps * batch / samples)
    return np.concatenate([rng.permutation(samples) for _ in range(epochs)])[: steps * batch].reshape(steps, batch)

"""Small data sets: handwritten digits, and toys to look at."""

from __future__ import annotations

import math
from functools import cache
from importlib.util import find_spec
from typing import NamedTuple

import numpy as np

from .arguments import count, generator, number, summary

__all__ = ["Split", "bars_and_stripes", "digits", "mini_batches", "two_moons"]

TRAIN = 1400  # digits to train with; 397 are left to test


class Split(NamedTuple):
    """A labelled set in two parts, in the order `winit.train` takes them.

    Attributes
    ----------
    x_train, x_test : array (samples, features)
    y_train, y_test : array (samples,)
        Numbers of the classes.

    Examples
    --------
    >>> digits(rng=np.random.default_rng(0))
    Split(x_train=array (1400, 64), y_train=array (1400,), x_test=array (397, 64), y_test=array (397,))
    """

    x_train: np.ndarray
    y_train: np.ndarray
    x_test: np.ndarray
    y_test: np.ndarray

    def __repr__(self) -> str:
        return summary(self)


def digits(*, rng: np.random.Generator) -> Split:
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

    Raises
    ------
    TypeError
        An rng that is no Generator.

    References
    ----------
    Alpaydin and Kaynak (1998), Optical Recognition of Handwritten Digits, UCI Machine Learning Repository.

    Examples
    --------
    >>> split = digits(rng=np.random.default_rng(0))
    >>> split.x_train.shape, split.y_test.shape
    ((1400, 64), (397,))
    """
    generator("rng", rng)
    x, y = _read_digits()
    x, order = (x - x.mean()) / x.std(), rng.permutation(len(x))
    train, test = order[:TRAIN], order[TRAIN:]
    return Split(x[train], y[train], x[test], y[test])


@cache
def _read_digits():
    """What `sklearn.datasets.load_digits` returns, without the second that importing it takes."""
    from pathlib import Path  # a quarter of what it takes to import winit

    package = find_spec("sklearn")  # imports nothing
    file = Path(package.origin).parent / "datasets" / "data" / "digits.csv.gz" if package and package.origin else Path()
    if not file.is_file():
        from sklearn.datasets import load_digits

        return load_digits(return_X_y=True)
    table = np.loadtxt(file, delimiter=",")
    return table[:, :-1], table[:, -1].astype(int)


def two_moons(n: int, *, noise: float = 0.1, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
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
    ValueError, TypeError
        An n that is no positive integer, negative noise, or an rng that is no Generator.

    Examples
    --------
    >>> x, y = two_moons(100, rng=np.random.default_rng(0))
    >>> x.shape, y[:4]
    ((100, 2), array([0, 1, 0, 1]))
    """
    n, noise, rng = count("n", n), number("noise", noise, least=0), generator("rng", rng)
    angle, y = rng.uniform(0, np.pi, n), np.arange(n) % 2
    side = 1 - 2 * y  # the moon of class 1 is turned by half a circle and shifted into the other
    x = np.stack([side * np.cos(angle) + y, side * np.sin(angle) + 0.5 * y], axis=1)
    return x + noise * rng.standard_normal((n, 2)), y


def bars_and_stripes(size: int) -> np.ndarray:
    """All patterns of full rows, or of full columns, on a square grid.

    Parameters
    ----------
    size : int
        Side of the grid, at most 16; 3 gives 14 patterns, the empty and the full one once each.

    Returns
    -------
    array (2^(size + 1) - 2, size²)
        Of 0 and 1, in float64.

    Raises
    ------
    ValueError
        A size that is no integer in 1 … 16.

    References
    ----------
    MacKay (2003), Information Theory, Inference, and Learning Algorithms.

    Examples
    --------
    >>> bars_and_stripes(1 + 1)[1].reshape(2, 2)
    array([[1., 1.],
           [0., 0.]])
    """
    size = count("size", size, most=16)  # 131,070 patterns of 256 pixels
    lines = np.arange(2**size)[:, None] >> np.arange(size) & 1
    bars = np.repeat(lines, size, axis=1)
    stripes = np.tile(lines, (1, size))
    return np.concatenate([bars, stripes[1:-1]]).astype(float)  # both begin with the empty and end with the full


def mini_batches(samples: int, batch: int, steps: int, *, rng: np.random.Generator) -> np.ndarray:
    """Which samples each mini-batch holds: a permutation of them per epoch, end to end, cut into batches.

    Parameters
    ----------
    samples, batch, steps : int
        Number of samples, of those in a mini-batch, and of mini-batches.
    rng : numpy.random.Generator
        Draws ``permutation(samples)`` once for each epoch that is begun.

    Returns
    -------
    array (steps, batch)
        Rows of the data.

    Raises
    ------
    ValueError, TypeError
        A number that is no positive integer, an rng that is no Generator.

    Examples
    --------
    >>> mini_batches(4, 2, 3, rng=np.random.default_rng(0))
    array([[2, 0],
           [1, 3],
           [3, 2]])
    """
    samples, batch, steps = count("samples", samples), count("batch", batch), count("steps", steps)
    generator("rng", rng)
    epochs = math.ceil(steps * batch / samples)
    return np.concatenate([rng.permutation(samples) for _ in range(epochs)])[: steps * batch].reshape(steps, batch)

"""Restricted Boltzmann machines with binary units, trained by contrastive divergence.

Energy E(v, h) = -v·b - h·c - v W h with visible bias b, hidden bias c and W (visible, hidden); p(v, h) = e^{-E} / Z.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, DTypeLike

from . import arguments
from .activations import ACTIVATIONS
from .arguments import count
from .data import mini_batches

__all__ = ["RBM", "Gradient", "ascend", "greedy_stack", "start"]

SIGMOID, SOFTPLUS = ACTIVATIONS["sigmoid"].f, ACTIVATIONS["softplus"].f
ENUMERABLE = 20  # visible units whose 2^visible states `log_partition` is willing to sum over


class Gradient(NamedTuple):
    """Estimated gradient of the mean log-likelihood, to be added (ascent).

    Attributes
    ----------
    weights : array (visible, hidden)
    visible_bias : array (visible,)
    hidden_bias : array (hidden,)

    Examples
    --------
    >>> rbm = RBM(np.zeros((3, 2)), np.zeros(3), np.zeros(2))
    >>> rbm.contrastive_divergence(np.eye(3), rng=np.random.default_rng(0))
    Gradient(weights=array (3, 2), visible_bias=array (3,), hidden_bias=array (2,))
    """

    weights: np.ndarray
    visible_bias: np.ndarray
    hidden_bias: np.ndarray

    def __repr__(self) -> str:
        return arguments.summary(self)


@dataclass(frozen=True, eq=False)
class RBM:
    """A restricted Boltzmann machine.

    Parameters
    ----------
    weights : array (visible, hidden)
        float32 is kept, everything else becomes float64; states are computed in the same dtype.
    visible_bias : array (visible,)
    hidden_bias : array (hidden,)

    Raises
    ------
    ValueError, TypeError
        Shapes that do not fit each other, or what is no finite real number; of methods, states that do not fit.

    References
    ----------
    Smolensky (1986); Hinton (2002) for contrastive divergence.

    Examples
    --------
    >>> RBM(np.zeros((3, 2)), np.zeros(3), np.zeros(2))
    RBM(weights=array (3, 2), visible_bias=array (3,), hidden_bias=array (2,))
    """

    weights: np.ndarray
    visible_bias: np.ndarray
    hidden_bias: np.ndarray

    def __post_init__(self):
        weights = arguments.array("weights", self.weights, ("visible", "hidden"))
        weights = weights.astype(np.float32 if weights.dtype == np.float32 else np.float64, copy=False)
        biases = [
            arguments.array(name, getattr(self, name), (units,), dtype=weights.dtype)
            for name, units in zip(("visible_bias", "hidden_bias"), weights.shape, strict=True)
        ]
        vars(self).update(weights=weights, visible_bias=biases[0], hidden_bias=biases[1])

    __repr__ = arguments.summary

    def free_energy(self, v: ArrayLike) -> np.ndarray:
        """``F(v) = -v·b - Σ_j softplus(c_j + (v W)_j)``, so that ``p(v) = e^{-F(v)} / Z``.

        Parameters
        ----------
        v : array (..., visible)

        Returns
        -------
        array (...)

        Raises
        ------
        ValueError, TypeError
            States of another shape, or what is no finite real number.

        Examples
        --------
        >>> RBM(np.zeros((3, 2)), [1.0, 0.0, 0.0], np.zeros(2)).free_energy([[0, 0, 0], [1, 0, 0]]).round(4)
        array([-1.3863, -2.3863])
        """
        v = self._states("v", v, self.visible_bias)
        return -v @ self.visible_bias - SOFTPLUS(v @ self.weights + self.hidden_bias).sum(axis=-1)

    def hidden_probability(self, v: ArrayLike) -> np.ndarray:
        """``p(h_j = 1 | v) = sigmoid(c + v W)``.

        Parameters
        ----------
        v : array (..., visible)

        Returns
        -------
        array (..., hidden)

        Raises
        ------
        ValueError, TypeError
            States of another shape, or what is no finite real number.

        Examples
        --------
        >>> RBM(np.zeros((3, 2)), np.zeros(3), np.zeros(2)).hidden_probability([1, 0, 1])
        array([0.5, 0.5])
        """
        return self._upwards(self._states("v", v, self.visible_bias))

    def visible_probability(self, h: ArrayLike) -> np.ndarray:
        """``p(v_i = 1 | h) = sigmoid(b + h Wᵀ)``.

        Parameters
        ----------
        h : array (..., hidden)

        Returns
        -------
        array (..., visible)

        Raises
        ------
        ValueError, TypeError
            States of another shape, or what is no finite real number.

        Examples
        --------
        >>> RBM(np.zeros((3, 2)), np.zeros(3), np.zeros(2)).visible_probability([0, 1])
        array([0.5, 0.5, 0.5])
        """
        return self._downwards(self._states("h", h, self.hidden_bias))

    def log_partition(self) -> float:
        """``log Z``, with ``Z = Σ_v e^{-F(v)}`` over all states of the visible units, in float64.

        Returns
        -------
        float

        Raises
        ------
        ValueError
            More than 20 visible units.

        Examples
        --------
        >>> rbm = RBM(np.zeros((3, 2)), np.zeros(3), np.zeros(2))
        >>> bool(np.isclose(rbm.log_partition(), np.log(2**5)))
        True
        """
        visible = len(self.visible_bias)
        if visible > ENUMERABLE:
            raise ValueError(
                f"log_partition sums over 2^visible states: at most {ENUMERABLE} visible units, got {visible}"
            )
        exact = RBM(self.weights.astype(np.float64), self.visible_bias, self.hidden_bias)
        states = np.arange(2**visible)
        blocks = np.array_split(states, max(1, len(states) // 2**12))
        exponent = -np.concatenate([exact.free_energy(block[:, None] >> np.arange(visible) & 1) for block in blocks])
        largest = exponent.max()
        return largest + np.log(np.exp(exponent - largest).sum())

    def contrastive_divergence(self, v: ArrayLike, *, k: int = 1, rng: np.random.Generator) -> Gradient:
        """CD-k, a biased estimate of the gradient of the mean log-likelihood.

        ``(V₀ᵀP₀ - V_kᵀP_k) / N`` for the weights, likewise for the biases, with probabilities P of the hidden units
        and, after k steps of Gibbs sampling from the data V₀, binary samples V_k of the visible ones.

        Parameters
        ----------
        v : array (N, visible)
            Data in [0, 1].
        k : int
            Number of Gibbs steps.
        rng : numpy.random.Generator
            A unit is on where ``rng.random(shape) < p``, drawn in the order h_0, v_1, h_1, v_2, …, v_k.

        Returns
        -------
        Gradient

        Raises
        ------
        ValueError, TypeError
            Data of another shape or outside [0, 1], a k that is no positive integer, an rng that is no Generator.

        Examples
        --------
        >>> rbm = RBM(np.zeros((2, 1)), np.zeros(2), np.zeros(1))
        >>> rbm.contrastive_divergence(np.ones((4, 2)), rng=np.random.default_rng(0)).visible_bias
        array([1.  , 0.75])
        """
        k, rng = count("k", k), arguments.generator("rng", rng)
        v = _data(v, self.weights.dtype, len(self.visible_bias))
        v_k, p = v, self._upwards(v)
        p_k = p
        for _ in range(k):
            v_k = _sample(self._downwards(_sample(p_k, rng)), rng)
            p_k = self._upwards(v_k)
        weights = v.T @ (p / len(v))
        weights -= v_k.T @ (p_k / len(v))
        return Gradient(weights, (v - v_k).mean(axis=0), (p - p_k).mean(axis=0))

    def _upwards(self, v):
        return SIGMOID(v @ self.weights + self.hidden_bias)

    def _downwards(self, h):
        return SIGMOID(h @ self.weights.T + self.visible_bias)

    def _states(self, name, states, bias) -> np.ndarray:
        return arguments.array(name, states, (..., len(bias)), dtype=self.weights.dtype)


def start(v: ArrayLike, hidden: int, *, rng: np.random.Generator, dtype: DTypeLike = np.float64) -> RBM:
    """An RBM to begin with: W ~ N(0, .01²), b_i = log(p_i / (1 - p_i)) from the data's means p_i, c = 0.

    Means are kept 1/(N + 2) away from 0 and 1.

    Parameters
    ----------
    v : array (N, visible)
        Data in [0, 1].
    hidden : int
    rng : numpy.random.Generator
    dtype : {numpy.float64, numpy.float32}

    Returns
    -------
    RBM

    Raises
    ------
    ValueError, TypeError
        Data of another shape or outside [0, 1], a number of units that is no positive integer, another dtype, an rng
        that is no Generator.

    References
    ----------
    Hinton (2010), A practical guide to training restricted Boltzmann machines, section 8.

    Examples
    --------
    >>> start(np.eye(6), 4, rng=np.random.default_rng(0))
    RBM(weights=array (6, 4), visible_bias=array (6,), hidden_bias=array (4,))
    """
    dtype = arguments.floating("dtype", dtype)
    arguments.choice("dtype", dtype.name, ("float64", "float32"))
    v = _data(v, np.float64)
    hidden = count("hidden", hidden)
    weights = 0.01 * arguments.generator("rng", rng).standard_normal((v.shape[1], hidden), dtype=dtype)
    p = (v.sum(axis=0) + 1) / (len(v) + 2)
    return RBM(weights, np.log(p / (1 - p)), np.zeros(hidden))


def ascend(
    rbm: RBM, v: ArrayLike, *, steps: int, learning_rate: float, batch: int, rng: np.random.Generator, k: int = 1
) -> RBM:
    """Train by stochastic ascent along `RBM.contrastive_divergence`.

    Parameters
    ----------
    rbm : RBM
    v : array (N, visible)
        Data in [0, 1].
    steps, batch : int
        Number of mini-batches and of samples in each.
    learning_rate : float
    rng : numpy.random.Generator
        All `winit.data.mini_batches` are drawn first, then the samples of one step after the other.
    k : int

    Returns
    -------
    RBM

    Raises
    ------
    ValueError, TypeError
        Data of another shape or outside [0, 1], and any number that makes no sense, before the first draw.

    Examples
    --------
    >>> v, rng = np.eye(6), np.random.default_rng(0)
    >>> rbm = ascend(start(v, 4, rng=rng), v, steps=500, learning_rate=0.5, batch=6, rng=rng)
    >>> log_likelihood = -(rbm.free_energy(v) + rbm.log_partition()).mean()
    >>> bool(log_likelihood > np.log(1 / 2**6))
    True
    """
    arguments.instance("rbm", rbm, RBM, "rbm.start(v, hidden, rng=rng)")
    v = _data(v, rbm.weights.dtype, len(rbm.visible_bias))
    steps, learning_rate, batch, k = _schedule(v, steps, learning_rate, batch, k, rng)
    rbm = RBM(*map(np.copy, vars(rbm).values()))
    for rows in mini_batches(len(v), batch, steps, rng=rng):
        gradient = rbm.contrastive_divergence(v[rows], k=k, rng=rng)
        for parameter, slope in zip(vars(rbm).values(), gradient, strict=True):
            slope *= learning_rate  # both are ours
            parameter += slope
    return rbm


def greedy_stack(
    v: ArrayLike,
    widths: Sequence[int],
    *,
    steps: int,
    learning_rate: float,
    batch: int,
    rng: np.random.Generator,
    k: int = 1,
) -> list[RBM]:
    """Greedy layer-wise pre-training: each RBM is trained on the hidden probabilities of the one below.

    Parameters
    ----------
    v : array (N, visible)
        Data in [0, 1].
    widths : sequence of int
        Hidden units of each RBM, from the bottom up.
    steps, learning_rate, batch, rng, k
        Of each RBM in turn: see `start` and `ascend`.

    Returns
    -------
    list of RBM
        Their `weights` and `hidden_bias` initialize the layers of a sigmoid network, which labels then fine-tune.

    Raises
    ------
    ValueError, TypeError
        Data of another shape or outside [0, 1], and any number that makes no sense, before the first draw.

    References
    ----------
    Hinton, Osindero and Teh (2006).

    Examples
    --------
    >>> options = {"steps": 10, "learning_rate": 0.1, "batch": 3, "rng": np.random.default_rng(0)}
    >>> [rbm.weights.shape for rbm in greedy_stack(np.eye(6), [4, 2], **options)]
    [(6, 4), (4, 2)]
    """
    v = _data(v, np.float64)
    stack: list[RBM] = []
    widths = [count("widths", hidden) for hidden in arguments.sequence("widths", widths, "numbers of hidden units")]
    steps, learning_rate, batch, k = _schedule(v, steps, learning_rate, batch, k, rng)
    for hidden in widths:
        rbm = start(v, hidden, rng=rng)
        stack.append(ascend(rbm, v, steps=steps, learning_rate=learning_rate, batch=batch, rng=rng, k=k))
        v = stack[-1].hidden_probability(v)
    return stack


def _data(v, dtype, visible: str | int = "visible") -> np.ndarray:
    """The data that every entrance takes: rows in [0, 1]."""
    return arguments.array("v", v, ("N", visible), dtype=dtype, unit=True)


def _schedule(v, steps, learning_rate, batch, k, rng):
    arguments.generator("rng", rng)
    steps, batch, k = count("steps", steps), count("batch", batch, most=len(v)), count("k", k)
    return steps, arguments.number("learning_rate", learning_rate, above=0), batch, k


def _sample(p, rng):
    return (rng.random(p.shape) < p).astype(p.dtype)

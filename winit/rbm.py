"""Restricted Boltzmann machines with binary units, trained by contrastive divergence.

Energy E(v, h) = -v·b - h·c - v W h with visible bias b, hidden bias c and W (visible, hidden); p(v, h) = e^{-E} / Z.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from .activations import ACTIVATIONS
from .arguments import count, number
from .data import mini_batches

SIGMOID, SOFTPLUS = ACTIVATIONS["sigmoid"].f, ACTIVATIONS["softplus"].f
ENUMERABLE = 20  # visible units whose 2^visible states `log_partition` is willing to sum over


class Gradient(NamedTuple):
    """Estimated gradient of the mean log-likelihood, to be added (ascent); shapes as in `RBM`."""

    weights: np.ndarray
    visible_bias: np.ndarray
    hidden_bias: np.ndarray


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
    ValueError
        Shapes that do not fit each other.

    References
    ----------
    Smolensky (1986); Hinton (2002) for contrastive divergence.
    """

    weights: np.ndarray
    visible_bias: np.ndarray
    hidden_bias: np.ndarray

    def __post_init__(self):
        weights = np.asarray(self.weights)
        dtype = np.float32 if weights.dtype == np.float32 else np.float64
        if weights.ndim != 2 or 0 in weights.shape:
            raise ValueError(f"weights must have shape (visible, hidden), none of them 0, got {weights.shape}")
        biases = np.asarray(self.visible_bias, dtype), np.asarray(self.hidden_bias, dtype)
        for name, bias, units in zip(("visible_bias", "hidden_bias"), biases, weights.shape, strict=True):
            if bias.shape != (units,):
                raise ValueError(f"{name} must have shape ({units},), got {bias.shape}")
        vars(self).update(weights=weights.astype(dtype, copy=False), visible_bias=biases[0], hidden_bias=biases[1])

    def free_energy(self, v):
        """``F(v) = -v·b - Σ_j softplus(c_j + (v W)_j)``, so that ``p(v) = e^{-F(v)} / Z``.

        Parameters
        ----------
        v : array (..., visible)

        Returns
        -------
        array (...)
        """
        v = self._states("v", v, self.visible_bias)
        return -v @ self.visible_bias - SOFTPLUS(v @ self.weights + self.hidden_bias).sum(axis=-1)

    def hidden_probability(self, v):
        """``p(h_j = 1 | v) = sigmoid(c + v W)``, for v of shape (..., visible): array (..., hidden)."""
        return SIGMOID(self._states("v", v, self.visible_bias) @ self.weights + self.hidden_bias)

    def visible_probability(self, h):
        """``p(v_i = 1 | h) = sigmoid(b + h Wᵀ)``, for h of shape (..., hidden): array (..., visible)."""
        return SIGMOID(self._states("h", h, self.hidden_bias) @ self.weights.T + self.visible_bias)

    def log_partition(self):
        """``log Z``, with ``Z = Σ_v e^{-F(v)}`` over all states of the visible units, in float64.

        Raises
        ------
        ValueError
            More than 20 visible units.
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

    def contrastive_divergence(self, v, *, k=1, rng):
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
        ValueError
            Data of another shape or outside [0, 1], or a k that is no positive integer.
        """
        v = v_k = self._states("v", v, self.visible_bias)
        if v.ndim != 2 or len(v) == 0:
            raise ValueError(f"v must have shape (N, {len(self.visible_bias)}), got {v.shape}")
        if not (v.min() >= 0 and v.max() <= 1):  # nan fails, too
            raise ValueError(f"v must lie in [0, 1], got {v.min()} … {v.max()}")
        p = p_k = self.hidden_probability(v)
        for _ in range(count("k", k)):
            v_k = _sample(self.visible_probability(_sample(p_k, rng)), rng)
            p_k = self.hidden_probability(v_k)
        weights = v.T @ (p / len(v))
        weights -= v_k.T @ (p_k / len(v))
        return Gradient(weights, (v - v_k).mean(axis=0), (p - p_k).mean(axis=0))

    def _states(self, name, states, bias):
        states = np.asarray(states, self.weights.dtype)
        if states.shape[-1:] != bias.shape:
            raise ValueError(f"{name} must have shape (..., {len(bias)}), got {states.shape}")
        return states


def start(v, hidden, *, rng, dtype=np.float64) -> RBM:
    """An RBM to begin with: W ~ N(0, .01²), b_i = log(p_i / (1 - p_i)) from the data's means p_i, c = 0.

    Means are kept 1/(N + 2) away from 0 and 1.

    Parameters
    ----------
    v : array (N, visible)
        Data in [0, 1].
    hidden : int
    rng : numpy.random.Generator

    References
    ----------
    Hinton (2010), A practical guide to training restricted Boltzmann machines, section 8.
    """
    v = np.asarray(v)
    if v.ndim != 2 or len(v) == 0:
        raise ValueError(f"v must have shape (N, visible), got {v.shape}")
    weights = 0.01 * rng.standard_normal((v.shape[1], count("hidden", hidden)), dtype=dtype)
    p = (v.sum(axis=0) + 1) / (len(v) + 2)
    return RBM(weights.astype(dtype), np.log(p / (1 - p)), np.zeros(hidden))


def ascend(rbm, v, *, steps, learning_rate, batch, rng, k=1) -> RBM:
    """Train by stochastic ascent along `RBM.contrastive_divergence`.

    Parameters
    ----------
    rbm : RBM
    v : array (N, visible)
    steps, batch : int
        Number of mini-batches and of samples in each.
    learning_rate : float
    rng : numpy.random.Generator
        All `winit.data.mini_batches` are drawn first, then the samples of one step after the other.
    k : int

    Returns
    -------
    RBM
    """
    v = np.asarray(v, rbm.weights.dtype)
    if number("learning_rate", learning_rate, least=0) == 0:
        raise ValueError(f"learning_rate must be positive, got {learning_rate!r}")
    steps, batch = count("steps", steps), count("batch", batch)
    if batch > len(v):
        raise ValueError(f"batch must be at most the {len(v)} samples, got {batch}")
    rbm = RBM(*map(np.copy, vars(rbm).values()))
    for rows in mini_batches(len(v), batch, steps, rng=rng):
        gradient = rbm.contrastive_divergence(v[rows], k=k, rng=rng)
        for parameter, slope in zip(vars(rbm).values(), gradient, strict=True):
            slope *= learning_rate  # both are ours
            parameter += slope
    return rbm


def greedy_stack(v, widths, *, steps, learning_rate, batch, rng, k=1) -> list[RBM]:
    """Greedy layer-wise pre-training: each RBM is trained on the hidden probabilities of the one below.

    Parameters
    ----------
    v : array (N, visible)
    widths : sequence of int
        Hidden units of each RBM, from the bottom up.
    steps, learning_rate, batch, rng, k
        Of each RBM in turn: see `start` and `ascend`.

    Returns
    -------
    list of RBM
        Their `weights` and `hidden_bias` initialize the layers of a sigmoid network, which labels then fine-tune.

    References
    ----------
    Hinton, Osindero and Teh (2006).
    """
    stack = []
    for hidden in widths:
        rbm = start(v, hidden, rng=rng)
        stack.append(ascend(rbm, v, steps=steps, learning_rate=learning_rate, batch=batch, rng=rng, k=k))
        v = stack[-1].hidden_probability(v)
    return stack


def _sample(p, rng):
    return (rng.random(p.shape) < p).astype(p.dtype)

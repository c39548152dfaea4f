"""Gaussian integrals of activations: moments and gains.

``q`` is the mean square of a pre-activation and ``g ~ N(0, 1)``. An activation is a name of `ACTIVATIONS` or an
`Activation`. What wide networks make of these integrals, layer by layer, stands in `winit.meanfield`.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Callable, Sequence

import numpy as np

from .activations import Activation, activation_of

TINY = 1e-280  # stands for 0 where one divides by q or asks for a limit q → 0
REACH = 10.0  # standard deviations; beyond them lie 1e-23 of the normal law
FINEST = 3  # panels shrink towards a centre down to 2**-FINEST of the activation's own scale, 1


def expectation(function: Callable, q: float | np.ndarray = 1.0, kinks: Sequence[float] = ()) -> np.ndarray:
    """``E function(√q g)`` for ``g ~ N(0, 1)``.

    Composite Gauss–Legendre rule, 16 nodes a panel. Panels double in length away from 0 and from every kink, and
    start at 1/8 of the smaller of two scales, that of the activation (1) and that of the normal law (√q).
    A pole as near as that of tanh then lies at least three half-panels away from every panel, whatever q,
    so that every row of `ACTIVATIONS` is integrated to about 1e-14, saturated or not.

    Parameters
    ----------
    function : callable
        Elementwise, of an array with one axis more than `q`.
    q : float or array
        Variance of the argument.
    kinks : sequence of float
        Points other than 0 where a derivative of `function` jumps.

    Returns
    -------
    array
        Of the shape of `q`.
    """
    nodes, weights = rule(np.sqrt(_at_least_0(q)), (0.0, *kinks))
    return (weights * function(nodes)).sum(axis=-1)


def rule(std, centres, deepest=1000):
    """Nodes and weights, shape (*std.shape, nodes), of integrals over N(0, std²); centres: (*std.shape, n) or (n,)."""
    std = np.asarray(std)[..., None]
    depth = min(math.ceil(math.log2(std.max(initial=1))), deepest)
    octaves = np.exp2(np.arange(-FINEST - depth, math.log2(REACH) + 1))
    offsets = np.concatenate([-octaves, [0], octaves])
    # In units of std, where the normal law is the same for every q; kinks far outside may overflow to inf.
    with np.errstate(over="ignore"):
        edges = (np.asarray(centres) / np.maximum(std, TINY))[..., None] + offsets
    edges = np.sort(np.clip(edges, -REACH, REACH).reshape(*edges.shape[:-2], -1))
    half = np.diff(edges)[..., None] / 2
    nodes, node_weights = legendre()
    g = edges[..., :-1, None] + half * (1 + nodes)
    weights = half * node_weights * np.exp(-(g**2) / 2) / math.sqrt(2 * math.pi)
    flat = (*edges.shape[:-1], -1)
    return std * g.reshape(flat), weights.reshape(flat)


@functools.cache
def legendre():
    """The rule of 16 nodes on a panel; at first use, for NumPy loads its polynomials only then."""
    return np.polynomial.legendre.leggauss(16)


def mean(activation: str | Activation, q: float = 1.0) -> float:
    """``E f(√q g)``; where it nearly cancels, exact to about 1e-16 of ``√(E f²)``.

    `q`, a number or an array of them, must be finite and at least 0: ValueError.
    """
    activation = activation_of(activation)
    return _moment(activation.f, activation, q)


def second_moment(activation: str | Activation, q: float = 1.0) -> float:
    """``E f(√q g)²``, relative error about 1e-14.

    `q`, a number or an array of them, must be finite and at least 0: ValueError.
    """
    activation = activation_of(activation)
    return _moment(lambda z: activation.f(z) ** 2, activation, q)


def slope_moment(activation: str | Activation, q: float = 1.0) -> float:
    """``E f'(√q g)²``, relative error about 1e-14; at ``q = 0`` the limit ``q → 0``, which is ½ for ReLU.

    `q`, a number or an array of them, must be finite and at least 0: ValueError.
    """
    activation = activation_of(activation)
    return _moment(lambda z: activation.df(z) ** 2, activation, np.maximum(_at_least_0(q), TINY))


def gain(activation: str | Activation) -> float:
    """``(E f(g)²) ** -0.5``: weights of standard deviation ``gain / √fan_in`` keep a mean square of 1."""
    return second_moment(activation) ** -0.5


def _at_least_0(q, name="q"):
    """q as a float array; ValueError unless every entry is finite and at least 0."""
    try:
        values = np.asarray(q, float)
    except (TypeError, ValueError):
        values = np.array(np.nan)
    if not np.all((values >= 0) & (values < np.inf)):
        raise ValueError(f"{name} must be finite and at least 0, got {q!r}")
    return values


def _moment(function, activation, q):
    """The expectation: a float for a number q, an array for an array."""
    moment = expectation(function, _at_least_0(q), activation.kinks)
    return moment if moment.ndim else float(moment)

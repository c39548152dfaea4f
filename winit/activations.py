"""Activation functions and their derivatives, one row each in `ACTIVATIONS`."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from .lookup import lookup

Elementwise = Callable[[np.ndarray], np.ndarray]

LEAK = 0.01  # slope of leaky ReLU left of the kink
# SELU: E f(g) = 0 and E f(g)² = 1 for g ~ N(0, 1) (Klambauer et al. 2017)
SELU_SCALE = 1.0507009873554805
SELU_ALPHA = 1.6732632423543772


@dataclass(frozen=True)
class Activation:
    """An elementwise function with its derivative.

    Attributes
    ----------
    name : str
        Its key in `ACTIVATIONS`.
    f, df : callable
        ``f(z)`` and ``f'(z)`` for an array of any shape; shape and floating dtype are kept.
        At a kink ``df`` is the left derivative.
    kinks : tuple of float
        Where ``f`` or ``f'`` jumps; quadrature splits there.
    """

    name: str
    f: Elementwise
    df: Elementwise
    kinks: tuple[float, ...] = ()


def sigmoid(z):
    # e^{-|z|} never overflows, whichever sign z has
    e = np.exp(-np.abs(z))
    return np.where(z >= 0, 1, e) / (1 + e)


def _sigmoid_df(z):
    e = np.exp(-np.abs(z))
    return e / (1 + e) ** 2


def _tanh_df(z):
    e = np.exp(-2 * np.abs(z))  # 1 - tanh² cancels in the tails, 4 e^{-2|z|} / (1 + e^{-2|z|})² does not
    return 4 * e / (1 + e) ** 2


def _softplus(z):
    return np.maximum(z, 0) + np.log1p(np.exp(-np.abs(z)))


def _erf(z):
    from scipy.special import erf

    return erf(z)


def _normal_cdf(z):
    from scipy.special import ndtr

    return ndtr(z)


def _bell(z):
    """exp(-z²), with the exponent clipped where the result underflows in every dtype."""
    return np.exp(-np.minimum(z * z, 800))

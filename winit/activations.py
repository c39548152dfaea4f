"""Activation functions and their derivatives, one row each in `ACTIVATIONS`."""

from __future__ import annotations

import functools
import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

Elementwise = Callable[[np.ndarray], np.ndarray]

FLOATS = (np.float16, np.float32, np.float64)
LEAK = 0.01  # slope of leaky ReLU left of 0
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
        ``f(z)`` and ``f'(z)``, same shape as ``z``. Those of `ACTIVATIONS` keep float16, float32
        and float64, take all else (integers, lists) as float64, and give the left derivative at a kink.
    kinks : tuple of float
        Points other than 0 where a derivative of ``f`` jumps; the integrals of `winit.moments` split there.
    """

    name: str
    f: Elementwise
    df: Elementwise
    kinks: tuple[float, ...] = ()


def _floating(function: Elementwise) -> Elementwise:
    """Hand `function` an array of one of the `FLOATS` and keep that dtype in what it returns."""

    @functools.wraps(function)  # the name stays that of the module, so an Activation can be pickled
    def wrapped(z):
        z = np.asarray(z)
        if z.dtype not in FLOATS:
            z = z.astype(np.float64)
        return np.asarray(function(z), z.dtype)[()]

    return wrapped


# Throughout, exp is taken of -|z|: it cannot overflow, and no 1 - f(z) cancels in a tail.


@_floating
def _linear(z):
    return z.copy()  # like every other row: never a view of z


@_floating
def _linear_df(z):
    return np.ones_like(z)


@_floating
def _sigmoid(z):
    e = np.exp(-np.abs(z))
    return np.where(z >= 0, 1, e) / (1 + e)


@_floating
def _sigmoid_df(z):
    e = np.exp(-np.abs(z))
    return e / (1 + e) ** 2


@_floating
def _tanh(z):
    return np.tanh(z)


@_floating
def _tanh_df(z):
    e = np.exp(-2 * np.abs(z))
    return 4 * e / (1 + e) ** 2


@_floating
def _relu(z):
    return np.maximum(z, np.zeros(z.shape[-1:], z.dtype))  # an array of zeros is compared faster than the number 0


@_floating
def _relu_df(z):
    return z > 0


@_floating
def _leaky_relu(z):
    return np.maximum(z, LEAK * z)


@_floating
def _leaky_relu_df(z):
    return np.where(z > 0, 1, LEAK)


@_floating
def _elu(z):
    return np.where(z > 0, z, np.expm1(np.minimum(z, 0)))


@_floating
def _elu_df(z):
    return np.exp(np.minimum(z, 0))


@_floating
def _selu(z):
    return SELU_SCALE * np.where(z > 0, z, SELU_ALPHA * np.expm1(np.minimum(z, 0)))


@_floating
def _selu_df(z):
    return SELU_SCALE * np.where(z > 0, 1, SELU_ALPHA * np.exp(np.minimum(z, 0)))


@_floating
def _gelu(z):
    from scipy.special import ndtr

    return z * ndtr(z)


@_floating
def _gelu_df(z):
    from scipy.special import ndtr

    return ndtr(z) + z * _bell(z / math.sqrt(2)) / math.sqrt(2 * math.pi)


@_floating
def _silu(z):
    return z * _sigmoid(z)


@_floating
def _silu_df(z):
    return _sigmoid(z) * (1 + z * _sigmoid(-z))


@_floating
def _mish(z):
    numerator, denominator, _ = _tanh_of_softplus(z)
    return z * (numerator / denominator)


@_floating
def _mish_df(z):
    numerator, denominator, e = _tanh_of_softplus(z)
    slope = 4 * (1 + e) * np.where(z >= 0, e * e, e) / denominator**2
    return numerator / denominator + z * slope


def _tanh_of_softplus(z):
    """tanh(log(1 + e^z)) = (e^2z + 2e^z) / (e^2z + 2e^z + 2) as a fraction, and e^-|z|."""
    e = np.exp(-np.abs(z))
    numerator = np.where(z >= 0, 1 + 2 * e, e * (e + 2))
    return numerator, numerator + np.where(z >= 0, 2 * e * e, 2), e


@_floating
def _softplus(z):
    return np.logaddexp(z, 0)


@_floating
def _softsign(z):
    return z / (1 + np.abs(z))


@_floating
def _softsign_df(z):
    return (1 / (1 + np.abs(z))) ** 2


@_floating
def _erf(z):
    from scipy.special import erf

    return erf(z)


@_floating
def _erf_df(z):
    return 2 / math.sqrt(math.pi) * _bell(z)


def _bell(z):
    """exp(-z²); clipped far beyond the point where it is 0, so that z² stays finite in every dtype."""
    return np.exp(-(np.clip(z, -200, 200) ** 2))


ACTIVATIONS: dict[str, Activation] = {
    row.name: row
    for row in (
        Activation("linear", _linear, _linear_df),
        Activation("sigmoid", _sigmoid, _sigmoid_df),
        Activation("tanh", _tanh, _tanh_df),
        Activation("relu", _relu, _relu_df),
        Activation("leaky_relu", _leaky_relu, _leaky_relu_df),
        Activation("elu", _elu, _elu_df),
        Activation("selu", _selu, _selu_df),
        Activation("gelu", _gelu, _gelu_df),
        Activation("silu", _silu, _silu_df),
        Activation("mish", _mish, _mish_df),
        Activation("softplus", _softplus, _sigmoid),
        Activation("softsign", _softsign, _softsign_df),
        Activation("erf", _erf, _erf_df),
    )
}

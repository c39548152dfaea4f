"""Activation functions and their derivatives, one row each in `ACTIVATIONS`."""

from __future__ import annotations

import functools
import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from . import arguments
from .arguments import Table, WrongKind, lookup, refusal

__all__ = ["ACTIVATIONS", "Activation"]

Elementwise = Callable[[np.ndarray], np.ndarray]

FLOATS = (np.float16, np.float32, np.float64)
LEAK = 0.01  # slope of leaky ReLU left of 0
# SELU: E f(g) = 0 and E f(g)² = 1 for g ~ N(0, 1) (Klambauer et al. 2017)
SELU_SCALE = 1.0507009873554805
SELU_ALPHA = 1.6732632423543772


@dataclass(frozen=True)
class Activation:
    """An elementwise function with its derivative, and what else the course asks of it.

    Parameters
    ----------
    name : str
        What it is called; a row of `ACTIVATIONS` has it as its key. Nothing is ever decided by it.
    f, df : callable
        ``f(z)`` and ``f'(z)``, same shape as ``z``. Those of `ACTIVATIONS` keep float16, float32
        and float64, take all else (integers, lists) as float64, and give the left derivative at a kink.
    kinks : tuple of float
        Points other than 0 where a derivative of ``f`` jumps; the integrals of `winit.moments` split there.
    saturation : (float, float), optional
        An output outside of this interval counts as saturated.
    df_of_output : callable, optional
        ``f'`` from ``h = f(z)``, where that is cheaper than from ``z``: the backward pass has just read ``h``, while
        ``z`` has left the cache.
    marker : str
        What stands for it in a plot, a marker of Matplotlib.

    Raises
    ------
    ValueError, TypeError
        A field of the wrong kind. Where an activation of one's own is used first, `f` or `df` that does not return
        finite numbers in the shape of ``z``, or writes into ``z``.

    Examples
    --------
    >>> import numpy as np
    >>> Activation("sine", np.sin, np.cos)
    Activation('sine')
    """

    name: str
    f: Elementwise
    df: Elementwise
    kinks: tuple[float, ...] = ()
    saturation: tuple[float, float] | None = None
    df_of_output: Elementwise | None = None
    marker: str = "8"

    def __post_init__(self):
        arguments.instance("name", self.name, str)
        for argument in ("f", "df", "df_of_output"):
            function = getattr(self, argument)
            if not callable(function) and (argument, function) != ("df_of_output", None):
                raise refusal(argument, "a function of an array", function, WrongKind)
        vars(self)["kinks"] = _numbers("kinks", self.kinks)
        if self.saturation is not None:
            vars(self)["saturation"] = limits = _numbers("saturation", self.saturation)
            if len(limits) != 2 or limits[0] >= limits[1]:
                raise refusal("saturation", "a pair (low, high)", limits)

    def __repr__(self):
        return f"Activation({self.name!r})"

    @functools.cached_property
    def tried(self) -> Activation:
        """Itself, once `f` and `df` have given for a small array what they should."""
        for name in ("f", "df"):
            z = np.array([[-2.0, -0.7, -0.1], [0.1, 0.7, 2.0]])
            given = z.copy()
            called = f"{name} of {self!r} must return an array of finite numbers of the shape of its argument"
            with np.errstate(all="ignore"):
                try:
                    y = np.asarray(getattr(self, name)(given))
                except Exception as error:
                    raise WrongKind(f"{called}, but raised {type(error).__name__}: {error}") from error
            if y.shape != z.shape or y.dtype.kind not in "fiub" or not np.isfinite(y).all():
                raise ValueError(f"{called} {z.shape}, got shape {y.shape}, dtype {y.dtype}, values {y.tolist()}")
            if not np.array_equal(given, z):
                raise ValueError(f"{name} of {self!r} must leave its argument as it is, but writes into it")
        return self


def _numbers(argument, values):
    return tuple(
        arguments.number(argument, value) for value in arguments.sequence(argument, values, "numbers", least=0)
    )


def _floating(function: Elementwise) -> Elementwise:
    """Hand `function` an array of one of the `FLOATS` and keep that dtype in what it returns."""

    @functools.wraps(function)  # the name stays that of the module, so an Activation can be pickled
    def wrapped(z):
        z = np.asarray(z)
        if z.dtype not in FLOATS:
            z = z.astype(np.float64)
        return np.asarray(function(z), z.dtype)[()]

    return wrapped


def _negative_part(z):
    """min(z, 0); an array of zeros, all but the first axis of z, is compared several times faster than the number 0."""
    return np.minimum(z, np.zeros(z.shape[1:], z.dtype))


def _positive_part(z):
    return np.maximum(z, np.zeros(z.shape[1:], z.dtype))


def _exponentials(z):
    """m and p with e^z = m / p and the larger of them 1: fractions of them neither overflow nor cancel."""
    return np.exp(_negative_part(z)), np.exp(_negative_part(-z))


@_floating
def _linear(z):
    return z.copy()  # like every other row: never a view of z


@_floating
def _linear_df(z):
    return np.ones_like(z)


@_floating
def _sigmoid(z):
    with np.errstate(over="ignore"):  # of e^-z, and 1 / inf is right
        return 1 / (1 + np.exp(-z))


@_floating
def _sigmoid_df(z):
    e = np.exp(-np.abs(z))  # at most 1, and the same on both sides
    return e / (1 + e) ** 2


def _sigmoid_df_of_output(h):
    return h * (1 - h)


@_floating
def _tanh(z):
    return np.tanh(z)


@_floating
def _tanh_df(z):
    return 4 * _sigmoid_df(2 * z)


def _tanh_df_of_output(h):
    return 1 - h * h


@_floating
def _relu(z):
    return _positive_part(z)


@_floating
def _relu_df(z):
    return z > 0


def _relu_df_of_output(h):
    return h > 0


@_floating
def _leaky_relu(z):
    return np.maximum(z, LEAK * z)


@_floating
def _leaky_relu_df(z):
    return np.where(z > 0, 1, LEAK)


@_floating
def _elu(z):
    return _positive_part(z) + np.expm1(_negative_part(z))  # one of the two is 0


@_floating
def _elu_df(z):
    return np.exp(_negative_part(z))


@_floating
def _selu(z):
    return SELU_SCALE * (_positive_part(z) + SELU_ALPHA * np.expm1(_negative_part(z)))


@_floating
def _selu_df(z):
    return SELU_SCALE * np.where(z > 0, 1, SELU_ALPHA * np.exp(_negative_part(z)))


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


# mish(z) = z t with t = tanh(log(1 + e^z)) = m (m + 2p) / d, d = m (m + 2p) + 2p², 1 - t² = 4p² (m + p)² / d²


@_floating
def _mish(z):
    m, p = _exponentials(z)
    n = m * (m + 2 * p)
    return z * (n / (n + 2 * p * p))


@_floating
def _mish_df(z):
    m, p = _exponentials(z)
    n = m * (m + 2 * p)
    d = n + 2 * p * p
    return n / d + z * (4 * m * p * p * (m + p) / (d * d))


@_floating
def _softplus(z):
    return _positive_part(z) + np.log1p(np.exp(-np.abs(z)))


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


ACTIVATIONS: Table[Activation] = Table(
    "activation",
    {
        row.name: row
        for row in (
            Activation("linear", _linear, _linear_df, marker="D"),
            Activation("sigmoid", _sigmoid, _sigmoid_df, (), (0.01, 0.99), _sigmoid_df_of_output, marker="s"),
            Activation("tanh", _tanh, _tanh_df, (), (-0.98, 0.98), _tanh_df_of_output, marker="o"),
            Activation("relu", _relu, _relu_df, df_of_output=_relu_df_of_output, marker="^"),
            Activation("leaky_relu", _leaky_relu, _leaky_relu_df, marker="v"),
            Activation("elu", _elu, _elu_df, marker="d"),
            Activation("selu", _selu, _selu_df, marker="p"),
            Activation("gelu", _gelu, _gelu_df, marker=">"),
            Activation("silu", _silu, _silu_df, marker="<"),
            Activation("mish", _mish, _mish_df, marker="*"),
            Activation("softplus", _softplus, _sigmoid, marker="h"),
            Activation("softsign", _softsign, _softsign_df, saturation=(-0.98, 0.98), marker="X"),
            Activation("erf", _erf, _erf_df, saturation=(-0.98, 0.98), marker="P"),
        )
    },
    hints={
        "swish": "'silu'",
        "logistic": "'sigmoid'",
        "identity": "'linear'",
        "rectifier": "'relu'",
        "lrelu": "'leaky_relu'",
        "prelu": "'leaky_relu', or a row of your own with another slope, an Activation",
    }
    | dict.fromkeys(("sin", "sine"), "a row of your own, Activation('sine', numpy.sin, numpy.cos)"),
)


def activation_of(activation: str | Activation) -> Activation:
    """A name or an `Activation`, as an `Activation`; one that is no row is tried first."""
    activation = lookup(ACTIVATIONS, activation, "activation")
    if not isinstance(activation, Activation):
        raise refusal("activation", "a name or an Activation", activation, WrongKind)
    return activation if ACTIVATIONS.data.get(activation.name) == activation else activation.tried

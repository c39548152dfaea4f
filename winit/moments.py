"""Gaussian integrals of activations: moments and gains.

``q`` is the mean square of a pre-activation and ``g ~ N(0, 1)``. An activation is a name of `ACTIVATIONS` or an
`Activation`. What wide networks make of these integrals, layer by layer, stands in `winit.meanfield`.

The rows of `ACTIVATIONS` are integrated with a fixed `rule`, which the tests prove to about 1e-14. Any other function
is integrated by SciPy; where its estimate of the error is too large, a ValueError says so, for a wrong number is worse.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Callable, Sequence
from typing import overload

import numpy as np

from .activations import ACTIVATIONS, Activation, activation_of

__all__ = ["expectation", "gain", "mean", "second_moment", "slope_moment"]

TINY = 1e-280  # stands for 0 where one divides by q or asks for a limit q → 0
REACH = 10.0  # standard deviations; beyond them lie 1e-23 of the normal law
FINEST = 3  # panels shrink towards a centre down to 2**-FINEST of the activation's own scale, 1

# One's own functions
FAR_REACH = 30.0  # standard deviations: z**20 squared has 1e-5 of its integral beyond 10
GRID = np.concatenate([np.arange(-30, -10), np.arange(-80, 80) / 8, np.arange(10, 31)])  # so that spikes are seen
WANTED, PROMISED = 1e-12, 1e-9  # errors by SciPy's estimate, the power 1.5 of a difference that is at most 1e-8 then
CURE = "give its kinks and jumps (Activation(…, kinks=…)), or take a smaller q"
PROVEN = dict(ACTIVATIONS.data)


@overload
def expectation(function: Callable, q: float = 1.0, kinks: Sequence[float] = ()) -> float: ...
@overload
def expectation(function: Callable, q: np.ndarray, kinks: Sequence[float] = ()) -> np.ndarray: ...
def expectation(function, q=1.0, kinks=()):
    """``E function(√q g)`` for ``g ~ N(0, 1)``, with a relative error of at most 1e-8 of ``E |function(√q g)|``.

    What may go unseen is a spike narrower than √q / 1000, or √q / 100 beyond 10 √q, away from 0 and from every kink.

    Parameters
    ----------
    function : callable
        Elementwise, of an array of any shape.
    q : float or array
        Variance of the argument, finite and at least 0.
    kinks : sequence of float
        Points other than 0 where `function` or a derivative jumps. They may be left out, which costs time.

    Returns
    -------
    float or array
        Of the shape of `q`.

    Raises
    ------
    ValueError
        The accuracy cannot be reached, `function` is not finite, grows so fast that the integral has no end, or
        returns an array of another shape.

    Examples
    --------
    >>> round(float(expectation(lambda z: abs(z - 0.37))), 8)
    0.85188512
    """
    return _adaptive(function, _at_least_0(q), kinks, "function")[()]  # a number for a number


def _adaptive(function, q, kinks, name, power=1):
    """``E function(√q g) ** power`` for an array q; `name` is what a message calls the function.

    All panels between 0, the kinks and `GRID` lie on top of each other, and those of every q side by side, so that a
    call of `quad_vec` reads all of them at once, and what it halves is halved in all of them.
    """
    from scipy.integrate import quad_vec

    std = np.sqrt(q).reshape(-1, 1)
    edges = np.concatenate([panels(std[:, 0], (0.0, *kinks), reach=FAR_REACH), np.tile(GRID, (len(std), 1))], axis=1)
    edges.sort(axis=1)
    left, width = edges[:, :-1], np.diff(edges)
    g, weights = _nodes(edges)
    scale = (weights * np.abs(evaluate(function, std * g, name))).sum(axis=1, keepdims=True)
    scale[scale == 0] = 1

    def scaled(g):
        """Density times function ** power, in units of E |function|, for squares may overflow."""
        with np.errstate(over="ignore"):
            powers = (evaluate(function, std * g, name) / scale) ** power
        return np.exp(-(g**2) / 2) / math.sqrt(2 * math.pi) * powers

    problem = f"the Gaussian integral of {name} at q={{:g}} {{}}".format
    endless = ~(np.abs(scaled(edges[:, [0, -1]])).max(axis=1) <= 1e-10)
    if endless.any():
        reason = "does not converge: the function grows as fast as the normal law falls. Take a smaller q"
        raise ValueError(problem(q.flat[endless.argmax()], reason))
    limit = 3000 if len(std) == 1 else 200
    value, error = quad_vec(
        lambda t: (width * scaled(left + t * width)).sum(axis=1),
        *(0, 1),
        **{"epsabs": WANTED, "epsrel": WANTED, "norm": "max", "limit": limit, "quadrature": "gk21"},
    )
    if not (error <= PROMISED * (value if power == 2 else value**0)).all():
        if len(std) > 1:  # each by itself, with more work
            return np.reshape([_adaptive(function, each, kinks, name, power) for each in q.flat], q.shape)
        reason = (
            f"reached a relative accuracy of {error / (value[0] if power == 2 else 1):.0e} only, not of 1e-8: {CURE}"
        )
        raise ValueError(problem(q.item(), reason))
    with np.errstate(over="ignore"):
        return (value * scale[:, 0] ** power).reshape(q.shape)


def evaluate(function, z, name):
    """The values of one's own function, checked: real and finite, in float64 and of the shape of z."""
    with np.errstate(all="ignore"):  # e^z may overflow on the way to a finite result
        values = np.asarray(function(z))
    if values.dtype.kind not in "fiub" or values.shape != z.shape:
        problem = f"return real numbers, one for each entry, got dtype {values.dtype} and shape {values.shape}"
    elif values.dtype.kind == "f" and values.dtype.itemsize < 8:
        problem = f"compute in float64, got {values.dtype}"
    elif not np.isfinite(values).all():
        i = np.argmin(np.isfinite(values))
        problem = f"be finite within {FAR_REACH:g} √q, got {values.flat[i]} at z = {z.flat[i]:.6g}; take a smaller q"
    else:
        return values.astype(np.float64, copy=False)
    raise ValueError(f"{name} must {problem}")


def rule(std, centres, deepest=1000, order=16):
    """Nodes and weights, shape (*std.shape, nodes), of integrals over N(0, std²); centres: (*std.shape, n) or (n,).

    Composite Gauss–Legendre rule, `order` nodes a panel. Panels double in length away from 0 and from every kink, and
    start at 1/8 of the smaller of two scales, that of the activation (1) and that of the normal law (√q).
    A pole as near as that of tanh then lies at least three half-panels away from every panel, whatever q,
    so that every row of `ACTIVATIONS` is integrated to about 1e-14, saturated or not.
    """
    g, weights = _nodes(panels(std, centres, deepest), order)
    return np.asarray(std)[..., None] * g, weights


def _nodes(edges, order=16):
    """Nodes on the panels between edges, and their weights under the normal law: (…, nodes)."""
    half = np.diff(edges)[..., None] / 2
    nodes, node_weights = legendre(order)
    g = edges[..., :-1, None] + half * (1 + nodes)
    weights = half * node_weights * np.exp(-(g**2) / 2) / math.sqrt(2 * math.pi)
    flat = (*edges.shape[:-1], -1)
    return g.reshape(flat), weights.reshape(flat)


def panels(std, centres, deepest=1000, reach=REACH):
    """Edges of panels in units of std, where the normal law is the same for every q: shape (*std.shape, edges)."""
    std = np.asarray(std)[..., None]
    depth = min(math.ceil(math.log2(std.max(initial=1))), deepest)
    octaves = np.exp2(np.arange(-FINEST - depth, math.log2(reach) + 1))
    offsets = np.concatenate([-octaves, [0], octaves])
    with np.errstate(over="ignore"):  # of kinks far outside
        edges = (np.asarray(centres) / np.maximum(std, TINY))[..., None] + offsets
    return np.sort(np.clip(edges, -reach, reach).reshape(*edges.shape[:-2], -1))


@functools.cache
def legendre(order):
    """Nodes and weights on a panel; at first use, for NumPy loads its polynomials only then."""
    return np.polynomial.legendre.leggauss(order)


@overload
def mean(activation: str | Activation, q: float = 1.0) -> float: ...
@overload
def mean(activation: str | Activation, q: np.ndarray) -> np.ndarray: ...
def mean(activation, q=1.0):
    """``E f(√q g)`` for ``g ~ N(0, 1)``.

    Parameters
    ----------
    activation : str or Activation
    q : float or array
        Variance of the argument, finite and at least 0.

    Returns
    -------
    float or array
        Of the shape of `q`;
        where it nearly cancels, exact to about 1e-16 of ``√(E f²)``, for one's own f to 1e-8 of it.

    Raises
    ------
    ValueError
        A bad `q`, and what `expectation` refuses.

    Examples
    --------
    >>> round(mean("relu"), 6)
    0.398942
    """
    activation = activation_of(activation)
    return _moment(activation.f, activation, q, "f")


@overload
def second_moment(activation: str | Activation, q: float = 1.0) -> float: ...
@overload
def second_moment(activation: str | Activation, q: np.ndarray) -> np.ndarray: ...
def second_moment(activation, q=1.0):
    """``E f(√q g)²`` for ``g ~ N(0, 1)``.

    Parameters
    ----------
    activation : str or Activation
    q : float or array
        Variance of the argument, finite and at least 0.

    Returns
    -------
    float or array
        Of the shape of `q`, with a relative error of about 1e-14, for one's own f at most 1e-8. A square above 1e308 is
        inf, one below 1e-308 is 0.

    Raises
    ------
    ValueError
        A bad `q`, and what `expectation` refuses.

    Examples
    --------
    >>> second_moment("relu", np.array([1.0, 4.0])).round(6)
    array([0.5, 2. ])
    """
    activation = activation_of(activation)
    return _moment(activation.f, activation, q, "f", power=2)


@overload
def slope_moment(activation: str | Activation, q: float = 1.0) -> float: ...
@overload
def slope_moment(activation: str | Activation, q: np.ndarray) -> np.ndarray: ...
def slope_moment(activation, q=1.0):
    """``E f'(√q g)²`` for ``g ~ N(0, 1)``.

    Parameters
    ----------
    activation : str or Activation
    q : float or array
        Variance of the argument, finite and at least 0.

    Returns
    -------
    float or array
        Of the shape of `q`, with a relative error of about 1e-14, for one's own f at most 1e-8; at ``q = 0`` the limit
        ``q → 0``, which is ½ for ReLU.

    Raises
    ------
    ValueError
        A bad `q`, what `expectation` refuses, and a derivative that differences of f contradict.

    Examples
    --------
    >>> round(slope_moment("relu"), 6)
    0.5
    """
    activation = activation_of(activation)
    q = np.maximum(_at_least_0(q), TINY)
    if not proven(activation):
        for each in np.ravel(q):
            _check_slope(activation, math.sqrt(each))
    return _moment(activation.df, activation, q, "df", power=2)


def gain(activation: str | Activation) -> float:
    """``(E f(g)²) ** -0.5``: weights of standard deviation ``gain / √fan_in`` keep a mean square of 1.

    Parameters
    ----------
    activation : str or Activation

    Returns
    -------
    float

    Raises
    ------
    ValueError
        What `expectation` refuses.

    Examples
    --------
    >>> round(gain("relu"), 6), round(gain("tanh"), 6)
    (1.414214, 1.592537)
    """
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


def _moment(function, activation, q, part, power=1):
    """The expectation: a float for a number q, an array for an array."""
    q = _at_least_0(q)
    if proven(activation):
        nodes, weights = rule(np.sqrt(q), (0.0, *activation.kinks))
        values = function(nodes)
        moment = (weights * (values**2 if power == 2 else values)).sum(axis=-1)
    else:
        moment = _adaptive(function, q, activation.kinks, f"{part} of {activation.name!r}", power)
    return moment if moment.ndim else float(moment)


def proven(activation):
    """Whether it is a row of `ACTIVATIONS` as the tests know it."""
    row = PROVEN.get(activation.name)
    return row is activation or row == activation


def _check_slope(activation, std):
    """ValueError where df contradicts differences of f at several points.

    Differences count where three widths agree about them, and where rounding leaves them digits: no point next to a
    jump or a kink does, nor one of an oscillation that is narrower than the differences.
    """
    z = std * np.linspace(-3.1, 2.9, 61)
    f, df = (f"{part} of {activation.name!r}" for part in ("f", "df"))
    step = np.array([[1e-4], [5e-5], [2e-5]]) * np.maximum(min(std, 1), 0.01 * np.abs(z))
    low, high = evaluate(activation.f, z - step, f), evaluate(activation.f, z + step, f)
    differences = (high - low) / ((z + step) - (z - step))
    noise = ((1e-14 * (np.abs(low) + np.abs(high)) + 2.0**-1022) / step)[-1]
    slope, difference, spread = evaluate(activation.df, z, df), differences[-1], np.ptp(differences, axis=0)
    clear = (spread <= 1e-3 * np.abs(difference) + noise) & (noise < 1e-3 * (np.abs(difference) + np.abs(slope)))
    wrong = clear & (np.abs(difference - slope) > 0.01 * np.maximum(np.abs(difference), np.abs(slope)) + 2 * spread)
    if wrong.sum() > 3:
        i = wrong.argmax()
        raise ValueError(
            f"{df} must be the derivative of f, got {slope[i]:.6g} at z = {z[i]:.6g}, "
            f"where differences of f give {difference[i]:.6g}"
        )

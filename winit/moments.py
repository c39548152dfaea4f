"""Gaussian integrals of activations: moments and gains.

``q`` is the mean square of a pre-activation and ``g ~ N(0, 1)``. An activation is a name of `ACTIVATIONS` or an
`Activation`. What wide networks make of these integrals, layer by layer, stands in `winit.meanfield`.

The rows of `ACTIVATIONS` are integrated with a fixed `rule`, which the tests prove to about 1e-14. Any other function
is integrated by `integrate`, which halves panels until its own estimate of the error is far below 1e-8; where the work
that takes is out of bounds, a ValueError says so, for a wrong number is worse than an error.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Callable, Sequence
from typing import NamedTuple, overload

import numpy as np

from .activations import ACTIVATIONS, Activation, activation_of

__all__ = ["expectation", "gain", "mean", "second_moment", "slope_moment"]

TINY = 1e-280  # stands for 0 where one divides by q or asks for a limit q → 0
SMALLEST = 2.0**-1022  # below it numbers lose their digits
REACH = 10.0  # standard deviations; beyond them lie 1e-23 of the normal law
FINEST = 3  # panels shrink towards a centre down to 2**-FINEST of the activation's own scale, 1

# One's own functions
FAR_REACH = 30.0  # standard deviations: z**20 squared has 1e-5 of its integral beyond 10
GRID = np.concatenate([np.arange(-30, -10), np.arange(-80, 80) / 8, np.arange(10, 31)])  # so that spikes are seen
PROMISED = 1e-9  # the estimated error that is accepted, relative to E |function|
SHARP = 12  # halvings after which a panel holds a kink or a jump
HALVINGS, MOST_PANELS = 50, 2**13  # bounds on the work: of a panel, and of those that are open at a time for each q
BLOCK = 2**12  # panels evaluated at a time, so that their nodes stay in the cache
PROVEN = dict(ACTIVATIONS.data)


@overload
def expectation(function: Callable, q: float = 1.0, kinks: Sequence[float] = ()) -> float: ...
@overload
def expectation(function: Callable, q: np.ndarray, kinks: Sequence[float] = ()) -> np.ndarray: ...
def expectation(function, q=1.0, kinks=()):
    """``E function(√q g)`` for ``g ~ N(0, 1)``, with a relative error of at most 1e-8 of ``E |function(√q g)|``.

    The error is estimated and panels are halved until it is small, up to a bound on the work (see `integrate`).
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
    return refined(function, _at_least_0(q), kinks, "function")[0][()]  # a number for a number


def refined(function, q, kinks, name, squared=False):
    """`expectation` of function, or of its square, and the sharp panels (see `Integral`).

    `name` is what a message calls the function.
    """
    std = np.sqrt(q).ravel()
    scale = np.ones_like(std)
    if squared:  # a square may overflow far out where the integral does not
        largest = np.abs(evaluate(function, std[:, None] * [-1, 1], name)).max(axis=1)
        scale[largest > 1e100] = np.exp2(np.floor(np.log2(largest[largest > 1e100])))

    def at(g, row):
        values = evaluate(function, std[row, None] * g, name) / scale[row, None]
        with np.errstate(over="ignore"):
            values = values**2 if squared else values
        return values, 0, 0

    edges = panels(std, (0.0, *kinks), reach=FAR_REACH)
    edges = np.sort(np.concatenate([edges, np.broadcast_to(GRID, (std.size, GRID.size))], axis=1), axis=1)
    found = integrate(at, edges, goal=1e-13, most=MOST_PANELS * std.size)
    ends = np.abs(at(np.broadcast_to([-FAR_REACH, FAR_REACH], (std.size, 2)), np.arange(std.size))[0]).max(axis=1)
    endless = ~(ends * normal_density(FAR_REACH) <= 1e-10 * found.size)
    accept(found, name, [f"q={value:g}" for value in np.ravel(q)], endless)
    with np.errstate(over="ignore"):
        value = (found.value * scale**2 if squared else found.value).reshape(np.shape(q))
    return value, found.sharp


def evaluate(function, z, name):
    """The values of one's own function, checked: real, of the shape of z."""
    with np.errstate(all="ignore"):  # e^z may overflow on the way to a finite result
        values = np.asarray(function(z))
    if values.dtype.kind not in "fiub" or values.shape != z.shape:
        raise ValueError(
            f"{name} must return real numbers, one for each entry of an array of shape {z.shape}, "
            f"got dtype {values.dtype} and shape {values.shape}"
        )
    if not np.isfinite(values).all():
        where = ~np.isfinite(values)
        raise ValueError(
            f"{name} must be finite within {FAR_REACH:g} standard deviations √q, got {values[where][0]} at "
            f"z = {z[where][0]:.6g}; write it so that it does not overflow there, or take a smaller q"
        )
    return values.astype(np.float64, copy=False)


class Integral(NamedTuple):
    """What `integrate` finds, arrays (rows,)."""

    value: np.ndarray
    error: np.ndarray  # estimated
    rounding: np.ndarray  # of the values of the function: no refinement gets below it
    size: np.ndarray  # ∫ |function|
    sharp: np.ndarray  # (2, n), middles and widths of panels that were halved `SHARP` times and more, in all rows


def integrate(function, edges, *, goal, most):
    """``∫ function(g, row) dN(g)`` over the panels between edges (rows, n), with an estimate of the error.

    Each panel is integrated with 16 nodes and again as two halves. Where the two differ by more than `goal` of
    the panel, and of a hundredth of its row, the halves go on to be halved, at most `HALVINGS` times and at most
    `most` of them at a time: then their difference stays in the error.

    Parameters
    ----------
    function : callable
        ``function(g, row)`` of nodes (panels, 16) and rows (panels,) gives values, their errors and their rounding.
    """
    count = len(edges)
    row = np.repeat(np.arange(count), edges.shape[1] - 1)
    left, right = edges[:, :-1].ravel(), edges[:, 1:].ravel()
    row, left, right = (array[right > left] for array in (row, left, right))
    sharp = [np.zeros((2, 0))]
    found, coarse = np.zeros((4, count)), _panel_sums(function, left, right, row)
    for halving in range(HALVINGS):
        middle = (left + right) / 2
        left, right = np.stack([left, middle], axis=1).ravel(), np.stack([middle, right], axis=1).ravel()
        halves = _panel_sums(function, left, right, np.repeat(row, 2))
        fine = halves.reshape(4, -1, 2).sum(axis=2)
        with np.errstate(invalid="ignore"):
            error = np.abs(fine[0] - coarse[0])
        size = found[3] + np.bincount(row, fine[3], count)
        unsettled = ~(error <= goal * (fine[3] + size[row] / 100) + fine[1] + fine[2] + SMALLEST)
        last = halving == HALVINGS - 1 or not 0 < 2 * unsettled.sum() <= most
        settled = np.full(len(row), True) if last else ~unsettled
        fine[1] += error
        for sums, values in zip(found, fine, strict=True):
            sums += np.bincount(row[settled], values[settled], count)
        if halving >= SHARP:
            sharp.append(np.stack([middle, right[1::2] - left[::2]])[:, settled])
        if last:
            value, error, rounding, size = found
            return Integral(value, error, rounding, size, np.concatenate(sharp, axis=1))
        both = np.repeat(unsettled, 2)
        left, right, row, coarse = left[both], right[both], np.repeat(row, 2)[both], halves[:, both]


def _panel_sums(function, left, right, row):
    """Integrals over panels of the function, its error, its rounding and its absolute value: (4, panels)."""
    sums = np.empty((4, len(row)))
    nodes, node_weights = legendre()
    for first in range(0, len(row), BLOCK):
        block = slice(first, first + BLOCK)
        half = (right[block] - left[block])[:, None] / 2
        g = left[block, None] + half * (1 + nodes)
        weights = half * node_weights * normal_density(g)
        values, errors, rounding = function(g, row[block])
        with np.errstate(over="ignore", invalid="ignore"):  # judged by `accept`
            for sums_of, integrand in zip(sums, (values, errors, rounding, np.abs(values)), strict=True):
                sums_of[block] = (weights * integrand).sum(axis=1)
    return sums


def accept(found, name, places, endless=False):
    """ValueError where an integral has no end, or where the estimated error is too large."""
    with np.errstate(invalid="ignore", divide="ignore"):
        reached = np.maximum(found.error - 2 * found.rounding - SMALLEST, 0) / np.maximum(found.size, SMALLEST)
    for bad, reason in (
        (endless, "does not converge: the function grows as fast as the normal law falls. Take a smaller q"),
        (~(reached <= PROMISED), "reached a relative accuracy of {:.0e} only, not of 1e-8: {}"),
    ):
        if np.any(bad):
            i = int(np.argmax(bad))
            cure = "compute in float64, give its kinks and jumps (Activation(…, kinks=…)), or take a smaller q"
            raise ValueError(f"the Gaussian integral of {name} at {places[i]} {reason.format(reached[i], cure)}")


def normal_density(g):
    """Of N(0, 1)."""
    return np.exp(-(g**2) / 2) / math.sqrt(2 * math.pi)


def rule(std, centres, deepest=1000):
    """Nodes and weights, shape (*std.shape, nodes), of integrals over N(0, std²); centres: (*std.shape, n) or (n,).

    Composite Gauss–Legendre rule, 16 nodes a panel. Panels double in length away from 0 and from every kink, and
    start at 1/8 of the smaller of two scales, that of the activation (1) and that of the normal law (√q).
    A pole as near as that of tanh then lies at least three half-panels away from every panel, whatever q,
    so that every row of `ACTIVATIONS` is integrated to about 1e-14, saturated or not.
    """
    std = np.asarray(std)
    edges = panels(std, centres, deepest)
    half = np.diff(edges)[..., None] / 2
    nodes, node_weights = legendre()
    g = edges[..., :-1, None] + half * (1 + nodes)
    weights = half * node_weights * np.exp(-(g**2) / 2) / math.sqrt(2 * math.pi)
    flat = (*edges.shape[:-1], -1)
    return std[..., None] * g.reshape(flat), weights.reshape(flat)


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
def legendre():
    """The rule of 16 nodes on a panel; at first use, for NumPy loads its polynomials only then."""
    return np.polynomial.legendre.leggauss(16)


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
    return _moment(activation.f, activation, q, "f", squared=True)


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
        _check_slope(activation, q)
    return _moment(activation.df, activation, q, "df", squared=True)


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


def _moment(function, activation, q, part, squared=False):
    """The expectation: a float for a number q, an array for an array."""
    q = _at_least_0(q)
    if proven(activation):
        nodes, weights = rule(np.sqrt(q), (0.0, *activation.kinks))
        values = function(nodes)
        moment = (weights * (values**2 if squared else values)).sum(axis=-1)
    else:
        moment, _ = refined(function, q, activation.kinks, f"{part} of {activation.name!r}", squared)
    return moment if moment.ndim else float(moment)


def proven(activation):
    """Whether it is a row of `ACTIVATIONS` as the tests know it."""
    row = PROVEN.get(activation.name)
    return row is activation or row == activation


def _check_slope(activation, q):
    """ValueError where df contradicts differences of f at several points.

    Differences count where two widths agree about them, and where rounding leaves them digits: no point next to a
    jump or a kink does, nor one of an oscillation that is narrower than the differences.
    """
    std = np.sqrt(q).reshape(-1, 1)
    z = std * np.linspace(-3.1, 2.9, 61)
    f, df = (f"{part} of {activation.name!r}" for part in ("f", "df"))
    slope, differences, noise = evaluate(activation.df, z, df), [], 0.0
    for width in (1e-4, 5e-5, 2e-5):
        step = np.maximum(width * np.minimum(std, 1), 0.01 * width * np.abs(z))
        low, high = evaluate(activation.f, z - step, f), evaluate(activation.f, z + step, f)
        differences.append((high - low) / ((z + step) - (z - step)))
        noise = (1e-14 * (np.abs(low) + np.abs(high)) + SMALLEST) / step
    spread = np.ptp(differences, axis=0)
    difference = differences[-1]
    clear = (spread <= 1e-3 * np.abs(difference) + noise) & (noise < 1e-3 * (np.abs(difference) + np.abs(slope)))
    wrong = clear & (np.abs(difference - slope) > 0.01 * np.maximum(np.abs(difference), np.abs(slope)) + 2 * spread)
    row = int(wrong.sum(axis=1).argmax())
    if wrong[row].sum() > 3:
        i = int(wrong[row].argmax())
        raise ValueError(
            f"{df} must be the derivative of f, got {slope[row, i]:.6g} at z = {z[row, i]:.6g}, "
            f"where differences of f give {difference[row, i]:.6g}"
        )

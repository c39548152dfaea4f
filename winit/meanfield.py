"""The mean field theory of wide networks: lengths, correlations, the fixed point, χ and the critical line.

Notation of the mean field papers: ``q`` is the mean square of a pre-activation, ``sigma_w² = fan_in · Var w``,
``sigma_b`` the standard deviation of a bias, ``g ~ N(0, 1)``. With ``V(q) = sigma_w² E f(√q g)² + sigma_b²``
the lengths obey ``q_l = V(q_{l-1})``; ``χ = sigma_w² E f'(√q* g)²`` at the fixed point ``q*`` is the factor
on the mean square of a gradient per layer. An activation is a name of `ACTIVATIONS` or an `Activation`.

For an `Activation` of one's own each function raises ValueError where `winit.moments.second_moment` or `slope_moment`
does, and in place of a number that is not right to 1e-6.

References
----------
Poole et al. (2016); Schoenholz et al. (2017).
"""

from __future__ import annotations

import math

import numpy as np

from . import arguments
from .activations import Activation, activation_of
from .moments import CURE, TINY, evaluate, proven, rule, second_moment, slope_moment

__all__ = ["chi", "correlation_map", "critical_sigma_w", "fixed_point", "length_map"]

NOISE = 1e-14  # more than the rounding error of V(q) / q
FAR = np.array([-1e10, -3e9, 3e9, 1e10])  # where bounded activations are told from unbounded ones
# Steps in log q of the search for a fixed point: 0.05, then each a tenth longer than the one before
STRIDES = 0.5 * (1.1 ** np.arange(90) - 1)
# Of one's own activation: as a function of log q, E f² is smoothed by the law of log g², so that no wave of it is short
OWN_STRIDES, OWN_BLOCK = np.arange(0, 400, 0.5), 8  # evaluated in blocks, for it may overflow far out
WAVER = 1e-9  # relative error of E f² of one's own activation
MOST_KINKS = 8  # of one's own activation in a correlation, which takes time with the cube of their number


def length_map(
    activation: str | Activation, *, sigma_w: float, sigma_b: float = 0.0, depth: int, q0: float = 1.0
) -> np.ndarray:
    """Mean squares ``q_1 … q_depth`` of the pre-activations of a wide network.

    Parameters
    ----------
    activation : str or Activation
        The activation between the layers.
    sigma_w, sigma_b : float
        ``√(fan_in · Var w)`` and the standard deviation of the biases, at least 0.
    depth : int
        Number of layers.
    q0 : float
        Mean square of the *input*, which passes no activation: ``q_1 = sigma_w² q0 + sigma_b²``.

    Returns
    -------
    array, shape (depth,)
        ``inf`` from the layer on where a diverging length exceeds 1e308; one below 1e-308 is 0.

    Raises
    ------
    ValueError
        An unknown activation, a number that is negative or not finite, a depth that is no positive integer.

    Examples
    --------
    >>> length_map("relu", sigma_w=1.0, depth=4)
    array([1.   , 0.5  , 0.25 , 0.125])
    """
    activation = activation_of(activation)
    sigma_w, sigma_b = _sigmas(sigma_w, sigma_b)
    lengths = np.full(arguments.count("depth", depth), np.inf)
    q = sigma_w**2 * arguments.number("q0", q0, least=0) + sigma_b**2
    with np.errstate(over="ignore"):
        for layer in range(depth):
            if not np.isfinite(q):
                break
            lengths[layer] = q
            q = sigma_w**2 * second_moment(activation, q) + sigma_b**2
    return lengths


def correlation_map(
    activation: str | Activation, *, sigma_w: float, sigma_b: float = 0.0, depth: int, q0: float = 1.0, c0: float
) -> np.ndarray:
    """Correlations ``c_1 … c_depth`` of the pre-activations of two inputs in a wide network.

    Both inputs have the mean square `q0` and the correlation `c0`, and pass no activation, so that
    ``c_1 = (sigma_w² q0 c0 + sigma_b²) / q_1``; then ``c_l = (sigma_w² E f(u) f(v) + sigma_b²) / q_l``,
    where ``u, v`` are normal with variance ``q_{l-1}`` and correlation ``c_{l-1}``.

    Parameters
    ----------
    activation, sigma_w, sigma_b, depth, q0
        As for `length_map`.
    c0 : float
        Correlation of the two inputs, in [-1, 1].

    Returns
    -------
    array, shape (depth,)
        ``nan`` from the layer on where the length has fallen to 0 or grown to infinity. The distance of c from 1 or
        -1, whichever is nearer, is what passes from layer to layer: it keeps its digits, and 1 stays 1.

    Raises
    ------
    ValueError
        As for `length_map`, and a `c0` outside [-1, 1]; more than 8 kinks of one's own activation.

    Examples
    --------
    >>> correlation_map("relu", sigma_w=2**0.5, depth=4, c0=0.0).round(3)
    array([0.   , 0.318, 0.494, 0.605])
    """
    activation = activation_of(activation)
    sigma_w, sigma_b = _sigmas(sigma_w, sigma_b)
    q0, c0 = arguments.number("q0", q0, least=0), arguments.number("c0", c0, least=-1, most=1)
    lengths = length_map(activation, sigma_w=sigma_w, sigma_b=sigma_b, depth=depth, q0=q0)
    correlations = np.full(depth, np.nan)
    sign, distance = math.copysign(1, c0), 1 - abs(c0)  # c = sign · (1 - distance)
    spread = q0 * distance
    for layer, q in enumerate(lengths):
        if not TINY < q < 1 / TINY:
            break
        if layer > 0:
            spread = _spread(activation, lengths[layer - 1], sign, distance)
        # 1 - c, or 1 + c, to which the common biases add 2 sigma_b² / q
        distance = float(sigma_w**2 * spread / q + (1 - sign) * sigma_b**2 / q)
        if distance > 1:
            sign, distance = -sign, 2 - distance
        correlations[layer] = sign * (1 - distance)
    return correlations


def _spread(activation, q, sign, distance):
    """``E (f(u) - sign f(v))² / 2`` for u, v of variance q and correlation ``sign (1 - distance)``, distance ≤ 1.

    ``u = wide + narrow`` and ``sign v = wide - narrow`` with independent normals, so that nothing degenerates at
    correlation ±1. A kink k of f lies at ``wide = k - narrow`` and ``wide = sign k + narrow``; where
    two such lines cross, the inner integral has a kink in ``narrow``.
    """
    place = (np.array([0.0, *activation.kinks]), q, sign, distance)
    own, name = not proven(activation), f"f of {activation.name!r}"
    f = (lambda z: evaluate(activation.f, z, name)) if own else activation.f

    def spread(u, v):
        return (f(u) - sign * f(v)) ** 2 / 2

    if not own:
        return _plane(spread, *place)
    problem = f"the Gaussian integral of {name} at q={q:g} and a correlation of {sign * (1 - distance):g}"
    if len(activation.kinks) > MOST_KINKS:
        raise ValueError(f"{problem} takes at most {MOST_KINKS} kinks, got {len(activation.kinks)}")
    # Two orders must agree ten times better, for both may err alike, and the nodes must find the E f² that is known
    coarse, fine = (_plane(spread, *place, order) for order in (16, 24))
    known, found = second_moment(activation, q), _plane(lambda u, v: (f(u) ** 2 + f(v) ** 2) / 2, *place, 24)
    reached = 10 * max((abs(fine - coarse) - 1e-16 * known) / (fine or 1), abs(found - known) / (known or 1))
    if not reached <= 1e-6:
        raise ValueError(f"{problem} reached a relative accuracy of {reached:.0e} only, not of 1e-6: {CURE}")
    return fine


def _plane(function, kinks, q, sign, distance, order=16):
    """``E function(u, v)``, a symmetric one of the u and v of `_spread`, with the fixed rule in both directions."""
    crossings = np.unique(np.subtract.outer(kinks, sign * kinks)) / 2
    narrow, narrow_weights = rule(np.sqrt(q * distance / 2) or TINY, crossings, 30, order)
    if sign > 0:  # exchanging u and v changes the sign of `narrow` and nothing else
        narrow, narrow_weights = narrow[narrow >= 0], 2 * narrow_weights[narrow >= 0]
    inner = []
    for n in np.split(narrow[:, None], range(256, narrow.size, 256)):  # nodes of all would take too much memory
        lines = np.concatenate([kinks - n, sign * kinks + n, 0 * n], axis=1)
        wide, wide_weights = rule(np.full(len(n), np.sqrt(q * (1 - distance / 2))), lines, 30, order)
        inner.append((wide_weights * function(wide + n, sign * (wide - n))).sum(axis=1))
    return narrow_weights @ np.concatenate(inner)


def fixed_point(activation: str | Activation, *, sigma_w: float, sigma_b: float = 0.0) -> float:
    """The limit ``q*`` of `length_map` from ``q0 = 1``, so from ``q_1 = sigma_w² + sigma_b²``.

    E f² is taken to grow with q, as it does for every row of `ACTIVATIONS`: then the lengths move one way and
    stop at the first root of ``V(q) = q``, attracting or not. The root is bracketed, not iterated for:
    at criticality the lengths close in on it only like ``1 / l``. Of one's own activation both are verified: that E f²
    grows with q from the start to the root, and that the first lengths move from the one towards the other.

    Parameters
    ----------
    activation, sigma_w, sigma_b
        As for `length_map`.

    Returns
    -------
    float

    Raises
    ------
    ValueError
        Where the lengths diverge, as for ReLU with ``sigma_w² > 2``, or ``sigma_w² = 2`` and ``sigma_b > 0``; where
        E f² of one's own activation falls with q, so that the lengths may jump over a root.

    Examples
    --------
    >>> round(fixed_point("tanh", sigma_w=1.5, sigma_b=0.1), 6)
    0.813322
    """
    activation = activation_of(activation)
    sigma_w, sigma_b = _sigmas(sigma_w, sigma_b)
    start = sigma_w**2 + sigma_b**2
    square = _square_per_q(activation)
    if square is not None:  # V is a straight line
        growth = sigma_w**2 * square - 1
        if abs(growth) < NOISE and sigma_b == 0:
            return start
        q = sigma_b**2 / -growth if growth < -NOISE else None
    else:
        q = _first_rest(activation, sigma_w, sigma_b, start)
    if q is None:
        raise ValueError(
            f"no fixed point: the length map of {activation.name!r} with sigma_w={sigma_w!r}, sigma_b={sigma_b!r} "
            "diverges from q0 = 1; a smaller sigma_w keeps it finite"
        )
    return q


def _first_rest(activation, sigma_w, sigma_b, start):
    """The first root of V(q) = q in the direction in which V moves `start`: 0 if there is none below, None above."""

    own = not proven(activation)
    strides, block = (OWN_STRIDES, OWN_BLOCK) if own else (STRIDES, None)

    def growth(log_q):
        q = np.exp(log_q)
        return (sigma_w**2 * second_moment(activation, q) + sigma_b**2) / q - 1

    if start < TINY:
        return 0.0
    first = growth(math.log(start))
    if abs(first) < NOISE:
        return start
    if first > 0:
        log_q = _first_root(lambda log_q: -growth(log_q), math.log(start) + strides[strides < 60], block)
    else:
        deepest = 400.0
        if own:  # the root is at least V(0); where that is 0, it is looked for down to 1e-26 of the start
            least = sigma_w**2 * second_moment(activation, 0.0) + sigma_b**2
            deepest = math.log(start / least) + 1 if least > 0 else 60
        log_q = _first_root(growth, math.log(start) - strides[strides < deepest], block)
    root = math.exp(log_q) if log_q is not None else None if first > 0 else 0.0
    if own and root is not None:
        _check_way(activation, sigma_w, sigma_b, start, root)
    return root


def _check_way(activation, sigma_w, sigma_b, start, root):
    """ValueError unless E f² grows with q from start to root, and 30 lengths move from the one towards the other."""
    low, high = sorted((start, max(root, 1e-26 * start)))
    squares = second_moment(activation, np.geomspace(low, high, 2 + int(2 * math.log(high / low))))
    lengths = length_map(activation, sigma_w=sigma_w, sigma_b=sigma_b, depth=30)
    away = np.diff(np.abs(lengths - root)) > WAVER * root
    beyond = (lengths - root) * np.sign(start - root) < -1e-6 * root
    if away.any() or beyond.any() or (np.diff(squares) < -WAVER * squares[1:]).any():
        raise ValueError(
            f"no fixed point is known of {activation.name!r} with sigma_w={sigma_w!r}, sigma_b={sigma_b!r}: E f² does "
            f"not grow with q between q_1 = {start:.6g} and the root {root:.6g} of V(q) = q, so that the lengths may "
            "jump over it; look at `length_map`"
        )


def _first_root(function, grid, block=None):
    """The first sign change from minus to plus along the grid, refined; None if the function is nowhere above noise.

    With `block` so many points are looked at at a time, and none beyond the block with the sign change.
    """
    for first in range(0, len(grid), block or len(grid)):
        above = function(grid[first : first + (block or len(grid))]) > NOISE
        if above.any():
            break
    else:
        return None
    i = max(first + int(np.argmax(above)), 1)
    while True:
        grid = np.linspace(grid[i - 1], grid[i], 17)
        if abs(grid[-1] - grid[0]) < 1e-14 * max(1, abs(grid[0])):
            return float(grid[-1])
        above = function(grid) > 0
        above[-1] = True
        i = max(int(np.argmax(above)), 1)


def chi(activation: str | Activation, *, sigma_w: float, sigma_b: float = 0.0) -> float:
    """``χ = sigma_w² E f'(√q* g)²``: with depth, gradients vanish where it is below 1 and explode where above.

    For relu, leaky_relu and linear E f'² is the same for every q, so χ is given even where no q* exists.

    Parameters
    ----------
    activation, sigma_w, sigma_b
        As for `length_map`.

    Returns
    -------
    float

    Raises
    ------
    ValueError
        As for `fixed_point`, and a derivative of one's own activation that contradicts it.

    Examples
    --------
    >>> round(chi("relu", sigma_w=2**0.5), 6)
    1.0
    """
    activation = activation_of(activation)
    sigma_w, sigma_b = _sigmas(sigma_w, sigma_b)
    square = _square_per_q(activation)
    if square is None:
        square = slope_moment(activation, fixed_point(activation, sigma_w=sigma_w, sigma_b=sigma_b))
    return sigma_w**2 * square


def critical_sigma_w(activation: str | Activation, *, sigma_b: float) -> float:
    """The ``sigma_w`` with ``χ = 1``, between vanishing and exploding gradients.

    ``sigma_w² = 1 / E f'²`` turns the fixed point into one equation for its length, ``q = E f² / E f'² + sigma_b²``.

    Parameters
    ----------
    activation, sigma_b
        As for `length_map`.

    Returns
    -------
    float

    Raises
    ------
    ValueError
        ReLU and its like with ``sigma_b > 0``, where the length diverges at ``χ = 1``; other unbounded
        activations (ELU, SELU, GELU, SiLU, Mish, softplus), where the fixed point may repel or be absent.

    Examples
    --------
    >>> round(critical_sigma_w("tanh", sigma_b=0.1), 6)
    1.193401
    """
    activation = activation_of(activation)
    _, sigma_b = _sigmas(0.0, sigma_b)
    square = _square_per_q(activation)
    if square is not None:
        if sigma_b > 0:
            raise ValueError(
                f"sigma_b must be 0 for {activation.name!r}, got {sigma_b!r}: "
                "at χ = 1 every layer adds sigma_b² to the length, which has no fixed point"
            )
        return square**-0.5
    with np.errstate(all="ignore"):
        bounded = (np.abs(activation.f(FAR)) < 1e-4 * np.abs(FAR)).all()
    if not bounded:
        raise ValueError(
            f"no critical sigma_w for {activation.name!r}: it is unbounded, so E f² grows like q, and where χ = 1 "
            "the length map may have a repelling fixed point or none; bounded activations have a critical "
            "sigma_w for every sigma_b, relu, leaky_relu and linear for sigma_b = 0"
        )

    def excess(log_q):
        q = np.exp(log_q)
        return 1 - (second_moment(activation, q) / slope_moment(activation, q) + sigma_b**2) / q

    block = None if proven(activation) else OWN_BLOCK
    log_q = -math.inf  # tanh and its like without biases: the length dies out
    if sigma_b > 0 or second_moment(activation, 0.0) > 0:
        log_q = _first_root(excess, np.arange(-60.0, math.log(1 + sigma_b**2) + 40), block)
    slope = 0.0 if log_q is None else slope_moment(activation, math.exp(log_q))
    if slope > 0 and abs(chi(activation, sigma_w=slope**-0.5, sigma_b=sigma_b) - 1) < 1e-6:
        return slope**-0.5
    raise ValueError(
        f"no critical sigma_w for {activation.name!r} at sigma_b={sigma_b!r}: "
        "no length that the length map reaches from q0 = 1 has χ = 1"
    )


def _square_per_q(activation):
    """E f(√q g)² / q where it is E f'² for every q, as for relu, leaky_relu and linear: f(z) = |z| f(±1). Else None."""
    own = not proven(activation)
    z = np.geomspace(1e-9, 1e9, 401) if own else np.array([1e-3, 0.1, 10, 1e3])
    with np.errstate(all="ignore"):
        left, right = activation.f(np.array([-1.0, 1.0]))
        lines = np.allclose(activation.f(z), z * right, 1e-12, 0) and np.allclose(activation.f(-z), z * left, 1e-12, 0)
    square = float(left**2 + right**2) / 2
    if lines and own:  # and no spike between these points
        q = np.geomspace(1e-4, 1e4, 9)
        lines = np.allclose(second_moment(activation, q), square * q, WAVER, 0)
        lines = lines and np.allclose(slope_moment(activation, q), square, WAVER, 0)
    return square if lines else None


def _sigmas(sigma_w, sigma_b):
    return arguments.number("sigma_w", sigma_w, least=0), arguments.number("sigma_b", sigma_b, least=0)

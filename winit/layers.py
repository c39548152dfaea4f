"""What happens to one layer: batch normalization and dropout, forward and backward.

Pure functions of arrays (..., batch, units), one row a sample; leading axes are networks.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from . import arguments
from .arguments import WrongKind, refusal

__all__ = ["BatchNormCache", "batch_norm", "batch_norm_backward", "dropout", "dropout_backward"]

EPS, MOMENTUM = 1e-5, 0.1  # of batch norm, as in PyTorch


class BatchNormCache(NamedTuple):
    """What `batch_norm` leaves for `batch_norm_backward`.

    Attributes
    ----------
    centred : array (..., batch, units)
        x - μ.
    inverse_std : array (..., units)
        1/√(σ² + ε).
    gamma : array (units,) or (..., units)
    train : bool
        The mode.

    Examples
    --------
    >>> batch_norm(np.zeros((4, 3)), np.ones(3), np.zeros(3))[1]
    BatchNormCache(centred=array (4, 3), inverse_std=array (3,), gamma=array (3,), train=True)
    """

    centred: np.ndarray
    inverse_std: np.ndarray
    gamma: np.ndarray
    train: bool

    def __repr__(self) -> str:
        return arguments.summary(self)


def batch_norm(
    x: ArrayLike,
    gamma: ArrayLike,
    beta: ArrayLike,
    *,
    eps: float = EPS,
    running: Sequence[np.ndarray] | None = None,
    momentum: float = MOMENTUM,
    train: bool = True,
) -> tuple[np.ndarray, BatchNormCache]:
    """Batch normalization: ``y = γ x̂ + β`` with ``x̂ = (x - μ) / √(σ² + ε)`` per unit.

    Parameters
    ----------
    x : array (..., batch, units)
        Leading axes, if any, are networks. A signal may be inf or nan, for networks do blow up.
    gamma, beta : array (units,) or (..., units)
        Scale and shift.
    eps : float
        Added to the variance; 0 is allowed.
    running : pair of arrays (..., units), optional
        Running mean and variance. Training updates them **in place**,
        ``running += momentum * (batch - running)``; evaluation normalizes with them.
    momentum : float
        Weight of the new batch in [0, 1]: PyTorch's convention (Keras's weighs the old value).
    train : bool
        Normalize with μ and σ² of the batch, or with `running`.

    Returns
    -------
    y : array (..., batch, units)
        In the dtype of x, whatever that of the rest; half precision is summed in float32.
    cache : BatchNormCache
        For `batch_norm_backward`, in float32 or wider.

    Raises
    ------
    ValueError
        x of rank below 2, parameters that do not fit it, a bad `eps` or `momentum`, evaluation without
        `running`, or a batch of one sample in training. The running statistics are left as they are.
    TypeError
        What holds no real numbers, or a `train` that is neither True nor False.

    Notes
    -----
    σ² is the biased variance (mean square); the running variance averages the unbiased one, as in PyTorch.
    Where σ² overflows or underflows, σ is computed from x divided by its largest magnitude, so that y is right; the
    running variance is then inf or 0. Half precision is computed in float32; y is rounded to it in the end.

    References
    ----------
    Ioffe and Szegedy (2015), algorithm 1.

    Examples
    --------
    >>> y, cache = batch_norm([[1.0, 5.0], [3.0, 5.0]], gamma=np.ones(2), beta=np.zeros(2))
    >>> y.round(3)
    array([[-1.,  0.],
           [ 1.,  0.]])
    """
    x = arguments.array("x", x, (..., "batch", "units"), finite=False)
    gamma, beta = _per_unit("gamma", gamma, x), _per_unit("beta", beta, x)
    eps, momentum = arguments.number("eps", eps, least=0), arguments.number("momentum", momentum, least=0, most=1)
    batch, train = x.shape[-2], arguments.flag("train", train)
    if train and batch < 2:
        raise ValueError(f"x must hold at least 2 samples in training, got a batch of 1 in shape {x.shape}")
    statistics = () if train and running is None else _check_running(running, x, written=train)

    if train:
        mean = batch_sum(x) / batch
        centred = x - mean[..., None, :]
        with np.errstate(over="ignore", under="ignore"):
            passing = centred * centred
            variance = batch_sum(passing) / batch
        if statistics:
            for old, new in zip(statistics, (mean, variance * (batch / (batch - 1))), strict=True):
                old += momentum * (new - old)
    else:
        mean, variance = (np.asarray(statistic, _wide(x)) for statistic in statistics)
        centred, passing = x - mean[..., None, :], None
    with np.errstate(divide="ignore"):
        inverse_std = 1 / np.sqrt(variance + eps)
    if train:
        extreme = ~((inverse_std > 0) & (inverse_std < np.finfo(inverse_std.dtype).max ** 0.45))
        if extreme.any():
            inverse_std = np.where(extreme, _inverse_std(centred, eps), inverse_std)
    # γ x̂ without an array for x̂ = (x - μ) · inverse_std, in memory that is in the cache: a new array costs as much
    y = np.multiply(centred, (gamma * inverse_std)[..., None, :], out=passing)
    y += beta[..., None, :]
    return y.astype(x.dtype, copy=False), BatchNormCache(centred, inverse_std, gamma, train)


def _inverse_std(centred, eps):
    """``1 / √(σ² + ε)`` of units whose σ² overflows or underflows."""
    largest = np.abs(centred).max(axis=-2)
    with np.errstate(divide="ignore", invalid="ignore"):
        scale = np.exp2(np.floor(np.log2(np.where(largest > 0, largest, 1))))
        std = np.sqrt(batch_sum((centred / scale[..., None, :]) ** 2) / centred.shape[-2])
        return 1 / np.hypot(scale * std, np.asarray(eps, centred.dtype) ** 0.5)


def batch_norm_backward(dy: ArrayLike, cache: BatchNormCache) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Gradients of a loss with respect to what went into `batch_norm`.

    Parameters
    ----------
    dy : array (..., batch, units)
        Gradient with respect to y.
    cache : BatchNormCache
        From `batch_norm`; its mode decides the formula.

    Returns
    -------
    dx : array (..., batch, units)
        In training ``γ/√(σ² + ε) · (dy - mean(dy) - x̂ mean(dy x̂))``; in evaluation ``γ/√(σ² + ε) · dy``.
    dgamma, dbeta : array (..., units)
        ``Σ dy x̂`` and ``Σ dy`` over the batch, in float32 or wider.

    Raises
    ------
    ValueError, TypeError
        A dy of another shape than y, or a cache that is none.

    References
    ----------
    Ioffe and Szegedy (2015), section 3.

    Examples
    --------
    >>> y, cache = batch_norm(np.arange(8.0).reshape(4, 2), gamma=np.ones(2), beta=np.zeros(2))
    >>> dx, dgamma, dbeta = batch_norm_backward(np.ones((4, 2)), cache)
    >>> dbeta
    array([4., 4.])
    """
    centred, inverse_std, gamma, train = arguments.instance("cache", cache, BatchNormCache, "batch_norm(…)[1]")
    dy = arguments.array("dy", dy, centred.shape, dtype=gamma.dtype, finite=False)
    products = dy * centred
    dgamma, dbeta = batch_sum(products) * inverse_std, batch_sum(dy)
    if train:
        batch = dy.shape[-2]
        dx = np.multiply(centred, (inverse_std * dgamma / -batch)[..., None, :], out=products)
        dx += dy
        dx -= (dbeta / batch)[..., None, :]
        dx *= (gamma * inverse_std)[..., None, :]
    else:
        dx = dy * (gamma * inverse_std)[..., None, :]
    return dx.astype(gamma.dtype, copy=False), dgamma, dbeta


def dropout(h: ArrayLike, *, p: float, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Inverted dropout: an entry stays where ``rng.random(h.shape) >= p`` and is divided by ``1 - p``.

    The mean is kept, the second moment multiplied by ``1 / (1 - p)``.

    Parameters
    ----------
    h : array of any shape
    p : float
        Probability of dropping, in [0, 1).
    rng : numpy.random.Generator

    Returns
    -------
    y, mask : arrays of the shape of h
        ``y = h * mask / (1 - p)``; the mask is boolean.

    Raises
    ------
    ValueError, TypeError
        p outside [0, 1), h that holds no real numbers, an rng that is no Generator.

    References
    ----------
    Srivastava et al. (2014), section 10 for the division during training.

    Examples
    --------
    >>> y, mask = dropout(np.ones(6), p=0.5, rng=np.random.default_rng(0))
    >>> y
    array([2., 0., 0., 0., 2., 2.])
    """
    p = arguments.number("p", p, least=0, below=1)
    h = arguments.array("h", h, finite=False)
    mask = arguments.generator("rng", rng).random(h.shape) >= p
    return dropout_backward(h, mask, p=p), mask


def dropout_backward(dy: np.ndarray, mask: np.ndarray, *, p: float) -> np.ndarray:
    """Gradient with respect to h: the same mask, the same factor.

    Parameters
    ----------
    dy : array of any shape
        Gradient with respect to y.
    mask : array of the shape of dy
        From `dropout`.
    p : float
        Probability of dropping, in [0, 1).

    Returns
    -------
    array of the shape of dy

    Raises
    ------
    ValueError, TypeError
        p outside [0, 1).

    Examples
    --------
    >>> dropout_backward(np.ones(3), np.array([True, False, True]), p=0.5)
    array([2., 0., 2.])
    """
    return dy * mask * (1 / (1 - arguments.number("p", p, least=0, below=1)))


def batch_sum(x):
    """Sum over the batch axis, as a product with ones: BLAS is faster than a reduction over rows.

    Half precision is summed in float32: its sums of ones stop at 2048.
    """
    return _ones(x.shape[-2], _wide(x)) @ x


@functools.lru_cache(16)
def _ones(length, dtype):
    """The same ones at every step of a training loop."""
    return np.ones(length, dtype)


def _wide(x):
    """The dtype to sum in: half precision ends at 65504."""
    return np.float32 if x.dtype == np.float16 else x.dtype


def _per_unit(argument, values, x) -> np.ndarray:
    values = arguments.array(argument, values, dtype=x.dtype, finite=False)
    units, networks_and_units = x.shape[-1:], x.shape[:-2] + x.shape[-1:]
    if values.shape not in (units, networks_and_units):
        choices = " or ".join(map(str, dict.fromkeys((units, networks_and_units))))
        raise ValueError(f"{argument} must have shape {choices} for x of shape {x.shape}, got {values.shape}")
    return values


def _check_running(running, x, *, written) -> Sequence[np.ndarray]:
    """The pair, if it fits."""
    shape = x.shape[:-2] + x.shape[-1:]
    if not isinstance(running, (tuple, list)) or len(running) != 2:
        raise refusal("running", "a pair (mean, variance)", running)
    for statistic in running:
        if np.shape(statistic) != shape:
            raise refusal("running", f"a pair of two arrays of shape {shape}", statistic)
        own = isinstance(statistic, np.ndarray) and statistic.dtype.kind == "f" and statistic.flags.writeable
        if written and not own:
            raise refusal("running", "a pair of floating arrays, to be updated in place", statistic, WrongKind)
    return running

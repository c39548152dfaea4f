"""What happens to one layer: batch normalization and dropout, forward and backward.

Pure functions of arrays (..., batch, units), one row a sample; leading axes are networks.
"""

from __future__ import annotations

from numbers import Real
from typing import NamedTuple

import numpy as np

from .arguments import number

EPS, MOMENTUM = 1e-5, 0.1  # of batch norm, as in PyTorch


class BatchNormCache(NamedTuple):
    """What `batch_norm` leaves for `batch_norm_backward`: x - μ, 1/√(σ² + ε), γ and the mode."""

    centred: np.ndarray
    inverse_std: np.ndarray
    gamma: np.ndarray
    train: bool


def batch_norm(x, gamma, beta, *, eps=EPS, running=None, momentum=MOMENTUM, train=True):
    """Batch normalization: ``y = γ x̂ + β`` with ``x̂ = (x - μ) / √(σ² + ε)`` per unit.

    Parameters
    ----------
    x : array (..., batch, units)
        Leading axes, if any, are networks.
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
    cache : BatchNormCache
        For `batch_norm_backward`.

    Raises
    ------
    ValueError
        x of rank below 2, parameters that do not fit it, a bad `eps` or `momentum`, evaluation without
        `running`, or a batch of one sample in training.

    Notes
    -----
    σ² is the biased variance (mean square); the running variance averages the unbiased one, as in PyTorch.

    References
    ----------
    Ioffe and Szegedy (2015), algorithm 1.
    """
    x = _samples("x", x)
    gamma, beta = _per_unit("gamma", gamma, x), _per_unit("beta", beta, x)
    number("eps", eps, least=0)
    number("momentum", momentum, least=0, most=1)
    if not train or running is not None:
        _check_running(running, x, written=train)

    return unchecked_batch_norm(x, gamma, beta, eps=eps, running=running, momentum=momentum, train=train)


def unchecked_batch_norm(x, gamma, beta, *, eps=EPS, running=None, momentum=MOMENTUM, train=True):
    """`batch_norm` of a training loop: looking at the arguments takes as long as two passes over a small x."""
    if train:
        batch = x.shape[-2]
        if batch < 2:
            raise ValueError(f"x must hold at least 2 samples in training, got shape {x.shape}")
        mean = batch_sum(x) / batch
        centred = x - mean[..., None, :]
        variance = batch_sum(centred * centred) / batch
        if running is not None:
            for old, new in zip(running, (mean, variance * (batch / (batch - 1))), strict=True):
                old += momentum * (new - old)
    else:
        mean, variance = (np.asarray(statistic, x.dtype) for statistic in running)
        centred = x - mean[..., None, :]
    inverse_std = 1 / np.sqrt(variance + eps)
    y = centred * (gamma * inverse_std)[..., None, :]  # γ x̂ without an array for x̂ = (x - μ) · inverse_std
    y += beta[..., None, :]
    return y, BatchNormCache(centred, inverse_std, gamma, train)


def batch_norm_backward(dy, cache):
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
        ``Σ dy x̂`` and ``Σ dy`` over the batch.

    References
    ----------
    Ioffe and Szegedy (2015), section 3.
    """
    centred, inverse_std, gamma, train = cache
    dy = _samples("dy", dy)
    if dy.shape != centred.shape:
        raise ValueError(f"dy must have the shape {centred.shape} of y, got {dy.shape}")
    dgamma, dbeta = batch_sum(dy * centred) * inverse_std, batch_sum(dy)
    if train:
        batch = dy.shape[-2]
        dx = centred * (inverse_std * dgamma / -batch)[..., None, :]
        dx += dy
        dx -= (dbeta / batch)[..., None, :]
        dx *= (gamma * inverse_std)[..., None, :]
    else:
        dx = dy * (gamma * inverse_std)[..., None, :]
    return dx, dgamma, dbeta


def dropout(h, *, p, rng):
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
    ValueError
        p outside [0, 1).

    References
    ----------
    Srivastava et al. (2014), section 10 for the division during training.
    """
    if not isinstance(p, Real) or not 0 <= p < 1:
        raise ValueError(f"p must be a number in [0, 1), got {p!r}")
    h = _floating("h", h)
    mask = rng.random(h.shape) >= p
    return dropout_backward(h, mask, p=p), mask


def dropout_backward(dy, mask, *, p):
    """Gradient with respect to h: the same mask, the same factor."""
    return dy * mask * (1 / (1 - p))


def batch_sum(x):
    """Sum over the batch axis, as a product with ones: BLAS is faster than a reduction over rows."""
    return np.ones(x.shape[-2], x.dtype) @ x


def _floating(argument, x):
    x = np.asarray(x)
    if x.dtype.kind not in "fiub":
        raise TypeError(f"{argument} must hold real numbers, got dtype {x.dtype}")
    return x if x.dtype.kind == "f" else x.astype(np.float64)


def _samples(argument, x):
    x = _floating(argument, x)
    if x.ndim < 2 or 0 in x.shape:
        raise ValueError(f"{argument} must have shape (..., batch, units), none of them 0, got {x.shape}")
    return x


def _per_unit(argument, values, x):
    values = _floating(argument, values)
    units, networks_and_units = x.shape[-1:], x.shape[:-2] + x.shape[-1:]
    if values.shape not in (units, networks_and_units):
        choices = " or ".join(map(str, dict.fromkeys((units, networks_and_units))))
        raise ValueError(f"{argument} must have shape {choices} for x of shape {x.shape}, got {values.shape}")
    return values


def _check_running(running, x, *, written):
    shape = x.shape[:-2] + x.shape[-1:]
    if not isinstance(running, (tuple, list)) or len(running) != 2:
        raise ValueError(f"running must be a pair (mean, variance), got {running!r}")
    for statistic in running:
        if np.shape(statistic) != shape:
            raise ValueError(f"running must hold two arrays of shape {shape}, got {statistic!r}")
        if written and (not isinstance(statistic, np.ndarray) or statistic.dtype.kind != "f"):
            raise ValueError(f"running must hold floating arrays, to be updated in place, got {statistic!r}")

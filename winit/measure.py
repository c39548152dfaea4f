"""What can be measured on the layers of networks as they are initialized, and while they are trained."""

from __future__ import annotations

from collections.abc import Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
from numpy.typing import ArrayLike

from . import arguments, layers
from .activations import ACTIVATIONS, Activation, activation_of
from .connectivity import widths_of
from .initializers import InitializerLike, draw_bias, draw_weights, initializers_of
from .network import Parameters, backward, cross_entropy, forward

__all__ = ["LayerStatistics", "Propagation", "propagate"]


@dataclass(frozen=True, eq=False)
class LayerStatistics:
    """Signal and gradient, layer by layer: arrays (..., L), over all samples and units unless said.

    Attributes
    ----------
    z_rms, h_rms, h_mean, h_std : array
        Root mean square, mean and (pooled) standard deviation; z is the linear output of the layer.
    across_sample_std : array
        ``h.std(axis=0).mean()``: what still tells one sample from another.
    delta_rms, delta_median : array
        Root mean square of δ = dL/dz, L being the loss of one sample, and median of ``|δ|``.
    weight_grad_rms : array
        Of h_{l-1}ᵀ δ_l / batch.
    saturated : array
        Share of h outside of the activation's `saturation`, which is ±.98 for tanh, erf and softsign and [.01, .99] for
        the sigmoid; nan for functions without one.
    dead : array
        Share of units with f' = 0 on every sample.

    Notes
    -----
    All is measured in float64, and neither the squares of a root mean square nor those of a standard deviation
    overflow or underflow. The gradient of the weights is a product of h and δ: below 1e-308 it is 0, above 1e308 inf.

    Examples
    --------
    >>> run = propagate([64, 64, 64], activation="relu", initializer="he_normal", rng=np.random.default_rng(0))
    >>> run.dead
    array([0., 0.])
    """

    z_rms: np.ndarray
    h_rms: np.ndarray
    h_mean: np.ndarray
    h_std: np.ndarray
    across_sample_std: np.ndarray
    delta_rms: np.ndarray
    delta_median: np.ndarray
    weight_grad_rms: np.ndarray
    saturated: np.ndarray
    dead: np.ndarray

    __repr__ = arguments.summary


def layer_statistics(activation, linear, slope, h, delta, weight_grad) -> dict[str, np.ndarray]:
    """`LayerStatistics` of one layer of n networks, from arrays (n, batch, units): arrays (n,) by name.

    `slope` is f'(z), which the backward pass has at hand.
    """
    linear, h, delta, weight_grad = (np.asarray(a, np.float64) for a in (linear, h, delta, weight_grad))
    low, high = activation.saturation or (-np.inf, np.inf)
    outside = ((h < low) | (h > high)).mean(axis=(1, 2))
    return {
        "z_rms": _rms(linear),
        "h_rms": _rms(h),
        "h_mean": h.mean(axis=(1, 2)),
        "h_std": _unscaled(lambda h: h.std(axis=(1, 2)), h),
        "across_sample_std": _unscaled(lambda h: h.std(axis=1).mean(axis=1), h),
        "delta_rms": _rms(delta),
        "delta_median": np.median(np.abs(delta), axis=(1, 2)),
        "weight_grad_rms": _rms(weight_grad),
        "saturated": outside if activation.saturation else np.full(len(h), np.nan),
        "dead": (slope == 0).all(axis=1).mean(axis=1),
    }


@dataclass(frozen=True, eq=False, repr=False)
class Propagation(LayerStatistics):
    """One signal forward and one gradient backward: `LayerStatistics` with arrays (L,), layer 1 first.

    Attributes
    ----------
    activations : tuple of L arrays (batch, n_l)
        h_1, …, h_L.

    Examples
    --------
    >>> run = propagate([64, 64, 64], activation="relu", initializer="he_normal", rng=np.random.default_rng(0))
    >>> run.activations[-1].shape
    (1000, 64)
    """

    activations: tuple[np.ndarray, ...] = field(repr=False)

    def histogram(self, layer: int, bins: int | ArrayLike) -> tuple[np.ndarray, np.ndarray]:
        """Histogram of all entries of h_layer over their full range, or over the edges given as `bins`.

        Parameters
        ----------
        layer : int
            1 … L.
        bins : int or array of edges

        Returns
        -------
        counts, edges : arrays
            As from `numpy.histogram`.

        Raises
        ------
        ValueError
            A layer that is not there, or bins that NumPy does not take.

        Examples
        --------
        >>> run = propagate([4, 4], activation="relu", initializer="zeros", rng=np.random.default_rng(0), batch=2)
        >>> run.histogram(1, bins=[-1, 0, 1])[0]
        array([0, 8])
        """
        layer = arguments.count("layer", layer, most=len(self.activations))
        return np.histogram(self.activations[layer - 1], bins)


def propagate(
    widths: Sequence[int],
    *,
    activation: str | Activation,
    initializer: InitializerLike | Sequence[InitializerLike],
    rng: np.random.Generator,
    batch: int = 1000,
    batch_norm: bool = False,
    bias: InitializerLike | Sequence[InitializerLike | None] | None = None,
) -> Propagation:
    """Send noise forward and a noisy gradient backward through L layers as they are initialized, in float64.

    ``x ~ N(0, 1)`` and ``dL/dh_L ~ N(0, 1)``; z_l = h_{l-1} W_l + b_l and h_l = f(z_l) in every layer, the last too.
    With batch norm f acts on the normalized z_l (γ = 1, β = 0), and δ_l is still dL/dz_l, before the normalization.

    Parameters
    ----------
    widths : sequence of int
        n_0, …, n_L.
    activation : str or Activation
    initializer : str, Initializer or float, or a list of L of them
        A float is the standard deviation of a normal distribution.
    rng : numpy.random.Generator
        Draws x, then W_1, b_1, …, W_L, b_L, then the top gradient.
    batch : int
        Number of samples.
    batch_norm : bool
    bias : None, str, Initializer or float, or a list of L of them
        None is ``"zeros"``; an Initializer is called as `winit.initializers.draw_bias` says.

    Returns
    -------
    Propagation

    Raises
    ------
    ValueError, TypeError
        Fewer than two widths, sizes that are no positive integers, a negative standard deviation, unknown names, a
        batch of one sample under batch norm, or another argument of the wrong kind, before the first draw.

    References
    ----------
    Glorot and Bengio (2010), figures 6 and 7, for the measurement.

    Examples
    --------
    >>> run = propagate([256] * 4, activation="relu", initializer="he_normal", rng=np.random.default_rng(0))
    >>> run.z_rms.round(2)
    array([1.42, 1.39, 1.44])
    """
    widths, activation, batch = widths_of(widths), activation_of(activation), arguments.count("batch", batch)
    initializers = initializers_of("initializer", initializer, len(widths) - 1)
    biases = initializers_of("bias", bias, len(widths) - 1)
    if arguments.flag("batch_norm", batch_norm):
        arguments.count("batch under batch norm", batch, least=2)
    arguments.generator("rng", rng)

    x = rng.standard_normal((batch, widths[0]))
    inputs, weights, linear, z, caches = [x], [], [], [], []
    with np.errstate(over="ignore", invalid="ignore"):  # signals may explode
        for init, shift, shape in zip(initializers, biases, pairwise(widths), strict=True):
            weights.append(draw_weights(init, shape, rng=rng))
            linear.append(inputs[-1] @ weights[-1] + draw_bias(shift, shape, rng=rng))
            z.append(linear[-1])
            if batch_norm:
                z[-1], cache = layers.batch_norm(linear[-1], np.ones(shape[1]), np.zeros(shape[1]))
                caches.append(cache)
            inputs.append(activation.f(z[-1]))

        records: list[dict[str, np.ndarray]] = []
        back = rng.standard_normal((batch, widths[-1]))  # dL/dh_l, from the top down
        for l in range(len(weights) - 1, -1, -1):
            slope = activation.df(z[l])
            delta = back * slope
            if batch_norm:
                delta, _, _ = layers.batch_norm_backward(delta, caches[l])
            W = weights.pop()
            if l:
                back = delta @ W.T
            del W  # it makes room for its gradient, which may be the largest array of all
            gradient = inputs[l].T @ delta
            gradient /= batch
            arrays = linear[l], slope, inputs[l + 1], delta, gradient
            records.insert(0, layer_statistics(activation, *(array[None] for array in arrays)))
    statistics = {name: np.array([record[name][0] for record in records]) for name in records[0]}
    return Propagation(**statistics, activations=tuple(inputs[1:]))


def network_statistics(parameters, x, labels, *, activation) -> dict[str, np.ndarray]:
    """The `LayerStatistics` of n networks on one batch: arrays (n, L) by name."""
    parameters = Parameters(parameters.flat, parameters.widths, deepcopy(parameters.running))  # running ones stay
    trace = forward(parameters, x, activation=activation)
    gradient, deltas = backward(parameters, trace, cross_entropy(trace.z[-1], labels)[1])
    deltas = [len(x) * delta for delta in deltas]  # of the loss of one sample, not of the mean
    functions, outputs = [activation] * len(trace.h) + [ACTIVATIONS["linear"]], [*trace.h, trace.z[-1]]
    # in float64 as everything that is measured, for a slope of float32 is 0 where it is only small
    slopes = [f.df(z.astype(np.float64)) for f, z in zip(functions, trace.z, strict=True)]
    by_layer = [*map(layer_statistics, functions, trace.linear, slopes, outputs, deltas, gradient.weights)]
    return {name: np.stack([layer[name] for layer in by_layer], axis=-1) for name in by_layer[0]}


def _rms(x):
    return _unscaled(_rms_of_moderate, x)


def _rms_of_moderate(x):
    """Of squares that neither overflow nor underflow: a product of BLAS, without an array for the squares."""
    flat = x.reshape(len(x), 1, -1)
    return np.sqrt((flat @ flat.swapaxes(1, 2))[:, 0, 0] / flat.shape[2])


def _unscaled(statistic, x):
    """A statistic that grows like x; where squares may have overflowed or underflowed, of x over its largest entry."""
    with np.errstate(over="ignore", under="ignore", invalid="ignore"):
        values = statistic(x)
        extreme = ~((values > 1e-140) & (values < 1e140))
        if extreme.any():
            largest = np.abs(x[extreme]).max(axis=(1, 2), keepdims=True)
            scale = np.where((largest > 0) & (largest < np.inf), largest, 1)
            values[extreme] = statistic(x[extreme] / scale) * scale[:, 0, 0]
    return values

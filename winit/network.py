"""Multilayer perceptrons as pure functions; every parameter has a leading axis of n networks, and one network is n = 1.

Row convention, with h_0 = x and one row a sample::

    z_l = h_{l-1} W_l + b_l        h_l = f(z_l)        logits = z_L
    δ_{l-1} = (δ_l W_lᵀ) ⊙ f'(z_{l-1})        dL/dW_l = h_{l-1}ᵀ δ_l        dL/db_l = Σ δ_l

With batch norm a hidden layer normalizes h_{l-1} W_l, and the shift β stands in the place of the bias, which the
normalization would take away again.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from . import layers
from .activations import Activation, activation_of
from .arguments import count
from .connectivity import widths_of
from .initializers import draw_bias, initializers_of

# OpenBLAS has special kernels for products of up to so many multiplications. With a transposed factor these take half
# as long again, which is more than it takes to copy it
SMALL_PRODUCT = 10**6


@dataclass(frozen=True, eq=False)
class Parameters:
    """What n networks of the same widths learn, all of it in one array, so that a step of SGD is one sum.

    Biases of layers with batch norm are its β; without it there are no γ and no running statistics.
    """

    flat: np.ndarray  # (n, P), all weights, then all biases, then all γ; the three lists below are views of it
    widths: tuple[int, ...]  # n_0, …, n_L
    running: list  # running mean and variance of each hidden layer: pairs of arrays (n, n_l)
    weights: list = field(init=False, repr=False)  # (n, n_{l-1}, n_l)
    biases: list = field(init=False, repr=False)  # (n, n_l)
    gammas: list = field(init=False, repr=False)  # (n, n_l), of the hidden layers

    def __post_init__(self):
        n, L, shapes = len(self.flat), len(self.widths) - 1, pairwise(self.widths)
        views = np.split(self.flat, np.cumsum(_sizes(self.widths, len(self.running)))[:-1], axis=1)
        weights = [view.reshape(n, *shape) for view, shape in zip(views, shapes, strict=False)]
        vars(self).update(weights=weights, biases=views[L : 2 * L], gammas=views[2 * L :])

    def __getitem__(self, networks: slice) -> Parameters:
        """Some of the networks; nothing is copied."""
        running = [(mean[networks], variance[networks]) for mean, variance in self.running]
        return Parameters(self.flat[networks], self.widths, running)


class Trace(NamedTuple):
    """What `forward` leaves for `backward`: lists with an array (n, batch, units) per layer."""

    activation: Activation
    p: float  # of dropout
    inputs: list  # h_{l-1}, after dropout
    linear: list  # before batch norm; the same as z without it
    z: list  # what f is applied to; the last are the logits
    h: list  # f(z) of the hidden layers, before dropout
    norms: list  # BatchNormCache of the hidden layers, or none
    masks: list  # of dropout in the hidden layers, or none


def init(widths, *, initializer, rng, n=1, bias="zeros", batch_norm=False, dtype=np.float32) -> Parameters:
    """Draw n networks, one after the other, each in the order W_1, b_1, …, W_L, b_L.

    Parameters
    ----------
    widths : sequence of int
        n_0 (inputs), …, n_L (outputs).
    initializer : str, Initializer or float, or a list of L of them
        A float is the standard deviation of a normal distribution.
    rng : numpy.random.Generator
    n : int
        Number of networks.
    bias : str, Initializer or float, or a list of L of them
        See `winit.initializers.draw_bias`.
    batch_norm : bool
        Batch norm in the hidden layers, with γ = 1 and running statistics 0 and 1.
    dtype : dtype
        float32 to train, float64 to compare exactly.

    Raises
    ------
    ValueError, TypeError
        Fewer than two widths, sizes that are no positive integers, unknown or unfit initializers.
    """
    widths, n = widths_of(widths), count("n", n)
    initializers = initializers_of("initializer", initializer, len(widths) - 1)
    biases = initializers_of("bias", bias, len(widths) - 1)
    running = [(np.zeros((n, units), dtype), np.ones((n, units), dtype)) for units in widths[1:-1] if batch_norm]
    parameters = Parameters(np.ones((n, sum(_sizes(widths, len(running)))), dtype), widths, running)
    for i in range(n):
        for l, shape in enumerate(pairwise(widths)):
            parameters.weights[l][i] = initializers[l](shape, rng=rng, dtype=dtype)
            parameters.biases[l][i] = draw_bias(biases[l], shape, rng=rng, dtype=dtype)
    return parameters


def forward(parameters, x, *, activation, train=True, dropout=0.0, rngs=(), keep=True) -> Trace:
    """Forward pass; the logits, an array (n, batch, n_L), are ``trace.z[-1]``.

    Parameters
    ----------
    parameters : Parameters
    x : array (batch, n_0) or (n, batch, n_0)
        The same samples for all networks, or each its own.
    activation : str or Activation
        f of the hidden layers; the output layer is linear.
    train : bool
        Batch norm takes the statistics of the batch and updates ``parameters.running`` in place, and dropout
        drops; otherwise batch norm takes the running statistics.
    dropout : float
        Probability that a hidden unit is dropped.
    rngs : sequence of n numpy.random.Generator
        One per network, for dropout: each draws its masks in the order of the layers.
    keep : bool
        Whether to keep `linear` and `z` of the hidden layers where `backward` can do without: a training loop has no
        use for them, and memory that is let go at once is still in the cache when the next layer takes it.
    """
    trace = Trace(activation_of(activation), dropout if train else 0.0, [], [], [], [], [], [])
    h, hidden = np.asarray(x), len(parameters.weights) - 1
    if h.ndim < 2 or h.shape[-1] != parameters.widths[0]:
        raise ValueError(f"x must have shape (batch, {parameters.widths[0]}), got {h.shape}")
    for l, (W, b) in enumerate(zip(parameters.weights, parameters.biases, strict=True)):
        trace.inputs.append(h)
        z = linear = h @ W
        if l < hidden and parameters.gammas:
            gamma, running = parameters.gammas[l], parameters.running[l]
            z, cache = layers.unchecked_batch_norm(z, gamma, b, running=running, train=train)
            trace.norms.append(cache)
        else:
            z += b[:, None]
        if keep or l == hidden:
            trace.linear.append(linear)
        if keep or l == hidden or trace.activation.df_of_output is None:
            trace.z.append(z)
        if l < hidden:
            h = trace.activation.f(z)
            trace.h.append(h)
        if l < hidden and trace.p:
            dropped = [layers.dropout(h_i, p=trace.p, rng=rng) for h_i, rng in zip(h, rngs, strict=True)]
            h, mask = map(np.stack, zip(*dropped, strict=True))
            trace.masks.append(mask)
    return trace


def backward(parameters, trace, delta, *, out=None, keep=True) -> tuple[Parameters, list[np.ndarray]]:
    """Backward pass. All that it returns is linear in `delta`.

    Parameters
    ----------
    parameters : Parameters
    trace : Trace
        From `forward`.
    delta : array (n, batch, n_L)
        dL/dlogits, as `cross_entropy` returns it.
    out : Parameters, optional
        Where to write the gradient.
    keep : bool
        Whether to keep the δ_l: a training loop has no use for them, and their memory is soon used again.

    Returns
    -------
    gradient : Parameters
        dL/dW, dL/db, dL/dγ (and no running statistics of its own).
    deltas : list of arrays (n, batch, n_l)
        δ_l, the gradients with respect to ``trace.linear``; none without `keep`.
    """
    gradient = out or Parameters(np.empty_like(parameters.flat), parameters.widths, parameters.running)
    slope, deltas, hidden = trace.activation.df_of_output, [], len(parameters.weights) - 1
    for l in range(hidden, -1, -1):
        if l < hidden:
            transposed = parameters.weights[l + 1].swapaxes(-1, -2)
            if delta[0].size * transposed.shape[-1] <= SMALL_PRODUCT:
                transposed = np.ascontiguousarray(transposed)
            delta = delta @ transposed
            if trace.p:
                delta = layers.dropout_backward(delta, trace.masks[l], p=trace.p)
            delta *= slope(trace.h[l]) if slope else trace.activation.df(trace.z[l])
        if l < hidden and trace.norms:
            delta, gradient.gammas[l][:], gradient.biases[l][:] = layers.batch_norm_backward(delta, trace.norms[l])
        else:
            gradient.biases[l][:] = layers.batch_sum(delta)
        np.matmul(trace.inputs[l].swapaxes(-1, -2), delta, out=gradient.weights[l])
        if keep:
            deltas.insert(0, delta)
    return gradient, deltas


def cross_entropy(logits, labels):
    """Mean cross-entropy of a softmax over the batch, and its gradient.

    Parameters
    ----------
    logits : array (batch, classes) or (n, batch, classes)
    labels : array (batch,) of int

    Returns
    -------
    loss : float or array (n,)
    delta : array of the shape of the logits
        ``(softmax(logits) - onehot(labels)) / batch``.

    Raises
    ------
    ValueError, TypeError
        Labels outside of 0 … classes - 1, not one per row, or no integers.
    """
    logits = np.asarray(logits)
    labels, rows = check_labels("labels", labels, logits.shape[-1]), np.arange(logits.shape[-2])
    if labels.shape != rows.shape:
        raise ValueError(f"labels must have shape {rows.shape}, one per row of logits, got {labels.shape}")
    largest = logits.T.copy().max(axis=0).T  # over a first axis four times faster than over a last one
    z = logits - largest[..., None]  # now exp cannot overflow
    delta = np.exp(z)
    total = delta @ np.ones(delta.shape[-1], delta.dtype)
    loss = (np.log(total) - z[..., rows, labels]).mean(axis=-1)
    delta /= total[..., None]
    delta[..., rows, labels] -= 1
    delta /= len(rows)
    return loss, delta


def check_labels(argument, labels, classes) -> np.ndarray:
    """An array of integers in 0 … classes - 1."""
    labels = np.asarray(labels)
    if labels.dtype.kind not in "iu":
        raise TypeError(f"{argument} must be integers, got dtype {labels.dtype}")
    if labels.size and not 0 <= labels.min() <= labels.max() < classes:
        raise ValueError(f"{argument} must lie in 0 … {classes - 1}, got {labels.min()} … {labels.max()}")
    return labels


def _sizes(widths, normalized):
    """Lengths of the pieces of `Parameters.flat`, with `normalized` hidden layers."""
    return [a * b for a, b in pairwise(widths)] + [*widths[1:], *widths[1 : 1 + normalized]]

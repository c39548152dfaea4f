"""Multilayer perceptrons as pure functions; every parameter has a leading axis of n networks, and one network is n = 1.

Row convention, with h_0 = x and one row a sample::

    z_l = h_{l-1} W_l + b_l        h_l = f(z_l)        logits = z_L
    δ_{l-1} = (δ_l W_lᵀ) ⊙ f'(z_{l-1})        dL/dW_l = h_{l-1}ᵀ δ_l        dL/db_l = Σ δ_l

With batch norm a hidden layer normalizes h_{l-1} W_l, and the shift β stands in the place of the bias, which the
normalization would take away again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, DTypeLike

from . import arguments, layers
from .activations import Activation, activation_of
from .connectivity import widths_of
from .initializers import InitializerLike, draw_bias, draw_weights, initializers_of

__all__ = ["Parameters", "Trace", "backward", "cross_entropy", "forward", "init"]


@dataclass(frozen=True, eq=False)
class Parameters:
    """What n networks of the same widths learn, all of it in one array, so that a step of SGD is one sum.

    Biases of layers with batch norm are its β; without it there are no γ and no running statistics. A slice of it,
    as in ``parameters[2:3]``, holds some of the networks; nothing is copied.

    Attributes
    ----------
    flat : array (n, P)
        All weights, then all biases, then all γ; the three lists below are views of it.
    widths : tuple of int
        n_0, …, n_L.
    running : list of pairs of arrays (n, n_l)
        Running mean and variance of each hidden layer.
    weights : list of L arrays (n, n_{l-1}, n_l)
    biases : list of L arrays (n, n_l)
    gammas : list of arrays (n, n_l)
        Of the hidden layers.

    Examples
    --------
    >>> parameters = init([4, 3, 2], initializer="he_normal", rng=np.random.default_rng(0))
    >>> parameters
    Parameters(flat=array (1, 23), widths=(4, 3, 2), running=[])
    """

    flat: np.ndarray
    widths: tuple[int, ...]
    running: list[tuple[np.ndarray, np.ndarray]]
    weights: list[np.ndarray] = field(init=False, repr=False)
    biases: list[np.ndarray] = field(init=False, repr=False)
    gammas: list[np.ndarray] = field(init=False, repr=False)

    def __post_init__(self):
        n, L, shapes = len(self.flat), len(self.widths) - 1, pairwise(self.widths)
        views = np.split(self.flat, np.cumsum(_sizes(self.widths, len(self.running)))[:-1], axis=1)
        weights = [view.reshape(n, *shape) for view, shape in zip(views, shapes, strict=False)]
        vars(self).update(weights=weights, biases=views[L : 2 * L], gammas=views[2 * L :])

    __repr__ = arguments.summary

    def __getitem__(self, networks: slice) -> Parameters:
        """Some of the networks; nothing is copied."""
        running = [(mean[networks], variance[networks]) for mean, variance in self.running]
        return Parameters(self.flat[networks], self.widths, running)


class Trace(NamedTuple):
    """What `forward` leaves for `backward`: lists with an array (n, batch, units) per layer.

    Attributes
    ----------
    activation : Activation
    p : float
        Of dropout.
    keep : bool
        Whether what follows is complete.
    inputs : list of arrays
        h_{l-1}, after dropout.
    linear : list of arrays
        Before batch norm; the same as z without it.
    z : list of arrays
        What f is applied to; the last are the logits.
    h : list of arrays
        f(z) of the hidden layers, before dropout.
    norms : list of BatchNormCache
        Of the hidden layers, or none.
    masks : list of arrays
        Of dropout in the hidden layers, or none.

    Examples
    --------
    >>> parameters = init([4, 3, 2], initializer="he_normal", rng=np.random.default_rng(0))
    >>> trace = forward(parameters, np.ones((5, 4)), activation="relu")
    >>> [z.shape for z in trace.z]
    [(1, 5, 3), (1, 5, 2)]
    """

    activation: Activation
    p: float
    keep: bool
    inputs: list[np.ndarray]
    linear: list[np.ndarray]
    z: list[np.ndarray]
    h: list[np.ndarray]
    norms: list[layers.BatchNormCache]
    masks: list[np.ndarray]

    def __repr__(self) -> str:
        return arguments.summary(self)


def init(
    widths: Sequence[int],
    *,
    initializer: InitializerLike | Sequence[InitializerLike],
    rng: np.random.Generator,
    n: int = 1,
    bias: InitializerLike | Sequence[InitializerLike | None] | None = "zeros",
    batch_norm: bool = False,
    dtype: DTypeLike = np.float32,
) -> Parameters:
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
    bias : None, str, Initializer or float, or a list of L of them
        See `winit.initializers.draw_bias`; None is ``"zeros"``.
    batch_norm : bool
        Batch norm in the hidden layers, with γ = 1 and running statistics 0 and 1.
    dtype : dtype
        float32 to train, float64 to compare exactly. Half precision is refused: its sums would be wrong.

    Returns
    -------
    Parameters

    Raises
    ------
    ValueError, TypeError
        Another dtype than float32 and float64, fewer than two widths, sizes that are no positive integers, unknown or
        unfit initializers, or another argument of the wrong kind, before the first draw. An Initializer of one's own
        that draws the wrong shape or what is not finite.

    Examples
    --------
    >>> parameters = init([64, 10], initializer="he_normal", rng=np.random.default_rng(0), n=3)
    >>> parameters.weights[0].shape
    (3, 64, 10)
    """
    widths, n = widths_of(widths), arguments.count("n", n)
    batch_norm, dtype = arguments.flag("batch_norm", batch_norm), arguments.floating("dtype", dtype)
    if dtype not in (np.float32, np.float64):  # sums of half precision would be wrong
        raise ValueError(f"dtype must be float32 or float64, got {dtype}")
    arguments.generator("rng", rng)
    initializers = initializers_of("initializer", initializer, len(widths) - 1)
    biases = initializers_of("bias", bias, len(widths) - 1)
    running = [(np.zeros((n, units), dtype), np.ones((n, units), dtype)) for units in widths[1:-1] if batch_norm]
    parameters = Parameters(np.ones((n, sum(_sizes(widths, len(running)))), dtype), widths, running)
    for i in range(n):
        for l, shape in enumerate(pairwise(widths)):
            parameters.weights[l][i] = draw_weights(initializers[l], shape, rng=rng, dtype=dtype)
            parameters.biases[l][i] = draw_bias(biases[l], shape, rng=rng, dtype=dtype)
    return parameters


def forward(
    parameters: Parameters,
    x: ArrayLike,
    *,
    activation: str | Activation,
    train: bool = True,
    dropout: float = 0.0,
    rngs: Sequence[np.random.Generator] = (),
    keep: bool = True,
) -> Trace:
    """Forward pass; the logits, an array (n, batch, n_L), are ``trace.z[-1]``.

    Parameters
    ----------
    parameters : Parameters
    x : array (batch, n_0) or (n, batch, n_0)
        The same samples for all networks, or each its own, in the dtype of the parameters from here on.
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
        Whether `linear`, `z` and, in `backward`, δ of hidden layers are kept where the gradient can do without: what a
        training loop lets go at once is still in the cache when the next layer takes its memory.

    Returns
    -------
    Trace

    Raises
    ------
    ValueError, TypeError
        What does not fit, a batch of one sample under batch norm included, before anything is updated or drawn.

    Examples
    --------
    >>> parameters = init([4, 2], initializer="zeros", bias=None, rng=np.random.default_rng(0))
    >>> forward(parameters, np.ones((5, 4)), activation="tanh").z[-1].shape
    (1, 5, 2)
    """
    arguments.instance("parameters", parameters, Parameters, "init(…)")
    n, hidden = len(parameters.flat), len(parameters.weights) - 1
    activation, train = activation_of(activation), arguments.flag("train", train)
    p = arguments.number("dropout", dropout, least=0, below=1) * train
    h = arguments.array("x", x, (..., "batch", parameters.widths[0]), dtype=parameters.flat.dtype)
    if h.shape[:-2] not in ((), (n,)):
        raise ValueError(f"x must have shape (batch, units) or ({n}, batch, units) for {n} networks, got {h.shape}")
    if train and parameters.gammas and h.shape[-2] < 2:
        raise ValueError(f"x must hold at least 2 samples under batch norm in training, got a batch of 1 in {h.shape}")
    if p:
        rngs = [
            arguments.generator("rngs", rng) for rng in arguments.sequence("rngs", rngs, f"{n} Generators", least=n)
        ]
    trace = Trace(activation, p, arguments.flag("keep", keep), [], [], [], [], [], [])
    for l, (W, b) in enumerate(zip(parameters.weights, parameters.biases, strict=True)):
        trace.inputs.append(h)
        z = linear = h @ W
        if l < hidden and parameters.gammas:
            gamma, running = parameters.gammas[l], parameters.running[l]
            z, cache = layers.batch_norm(z, gamma, b, running=running, train=train)
            trace.norms.append(cache)
        else:
            z += b[:, None]
        if keep or l == hidden:
            trace.linear.append(linear)
        if keep or l == hidden or activation.df_of_output is None:
            trace.z.append(z)
        if l < hidden:
            h = np.asarray(activation.f(z), z.dtype)
            trace.h.append(h)
        if l < hidden and p:
            dropped = [layers.dropout(h_i, p=p, rng=rng) for h_i, rng in zip(h, rngs, strict=True)]
            h, mask = map(np.stack, zip(*dropped, strict=True))
            trace.masks.append(mask)
    return trace


def backward(
    parameters: Parameters, trace: Trace, delta: np.ndarray, *, out: Parameters | None = None
) -> tuple[Parameters, list[np.ndarray]]:
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

    Returns
    -------
    gradient : Parameters
        dL/dW, dL/db, dL/dγ (and no running statistics of its own).
    deltas : list of arrays (n, batch, n_l)
        δ_l, the gradients with respect to ``trace.linear``; none where `forward` kept nothing.

    Raises
    ------
    ValueError, TypeError
        A `delta` of another shape than the logits, or other records than these.

    Examples
    --------
    >>> parameters = init([4, 3, 2], initializer="he_normal", rng=np.random.default_rng(0))
    >>> trace = forward(parameters, np.ones((5, 4)), activation="relu")
    >>> gradient, deltas = backward(parameters, trace, np.ones((1, 5, 2)))
    >>> [dW.shape for dW in gradient.weights]
    [(1, 4, 3), (1, 3, 2)]
    """
    arguments.instance("parameters", parameters, Parameters, "init(…)")
    logits = arguments.instance("trace", trace, Trace, "forward(…)").z[-1]
    delta = arguments.array("delta", delta, logits.shape, dtype=logits.dtype, finite=False)
    gradient = out or Parameters(np.empty_like(parameters.flat), parameters.widths, parameters.running)
    slope, hidden = trace.activation.df_of_output, len(parameters.weights) - 1
    deltas: list[np.ndarray] = []
    for l in range(hidden, -1, -1):
        if l < hidden:
            # OpenBLAS takes longer over a transposed factor than it takes to copy one of this size
            delta = delta @ np.ascontiguousarray(parameters.weights[l + 1].swapaxes(-1, -2))
            if trace.p:
                delta = layers.dropout_backward(delta, trace.masks[l], p=trace.p)
            delta *= slope(trace.h[l]) if slope else trace.activation.df(trace.z[l])
        if l < hidden and trace.norms:
            delta, gradient.gammas[l][:], gradient.biases[l][:] = layers.batch_norm_backward(delta, trace.norms[l])
        else:
            gradient.biases[l][:] = layers.batch_sum(delta)
        np.matmul(trace.inputs[l].swapaxes(-1, -2), delta, out=gradient.weights[l])
        if trace.keep:
            deltas.insert(0, delta)
    return gradient, deltas


def cross_entropy(logits: ArrayLike, labels: ArrayLike) -> tuple[Any, np.ndarray]:
    """Mean cross-entropy of a softmax over the batch, and its gradient.

    Parameters
    ----------
    logits : array (batch, classes) or (n, batch, classes)
        Of float32 or float64; half precision becomes float32, integers become float64.
    labels : array (batch,) of int

    Returns
    -------
    loss : float or array (n,)
    delta : array of the shape of the logits
        ``(softmax(logits) - onehot(labels)) / batch``.

    Raises
    ------
    ValueError, TypeError
        Labels outside of 0 … classes - 1, not one per row, or no integers; fewer than two classes.

    Examples
    --------
    >>> loss, delta = cross_entropy(np.zeros((2, 10)), [3, 7])
    >>> round(float(loss), 4)
    2.3026
    """
    logits = arguments.array("logits", logits, (..., "batch", "classes"), finite=False)
    logits = logits.astype(np.result_type(logits, np.float32), copy=False)  # half precision is too short for sums
    if logits.shape[-1] < 2:
        raise ValueError(
            f"logits must be of at least 2 classes, for a softmax over one is always 1, got {logits.shape}"
        )
    labels, rows = arguments.integers("labels", labels, logits.shape[-1]), np.arange(logits.shape[-2])
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


def _sizes(widths, normalized):
    """Lengths of the pieces of `Parameters.flat`, with `normalized` hidden layers."""
    return [a * b for a, b in pairwise(widths)] + [*widths[1:], *widths[1 : 1 + normalized]]

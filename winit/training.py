"""Stochastic gradient descent, in float32, over one or many networks at once."""

from __future__ import annotations

import math
import os
from collections.abc import Iterable
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from .arguments import choice, count
from .data import mini_batches
from .measure import LayerStatistics, network_statistics
from .network import Parameters, backward, check_labels, cross_entropy, forward, init
from .specs import Spec

# Bounds on what networks trained together take, so that it stays in or near the cache: one array of activations, and
# all parameters with their gradients: at most 4 networks of 784-100×5-10, 10 of 64-100×5-10, 36 of 64-32×5-10. Where
# fewer are trained at once, the calls of Python weigh more than the cache.
ACTIVATION_BYTES, PARAMETER_BYTES = 3e5, 4e6


def _cores():
    """Threads to start, each in place of one of BLAS: as many as it was told to take, or else one for each core."""
    told = os.environ.get("OPENBLAS_NUM_THREADS", "")
    if told.isdigit() and int(told):
        return int(told)
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()


CORES = _cores()


class History(NamedTuple):
    """What happened to the N networks of one call of `train`, R times looked at.

    `layers` was measured on the first mini-batch, in training mode without dropout; the output layer is the last one,
    and shallower networks end in nan.
    """

    specs: tuple[Spec, ...]
    losses: np.ndarray  # (N, steps), of each mini-batch before the step it leads to
    recorded: tuple[int, ...]  # (R,), numbers of steps after which all that follows was measured; 0 is the start
    train_losses: np.ndarray  # (N, R), of the whole training set in evaluation mode
    train_accuracies: np.ndarray  # (N, R)
    test_losses: np.ndarray  # (N, R)
    test_accuracies: np.ndarray  # (N, R)
    layers: LayerStatistics  # (N, R, L)
    parameters: list[Parameters]  # N trained networks, each with n = 1


def train(specs, data, *, steps, learning_rate, batch, rng, weight_decay=0.0, optimizer="sgd", record=None) -> History:
    """Train networks on the same mini-batches.

    Networks of the same structure are stacked and trained in chunks, which changes neither weights nor mini-batches,
    and losses by rounding only. A network that blows up has losses of inf or nan; the others do not notice.

    Parameters
    ----------
    specs : Spec or sequence of N Spec
    data : tuple of arrays
        x_train (samples, n_0), y_train (samples,) of int, x_test, y_test.
    steps, batch : int
        Number of mini-batches and of samples in each.
    learning_rate, weight_decay : float or sequence of N floats
        η and λ. A step multiplies the weights (not b, β, γ) by 1 - ηλ and then adds -η times the gradient, or the
        direction Adam makes of it. For SGD that is the penalty λ/2 ‖W‖², for Adam it is not (Loshchilov, Hutter 2019).
    rng : numpy.random.Generator
        Gives ``key = rng.integers(2**63)`` and then `winit.data.mini_batches`. The weights of a network and, after
        them, its dropout masks come from ``numpy.random.default_rng([key, spec.seed])``.
    optimizer : {"sgd", "adam"}
    record : sequence of int, optional
        Numbers of steps, 0 … `steps`, after which sets and layers are measured; only the last by default.

    Raises
    ------
    ValueError, TypeError
        An argument that makes no sense, with its name and value.
    """
    specs = tuple(specs) if isinstance(specs, Iterable) else (specs,)
    if not specs or not all(isinstance(spec, Spec) for spec in specs):
        raise TypeError(f"specs must be a Spec or a sequence of at least one, got {specs!r}")
    if len({(spec.widths[0], spec.widths[-1]) for spec in specs}) > 1 or len(data) != 4:
        raise ValueError("data must be (x_train, y_train, x_test, y_test) and fit the widths of all specs")
    (x, y), test = _check_set("train", *data[:2], specs[0].widths), _check_set("test", *data[2:], specs[0].widths)
    steps, batch = count("steps", steps), count("batch", batch)
    if batch > len(x):
        raise ValueError(f"batch must be at most the {len(x)} training samples, got {batch}")
    choice("optimizer", optimizer, ("sgd", "adam"))
    eta = _per_network("learning_rate", learning_rate, len(specs), positive=True)
    decay = eta * _per_network("weight_decay", weight_decay, len(specs), positive=False)
    recorded = sorted({*np.atleast_1d(steps if record is None else record).tolist()})
    if not set(recorded) <= set(range(steps + 1)):
        raise ValueError(f"record must hold numbers of steps in 0 … {steps}, got {record!r}")

    key, batches = int(rng.integers(2**63)), mini_batches(len(x), batch, steps, rng=rng)
    N, R, L = len(specs), len(recorded), max(len(spec.widths) - 1 for spec in specs)
    losses, statistics = np.empty((N, steps), np.float32), LayerStatistics(*np.full((10, N, R, L), np.nan))
    history = History(specs, losses, tuple(recorded), *np.empty((4, N, R)), statistics, [None] * N)

    def run(chunk):
        generators = [np.random.default_rng([key, specs[i].seed]) for i in chunk]
        _descend(history, chunk, generators, (x, y, *test), batches, eta[chunk, None], decay[chunk, None], optimizer)

    _on_all_cores(run, _chunks(specs, batch))
    return history


def _descend(history, chunk, generators, data, batches, eta, decay, optimizer):
    """Train the networks `chunk`, which share their structure, and fill in their rows of the history."""
    (x, y, *_), spec = data, history.specs[chunk[0]]
    stack = init(spec.widths, initializer="zeros", rng=None, n=len(chunk), batch_norm=spec.batch_norm)
    for flat, one, rng in zip(stack.flat, (history.specs[i] for i in chunk), generators, strict=True):
        drawn = init(one.widths, initializer=one.initializer, bias=one.bias, batch_norm=one.batch_norm, rng=rng)
        flat[:] = drawn.flat[0]
    flat, weights = stack.flat, stack.flat[:, : sum(W[0].size for W in stack.weights)]
    moments, step = np.zeros((2, *flat.shape), np.float32), None
    for t, rows in enumerate(batches):
        _record(history, t, chunk, stack, data, batches[0])
        trace = forward(stack, x[rows], activation=spec.activation, dropout=spec.dropout, rngs=generators, keep=False)
        history.losses[chunk, t], delta = cross_entropy(trace.z[-1], y[rows])
        if optimizer == "sgd":
            delta *= -eta[..., None]  # the backward pass is linear in δ, so the gradient becomes the step
        step, _ = backward(stack, trace, delta, out=step, keep=False)
        if optimizer == "adam":
            step.flat[:] = -eta * adam(step.flat, moments, t + 1)
        if decay.any():
            weights *= 1 - decay
        flat += step.flat
        del trace, delta  # two steps never compete for the cache
    _record(history, len(batches), chunk, stack, data, batches[0])
    for row, i in enumerate(chunk):
        history.parameters[i] = stack[row : row + 1]


def adam(gradient, moments, t):
    """Direction of step t = 1, 2, … of Adam (Kingma and Ba 2015, algorithm 1); both `moments` are updated in place."""
    (m, v), beta1, beta2, epsilon = moments, 0.9, 0.999, 1e-8
    m += (1 - beta1) * (gradient - m)
    v += (1 - beta2) * (gradient * gradient - v)
    return m / (1 - beta1**t) / (np.sqrt(v / (1 - beta2**t)) + epsilon)


def _record(history, t, chunk, stack, data, probe):
    """Measure the networks after t steps, if that was asked for."""
    if t not in history.recorded:
        return
    r, activation = history.recorded.index(t), history.specs[chunk[0]].activation
    sets = (history.train_losses, history.train_accuracies), (history.test_losses, history.test_accuracies)
    for (losses, accuracies), x, y in zip(sets, data[::2], data[1::2], strict=True):
        blocks = np.array_split(x, math.ceil(len(x) / max(64, len(probe))))  # small enough for the cache
        traces = (forward(stack, block, activation=activation, train=False, keep=False) for block in blocks)
        logits = np.concatenate([trace.z[-1] for trace in traces], axis=1)
        losses[chunk, r] = cross_entropy(logits, y)[0]
        accuracies[chunk, r] = (logits.argmax(axis=-1) == y).mean(axis=-1)
    for name, values in network_statistics(stack, data[0][probe], data[1][probe], activation=activation).items():
        getattr(history.layers, name)[chunk, r, : len(stack.weights)] = values


def _chunks(specs, batch):
    """Networks to train together: of one structure, few enough for the cache, and at least a chunk for each core."""
    groups = {}
    for i, spec in enumerate(specs):
        groups.setdefault((spec.widths, spec.activation, bool(spec.batch_norm), spec.dropout), []).append(i)
    for (widths, *_), members in groups.items():
        parameters = sum(a * b for a, b in pairwise(widths))
        most = min(ACTIVATION_BYTES / (4 * batch * max(widths[1:])), PARAMETER_BYTES / (8 * parameters))
        rounds = math.ceil(len(members) / (CORES * max(1, most)))
        yield from np.array_split(members, min(len(members), CORES * rounds))


def _on_all_cores(function, chunks):
    """One Python thread a core, each with one BLAS thread: more of those lose as soon as the machine is shared."""
    from concurrent.futures import ThreadPoolExecutor

    from threadpoolctl import threadpool_limits  # comes with scikit-learn

    def quietly(chunk):
        with np.errstate(all="ignore"):  # a network may blow up
            function(chunk)

    with threadpool_limits(1, "blas"), ThreadPoolExecutor(CORES) as pool:
        list(pool.map(quietly, chunks))


def _check_set(name, x, labels, widths) -> tuple[np.ndarray, np.ndarray]:
    """Labelled samples that fit networks of these widths, the inputs in float32."""
    with np.errstate(over="ignore"):  # too large for float32 is inf, refused below
        x = np.asarray(x, np.float32)
    labels = check_labels(f"y_{name}", labels, widths[-1])
    if x.ndim != 2 or x.shape[1] != widths[0] or len(x) == 0:
        raise ValueError(f"x_{name} must have shape (samples, {widths[0]}), got {x.shape}")
    if labels.shape != x.shape[:1]:
        raise ValueError(f"y_{name} must have shape {x.shape[:1]}, one label per sample, got {labels.shape}")
    if not np.isfinite(x).all():
        raise ValueError(f"x_{name} must be finite in float32, got nan or inf")
    return x, labels


def _per_network(argument, values, n, *, positive) -> np.ndarray:
    """One number for all, or one for each of n networks, as float32 (n,)."""
    values = np.asarray(values, np.float32)
    if values.shape not in ((), (n,)):
        raise ValueError(f"{argument} must be one number or {n}, one for each spec, got shape {values.shape}")
    if not (np.isfinite(values) & (values >= 0)).all() or (positive and not values.all()):
        raise ValueError(f"{argument} must be finite and {'positive' if positive else 'at least 0'}, got {values}")
    return np.broadcast_to(values, n)

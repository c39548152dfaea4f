"""Stochastic gradient descent, in float32, over one or many networks at once."""

from __future__ import annotations

import math
import os
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from . import arguments
from .arguments import refusal
from .data import mini_batches
from .measure import LayerStatistics, network_statistics
from .network import Parameters, backward, cross_entropy, forward, init
from .progress import meter
from .specs import Spec

__all__ = ["History", "adam", "train"]

# Bounds on what networks trained together take, so that it stays in or near the cache: one array of activations, and
# all parameters with their gradients: at most 4 networks of 784-100×5-10, 10 of 64-100×5-10, 36 of 64-32×5-10. Where
# fewer are trained at once, the calls of Python weigh more than the cache.
ACTIVATION_BYTES, PARAMETER_BYTES = 3e5, 4e6
THREAD_BYTES = 1e5  # of activations that are worth a thread: calls for fewer are so short that threads wait for Python


def _cores():
    """Threads to start, each in place of one of BLAS: as many as it was told to take, or else one for each core."""
    told = os.environ.get("OPENBLAS_NUM_THREADS", "")
    if told.isdigit() and int(told):
        return int(told)
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()


CORES = _cores()


class History(NamedTuple):
    """What happened to the N networks of one call of `train`, R times looked at.

    Attributes
    ----------
    specs : tuple of N Spec
    losses : array (N, steps), float32
        Loss of each mini-batch, before the step it leads to.
    recorded : tuple of R int
        Numbers of steps after which all that follows was measured, in rising order; 0 is the start.
    train_losses, train_accuracies, test_losses, test_accuracies : array (N, R)
        Of the whole set, in evaluation mode; accuracies are shares in [0, 1].
    layers : LayerStatistics of arrays (N, R, L)
        Measured on the first mini-batch, in training mode without dropout. L is the depth of the deepest network, whose
        output layer is the last one; shallower networks end in nan.
    parameters : list of N Parameters
        The trained networks, each with n = 1, in float32.

    Examples
    --------
    >>> from winit.data import digits
    >>> rng = np.random.default_rng(0)
    >>> options = {"steps": 20, "learning_rate": 0.1, "batch": 64, "record": [0, 20]}
    >>> history = train(Spec([64, 16, 10]), digits(rng=rng), rng=rng, **options)
    >>> history.test_accuracies.shape, history.layers.z_rms.shape
    ((1, 2), (1, 2, 2))
    """

    specs: tuple[Spec, ...]
    losses: np.ndarray
    recorded: tuple[int, ...]
    train_losses: np.ndarray
    train_accuracies: np.ndarray
    test_losses: np.ndarray
    test_accuracies: np.ndarray
    layers: LayerStatistics
    parameters: list[Parameters]

    def __repr__(self) -> str:
        return arguments.summary(self)


def train(
    specs: Spec | Sequence[Spec],
    data: Sequence[ArrayLike],
    *,
    steps: int,
    learning_rate: float | Sequence[float],
    batch: int,
    rng: np.random.Generator,
    weight_decay: float | Sequence[float] = 0.0,
    optimizer: str = "sgd",
    record: Sequence[int] | None = None,
) -> History:
    """Train networks on the same mini-batches.

    Networks of the same structure are stacked and trained in chunks, which changes neither weights nor mini-batches,
    and losses by rounding only. A network that blows up has losses of inf or nan; the others do not notice.
    In a notebook a bar shows how many steps are done, once that takes longer than a second.

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

    Returns
    -------
    History

    Raises
    ------
    ValueError, TypeError
        An argument that makes no sense, with its name and value, before the first draw.

    Examples
    --------
    >>> from winit.data import digits
    >>> specs = [Spec([64, 100, 10], initializer=name) for name in ("small_normal", "he_normal")]
    >>> rng = np.random.default_rng(0)
    >>> history = train(specs, digits(rng=rng), steps=100, learning_rate=0.1, batch=64, rng=rng)
    >>> history.test_accuracies.shape, bool((history.test_accuracies > 0.8).all())
    ((2, 1), True)
    """
    specs = arguments.sequence("specs", [specs] if isinstance(specs, (Spec, type)) else specs, "Spec, or one", least=1)
    for spec in specs:
        arguments.instance("each of specs", spec, Spec, "winit.Spec([64, 100, 10])")
    ends = {(spec.widths[0], spec.widths[-1]) for spec in specs}
    if len(ends) > 1:
        raise ValueError(
            f"specs must all have the same numbers of inputs and classes, to share data, got {sorted(ends)}"
        )
    (x, y), test = _check_data(data, *ends.pop())
    steps, batch = arguments.count("steps", steps), arguments.count("batch", batch, most=len(x))
    if any(spec.batch_norm for spec in specs):
        arguments.count("batch under batch norm", batch, least=2)
    arguments.choice("optimizer", optimizer, ("sgd", "adam"))
    eta = _per_network("learning_rate", learning_rate, len(specs), above=0)
    decay = eta * _per_network("weight_decay", weight_decay, len(specs), least=0)
    marks = arguments.sequence("record", [steps] if record is None else record, "numbers of steps", least=1)
    recorded = sorted({arguments.count("each of record", mark, least=0, most=steps) for mark in marks})
    arguments.generator("rng", rng)

    key, batches = int(rng.integers(2**63)), mini_batches(len(x), batch, steps, rng=rng)
    N, R, L = len(specs), len(recorded), max(len(spec.widths) - 1 for spec in specs)
    losses, statistics = np.empty((N, steps), np.float32), LayerStatistics(*np.full((10, N, R, L), np.nan))
    train_losses, train_accuracies, test_losses, test_accuracies = np.empty((4, N, R))
    measured = train_losses, train_accuracies, test_losses, test_accuracies
    trained: list = [None] * N
    history = History(specs, losses, tuple(recorded), *measured, statistics, trained)

    chunks = list(_chunks(specs, batch))
    taken = np.zeros((len(chunks), 1), int)  # steps of each

    def run(chunk, taken):
        generators = [np.random.default_rng([key, specs[i].seed]) for i in chunk]
        rates = eta[chunk, None], decay[chunk, None]
        _descend(history, chunk, generators, (x, y, *test), batches, *rates, optimizer, taken)

    with meter(len(chunks) * steps) as done:
        _on_all_cores(run, chunks, taken, watch=lambda: done(int(taken.sum())))
    return history


def _descend(history, chunk, generators, data, batches, eta, decay, optimizer, taken):
    """Train the networks `chunk`, which share their structure, fill in their rows of the history, count the steps."""
    (x, y, *_), spec = data, history.specs[chunk[0]]
    stack = init(spec.widths, initializer="zeros", rng=generators[0], n=len(chunk), batch_norm=spec.batch_norm)
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
        step, _ = backward(stack, trace, delta, out=step)
        if optimizer == "adam":
            np.multiply(-eta, adam(step.flat, moments, t + 1), out=step.flat)
        if decay.any():
            weights *= 1 - decay
        flat += step.flat
        taken[:] = t + 1
        del trace, delta  # two steps never compete for the cache
    _record(history, len(batches), chunk, stack, data, batches[0])
    for row, i in enumerate(chunk):
        history.parameters[i] = stack[row : row + 1]


def adam(gradient: np.ndarray, moments: np.ndarray, t: int) -> np.ndarray:
    """Direction of a step of Adam, with β₁ = 0.9, β₂ = 0.999 and ε = 1e-8.

    Parameters
    ----------
    gradient : array
    moments : array (2, \\*gradient.shape)
        Running means of the gradient and of its square, 0 before the first step, updated **in place**.
    t : int
        Number of the step, from 1.

    Returns
    -------
    array of the shape of the gradient

    Raises
    ------
    ValueError
        Shapes that do not fit.

    References
    ----------
    Kingma and Ba (2015), algorithm 1.

    Examples
    --------
    >>> adam(np.array([3.0, -0.1]), np.zeros((2, 2)), 1).round(3)
    array([ 1., -1.])
    """
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
    """Networks to train together: of one structure, few enough for the cache, and a chunk for each core that pays."""
    groups: dict[tuple, list[int]] = {}
    for i, spec in enumerate(specs):
        groups.setdefault((spec.widths, spec.activation, spec.batch_norm, spec.dropout), []).append(i)
    for (widths, *_), members in groups.items():
        parameters = sum(a * b for a, b in pairwise(widths))
        most = min(ACTIVATION_BYTES / (4 * batch * max(widths[1:])), PARAMETER_BYTES / (8 * parameters))
        worth = len(members) * 4 * batch * max(widths[1:]) / THREAD_BYTES
        cores = min(CORES, max(1, int(worth)))
        rounds = math.ceil(len(members) / (cores * max(1, most)))
        yield from np.array_split(members, min(len(members), cores * rounds))


def _on_all_cores(function, *arguments, watch):
    """One Python thread a core, each with one BLAS thread: more of those lose as soon as the machine is shared.

    `function` is mapped over the `arguments`; `watch` is called a few times a second meanwhile.
    """
    from concurrent.futures import ThreadPoolExecutor, wait

    from threadpoolctl import threadpool_limits

    def quietly(*values):
        with np.errstate(all="ignore"):  # a network may blow up
            function(*values)

    with threadpool_limits(1, "blas"), ThreadPoolExecutor(CORES) as pool:
        futures = [pool.submit(quietly, *values) for values in zip(*arguments, strict=True)]
        while wait(futures, timeout=0.2).not_done:
            watch()
        for future in futures:
            future.result()


def _check_data(data, units, classes):
    """Both labelled sets, fit for networks with so many inputs and outputs, the inputs in float32."""
    order = "(x_train, y_train, x_test, y_test)"
    data = arguments.sequence("data", data, f"four arrays {order}", least=4)
    if len(data) > 4:
        raise refusal("data", f"four arrays {order}", data)
    if np.ndim(data[1]) == 2 and np.ndim(data[2]) == 1:
        raise ValueError(f"data must be {order}, got the order of train_test_split: (x_train, x_test, y_train, y_test)")
    return [_check_set(name, x, y, units, classes) for name, (x, y) in (("train", data[:2]), ("test", data[2:]))]


def _check_set(name, x, labels, units, classes):
    x = arguments.array(f"x_{name}", x, ("samples", units), dtype=np.float32)
    labels = arguments.integers(f"y_{name}", labels, classes)
    if labels.shape != x.shape[:1]:
        raise ValueError(f"y_{name} must have shape {x.shape[:1]}, one label per sample, got {labels.shape}")
    return x, labels


def _per_network(argument, values, n, **limits) -> np.ndarray:
    """One number for all, or one for each of n networks, as float32 (n,)."""
    limits["most"] = float(np.finfo(np.float32).max)
    values = arguments.each(argument, values, n, "specs")
    return np.array([arguments.number(argument, value, **limits) for value in values], np.float32)

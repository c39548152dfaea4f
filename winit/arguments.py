"""What a caller hands in, checked: sizes, labels, and names turned into objects. Messages name argument, value, choices."""

from __future__ import annotations

from numbers import Integral, Real

import numpy as np

from .activations import ACTIVATIONS, Activation
from .initializers import INITIALIZERS, Normal
from .lookup import lookup


def check_widths(widths) -> tuple[int, ...]:
    """n_0, …, n_L as Python integers."""
    sizes = tuple(widths) if isinstance(widths, (list, tuple, range, np.ndarray)) else ()
    if len(sizes) < 2:
        raise ValueError(f"widths must be a sequence of at least two sizes [n_0, …, n_L], got {widths!r}")
    return tuple(check_count("widths", size) for size in sizes)


def check_count(argument, value, least=1) -> int:
    """A whole number of at least `least`."""
    if not isinstance(value, Integral) or isinstance(value, bool) or value < least:
        raise ValueError(f"{argument} must be an integer of at least {least}, got {value!r}")
    return int(value)


def check_labels(argument, labels, classes) -> np.ndarray:
    """An array of integers in 0 … classes - 1."""
    labels = np.asarray(labels)
    if labels.dtype.kind not in "iu":
        raise TypeError(f"{argument} must be integers, got dtype {labels.dtype}")
    if labels.size and not 0 <= labels.min() <= labels.max() < classes:
        raise ValueError(f"{argument} must lie in 0 … {classes - 1}, got {labels.min()} … {labels.max()}")
    return labels


def check_set(name, x, labels, widths) -> tuple[np.ndarray, np.ndarray]:
    """Labelled samples for networks of these widths: x_`name` (samples, n_0) in float32, finite; y_`name` (samples,)."""
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


def check_rates(argument, values, n, *, positive) -> np.ndarray:
    """One number for all, or one for each of n networks, as float32 (n,)."""
    values = np.asarray(values, np.float32)
    if values.shape not in ((), (n,)):
        raise ValueError(f"{argument} must be one number or {n}, one for each spec, got shape {values.shape}")
    if not (np.isfinite(values) & (values >= 0)).all() or (positive and not values.all()):
        raise ValueError(f"{argument} must be finite and {'positive' if positive else 'at least 0'}, got {values}")
    return np.broadcast_to(values, n)


def check_activation(activation) -> Activation:
    """A name or an `Activation`, as an `Activation`."""
    activation = lookup(ACTIVATIONS, activation, "activation")
    if not isinstance(activation, Activation):
        raise TypeError(f"activation must be a name or an Activation, got {activation!r}")
    return activation


def check_initializer(argument, initializer):
    """A name, an Initializer or a standard deviation, as an Initializer."""
    if isinstance(initializer, Real) and not isinstance(initializer, bool):
        if not 0 <= initializer < np.inf:
            raise ValueError(f"{argument}, as a standard deviation, must be finite and at least 0, got {initializer!r}")
        return Normal(float(initializer))
    initializer = lookup(INITIALIZERS, initializer, argument)
    if not callable(initializer):
        raise TypeError(f"{argument} must be a name, an Initializer or a float (std of a normal), got {initializer!r}")
    return initializer


def per_layer(argument, initializer, depth) -> list:
    """One Initializer per layer, from one for all or from a list or tuple of them."""
    each = initializer if isinstance(initializer, (list, tuple)) else [initializer] * depth
    if len(each) != depth:
        raise ValueError(f"{argument} must have one entry for each of the {depth} layers, got {len(each)}")
    return [check_initializer(argument, entry) for entry in each]

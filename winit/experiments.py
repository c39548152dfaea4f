"""Seeded protocols that return frozen records."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from .arguments import count
from .layers import LayerStatistics, batch_norm_backward, layer_statistics
from .layers import batch_norm as normalize
from .specs import activation_of, draw_bias, initializer_of, widths_of

if TYPE_CHECKING:
    from concurrent.futures import Executor


@dataclass(frozen=True, eq=False)
class Propagation(LayerStatistics):
    """One signal forward and one gradient backward: `LayerStatistics` with arrays (L,), layer 1 first.

    Attributes
    ----------
    activations : tuple of L arrays (batch, n_l)
        h_1, …, h_L.
    """

    activations: tuple[np.ndarray, ...] = field(repr=False)

    def histogram(self, layer, bins):
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
        """
        if not 1 <= count("layer", layer) <= len(self.activations):
            raise ValueError(f"layer must lie in 1 … {len(self.activations)}, got {layer!r}")
        return np.histogram(self.activations[layer - 1], bins)


def propagate(widths, *, activation, initializer, rng, batch=1000, batch_norm=False, bias=None) -> Propagation:
    """Send noise forward and a noisy gradient backward through L layers as they are initialized, in float64.

    ``x ~ N(0, 1)`` and ``dL/dh_L ~ N(0, 1)``; z_l = h_{l-1} W_l + b_l and h_l = f(z_l) in every layer, the last too.
    With batch norm f acts on the normalized z_l (γ = 1, β = 0), and δ_l is still dL/dz_l, before the normalization.

    Parameters
    ----------
    widths : sequence of int
        n_0, …, n_L.
    activation : str or Activation
    initializer : str, Initializer or float
        A float is the standard deviation of a normal distribution.
    rng : numpy.random.Generator
        Draws x, then W_1, b_1, …, W_L, b_L, then the top gradient.
    batch : int
        Number of samples.
    batch_norm : bool
    bias : None, str, Initializer or float
        None draws nothing; an Initializer is called as `winit.specs.draw_bias` says.

    Returns
    -------
    Propagation

    Raises
    ------
    ValueError, TypeError
        Fewer than two widths, sizes that are no positive integers, a negative standard deviation, unknown names.

    References
    ----------
    Glorot and Bengio (2010), figures 6 and 7, for the measurement.
    """
    widths, batch = widths_of(widths), count("batch", batch)
    activation, init = activation_of(activation), initializer_of("initializer", initializer)
    bias = initializer_of("bias", "zeros" if bias is None else bias)

    x = rng.standard_normal((batch, widths[0]))
    inputs, weights, linear, z, caches = [x], [], [], [], []
    with np.errstate(over="ignore", invalid="ignore"):  # signals may explode
        for shape in itertools.pairwise(widths):
            weights.append(init(shape, rng=rng))
            linear.append(inputs[-1] @ weights[-1] + draw_bias(bias, shape, rng=rng))
            z.append(linear[-1])
            if batch_norm:
                z[-1], cache = normalize(linear[-1], np.ones(shape[1]), np.zeros(shape[1]))
                caches.append(cache)
            inputs.append(activation.f(z[-1]))

        records = []
        back = rng.standard_normal((batch, widths[-1]))  # dL/dh_l, from the top down
        for l in range(len(weights) - 1, -1, -1):
            delta = back * activation.df(z[l])
            if batch_norm:
                delta, _, _ = batch_norm_backward(delta, caches[l])
            gradient = inputs[l].T @ delta / batch
            arrays = linear[l], z[l], inputs[l + 1], delta, gradient
            records.insert(0, layer_statistics(activation, *(array[None] for array in arrays)))
            back = delta @ weights[l].T
    statistics = {name: np.array([record[name][0] for record in records]) for name in records[0]}
    return Propagation(**statistics, activations=tuple(inputs[1:]))


def sweep(function, grid, *, executor: Executor | None = None) -> np.ndarray:
    """A function at every point of a grid, as one array.

    Parameters
    ----------
    function : callable
        Returns a number or arrays of one shape. For a process pool it must be importable: no lambda.
    grid : mapping or iterable
        A mapping of names to values is a product grid: ``function(name=value, …)`` at every combination, the last
        name fastest. Any other iterable holds the points themselves: ``function(point)``.
    executor : concurrent.futures.Executor, optional
        Its `map` is used; without it the points are visited in place, one after the other.

    Returns
    -------
    array (\\*grid, \\*result)
        One axis for each name of a mapping, one for the points otherwise; then the axes of a result.

    Raises
    ------
    ValueError
        A grid without points, or results of different shapes.
    TypeError
        A grid that cannot be iterated.
    """
    if isinstance(grid, Mapping):
        axes = {name: list(values) for name, values in grid.items()}
        shape = tuple(map(len, axes.values()))
        points = [dict(zip(axes, values, strict=True)) for values in itertools.product(*axes.values())]
        function = partial(_call, function)
    elif isinstance(grid, Iterable) and not isinstance(grid, str):
        points = list(grid)
        shape = (len(points),)
    else:
        raise TypeError(f"grid must be a mapping of names to values or a sequence of points, got {grid!r}")
    if not points or not shape:
        raise ValueError(f"grid must hold at least one point, got {grid!r}")
    results = list(map(function, points) if executor is None else executor.map(function, points))
    shapes = {np.shape(result) for result in results}
    if len(shapes) > 1:
        raise ValueError(f"function must return the same shape at every point, got {sorted(shapes)}")
    return np.reshape(results, shape + shapes.pop())


def _call(function, point):
    return function(**point)

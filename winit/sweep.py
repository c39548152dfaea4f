"""A function over a grid, in place or by any executor."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from concurrent.futures import Executor


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

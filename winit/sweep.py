"""A function over a grid, in place or by any executor."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from .arguments import WrongKind, refusal, sequence
from .progress import meter

__all__ = ["sweep"]

if TYPE_CHECKING:
    from concurrent.futures import Executor


def sweep(function: Callable, grid: Mapping | Iterable, *, executor: Executor | None = None) -> np.ndarray:
    """A function at every point of a grid, as one array.

    In a notebook a bar shows how many points are done, once that takes longer than a second.

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
        A function that cannot be called, a grid or values of it that are no sequence, an executor without `map`.

    Examples
    --------
    >>> sweep(lambda a, b: a * b, {"a": [1, 2], "b": [1, 10, 100]})
    array([[  1,  10, 100],
           [  2,  20, 200]])
    """
    if not callable(function):
        raise refusal("function", "a function of a point", function, WrongKind)
    if executor is not None and not callable(getattr(executor, "map", None)):
        raise refusal("executor", "a concurrent.futures.Executor", executor, WrongKind)
    if isinstance(grid, Mapping):
        axes = {name: sequence(f"grid[{name!r}]", values, "at least one value") for name, values in grid.items()}
        shape = tuple(map(len, axes.values()))
        points: Sequence = [dict(zip(axes, values, strict=True)) for values in itertools.product(*axes.values())]
        function = partial(_call, function)
    else:
        points = sequence("grid", grid, "points, or a mapping of names to values", least=0)
        shape = (len(points),)
    if not points or not shape:
        raise ValueError(f"grid must hold at least one point, got {grid!r}")
    results = []
    with meter(len(points)) as done:
        for result in map(function, points) if executor is None else executor.map(function, points):
            results.append(result)
            done(len(results))
    shapes = {np.shape(result) for result in results}
    if len(shapes) > 1:
        raise ValueError(f"function must return the same shape at every point, got {sorted(shapes)}")
    return np.reshape(results, shape + shapes.pop())


def _call(function, point):
    return function(**point)

"""How far a long step of a chapter is: a bar that leaves nothing in the output."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from typing import TypeVar

from .arguments import WrongKind, refusal

__all__ = ["bar"]

T = TypeVar("T")

WIDGET = "application/vnd.jupyter.widget-view+json"  # the one form in which nobody compares or keeps it


def bar(steps: Iterable[T]) -> Iterator[T]:
    """Go through the steps and, in a notebook, show how many of them are done.

    At the end the bar clears the output of its cell, so a cell prints after its loop. Outside of a notebook there is
    no bar.

    Parameters
    ----------
    steps : iterable
        A finite one; it is read as a whole first.

    Yields
    ------
    object
        The steps, one after the other.

    Raises
    ------
    TypeError
        A bare number.

    Examples
    --------
    >>> [2 * step for step in bar(range(3))]
    [0, 2, 4]
    """
    if not isinstance(steps, Iterable):
        raise refusal("steps", "something to go through", steps, WrongKind)
    steps = list(steps)
    if not _in_notebook():
        yield from steps
        return
    import ipywidgets
    from IPython.display import clear_output, display

    shown = ipywidgets.IntProgress(max=len(steps))
    display({WIDGET: shown._repr_mimebundle_()[WIDGET]}, raw=True)
    try:
        for shown.value, step in enumerate(steps):
            yield step
    finally:
        shown.close()
        clear_output()


def _in_notebook():
    ipython = sys.modules.get("IPython")
    return ipython is not None and hasattr(ipython.get_ipython(), "kernel")

"""How far long work is: a bar for whoever waits in a notebook, which leaves nothing behind."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from .arguments import WrongKind, refusal

__all__ = ["bar"]

T = TypeVar("T")

WIDGET = "application/vnd.jupyter.widget-view+json"  # the one form in which nobody compares or keeps it
PATIENCE = 1.0  # seconds; what is done by then needs no bar
_shown = threading.Lock()  # one bar at a time: that of the outermost work


@contextmanager
def meter(total: int) -> Iterator[Callable[[int], None]]:
    """A function that is told how much of `total` is done and, in a notebook, shows it once a second has passed.

    Work inside of work, as training at every point of a sweep, is not shown again. Outside of a notebook, in one that
    is executed with nobody before it, and in another thread than the main one there is nothing to be seen.

    Parameters
    ----------
    total : int

    Yields
    ------
    callable
        ``done(n)``, with n up to `total`.

    Examples
    --------
    >>> with meter(3) as done:
    ...     for n in range(3):
    ...         done(n)
    """
    if not _watched() or not _shown.acquire(blocking=False):
        yield lambda n: None
        return
    start = time.monotonic()
    widget: Any = None
    handle: Any = None

    def done(n):
        nonlocal widget, handle
        if widget is None and time.monotonic() - start > PATIENCE:
            import ipywidgets
            from IPython.display import display

            widget = ipywidgets.IntProgress(max=total)
            handle = display({WIDGET: widget._repr_mimebundle_()[WIDGET]}, raw=True, display_id=True)
        if widget is not None:
            widget.value = n

    try:
        yield done
    finally:
        _shown.release()
        if widget is not None:
            widget.close()
            handle.update({}, raw=True)  # what stands in the cell beside it stays


def bar(steps: Iterable[T]) -> Iterator[T]:
    """Go through the steps and show, as `meter` does, how many of them are done.

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
    with meter(len(steps)) as done:
        for n, step in enumerate(steps):
            done(n)
            yield step


def _watched():
    """Whether somebody may look on: nbclient, which executes notebooks alone, keeps no history on disk."""
    ipython = sys.modules.get("IPython")
    shell: Any = ipython and ipython.get_ipython()
    if not hasattr(shell, "kernel") or threading.current_thread() is not threading.main_thread():
        return False
    return getattr(shell.history_manager, "hist_file", None) != ":memory:"

"""Explorers: controls → record → picture and numbers, a widget that recomputes at every move."""

from __future__ import annotations

import base64
import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from numbers import Integral, Real
from typing import TYPE_CHECKING, Any

import numpy as np

from .frames import Frames, png

__all__ = ["Explorer"]

if TYPE_CHECKING:
    import ipywidgets

MOST_STATES = 100
NAME = re.compile(r"[a-z][a-z0-9_]*")


@dataclass(frozen=True)
class Explorer:
    """A few controls, and for each choice a picture and a few numbers.

    Parameters
    ----------
    name : str
        Small letters, digits and underscores. It precedes the controls in the address of a page: ``?fans.kernel=5``.
    controls : mapping of str to sequence
        The values of each control. Rising numbers make a slider; names make a menu, and so do truth values.
    compute : callable
        ``compute(**choice) -> record``, or ``ValueError`` where the values do not go together.
    draw : callable
        ``draw(figure) -> update`` sets up all that stands still, limits included, and the artists that move;
        ``update(record)`` changes these and returns them, always the same ones (`winit.frames.Frames` makes them fast).
    numbers : callable
        ``numbers(record) -> {name: number or name}``. Floats are shown to three digits; a string is shown as it is.
    start : mapping, optional
        The first choice; the first value of each control that it leaves out.
    size : (float, float)
        Inches.

    Raises
    ------
    ValueError
        A bad name, a control without values or with the same value twice, a `start` that is no choice, more than
        ``MOST_STATES`` choices.

    Examples
    --------
    >>> def draw(figure):
    ...     ax = figure.add_subplot(xlim=(1, 10), ylim=(0, 1))
    ...     (line,) = ax.plot([], [])
    ...
    ...     def update(values):
    ...         line.set_data(range(1, 11), values)
    ...         return [line]
    ...
    ...     return update
    >>> Explorer(
    ...     "decay",
    ...     controls={"factor": [0.5, 0.7, 0.9]},
    ...     compute=lambda factor: [factor**layer for layer in range(1, 11)],
    ...     draw=draw,
    ...     numbers=lambda values: {"last": values[-1]},
    ... )
    decay: factor=0.5 → last 0.000977
    """

    name: str
    controls: Mapping[str, Sequence[float | str | bool]]
    compute: Callable[..., Any]
    draw: Callable
    numbers: Callable[[Any], Mapping[str, float | str]]
    start: Mapping[str, float | str | bool] = field(default_factory=dict)
    size: tuple[float, float] = (6, 3)

    def __post_init__(self):
        for name in (self.name, *self.controls):
            if not NAME.fullmatch(name):
                raise ValueError(f"{name!r} is no name: use small letters, digits and underscores")
        for name, values in self.controls.items():
            if len(values) == 0 or len(set(map(text, values))) < len(values):
                raise ValueError(f"{self.name}: the values of {name!r} must be different ones, got {values!r}")
        for name, value in self.start.items():
            if value not in self.controls.get(name, ()):
                raise ValueError(f"{self.name}: start {name}={value!r} is no choice of {dict(self.controls)!r}")
        if (states := math.prod(map(len, self.controls.values()))) > MOST_STATES:
            raise ValueError(f"{self.name}: {states} choices; a page holds at most {MOST_STATES}")
        _ = self.opening  # IPython would hide an error of the display

    @cached_property
    def first(self) -> dict[str, float | str | bool]:
        """The choice it opens with."""
        return {name: values[0] for name, values in self.controls.items()} | dict(self.start)

    @cached_property
    def frames(self) -> Frames:
        return Frames(self.draw, self.size, self.compute(**self.first))

    @cached_property
    def opening(self) -> tuple[np.ndarray, dict[str, float | str] | ValueError]:
        """Picture and numbers of the first choice."""
        return self.state(self.first)

    def state(self, choice: Mapping) -> tuple[np.ndarray, dict[str, float | str] | ValueError]:
        """Picture and numbers of a choice; where it is impossible, what stands still and why.

        Parameters
        ----------
        choice : mapping
            A value for each control.

        Returns
        -------
        picture : array (height, width, 4)
            RGBA pixels.
        numbers : dict or ValueError

        Raises
        ------
        TypeError
            Controls that `compute` does not know.

        Examples
        --------
        >>> options = {"draw": lambda figure: lambda record: [figure.text(0, 0, "")], "numbers": lambda record: record}
        >>> explorer = Explorer("double", controls={"x": [1, 2]}, compute=lambda x: {"twice": 2 * x}, **options)
        >>> explorer.state({"x": 2})[1]
        {'twice': 4}
        """
        try:
            record = self.compute(**choice)
        except ValueError as reason:
            return self.frames.empty(), reason
        return self.frames.picture(record), dict(self.numbers(record))

    def __repr__(self):
        choice = " ".join(f"{name}={text(value)}" for name, value in self.first.items())
        return f"{self.name}: {choice} → {_line(self.opening[1])}"

    def _repr_mimebundle_(self, include=None, exclude=None):
        picture = base64.b64encode(png(self.opening[0])).decode()
        return self.widget()._repr_mimebundle_() | {"text/plain": repr(self), "image/png": picture}

    def widget(self) -> ipywidgets.VBox:
        """The live form: sliders and menus above the picture and its numbers.

        Returns
        -------
        ipywidgets.VBox

        Examples
        --------
        >>> options = {"draw": lambda figure: lambda record: [figure.text(0, 0, "")], "numbers": lambda record: record}
        >>> explorer = Explorer("double", controls={"x": [1, 2]}, compute=lambda x: {"twice": 2 * x}, **options)
        >>> [type(part).__name__ for part in explorer.widget().children]
        ['SelectionSlider', 'Image', 'Label']
        """
        import ipywidgets

        pixels, numbers = self.opening
        natural = {"align_self": "flex-start", "max_width": "100%"}
        picture = ipywidgets.Image(value=png(pixels), layout=natural)
        line = ipywidgets.Label(_line(numbers))
        controls: dict[str, ipywidgets.Widget] = {}

        def show(_):
            pixels, numbers = self.state({name: control.value for name, control in controls.items()})
            picture.value, line.value = png(pixels), _line(numbers)

        for name, values in self.controls.items():
            kind = ipywidgets.SelectionSlider if is_scale(values) else ipywidgets.Dropdown
            options = [(text(value), value) for value in values]
            controls[name] = kind(options=options, value=self.first[name], description=name)
            controls[name].observe(show, "value")
        return ipywidgets.VBox([*controls.values(), picture, line])


def is_scale(values: Sequence) -> bool:
    """Whether these values make a slider: rising numbers."""
    numbers = all(isinstance(value, Real) and not isinstance(value, bool) for value in values)
    return numbers and list(values) == sorted(values)


def text(value: float | str | bool) -> str:
    """How a value stands in a notebook, on a page and in its address, whatever the language."""
    if isinstance(value, (bool, np.bool_)):
        return "with" if value else "without"
    return str(value) if isinstance(value, (str, Integral)) else f"{value:.3g}"


def _line(numbers):
    impossible = isinstance(numbers, ValueError)
    return str(numbers) if impossible else " · ".join(f"{name} {text(value)}" for name, value in numbers.items())

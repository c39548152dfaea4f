"""How many numbers a unit sums (fan-in) and how many units it feeds (fan-out)."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

from . import arguments

__all__ = ["Fans", "fans"]

ORDERS = ("in_out", "out_in")


class Fans(NamedTuple):
    """The two fans of a layer, as integers.

    Attributes
    ----------
    fan_in, fan_out : int
        How many products a unit sums, and how many units an input feeds.

    Examples
    --------
    >>> fan_in, fan_out = fans((784, 100))
    >>> fan_out
    100
    """

    fan_in: int
    fan_out: int


def fans(shape: Sequence[int], *, order: str = "in_out", groups: int = 1) -> Fans:
    """Fan-in and fan-out of a dense layer or a convolution, counted from the shape of its weights.

    A unit of the layer sums ``fan_in`` products; an input unit feeds ``fan_out`` units. For a
    convolution both count the receptive field, for stride 1 and away from the border.

    Parameters
    ----------
    shape : sequence of int
        Shape of the weights as they are stored, rank 2 or more, so that the ``in`` axis of a
        grouped convolution holds ``channels / groups``.
    order : {"in_out", "out_in"}
        ``"in_out"`` is ``(*spatial, in, out)``, the order of this course, Keras and JAX;
        ``"out_in"`` is ``(out, in, *spatial)``, the order of PyTorch.
    groups : int
        Groups of the convolution. An input channel feeds only the ``out / groups`` output
        channels of its own group.

    Returns
    -------
    Fans
        ``fan_in = in * prod(spatial)`` and ``fan_out = out / groups * prod(spatial)``.

    Raises
    ------
    ValueError
        Rank below 2, a size that is no positive integer, an unknown order, or groups that do
        not divide the output channels.

    References
    ----------
    Glorot and Bengio (2010), section 4.2.1, for dense layers; He et al. (2015), section 2.2, for convolutions.

    Examples
    --------
    >>> fans((784, 100))
    Fans(fan_in=784, fan_out=100)
    >>> fans((5, 5, 3, 10))
    Fans(fan_in=75, fan_out=250)
    """
    sizes = check_shape(shape, rank=2)
    arguments.choice("order", order, ORDERS)
    groups = arguments.count("groups", groups)

    if order == "in_out":
        *spatial, n_in, n_out = sizes
    else:
        n_out, n_in, *spatial = sizes
    if n_out % groups:
        raise ValueError(f"groups must divide the {n_out} output channels of shape {sizes}, got {groups}")

    receptive_field = math.prod(spatial)
    return Fans(n_in * receptive_field, n_out // groups * receptive_field)


def check_shape(shape: Sequence[int], *, rank: int = 1) -> tuple[int, ...]:
    """The shape as a tuple of Python integers; ValueError if its rank is too low or a size is no positive integer."""
    sizes = arguments.sequence("shape", shape, f"rank {rank} or more", least=rank)
    return tuple(arguments.count("every size in shape", size) for size in sizes)


def widths_of(widths: Sequence[int]) -> tuple[int, ...]:
    """n_0, …, n_L as Python integers."""
    sizes = arguments.sequence("widths", widths, "at least two sizes [n_0, …, n_L]", least=2)
    return tuple(arguments.count("widths", size) for size in sizes)

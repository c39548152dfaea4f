"""What a network is made of: `Spec`, and its parts turned from names and numbers into objects."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from numbers import Integral, Real

import numpy as np

from .activations import ACTIVATIONS, Activation
from .arguments import count, number
from .initializers import INITIALIZERS, Constant, Initializer, Normal
from .lookup import lookup


@dataclass(frozen=True)
class Spec:
    """A network to train.

    Parameters
    ----------
    widths : sequence of int
        n_0 (inputs), …, n_L (classes).
    activation : str or Activation
        Of the hidden layers; the output layer is linear.
    initializer, bias : str, Initializer or float, or a list of L of them
        A float is the standard deviation of a normal distribution.
    batch_norm : bool
        Batch norm in the hidden layers, with β in the place of the bias.
    dropout : float
        Probability in [0, 1) that a hidden unit is dropped.
    seed : int
        Of the weights and the dropout masks. Specs of the same seed draw the same numbers, so that only what is
        compared differs between them.

    Raises
    ------
    ValueError, TypeError
        For anything else, with its name and value.
    """

    widths: Sequence[int]
    activation: str | Activation = "relu"
    initializer: str | Initializer | float | list = "he_normal"
    bias: str | Initializer | float | list = "zeros"
    batch_norm: bool = False
    dropout: float = 0.0
    seed: int = 0

    def __post_init__(self):
        vars(self).update(widths=widths_of(self.widths), activation=activation_of(self.activation))
        initializers_of("initializer", self.initializer, len(self.widths) - 1)
        initializers_of("bias", self.bias, len(self.widths) - 1)
        if not isinstance(self.seed, Integral) or self.seed < 0:
            raise ValueError(f"seed must be an integer of at least 0, got {self.seed!r}")
        if not isinstance(self.dropout, Real) or not 0 <= self.dropout < 1:
            raise ValueError(f"dropout must be a number in [0, 1), got {self.dropout!r}")


def widths_of(widths) -> tuple[int, ...]:
    """n_0, …, n_L as Python integers."""
    sizes = tuple(widths) if isinstance(widths, (list, tuple, range, np.ndarray)) else ()
    if len(sizes) < 2:
        raise ValueError(f"widths must be a sequence of at least two sizes [n_0, …, n_L], got {widths!r}")
    return tuple(count("widths", size) for size in sizes)


def activation_of(activation) -> Activation:
    """A name or an `Activation`, as an `Activation`."""
    activation = lookup(ACTIVATIONS, activation, "activation")
    if not isinstance(activation, Activation):
        raise TypeError(f"activation must be a name or an Activation, got {activation!r}")
    return activation


def initializer_of(argument, initializer):
    """A name, an Initializer or a standard deviation, as an Initializer."""
    if isinstance(initializer, Real) and not isinstance(initializer, bool):
        return Normal(number(argument, initializer, least=0))
    initializer = lookup(INITIALIZERS, initializer, argument)
    if not callable(initializer):
        raise TypeError(f"{argument} must be a name, an Initializer or a float (std of a normal), got {initializer!r}")
    return initializer


def initializers_of(argument, initializer, depth) -> list:
    """One Initializer per layer, from one for all or from a list or tuple of them."""
    each = initializer if isinstance(initializer, (list, tuple)) else [initializer] * depth
    if len(each) != depth:
        raise ValueError(f"{argument} must have one entry for each of the {depth} layers, got {len(each)}")
    return [initializer_of(argument, entry) for entry in each]


def draw_bias(initializer, shape, *, rng, dtype=np.float64):
    """Bias of a layer whose weights have the shape (fan_in, fan_out).

    `Normal` and `Constant` know no fans and are called with (1, fan_out). Any other initializer is called with
    `shape` and the first row is taken, so that the bias has the distribution of a weight *of this layer*:
    U(±1/√fan_in) for ``"torch_linear_default"``.
    """
    knows_no_fans = isinstance(initializer, (Normal, Constant))
    return initializer((1, shape[1]) if knows_no_fans else shape, rng=rng, dtype=dtype)[0]

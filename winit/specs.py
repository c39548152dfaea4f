"""What a network is made of: `Spec`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from numbers import Integral, Real

from .activations import Activation, activation_of
from .connectivity import widths_of
from .initializers import Initializer, initializers_of


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
        for argument in ("initializer", "bias"):
            given = getattr(self, argument)
            each = tuple(initializers_of(argument, given, len(self.widths) - 1))
            vars(self)[argument] = each if isinstance(given, (list, tuple)) else each[0]
        if not isinstance(self.seed, Integral) or self.seed < 0:
            raise ValueError(f"seed must be an integer of at least 0, got {self.seed!r}")
        if not isinstance(self.dropout, Real) or not 0 <= self.dropout < 1:
            raise ValueError(f"dropout must be a number in [0, 1), got {self.dropout!r}")

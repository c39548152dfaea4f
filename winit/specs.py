"""What a network is made of: `Spec`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from . import arguments
from .activations import Activation, activation_of
from .arguments import refusal
from .connectivity import widths_of
from .initializers import InitializerLike, initializers_of

__all__ = ["Spec"]


@dataclass(frozen=True)
class Spec:
    """A network to train.

    Parameters
    ----------
    widths : sequence of int
        n_0 (inputs), …, n_L (classes, two or more).
    activation : str or Activation
        Of the hidden layers; the output layer is linear.
    initializer, bias : str, Initializer or float, or a list of L of them
        A float is the standard deviation of a normal distribution; a bias of None is ``"zeros"``.
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

    Examples
    --------
    >>> Spec([64, 100, 10], activation="tanh", initializer="glorot_uniform").widths
    (64, 100, 10)
    """

    widths: Sequence[int]
    activation: str | Activation = "relu"
    initializer: InitializerLike | Sequence[InitializerLike] = "he_normal"
    bias: InitializerLike | Sequence[InitializerLike | None] | None = "zeros"
    batch_norm: bool = False
    dropout: float = 0.0
    seed: int = 0

    def __post_init__(self):
        widths = widths_of(self.widths)
        if widths[-1] < 2:
            raise refusal("widths", "[n_0, …, n_L] with n_L ≥ 2 classes, for a softmax over one is always 1", widths)
        vars(self).update(
            widths=widths,
            activation=activation_of(self.activation),
            batch_norm=arguments.flag("batch_norm", self.batch_norm),
            dropout=arguments.number("dropout", self.dropout, least=0, below=1),
            seed=arguments.count("seed", self.seed, least=0),
        )
        for argument in ("initializer", "bias"):
            given = getattr(self, argument)
            layers = tuple(initializers_of(argument, given, len(widths) - 1))
            vars(self)[argument] = layers[0] if arguments.is_one(given) else layers

    __repr__ = arguments.summary

"""Which initialization: `recommend`, one answer for one network, with the code that draws it.

What is recommended for an activation stands in one table, `CHOICES`; the appendix `choose`, the cheat sheet, chapter 05
and the tests read it. Whether it will do at a depth is computed from the theory, not looked up.
"""

from __future__ import annotations

import math
from dataclasses import replace
from functools import cache
from typing import NamedTuple

from . import arguments, blocks, moments
from .frameworks import DEFAULTS
from .initializers import INITIALIZERS, Normal, VarianceScaling

__all__ = ["CHOICES", "LAYERS", "Choice", "Effect", "Recommendation", "recommend"]

NORMALIZATIONS = ("none", "batch", "layer")
# What matters to the start of a layer, besides the framework; the others bring their own functions.
LAYERS: dict[str, tuple[str, ...]] = {
    "dense": ("activation", "normalization", "residual", "depth"),
    "convolution": ("activation", "normalization", "residual", "depth"),
    "transposed": ("activation", "normalization", "residual", "depth"),
    "recurrent": (),
    "attention": ("residual",),
    "embedding": (),
    "output": (),
}
GOOD, LIMIT = 3.0, 100.0  # factors of an `Effect`: kept, and past all use
WIDEST = 6  # transposed layers of stride 2: an image becomes 2⁶ = 64 times as wide


class Choice(NamedTuple):
    """What to draw under an activation.

    Attributes
    ----------
    name : str
        What the rule is called.
    initializer : VarianceScaling
    shown : str
        Where the course shows it: a page and one of its sections.

    Examples
    --------
    >>> CHOICES["relu"].name, CHOICES["relu"].initializer == INITIALIZERS["he_normal"]
    ('He', True)
    """

    name: str
    initializer: VarianceScaling
    shown: str


def _choices():
    he, glorot, lecun = VarianceScaling(2.0), VarianceScaling(1.0, "avg"), VarianceScaling(1.0)
    elu = VarianceScaling(moments.gain("elu") ** 2)
    return {
        "linear": Choice("Glorot", glorot, "03_xavier#compromise"),
        "relu": Choice("He", he, "04_he#half"),
        "leaky_relu": Choice("He", he, "04_he#leaky"),
        "elu": Choice("ELU", elu, "05_choosing#gains"),
        "selu": Choice("LeCun", lecun, "03_xavier#lecun"),
        "gelu": Choice("He", he, "05_choosing#gains"),
        "silu": Choice("He", he, "05_choosing#gains"),
        "mish": Choice("He", he, "05_choosing#gains"),
        "tanh": Choice("Glorot", glorot, "03_xavier#limits"),
        "softsign": Choice("He", he, "05_choosing#decide"),
        "sigmoid": Choice("Glorot", glorot, "03_xavier#sigmoid"),
    }


CHOICES = _choices()


class Effect(NamedTuple):
    """What a start does to a network before the first step, in the theory of wide layers.

    Attributes
    ----------
    signal : float
        RMS of z in the last hidden layer over that in the first; of residual blocks, of the sum after the last
        over that before the first.
    gradient : float
        RMS of the gradient on its way back over the same layers.

    Examples
    --------
    >>> recommend(activation="relu", depth=50).effect
    Effect(signal=1.0, gradient=1.0)
    """

    signal: float
    gradient: float

    @property
    def worst(self) -> float:
        """The larger of the two factors, upwards or downwards: 1 where nothing changes.

        Examples
        --------
        >>> Effect(signal=0.25, gradient=2.0).worst
        4.0
        """
        return max(1 / value if value < 1 else value for value in (max(value, 1e-300) for value in self))


class Recommendation(NamedTuple):
    """What to draw, for what reason, with the code.

    Attributes
    ----------
    framework, layer, activation, normalization, residual, depth
        The question; None as the activation of a layer that has none of its own to choose.
    rule : str
        What the rule is called.
    initializer : VarianceScaling or Normal
        Of the weights of hidden layers; of an embedding or an output layer, its own.
    shown : str
        Where the course shows it: a page and one of its sections.
    effect, default : Effect or None
        Before the first step, of this start and of the framework's default, its biases left aside; None for a layer
        that stands alone.
    numbers : (float, float) or None
        Of a layer that stands alone one number with this start and with the framework's default: the share of an LSTM's
        memory after twenty steps, the standard deviation of attention scores over that of this start, the standard
        deviation of an embedding, the first loss of ten classes over 256 units of mean square 1.
    why_not : str
        Empty, or the reason why nothing is offered: ``"gates"`` or ``"linear"`` (the layer's own functions leave no
        choice), ``"size"`` (no sum of two sizes), ``"wide"`` (an image past all size), ``"dies"`` or ``"grows"``
        (signal or gradient over this depth, with the best start).
    code : str
        A block that runs as it stands; empty where nothing is offered.

    Examples
    --------
    >>> best = recommend(activation="tanh", depth=50)
    >>> best.rule, best.offered, best.keeps
    ('Glorot', True, False)
    """

    framework: str
    layer: str
    activation: str | None
    normalization: str
    residual: bool
    depth: int
    rule: str
    initializer: VarianceScaling | Normal
    shown: str
    effect: Effect | None
    default: Effect | None
    numbers: tuple[float, float] | None
    why_not: str
    code: str

    @property
    def offered(self) -> bool:
        """Whether there is a start worth writing down.

        Examples
        --------
        >>> recommend(activation="sigmoid", depth=20).offered
        False
        """
        return not self.why_not

    @property
    def keeps(self) -> bool:
        """Whether signal and gradient stay within a factor of three over the depth.

        Examples
        --------
        >>> recommend(activation="gelu", depth=3).keeps, recommend(activation="gelu", depth=20).keeps
        (True, False)
        """
        return self.effect is None or self.effect.worst <= GOOD

    def __str__(self):
        head = f"{self.layer}: {self.rule}"
        if self.effect and self.default:
            head += f"; signal × {self.effect.signal:.2g}, gradient × {self.effect.gradient:.2g}"
            head += f" (default: {self.default.signal:.2g}, {self.default.gradient:.2g})"
        return f"{head}\n\n{self.code}" if self.offered else f"{head}\n\nnot offered: {self.why_not}"


# A layer that stands alone: what its rule is called, what draws it, where it is shown
ALONE: dict[str, tuple[str, VarianceScaling | Normal, str]] = {
    "recurrent": ("Glorot", VarianceScaling(1.0, "avg", "uniform"), "05_choosing#biases"),
    "attention": ("Glorot", VarianceScaling(1.0, "avg", "uniform"), "02_fan_in_fan_out#parts"),
    "embedding": ("N(0, 0.02²)", Normal(blocks.EMBEDDING), "10_residual_and_width#language"),
    "output": ("N(0, 0.01²)", Normal(blocks.SMALL), "05_choosing#output"),
}
OWN = {"recurrent": "gates", "attention": "linear", "embedding": "linear", "output": "linear"}


def recommend(
    layer: str = "dense",
    *,
    activation: str | None = None,
    framework: str = "PyTorch",
    normalization: str = "none",
    residual: bool = False,
    depth: int = 20,
) -> Recommendation:
    """One start for one network.

    Parameters
    ----------
    layer : str
        One of `LAYERS`. Which of the other arguments matter to it stands there; those that do not change nothing.
    activation : str, optional
        One of `CHOICES`, ReLU if not said. Recurrent layers, attention, embeddings and output layers have none.
    framework : {"PyTorch", "Keras", "Flax"}
    normalization : {"none", "batch", "layer"}
        Between each layer and its activation; at the head of each residual branch.
    residual : bool
        Blocks of x + branch(x), with two layers in a branch.
    depth : int
        Hidden layers, or residual blocks.

    Returns
    -------
    Recommendation
        With ``why_not`` where no start will do.

    Raises
    ------
    ValueError, TypeError
        An unknown name, a depth that is no positive integer, a residual that is neither True nor False.

    Examples
    --------
    >>> best = recommend("convolution", activation="relu", framework="Keras", normalization="batch", depth=20)
    >>> best.rule, best.shown
    ('He', '04_he#half')
    >>> recommend(activation="gelu", depth=50).why_not
    'dies'
    """
    arguments.choice("layer", layer, LAYERS)
    arguments.choice("framework", framework, blocks.FRAMEWORKS)
    arguments.choice("normalization", normalization, NORMALIZATIONS)
    residual, depth = arguments.flag("residual", residual), arguments.count("depth", depth)
    if activation is not None:
        arguments.choice("activation", activation, CHOICES)
    question = framework, layer, activation, normalization, residual, depth
    return _alone(*question) if layer in ALONE else _hidden(*question)


def _alone(framework, layer, activation, normalization, residual, depth):
    rule, initializer, shown = ALONE[layer]
    why_not = "" if activation in (None, "linear") else OWN[layer]
    network = blocks.Network(layer, "linear", VarianceScaling(), normalization, residual, depth)
    code = "" if why_not else blocks.block(framework, network)
    answer = rule, initializer, shown, None, None, _numbers(framework, layer), why_not, code
    return Recommendation(framework, layer, None, normalization, residual, depth, *answer)


def _hidden(framework, layer, activation, normalization, residual, depth):
    activation = activation or "relu"
    rule, initializer, shown = CHOICES[activation]
    if layer == "transposed":  # fan-in alone keeps the length in both directions: there are more pixels above
        rule, initializer = "LeCun" if rule == "Glorot" else rule, replace(initializer, fan="in")
    effect = Effect(1.0, 1.0) if residual else _effect(activation, initializer.scale, normalization, depth)
    scale = _default_scale(framework) / (4 if layer == "transposed" else 1)
    default = (_blocks_effect if residual else _effect)(activation, scale, normalization, depth)
    why_not = _why_not(layer, residual, depth, effect)
    network = blocks.Network(layer, activation, initializer, normalization, residual, depth)
    code = "" if why_not else blocks.block(framework, network)
    answer = rule, initializer, shown, effect, default, None, why_not, code
    return Recommendation(framework, layer, activation, normalization, residual, depth, *answer)


def _why_not(layer, residual, depth, effect):
    if layer == "transposed" and residual:
        return "size"
    if layer == "transposed" and depth > WIDEST:
        return "wide"
    if effect.worst > LIMIT:
        return "dies" if min(effect) < 1 / LIMIT else "grows"
    return ""


def _default_scale(framework):
    """n Var[W] of the default of a square dense layer."""
    return 1000 * INITIALIZERS[DEFAULTS[framework].weights].std((1000, 1000)) ** 2


@cache
def _effect(activation, scale, normalization, depth):
    """Of layers in a row: with normalization z has variance 1, and its scale is divided out of the gradient, too."""
    if normalization != "none":
        kept = moments.second_moment(activation)
        if normalization == "batch":
            kept -= moments.mean(activation) ** 2
        return Effect(1.0, (moments.slope_moment(activation) / kept) ** ((depth - 1) / 2))
    q, gradient = scale, 1.0
    for _ in range(depth - 1):
        slope, second = _moments(activation, q)
        gradient *= scale * slope
        q = scale * second
    return Effect(math.sqrt(q / scale), math.sqrt(gradient))


@cache
def _blocks_effect(activation, scale, normalization, depth):
    """Of residual blocks whose two layers both have the same scale."""
    q, gradient = scale, 1.0
    for _ in range(depth):
        z, before = (scale * q, 1.0) if normalization == "none" else (scale, q)
        slope, second = _moments(activation, z)
        gradient *= 1 + scale**2 * slope / before
        q += scale * second
    return Effect(math.sqrt(q / scale), math.sqrt(gradient))


@cache
def _moments(activation, q):
    """E f'² and E f²; networks share them, for a deep one begins like a shallow one and a normalization fixes q."""
    return moments.slope_moment(activation, q), moments.second_moment(activation, q)


def _numbers(framework, layer):
    """What stands in `Recommendation.numbers`."""
    place = blocks.FRAMEWORKS.index(framework)
    if layer == "recurrent":
        return tuple((1 + math.exp(-bias)) ** -20 for bias in (1, (0, 1, 0)[place]))
    if layer == "attention":
        return 1.0, (0.5, 1.0, 1.0)[place]
    if layer == "embedding":
        return blocks.EMBEDDING, (1.0, 0.05 / math.sqrt(3), 256**-0.5)[place]
    default = INITIALIZERS[DEFAULTS[framework].weights].std((256, 10))
    return tuple(math.log(10) + 256 * std**2 / 2 for std in (blocks.SMALL, default))

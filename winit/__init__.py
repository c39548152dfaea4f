"""Helper package of the winit course on weight initialization."""

from .activations import ACTIVATIONS, Activation
from .connectivity import Fans, fans
from .initializers import INITIALIZERS, Constant, Initializer, Normal, Orthogonal, VarianceScaling
from .lookup import lookup

__all__ = [
    "ACTIVATIONS",
    "INITIALIZERS",
    "Activation",
    "Constant",
    "Fans",
    "Initializer",
    "Normal",
    "Orthogonal",
    "VarianceScaling",
    "fans",
    "lookup",
]

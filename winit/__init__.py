"""Helper package of the winit course on weight initialization."""

from . import moments
from .activations import ACTIVATIONS, Activation
from .connectivity import Fans, fans
from .initializers import INITIALIZERS, Constant, Initializer, Normal, Orthogonal, VarianceScaling

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
    "moments",
]

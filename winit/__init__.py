"""Helper package of the winit course on weight initialization."""

from . import check, moments
from .activations import ACTIVATIONS, Activation
from .connectivity import Fans, fans
from .initializers import INITIALIZERS, Constant, Initializer, Normal, Orthogonal, VarianceScaling
from .layers import batch_norm, batch_norm_backward, dropout
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
    "batch_norm",
    "batch_norm_backward",
    "check",
    "dropout",
    "fans",
    "lookup",
    "moments",
]

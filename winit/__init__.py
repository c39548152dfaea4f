"""Helper package of the winit course on weight initialization."""

from . import network
from .activations import ACTIVATIONS, Activation
from .connectivity import Fans, fans
from .initializers import INITIALIZERS, Constant, Initializer, Normal, Orthogonal, VarianceScaling
from .layers import batch_norm, batch_norm_backward, dropout
from .lookup import lookup
from .training import History, Spec, train

__all__ = [
    "ACTIVATIONS",
    "INITIALIZERS",
    "Activation",
    "Constant",
    "Fans",
    "History",
    "Initializer",
    "Normal",
    "Orthogonal",
    "Spec",
    "VarianceScaling",
    "batch_norm",
    "batch_norm_backward",
    "dropout",
    "fans",
    "lookup",
    "network",
    "train",
]

"""Helper package of the winit course on weight initialization."""

from . import check, data, frameworks, moments, network
from .activations import ACTIVATIONS, Activation
from .connectivity import Fans, fans
from .experiments import Propagation, propagate, sweep
from .explorers import Explorer
from .initializers import INITIALIZERS, Constant, Initializer, Normal, Orthogonal, VarianceScaling
from .layers import batch_norm, batch_norm_backward, dropout
from .rbm import RBM
from .specs import Spec
from .training import History, train

__all__ = [
    "ACTIVATIONS",
    "INITIALIZERS",
    "RBM",
    "Activation",
    "Constant",
    "Explorer",
    "Fans",
    "History",
    "Initializer",
    "Normal",
    "Orthogonal",
    "Propagation",
    "Spec",
    "VarianceScaling",
    "batch_norm",
    "batch_norm_backward",
    "check",
    "data",
    "dropout",
    "fans",
    "frameworks",
    "moments",
    "network",
    "propagate",
    "sweep",
    "train",
]

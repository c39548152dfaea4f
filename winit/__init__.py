"""Helper package of the winit course on weight initialization."""

from importlib import import_module

from . import moments, network
from .activations import ACTIVATIONS, Activation
from .connectivity import Fans, fans
from .experiments import Propagation, propagate, sweep
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


def __getattr__(name):
    """What computing does not need, at first use: exercise checks, data sets, framework tables, explorers."""
    if name in ("check", "data", "frameworks"):
        return import_module(f".{name}", __name__)
    if name == "Explorer":
        return import_module(".explorers", __name__).Explorer
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")

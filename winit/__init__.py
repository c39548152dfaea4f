"""Helper package of the winit course on weight initialization."""

from importlib import import_module

from numpy import empty as _empty

from . import data, meanfield, moments, network
from .activations import ACTIVATIONS, Activation
from .connectivity import Fans, fans
from .initializers import INITIALIZERS, Constant, Initializer, Normal, Orthogonal, VarianceScaling
from .layers import batch_norm, batch_norm_backward, dropout
from .measure import Propagation, propagate
from .rbm import RBM
from .results import Results
from .specs import Spec
from .sweep import sweep
from .training import History, train

# Beyond a bound, the GNU C library hands what is let go back to the system and takes it again page by page at the next
# step, which costs as much as computing. The bound is twice the largest array that was let go, so here is one
_empty(2**23, "u1")

__version__ = "0.1.0"
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
    "Results",
    "Spec",
    "VarianceScaling",
    "batch_norm",
    "batch_norm_backward",
    "check",
    "data",
    "dropout",
    "fans",
    "frameworks",
    "meanfield",
    "moments",
    "network",
    "plotting",
    "propagate",
    "recommend",
    "sweep",
    "train",
]
LATER = ("check", "frameworks", "plotting")  # what computing does not need is loaded at first use
NAMES = {"Explorer": "explorers", "recommend": "choosing"}


def __getattr__(name):
    if name in LATER:
        return import_module(f".{name}", __name__)
    if name in NAMES:
        return getattr(import_module(f".{NAMES[name]}", __name__), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__():
    return sorted([*globals(), *__all__])

"""The exercise checks: records that Python and a page judge by, one module a chapter.

``winit.check.<exercise>(answer)`` prints one line that says *what* is off, in the language of the edition it runs in.
It returns nothing and never raises, so that a chapter runs unfilled.
"""

from .basics import backward, before_you_start
from .beyond import branches, depth_scale, one_pass
from .choosing import before_the_cut, default_depth, hard_swish, suitable
from .clinic import diagnoses, tapered, thaw
from .fans import after_relu, fans_of, grouped
from .normalization import folded, layer_norm_gradient, same_training
from .rbm import carried_over, cd_step, log_probability
from .record import Exercise, Part
from .rectifiers import depth_ratio, either_fan, leaky_std, unit_layers
from .regularization import decayed, dropout_std, without_masks
from .rule import verdict
from .signals import critical_width, sample_spread, waking_up
from .xavier import draw_xavier, flat_gradient, two_factors

__all__ = [
    "Exercise",
    "Part",
    "after_relu",
    "backward",
    "before_the_cut",
    "before_you_start",
    "branches",
    "carried_over",
    "cd_step",
    "critical_width",
    "decayed",
    "default_depth",
    "depth_ratio",
    "depth_scale",
    "diagnoses",
    "draw_xavier",
    "dropout_std",
    "either_fan",
    "exercises",
    "fans_of",
    "flat_gradient",
    "folded",
    "grouped",
    "hard_swish",
    "layer_norm_gradient",
    "leaky_std",
    "log_probability",
    "one_pass",
    "same_training",
    "sample_spread",
    "suitable",
    "tapered",
    "thaw",
    "two_factors",
    "unit_layers",
    "verdict",
    "waking_up",
    "without_masks",
]


def exercises() -> dict[str, Exercise]:
    """All exercises by their names; `Exercise.as_data` is what a page needs of each."""
    return {name: value for name, value in globals().items() if isinstance(value, Exercise)}

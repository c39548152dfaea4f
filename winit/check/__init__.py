"""The exercise checks: records that Python and a page judge by, one module a chapter.

``winit.check.<exercise>(answer)`` prints one line that says *what* is off, in the language of the edition it runs in.
It returns nothing and never raises, so that a chapter runs unfilled.
"""

from . import (
    basics,
    choosing,
    clinic,
    depth,
    fans,
    normalization,
    rbm,
    rectifiers,
    regularization,
    residual,
    signals,
    xavier,
)
from .record import Exercise, Part
from .rule import verdict

CHAPTERS = (
    basics,
    signals,
    fans,
    xavier,
    rectifiers,
    choosing,
    normalization,
    rbm,
    regularization,
    depth,
    residual,
    clinic,
)


def exercises() -> dict[str, Exercise]:
    """All exercises by their names, in the order of the course; `Exercise.as_data` is what a page needs of each.

    Returns
    -------
    dict of str to Exercise

    Examples
    --------
    >>> next(iter(exercises()))
    'before_you_start'
    """
    records = ((name, value) for chapter in CHAPTERS for name, value in vars(chapter).items())
    return {name: value for name, value in records if isinstance(value, Exercise)}


globals().update(exercises())
__all__ = ["Exercise", "Part", "exercises", "verdict", *exercises()]

"""What an argument must be: each function returns the value or raises a ValueError that names all three."""

from __future__ import annotations

import math
from collections.abc import Collection
from numbers import Integral, Real


def number(argument: str, value: Real, *, least: float = -math.inf, most: float = math.inf) -> float:
    """A finite number in ``[least, most]``."""
    if not isinstance(value, Real) or isinstance(value, bool) or not math.isfinite(value) or not least <= value <= most:
        limits = [f"at least {least:g}"] * (least > -math.inf) + [f"at most {most:g}"] * (most < math.inf)
        raise ValueError(
            f"{argument} must be a finite number{' of ' * bool(limits)}{' and '.join(limits)}, got {value!r}"
        )
    return float(value)


def count(argument: str, value: int) -> int:
    """A positive integer."""
    if not isinstance(value, Integral) or isinstance(value, bool) or value < 1:
        raise ValueError(f"{argument} must be a positive integer, got {value!r}")
    return int(value)


def choice(argument: str, value: str, choices: Collection[str]) -> str:
    """One of the choices."""
    if value not in choices:
        raise ValueError(f"{argument} must be one of {', '.join(map(repr, choices))}, got {value!r}")
    return value

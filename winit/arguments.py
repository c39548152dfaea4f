"""What an argument must be: each function returns the value, or raises an error that names argument, value and choices.

What is checked is converted, too: a `numpy.float64` that passes as a float *is* one afterwards, and widens no float32.
"""

from __future__ import annotations

import dataclasses
import math
import re
from collections import UserDict
from collections.abc import Collection, Iterable, Mapping
from numbers import Integral, Real
from typing import SupportsFloat, TypeVar

import numpy as np

T = TypeVar("T")
LONGEST = 100  # characters of a value in a message


class WrongKind(TypeError, ValueError):
    """A value of the wrong kind: a TypeError, and a ValueError for who catches whatever is wrong with a value."""


def shown(value) -> str:
    """A value in a message or a repr: shapes in the place of arrays, no addresses, long ones cut."""
    if isinstance(value, type):
        return f"the class {value.__name__}"
    if isinstance(value, np.ndarray) and value.ndim:
        return f"array {value.shape}"
    if isinstance(value, (np.generic, np.ndarray)):
        value = value.item()
    if type(value) in (list, tuple):
        parts = [*map(shown, value)]
        if sum(map(len, parts)) > LONGEST and len(parts) > 2:
            parts[1:-1] = [f"… {len(parts) - 2} more …"]
        text = ", ".join(parts) + "," * (type(value) is tuple and len(parts) == 1)
        return f"({text})" if type(value) is tuple else f"[{text}]"
    if dataclasses.is_dataclass(value) or hasattr(value, "_fields"):
        return repr(value)  # these are short, or `summary`
    text = re.sub(r" at 0x[0-9a-fA-F]+", "", repr(value))
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 20]} … {text[-10:]}"


def summary(record) -> str:
    """The repr of a record, the same in each run: ``Name(field=value, …)`` with values as they are `shown`."""
    names = getattr(record, "_fields", None) or [field.name for field in dataclasses.fields(record) if field.repr]
    return f"{type(record).__name__}({', '.join(f'{name}={shown(getattr(record, name))}' for name in names)})"


def refusal(argument: str, must: str, value, error: type[Exception] = ValueError) -> Exception:
    """The error to raise: what the argument must be, and what it is."""
    return error(f"{argument} must be {must}, got {shown(value)}")


def number(
    argument: str,
    value: SupportsFloat,
    *,
    least: float = -math.inf,
    most: float = math.inf,
    above: float = -math.inf,
    below: float = math.inf,
) -> float:
    """A finite number in ``[least, most]`` and in ``(above, below)``, as a Python float."""
    if type(value) is float and least <= value <= most and above < value < below and math.isfinite(value):
        return value
    value = _scalar(value)
    real = isinstance(value, Real) and not isinstance(value, bool)
    try:
        converted = float(value) if real else math.nan
    except OverflowError:
        converted = math.inf
    if math.isfinite(converted) and least <= converted <= most and above < converted < below:
        return converted
    limits = [f"of at least {least:g}"] * (least > -math.inf) + [f"above {above:g}"] * (above > -math.inf)
    limits += [f"at most {most:g}"] * (most < math.inf) + [f"below {below:g}"] * (below < math.inf)
    must = f"a finite number {' and '.join(limits)}".rstrip()
    raise refusal(argument, must, value, ValueError if real else WrongKind)


def count(argument: str, value: int, *, least: int = 1, most: float = math.inf) -> int:
    """An integer of at least 1, or in ``[least, most]``, as a Python int."""
    value = _scalar(value)
    integer = isinstance(value, Integral) and not isinstance(value, bool)
    if integer and least <= value <= most:
        return int(value)
    must = "a positive integer" if least == 1 else f"an integer of at least {least}"
    must += f" and at most {most}" * (most < math.inf)
    raise refusal(argument, must, value, ValueError if integer else WrongKind)


def flag(argument: str, value: bool) -> bool:
    """True or False."""
    value = _scalar(value)
    if not isinstance(value, (bool, np.bool_)):
        raise refusal(argument, "True or False", value, WrongKind)
    return bool(value)


def choice(argument: str, value: str, choices: Collection[str]) -> str:
    """One of the choices."""
    if isinstance(value, str) and value in choices:
        return value
    meaning = nearest(value, choices) if isinstance(value, str) else ""
    hint = f" (did you mean {meaning}?)" if meaning else ""
    raise ValueError(f"{argument} must be one of {', '.join(map(repr, choices))}, got {shown(value)}{hint}")


def instance(argument: str, value, kind: type[T], like: str = "") -> T:
    """An object of the given class; `like` says how to get one."""
    if not isinstance(value, kind):
        name = f"{kind.__module__}.{kind.__name__}".replace("numpy.random._generator", "numpy.random")
        raise refusal(argument, f"a {name}{like and f', for example {like}'}", value, WrongKind)
    return value


def generator(argument: str, value: np.random.Generator) -> np.random.Generator:
    """A generator of NumPy; what is called the same in other places draws other numbers or none."""
    return instance(argument, value, np.random.Generator, "numpy.random.default_rng(0)")


def sequence(argument: str, value: Iterable, of: str, *, least: int = 1) -> tuple:
    """A sequence of at least `least` values, as a tuple: no bare number, string or mapping."""
    must = f"a sequence of {of}"
    if not isinstance(value, Iterable) or isinstance(value, (str, bytes, Mapping)) or getattr(value, "shape", 1) == ():
        raise refusal(argument, must, value, WrongKind)
    values = tuple(value)
    if len(values) < least:
        raise refusal(argument, must, value)
    return values


def is_one(value) -> bool:
    """Whether a value is meant for all: it is no list, tuple or array with axes."""
    return not isinstance(value, (list, tuple, np.ndarray)) or getattr(value, "shape", 1) == ()


def each(argument: str, value, n: int, of: str) -> list:
    """n values, from one for all or from a list, tuple or array of n."""
    if is_one(value):
        return [value] * n
    if len(value) != n:
        raise ValueError(f"{argument} must be one for all or have one entry for each of the {n} {of}, got {len(value)}")
    return list(value)


def array(
    argument: str, value, shape: tuple | None = None, *, dtype=None, finite: bool = True, unit: bool = False
) -> np.ndarray:
    """Real numbers as a floating array, of `dtype` or else of their own; integers become float64.

    In `shape` a number is the length of an axis, a word stands for any length but 0, ``...`` for any axes before.
    The numbers must be `finite` unless that is switched off, and lie in [0, 1] where they are of the `unit` interval.
    """
    try:
        values = np.asarray(value)
    except ValueError:  # rows of different lengths
        raise refusal(argument, "an array of real numbers", value, WrongKind) from None
    if values.dtype.kind not in "fiub":
        raise WrongKind(f"{argument} must hold real numbers, got dtype {values.dtype}")
    if shape is not None and not _fits(values.shape, shape):
        pattern = ", ".join("..." if axis is ... else str(axis) for axis in shape) + "," * (len(shape) == 1)
        empty = ", none of them 0" * (0 in values.shape)
        raise ValueError(f"{argument} must have shape ({pattern}){empty}, got {values.shape}")
    dtype = dtype or (values.dtype if values.dtype.kind == "f" else np.float64)
    if values.dtype != dtype:
        with np.errstate(over="ignore"):  # too large for the dtype is inf
            values = values.astype(dtype)
    if finite and not unit and not np.isfinite(values).all():
        raise ValueError(f"{argument} must be finite in {values.dtype}, got nan or inf")
    if unit and not (values.min() >= 0 and values.max() <= 1):  # nan fails, too
        raise ValueError(f"{argument} must lie in [0, 1], got {values.min()} … {values.max()}")
    return values


def _fits(sizes, shape):
    axes = shape[1:] if shape[0] is ... else shape
    ours = sizes[len(sizes) - len(axes) :] if len(axes) < len(shape) else sizes
    if len(ours) != len(axes) or 0 in sizes:
        return False
    return all(size == axis or isinstance(axis, str) for size, axis in zip(ours, axes, strict=True))


def integers(argument: str, value, below: int) -> np.ndarray:
    """An array of integers in 0 … below - 1."""
    try:
        values = np.asarray(value)
    except ValueError:  # rows of different lengths
        raise refusal(argument, "integers", value, WrongKind) from None
    if values.dtype.kind not in "iu":
        raise WrongKind(f"{argument} must be integers, got dtype {values.dtype}")
    if values.size and not 0 <= values.min() <= values.max() < below:
        raise ValueError(f"{argument} must lie in 0 … {below - 1}, got {values.min()} … {values.max()}")
    return values


def floating(argument: str, value) -> np.dtype:
    """A floating dtype."""
    try:
        dtype = np.dtype(value)
    except TypeError:
        dtype = None
    if value is None or dtype is None or dtype.kind != "f":  # for NumPy None is float64
        raise refusal(argument, "a floating dtype", str(dtype) if value and dtype else value)
    return dtype


def _scalar(value):
    """What an array without axes holds; everything else as it is."""
    return value.item() if isinstance(value, np.ndarray) and not value.ndim else value


def _plain(name: str) -> str:
    return name.lower().replace("-", "_").replace(" ", "_").strip("_")


def nearest(name: str, known: Collection[str]) -> str:
    """Which of the known names may be meant, quoted: the same spelt otherwise, a family, the nearest, or none."""
    name = _plain(name)
    if name in known:
        return repr(name)
    family = [repr(other) for other in known if other.startswith(f"{name}_") or name.endswith(f"_{other}")]
    if family:
        return " or ".join([", ".join(family[:-1]), family[-1]] if family[1:] else family)
    import difflib  # only where a name is wrong

    return next(map(repr, difflib.get_close_matches(name, known, n=1)), "")


class UnknownName(KeyError, ValueError):
    """A name that a table does not hold: a KeyError for who asks the table, a ValueError for who calls a function."""

    def __str__(self):
        return self.args[0]  # KeyError would quote the sentence


class Table(UserDict[str, T]):
    """Named objects, in order, that answer to other names, too, and say what there is when they know a name not.

    Parameters
    ----------
    kind : str
        What the table holds, for the message: ``"activation"``.
    rows : mapping
        Name to object.
    families : mapping, optional
        Another first word, and the first word of the rows it stands for; such names are found, but not listed.
    hints : mapping, optional
        Names that are no rows but have a meaning, and what to say of them after “did you mean”.

    Examples
    --------
    >>> table = Table("fruit", {"apple": 1, "pear_red": 2, "pear_green": 3}, hints={"pomme": "'apple'"})
    >>> table["pear"]
    Traceback (most recent call last):
    winit.arguments.UnknownName: unknown fruit 'pear' (did you mean 'pear_red' or 'pear_green'?); choose one of \
apple, pear_red, pear_green
    """

    def __init__(
        self,
        kind: str,
        rows: Mapping[str, T],
        families: Mapping[str, str] | None = None,
        hints: Mapping[str, str] | None = None,
    ):
        super().__init__(rows)
        self.kind, self.families, self.hints = kind, dict(families or {}), dict(hints or {})

    @property
    def aliases(self) -> dict[str, str]:
        """The other names, and the row of each."""
        return {
            f"{other}{name.removeprefix(family)}": name
            for name in self.data
            for other, family in self.families.items()
            if name.startswith(f"{family}_")
        }

    def __getitem__(self, name: str) -> T:
        if name not in self:
            raise UnknownName(self.unknown(name))
        return self.data[self.aliases.get(name, name)]

    def __contains__(self, name: object) -> bool:
        return name in self.data or name in self.aliases

    def unknown(self, name: object, kind: str | None = None) -> str:
        """What to say of a name that the table does not hold: what it may mean, and all rows."""
        meaning = self.hints.get(_plain(str(name))) or nearest(str(name), [*self.data, *self.aliases])
        hint = f" (did you mean {meaning}?)" if meaning else ""
        return f"unknown {kind or self.kind} {shown(name)}{hint}; choose one of {', '.join(self.data)}"


def lookup(table: Table[T], name: str | T, kind: str | None = None) -> T:
    """The object that `name` stands for in `table`; anything that is no string is returned as it is.

    Parameters
    ----------
    table : Table
        ``ACTIVATIONS`` or ``INITIALIZERS``.
    name : str or object
        A key of the table, or an object already.
    kind : str, optional
        What the name is called in the message, where that is not the table's own word: ``"bias"``.

    Raises
    ------
    ValueError
        An unknown name; the message says what it may mean, and names all the rows.
    """
    if not isinstance(name, str):
        return name
    if name not in table:
        raise UnknownName(table.unknown(name, kind))
    return table[name]

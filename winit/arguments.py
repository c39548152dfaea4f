"""What an argument must be: each function returns the value, or raises an error that names all three."""

from __future__ import annotations

import math
from collections import UserDict
from collections.abc import Collection, Mapping
from numbers import Integral, Real
from typing import TypeVar

T = TypeVar("T")


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
        meaning = self._meaning(str(name).lower().replace("-", "_").replace(" ", "_").strip("_"))
        hint = f" (did you mean {meaning}?)" if meaning else ""
        return f"unknown {kind or self.kind} {name!r}{hint}; choose one of {', '.join(self.data)}"

    def _meaning(self, name):
        """Meanings come before spellings: a hint, then a family, then the nearest name."""
        if name in self.hints:
            return self.hints[name]
        known = [*self.data, *self.aliases]
        if name in known:  # spelt with hyphens, spaces or capitals
            return repr(name)
        family = [repr(other) for other in known if other.startswith(f"{name}_")]
        if family:
            return " or ".join([", ".join(family[:-1]), family[-1]] if family[1:] else family)
        import difflib  # only where a name is wrong

        return next(map(repr, difflib.get_close_matches(name, known, n=1)), "")


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

"""Names are strings only at the edge: one function turns them into objects."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

T = TypeVar("T")


def lookup(table: Mapping[str, T], name: str | T, kind: str) -> T:
    """The object that `name` stands for in `table`; anything that is no string is returned as it is.

    Parameters
    ----------
    table : mapping
        Name to object, for example ``ACTIVATIONS``.
    name : str or object
        A key of the table, or an object already.
    kind : str
        What the table holds, for the message: ``"activation"``.

    Raises
    ------
    ValueError
        An unknown name; the message names the nearest choice and all the others.
    """
    if not isinstance(name, str):
        return name
    if name in table:
        return table[name]
    import difflib  # only where a name is wrong

    near = difflib.get_close_matches(name.lower(), [*table, *getattr(table, "aliases", ())], n=1)
    hint = f" (did you mean {near[0]!r}?)" if near else ""
    raise ValueError(f"unknown {kind} {name!r}{hint}; choose one of {', '.join(table)}")

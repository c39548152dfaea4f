"""A table that carries a result: `Results`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from numbers import Real

import numpy as np

from .arguments import choice

__all__ = ["Results"]

PLAIN = ".4g"  # four digits, of a number whose column has no format
# also one that a chapter has rounded: "14,000"
NUMBER = re.compile(r"\s*[-−+]?(\d[\d,.]*(e[-+]?\d+)?%?|nan|inf)|yes|no|")


class Results:
    """A result as a table: aligned text where text is read, an HTML table in a notebook and on a page.

    Parameters
    ----------
    columns : sequence of str
        Their names, all different.
    rows : iterable of sequences
        Each with one cell a column; the first names the row. A string stands as it is, a number in the format of its
        column, a bool as *yes* or *no*, None as an empty cell. Scalars of NumPy are what they hold. Columns of
        numbers, also of numbers that a string holds, stand on the right.
    formats : str or mapping, optional
        A format of Python such as ``".3f"``, for the numbers of all columns or, in a mapping from their names, of
        some. Without one a float has four digits and an integer all of its own.

    Raises
    ------
    ValueError
        Two columns of one name, a row of another length, a format that numbers do not have, or that of an unknown
        column.
    TypeError
        A cell, or a column's name, of another kind.

    Examples
    --------
    >>> Results(["layer", "predicted", "measured"], [["1", 1.0, 0.99813], ["10", 1e-3, 0.0010249]])
    layer  predicted  measured
        1          1    0.9981
       10      0.001  0.001025
    >>> print(Results(["start", "std", "learns"], [["He", 0.125, True], ["N(0, 1)", 1, False]], formats=".2f"))
    start     std  learns
    He       0.12     yes
    N(0, 1)  1.00      no
    """

    def __init__(
        self, columns: Sequence[str], rows: Iterable[Sequence], formats: str | Mapping[str, str] | None = None
    ):
        self.columns = _names(columns)
        formats = dict.fromkeys(self.columns, formats) if isinstance(formats, str) else dict(formats or {})
        for column, form in formats.items():
            choice("formats", column, self.columns)
            _check(column, form)
        self.rows = []
        for index, row in enumerate(rows):
            cells = [_value(cell) for cell in row]
            if isinstance(row, str) or len(cells) != len(self.columns):
                raise ValueError(f"rows[{index}] must hold {len(self.columns)} cells, one a column, got {row!r}")
            self.rows.append([_shown(cell, column, formats) for column, cell in zip(self.columns, cells, strict=True)])
        self._right = [all(map(NUMBER.fullmatch, column)) for column in zip(*self.rows, strict=True)]
        self._right = self._right or [False] * len(self.columns)

    def __str__(self):
        table = [self.columns, *self.rows]
        widths = [max(map(len, column)) for column in zip(*table, strict=True)]
        places = [f"{{:{'>' if right else '<'}{width}}}" for right, width in zip(self._right, widths, strict=True)]
        return "\n".join("  ".join(places).format(*row).rstrip() for row in table)

    __repr__ = __str__

    def _repr_mimebundle_(self, include=None, exclude=None) -> dict[str, str]:
        return {"text/plain": str(self), "text/html": self._html()}

    def _html(self) -> str:
        """A plain table; how it looks is the page's matter."""
        from html import escape  # of no use where nothing is shown

        kinds = [' class="number"' if right else "" for right in self._right]

        def line(row, *tags):
            """A row of which the first cell has the first tag, the others the second."""
            cells = zip(row, [tags[0], *[tags[1]] * len(row)], kinds, strict=False)
            written = (f"<{tag}{kind}>{escape(cell)}</{tag.split()[0]}>" for cell, tag, kind in cells)
            return f"<tr>{''.join(written)}</tr>"

        head = line(self.columns, 'th scope="col"', 'th scope="col"')
        body = "\n".join(line(row, 'th scope="row"', "td") for row in self.rows)
        return f'<table class="results">\n<thead>\n{head}\n</thead>\n<tbody>\n{body}\n</tbody>\n</table>'


def _names(columns):
    columns = [columns] if isinstance(columns, str) else list(columns)
    for name in columns:
        if not isinstance(name, str):
            raise TypeError(f"columns must be names, got {name!r}")
    if not columns or len(set(columns)) < len(columns):
        raise ValueError(f"columns must be at least one name, all different, got {columns!r}")
    return columns


def _check(column, form):
    try:
        format(1.5, form)
    except (TypeError, ValueError):
        raise ValueError(
            f"formats[{column!r}] must be a format of numbers such as '.3f', '.2e' or '.0%', got {form!r}"
        ) from None


def _value(cell):
    """The cell without NumPy's wrapping, None as an empty string."""
    cell = cell.item() if isinstance(cell, np.generic) or (isinstance(cell, np.ndarray) and cell.ndim == 0) else cell
    if cell is None:
        return ""
    if not isinstance(cell, (str, Real)):
        raise TypeError(f"a cell of rows must be a string, a number, a bool or None, got {cell!r}")
    return cell


def _shown(cell, column, formats):
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if column in formats:
        return format(float(cell), formats[column])
    return str(cell) if isinstance(cell, int) else format(float(cell), PLAIN)

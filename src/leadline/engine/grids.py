"""Numbers in bare memory, row by row: what goes in and out of compiled code, without numpy.

Loading numpy takes longer than scoring some hundred thousand people. So whoever only passes numbers on, from a
database to the kernel and back, holds them in the arrays of the standard library.
"""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from numpy.typing import NDArray

WHOLE, REAL, CODE = "q", "d", "i"
"""Kinds of numbers, as :mod:`array` calls them: int64, float64, and the int32 of codes."""


@dataclass(frozen=True, slots=True)
class Grid:
    """Rows of numbers, one after the other."""

    data: array[Any]
    columns: int = 1

    def __len__(self) -> int:
        """Return how many rows there are."""
        return len(self.data) // self.columns if self.columns else 0

    def copy(self) -> Grid:
        """Return the same numbers in memory of their own."""
        return Grid(self.data[:], self.columns)

    def rows(self, first: int, last: int) -> Grid:
        """Return a copy of the rows from ``first`` until before ``last``."""
        return Grid(self.data[first * self.columns : last * self.columns], self.columns)

    def put(self, first: int, rows: Grid) -> None:
        """Replace rows, beginning with ``first``."""
        self.data[first * self.columns : (first + len(rows)) * self.columns] = rows.data

    def column(self, at: int) -> array[Any]:
        """Return a copy of a column."""
        return self.data[at :: self.columns]

    def numpy(self) -> NDArray[Any]:
        """Return a copy as numpy has it: row × column."""
        import numpy as np

        return np.array(self.data).reshape(len(self), self.columns)


def zeros(rows: int, columns: int = 1) -> Grid:
    """Return int64 zeros."""
    return Grid(array(WHOLE, [0]) * (rows * columns), columns)


def woven(columns: Sequence[array[Any]], kind: str) -> Grid:
    """Return columns side by side; the only one of its kind as it is."""
    if len(columns) == 1:
        return Grid(columns[0])
    data = array(kind, [0]) * sum(map(len, columns))
    for at, column in enumerate(columns):
        data[at :: len(columns)] = column
    return Grid(data, len(columns))


def of(numbers: NDArray[Any]) -> Grid:
    """Return the same numbers, of int64 or float64, as a grid; those in a line as one column."""
    return Grid(array(REAL if numbers.dtype.kind == "f" else WHOLE, numbers.tobytes()), numbers.shape[1] if numbers.ndim > 1 else 1)

"""What runs inside Spark's executors: people and their timelines come in as Arrow, scored rows go out.

Free of Spark: a task is given an iterator of batches and yields batches. Rows are ordered by person; the first row of a
person holds what is known of them, the others are their activities in the order of time. Activities of somebody who has
no such first row count for nobody. Columns go by position: whose row it is, ``occurred``, masks, values, then those of a
first row (see :func:`leadline.engine.backends.spark_plan.rows`), the instants of absences last.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from leadline.engine import grids, native, terms
from leadline.engine.backends import duckdb

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from leadline.engine.plan import Plan

    Timelines: TypeAlias = tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]

Arrow: TypeAlias = Any  # its types say less than their names; they are touched here only
pa: Arrow = import_module("pyarrow")
pc: Arrow = import_module("pyarrow.compute")
ROWS = 400_000
"""Rows that are scored at once, made up to whole people: what a task holds in memory."""


@dataclass(frozen=True)
class Task:
    """What every executor is told: the plan, the instant, and what the columns are called."""

    plan: Plan
    as_of: int
    columns: tuple[str, ...]

    def run(self, batches: Iterable[Arrow]) -> Iterator[Arrow]:
        """Yield the scored rows of a partition."""
        for rows in whole_people(batch.rename_columns(self.columns) for batch in batches):
            yield from self.score(rows).to_batches()

    def score(self, rows: Arrow) -> Arrow:
        """Return the scored rows of whole people."""
        first = pc.is_valid(rows["person_id"])
        people = rows.filter(first)
        with duckdb.connect() as con:
            con.execute("set threads = 1")
            con.execute("set variable as_of = $as_of", {"as_of": self.as_of})
            con.register("people_at", people)
            points = self._points(rows, people, np.flatnonzero(_array(first, nothing=False)))
            return duckdb.settled(con, self.plan, grids.of(points), self.as_of).table()

    def _points(self, rows: Arrow, people: Arrow, firsts: NDArray[np.int64]) -> NDArray[np.int64]:
        absences = self.plan.absences
        created = _array(people["created"], terms.NEVER)
        latest = _matrix(people.columns[people.num_columns - len(absences) :], len(people), np.int64(terms.NEVER))
        points = np.zeros((len(people), self.plan.count()), np.int64)
        given = (firsts + 1, _ends(rows[0], firsts), created, np.array(absences, np.int64), latest)
        native.score_people(self.plan.table, timelines(rows, self.plan, at=1), given, self.as_of, points)
        return points


def timelines(rows: Arrow, plan: Plan, at: int) -> Timelines:
    """Return times, masks and values as the kernel reads them; they begin in column ``at``."""
    masks = rows.columns[at + 1 : at + 1 + plan.words]
    values = rows.columns[at + 1 + plan.words : at + 1 + plan.words + plan.values]
    return _array(rows[at], 0), _matrix(masks, len(rows), np.int64(0)), _matrix(values, len(rows), np.float64(0))


def whole_people(batches: Iterable[Arrow], most: int = ROWS, cut: Callable[[Arrow], int] | None = None) -> Iterator[Arrow]:
    """Yield the rows of batches in tables of whole people, cut where the last person of a batch begins once ``most`` rows are held.

    Args:
        batches: Rows ordered by person.
        most: How many rows to hold.
        cut: What says where that is in a batch, -1 if one can't tell; before the last first row if not given.
    """
    find = cut or _last_first_row
    held: list[Arrow] = []
    count = 0
    for batch in batches:
        at = find(batch) if count >= most else -1
        if at >= 0:
            yield pa.Table.from_batches([*held, batch.slice(0, at)])
            held, count = [], 0
        held.append(batch.slice(max(at, 0)))
        count += len(held[-1])
    if count:
        yield pa.Table.from_batches(held)


def _last_first_row(batch: Arrow) -> int:
    firsts = np.flatnonzero(_array(pc.is_valid(batch["person_id"]), nothing=False))
    return int(firsts[-1]) if firsts.size else -1


def _ends(whose: Arrow, firsts: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return where the rows of each person end: before the next row of anybody else."""
    other = pc.not_equal(whose.slice(1), whose.slice(0, len(whose) - 1))
    changes = np.append(np.flatnonzero(_array(other, nothing=True)) + 1, len(whose))
    return changes[np.searchsorted(changes, firsts, side="right")]


def _matrix(columns: Sequence[Arrow], rows: int, nothing: np.generic) -> NDArray[Any]:
    found = np.empty((rows, len(columns)), nothing.dtype)
    for at, column in enumerate(columns):
        found[:, at] = _array(column, nothing.item())
    return found


def _array(column: Arrow, nothing: Any) -> NDArray[Any]:
    """Return a column as numpy has it, with ``nothing`` for NULL."""
    return pc.fill_null(column, nothing).to_numpy(zero_copy_only=False)

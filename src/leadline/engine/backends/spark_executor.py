"""What runs inside Spark's executors: people and their timelines come in as Arrow, scored rows go out.

Free of Spark: a task is given an iterator of batches and yields batches. Rows come ordered by person; the first row of a
person holds what is known of them (``person_id``, attributes, when absences' signals were last seen), the others are
their activities in the order of time. Rows of somebody without such a first row belong to nobody who is scored.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from leadline.engine import native, terms
from leadline.engine.backends import duckdb
from leadline.engine.gather import last_name, mask_name, value_name

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from leadline.engine.plan import Plan

ROWS = 400_000
"""Rows that are scored at once, rounded up to whole people; what bounds the memory of a task."""


@dataclass(frozen=True)
class Task:
    """What every executor is told: the plan and the instant."""

    plan: Plan
    as_of: int
    key: str

    def run(self, batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        """Yield the scored rows of a partition."""
        for rows in whole_people(batches):
            yield from self.score(rows).to_batches()

    def score(self, rows: pa.Table) -> pa.Table:
        """Return the scored rows of whole people."""
        heads = pc.is_valid(rows["person_id"])
        people = rows.filter(heads)
        points = self._points(rows, people, np.flatnonzero(_array(heads, False)))
        with duckdb.connect() as con:
            con.execute("set threads = 1; set preserve_insertion_order = true")
            con.execute("set variable as_of = $as_of", {"as_of": self.as_of})
            con.register("people_at", people)
            return duckdb.settled(con, self.plan, points, self.as_of).table()

    def _points(self, rows: pa.Table, people: pa.Table, heads: NDArray[np.int64]) -> NDArray[np.int64]:
        plan = self.plan
        times = _array(rows["occurred"], 0)
        masks = _columns(rows, [mask_name(word) for word in range(plan.words)], np.int64(0))
        values = _columns(rows, [value_name(at) for at in range(plan.values)], np.float64(0))
        created = _array(people["created"], terms.NEVER)
        latest = _columns(people, [last_name(k) for k in plan.absences], np.int64(terms.NEVER))
        given = (heads + 1, _ends(rows[self.key], heads), created, np.array(plan.absences, np.int64), latest)
        points = np.zeros((len(people), len(plan.table.whole)), np.int64)
        native.score_people(plan.table, (times, masks, values), given, self.as_of, points)
        return points


def whole_people(batches: Iterable[pa.RecordBatch], most: int = ROWS) -> Iterator[pa.Table]:
    """Yield the rows of batches in tables that begin with a person's first row and hold little more than ``most`` rows."""
    held: list[pa.RecordBatch] = []
    rows = 0
    for batch in batches:
        heads = np.flatnonzero(_array(pc.is_valid(batch["person_id"]), False)) if rows >= most else ()
        if len(heads):
            yield pa.Table.from_batches([*held, batch.slice(0, heads[-1])])
            held, rows = [batch.slice(heads[-1])], len(batch) - heads[-1]
        else:
            held.append(batch)
            rows += len(batch)
    if rows:
        yield pa.Table.from_batches(held)


def _ends(key: pa.ChunkedArray, heads: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return where the rows of each person end: at the next row with another key."""
    key = key.combine_chunks()
    other = pc.not_equal(key.slice(1), key.slice(0, max(len(key) - 1, 0)))
    changes = np.append(np.flatnonzero(_array(other, True)) + 1, len(key))
    return changes[np.searchsorted(changes, heads, side="right")]


def _columns(rows: pa.Table, names: Sequence[str], nothing: Any) -> NDArray[Any]:
    found = np.empty((len(rows), len(names)), type(nothing))
    for at, name in enumerate(names):
        found[:, at] = _array(rows[name], nothing)
    return found


def _array(column: pa.Array | pa.ChunkedArray, nothing: Any) -> NDArray[Any]:
    """Return a column as numpy has it, with ``nothing`` for NULL."""
    return pc.fill_null(column, nothing).to_numpy(zero_copy_only=False)

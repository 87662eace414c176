"""A replay inside Spark's executors: people's segments and history come in as Arrow, spells go out.

Free of Spark: a task is given an iterator of batches and yields batches. Rows are ordered by person; a person's segments
come first, without ``occurred``, then their activities in the order of time.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from leadline.engine.backends import gathered, spark_executor
from leadline.engine.rehearsal import Spells

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from leadline.engine.rehearsal import History, Rehearsal, Segments

Arrow: TypeAlias = Any  # its types say less than their names; they are touched here only
pa: Arrow = import_module("pyarrow")
pc: Arrow = import_module("pyarrow.compute")


@dataclass(frozen=True)
class Task:
    """What every executor is told: what to follow, until when, and what the columns are called."""

    rehearsal: Rehearsal
    until: int
    columns: tuple[str, ...]

    def run(self, batches: Iterable[Arrow]) -> Iterator[Arrow]:
        """Yield the spells of the people of a partition."""
        named = (batch.rename_columns(self.columns) for batch in batches)
        for rows in spark_executor.whole_people(named, cut=last_change):
            yield from as_arrow(self.follow(rows)).to_batches()

    def follow(self, rows: Arrow) -> Spells:
        """Return the spells of whole people."""
        from leadline.engine import replay

        happened = pc.is_valid(rows["occurred"])
        segments = as_segments(rows.filter(pc.invert(happened)), self.rehearsal)
        return replay.run(self.rehearsal, as_history(rows.filter(happened), self.rehearsal), segments, self.until)


def last_change(batch: Arrow) -> int:
    """Return where the rows of the last person begin, or -1 if all are one person's."""
    person = batch["person_code"].to_numpy(zero_copy_only=False)
    changes = np.flatnonzero(person[1:] != person[:-1])
    return int(changes[-1]) + 1 if changes.size else -1


def as_history(rows: Arrow, rehearsal: Rehearsal) -> History:
    """Return history from rows of activities."""
    return gathered.history(_arrays(rows), rehearsal)


def as_segments(rows: Arrow, rehearsal: Rehearsal) -> Segments:
    """Return segments from rows of segments, by person and time."""
    return gathered.segments(_arrays(rows), rehearsal)


def _arrays(rows: Arrow) -> Mapping[str, NDArray[Any]]:
    return {name: rows[name].to_numpy(zero_copy_only=False) for name in rows.column_names}


def as_arrow(spells: Spells) -> Arrow:
    """Return spells as a table; a matrix becomes a column of lists."""
    return pa.table({name: _column(array) for name, array in vars(spells).items() if name != "causes"})


def _column(array: NDArray[Any]) -> Arrow:
    flat = pa.array(np.ascontiguousarray(array, np.int64).reshape(-1))
    if array.ndim == 1:
        return flat
    return pa.ListArray.from_arrays(pa.array(np.arange(len(array) + 1, dtype=np.int32) * array.shape[1]), flat)


def schema(like: Spells) -> str:
    """Return the types of :func:`as_arrow`'s columns in Spark's words."""
    kinds = ((name, array.ndim) for name, array in vars(like).items() if name != "causes")
    return ", ".join(f"{name} {'bigint' if depth == 1 else 'array<bigint>'}" for name, depth in kinds)


def from_arrow(table: Arrow, like: Spells) -> Spells:
    """Return spells from a table, their arrays as those of ``like``."""
    arrays = {name: _array(table[name], array) for name, array in vars(like).items() if name != "causes"}
    return Spells(**arrays, causes=like.causes)


def _array(column: Arrow, like: NDArray[Any]) -> NDArray[Any]:
    flat = pc.list_flatten(column) if like.ndim == 2 else column
    shape = (len(column), like.shape[1]) if like.ndim == 2 else (len(column),)
    return flat.to_numpy(zero_copy_only=False).astype(like.dtype).reshape(shape)

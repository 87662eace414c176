"""What a database gave → history and segments as a replay reads them. Free of databases: arrays in, arrays out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from leadline.engine.rehearsal import History, Segments

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from leadline.engine.rehearsal import Rehearsal

Columns = Mapping[str, "NDArray[Any]"]


def history(found: Columns, rehearsal: Rehearsal) -> History:
    """Return activities from the columns of :func:`leadline.engine.rehearsed.own`, by person and time.

    Rows come in the order in which they are stored, which DuckDB keeps unless its plan has a join; so they are looked at, and
    sorted where they have to be. Without ``known``, each was known when it occurred: then both are one array.
    """
    person, times = found["person_code"], found["occurred"]
    if not is_ordered(person, times):
        order = np.lexsort((times, person))
        found = {name: column[order] for name, column in found.items()}
    of_account = rehearsal.of_account
    return History(
        found["person_code"],
        found["occurred"],
        found.get("known", found["occurred"]),
        _matrix(found, "mask", rehearsal.words, np.int64),
        _matrix(found, "account_mask", rehearsal.words, np.int64) if of_account else np.empty((0, 0), np.int64),
        found["account"] if of_account else np.empty(0, np.int64),
        _matrix(found, "value", rehearsal.values, np.float64),
    )


def is_ordered(person: NDArray[Any], times: NDArray[np.int64]) -> bool:
    """Return whether rows are ordered by person and then time."""
    same = person[1:] == person[:-1]
    return bool(np.all(person[1:] >= person[:-1]) and np.all((times[1:] >= times[:-1]) | ~same))


def both(own: History, others: History) -> History:
    """Return two histories of the same people as one; of two activities at one instant the own comes first."""
    if not len(others.times):
        return own
    low, high = np.searchsorted(own.person, others.person), np.searchsorted(own.person, others.person, side="right")
    while np.any(low < high):  # where, among their own, does each of the others belong
        middle = np.minimum((low + high) // 2, max(len(own.times) - 1, 0))
        open_ = low < high
        later = open_ & (own.times[middle] <= others.times)
        low, high = np.where(later, middle + 1, low), np.where(open_ & ~later, middle, high)
    columns: list[Any] = [np.insert(mine, low, theirs, axis=0) for mine, theirs in zip(own, others, strict=True)]
    return History(*columns)


def segments(found: Columns, rehearsal: Rehearsal) -> Segments:
    """Return segments from the columns of :func:`leadline.engine.rehearsed.segments`, neighbours that are equal as one."""
    rows = Segments(
        found["person_code"],
        found["begins"],
        found["created"],
        found["present"],
        found["account"],
        _matrix(found, "attribute", rehearsal.attributes, np.int64),
        _matrix(found, "slot", rehearsal.slots, np.float64),
    )
    changes = _changes(rows)
    return rows if changes.all() else _some(rows, changes)


def _changes(rows: Segments) -> NDArray[np.bool_]:
    """Return where a segment differs from the one before it."""
    changes = np.ones(len(rows.person), np.bool_)
    changes[1:] = rows.person[1:] != rows.person[:-1]
    for column in (rows.exists, rows.account, *rows.points.T):
        changes[1:] |= column[1:] != column[:-1]
    for slot in rows.slots.T:
        unknown = np.isnan(slot)
        changes[1:] |= (slot[1:] != slot[:-1]) & ~(unknown[1:] & unknown[:-1])
    return changes


def of_people(rows: Segments, span: tuple[int, int]) -> Segments:
    """Return the segments of the people in a range of codes."""
    edges: NDArray[Any] = np.array(span, rows.person.dtype)  # of one type, or all codes would be converted
    begins, ends = np.searchsorted(rows.person, edges), np.searchsorted(rows.person, edges, side="right")
    return _some(rows, slice(begins[0], ends[1]))


def _some(rows: Segments, chosen: Any) -> Segments:
    columns: list[Any] = [column[chosen] for column in rows]
    return Segments(*columns)


def _matrix(found: Columns, name: str, width: int, kind: type[np.generic]) -> NDArray[Any]:
    """Return the columns ``<name>_0`` … side by side, NULL as NaN; a single one is not copied."""
    columns = [_plain(found[f"{name}_{at}"], kind) for at in range(width)]
    if len(columns) == 1:
        return columns[0].reshape(-1, 1)
    return np.column_stack(columns) if columns else np.empty((len(next(iter(found.values()))), 0), kind)


def _plain(column: NDArray[Any], kind: type[np.generic]) -> NDArray[Any]:
    """Return a column without a mask of NULLs, which only slots may have."""
    if isinstance(column, np.ma.MaskedArray):
        column = column.filled(np.nan)
    return np.ascontiguousarray(column, kind)

"""Text columns with few different values: as enums they are sorted, copied and written as small numbers.

The type of an activity and most of its properties are such columns. What they hold stays text wherever it is read.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from leadline.facts import database
from leadline.facts.database import Database
from leadline.facts.model import Side, Type
from leadline.facts.properties import Properties
from leadline.facts.relations import RelationRows

FEW = 1_000


def find(db: Database, rows: RelationRows, found: Properties) -> dict[str, str]:
    """Return column of the mirror → its type as an enum, of activities."""
    plain = {one.name: one.column for one in found.all if one.type is Type.TEXT and one.column and not one.keys}
    columns = {name: database.name(column) for name, column in {"type": "type", **plain}.items()}
    counts = _of_each(db, rows, columns, "approx_count_distinct($x)")
    few = {name: columns[name] for name, count in counts.items() if 0 < count <= FEW}
    values = _of_each(db, rows, few, "list_sort(list(distinct $x) filter ($x is not null))") if few else {}
    listed = {"side": list(Side), **values}
    return {name: f"enum({database.texts(held)})" for name, held in listed.items()}


def _of_each(db: Database, rows: RelationRows, columns: Mapping[str, str], wanted: str) -> dict[str, Any]:
    parts = ", ".join(database.fill(wanted, x=column) for column in columns.values())
    return dict(zip(columns, db.row("select $parts from ($rows)", parts=parts, rows=rows.select()), strict=True))


def cast(labels: Mapping[str, str], name: str, sql: str) -> str:
    """Return SQL of a value under its name, as an enum if it is a label."""
    return f"cast({sql} as {labels[name]}) as {database.name(name)}" if name in labels else f"{sql} as {database.name(name)}"

"""Text columns with few different values: as enums they are sorted, copied and written as small numbers.

The type of an activity and most of its properties are such columns. What they hold stays text wherever it is read.
"""

from __future__ import annotations

from collections.abc import Mapping

from leadline.facts import database
from leadline.facts.database import Database
from leadline.facts.model import Side, Type
from leadline.facts.properties import Properties
from leadline.facts.relations import RelationRows

FEW = 1_000
_SAMPLE = 20_000
_VALUES = "select distinct $column from ($rows) where $column is not null limit $most"


def find(db: Database, rows: RelationRows, found: Properties) -> dict[str, str]:
    """Return column of the mirror → its type as an enum, of activities."""
    plain = {one.name: one.column for one in found.all if one.type is Type.TEXT and one.column and not one.keys}
    columns = {name: database.name(column) for name, column in {"type": "type", **plain}.items()}
    counts = ", ".join(f"approx_count_distinct({column})" for column in columns.values())
    sample = db.row("select $counts from ($rows limit $size)", counts=counts, rows=rows.select(), size=_SAMPLE)
    listed: dict[str, list[str]] = {"side": list(Side)}
    for (name, column), count in zip(columns.items(), sample, strict=True):
        if count <= 2 * FEW:  # approximately; with more in a few rows there are more in all
            values = db.rows(_VALUES, column=column, rows=rows.select(), most=FEW + 1)
            listed |= {name: sorted(value for (value,) in values)} if 0 < len(values) <= FEW else {}
    return {name: f"enum({database.texts(values)})" for name, values in listed.items()}


def cast(labels: Mapping[str, str], name: str, sql: str) -> str:
    """Return SQL of a value under its name, as an enum if it is a label."""
    return f"cast({sql} as {labels[name]}) as {database.name(name)}" if name in labels else f"{sql} as {database.name(name)}"

"""Values derived in Python brought to millions of rows: each distinct value is judged once, and joined as a small table."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from leadline.facts.database import Database


def judge(db: Database, table: str, values: str, types: Sequence[tuple[str, str]], decide: Callable[..., tuple[Any, ...] | None]) -> int:
    """Make ``table`` with a row for each distinct row of the query ``values`` that ``decide`` says something about.

    Args:
        db: The database.
        table: The table to make; its first columns are those of ``values``, the rest is what ``decide`` returned.
        values: SQL of the values to judge.
        types: Name and DuckDB type of every column of the table.
        decide: Called with one row of values; returns the further columns, or ``None`` to leave the row out.

    Returns:
        The number of rows.
    """
    found = db.rows("select distinct * from ($values) order by all", values=values)
    rows = [(*row, *more) for row in found if (more := decide(*row)) is not None]
    held = {name: [row[at] for row in rows] for at, (name, _) in enumerate(types)}
    db.keep(table, held, dict(types))
    return len(rows)

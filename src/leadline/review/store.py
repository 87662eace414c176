"""Reads from a mirror what a comparison needs besides spells and outcomes: attributes at entry, and who works leads."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import duckdb
import numpy as np

from leadline.facts.model import Column, Schema, Type
from leadline.outcomes.model import NONE
from leadline.review.breakdown import Labels
from leadline.review.entries import Entries
from leadline.review.workload import Rep

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from leadline.engine.terms import Real, Whole

BREAKDOWNS = (
    ("person.source", "person.first_source", "person.channel"),
    ("person.campaign",),
    ("account.segment", "person.segment"),
    ("account.industry", "person.industry"),
    ("account.employees", "person.employees"),
    ("person.country", "account.country"),
)
"""What entries are broken down by: of each row the first attribute that the facts have."""
BOUNDS = (1, 11, 51, 201, 1001, 5001)
"""Where bands of numbers begin; they are meant for employees."""
_EPOCH = dt.date(1970, 1, 1)
_ENTRIES = """
select e.at, $columns
from entries e
asof left join (select * from read_parquet($people)) p on p.person_code = e.person and e.entered >= p.valid_from
asof left join (select * from read_parquet($accounts)) a on a.account_code = e.account and e.entered >= a.valid_from
order by e.at
"""


def labels(folder: Path, schema: Schema, old: Entries, new: Entries) -> tuple[Labels, ...]:
    """Return the attributes of people and their accounts as they were at entry.

    Args:
        folder: ``Mirror.path``.
        schema: The facts' schema; what it lacks isn't looked for.
        old: The entries of one side.
        new: Those of the other.
    """
    columns = chosen(schema)
    if not columns:
        return ()
    table = _attributes(folder, [*columns], (old, new))
    n = len(old.spells.person)
    found: list[Labels] = []
    for at, (by, column) in enumerate(columns.items()):
        names, codes = _coded(table[f"c{at}"], column)
        found.append(Labels(by, column.undated, names, codes[:n], codes[n:]))
    return tuple(found)


def chosen(schema: Schema) -> dict[str, Column]:
    """Return the attributes that entries are broken down by, called as in ``person.source``."""
    known = {f"person.{name}": column for name, column in schema.person.items()}
    known |= {f"account.{name}": column for name, column in schema.account.items()}
    names = [next((name for name in row if name in known), None) for row in BREAKDOWNS]
    return {name: known[name] for name in names if name}


def _attributes(folder: Path, names: Sequence[str], sides: Sequence[Entries]) -> dict[str, NDArray[Any]]:
    """Return, for the entries of both sides, an array for each attribute: text, booleans, or numbers; masked where unknown."""
    parts = {key: np.concatenate([getattr(side.spells, key) for side in sides]) for key in ("person", "account", "entered")}
    paths = [name.partition(".") for name in names]
    columns = ", ".join(f'{kind[0]}."{name}" as c{at}' for at, (kind, _, name) in enumerate(paths))  # names of BREAKDOWNS alone
    with duckdb.connect() as con:
        con.register("entries", {"at": np.arange(len(parts["person"])), **parts})
        files = {"people": str(folder / "people.parquet"), "accounts": str(folder / "accounts.parquet")}
        return cast("dict[str, NDArray[Any]]", con.execute(_ENTRIES.replace("$columns", columns), files).fetchnumpy())


def _coded(values: NDArray[Any], column: Column) -> tuple[tuple[str, ...], Whole]:
    """Return what an attribute can be, and the index of each value in it; -1 for none."""
    if column.type is Type.NUMBER:
        return _banded(np.ma.filled(values.astype(np.float64), np.nan))
    codes: dict[Any, int] = {None: NONE}
    found = [codes.setdefault(value, len(codes) - 1) for value in values.tolist()]
    return tuple(str(name) for name in codes if name is not None), np.array(found, np.int64)


def _banded(numbers: Real) -> tuple[tuple[str, ...], Whole]:
    codes = np.searchsorted(np.array(BOUNDS), numbers, side="right") - 1
    ends = [f"{begin:,}–{following - 1:,}" for begin, following in pairwise(BOUNDS)]
    return (*ends, f"{BOUNDS[-1]:,} or more"), np.where(np.isnan(numbers), NONE, codes).astype(np.int64)


def reps(folder: Path) -> tuple[Rep, ...]:
    """Return who works leads; nobody if the project says nothing of it."""
    file = folder / "reps.json"
    return tuple(_rep(row) for row in json.loads(file.read_text(encoding="utf-8"))) if file.is_file() else ()


def _rep(row: Mapping[str, Any]) -> Rep:
    days = sorted({day for shift in row["hours"] for day in shift["days"]})
    off = tuple((_day(span["first"]), _day(span["last"])) for span in row["days_off"])
    return Rep(row["team"], row["capacity_per_week"], tuple(days), off)


def _day(text: str) -> int:
    return (dt.date.fromisoformat(text) - _EPOCH).days

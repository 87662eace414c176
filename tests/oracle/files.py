"""Writes a case as the files that a user would have: a project, a definition and the facts as CSV or Parquet."""

from __future__ import annotations

import csv
import datetime as dt
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any

import yaml

from tests.oracle.facts import Facts, Rows
from tests.oracle.values import EPOCH, Instant

if TYPE_CHECKING:
    import pyarrow as pa

TIMES = {"created_at", "valid_from", "occurred_at", "received_at", "closed_at"}
IDS = {"person_id", "account_id", "activity_id", "deal_id"}


def write_project(directory: Path, definition: Mapping[str, Any], facts: Facts, rng: Random | None = None) -> Path:
    """Write ``leadline.yaml``, ``definition.yaml`` and the facts into ``directory`` and return it.

    Without ``rng`` everything is CSV with properties as JSON; with it each file is CSV or Parquet, times are written
    in one of several ways, and properties may be plain columns.
    """
    rng = rng or Random(0)
    relations: dict[str, Rows] = {
        "people": facts.people or [],
        "accounts": facts.accounts,
        "activities": flat(facts.activities, as_columns=rng.random() < 0.3),
        "deals": facts.deals,
    }
    mapped = {name: _write(directory, name, rows, rng) for name, rows in relations.items() if rows}
    (directory / "definition.yaml").write_text(as_yaml(definition), encoding="utf-8")
    (directory / "leadline.yaml").write_text(as_yaml({"definition": "definition.yaml", "facts": mapped}), encoding="utf-8")
    return directory


def as_yaml(data: Mapping[str, Any]) -> str:
    """Return data as YAML."""
    return yaml.safe_dump(json.loads(json.dumps(data)) if _has_tuples(data) else data, allow_unicode=True, sort_keys=False)


def _has_tuples(data: Any) -> bool:
    if isinstance(data, Mapping):
        return any(map(_has_tuples, data.values()))
    return isinstance(data, tuple) or (isinstance(data, list) and any(map(_has_tuples, data)))


def flat(activities: Rows, *, as_columns: bool) -> Rows:
    """Return activities with their properties as columns, or as one column of JSON."""
    names = sorted({name for row in activities for name in row.get("properties") or {}})
    rows = []
    for row in activities:
        rest, held = {key: value for key, value in row.items() if key != "properties"}, row.get("properties") or {}
        rows.append(
            rest | ({name: held.get(name) for name in names} if as_columns else {"properties": json.dumps(held, ensure_ascii=False)})
        )
    return rows


def _write(directory: Path, name: str, rows: Rows, rng: Random) -> str:
    columns = list(dict.fromkeys(column for row in rows for column in row))
    if rng.random() < 0.5:
        _write_csv(directory / f"{name}.csv", columns, rows, rng.choice(("T", " ")), rng.choice(("", "Z")))
        return f"{name}.csv"
    _write_parquet(directory / f"{name}.parquet", columns, rows, rng.choice((None, "UTC")))
    return f"{name}.parquet"


def _write_csv(path: Path, columns: Sequence[str], rows: Rows, between: str, zone: str) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(columns)
        writer.writerows([_cell(column, row.get(column), between, zone) for column in columns] for row in rows)


def _cell(column: str, held: Any, between: str, zone: str) -> str:
    moment = _moment(column, held)
    if moment is not None:
        return moment.replace(tzinfo=None).isoformat(between, "microseconds") + zone
    if isinstance(held, bool):
        return "true" if held else "false"
    return "" if held is None else str(held)


def _moment(column: str, held: Any) -> dt.datetime | None:
    micros = held.micros if isinstance(held, Instant) else held if column in TIMES else None
    return None if micros is None else EPOCH + dt.timedelta(microseconds=micros)


def _write_parquet(path: Path, columns: Sequence[str], rows: Rows, zone: str | None) -> None:
    import pyarrow.parquet as pq

    pq.write_table(arrow_table(columns, rows, zone), path)


def arrow_table(columns: Sequence[str], rows: Rows, zone: str | None) -> pa.Table:
    """Return rows as an Arrow table, times with a zone or without."""
    import pyarrow as pa

    arrays = {}
    for column in columns:
        held = [row.get(column) for row in rows]
        moments = [_moment(column, one) for one in held]
        if column in TIMES or any(moments):
            naive = [moment if zone or moment is None else moment.replace(tzinfo=None) for moment in moments]
            arrays[column] = pa.array(naive, pa.timestamp("us", tz=zone))
        elif column in IDS or any(isinstance(one, str) for one in held):
            arrays[column] = pa.array(held, pa.string())
        elif any(isinstance(one, bool) for one in held):
            arrays[column] = pa.array(held, pa.bool_())
        else:
            arrays[column] = pa.array([None if one is None else float(one) for one in held], pa.float64())
    return pa.table(arrays)

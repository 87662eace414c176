"""Small projects for tests of the mirror: rows as lists of dicts in, the tables of the mirror as lists of dicts out."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import duckdb
import yaml

from leadline import clock, project
from leadline.facts import mirror
from leadline.facts.mirror import Mirror

NOW = clock.parse_instant("2026-06-01")
START, END = -(2**63) + 1, 2**63 - 1
Rows = Sequence[Mapping[str, Any]]


def at(text: str) -> int:
    """Return microseconds of an ISO time."""
    return clock.parse_instant(text)


def as_csv(rows: Rows) -> str:
    """Return rows as CSV, with the columns in the order in which they occur."""
    out = io.StringIO()
    writer = csv.DictWriter(out, list(dict.fromkeys(name for row in rows for name in row)), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def make(root: Path, files: Mapping[str, Rows | str], /, **settings: Any) -> Path:
    """Write a project with one CSV file for each relation given as rows or as text; ``facts`` are further sources, or other ones."""
    root.mkdir(parents=True, exist_ok=True)
    for relation, rows in files.items():
        text = rows if isinstance(rows, str) else as_csv(rows)
        (root / f"{relation}.csv").write_bytes(text.encode("utf-8", "surrogateescape"))
    listed = {relation: f"{relation}.csv" for relation in files}
    settings = {"facts": {**listed, **settings.pop("facts", {})}, **settings}
    (root / "leadline.yaml").write_text(yaml.safe_dump(settings), "utf-8")
    return root


def opened(root: Path, now: int = NOW) -> Mirror:
    """Return the mirror of a project."""
    return mirror.open_mirror(project.load(root), now)


def built(root: Path, files: Mapping[str, Rows | str], /, **settings: Any) -> Mirror:
    """Write a project and return its mirror."""
    return opened(make(root, files, **settings))


def table(found: Mirror, file: str) -> list[dict[str, Any]]:
    """Return a table of the mirror as it lies on disk, in order."""
    with duckdb.connect() as con:
        rows = con.execute(f"from read_parquet('{found.path / file}')")
        names = [column[0] for column in rows.description or []]
        return [dict(zip(names, row, strict=True)) for row in rows.fetchall()]


def activities(found: Mirror) -> list[dict[str, Any]]:
    """Return all activities, part after part."""
    return [row for part in found.parts for row in table(found, part.file)]


def holding(rows: Rows, key: str, value: Any, instant: int) -> Mapping[str, Any]:
    """Return the version that holds at an instant; there must be exactly one."""
    (found,) = [row for row in rows if row[key] == value and row["valid_from"] <= instant < row["valid_to"]]
    return found


def quarantined(root: Path, relation: str) -> list[dict[str, str]]:
    """Return the rows of a relation that were set aside."""
    path = root / ".leadline" / "quarantine" / f"{relation}.csv"
    if not path.exists():
        return []
    with path.open(encoding="utf-8", newline="") as rows:
        return list(csv.DictReader(rows))

"""Rows set aside: written as they came, with their place and the reason, and counted. Nothing is dropped silently."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

HEAD = ("source", "line", "code", "column", "value")


@dataclass(frozen=True, slots=True)
class SetAside:
    """One row set aside: its file, its line there, why, the value at fault, and the row as it came."""

    source: str
    line: int
    code: str
    column: str
    value: str
    original: Mapping[str, str | None]


class Quarantine:
    """The rows set aside while one mirror is built; kept in a spool until every column is known."""

    def __init__(self, spool: Path) -> None:
        """Start empty; ``spool`` is a folder for the time of the build.

        ``counts`` says how many rows of each relation were set aside, ``unread`` how many of those no reader could make rows
        of, and ``recheck`` from when on one that was set aside as future would be read.
        """
        self._spool = spool
        self._columns: dict[str, dict[str, None]] = {}
        self.counts: dict[str, int] = {}
        self.unread: dict[str, int] = {}
        self.recheck: int | None = None
        spool.mkdir(parents=True, exist_ok=True)

    def look_again(self, at: int) -> None:
        """Note that a row set aside as future would be read from ``at`` on."""
        self.recheck = at if self.recheck is None else min(at, self.recheck)

    def add(self, relation: str, rows: Iterable[SetAside]) -> None:
        """Set rows of a relation aside."""
        columns = self._columns.setdefault(relation, {})
        with (self._spool / f"{relation}.jsonl").open("a", encoding="utf-8", errors="surrogateescape") as spool:
            for row in rows:
                columns.update(dict.fromkeys(row.original))
                self.counts[relation] = self.counts.get(relation, 0) + 1
                head = [row.source, row.line, row.code, row.column, row.value]
                spool.write(json.dumps([head, dict(row.original)], ensure_ascii=False) + "\n")

    def write(self, folder: Path) -> None:
        """Write ``folder/<relation>.csv`` for every relation with rows set aside, in place of what an earlier build left."""
        for old in folder.glob("*.csv"):
            old.unlink()
        for relation, columns in self._columns.items():
            if self.counts.get(relation):
                folder.mkdir(parents=True, exist_ok=True)
                self._write_one(relation, list(columns), folder / f"{relation}.csv")

    def _write_one(self, relation: str, columns: list[str], target: Path) -> None:
        spool = self._spool / f"{relation}.jsonl"
        with (
            spool.open(encoding="utf-8", errors="surrogateescape") as lines,
            target.open("w", encoding="utf-8", errors="surrogateescape", newline="") as out,
        ):
            writer = csv.writer(out)
            writer.writerow([*HEAD, *columns])
            for line in lines:
                head, original = json.loads(line)
                writer.writerow([*head, *(original.get(column) for column in columns)])

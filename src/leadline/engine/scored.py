"""Scored people as a result that can be counted, listed, and written; made by a back end, read by the faces."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

import duckdb

from leadline import clock
from leadline.engine.plan import band_name

if TYPE_CHECKING:
    import pyarrow as pa
    from duckdb import DuckDBPyConnection, DuckDBPyRelation

    from leadline.engine.plan import Layout

VIEW = "scored"


@dataclass(frozen=True)
class Scored:
    """Everybody who exists at ``as_of``, best first.

    Attributes:
        layout: What the rows look like.
        as_of: The instant, in microseconds.
        con: Holds the rows while they are read.
        relation: The rows; columns as the layout lists them.
    """

    layout: Layout
    as_of: int
    con: DuckDBPyConnection
    relation: DuckDBPyRelation

    def kept(self) -> Scored:
        """Return the same rows computed once and kept, for whoever reads them more than once."""
        self.relation.create(VIEW)
        return Scored(self.layout, self.as_of, self.con, self.con.table(VIEW))

    def counts(self) -> tuple[int, int, dict[str, int]]:
        """Return how many were scored, how many hold a track, and how many hold each."""
        total, qualified = self.relation.aggregate("count(*), count(*) filter (len(tracks) > 0)").fetchall()[0]
        held = dict(self.relation.project("unnest(tracks) as track").aggregate("track, count(*)").fetchall())
        return total, qualified, {name: held.get(name, 0) for name in self.layout.tracks}

    def rows(self, *, track: str | None = None, qualified: bool = False, limit: int | None = None) -> Iterator[dict[str, Any]]:
        """Yield rows as mappings, best first; of one track, or only those who qualify, if asked."""
        found = self.relation
        if track is not None:
            column, wanted = duckdb.ColumnExpression("tracks"), duckdb.ConstantExpression(track)
            found = found.filter(duckdb.FunctionExpression("list_contains", column, wanted))
        elif qualified:
            found = found.filter("len(tracks) > 0")
        if limit is not None:
            found = found.limit(limit)
        names = found.columns
        for row in found.iter_rows(10_000):
            yield dict(zip(names, row, strict=True))

    def table(self) -> pa.Table:
        """Return the rows as an Arrow table; pandas and Polars read it as it is."""
        return self.relation.to_arrow_table()

    def write(self, path: Path, form: str) -> None:
        """Write everybody to a file, whole or not at all."""
        part = path.with_name(f".{path.name}.part")
        try:
            if form == "parquet":
                self.relation.write_parquet(str(part))
            elif form == "csv":
                self._flat().write_csv(str(part))
            else:
                with part.open("w", encoding="utf-8") as file:
                    self.write_text(file, form)
            part.replace(path)
        finally:
            part.unlink(missing_ok=True)

    def _flat(self) -> DuckDBPyRelation:
        return self.relation.project("* replace (array_to_string(tracks, ' ') as tracks)")

    def write_text(self, file: TextIO, form: str) -> None:
        """Write everybody as JSON or CSV to an open file."""
        if form == "json":
            self.write_json(file)
            return
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(self.relation.columns)
        for row in self.rows():
            writer.writerow([*[*row.values()][:-1], " ".join(row["tracks"])])

    def write_json(self, file: TextIO) -> None:
        """Write the document of design.md §8, a line a person, without holding it in memory."""
        head = {"fingerprint": self.layout.fingerprint, "as_of": clock.write_instant(self.as_of)}
        file.write(json.dumps(head)[:-1] + ', "people": [')
        file.writelines((",\n" if at else "\n") + json.dumps(self.person(row), ensure_ascii=False) for at, row in enumerate(self.rows()))
        file.write("\n]}\n")

    def person(self, row: Mapping[str, Any]) -> dict[str, Any]:
        """Return a row in its JSON shape."""
        layout = self.layout
        return {
            **{name: row[name] for name in ("person_id", "account_id", "score", "grade")},
            "groups": {name: row[name] for name in layout.groups},
            "bands": {of: row[band_name(of)] for of in layout.bands},
            "criteria": {name: row[name] for name in layout.criteria},
            "tracks": row["tracks"],
            "disqualified": row["disqualified"],
            "suspended": row["suspended"],
        }

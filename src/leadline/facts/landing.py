"""Every source as Parquet: text and queries are landed as files, Parquet is read where it lies.

What belongs here: getting at rows, unchanged, with the file and the number of each. What the columns mean belongs to
:mod:`leadline.facts.columns`, whether the values are good to :mod:`leadline.facts.validation`.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from itertools import zip_longest
from pathlib import Path

from leadline.errors import Place, Problem
from leadline.facts import database, delimited, elsewhere
from leadline.facts.database import Database, SqlFailed
from leadline.facts.delimited import Header
from leadline.facts.quarantine import Quarantine, SetAside
from leadline.facts.sources import Kind, Origin, SourceFile

_READ_TEXT = """
copy (
  select * from read_csv($file, auto_detect = false, header = true, delim = $delimiter, quote = '"', escape = '"', strict_mode = true,
                         columns = {$columns}) $blank
) to $landed (format parquet, compression lz4_raw)
"""
_EXAMPLES = 3


@dataclass(frozen=True)
class Landed:
    """A source whose rows can be read.

    Attributes:
        origin: Where the rows come from.
        scan: SQL of the rows, to stand after FROM; it also knows ``filename`` and ``file_row_number``.
        columns: Name in the data → DuckDB type.
        headers: Parquet file read → the text file it was landed from, and its header.
        shown: Parquet file read → the name to show for it.
    """

    origin: Origin
    scan: str
    columns: Mapping[str, str]
    headers: Mapping[str, tuple[SourceFile, Header]] = field(default_factory=dict[str, tuple[SourceFile, Header]])
    shown: Mapping[str, str] = field(default_factory=dict[str, str])

    @property
    def is_text(self) -> bool:
        """Return whether all values are text of which the types must be inferred."""
        return self.origin.kind is Kind.TEXT

    def places(self, rows: list[tuple[str, int]]) -> list[Place]:
        """Return file and line of rows given as (file read, row from 0); rows of Parquet count from 1."""
        wanted: dict[str, set[int]] = {}
        for file, row in rows:
            wanted.setdefault(file, set()).add(row)
        lines = {file: self._lines(file, ordinals) for file, ordinals in wanted.items()}
        return [Place(self.shown.get(file, self.origin.label), lines[file].get(row, row + 1)) for file, row in rows]

    def _lines(self, file: str, ordinals: set[int]) -> dict[int, int]:
        if file not in self.headers:
            return {}
        source, header = self.headers[file]
        return delimited.lines_of(source.path, header, ordinals)


class Landing:
    """Lands sources one after the other, collecting what is wrong with them."""

    def __init__(self, db: Database, engine: str, folder: Path, quarantine: Quarantine | None) -> None:
        """Land into ``folder``; with a quarantine, records that can't be read are set aside instead of being problems."""
        self.db, self.engine, self.folder, self.quarantine = db, engine, folder, quarantine
        self.problems: list[Problem] = []
        self._count = 0
        folder.mkdir(parents=True, exist_ok=True)

    def land(self, origin: Origin) -> Landed | None:
        """Return the source ready to read, or ``None`` if it can't be; records that can't be read don't hide what is wrong with others."""
        if origin.kind is Kind.TEXT:
            return self._text(origin)
        if origin.kind is Kind.PARQUET:
            return self._parquet(origin)
        return self._query(origin)

    def new_file(self) -> Path:
        """Return the path of the next landed file."""
        self._count += 1
        return self.folder / f"{self._count:05}.parquet"

    def scanned(self, origin: Origin, files: Mapping[str, str]) -> Landed:
        """Return Parquet files (path → name to show) as one source."""
        scan = f"read_parquet([{database.texts(files)}], union_by_name = true)"
        return Landed(origin, scan, self.db.columns(f"from {scan}"), shown=files)

    def _parquet(self, origin: Origin) -> Landed | None:
        try:
            return self.scanned(origin, {str(file.path): file.shown for file in origin.files})
        except SqlFailed as error:
            self._problem("unreadable-file", Place(origin.label), f"this can't be read as Parquet: {_first_line(error)}", "Write it anew.")
            return None

    def _query(self, origin: Origin) -> Landed | None:
        target = self.new_file()
        there = elsewhere.of(self.engine)
        system = there.SYSTEM if there else "DuckDB"
        try:
            if there:
                there.land(self.engine, origin, target)
            elif not self._copy_query(origin, target):
                self._problem("bad-query", origin.where, "this is not one query that only reads.", "Write a single select.")
                return None
        except SqlFailed as error:
            what = "this query" if origin.kind is Kind.QUERY else f"the table '{origin.label}'"
            says = f"{system} can't read {what}: {str(error).strip()}"
            self._problem("bad-query", origin.where, says, f"Try it in {system}; paths of files start at the project.")
            return None
        return self.scanned(origin, {str(target): origin.label})

    def _copy_query(self, origin: Origin, target: Path) -> bool:
        query = origin.sql.strip().rstrip(";") if origin.kind is Kind.QUERY else f"from {origin.sql}"
        if not self.db.is_one_query(query):
            return False
        self.db.run("copy (\n$query\n) to $target (format parquet, compression lz4_raw)", query=query, target=database.text(target))
        return True

    def _text(self, origin: Origin) -> Landed | None:
        headers: dict[str, tuple[SourceFile, Header]] = {}
        for file in origin.files:
            header = self._header(file)
            if header:
                target = self.new_file()
                self._land_text(origin, file, header, target)
                headers[str(target)] = (file, header)
        if len(headers) < len(origin.files):
            return None
        landed = self.scanned(origin, {target: file.shown for target, (file, _) in headers.items()})
        return replace(landed, headers=headers)

    def _header(self, file: SourceFile) -> Header | None:
        header = delimited.read_header(file.path)
        if isinstance(header, str):
            says, fix = _HEADER_FAULTS[header]
            self._problem(header, Place(file.shown, 1), says, fix)
            return None
        twice = [name for name, count in Counter(map(str.lower, header.names)).items() if count > 1]
        if twice:
            says = f"several columns are called '{twice[0]}' (capitals make no difference)."
            self._problem("duplicate-column", Place(file.shown, 1), says, "Rename them.")
            return None
        return header

    def _land_text(self, origin: Origin, file: SourceFile, header: Header, target: Path) -> None:
        try:
            self._read_text(file.path, header, target)
        except SqlFailed:  # whatever a strict reader refuses: look at every record
            clean = target.with_suffix(".csv")
            self._repair(origin, file, header, clean)
            self._read_text(clean, replace(header, delimiter=","), target)
            clean.unlink()

    def _read_text(self, path: Path, header: Header, target: Path) -> None:
        columns = ", ".join(f"{database.text(name)}: 'VARCHAR'" for name in header.names)
        blank = f"where {database.name(header.names[0])} is not null" if len(header.names) == 1 else ""
        parts = {"file": path, "delimiter": header.delimiter, "landed": target}
        self.db.run(_READ_TEXT, columns=columns, blank=blank, **{key: database.text(value) for key, value in parts.items()})

    def _repair(self, origin: Origin, file: SourceFile, header: Header, clean: Path) -> None:
        """Write the good records of a file as clean CSV; the bad ones become problems, or are set aside."""
        counts, examples = Counter[str](), dict[str, list[str]]()
        with clean.open("w", encoding="utf-8", newline="") as out:
            writer = csv.writer(out, quoting=csv.QUOTE_ALL)
            writer.writerow(header.names)
            for record in delimited.records(file.path, header):
                if not record.fault:
                    writer.writerow(record.fields)
                    continue
                counts[record.fault] += 1
                if counts[record.fault] <= _EXAMPLES:
                    examples.setdefault(record.fault, []).append(f"{file.shown}:{record.line}")
                if self.quarantine is not None:
                    self.quarantine.add(origin.relation, [_set_aside(file, header, record)])
        if self.quarantine is not None:
            self.quarantine.unread[origin.relation] = self.quarantine.unread.get(origin.relation, 0) + counts.total()
        for fault, count in counts.items() if self.quarantine is None else ():
            says, fix = delimited.FAULTS[fault]
            line = int(examples[fault][0].rpartition(":")[2])
            self._problem(fault, Place(file.shown, line), f"{says}: {_rows(count)} (at {', '.join(examples[fault])}).", fix)

    def taken(self) -> list[Problem]:
        """Return the problems since the last call."""
        taken, self.problems = self.problems, []
        return taken

    def _problem(self, code: str, where: Place, says: str, fix: str) -> None:
        self.problems.append(Problem(code, where, says, fix))


_HEADER_FAULTS = {
    **{code: (f"{says}.", fix) for code, (says, fix) in delimited.FAULTS.items()},
    "empty-file": ("the file is empty.", "Give it a header, or take it out of the project file."),
    "unreadable-file": ("the file can't be opened.", "Look at its permissions, and whether it is whole."),
}


def _set_aside(file: SourceFile, header: Header, record: delimited.Record) -> SetAside:
    fields = [field.encode("utf-8", "surrogateescape").decode("utf-8", "replace") for field in record.fields]
    if record.fault == "bad-quotes":
        return SetAside(file.shown, record.line, record.fault, "", fields[0], dict.fromkeys(header.names))
    more = {f"column{at}": value for at, value in enumerate(fields, 1) if at > len(header.names)}
    named = dict(zip_longest(header.names, fields[: len(header.names)]))
    return SetAside(file.shown, record.line, record.fault, "", "", {**named, **more})


def _rows(count: int) -> str:
    return "one row" if count == 1 else f"{count:,} rows"


def _first_line(error: Exception) -> str:
    return str(error).splitlines()[0]

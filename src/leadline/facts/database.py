"""The one place where facts meet DuckDB: a connection set up for us, and safe ways to put names into SQL.

What belongs here: opening, running, quoting. What is asked belongs to the modules of each relation. Extensions are never
fetched; what DuckDB brings along (Parquet, JSON, ICU) is enough.
"""

from __future__ import annotations

import string
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from leadline.errors import ServiceFailed

MEMORY = "5GB"
_SETTINGS = {"autoinstall_known_extensions": False, "autoload_known_extensions": False}


class SqlFailed(Exception):
    """DuckDB could not run something; the text is DuckDB's own."""


def name(identifier: str) -> str:
    """Return an identifier quoted for SQL, whatever it contains.

    >>> name('the "ID" there')
    '"the ""ID"" there"'
    """
    return '"' + identifier.replace('"', '""') + '"'


def text(value: str | Path) -> str:
    """Return a text literal quoted for SQL.

    >>> text("O'Neil")
    "'O''Neil'"
    """
    return "'" + str(value).replace("'", "''") + "'"


def texts(values: Iterable[str | Path]) -> str:
    """Return text literals with commas between them."""
    return ", ".join(map(text, values))


def fill(template: str, **parts: object) -> str:
    """Return named SQL text with its ``$parts`` filled in; every part is SQL itself, its names and texts quoted by this module.

    >>> fill("select $column from people", column=name("Company ID"))
    'select "Company ID" from people'
    """
    return string.Template(template).substitute(parts)


class Database:
    """An in-memory DuckDB that spills into a folder; single-threaded use."""

    def __init__(self, spill: Path, files: Path) -> None:
        """Open it; relative paths in SQL are looked up under ``files``."""
        import duckdb

        self._error, self._too_much = duckdb.Error, duckdb.OutOfMemoryException
        self._con = duckdb.connect(":memory:", config={**_SETTINGS, "memory_limit": MEMORY, "temp_directory": str(spill)})
        self.run("set TimeZone = 'UTC'; set enable_progress_bar = false; set file_search_path = $files", files=text(files))

    def close(self) -> None:
        """Close it."""
        self._con.close()

    def run(self, sql: str, values: Sequence[object] = (), /, **parts: object) -> None:
        """Run statements, with ``?`` bound to values and ``$parts`` filled in.

        Raises:
            SqlFailed: If DuckDB can't.
            ServiceFailed: If memory, or the space to spill into, runs out.
        """
        try:
            self._con.execute(fill(sql, **parts) if parts else sql, values)
        except self._too_much as error:
            fix = f"It may take {MEMORY}, and spills into the project's folder: free some memory and space there."
            raise ServiceFailed(f"DuckDB ran out of memory: {str(error).splitlines()[0]}", fix) from error
        except self._error as error:
            raise SqlFailed(str(error)) from error

    def rows(self, sql: str, values: Sequence[object] = (), /, **parts: object) -> list[tuple[Any, ...]]:
        """Return all rows of a query."""
        self.run(sql, values, **parts)
        try:
            return self._con.fetchall()
        except self._error as error:
            raise SqlFailed(str(error)) from error

    def row(self, sql: str, values: Sequence[object] = (), /, **parts: object) -> tuple[Any, ...]:
        """Return the first row of a query that always has one."""
        return self.rows(sql, values, **parts)[0]

    def count(self, table: str) -> int:
        """Return the number of rows of a table, or of a query in parentheses."""
        return int(self.row("select count(*) from $table", table=table)[0])

    def columns(self, source: str) -> dict[str, str]:
        """Return column → DuckDB type of a query or table."""
        return {str(row[0]): str(row[1]) for row in self.rows("describe $source", source=source)}

    def write(self, table: str, target: Path, order: str) -> None:
        """Write a table as Parquet, in order."""
        self.run(
            "copy (from $table order by $order) to $to (format parquet, compression lz4_raw)", table=table, order=order, to=text(target)
        )

    def is_one_query(self, sql: str) -> bool:
        """Return whether the text is exactly one statement, and one that only reads."""
        import duckdb

        try:
            statements = duckdb.extract_statements(sql)
        except self._error as error:
            raise SqlFailed(str(error)) from error
        return len(statements) == 1 and statements[0].type == duckdb.StatementType.SELECT

    def keep(self, table: str, columns: Mapping[str, Sequence[object]], types: Mapping[str, str]) -> None:
        """Make a temporary table of Python values, column by column, with DuckDB types."""
        # Lists are bound as values: registering an Arrow table would make DuckDB load pandas wherever it is installed.
        parts = ", ".join(f"unnest(cast(? as {types[key]}[])) as {name(key)}" for key in columns)
        self.run("create or replace temp table $table as select $parts", list(columns.values()), table=name(table), parts=parts)

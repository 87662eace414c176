"""The one place where facts meet DuckDB and Arrow: a connection set up for us, and safe ways to put names into SQL.

What belongs here: opening, running, quoting. What is asked belongs to the modules of each relation. Extensions are never
fetched; what DuckDB brings along (Parquet, JSON, ICU) is enough.
"""

from __future__ import annotations

import string
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

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
    """Return named SQL text with its ``$parts`` filled in; every part is SQL made by this module's quoting."""
    return string.Template(template).substitute(parts)


class Database:
    """An in-memory DuckDB that spills into a folder; single-threaded use."""

    def __init__(self, spill: Path, files: Path) -> None:
        """Open it; relative paths in SQL are looked up under ``files``."""
        import duckdb

        self._error = duckdb.Error
        self._con = duckdb.connect(":memory:", config={**_SETTINGS, "memory_limit": MEMORY, "temp_directory": str(spill)})
        self.run(f"set TimeZone = 'UTC'; set file_search_path = {text(files)}; set enable_progress_bar = false")

    def close(self) -> None:
        """Close it."""
        self._con.close()

    def run(self, sql: str, values: Sequence[object] | Mapping[str, object] = ()) -> Database:
        """Run statements.

        Raises:
            SqlFailed: If DuckDB can't.
        """
        try:
            self._con.execute(sql, values)
        except self._error as error:
            raise SqlFailed(str(error)) from error
        return self

    def rows(self, sql: str, values: Sequence[object] | Mapping[str, object] = ()) -> list[tuple[Any, ...]]:
        """Return all rows of a query."""
        self.run(sql, values)
        try:
            return self._con.fetchall()
        except self._error as error:
            raise SqlFailed(str(error)) from error

    def row(self, sql: str, values: Sequence[object] | Mapping[str, object] = ()) -> tuple[Any, ...]:
        """Return the first row of a query that always has one."""
        return self.rows(sql, values)[0]

    def columns(self, source: str) -> dict[str, str]:
        """Return column → DuckDB type of a query or table."""
        return {str(row[0]): str(row[1]) for row in self.rows(f"describe {source}")}

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
        import pyarrow as pa

        arrow = {"VARCHAR": pa.string(), "BIGINT": pa.int64(), "INTEGER": pa.int32(), "BOOLEAN": pa.bool_(), "DOUBLE": pa.float64()}
        held = pa.table({key: pa.array(values, arrow[types[key]]) for key, values in columns.items()})
        self._con.register("held", held)
        self.run(f"create or replace temp table {name(table)} as select * from held")
        self._con.unregister("held")

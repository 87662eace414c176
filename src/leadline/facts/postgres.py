"""Facts in PostgreSQL: tables and queries moved to Parquet by ADBC, and a cheap way to tell whether they changed.

Needs the extra ``leadline[postgres]``. Sessions only read. Types that Arrow or DuckDB would take differently are cast in
PostgreSQL: ``numeric`` to double precision, and whatever is no number, time, truth value or text, to text.
"""

from __future__ import annotations

import contextlib
from collections.abc import Generator
from importlib import import_module
from pathlib import Path
from typing import Any

from leadline.errors import ServiceFailed, UsageError
from leadline.facts.database import SqlFailed, fill, name
from leadline.facts.sources import Kind, Origin
from leadline.project import concealed

PREFIXES = ("postgresql://", "postgres://")
_KEPT = frozenset({"int2", "int4", "int8", "float4", "float8", "bool", "text", "varchar", "bpchar", "date", "timestamp", "timestamptz"})
_TYPES = (b"POSTGRESQL:type", b"ADBC:postgresql:typname")


_ROWS = """
select $columns from (
$query
) as facts
"""
_WRITTEN = "select count(*), max(cast(cast(xmin as text) as bigint)) from $table"
_DIGEST = "count(*), cast(sum(hashtextextended(cast(facts as text), 0)) as text)"


@contextlib.contextmanager
def connected(uri: str) -> Generator[Any]:
    """Yield a cursor of a session that only reads.

    Raises:
        UsageError: If the driver is not installed.
        ServiceFailed: If PostgreSQL can't be reached.
        SqlFailed: If what is run in it fails.
    """
    try:
        dbapi: Any = import_module("adbc_driver_postgresql.dbapi")
    except ImportError as error:
        raise UsageError("the engine postgresql needs a driver.", "Install it: pip install 'leadline[postgres]'.") from error
    try:
        connection = dbapi.connect(uri)
    except dbapi.Error as error:
        raise ServiceFailed(f"PostgreSQL can't be reached: {_words(error, uri)}", "Look at engine: in leadline.yaml.") from error
    with connection, connection.cursor() as cursor:
        try:
            cursor.execute("set default_transaction_read_only = on")
            cursor.execute("set timezone = 'UTC'")
            connection.commit()
            yield cursor
        except dbapi.Error as error:
            raise SqlFailed(_words(error, uri)) from error


def _words(error: Exception, uri: str) -> str:
    """Return the first line of an error, without a password."""
    lines = [line for line in concealed(str(error), uri).splitlines() if line.strip()]
    return lines[0] if lines else type(error).__name__


def query_of(origin: Origin) -> str:
    """Return the SQL of a table or query."""
    return origin.sql.strip().rstrip(";") if origin.kind is Kind.QUERY else fill("select * from $table", table=origin.sql)


def land(uri: str, origin: Origin, target: Path) -> None:
    """Write the rows of a table or query as Parquet."""
    parquet: Any = import_module("pyarrow.parquet")
    with connected(uri) as cursor:
        query = query_of(origin)
        cursor.execute(fill(_ROWS, columns=_columns(cursor, query), query=query))
        batches = cursor.fetch_record_batch()
        with parquet.ParquetWriter(target, batches.schema, compression="lz4") as writer:
            for batch in batches:
                writer.write_batch(batch)


def _columns(cursor: Any, query: str) -> str:
    return ", ".join(_cast(field) for field in _schema(cursor, query))


def _schema(cursor: Any, query: str) -> Any:
    cursor.execute(fill(_ROWS, columns="*", query=query) + " limit 0")
    return cursor.fetch_arrow_table().schema


def _cast(field: Any) -> str:
    said: dict[bytes, bytes] = field.metadata or {}
    kind = next((said[key].decode() for key in _TYPES if key in said), "")
    quoted = name(field.name)
    if kind == "numeric":
        return f"cast({quoted} as double precision) as {quoted}"
    return quoted if not kind or kind in _KEPT else f"cast({quoted} as text) as {quoted}"


def probe(uri: str, origin: Origin) -> str:
    """Return what changes whenever the rows of a table or query may have.

    Of a table the number of rows and the latest transaction that wrote one, which PostgreSQL keeps with every row; of a
    query or view, a digest of its rows.
    """
    try:
        with connected(uri) as cursor:
            columns = [(field.name, str(field.type)) for field in _schema(cursor, query_of(origin))]
            if origin.kind is Kind.TABLE:
                with contextlib.suppress(SqlFailed), connected(uri) as other:  # a view has no xmin
                    other.execute(fill(_WRITTEN, table=origin.sql))
                    return f"{columns} {other.fetchone()}"
            cursor.execute(fill(_ROWS, columns=_DIGEST, query=query_of(origin)))
            return f"{columns} {cursor.fetchone()}"
    except SqlFailed as error:
        return f"failed: {error}"  # reading it will say so with its place

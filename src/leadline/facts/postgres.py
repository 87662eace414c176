"""Facts in PostgreSQL: tables and queries moved to Parquet by ADBC, and a cheap way to tell whether they changed.

Needs the extra ``leadline[postgres]``. Sessions only read. Types that Arrow or DuckDB would take differently are cast in
PostgreSQL: ``numeric`` to double precision, and whatever is no number, time, truth value or text, to text.
"""

from __future__ import annotations

import contextlib
from collections.abc import Generator
from collections.abc import Set as AbstractSet
from importlib import import_module
from pathlib import Path
from typing import Any

from leadline.errors import ServiceFailed, UsageError
from leadline.facts.database import SqlFailed, fill, name, text
from leadline.facts.model import Held, HeldAs
from leadline.facts.sources import Kind, Origin
from leadline.project import concealed

PREFIXES = ("postgresql://", "postgres://")
SYSTEM: str = "PostgreSQL"
STAYING: AbstractSet[Kind] = frozenset({Kind.TABLE, Kind.QUERY})
_AS = {
    "text": HeldAs.TEXT, "character varying": HeldAs.TEXT, "boolean": HeldAs.BOOLEAN, "date": HeldAs.DATE, "json": HeldAs.JSON,
    "jsonb": HeldAs.JSON, "timestamp with time zone": HeldAs.INSTANT, "timestamp without time zone": HeldAs.DATETIME,
    **dict.fromkeys(("smallint", "integer", "bigint", "numeric", "real", "double precision"), HeldAs.NUMBER),
}  # fmt: skip
_KEPT = frozenset({"int2", "int4", "int8", "float4", "float8", "bool", "text", "varchar", "bpchar", "date", "timestamp", "timestamptz"})
_TYPES = (b"POSTGRESQL:type", b"ADBC:postgresql:typname")


_ROWS = """
select $columns from (
$query
) as facts
"""
_KINDS = "select $kinds from (select 1) as one left join lateral (\n$rows\n) as facts on false"
_UNIQUE = """
select count(*) from pg_index i
join pg_class c on c.oid = i.indrelid
join pg_attribute a on a.attrelid = i.indrelid and a.attnum = i.indkey[0]
where i.indrelid = to_regclass($table) and a.attname = $column and i.indisunique and i.indisvalid and i.indpred is null
  and i.indnkeyatts = 1 and c.relkind = 'r' and not c.relhassubclass
"""
_KEYS = """
select key, count(*), bool_and(jsonb_typeof(value) = 'number') filter (where jsonb_typeof(value) <> 'null'),
       bool_and(jsonb_typeof(value) = 'boolean') filter (where jsonb_typeof(value) <> 'null')
from (select case when jsonb_typeof(held) = 'object' then held end as held from (select cast($json as jsonb) as held from (
$rows
) as facts) as given) as objects, jsonb_each(held)
where key <> '' group by key order by 2 desc, 1
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


def table_of(origin: Origin) -> str:
    """Return the table that an origin is, or nothing if it is a query."""
    return origin.sql if origin.kind is Kind.TABLE else ""


def columns_of(cursor: Any, origin: Origin) -> list[tuple[str, str, HeldAs]]:
    """Return the columns of a source: their names, their types as PostgreSQL says them, and how that is held."""
    rows = query_of(origin)
    cursor.execute(fill(_ROWS, columns="*", query=rows) + " limit 0")
    raws = [str(column[0]) for column in cursor.description]
    cursor.execute(fill(_KINDS, kinds=", ".join(f"cast(pg_typeof(facts.{name(raw)}) as text)" for raw in raws), rows=rows))
    (kinds,) = cursor.fetchall()
    return [(raw, str(kind), _AS.get(str(kind), HeldAs.OTHER)) for raw, kind in zip(raws, kinds, strict=True)]


def is_unique(cursor: Any, origin: Origin, column: str) -> bool:
    """Return whether the database makes sure that a column holds nothing twice."""
    if origin.kind is not Kind.TABLE:
        return False
    cursor.execute(fill(_UNIQUE, table=text(origin.sql), column=text(column)))
    return cursor.fetchall()[0][0] > 0


def keys_of(cursor: Any, origin: Origin, document: Held) -> list[tuple[Any, ...]]:
    """Return the keys of JSON: (key, how often, whether all are numbers, whether all are truth values), the most frequent first."""
    json = f"nullif({name(document.name)}, '')" if document.kind is HeldAs.JSON_TEXT else name(document.name)
    cursor.execute(fill(_KEYS, json=json, rows=query_of(origin)))
    return cursor.fetchall()


def as_text(held: Held) -> str:
    """Return SQL of a column as text, NULL where it is empty."""
    return f"nullif(cast({name(held.name)} as text), '')"


def micros(held: Held) -> str:
    """Return SQL of a time in microseconds, as a number of PostgreSQL's that also holds infinity."""
    return f"(extract(epoch from {name(held.name)}) * 1000000)"


def no_object(document: Held) -> str:
    """Return SQL that is true where JSON is something else than an object."""
    column = name(document.name)
    if document.kind is HeldAs.JSON_TEXT:
        return f"{column} is not json object and {column} not in ('', 'null')"
    return f"jsonb_typeof(cast({column} as jsonb)) not in ('object', 'null')"


def under(document: Held, key: str) -> str:
    """Return SQL of the text under a key of JSON."""
    return f"jsonb_extract_path_text(cast({name(document.name)} as jsonb), {text(key)})"


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

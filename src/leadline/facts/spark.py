"""Facts in Spark: its session, tables and queries moved to Parquet, and what activities that stay there look like, in its SQL.

Needs the extra ``leadline[spark]`` and Java 17. Activities stay where they are: Parquet files, tables of the session, queries.
A session that the caller has is used, and its settings are left as they were.
"""

from __future__ import annotations

import contextlib
import logging
import os
import re
import sys
import tempfile
import threading
from collections.abc import Generator
from collections.abc import Set as AbstractSet
from importlib import import_module
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from leadline.errors import ServiceFailed, Unsupported
from leadline.facts.database import SqlFailed, fill
from leadline.facts.model import Held, HeldAs
from leadline.facts.sources import Kind, Origin

PREFIXES = ("spark://",)
SYSTEM: str = "Spark"
STAYING: AbstractSet[Kind] = frozenset({Kind.TABLE, Kind.QUERY, Kind.PARQUET})
SETTINGS = {
    "spark.sql.ansi.enabled": "true", "spark.sql.execution.arrow.maxRecordsPerBatch": "65536", "spark.sql.parquet.mergeSchema": "true",
    "spark.sql.parquet.outputTimestampType": "TIMESTAMP_MICROS", "spark.sql.session.timeZone": "UTC",
}  # fmt: skip
"""How a session has to be set while we use it."""
_LOCAL = {
    "spark.driver.bindAddress": "127.0.0.1", "spark.driver.host": "127.0.0.1", "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
}  # fmt: skip
_AS = {
    "string": HeldAs.TEXT, "boolean": HeldAs.BOOLEAN, "date": HeldAs.DATE, "timestamp": HeldAs.INSTANT,
    "timestamp_ntz": HeldAs.DATETIME, **dict.fromkeys(("tinyint", "smallint", "int", "bigint", "float", "double"), HeldAs.NUMBER),
}  # fmt: skip
_KEYS = """
select key, count(*), bool_and(kind in ('BIGINT', 'DECIMAL', 'DOUBLE', 'FLOAT')) filter (where kind <> 'VOID'),
       bool_and(kind = 'BOOLEAN') filter (where kind <> 'VOID')
from (
  select entry.key as key, regexp_extract(schema_of_variant(entry.value), '^[A-Z]+', 0) as kind
  from (select try_parse_json($json) as given from (
$rows
  ) as facts) as documents, lateral variant_explode(given) as entry
) as entries
where key <> '' group by key order by 2 desc, 1
"""
_DIGEST = "select count(*), sum(cast(xxhash64(to_json(struct(*))) as decimal(38, 0))) from (\n$rows\n) as facts"
_ONE_AT_A_TIME = threading.RLock()  # a session has one set of settings


@contextlib.contextmanager
def session(engine: str) -> Generator[Any]:
    """Yield the session that the caller has, or a new one, set as we need it.

    Raises:
        Unsupported: If PySpark isn't installed.
        ServiceFailed: If Spark can't be started, or fails.
    """
    try:
        sql: Any = import_module("pyspark.sql")
    except ImportError as error:
        raise Unsupported("The engine spark needs PySpark.", "Install it: pip install 'leadline[spark]'.") from error
    with _ONE_AT_A_TIME, _faults():
        found = sql.SparkSession.getActiveSession() or _start(sql.SparkSession.builder.appName("leadline"), engine)
        before = {name: found.conf.get(name, None) for name in SETTINGS}
        try:
            for name, value in SETTINGS.items():
                found.conf.set(name, value)
            yield found
        finally:
            for name, value in before.items():
                _ = found.conf.unset(name) if value is None else found.conf.set(name, value)


def _start(builder: Any, engine: str) -> Any:
    local = engine.removeprefix(PREFIXES[0])
    if not local.startswith("local"):
        return builder.master(engine).getOrCreate()
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)  # not whichever python comes first in the path
    logging.getLogger("SQLQueryContextLogger").setLevel(logging.CRITICAL)  # says again, at length, what is raised
    warehouse = {"spark.sql.warehouse.dir": str(Path(tempfile.gettempdir()) / "leadline-spark")}  # not where the caller stands
    found = builder.master(local).config(map=_LOCAL | warehouse).getOrCreate()
    found.sparkContext.setLogLevel("ERROR")
    return found


@contextlib.contextmanager
def _faults() -> Generator[None]:
    """Turn what fails in Spark into our error."""
    faults = (import_module("pyspark.errors").PySparkException, import_module("py4j.protocol").Py4JError)
    try:
        yield
    except faults as error:
        raise ServiceFailed(f"Spark says: {first_line(error)}", "Look at engine: in leadline.yaml, and at Spark's own log.") from error


def first_line(error: Exception) -> str:
    """Return what an error of Spark's says, in one line: of Java's the cause, of Python's in an executor the error at the end."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    kind = type(error).__name__
    if kind == "Py4JJavaError":
        return next((line[2:] for line in lines if line.startswith(": ")), lines[0])
    if kind == "PythonException":
        return next((line for line in reversed(lines) if re.match(r"[\w.]+(Error|Exception|Failed)\b", line)), lines[0])
    return lines[0] if lines else kind


class Cursor:
    """Answers SQL as the cursor of a database does."""

    def __init__(self, session: Any) -> None:
        """Ask this session."""
        self._session, self.frame = session, None

    def execute(self, sql: str) -> None:
        """Take a query; it runs when its rows are fetched."""
        self.frame: Any = self._session.sql(sql)

    def fetchall(self) -> list[tuple[Any, ...]]:
        """Return all rows."""
        return [tuple(row) for row in self.frame.collect()]


@contextlib.contextmanager
def connected(engine: str) -> Generator[Any]:
    """Yield a cursor.

    Raises:
        SqlFailed: If what is run in it can't be understood, or names what isn't there.
    """
    with session(engine) as found:
        faults = (import_module("pyspark.errors").AnalysisException, import_module("pyspark.errors").ParseException)
        try:
            yield Cursor(found)
        except faults as error:
            raise SqlFailed(first_line(error)) from error


def name(identifier: str) -> str:
    """Return an identifier quoted for Spark."""
    return "`" + identifier.replace("`", "``") + "`"


def table_of(origin: Origin) -> str:
    """Return the table that an origin is, or nothing if it is a query; Parquet files are a table for Spark."""
    if origin.kind is not Kind.PARQUET:
        return origin.sql if origin.kind is Kind.TABLE else ""
    paths = [address(file.path) for file in origin.files]
    if len(paths) == 1:
        return f"parquet.{name(paths[0])}"
    root = address(Path(os.path.commonpath([file.path.parent for file in origin.files]))).rstrip("/")
    listed = ",".join(path[len(root) + 1 :] for path in paths)
    return f"parquet.{name(f'{root}/{{{listed}}}')}"


def address(path: Path) -> str:
    """Return where Spark reads a file; letters that mean something in Hadoop's globs are escaped."""
    return "file://" + re.sub(r"([\\\[\]{}*?,])", r"\\\1", str(path))


def query_of(origin: Origin) -> str:
    """Return the SQL of a source's rows."""
    table = table_of(origin)
    return fill("select * from $table", table=table) if table else origin.sql.strip().rstrip(";")


def columns_of(cursor: Any, origin: Origin) -> list[tuple[str, str, HeldAs]]:
    """Return the columns of a source: their names, their types as Spark says them, and how that is held."""
    cursor.execute(query_of(origin))
    return [(field.name, kind := field.dataType.simpleString(), _held_as(kind)) for field in cursor.frame.schema]


def _held_as(kind: str) -> HeldAs:
    return HeldAs.NUMBER if kind.startswith("decimal") else _AS.get(kind, HeldAs.OTHER)


def is_unique(cursor: Any, origin: Origin, column: str) -> bool:
    """Return whether Spark makes sure that a column holds nothing twice; it never does."""
    del cursor, origin, column
    return False


def keys_of(cursor: Any, origin: Origin, document: Held) -> list[tuple[Any, ...]]:
    """Return the keys of JSON: (key, how often, whether all are numbers, whether all are truth values), the most frequent first."""
    cursor.execute(fill(_KEYS, json=name(document.name), rows=query_of(origin)))
    return cursor.fetchall()


def as_text(held: Held) -> str:
    """Return SQL of a column as text, NULL where it is empty."""
    return f"nullif(cast({name(held.name)} as string), '')"


def micros(held: Held) -> str:
    """Return SQL of a time in microseconds."""
    return f"unix_micros(cast({name(held.name)} as timestamp))"


def no_object(document: Held) -> str:
    """Return SQL that is true where JSON is something else than an object."""
    text = as_text(document)
    kind = f"schema_of_variant(try_parse_json({text}))"
    return f"({text} is not null and coalesce({kind} not like 'OBJECT%' and {kind} <> 'VOID', true))"


def under(document: Held, key: str) -> str:
    """Return SQL of the text under a key of JSON."""
    path = f"$['{key}']"
    return f"get_json_object({name(document.name)}, {_text(path)})"


def _text(value: str) -> str:
    return "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'"


def land(engine: str, origin: Origin, target: Path) -> None:
    """Write the rows of a source as one Parquet file."""
    with connected(engine) as cursor:
        cursor.execute(query_of(origin))
        folder = target.with_suffix(".parts")
        cursor.frame.coalesce(1).write.parquet(f"file://{folder}")
        next(folder.glob("*.parquet")).rename(target)


def probe(engine: str, origin: Origin) -> str:
    """Return what changes whenever the rows of a table or query may have: its files, or where it has none a digest of its rows."""
    try:
        with connected(engine) as cursor:
            cursor.execute(query_of(origin))
            columns, files = cursor.frame.dtypes, sorted(cursor.frame.inputFiles())
            if files:
                return f"{columns} {[_state(file) for file in files]}"
            cursor.execute(fill(_DIGEST, rows=query_of(origin)))
            return f"{columns} {cursor.fetchall()}"
    except SqlFailed as error:
        return f"failed: {error}"  # reading it will say so with its place


def _state(file: str) -> tuple[str, ...]:
    path = Path(unquote(urlsplit(file).path))
    if not file.startswith("file:") or not path.exists():
        return (file,)
    stat = path.stat()
    return file, str(stat.st_size), str(stat.st_mtime_ns)

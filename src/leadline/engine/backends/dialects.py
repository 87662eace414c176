"""What databases say in different ways: times, JSON, collations, windows; as SQLGlot nodes, nothing pasted as text.

Pure. Checked against each database's documentation, and by running it where the tests have the database. What activities
are made of belongs to :mod:`leadline.engine.backends.warehouse`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import sqlglot
from sqlglot import exp

from leadline import clock
from leadline.errors import Unsupported
from leadline.facts.model import Held, HeldAs, Type

EARLIEST, LATEST = "1970-01-01", "2200-01-01"  # what lies outside the mirror would refuse
_WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_LARGEST = "1.7976931348623157e308"


def copies(columns: Sequence[exp.Expr]) -> list[exp.Expr]:
    """Return copies: a node has one place only."""
    return [column.copy() for column in columns]


def string(text: str) -> exp.Expr:
    """Return a literal text."""
    return exp.Literal.string(text)


def call(name: str, *arguments: exp.Expr) -> exp.Expr:
    """Return the call of a function that only some databases have, under its name there."""
    return exp.Anonymous(this=name, expressions=list(arguments))


class Dialect:
    """What databases say in different ways."""

    def __init__(self, name: str) -> None:
        """Choose a database by SQLGlot's name for it.

        Raises:
            Unsupported: If it isn't one of those that we know.
        """
        if name not in _MICROS:
            raise Unsupported(f"Activities can't be read in the SQL of '{name}'.", f"Known are {', '.join(sorted(_MICROS))}.")
        self.name = name
        self.nulls_first = sqlglot.Dialect.get_or_raise(name).NULL_ORDERING == "nulls_are_small"  # as it is; nothing here is NULL

    def binary(self, text: exp.Expr) -> exp.Expr:
        """Return a text that compares by code point."""
        if self.name != "postgres":
            return text.copy()
        return exp.Collate(this=exp.paren(text.copy()), expression=exp.to_identifier("C", quoted=True))

    def window(self, call: exp.Expr, partition: Sequence[exp.Expr], order: Sequence[exp.Expr]) -> exp.Window:
        """Return a call over the rows of each partition, in an order of what is never NULL."""
        by = exp.Order(expressions=[exp.Ordered(this=part.copy(), nulls_first=self.nulls_first) for part in order])
        return exp.Window(this=call, partition_by=copies(partition), order=by)

    def moved(self, value: exp.Expr, rows: int, partition: Sequence[exp.Expr], order: Sequence[exp.Expr]) -> exp.Expr:
        """Return the value so many rows later (or earlier), NULL beyond the ends of the partition."""
        offset = exp.Literal.number(abs(rows))
        if self.name != "clickhouse":
            return self.window((exp.Lead if rows > 0 else exp.Lag)(this=value, offset=offset), partition, order)
        found = self.window(call("leadInFrame" if rows > 0 else "lagInFrame", value, offset), partition, order)
        whole = {"start": "UNBOUNDED", "start_side": "PRECEDING", "end": "UNBOUNDED", "end_side": "FOLLOWING"}
        found.set("spec", exp.WindowSpec(kind="ROWS", **whole))
        return found

    def column(self, held: Held) -> exp.Expr:
        """Return a column of the source."""
        return exp.column(held.name, table="r", quoted=True)

    def in_range(self, held: Held) -> tuple[exp.Expr, exp.Expr]:
        """Return the conditions that a time is one that facts may have, on the column itself, so that an index helps."""
        midnight = {HeldAs.INSTANT: (" 00:00:00+00:00", "TIMESTAMPTZ"), HeldAs.DATETIME: (" 00:00:00", "TIMESTAMPNTZ")}
        rest, stored = midnight.get(held.kind, ("", "DATE"))
        first, last = (exp.cast(string(day + rest), stored) for day in (EARLIEST, LATEST))
        if self.name == "clickhouse":
            parts = exp.Literal.number(6), string("UTC")
            first, last = (call("toDateTime64", string(f"{day} 00:00:00"), *parts) for day in (EARLIEST, LATEST))
        return exp.GTE(this=self.column(held), expression=first), exp.LT(this=self.column(held), expression=last)

    def plain(self, held: Held) -> exp.Expr:
        """Return a column as text, untouched if it is text, so that an index helps."""
        return self.column(held) if held.kind is HeldAs.TEXT else exp.cast(self.column(held), "TEXT")

    def value(self, held: Held, to: Type) -> exp.Expr:
        """Return a column in a type; what can't be read as that is NULL."""
        column = self.column(held)
        if to is Type.TEXT:
            return exp.func("nullif", self.plain(held), string(""))
        if held.kind.type is not to:
            return exp.cast(exp.null(), STORED[to])
        if to is Type.TIME:
            return exp.cast(_MICROS[self.name](column, held.kind), "BIGINT")
        return _finite(exp.cast(column, "DOUBLE")) if to is Type.NUMBER else column

    def key(self, document: Held, key: str, to: Type) -> exp.Expr:
        """Return the value under a key of JSON in a type; a value of another type is NULL."""
        if to is Type.TIME:
            return exp.cast(exp.null(), "BIGINT")
        value = _JSON[self.name](self.column(document), document.kind, key, to)
        return _finite(value) if to is Type.NUMBER else value


STORED = {Type.TEXT: "TEXT", Type.NUMBER: "DOUBLE", Type.BOOLEAN: "BOOLEAN", Type.TIME: "BIGINT"}


def _finite(number: exp.Expr) -> exp.Expr:
    bounded = exp.LTE(this=exp.Abs(this=number.copy()), expression=exp.cast(exp.Literal.number(_LARGEST), "DOUBLE"))
    return exp.Case(ifs=[exp.If(this=bounded, true=number)])


def _micros_postgres(column: exp.Expr, kind: HeldAs) -> exp.Expr:
    del kind
    seconds = exp.Extract(this=exp.var("epoch"), expression=column)
    return exp.paren(exp.Mul(this=seconds, expression=exp.Literal.number(clock.SECOND)))


def _micros_duckdb(column: exp.Expr, kind: HeldAs) -> exp.Expr:
    del kind
    return call("epoch_us", column)


def _micros_spark(column: exp.Expr, kind: HeldAs) -> exp.Expr:
    # What has no zone is read in the session's, which has to be UTC.
    return call("unix_micros", column if kind is HeldAs.INSTANT else exp.cast(column, "TIMESTAMP"))


def _micros_snowflake(column: exp.Expr, kind: HeldAs) -> exp.Expr:
    return call("date_part", exp.var("epoch_microsecond"), exp.cast(column, "TIMESTAMPNTZ") if kind is HeldAs.DATE else column)


def _micros_bigquery(column: exp.Expr, kind: HeldAs) -> exp.Expr:
    return call("unix_micros", column if kind is HeldAs.INSTANT else call("timestamp", column))


def _micros_clickhouse(column: exp.Expr, kind: HeldAs) -> exp.Expr:
    del kind
    return call("toUnixTimestamp64Micro", call("toDateTime64", column, exp.Literal.number(6), string("UTC")))


_MICROS = {
    "postgres": _micros_postgres, "duckdb": _micros_duckdb, "spark": _micros_spark, "databricks": _micros_spark,
    "snowflake": _micros_snowflake, "bigquery": _micros_bigquery, "clickhouse": _micros_clickhouse,
}  # fmt: skip


def _json_postgres(column: exp.Expr, kind: HeldAs, key: str, to: Type) -> exp.Expr:
    document = exp.cast(exp.func("nullif", column, string("")) if kind is HeldAs.JSON_TEXT else column, "JSONB")
    text = call("jsonb_extract_path_text", document, string(key))
    if to is Type.TEXT:
        return text
    held = call("jsonb_typeof", call("jsonb_extract_path", document.copy(), string(key)))
    return exp.Case(ifs=[exp.If(this=held.eq(string(to)), true=exp.cast(text, STORED[to]))])


def _json_duckdb(column: exp.Expr, kind: HeldAs, key: str, to: Type) -> exp.Expr:
    del kind
    pointer = "/" + key.replace("~", "~0").replace("/", "~1")
    text = call("json_extract_string", column, string(pointer))
    return _read(text, to)


def _json_spark(column: exp.Expr, kind: HeldAs, key: str, to: Type) -> exp.Expr:
    del kind
    path = f"$.{key}" if _WORD.fullmatch(key) else f"$['{_plain(key)}']"
    return _read(call("get_json_object", column, string(path)), to)


def _json_databricks(column: exp.Expr, kind: HeldAs, key: str, to: Type) -> exp.Expr:
    del kind
    path = f"$.{key}" if _WORD.fullmatch(key) else f'$["{_plain(key)}"]'  # the quotes that its manual shows
    return _read(call("get_json_object", column, string(path)), to)


def _json_snowflake(column: exp.Expr, kind: HeldAs, key: str, to: Type) -> exp.Expr:
    document = call("try_parse_json", column) if kind is HeldAs.JSON_TEXT else column
    return _read(exp.cast(call("get", document, string(key)), "TEXT"), to)


def _json_bigquery(column: exp.Expr, kind: HeldAs, key: str, to: Type) -> exp.Expr:
    del kind
    text = call("json_value", column, string(f'$."{_plain(key)}"'))
    return _read(text, to)


def _json_clickhouse(column: exp.Expr, kind: HeldAs, key: str, to: Type) -> exp.Expr:
    del kind
    stored = {Type.TEXT: "String", Type.NUMBER: "Float64"}.get(to, "Bool")
    return call("JSONExtract", column, string(key), string(f"Nullable({stored})"))


def _read(text: exp.Expr, to: Type) -> exp.Expr:
    return text if to is Type.TEXT else exp.TryCast(this=text, to=exp.DataType.build(STORED[to]), safe=True)


def _plain(key: str) -> str:
    if any(letter in key for letter in "'\"\\[]"):
        says = f"The property '{key}' can't be read here: its name has quotes, backslashes or brackets."
        raise Unsupported(says, "Give it another name in a query.")
    return key


_JSON = {
    "postgres": _json_postgres, "duckdb": _json_duckdb, "spark": _json_spark, "databricks": _json_databricks,
    "snowflake": _json_snowflake, "bigquery": _json_bigquery, "clickhouse": _json_clickhouse,
}  # fmt: skip

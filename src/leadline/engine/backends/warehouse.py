"""Activities as a warehouse keeps them → canonical activities: one sub-select that the classification reads from.

Pure: SQLGlot nodes, nothing is executed. What belongs here: everything that differs between databases about *activities*
(times, JSON, duplicates, machines, visits). What is asked of them belongs to :mod:`leadline.engine.gather`. The rules are
those of the mirror (:mod:`leadline.facts.activities`), which the tests hold this to:

- of rows with one ``activity_id`` the one known first stands;
- an activity is a machine's if the data says so, its user agent is a machine's, or it is one of three clicks of one person
  within a second;
- a page view starts a visit if the person's last one (machines' left out) is half an hour old.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import reduce

import sqlglot
from sqlglot import exp

from leadline import clock
from leadline.engine.model import Program
from leadline.errors import Unsupported, UsageError
from leadline.facts.model import PAGE_VIEW, VISIT, Column, Side, Type

GAP = 30 * clock.MINUTE
BURST = clock.SECOND
KEYS = ("activity_id", "person_id", "account_id")
FIXED = (*KEYS, "occurred", "known", "type", "side", "machine")
EARLIEST, LATEST = "1970-01-01", "2200-01-01"  # what lies outside the mirror would refuse
_YES = ("true", "t", "yes", "y", "1")
_LARGEST = "1.7976931348623157e308"


class Kind(StrEnum):
    """How a database holds a column."""

    TEXT = "text"
    NUMBER = "number"
    BOOLEAN = "boolean"
    INSTANT = "instant"
    """A time with a zone."""
    DATETIME = "datetime"
    """A time without a zone, taken as UTC."""
    DATE = "date"
    JSON = "json"
    """JSON in a type of the database's own."""
    JSON_TEXT = "json_text"
    """JSON in a text."""
    OTHER = "other"
    """Anything else; it is read as text."""

    @property
    def type(self) -> Type:
        """Return our type for it."""
        return _TYPES.get(self, Type.TEXT)


_TYPES = {
    Kind.NUMBER: Type.NUMBER, Kind.BOOLEAN: Type.BOOLEAN, Kind.INSTANT: Type.TIME, Kind.DATETIME: Type.TIME, Kind.DATE: Type.TIME,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Held:
    """A column of a source: its name there, and how it is held."""

    name: str
    kind: Kind


@dataclass(frozen=True, slots=True)
class Property:
    """Where a source keeps a property: in a plain column, under keys of its JSON, or both; the first that has a value counts."""

    type: Type
    column: Held | None = None
    keys: tuple[str, ...] = ()


@dataclass(frozen=True)
class Source:
    """Rows of activities in a database.

    Attributes:
        rows: A table or a query.
        columns: Canonical name (``activity_id``, ``occurred_at``, ``type``, ``person_id``, ``account_id``, ``received_at``,
            ``side``, ``properties``, ``machine``) → its column there.
        properties: Name of a property → where it is kept.
        unique: The database itself makes sure that no ``activity_id`` comes twice.
        machine_agents: The user agents in it that are machines.
    """

    rows: exp.Expr
    columns: Mapping[str, Held]
    properties: Mapping[str, Property] = field(default_factory=dict[str, Property])
    unique: bool = False
    machine_agents: tuple[str, ...] = ()


@dataclass(frozen=True)
class Needs:
    """What a program needs to know of activities.

    Attributes:
        types: Types of activity; ``None`` for all.
        bursts: Whether it matters which clicks are a machine's.
        visits: Whether it matters which page views start a visit.
        properties: The properties to give, with their types.
    """

    types: tuple[str, ...] | None
    bursts: bool
    visits: bool
    properties: Mapping[str, Column]

    @classmethod
    def of(cls, program: Program) -> Needs:
        """Return what a program needs."""
        members = [member for bit in program.bits for member in bit.members]
        types = {kind for member in members for kind in member.types}
        everything = any(not member.types for member in members)
        visits = VISIT in types
        bursts = any(
            not member.machines and (not member.types or any("click" in kind.lower() for kind in member.types)) for member in members
        )
        listed = tuple(sorted(types | ({PAGE_VIEW} if visits else set())))
        return cls(None if everything else listed, bursts, visits, program.properties)


def canonical(sources: Source | Sequence[Source], needs: Needs, dialect: str) -> exp.Select:
    """Return the activities of the sources, each once.

    Args:
        sources: Where the rows are; several are put one after the other.
        needs: What is asked for. Types that nobody needs are left out.
        dialect: SQLGlot's name of the database that will run it.

    Returns:
        A select of ``activity_id``, ``person_id``, ``account_id`` (text), ``occurred``, ``known`` (bigint microseconds),
        ``type``, ``side`` (text), ``machine``, ``starts_visit`` (boolean), and the needed properties (text, double, boolean,
        bigint microseconds), quoted.

    Raises:
        Unsupported: If this can't be said in that dialect.
    """
    found = [sources] if isinstance(sources, Source) else list(sources)
    sql = Dialect(dialect)
    rows = reduce(lambda a, b: exp.union(a, b, distinct=False), [_typed(sql, source, needs) for source in found])
    unique = len(found) == 1 and found[0].unique
    names = [*map(exp.column, FIXED), *(exp.column(name, quoted=True) for name in needs.properties)]
    select = _once(sql, rows, names, needs, unique=unique)
    if needs.bursts:
        select = _without_bursts(sql, select, names)
    return _with_visits(sql, select, names, needs)


def _typed(sql: Dialect, source: Source, needs: Needs) -> exp.Select:
    """Return the usable rows of a source under canonical names and types."""
    keys = {key: sql.text(source, key) for key in KEYS}
    made: dict[str, exp.Expr] = {
        **keys,
        "occurred": sql.time(source, "occurred_at"),
        "known": _known_at(sql, source),
        "type": sql.binary(sql.text(source, "type")),
        "side": _side(sql, source),
        "machine": exp.or_(*(list(_machine(sql, source)) or [exp.false()])),
    }
    columns = [value.as_(name) for name, value in made.items()]
    properties = [sql.property(source, name, column.type).as_(name, quoted=True) for name, column in needs.properties.items()]
    whose = exp.or_(*(_is_known(keys[key]) for key in KEYS[1:] if key in source.columns))
    usable = [_is_known(keys["activity_id"]), _is_known(sql.text(source, "type")), whose]
    usable += sql.in_range(source.columns["occurred_at"])
    return exp.select(*columns, *properties).from_(_aliased(source.rows, "r")).where(*usable)


def _known_at(sql: Dialect, source: Source) -> exp.Expr:
    occurred = sql.time(source, "occurred_at")
    if "received_at" not in source.columns:
        return occurred
    received = sql.time(source, "received_at")
    return exp.Case(ifs=[exp.If(this=exp.GT(this=received, expression=occurred), true=received.copy())], default=occurred.copy())


def _side(sql: Dialect, source: Source) -> exp.Expr:
    if "side" not in source.columns:
        return _string(Side.MARKETING)
    given = exp.func("nullif", exp.Lower(this=exp.Trim(this=sql.text(source, "side"))), _string(""))
    return exp.func("coalesce", given, _string(Side.MARKETING))


def _machine(sql: Dialect, source: Source) -> Iterator[exp.Expr]:
    """Yield what makes a row a machine's, each never unknown."""
    held = source.columns.get("machine")
    if held:
        yield _says_yes(sql.value(held, held.kind.type), held.kind.type)
    for name in ("is_bot", "property_machine"):
        if name in source.properties:
            kind = source.properties[name].type
            yield _says_yes(sql.property(source, name, kind), kind)
    if source.machine_agents:
        name = next(name for name in source.properties if name.lower() == "user_agent")
        listed = sql.property(source, name, Type.TEXT).isin(*map(_string, source.machine_agents))
        yield exp.func("coalesce", listed, exp.false())


def _says_yes(value: exp.Expr, kind: Type) -> exp.Expr:
    if kind is Type.TIME:
        return exp.false()
    if kind is Type.TEXT:
        value = exp.Lower(this=value).isin(*map(_string, _YES))
    elif kind is Type.NUMBER:
        value = exp.NEQ(this=value, expression=exp.Literal.number(0))
    return exp.func("coalesce", value, exp.false())


def _once(sql: Dialect, rows: exp.Query, names: Sequence[exp.Expr], needs: Needs, *, unique: bool) -> exp.Select:
    """Return each activity once, the row known first, and only of types that matter."""
    wanted: list[exp.Expr] = []
    if needs.types is not None:
        matter = [exp.column("type").isin(*map(_string, needs.types))] if needs.types else [exp.false()]
        wanted.append(exp.or_(*matter, *([_is_click()] if needs.bursts else [])))
    if unique:
        return exp.select(*_copies(names)).from_(rows.subquery("typed")).where(*wanted)
    # Where two rows are known at one instant, the columns that matter decide, so that the answer is always the same.
    ties = [exp.func("coalesce", exp.column(name), _string("")) for name in ("person_id", "account_id", "type")]
    order = [exp.column("known"), exp.column("occurred"), *map(sql.binary, ties)]
    nth = sql.window(exp.RowNumber(), [exp.column("activity_id")], order)
    numbered = exp.select(*_copies(names), nth.as_("nth")).from_(rows.subquery("typed"))
    first = exp.column("nth").eq(exp.Literal.number(1))
    return exp.select(*_copies(names)).from_(numbered.subquery("numbered")).where(first, *wanted)


def _without_bursts(sql: Dialect, select: exp.Select, names: Sequence[exp.Expr]) -> exp.Select:
    """Return the same with three clicks of one person within a second flagged as a machine's."""
    partition: list[exp.Expr] = [exp.column("person_id"), exp.column("is_click")]
    order = [exp.column("occurred"), sql.binary(exp.column("activity_id"))]

    def at(move: int) -> exp.Expr:
        return sql.moved(exp.column("occurred"), move, partition, order)

    spans = {
        "span_before": exp.Sub(this=exp.column("occurred"), expression=at(-2)),
        "span_around": exp.Sub(this=at(1), expression=at(-1)),
        "span_after": exp.Sub(this=at(2), expression=exp.column("occurred")),
    }
    click = exp.and_(_is_click(), _is_known(exp.column("person_id")))
    clicks = exp.select(*_copies(names), click.as_("is_click")).from_(select.subquery("once"))
    paced = exp.select(*_copies(names), "is_click", *(span.as_(name) for name, span in spans.items())).from_(clicks.subquery("clicks"))
    fast = [exp.func("coalesce", exp.LTE(this=exp.column(name), expression=exp.Literal.number(BURST)), exp.false()) for name in spans]
    machine = exp.or_(exp.column("machine", table="paced"), exp.and_(exp.column("is_click"), exp.or_(*fast)))
    kept = [machine.as_("machine") if name.name == "machine" and not name.this.quoted else name.copy() for name in names]
    return exp.select(*kept).from_(paced.subquery("paced"))


def _with_visits(sql: Dialect, select: exp.Select, names: Sequence[exp.Expr], needs: Needs) -> exp.Select:
    """Return the same with ``starts_visit``, which is false throughout if nobody asks."""
    fixed, properties = _copies(names[: len(FIXED)]), _copies(names[len(FIXED) :])
    if not needs.visits:
        return exp.select(*fixed, exp.false().as_("starts_visit"), *properties).from_(select.subquery("marked"))
    view = exp.and_(exp.column("type").eq(_string(PAGE_VIEW)), exp.not_(exp.column("machine")))
    viewed = exp.select(*_copies(names), view.as_("is_view")).from_(select.subquery("marked"))
    nobody = exp.Case(ifs=[exp.If(this=exp.column("person_id").is_(exp.null()), true=exp.column("account_id"))])
    order = [exp.column("occurred"), sql.binary(exp.column("activity_id"))]
    before = sql.moved(exp.column("occurred"), -1, [exp.column("person_id"), nobody, exp.column("is_view")], order)
    gaps = exp.select(*_copies(names), "is_view", exp.Sub(this=exp.column("occurred"), expression=before).as_("gap"))
    gaps = gaps.from_(viewed.subquery("viewed"))
    fresh = exp.or_(exp.column("gap").is_(exp.null()), exp.GTE(this=exp.column("gap"), expression=exp.Literal.number(GAP)))
    return exp.select(*fixed, exp.and_(exp.column("is_view"), fresh).as_("starts_visit"), *properties).from_(gaps.subquery("gaps"))


def _is_click() -> exp.Expr:
    return exp.Like(this=exp.Lower(this=exp.column("type")), expression=_string("%click%"))


def table(name: str, dialect: str) -> exp.Expr:
    """Return the rows of a table, its name as one writes it there."""
    return exp.to_table(name, dialect=dialect)


def query(text: str, dialect: str) -> exp.Expr:
    """Return the rows of a query.

    Raises:
        UsageError: If it isn't one query that only reads.
    """
    try:
        found = sqlglot.parse(text, dialect=dialect)
    except sqlglot.ParseError as error:
        raise UsageError(f"This query can't be read: {error}.", code="bad-query") from None
    if len(found) != 1 or not isinstance(found[0], exp.Query):
        raise UsageError("This is not one query that only reads.", "Write a single select.", code="bad-query")
    return found[0]


def _aliased(rows: exp.Expr, alias: str) -> exp.Expr:
    return rows.copy().subquery(alias) if isinstance(rows, exp.Query) else exp.alias_(rows.copy(), alias, table=True)


def _copies(columns: Sequence[exp.Expr]) -> list[exp.Expr]:
    return [column.copy() for column in columns]


def _is_known(value: exp.Expr) -> exp.Expr:
    return exp.not_(value.copy().is_(exp.null()))


def _string(text: str) -> exp.Expr:
    return exp.Literal.string(text)


def _call(name: str, *arguments: exp.Expr) -> exp.Expr:
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
        return exp.Window(this=call, partition_by=_copies(partition), order=by)

    def moved(self, value: exp.Expr, rows: int, partition: Sequence[exp.Expr], order: Sequence[exp.Expr]) -> exp.Expr:
        """Return the value so many rows later (or earlier), NULL beyond the ends of the partition."""
        offset = exp.Literal.number(abs(rows))
        if self.name != "clickhouse":
            return self.window((exp.Lead if rows > 0 else exp.Lag)(this=value, offset=offset), partition, order)
        found = self.window(_call("leadInFrame" if rows > 0 else "lagInFrame", value, offset), partition, order)
        whole = {"start": "UNBOUNDED", "start_side": "PRECEDING", "end": "UNBOUNDED", "end_side": "FOLLOWING"}
        found.set("spec", exp.WindowSpec(kind="ROWS", **whole))
        return found

    def column(self, held: Held) -> exp.Expr:
        """Return a column of the source."""
        return exp.column(held.name, table="r", quoted=True)

    def text(self, source: Source, name: str) -> exp.Expr:
        """Return a canonical column as text; empty text is NULL."""
        return self.value(source.columns[name], Type.TEXT) if name in source.columns else exp.cast(exp.null(), "TEXT")

    def time(self, source: Source, name: str) -> exp.Expr:
        """Return a canonical column as microseconds."""
        return self.value(source.columns[name], Type.TIME) if name in source.columns else exp.cast(exp.null(), "BIGINT")

    def in_range(self, held: Held) -> tuple[exp.Expr, exp.Expr]:
        """Return the conditions that a time is one that facts may have, on the column itself, so that an index helps."""
        midnight = {Kind.INSTANT: (" 00:00:00+00:00", "TIMESTAMPTZ"), Kind.DATETIME: (" 00:00:00", "TIMESTAMPNTZ")}
        rest, stored = midnight.get(held.kind, ("", "DATE"))
        first, last = (exp.cast(_string(day + rest), stored) for day in (EARLIEST, LATEST))
        if self.name == "clickhouse":
            parts = exp.Literal.number(6), _string("UTC")
            first, last = (_call("toDateTime64", _string(f"{day} 00:00:00"), *parts) for day in (EARLIEST, LATEST))
        return exp.GTE(this=self.column(held), expression=first), exp.LT(this=self.column(held), expression=last)

    def property(self, source: Source, name: str, to: Type) -> exp.Expr:
        """Return a property in a type."""
        found = source.properties.get(name)
        parts: list[exp.Expr] = []
        if found and found.column:
            parts.append(self.value(found.column, to))
        if found and found.keys:
            document = source.columns["properties"]
            parts += [self.key(document, key, to) for key in found.keys]
        if not parts:
            return exp.cast(exp.null(), _STORED[to])
        value = exp.func("coalesce", *parts) if len(parts) > 1 else parts[0]
        return self.binary(value) if to is Type.TEXT else value

    def value(self, held: Held, to: Type) -> exp.Expr:
        """Return a column in a type; what can't be read as that is NULL."""
        column = self.column(held)
        if to is Type.TEXT:
            return exp.func("nullif", column if held.kind is Kind.TEXT else exp.cast(column, "TEXT"), _string(""))
        if held.kind.type is not to:
            return exp.cast(exp.null(), _STORED[to])
        if to is Type.TIME:
            return exp.cast(_MICROS[self.name](column, held.kind), "BIGINT")
        return _finite(exp.cast(column, "DOUBLE")) if to is Type.NUMBER else column

    def key(self, document: Held, key: str, to: Type) -> exp.Expr:
        """Return the value under a key of JSON in a type; a value of another type is NULL."""
        if to is Type.TIME:
            return exp.cast(exp.null(), "BIGINT")
        value = _JSON[self.name](self.column(document), document.kind, key, to)
        return _finite(value) if to is Type.NUMBER else value


_STORED = {Type.TEXT: "TEXT", Type.NUMBER: "DOUBLE", Type.BOOLEAN: "BOOLEAN", Type.TIME: "BIGINT"}


def _finite(number: exp.Expr) -> exp.Expr:
    bounded = exp.LTE(this=exp.Abs(this=number.copy()), expression=exp.cast(exp.Literal.number(_LARGEST), "DOUBLE"))
    return exp.Case(ifs=[exp.If(this=bounded, true=number)])


def _micros_postgres(column: exp.Expr, kind: Kind) -> exp.Expr:
    del kind
    seconds = exp.Extract(this=exp.var("epoch"), expression=column)
    return exp.paren(exp.Mul(this=seconds, expression=exp.Literal.number(clock.SECOND)))


def _micros_duckdb(column: exp.Expr, kind: Kind) -> exp.Expr:
    del kind
    return _call("epoch_us", column)


def _micros_spark(column: exp.Expr, kind: Kind) -> exp.Expr:
    # What has no zone is read in the session's, which has to be UTC.
    return _call("unix_micros", column if kind is Kind.INSTANT else exp.cast(column, "TIMESTAMP"))


def _micros_snowflake(column: exp.Expr, kind: Kind) -> exp.Expr:
    del kind
    return _call("date_part", exp.var("epoch_microsecond"), column)


def _micros_bigquery(column: exp.Expr, kind: Kind) -> exp.Expr:
    return _call("unix_micros", column if kind is Kind.INSTANT else _call("timestamp", column))


def _micros_clickhouse(column: exp.Expr, kind: Kind) -> exp.Expr:
    del kind
    return _call("toUnixTimestamp64Micro", _call("toDateTime64", column, exp.Literal.number(6), _string("UTC")))


_MICROS = {
    "postgres": _micros_postgres, "duckdb": _micros_duckdb, "spark": _micros_spark, "databricks": _micros_spark,
    "snowflake": _micros_snowflake, "bigquery": _micros_bigquery, "clickhouse": _micros_clickhouse,
}  # fmt: skip


def _json_postgres(column: exp.Expr, kind: Kind, key: str, to: Type) -> exp.Expr:
    del kind
    document = exp.cast(column, "JSONB")
    text = _call("jsonb_extract_path_text", document, _string(key))
    if to is Type.TEXT:
        return text
    held = _call("jsonb_typeof", _call("jsonb_extract_path", document.copy(), _string(key)))
    return exp.Case(ifs=[exp.If(this=held.eq(_string(to)), true=exp.cast(text, _STORED[to]))])


def _json_duckdb(column: exp.Expr, kind: Kind, key: str, to: Type) -> exp.Expr:
    del kind
    pointer = "/" + key.replace("~", "~0").replace("/", "~1")
    text = _call("json_extract_string", column, _string(pointer))
    return _read(text, to)


def _json_spark(column: exp.Expr, kind: Kind, key: str, to: Type) -> exp.Expr:
    del kind
    text = _call("get_json_object", column, _string(f"$['{_plain(key)}']"))
    return _read(text, to)


def _json_snowflake(column: exp.Expr, kind: Kind, key: str, to: Type) -> exp.Expr:
    document = _call("try_parse_json", column) if kind is Kind.JSON_TEXT else column
    return _read(exp.cast(_call("get", document, _string(key)), "TEXT"), to)


def _json_bigquery(column: exp.Expr, kind: Kind, key: str, to: Type) -> exp.Expr:
    del kind
    text = _call("json_value", column, _string(f'$."{_plain(key)}"'))
    return _read(text, to)


def _json_clickhouse(column: exp.Expr, kind: Kind, key: str, to: Type) -> exp.Expr:
    del kind
    stored = {Type.TEXT: "String", Type.NUMBER: "Float64"}.get(to, "Bool")
    return _call("JSONExtract", column, _string(key), _string(f"Nullable({stored})"))


def _read(text: exp.Expr, to: Type) -> exp.Expr:
    return text if to is Type.TEXT else exp.TryCast(this=text, to=exp.DataType.build(_STORED[to]), safe=True)


def _plain(key: str) -> str:
    if any(letter in key for letter in "'\"\\[]"):
        says = f"The property '{key}' can't be read here: its name has quotes, backslashes or brackets."
        raise Unsupported(says, "Give it another name in a query.")
    return key


_JSON = {
    "postgres": _json_postgres, "duckdb": _json_duckdb, "spark": _json_spark, "databricks": _json_spark,
    "snowflake": _json_snowflake, "bigquery": _json_bigquery, "clickhouse": _json_clickhouse,
}  # fmt: skip

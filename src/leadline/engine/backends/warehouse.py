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

import contextlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import reduce

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from leadline import clock
from leadline.engine.backends.dialects import STORED, Dialect, copies, string
from leadline.engine.gather import Ask
from leadline.engine.model import Member, Program
from leadline.errors import Unsupported
from leadline.facts.model import PAGE_VIEW, VISIT, Column, Held, HeldProperty, RemoteSource, Side, Type

GAP = 30 * clock.MINUTE
BURST = clock.SECOND
KEYS = ("activity_id", "person_id", "account_id")
FIXED = (*KEYS, "occurred", "known", "type", "side", "machine")
_YES = ("true", "t", "yes", "y", "1")


@dataclass(frozen=True)
class Source:
    """Rows of activities in a database.

    Attributes:
        rows: A table or a query.
        columns: As in :class:`leadline.facts.model.RemoteSource`, like the others.
    """

    rows: exp.Expr
    columns: Mapping[str, Held]
    properties: Mapping[str, HeldProperty] = field(default_factory=dict[str, HeldProperty])
    unique: bool = False
    machine_agents: tuple[str, ...] = ()

    @classmethod
    def of(cls, remote: RemoteSource, dialect: str) -> Source:
        """Return what the mirror knows of activities in a database, ready to be asked.

        Raises:
            Unsupported: If the query can't be read.
        """
        rows = table(remote.table, dialect) if remote.table else query(remote.query, dialect)
        return cls(rows, remote.columns, remote.properties, remote.unique, remote.machine_agents)


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
        return cls._of_members([member for bit in program.bits for member in bit.members], program.properties)

    @classmethod
    def of_ask(cls, ask: Ask) -> Needs:
        """Return what one question needs."""
        members = [member for _, member in ask.members()]
        names = {name for member in members if member.where for name in member.where.names} | {*ask.program.values}
        return cls._of_members(members, {name: kind for name, kind in ask.program.properties.items() if name in names})

    @classmethod
    def _of_members(cls, members: Sequence[Member], properties: Mapping[str, Column]) -> Needs:
        types = {kind for member in members for kind in member.types}
        everything = any(not member.types for member in members)
        visits = VISIT in types
        bursts = any(
            not member.machines and (not member.types or any("click" in kind.lower() for kind in member.types)) for member in members
        )
        listed = tuple(sorted(types | ({PAGE_VIEW} if visits else set())))
        return cls(None if everything else listed, bursts, visits, properties)


@dataclass(frozen=True)
class Only:
    """Some activities: those whose ``person_id`` or ``activity_id`` is among the rows of a query."""

    column: str
    among: exp.Query

    def holds(self, value: exp.Expr) -> exp.Expr:
        """Return the condition that a value is among them."""
        return exp.In(this=value, query=self.among.copy().subquery())


def canonical(sources: Source | Sequence[Source], needs: Needs, dialect: str, only: Only | None = None) -> exp.Select:
    """Return the activities of the sources, each once.

    Args:
        sources: Where the rows are; several are put one after the other.
        needs: What is asked for. Types that nobody needs are left out.
        dialect: SQLGlot's name of the database that will run it.
        only: Which activities to return, if not all.

    Returns:
        A select of ``activity_id``, ``person_id``, ``account_id`` (text), ``occurred``, ``known`` (bigint microseconds),
        ``type``, ``side`` (text), ``machine``, ``starts_visit`` (boolean), and the needed properties (text, double, boolean,
        bigint microseconds), quoted.

    Raises:
        Unsupported: If this can't be said in that dialect.
    """
    given = [sources] if isinstance(sources, Source) else list(sources)
    sql = Dialect(dialect)
    unique = len(given) == 1 and given[0].unique
    few = only if only and (unique or only.column == "activity_id") else None  # a copy may be somebody else's
    typed = [_typed(sql, source, needs, few) for source in given]
    rows = reduce(lambda a, b: exp.union(a, b, distinct=False), typed)
    names = [*map(exp.column, FIXED), *(exp.column(name, quoted=True) for name in needs.properties)]
    select = _once(sql, rows, names, needs, unique=unique)
    if needs.bursts:
        select = _without_bursts(sql, select, names)
    found = _with_visits(sql, select, names, needs)
    return found.where(only.holds(exp.column(only.column))) if only else found


def _typed(sql: Dialect, source: Source, needs: Needs, only: Only | None) -> exp.Select:
    """Return the usable rows of a source under canonical names and types."""
    keys = {key: _text(sql, source, key) for key in KEYS}
    made: dict[str, exp.Expr] = {
        **keys,
        "occurred": _time(sql, source, "occurred_at"),
        "known": _known_at(sql, source),
        "type": sql.binary(_text(sql, source, "type")),
        "side": _side(sql, source),
        "machine": exp.or_(*(list(_machine(sql, source)) or [exp.false()])),
    }
    columns = [value.as_(name) for name, value in made.items()]
    properties = [_property(sql, source, name, column.type).as_(name, quoted=True) for name, column in needs.properties.items()]
    whose = exp.or_(*(_is_known(keys[key]) for key in KEYS[1:] if key in source.columns))
    usable = [_is_known(keys["activity_id"]), _is_known(_text(sql, source, "type")), whose]
    usable += sql.in_range(source.columns["occurred_at"])
    if only and only.column in source.columns:
        usable.append(only.holds(sql.plain(source.columns[only.column])))
    return exp.select(*columns, *properties).from_(_aliased(source.rows, "r")).where(*usable)


def _text(sql: Dialect, source: Source, name: str) -> exp.Expr:
    return sql.value(source.columns[name], Type.TEXT) if name in source.columns else exp.cast(exp.null(), STORED[Type.TEXT])


def _time(sql: Dialect, source: Source, name: str) -> exp.Expr:
    return sql.value(source.columns[name], Type.TIME)


def _property(sql: Dialect, source: Source, name: str, to: Type) -> exp.Expr:
    found = source.properties.get(name)
    parts: list[exp.Expr] = []
    if found and found.column:
        parts.append(sql.value(found.column, to))
    if found and found.keys:
        document = source.columns["properties"]
        parts += [sql.key(document, key, to) for key in found.keys]
    if not parts:
        return exp.cast(exp.null(), STORED[to])
    value = exp.func("coalesce", *parts) if len(parts) > 1 else parts[0]
    return sql.binary(value) if to is Type.TEXT else value


def _known_at(sql: Dialect, source: Source) -> exp.Expr:
    occurred = _time(sql, source, "occurred_at")
    if "received_at" not in source.columns:
        return occurred
    received = _time(sql, source, "received_at")
    return exp.Case(ifs=[exp.If(this=exp.GT(this=received, expression=occurred), true=received.copy())], default=occurred.copy())


def _side(sql: Dialect, source: Source) -> exp.Expr:
    if "side" not in source.columns:
        return string(Side.MARKETING)
    given = exp.func("nullif", exp.Lower(this=exp.Trim(this=_text(sql, source, "side"))), string(""))
    return exp.func("coalesce", given, string(Side.MARKETING))


def _machine(sql: Dialect, source: Source) -> Iterator[exp.Expr]:
    """Yield what makes a row a machine's, each never unknown."""
    held = source.columns.get("machine")
    if held:
        yield _says_yes(sql.value(held, held.kind.type), held.kind.type)
    for name in ("is_bot", "property_machine"):
        if name in source.properties:
            kind = source.properties[name].type
            yield _says_yes(_property(sql, source, name, kind), kind)
    if source.machine_agents:
        name = next(name for name in source.properties if name.lower() == "user_agent")
        listed = _property(sql, source, name, Type.TEXT).isin(*map(string, source.machine_agents))
        yield exp.func("coalesce", listed, exp.false())


def _says_yes(value: exp.Expr, kind: Type) -> exp.Expr:
    if kind is Type.TIME:
        return exp.false()
    if kind is Type.TEXT:
        value = exp.Lower(this=value).isin(*map(string, _YES))
    elif kind is Type.NUMBER:
        value = exp.NEQ(this=value, expression=exp.Literal.number(0))
    return exp.func("coalesce", value, exp.false())


def _once(sql: Dialect, rows: exp.Query, names: Sequence[exp.Expr], needs: Needs, *, unique: bool) -> exp.Select:
    """Return each activity once, the row known first, and only of types that matter."""
    wanted: list[exp.Expr] = []
    if needs.types is not None:
        matter = [exp.column("type").isin(*map(string, needs.types))] if needs.types else [exp.false()]
        wanted.append(exp.or_(*matter, *([_is_click()] if needs.bursts else [])))
    if unique:
        return exp.select(*copies(names)).from_(rows.subquery("typed")).where(*wanted)
    # Where two rows are known at one instant, the columns that matter decide, so that the answer is always the same.
    ties = [exp.func("coalesce", exp.column(name), string("")) for name in ("person_id", "account_id", "type")]
    order = [exp.column("known"), exp.column("occurred"), *map(sql.binary, ties)]
    nth = sql.window(exp.RowNumber(), [exp.column("activity_id")], order)
    numbered = exp.select(*copies(names), nth.as_("nth")).from_(rows.subquery("typed"))
    first = exp.column("nth").eq(exp.Literal.number(1))
    return exp.select(*copies(names)).from_(numbered.subquery("numbered")).where(first, *wanted)


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
    clicks = exp.select(*copies(names), click.as_("is_click")).from_(select.subquery("once"))
    paced = exp.select(*copies(names), "is_click", *(span.as_(name) for name, span in spans.items())).from_(clicks.subquery("clicks"))
    fast = [exp.func("coalesce", exp.LTE(this=exp.column(name), expression=exp.Literal.number(BURST)), exp.false()) for name in spans]
    machine = exp.or_(exp.column("machine", table="paced"), exp.and_(exp.column("is_click"), exp.or_(*fast)))
    kept = [machine.as_("machine") if name.name == "machine" and not name.this.quoted else name.copy() for name in names]
    return exp.select(*kept).from_(paced.subquery("paced"))


def _with_visits(sql: Dialect, select: exp.Select, names: Sequence[exp.Expr], needs: Needs) -> exp.Select:
    """Return the same with ``starts_visit``, which is false throughout if nobody asks."""
    fixed, properties = copies(names[: len(FIXED)]), copies(names[len(FIXED) :])
    if not needs.visits:
        return exp.select(*fixed, exp.false().as_("starts_visit"), *properties).from_(select.subquery("marked"))
    view = exp.and_(exp.column("type").eq(string(PAGE_VIEW)), exp.not_(exp.column("machine")))
    viewed = exp.select(*copies(names), view.as_("is_view")).from_(select.subquery("marked"))
    nobody = exp.Case(ifs=[exp.If(this=exp.column("person_id").is_(exp.null()), true=exp.column("account_id"))])
    order = [exp.column("occurred"), sql.binary(exp.column("activity_id"))]
    before = sql.moved(exp.column("occurred"), -1, [exp.column("person_id"), nobody, exp.column("is_view")], order)
    gaps = exp.select(*copies(names), "is_view", exp.Sub(this=exp.column("occurred"), expression=before).as_("gap"))
    gaps = gaps.from_(viewed.subquery("viewed"))
    fresh = exp.or_(exp.column("gap").is_(exp.null()), exp.GTE(this=exp.column("gap"), expression=exp.Literal.number(GAP)))
    return exp.select(*fixed, exp.and_(exp.column("is_view"), fresh).as_("starts_visit"), *properties).from_(gaps.subquery("gaps"))


def _is_click() -> exp.Expr:
    return exp.Like(this=exp.Lower(this=exp.column("type")), expression=string("%click%"))


def table(name: str, dialect: str) -> exp.Expr:
    """Return the rows of a table, its name as one writes it there."""
    return exp.to_table(name, dialect=dialect)


def query(text: str, dialect: str) -> exp.Expr:
    """Return the rows of a query.

    Raises:
        Unsupported: If it can't be read as one query.
    """
    with contextlib.suppress(SqlglotError):
        found = sqlglot.parse(text, dialect=dialect)
        if len(found) == 1 and isinstance(found[0], exp.Query):
            return found[0]
    raise Unsupported("The query of the activities can't be read as one select.", "Make a view of it, and name the view.")


def _aliased(rows: exp.Expr, alias: str) -> exp.Expr:
    return rows.copy().subquery(alias) if isinstance(rows, exp.Query) else exp.alias_(rows.copy(), alias, table=True)


def _is_known(value: exp.Expr) -> exp.Expr:
    return exp.not_(value.copy().is_(exp.null()))

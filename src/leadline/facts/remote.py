"""Activities that stay in PostgreSQL or Spark: what they look like there, found by asking the database; no row of them is copied.

What belongs here: columns and their types, properties and the JSON keys behind them, machines' user agents, counts for the
report, and who occurs in them. How they are classified belongs to the engine. Rows that can't be read as facts are refused,
even under ``on_bad_rows: quarantine``, since nothing can be set aside where facts are only read. What engines say in different ways
stands in :mod:`leadline.facts.postgres` and :mod:`leadline.facts.spark`.
"""

from __future__ import annotations

import contextlib
from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from leadline.errors import Problem, ServiceFailed
from leadline.facts import arrivals, columns, database, derive, elsewhere, properties, remote_rules
from leadline.facts.columns import Field
from leadline.facts.database import SqlFailed, fill
from leadline.facts.elsewhere import Elsewhere
from leadline.facts.landing import Landed
from leadline.facts.model import Column, Held, HeldAs, HeldProperty, Relation, Remote, RemoteSource, Type
from leadline.facts.properties import MOST_KEYS, NOT_PROPERTIES
from leadline.facts.report import ColumnReport, RelationReport, SourceReport
from leadline.facts.sources import Kind, Origin

_IN_DUCKDB = {
    HeldAs.NUMBER: "DOUBLE", HeldAs.BOOLEAN: "BOOLEAN", HeldAs.INSTANT: "TIMESTAMP", HeldAs.DATETIME: "TIMESTAMP", HeldAs.DATE: "DATE",
}  # fmt: skip
_ROWS = "select $columns from (\n$rows\n) as facts $rest"
_NOTHING = "nullif('', '')"  # NULL, and a text everywhere
_BAD_TIME = "Its type is {type}: cast it in a query or a view."


@dataclass
class Looked:
    """One source, as looked at: where its columns are, and what was counted.

    Attributes:
        there: The engine.
        held: Our name → the column there.
        keys: JSON key → its type; ``None`` if all its values are null.
        counts: JSON key → how often it occurs.
    """

    there: Elsewhere
    origin: Origin
    held: dict[str, Held]
    unique: bool = False
    rows: int = 0
    kept: int = 0
    first: int | None = None
    last: int | None = None
    filled: dict[str, int] = field(default_factory=dict[str, int])
    keys: dict[str, Type | None] = field(default_factory=dict[str, "Type | None"])
    counts: dict[str, int] = field(default_factory=dict[str, int])
    types: dict[str, int] = field(default_factory=dict[str, int])


@dataclass(frozen=True)
class Found:
    """What was found out about activities that stay in the database.

    Attributes:
        remote: For the engine.
        properties: For the schema.
        types: Types of activity with their counts.
        report: For the report.
        cut: JSON keys left out because there were too many.
        machines: How many were flagged, by the data or by user agent; the pace of clicks is seen only when scoring.
    """

    remote: Remote
    properties: Mapping[str, Column]
    types: Mapping[str, int]
    report: RelationReport
    cut: tuple[str, ...]
    machines: int


def stays(engine: str, origins: Iterable[Origin]) -> list[Origin]:
    """Return the activities that stay where they are: tables and queries, of Spark also Parquet files."""
    there = elsewhere.of(engine)
    all_of_them = [one for one in origins if one.relation == Relation.ACTIVITIES]
    staying = [one for one in all_of_them if there and one.kind in there.STAYING]
    if len(staying) < len(all_of_them) and all(one.kind is Kind.PARQUET for one in staying):
        return []  # beside CSV, other files are read as CSV is
    return [one for one in staying if one.kind is not Kind.PARQUET or one.files]


def mixed(origins: Iterable[Origin], staying: Sequence[Origin]) -> Iterator[Problem]:
    """Yield a problem if some activities stay in the database and others are files."""
    files = [one for one in origins if one.relation == Relation.ACTIVITIES and one not in staying]
    if staying and files:
        says = f"activities come from the database ('{staying[0].label}') and from files ('{files[0].label}')."
        yield Problem("mixed-activities", files[0].where, says, "Load the files into a table of the database, or take all from files.")


def look(engine: str, origins: Sequence[Origin], now: int) -> tuple[list[Looked], list[Problem]]:
    """Return what the sources look like, and what is wrong with them."""
    found: list[Looked] = []
    problems: list[Problem] = []
    there = elsewhere.of(engine)
    if there is None:
        return found, problems
    for origin in origins:
        try:
            with there.connected(engine) as cursor:
                looked, wrong = _columns(there, cursor, origin)
                if not wrong:
                    wrong = _count(cursor, looked, now)
                if not wrong:
                    _look_inside(cursor, looked)
        except SqlFailed as error:
            what = "this query" if origin.kind is Kind.QUERY else f"'{origin.label}'"
            problems.append(Problem("bad-query", origin.where, f"{there.SYSTEM} can't read {what}: {error}", f"Try it in {there.SYSTEM}."))
            continue
        found.append(looked)
        problems += wrong
    return found, problems


def _all(cursor: Any, sql: str, **parts: str) -> list[tuple[Any, ...]]:
    cursor.execute(fill(sql, **parts))
    return cursor.fetchall()


def _columns(there: Elsewhere, cursor: Any, origin: Origin) -> tuple[Looked, list[Problem]]:
    """Return where the columns are, by the mapping and by their names; and whether each can be read as what it has to be."""
    given = there.columns_of(cursor, origin)
    types = {raw: kind for raw, kind, _ in given}
    stored = {raw: held for raw, _, held in given}
    landed = Landed(origin, "", {raw: _IN_DUCKDB.get(kind, "VARCHAR") for raw, kind in stored.items()})
    fields, problems = columns.fields(landed)
    held = {one.name: Held(one.raw, stored[one.raw]) for one in fields}
    if held.get("properties", Held("", HeldAs.JSON)).kind is HeldAs.TEXT:
        held["properties"] = replace(held["properties"], kind=HeldAs.JSON_TEXT)
    problems += _unreadable(origin, fields, held, types)
    unique = not problems and there.is_unique(cursor, origin, held["activity_id"].name)
    return Looked(there, origin, held, unique), problems


def _unreadable(origin: Origin, fields: Sequence[Field], held: Mapping[str, Held], types: Mapping[str, str]) -> Iterator[Problem]:
    for one in fields:
        kind = held[one.name].kind
        if one.name in {"occurred_at", "received_at"} and kind.type is not Type.TIME:
            says = f"'{one.raw}' of {origin.label} is not a time."
            yield Problem("bad-time", origin.where, says, _BAD_TIME.format(type=types[one.raw]))
        if one.name == "properties" and kind not in {HeldAs.JSON, HeldAs.JSON_TEXT}:
            says = f"'{one.raw}' of {origin.label} is not JSON."
            yield Problem("bad-json", origin.where, says, _BAD_TIME.format(type=types[one.raw]))
    if "activity_id" not in held:
        says = f"{origin.label} has no column 'activity_id', which activities in a database need."
        yield Problem("missing-column", origin.where, says, "Map it: columns: {activity_id: its name there}.")


def _count(cursor: Any, looked: Looked, now: int) -> list[Problem]:
    """Count rows, and rows that break a rule."""
    there, held = looked.there, looked.held
    rules, at = list(remote_rules.rules(there, held, now)), there.micros(held["occurred_at"])
    filled = ", ".join(f"count({there.name(one.name)})" for one in held.values())
    broken = "".join(f", count(*) filter (where {rule.broken})" for rule in rules)
    span = ", ".join(f"cast({end}({at}) filter (where {remote_rules.in_range(at)}) as bigint)" for end in ("min", "max"))
    counts = f"count(*), {_once(looked)}, {span}, {filled}{broken}"
    ((looked.rows, looked.kept, looked.first, looked.last, *rest),) = _all(
        cursor, _ROWS, columns=counts, rows=there.query_of(looked.origin), rest=""
    )
    looked.filled = dict(zip(held, rest, strict=False))
    return [rule.problem(looked.origin, count) for rule, count in zip(rules, rest[len(held) :], strict=True) if count]


def _once(looked: Looked) -> str:
    return "count(*)" if looked.unique else f"count(distinct {looked.there.name(looked.held['activity_id'].name)})"


def _look_inside(cursor: Any, looked: Looked) -> None:
    """Find the keys of the JSON, and the types of activity."""
    there, origin = looked.there, looked.origin
    if "properties" in looked.held:
        for key, count, numbers, booleans in there.keys_of(cursor, origin, looked.held["properties"]):
            looked.keys[str(key)] = properties.verdict(numbers, booleans)
            looked.counts[str(key)] = int(count)
    columns = f"{there.as_text(looked.held['type'])}, {_once(looked)}"
    by_type = _all(cursor, _ROWS, columns=columns, rows=there.query_of(origin), rest="group by 1 order by 2 desc, 1")
    looked.types = {str(found): int(count) for found, count in by_type}


def put_together(engine: str, sources: Sequence[Looked], taken: Iterable[str]) -> Found:
    """Return everything about the sources together.

    Args:
        engine: The database.
        sources: The sources.
        taken: The attributes that people have from the data.
    """
    plain: dict[str, set[Type]] = {}
    counts: dict[str, int] = {}
    kinds: dict[str, set[Type | None]] = {}
    for one in sources:
        for column, held in one.held.items():
            if column not in NOT_PROPERTIES:
                plain.setdefault(column, set()).add(held.kind.type)
        for key, count in one.counts.items():
            counts[key] = counts.get(key, 0) + count
            kinds.setdefault(key, set()).add(one.keys[key])
    ranked = sorted(counts, key=lambda key: (-counts[key], key))
    keys, cut = ranked[:MOST_KEYS], ranked[MOST_KEYS:]
    found = properties.combined(
        {column: properties.one_type({*types}) for column, types in plain.items()}, keys, {key: _agreed(kinds[key]) for key in keys}
    )
    remote = [_source(engine, one, found, keys) for one in sources]
    missing = tuple(attribute for attribute in arrivals.NAMES if attribute not in set(taken))
    types: dict[str, int] = {}
    for one in sources:
        for kind, count in one.types.items():
            types[kind] = types.get(kind, 0) + count
    return Found(
        Remote(tuple(source for source, _ in remote), missing),
        {one.name: Column(one.type) for one in found},
        dict(sorted(types.items(), key=lambda item: (-item[1], item[0]))),
        _report(sources),
        tuple(cut),
        sum(machines for _, machines in remote),
    )


def _agreed(kinds: set[Type | None]) -> Type | None:
    return None if kinds == {None} else properties.one_type(kinds)


def _source(engine: str, looked: Looked, found: Sequence[properties.Property], keys: Sequence[str]) -> tuple[RemoteSource, int]:
    """Return a source for the engine, and how many of its rows are machines'."""
    kept: dict[str, HeldProperty] = {}
    for one in found:
        column = looked.held.get(one.column) if one.column else None
        own = tuple(keys[at] for at in one.keys if keys[at] in looked.keys)
        if column or own:
            kept[one.name] = HeldProperty(one.type, column, own)
    table = looked.there.table_of(looked.origin)
    query = "" if table else looked.there.query_of(looked.origin)
    agents = _machine_agents(engine, looked, kept)
    columns = {column: held for column, held in looked.held.items() if column in NOT_PROPERTIES}
    return RemoteSource(table, query, columns, kept, looked.unique, tuple(agents)), sum(agents.values())


def _machine_agents(engine: str, looked: Looked, kept: Mapping[str, HeldProperty]) -> dict[str, int]:
    """Return the user agents that are machines, with their counts."""
    agent = next((kept[one] for one in kept if one.lower() == "user_agent"), None)
    if agent is None or agent.type is not Type.TEXT:
        return {}
    there = looked.there
    parts = [there.as_text(agent.column)] if agent.column else []
    parts += [there.under(looked.held["properties"], key) for key in agent.keys]
    columns = f"coalesce({', '.join(parts)}, null), count(*)"
    with _served(there), there.connected(engine) as cursor:
        seen = _all(cursor, _ROWS, columns=columns, rows=there.query_of(looked.origin), rest="group by 1")
    return {str(found): int(count) for found, count in seen if found is not None and derive.is_machine_agent(str(found))}


def _report(sources: Sequence[Looked]) -> RelationReport:
    rows, kept = sum(one.rows for one in sources), sum(one.kept for one in sources)
    firsts, lasts = [one.first for one in sources if one.first is not None], [one.last for one in sources if one.last is not None]
    names = list(dict.fromkeys(column for one in sources for column in one.held))
    reports: list[ColumnReport] = []
    for column in names:
        types = {one.held[column].kind.type for one in sources if column in one.held}
        filled = sum(one.filled.get(column, 0) for one in sources)
        reports.append(ColumnReport(column, properties.one_type({*types}), 1 - filled / rows if rows else 1.0))
    return RelationReport(
        tuple(SourceReport(one.origin.label, 1, one.rows) for one in sources),
        rows,
        kept,
        rows - kept,
        0,
        tuple(reports),
        min(firsts, default=None),
        max(lasts, default=None),
    )


def land_who(engine: str, sources: Sequence[Looked], folder: Path) -> str:
    """Write who occurs in the activities and how often; return SQL of ``person_id``, ``account_id``, ``activities``."""
    folder.mkdir(parents=True, exist_ok=True)
    files: list[Path] = []
    for at, looked in enumerate(sources):
        there, held = looked.there, looked.held
        who = [f"{there.as_text(held[one]) if one in held else _NOTHING} as {one}" for one in ("person_id", "account_id")]
        rows = there.query_of(looked.origin)
        query = fill(_ROWS, columns=f"{', '.join(who)}, count(*) as activities", rows=rows, rest="group by 1, 2")
        files.append(folder / f"who-{at}.parquet")
        with _served(there):
            there.land(engine, replace(looked.origin, kind=Kind.QUERY, sql=query), files[-1])
    return f"read_parquet([{database.texts(files)}])"


@contextlib.contextmanager
def _served(there: Elsewhere) -> Generator[None]:
    """Turn what fails although it worked before into a fault of the engine."""
    try:
        yield
    except SqlFailed as error:
        raise ServiceFailed(f"{there.SYSTEM} says: {error}", "Try again when it answers.") from error

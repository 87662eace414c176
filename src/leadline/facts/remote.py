"""Activities that stay in PostgreSQL: what they look like there, found by asking the database; no row of them is copied.

What belongs here: columns and their types, properties and the JSON keys behind them, machines' user agents, counts for the
report, and who occurs in them. How they are classified belongs to the engine. Rows that can't be read as facts are refused,
even under ``on_bad_rows: quarantine``, since nothing can be set aside in a database that is only read.
"""

from __future__ import annotations

import contextlib
from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from leadline.errors import Problem, ServiceFailed
from leadline.facts import arrivals, columns, database, derive, postgres, properties, remote_rules
from leadline.facts.columns import Field
from leadline.facts.database import SqlFailed, fill, name, text
from leadline.facts.landing import Landed
from leadline.facts.model import Column, Held, HeldAs, HeldProperty, Relation, Remote, RemoteSource, Type
from leadline.facts.properties import MOST_KEYS, NOT_PROPERTIES
from leadline.facts.report import ColumnReport, RelationReport, SourceReport
from leadline.facts.sources import Kind, Origin

_AS = {
    "text": HeldAs.TEXT, "character varying": HeldAs.TEXT, "boolean": HeldAs.BOOLEAN, "date": HeldAs.DATE, "json": HeldAs.JSON,
    "jsonb": HeldAs.JSON, "timestamp with time zone": HeldAs.INSTANT, "timestamp without time zone": HeldAs.DATETIME,
    **dict.fromkeys(("smallint", "integer", "bigint", "numeric", "real", "double precision"), HeldAs.NUMBER),
}  # fmt: skip
_IN_DUCKDB = {
    HeldAs.NUMBER: "DOUBLE", HeldAs.BOOLEAN: "BOOLEAN", HeldAs.INSTANT: "TIMESTAMP", HeldAs.DATETIME: "TIMESTAMP", HeldAs.DATE: "DATE",
}  # fmt: skip
_KINDS = "select $kinds from (select 1) as one left join lateral (\n$rows\n) as facts on false"
_ROWS = "select $columns from (\n$rows\n) as facts $rest"
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
_BAD_TIME = "Its type is {type}: cast it in a query or a view."


@dataclass
class Looked:
    """One source, as looked at: where its columns are, and what was counted.

    Attributes:
        held: Our name → the column there.
        keys: JSON key → its type; ``None`` if all its values are null.
        counts: JSON key → how often it occurs.
    """

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
    """Return the activities that stay where they are: tables and queries of PostgreSQL."""
    if not engine.startswith(postgres.PREFIXES):
        return []
    return [one for one in origins if one.relation == Relation.ACTIVITIES and one.kind in {Kind.TABLE, Kind.QUERY}]


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
    for origin in origins:
        try:
            with postgres.connected(engine) as cursor:
                looked, wrong = _columns(cursor, origin)
                if not wrong:
                    wrong = _count(cursor, looked, now)
                if not wrong:
                    _look_inside(cursor, looked)
        except SqlFailed as error:
            what = "this query" if origin.kind is Kind.QUERY else f"the table '{origin.label}'"
            problems.append(Problem("bad-query", origin.where, f"PostgreSQL can't read {what}: {error}", "Try it in PostgreSQL."))
            continue
        found.append(looked)
        problems += wrong
    return found, problems


def _all(cursor: Any, sql: str, **parts: str) -> list[tuple[Any, ...]]:
    cursor.execute(fill(sql, **parts))
    return cursor.fetchall()


def _columns(cursor: Any, origin: Origin) -> tuple[Looked, list[Problem]]:
    """Return where the columns are, by the mapping and by their names; and whether each can be read as what it has to be."""
    rows = postgres.query_of(origin)
    cursor.execute(fill(_ROWS, columns="*", rows=rows, rest="limit 0"))
    raws = [str(column[0]) for column in cursor.description]
    (kinds,) = _all(cursor, _KINDS, kinds=", ".join(f"cast(pg_typeof(facts.{name(raw)}) as text)" for raw in raws), rows=rows)
    types = dict(zip(raws, map(str, kinds), strict=True))
    stored = {raw: _AS.get(kind, HeldAs.OTHER) for raw, kind in types.items()}
    landed = Landed(origin, "", {raw: _IN_DUCKDB.get(kind, "VARCHAR") for raw, kind in stored.items()})
    fields, problems = columns.fields(landed)
    held = {one.name: Held(one.raw, stored[one.raw]) for one in fields}
    if held.get("properties", Held("", HeldAs.JSON)).kind is HeldAs.TEXT:
        held["properties"] = replace(held["properties"], kind=HeldAs.JSON_TEXT)
    problems += _unreadable(origin, fields, held, types)
    table = origin.sql if origin.kind is Kind.TABLE else ""
    looked = Looked(origin, held)
    if table and not problems:
        looked.unique = _all(cursor, _UNIQUE, table=text(table), column=text(held["activity_id"].name))[0][0] > 0
    return looked, problems


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
    held, rules = looked.held, list(remote_rules.rules(looked.held, now))
    at = remote_rules.micros(held["occurred_at"])
    kept = "count(*)" if looked.unique else f"count(distinct {name(held['activity_id'].name)})"
    filled = ", ".join(f"count({name(one.name)})" for one in held.values())
    broken = "".join(f", count(*) filter (where {rule.broken})" for rule in rules)
    span = ", ".join(f"cast({end}({at}) filter (where {remote_rules.in_range(at)}) as bigint)" for end in ("min", "max"))
    counts = f"count(*), {kept}, {span}, {filled}{broken}"
    ((looked.rows, looked.kept, looked.first, looked.last, *rest),) = _all(
        cursor, _ROWS, columns=counts, rows=postgres.query_of(looked.origin), rest=""
    )
    looked.filled = dict(zip(held, rest, strict=False))
    return [rule.problem(looked.origin, count) for rule, count in zip(rules, rest[len(held) :], strict=True) if count]


def _look_inside(cursor: Any, looked: Looked) -> None:
    """Find the keys of the JSON, and the types of activity."""
    rows = postgres.query_of(looked.origin)
    if "properties" in looked.held:
        held = looked.held["properties"]
        json = f"nullif({name(held.name)}, '')" if held.kind is HeldAs.JSON_TEXT else name(held.name)
        for key, count, numbers, booleans in _all(cursor, _KEYS, json=json, rows=rows):
            looked.keys[str(key)] = properties.verdict(numbers, booleans)
            looked.counts[str(key)] = int(count)
    kind, single = name(looked.held["type"].name), name(looked.held["activity_id"].name)
    counted = "count(*)" if looked.unique else f"count(distinct {single})"
    by_type = _all(cursor, _ROWS, columns=f"cast({kind} as text), {counted}", rows=rows, rest="group by 1 order by 2 desc, 1")
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
    origin = looked.origin
    table, query = (origin.sql, "") if origin.kind is Kind.TABLE else ("", postgres.query_of(origin))
    agents = _machine_agents(engine, looked, kept)
    columns = {column: held for column, held in looked.held.items() if column in NOT_PROPERTIES}
    return RemoteSource(table, query, columns, kept, looked.unique, tuple(agents)), sum(agents.values())


def _machine_agents(engine: str, looked: Looked, kept: Mapping[str, HeldProperty]) -> dict[str, int]:
    """Return the user agents that are machines, with their counts."""
    agent = next((kept[one] for one in kept if one.lower() == "user_agent"), None)
    if agent is None or agent.type is not Type.TEXT:
        return {}
    parts = [f"nullif(cast({name(agent.column.name)} as text), '')"] if agent.column else []
    if agent.keys:
        json = f"cast({name(looked.held['properties'].name)} as jsonb)"
        parts += [f"jsonb_extract_path_text({json}, {text(key)})" for key in agent.keys]
    columns = f"coalesce({', '.join(parts)}, null), count(*)"
    with _served(), postgres.connected(engine) as cursor:
        seen = _all(cursor, _ROWS, columns=columns, rows=postgres.query_of(looked.origin), rest="group by 1")
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
        held = looked.held
        who = [
            f"nullif(cast({name(held[column].name)} as text), '') as {column}" if column in held else f"cast(null as text) as {column}"
            for column in ("person_id", "account_id")
        ]
        rows = postgres.query_of(looked.origin)
        query = fill(_ROWS, columns=f"{', '.join(who)}, count(*) as activities", rows=rows, rest="group by 1, 2")
        files.append(folder / f"who-{at}.parquet")
        with _served():
            postgres.land(engine, replace(looked.origin, kind=Kind.QUERY, sql=query), files[-1])
    return f"read_parquet([{database.texts(files)}])"


@contextlib.contextmanager
def _served() -> Generator[None]:
    """Turn what fails although it worked before into a fault of the database."""
    try:
        yield
    except SqlFailed as error:
        raise ServiceFailed(f"PostgreSQL says: {error}", "Try again when it answers.") from error

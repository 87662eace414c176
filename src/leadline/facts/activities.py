"""Activities: each counted once, in the order of person and time, with machines flagged and visits begun.

All rows are staged once, typed and split into parts of whole people; then each part is ordered and written. So memory holds
one part at a time, however many activities there are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from leadline import clock
from leadline.facts import database, derive, derived, properties
from leadline.facts.database import Database
from leadline.facts.model import PAGE_VIEW, Type
from leadline.facts.properties import Properties
from leadline.facts.relations import RelationRows

PART_ROWS = 2_000_000
IN_MEMORY = 8_000_000
GAP = 30 * clock.MINUTE
BURST = clock.SECOND

_ROWS = """
select *, $id as __id, $person as __person, $account as __account, greatest(occurred_at, $received) as __known, $made as __made
from ($rows)
"""
_REPEATED = """
create temp table repeated as
select __source, __file, __row, hash(__id) as h, __made as made,
       row_number() over (
         partition by __id order by __known, occurred_at, md5(cast(row($content) as varchar)), __source, __file, __row
       ) as copy
from ($rows) where hash(__id) in (select h from (select hash(__id) as h from ($rows)) group by h having count(*) > 1)
"""
_PARTS = """
create temp table person_parts as
with counted as (select c.person_code, count(*) as activities from ($rows) r join person_codes c on c.person_id = r.__person group by all)
select c.person_id, c.person_code, activities,
       cast(coalesce((sum(activities) over (order by c.person_code) - activities) // $size, 0) as integer) as part
from person_codes c left join counted using (person_code)
"""
_STAGED = """
select $id as activity_id, p.person_code, coalesce(p.part, $first_stranger + hash(coalesce(r.__person, r.__account)) % $strangers) as part,
       case when p.person_code is null then r.__person end as __stranger, a.account_code as __account, r.occurred_at as occurred,
       r.__known as known, r.type, coalesce(nullif(lower(trim($side)), ''), 'marketing') as side, $machine as __hint $properties
from (select *, $extracted as __x from ($rows)) r
left join person_parts p on p.person_id = r.__person
left join account_codes a on a.account_id = r.__account
$once
"""
_ONCE = """
left join repeated d on d.h = hash(r.__id) and d.__source = r.__source and d.__file = r.__file and d.__row = r.__row
where d.copy is null or d.copy = 1 or r.__made
"""
_NUMBERED = "case when r.__made and d.copy > 1 then r.__id || '-' || d.copy else r.__id end"
_AGENTS = "select user_agent from $part where user_agent is not null"
_LOADED = """
create or replace temp table part as select * exclude (__hint), __hint or $agent as machine from $part
"""
_CLICKS = """
create or replace temp table bursts as
select rid from (
  select rowid as rid, occurred, lag(occurred) over w as l1, lag(occurred, 2) over w as l2, lead(occurred) over w as n1,
         lead(occurred, 2) over w as n2
  from part where contains(lower(type), 'click') and (person_code is not null or __stranger is not null)
  window w as (partition by person_code, __stranger order by occurred, activity_id)
) where occurred - l2 <= $burst or n2 - occurred <= $burst or n1 - l1 <= $burst
"""
_VISITS = """
create or replace temp table visits as
select rid from (
  select rowid as rid, occurred - lag(occurred) over (
    partition by person_code, __stranger, case when person_code is null and __stranger is null then __account end
    order by occurred, activity_id
  ) as gap
  from part where type = '$page_view' and not machine
) where gap is null or gap >= $gap
"""
_PERSONS_ACCOUNT = """
create temp table settled_accounts as
select person_code, any_value(account_code) as account_code from people_base
group by person_code having count(*) = 1 and count(account_code) = 1;
create temp table moving_accounts as
select person_code, valid_from, account_code from people_base
where person_code in (select person_code from people_base group by person_code having count(*) > 1 and count(account_code) > 0)
"""
_PART = """
copy (
  select s.activity_id, s.person_code, coalesce(s.__account, f.account_code, m.account_code) as account_code, s.occurred, s.known,
         s.type, s.side, s.machine, v.rid is not null as starts_visit $properties
  from part s
  left join visits v on v.rid = s.rowid
  left join settled_accounts f on f.person_code = s.person_code
  asof left join moving_accounts m on m.person_code = s.person_code and s.occurred >= m.valid_from
  order by s.person_code nulls last, s.occurred, s.activity_id
) to $target (format parquet, compression lz4_raw)
"""
_NOTHING = """
select null::varchar as activity_id, null::integer as person_code, null::integer as account_code, null::bigint as occurred,
       null::bigint as known, null::varchar as type, null::varchar as side, false as machine, false as starts_visit where false
"""
_SUMMARY = """
select min(person_code), max(person_code), count(*), min(known), max(known), count(*) filter (machine), count(__stranger) from part
"""


@dataclass(frozen=True)
class Written:
    """One part as written: its people, rows, instants, machine activities, and those of people we don't know."""

    file: str
    first_code: int | None
    last_code: int | None
    rows: int
    first_known: int | None
    last_known: int | None
    machines: int
    unmatched: int


def canonical(rows: RelationRows) -> str:
    """Return SQL of all activities with an id, the known time, and under ``person`` and ``account`` whose they are."""
    made = "md5(cast(row(" + ", ".join(map(database.name, rows.types)) + ") as varchar))"
    given = rows.column("activity_id")
    parts = {"person": rows.column("person_id"), "account": rows.column("account_id")}
    received = rows.column("received_at", "bigint")
    make = f"{given} is null"
    return database.fill(
        _ROWS, id=f"coalesce({given}, {made})", received=f"coalesce({received}, occurred_at)", made=make, rows=rows.select(), **parts
    )


def find_repeated(db: Database, rows: RelationRows) -> int:
    """Make ``repeated``, the rows that share an id, each with its rank; return how many rows don't stand."""
    content = ", ".join(map(database.name, rows.types))
    db.run(_REPEATED, rows=canonical(rows), content=content)
    return int(db.row("select count(*) from repeated where copy > 1 and not made")[0])


def split(db: Database, rows: RelationRows) -> None:
    """Make ``person_parts``: the part that each person's activities go to."""
    db.run(_PARTS, rows=canonical(rows), size=PART_ROWS)


def stage(db: Database, rows: RelationRows, found: Properties, folder: Path) -> list[str]:
    """Keep all activities, typed and once each, split into parts; return SQL of each part in order.

    What fits into memory stays there; more goes to files in ``folder``.
    """
    parts, strangers = _numbers(db, rows)
    query = _staged(db, rows, found, parts, strangers)
    if rows.read <= IN_MEMORY:
        db.run("create temp table staged as $query", query=query)
        return [database.fill("(select * exclude (part) from staged where part = $part)", part=part) for part in range(parts + strangers)]
    folder.mkdir(parents=True)
    db.run("copy ($query) to $folder (format parquet, compression lz4_raw, partition_by (part))", query=query, folder=database.text(folder))
    folders = sorted(folder.glob("part=*"), key=lambda path: int(path.name.removeprefix("part=")))
    return [f"read_parquet([{database.texts(sorted(path.iterdir()))}], hive_partitioning = false)" for path in folders]


def _staged(db: Database, rows: RelationRows, found: Properties, parts: int, strangers: int) -> str:
    made = "".join(f", {properties.value(one, rows)} as {database.name(one.name)}" for one in found.all)
    repeated = db.count("repeated") > 0
    return database.fill(
        _STAGED,
        id=_NUMBERED if repeated else "r.__id",
        first_stranger=parts,
        strangers=max(strangers, 1),
        side=f"r.{rows.column('side')}" if rows.has("side") else "null",
        machine=_machine(rows, found),
        properties=made,
        extracted=f"json_extract_string(properties, {found.paths()})" if found.keys else "null",
        rows=canonical(rows),
        once=_ONCE if repeated else "",
    )


def _numbers(db: Database, rows: RelationRows) -> tuple[int, int]:
    """Return the number of parts for people, and for activities of nobody we know."""
    total = db.count(f"({rows.select()})")
    parts, known = db.row("select coalesce(max(part) + 1, 0), coalesce(sum(activities), 0) from person_parts where activities > 0")
    return int(parts), -(-(total - int(known)) // PART_ROWS)


def _machine(rows: RelationRows, found: Properties) -> str:
    said = [(f"r.{database.name('machine')}", rows.types["machine"])] if rows.has("machine") else []
    said += [(f"({properties.value(one, rows)})", one.type) for one in found.all if one.name in {"is_bot", "property_machine"}]
    return " or ".join(_says_yes(sql, kind) for sql, kind in said) or "false"


def _says_yes(sql: str, kind: Type) -> str:
    if kind is Type.TEXT:
        return f"coalesce(lower({sql}) in ('true', 't', 'yes', 'y', '1'), false)"
    return f"coalesce({sql} <> 0, false)" if kind is Type.NUMBER else f"coalesce({sql}, false)" if kind is Type.BOOLEAN else "false"


def find_machines(db: Database, staged: Sequence[str], found: Properties) -> None:
    """Make ``machine_agents``: the user agents that are machines."""
    seen = " union ".join(database.fill(_AGENTS, part=part) for part in staged if _has_agents(found))
    derived.judge(db, "machine_agents", seen or "select null::varchar where false", (("user_agent", "VARCHAR"),), _if_machine)


def _has_agents(found: Properties) -> bool:
    return any(one.name.lower() == "user_agent" and one.type is Type.TEXT for one in found.all)


def _if_machine(agent: str) -> tuple[()] | None:
    return () if derive.is_machine_agent(agent) else None


def write(db: Database, staged: Sequence[str], found: Properties, target: Path, progress: Callable[[float], None]) -> Iterator[Written]:
    """Write each part in order and yield what it holds."""
    db.run(_PERSONS_ACCOUNT)
    names = "".join(f", s.{database.name(one.name)}" for one in found.all)
    agent = "coalesce(user_agent in (select user_agent from machine_agents), false)" if _has_agents(found) else "false"
    for at, part in enumerate(staged):
        db.run(_LOADED, agent=agent, part=part)
        db.run(_CLICKS, burst=BURST)
        db.run("update part set machine = true where rowid in (select rid from bursts)")
        db.run(_VISITS, gap=GAP, page_view=PAGE_VIEW)
        file = f"activities-{at:04}.parquet"
        db.run(_PART, properties=names, target=database.text(target / file))
        yield Written(file, *db.row(_SUMMARY))
        progress((at + 1) / len(staged))
    db.run("drop table if exists part; drop table if exists staged")


def write_empty(db: Database, target: Path) -> Written:
    """Write a part without rows, so that there is always one to read."""
    file = "activities-0000.parquet"
    db.write(f"({_NOTHING})", target / file, "occurred")
    return Written(file, None, None, 0, None, None, 0, 0)

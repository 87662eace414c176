"""The parts of the mirror's activities: machines flagged, visits begun, ordered by person and time, written.

Each part holds whole people, so whatever follows from the activities of one person is decided within it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from leadline import clock
from leadline.facts import columns, database, derive, derived
from leadline.facts.activities import Batch
from leadline.facts.database import Database
from leadline.facts.model import PAGE_VIEW, Type
from leadline.facts.properties import Properties

GAP = 30 * clock.MINUTE  # between page views: a longer one begins a visit
BURST = clock.SECOND  # three clicks within it are a machine's

_ACCOUNTS = """
create temp table settled_accounts as
select person_code, any_value(account_code) as account_code from people_base
group by person_code having count(*) = 1 and count(account_code) = 1;
create temp table moving_accounts as
select person_code, valid_from, account_code from people_base
where person_code in (select person_code from people_base group by person_code having count(*) > 1 and count(account_code) > 0)
"""
_LOAD = "create or replace temp table staged as select *, $part as part from read_parquet([$files], hive_partitioning = false)"
_AGENTS = "select user_agent from $source where user_agent is not null"
_FLAGGED = """
create or replace temp table machines as
with clicks as (
  select rowid as rid, occurred, lag(occurred) over w as l1, lag(occurred, 2) over w as l2, lead(occurred) over w as n1,
         lead(occurred, 2) over w as n2
  from staged where part = $part and contains(lower(type), 'click') and (person_code is not null or __stranger is not null)
  window w as (partition by person_code, __stranger order by occurred, activity_id)
)
select rowid as rid from staged where part = $part and (__hint or $agent)
union
select rid from clicks where occurred - l2 <= $burst or n2 - occurred <= $burst or n1 - l1 <= $burst
"""
_VISITS = """
create or replace temp table visits as
select rid from (
  select rowid as rid, occurred - lag(occurred) over (
    partition by person_code, __stranger, case when person_code is null and __stranger is null then __account end
    order by occurred, activity_id
  ) as gap
  from staged where part = $part and type = '$page_view' and rowid not in (select rid from machines)
) where gap is null or gap >= $gap
"""
_WRITE = """
copy (
  select s.activity_id, s.person_code, coalesce(s.__account, f.account_code$moved) as account_code, s.occurred, s.known,
         s.type, s.side, b.rid is not null as machine, v.rid is not null as starts_visit $properties
  from staged s
  left join machines b on b.rid = s.rowid
  left join visits v on v.rid = s.rowid
  left join settled_accounts f on f.person_code = s.person_code
  $moving
  where s.part = $part
  order by s.person_code nulls last, s.occurred, s.activity_id
) to $target (format parquet, compression lz4_raw)
"""
_MOVING = "asof left join moving_accounts m on m.person_code = s.person_code and s.occurred >= m.valid_from"
_SUMMARY = """
select min(person_code), max(person_code), count(*), min(known), max(known), count(*) filter (machine),
       (select count(__stranger) from staged where part = $part)
from read_parquet([$target])
"""
_NOTHING = """
select null::varchar as activity_id, null::integer as person_code, null::integer as account_code, null::bigint as occurred,
       null::bigint as known, null::varchar as type, null::varchar as side, false as machine, false as starts_visit $properties
where false
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


def find_machines(db: Database, staged: Sequence[Batch], found: Properties) -> None:
    """Make ``machine_agents``: the user agents that are machines."""
    sources = dict.fromkeys(f"read_parquet([{batch.files}])" if batch.files else "staged" for batch in staged if _has_agents(found))
    seen = " union ".join(database.fill(_AGENTS, source=source) for source in sources)
    derived.judge(db, "machine_agents", seen or "select null::varchar where false", (("user_agent", "VARCHAR"),), _if_machine)


def _has_agents(found: Properties) -> bool:
    return any(one.name.lower() == "user_agent" and one.type is Type.TEXT for one in found.all)


def _if_machine(agent: str) -> tuple[()] | None:
    return () if derive.is_machine_agent(agent) else None


def write(db: Database, staged: Sequence[Batch], found: Properties, target: Path, progress: Callable[[float], None]) -> Iterator[Written]:
    """Write each part in order and yield what it holds."""
    db.run(_ACCOUNTS)
    names = "".join(f", s.{database.name(one.name)}" for one in found.all)
    agent = "coalesce(user_agent in (select user_agent from machine_agents), false)" if _has_agents(found) else "false"
    moves = {"moved": ", m.account_code", "moving": _MOVING} if db.count("moving_accounts") else {"moved": "", "moving": ""}
    for at, batch in enumerate(staged):
        if batch.files:
            db.run(_LOAD, part=batch.part, files=batch.files)
        db.run(_FLAGGED, part=batch.part, agent=agent, burst=BURST)
        db.run(_VISITS, part=batch.part, gap=GAP, page_view=PAGE_VIEW)
        file = f"activities-{at:04}.parquet"
        to = database.text(target / file)
        db.run(_WRITE, part=batch.part, properties=names, target=to, **moves)
        yield Written(file, *db.row(_SUMMARY, part=batch.part, target=to))
        progress((at + 1) / len(staged))
    db.run("drop table if exists staged")


def write_empty(db: Database, found: Properties, target: Path) -> Written:
    """Write a part without rows, so that there is always one to read."""
    file = "activities-0000.parquet"
    nothing = "".join(f", null::{columns.STORED[one.type]} as {database.name(one.name)}" for one in found.all)
    db.write(f"({database.fill(_NOTHING, properties=nothing)})", target / file, "occurred")
    return Written(file, None, None, 0, None, None, 0, 0)

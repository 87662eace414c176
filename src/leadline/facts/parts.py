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

# Not by id: a third key, of text, makes this sort slower, and what needs ids in order below finds the rows nearly in it.
_ORDERED = "create or replace temp table ordered as select * exclude (part) from ($rows) order by owner, occurred"
_HERE = "(select rowid as rid, * from ordered where owner between $first and $last)"
_AGENTS = "select user_agent from $here where user_agent is not null"
_KINDS = "select distinct type from $here"
_FLAGGED = """
create or replace temp table machines as
with clicks as (
  select rid, occurred, lag(occurred) over w as l1, lag(occurred, 2) over w as l2, lead(occurred) over w as n1,
         lead(occurred, 2) over w as n2
  from $here where type in ($clicks) and owner < $people window w as (partition by owner order by occurred, activity_id)
)
select rid from $here where __hint or $agent
union
select rid from clicks where occurred - l2 <= $burst or n2 - occurred <= $burst or n1 - l1 <= $burst
"""
_VISITS = """
create or replace temp table visits as
select rid from (
  select rid, occurred - lag(occurred) over (partition by owner order by occurred, activity_id) as gap
  from $here where type = '$page_view' and rid not in (from machines)
) where gap is null or gap >= $gap
"""
_WRITE = """
copy (
  select activity_id, case when owner < $known then owner end as person_code, account_code, occurred, known, type, side,
         rid in (from machines) as machine, rid in (from visits) as starts_visit $properties
  from $here order by owner, occurred, activity_id
) to $target (format parquet, compression lz4_raw)
"""
_SUMMARY = """
select min(person_code), max(person_code), count(*), min(known), max(known), count(*) filter (machine),
       (select count(*) from $here where owner >= $known and owner < $people)
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


def write(db: Database, staged: Sequence[Batch], found: Properties, target: Path, progress: Callable[[float], None]) -> Iterator[Written]:
    """Write each part in order and yield what it holds."""
    names = "".join(f", {database.name(one.name)}" for one in found.all)
    known, people = db.count("person_codes"), db.count("(from owners where person_id is not null)")
    loaded = ""
    for at, batch in enumerate(staged):
        if batch.rows != loaded:
            db.run(_ORDERED, rows=batch.rows)
            loaded = batch.rows
        here = database.fill(_HERE, first=batch.first, last=batch.last)
        _flag(db, found, here, people)
        file = f"activities-{batch.part:04}.parquet"
        to = database.text(target / file)
        db.run(_WRITE, known=known, properties=names, here=here, target=to)
        yield Written(file, *db.row(_SUMMARY, known=known, people=people, here=here, target=to))
        progress((at + 1) / len(staged))
    db.run("drop table if exists ordered")


def _flag(db: Database, found: Properties, here: str, people: int) -> None:
    """Make ``machines`` and ``visits``: which rows of a part a machine did, and which begin a visit."""
    agent = "false"
    if any(one.name.lower() == "user_agent" and one.type is Type.TEXT for one in found.all):
        derived.judge(db, "machine_agents", database.fill(_AGENTS, here=here), (("user_agent", "VARCHAR"),), _if_machine)
        agent = "coalesce(user_agent in (from machine_agents), false)"
    clicks = database.texts(kind for (kind,) in db.rows(_KINDS, here=here) if "click" in kind.lower()) or "null"
    db.run(_FLAGGED, here=here, clicks=clicks, people=people, agent=agent, burst=BURST)
    db.run(_VISITS, here=here, gap=GAP, page_view=PAGE_VIEW)


def _if_machine(agent: str) -> tuple[()] | None:
    return () if derive.is_machine_agent(agent) else None


def write_empty(db: Database, found: Properties, target: Path) -> Written:
    """Write a part without rows, so that there is always one to read."""
    file = "activities-0000.parquet"
    nothing = "".join(f", null::{columns.STORED[one.type]} as {database.name(one.name)}" for one in found.all)
    db.write(f"({database.fill(_NOTHING, properties=nothing)})", target / file, "occurred")
    return Written(file, None, None, 0, None, None, 0, 0)

"""Activities: each counted once, with its properties, under the code of its person.

All rows are typed in one pass and split into parts of whole people; then each part is ordered and written. So memory holds
one part at a time, however many activities there are.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from leadline.facts import database, labels, properties
from leadline.facts.database import Database
from leadline.facts.model import Side, Type
from leadline.facts.properties import Properties
from leadline.facts.relations import RelationRows

PART_ROWS = 2_000_000
IN_MEMORY = 8_000_000

_ROWS = """
select *, $id as __id, $person as __person, $account as __account, greatest(occurred_at, $received) as __known, $made as __made
from ($rows)
"""
_REPEATED = """
create temp table repeated as
with twice as (
  select distinct h from (select h, lag(h) over (order by h) as before from (select hash(__id) as h from ($rows))) where h = before
), ranked as (
  select __source, __file, __row, __made as made,
         row_number() over (
           partition by __id order by __known, occurred_at, md5(cast(row($content) as varchar)), __source, __file, __row
         ) as copy
  from ($rows) where hash(__id) in (from twice)
)
select * from ranked where copy > 1
"""
_HOMES = """
create temp table homes as
select person_code, any_value(account_code) as account_code from people_base
group by person_code having count(*) = 1 and count(account_code) = 1;
create temp table moves as
select person_code, valid_from, account_code from people_base
where person_code in (select person_code from people_base group by person_code having count(*) > 1 and count(account_code) > 0)
"""
_OWNERS = """
create temp table owners as
with counted as (
  select __person as person_id, case when __person is null then __account end as account_id, count(*) as activities
  from ($rows) group by all
), known as (
  select c.person_code, coalesce(c.person_id, n.person_id) as person_id, n.account_id, coalesce(activities, 0) as activities
  from person_codes c full join counted n on n.person_id = c.person_id
), placed as (
  select *, row_number() over (order by person_code nulls last, person_id nulls last, account_id) - 1 as owner,
         sum(activities) over (
           partition by person_code is null order by person_code, person_id nulls last, account_id
         ) - activities as before
  from known
)
select cast(owner as integer) as owner, person_code, person_id, p.account_id, h.account_code, activities,
       cast(dense_rank() over (order by person_code is null, before // $size) - 1 as integer) as part
from placed p left join homes h using (person_code)
"""
_PARTS = """
select part, min(owner), max(owner) from owners group by part having sum(activities) > 0 order by part
"""
_STAGED = """
select r.__id$numbered as activity_id, o.owner, o.part, coalesce($own o.account_code$moved) as account_code,
       r.occurred_at as occurred, r.__known as known, $machine as __hint, $labelled
from (select *, $extracted as __x from ($rows)) r
join owners o on $whose
$moving
$once
"""
_FROM_FILES = "select * replace ($columns) from read_parquet([$files])"
_WHOSE = """
o.person_id is not distinct from r.__person and o.account_id is not distinct from case when r.__person is null then r.__account end
left join account_codes a on a.account_id = r.__account
"""
_MOVING = "asof left join moves m on m.person_code = o.person_code and r.occurred_at >= m.valid_from"
_ONCE = """
left join repeated d on d.__source = r.__source and d.__file = r.__file and d.__row = r.__row
where d.copy is null or r.__made
"""
_NUMBERED = " || case when r.__made and d.copy > 1 then '-' || d.copy else '' end"


@dataclass(frozen=True, slots=True)
class Batch:
    """A part before it is written: its number, the first and the last of those whose activities it has, and SQL that these come from."""

    part: int
    first: int
    last: int
    rows: str


def canonical(rows: RelationRows) -> str:
    """Return SQL of all activities with an id, the known time, and under ``person`` and ``account`` whose they are."""
    given, made = rows.column("activity_id"), "false"
    if not all(any(field.name == "activity_id" for field in source.fields) for source in rows.sources):
        made = f"{given} is null"
        given = f"coalesce({given}, md5(cast(row({_content(rows)}) as varchar)))"
    received = f"coalesce({rows.column('received_at', 'bigint')}, occurred_at)"
    whose = {"person": rows.column("person_id"), "account": rows.column("account_id")}
    return database.fill(_ROWS, id=given, received=received, made=made, rows=rows.select(), **whose)


def _content(rows: RelationRows) -> str:
    return ", ".join(map(database.name, rows.types))


def find_repeated(db: Database, rows: RelationRows) -> int:
    """Make ``repeated``, the rows that are not the first of their id, each with its rank; return how many of them don't stand."""
    db.run(_REPEATED, rows=canonical(rows), content=_content(rows))
    return db.count("(from repeated where not made)")


def stage(db: Database, rows: RelationRows, found: Properties, folder: Path) -> list[Batch]:
    """Make ``owners``, whoever did something, each in a part; return the parts, in order.

    Everybody's rows are typed and once each. What fits into memory is read when it is ordered; more goes to files in
    ``folder`` first, those of each part together.
    """
    db.run(_HOMES)
    db.run(_OWNERS, rows=canonical(rows), size=PART_ROWS)
    parts = db.rows(_PARTS)
    query, columns = _staged(db, rows, found)
    if rows.read <= IN_MEMORY:
        return [Batch(*part, rows=query) for part in parts]
    folder.mkdir(parents=True)
    db.run("copy ($query) to $folder (format parquet, compression lz4_raw, partition_by (part))", query=query, folder=database.text(folder))
    return [
        Batch(*part, rows=database.fill(_FROM_FILES, columns=columns, files=database.texts(sorted(files.iterdir()))))
        for part in parts
        if (files := folder / f"part={part[0]}").exists()  # not if all that they did was sent again, and first by somebody else
    ]


def _staged(db: Database, rows: RelationRows, found: Properties) -> tuple[str, str]:
    """Return SQL of the rows of all parts, and of the columns that have to become labels again when they come from files."""
    held = labels.find(db, rows, found)
    side = (
        f"coalesce(nullif(lower(trim(r.{database.name('side')})), ''), '{Side.MARKETING}')" if rows.has("side") else f"'{Side.MARKETING}'"
    )
    values = {"type": "r.type", "side": side, **{one.name: properties.value(one, rows) for one in found.all}}
    told = {"own": "a.account_code,", "whose": _WHOSE} if rows.has("account_id") else {"own": "", "whose": "o.person_id = r.__person"}
    made = db.count("(from repeated where made)") > 0
    moves = {"moved": ", m.account_code", "moving": _MOVING} if db.count("moves") else {"moved": "", "moving": ""}
    query = database.fill(
        _STAGED,
        machine=_machine(rows, found),
        extracted=f"json_extract_string(properties, {found.paths()})" if found.keys else "null",
        rows=canonical(rows),
        labelled=", ".join(labels.cast(held, name, sql) for name, sql in values.items()),
        numbered=_NUMBERED if made else "",
        once=_ONCE if db.count("repeated") else "",
        **told,
        **moves,
    )
    return query, ", ".join(labels.cast(held, name, database.name(name)) for name in held)


def _machine(rows: RelationRows, found: Properties) -> str:
    said = [(f"r.{database.name('machine')}", rows.types["machine"])] if rows.has("machine") else []
    said += [(f"({properties.value(one, rows)})", one.type) for one in found.all if one.name in {"is_bot", "property_machine"}]
    return " or ".join(_says_yes(sql, kind) for sql, kind in said) or "false"


def _says_yes(sql: str, kind: Type) -> str:
    if kind is Type.TEXT:
        return f"coalesce(lower({sql}) in ('true', 't', 'yes', 'y', '1'), false)"
    return f"coalesce({sql} <> 0, false)" if kind is Type.NUMBER else f"coalesce({sql}, false)" if kind is Type.BOOLEAN else "false"

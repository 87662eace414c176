"""Activities: each counted once, with its properties, under the code of its person.

All rows are staged once, typed and split into parts of whole people; then each part is ordered and written. So memory holds
one part at a time, however many activities there are.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from leadline.facts import database, properties
from leadline.facts.database import Database
from leadline.facts.model import Type
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
select $id as activity_id, p.person_code,
       coalesce(p.part, cast($first_stranger + hash(coalesce(r.__person, r.__account)) % $strangers as integer)) as part,
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


@dataclass(frozen=True, slots=True)
class Batch:
    """A part before it is ordered: its number, and the files that it is in unless the table ``staged`` holds it."""

    part: int
    files: str | None


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


def stage(db: Database, rows: RelationRows, found: Properties, folder: Path) -> list[Batch]:
    """Keep all activities, typed and once each, split into parts of whole people; return how to load them, in order.

    What fits into memory is in the table ``staged``; more goes to files in ``folder``, one batch for each part.
    """
    parts, strangers = _numbers(db, rows)
    query = _staged(db, rows, found, parts, strangers)
    if rows.read <= IN_MEMORY:
        db.run("create temp table staged as $query", query=query)
        return [Batch(part, None) for part in range(parts + strangers)]
    folder.mkdir(parents=True)
    db.run("copy ($query) to $folder (format parquet, compression lz4_raw, partition_by (part))", query=query, folder=database.text(folder))
    folders = {int(path.name.removeprefix("part=")): sorted(path.iterdir()) for path in folder.glob("part=*")}
    return [Batch(part, database.texts(folders[part])) for part in sorted(folders)]


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

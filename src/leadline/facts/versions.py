"""Attributes over time: rows with ``valid_from`` as versions that follow each other without a gap.

What belongs here: what is the same for people and accounts. A row holds from its ``valid_from`` until the next; a row
without one holds from the start of time; before the first dated row everything is unknown.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from leadline.facts import database
from leadline.facts.database import Database
from leadline.facts.model import Type
from leadline.facts.relations import RelationRows

START, END = -(2**63) + 1, 2**63 - 1
_HELD = """
create or replace temp table $table as
select $key, $columns, __start is null as __undated, coalesce(__start, $begin) as valid_from from (
  select *, $start as __start, row_number() over (partition by $key, $start order by __source, __file, __row) as __copy from ($rows)
) where __copy = 1
"""
_VERSIONS = """
create or replace temp table $table as
with held as (select * exclude (__undated) from $source),
firsts as (select $key, min(valid_from) as first from held group by all),
whole as (select * from held union all by name select $key, $begin as valid_from from firsts where first > $begin)
select * exclude (valid_from), valid_from, coalesce(lead(valid_from) over (partition by $key order by valid_from), $end) as valid_to
from whole
"""
_ALWAYS = "create temp view $table as select * exclude (__undated, valid_from), valid_from, $end as valid_to from $source"
_SPLIT = """
with starts as (select $key, valid_from from $versions union select $key, valid_from from $changes)
select s.valid_from, coalesce(lead(s.valid_from) over (partition by s.$key order by s.valid_from), $end) as valid_to,
       v.* exclude (valid_from, valid_to) $added
from starts s
asof join $versions v on s.$key = v.$key and s.valid_from >= v.valid_from
asof left join $changes c on s.$key = c.$key and s.valid_from >= c.valid_from
"""


def hold(db: Database, rows: RelationRows, key: str, names: Mapping[str, str], table: str) -> int:
    """Make ``table`` of the rows to keep, one for each key and ``valid_from``; return how many rows were copies of another.

    ``names`` gives the columns to take and the name that each gets.
    """
    columns = ", ".join(f"{database.name(column)} as {database.name(ours)}" for column, ours in names.items()) or "null as __nothing"
    start = rows.column("valid_from", "bigint")
    db.run(_HELD, table=table, key=key, columns=columns, start=start, begin=START, rows=rows.select())
    return db.count(f"({rows.select()})") - db.count(table)


def follow(db: Database, source: str, key: str, table: str) -> None:
    """Make ``table`` of versions (``valid_from``, ``valid_to``) from held rows."""
    dated = db.count(f"(from {source} where valid_from > {START})")
    db.run(_VERSIONS if dated else _ALWAYS, table=table, source=source, key=key, begin=START, end=END)


def split(versions: str, changes: str, key: str, added: Mapping[str, str]) -> str:
    """Return SQL of versions that also begin where one of the ``changes`` does; ``added`` are columns from the changes ``c``."""
    parts = "".join(f", {value} as {database.name(name)}" for name, value in added.items())
    return database.fill(_SPLIT, versions=versions, changes=changes, key=key, added=parts, end=END)


def undated(db: Database, table: str, names: Sequence[str]) -> set[str]:
    """Return the columns that have a value in a row without ``valid_from``."""
    if not names:
        return set()
    tests = ", ".join(f"coalesce(bool_or(__undated and {database.name(name)} is not null), false)" for name in names)
    return {name for name, found in zip(names, db.row("select $tests from $table", tests=tests, table=table), strict=True) if found}


def attribute_names(types: Mapping[str, Type], key: str, fixed: Collection[str]) -> dict[str, str]:
    """Return column → name in the mirror, for all columns but the key; a name that the mirror needs itself gets a prefix."""
    return {name: f"attribute_{name}" if name.lower() in fixed else name for name in types if name not in {key, "valid_from"}}

"""Where people came from: their first and last source and their channel, from UTM tags and referrers of their activities.

The first activity that carries a source gives ``first_source`` and ``channel``; every later one may change ``last_source``.
All three are known from the instant at which that activity is known, so they are dated.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from leadline.facts import database, derive, derived, identity, versions
from leadline.facts.database import Database
from leadline.facts.model import Column, Type
from leadline.facts.properties import Properties

NAMES = ("first_source", "last_source", "channel")
_ASKED = {
    "source": ("utm_source", "source"),
    "medium": ("utm_medium", "medium"),
    "referrer": ("referrer", "referer"),
    "campaign": ("utm_campaign", "campaign"),
}
_TYPES = (
    ("source", "VARCHAR"), ("medium", "VARCHAR"), ("referrer", "VARCHAR"), ("campaign", "VARCHAR"), ("label", "VARCHAR"),
    ("channel", "VARCHAR"),
)  # fmt: skip
_SEEN = """
from (select $values from read_parquet([$parts]) where person_code is not null and not machine)
where coalesce(source, medium, referrer) is not null
"""
_TOUCHES = """
create temp table touches as
with carried as (
  select x.person_code, x.known, x.occurred, x.activity_id, a.label, a.channel
  from (select person_code, known, occurred, activity_id, $source as s, $medium as m, $referrer as r, $campaign as c
        from read_parquet([$parts]) where person_code is not null and not machine) x
  join arrivals a on a.source is not distinct from x.s and a.medium is not distinct from x.m
                 and a.referrer is not distinct from x.r and a.campaign is not distinct from x.c
), ranked as (
  select *, row_number() over w as place, lag(label) over w as before,
         first_value(label) over w as first_source, first_value(channel) over w as first_channel
  from carried window w as (partition by person_code order by known, occurred, activity_id)
), changed as (
  select * from ranked where place = 1 or label is distinct from before
)
select person_code, known as valid_from, last(label order by place) as last_source, any_value(first_source) as first_source,
       any_value(first_channel) as channel
from changed group by person_code, known
"""


def settle(db: Database, found: Properties, parts: Sequence[str], taken: Collection[str], own: Collection[str]) -> dict[str, Column]:
    """Make ``people_final`` from ``people_base``, split where a source becomes known; return the attributes added.

    Args:
        db: The database.
        found: The properties of the activities.
        parts: Paths of the parts written.
        taken: Attributes that the data has itself.
        own: Domains of our own sites.
    """
    wanted = [name for name in NAMES if name not in taken]
    columns = {name: Column(Type.TEXT) for name in wanted}
    given = {asked: _column(found, names) for asked, names in _ASKED.items()}
    db.run("create temp table touches (person_code integer, valid_from bigint, last_source varchar, first_source varchar, channel varchar)")
    if wanted and any(given[asked] for asked in ("source", "medium", "referrer")):
        _find(db, {asked: sql or "cast(null as varchar)" for asked, sql in given.items()}, parts, own)
    nothing = "".join(f", cast(null as varchar) as {name}" for name in wanted)
    final = database.fill("select *$nothing from people_base", nothing=nothing)
    if db.count("touches"):
        final = versions.split("people_base", "touches", "person_code", {name: f"c.{name}" for name in wanted})
    db.run("create temp view people_final as $final", final=final)
    return columns


def _column(found: Properties, names: Sequence[str]) -> str | None:
    present = {one.name.lower(): one for one in found.all if one.type is Type.TEXT}
    known = [f"nullif(trim({database.name(present[name].name)}), '')" for name in names if name in present]
    return f"coalesce({', '.join(known)})" if known else None


def _find(db: Database, given: dict[str, str], parts: Sequence[str], own: Collection[str]) -> None:
    def decide(source: str | None, medium: str | None, referrer: str | None, campaign: str | None) -> tuple[str | None, str | None] | None:
        channel = derive.channel(source, medium, referrer, campaign, own)
        label = source or (identity.company_domain(referrer) if channel else None) or medium
        return (label, channel) if label else None

    values = ", ".join(f"{sql} as {name}" for name, sql in given.items())
    seen = database.fill(_SEEN, values=values, parts=database.texts(parts))
    if derived.judge(db, "arrivals", seen, _TYPES, decide):
        db.run("drop table touches")
        db.run(_TOUCHES, parts=database.texts(parts), **given)

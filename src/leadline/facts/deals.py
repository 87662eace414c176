"""Deals and stages: whose they are, and what deals tell of an account at each instant."""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby

from leadline.facts.database import Database
from leadline.facts.model import Relation
from leadline.facts.relations import RelationRows

_DEALS = """
create temp table deals_final as
with held as (
  select *, row_number() over (partition by deal_id order by __source, __file, __row) as __copy from ($rows)
), own as (
  select h.* exclude (__copy, __source, __file, __row) replace (lower(trim(outcome)) as outcome), p.person_code
  from held h left join person_codes p on p.person_id = h.person_id where __copy = 1
)
select o.* replace (coalesce(o.account_id, b.account_id) as account_id), a.account_code,
       o.person_code is not null or o.account_id in (select account_id from accounts_held) as __matched
from own o
asof left join people_base b on o.person_code = b.person_code and o.created_at >= b.valid_from
left join account_codes a on a.account_id = coalesce(o.account_id, b.account_id)
"""
_STAGES = """
create temp table $table as
select distinct $person s.* exclude (__source, __file, __row) from ($rows) s $join
"""


_EVENTS = """
select account_code, created_at, case when outcome = 'won' then coalesce(closed_at, created_at) end,
       case when outcome <> 'open' then coalesce(closed_at, created_at) end
from deals_final where account_code is not null order by all
"""


@dataclass(frozen=True, slots=True)
class Deal:
    """What counts of a deal: when it began, when it was won, and when it stopped being open (``None`` = not yet)."""

    created: int
    won: int | None
    ended: int | None


@dataclass(frozen=True, slots=True)
class Standing:
    """What deals tell of an account from an instant on."""

    since: int
    customer_since: int | None
    open_since: int | None


def standings(deals: Iterable[Deal]) -> Iterator[Standing]:
    """Yield the standing of one account at each instant when it changes.

    >>> [s.open_since for s in standings([Deal(created=5, won=None, ended=9)])]
    [5, None]
    """
    begin = sorted(deals, key=lambda deal: deal.created)
    won = min((deal.won for deal in begin if deal.won is not None), default=None)
    instants = {deal.created for deal in begin} | {deal.ended for deal in begin if deal.ended is not None}
    open_now: list[tuple[int, int]] = []  # (created, ended), the earliest first
    at, before = 0, (None, None)
    for instant in sorted(instants | ({won} if won is not None else set())):
        while at < len(begin) and begin[at].created <= instant:
            ended = begin[at].ended
            if ended is None or ended > begin[at].created:
                heapq.heappush(open_now, (begin[at].created, 2**63 - 1 if ended is None else ended))
            at += 1
        while open_now and open_now[0][1] <= instant:
            heapq.heappop(open_now)
        now = (won if won is not None and won <= instant else None, open_now[0][0] if open_now else None)
        if now != before:
            before = now
            yield Standing(instant, *now)


def settle(db: Database, rows: RelationRows) -> tuple[int, int, int]:
    """Make ``deals_final``; return copies, deals whose person and account are unknown, and those closed before they were created."""
    db.run(_DEALS, rows=rows.completed().select())
    unmatched, early = db.row(
        "select count(*) filter (not coalesce(__matched, false)), count(*) filter (closed_at < created_at) from deals_final"
    )
    db.run("alter table deals_final drop column __matched")
    return db.count(f"({rows.select()})") - db.count("deals_final"), int(unmatched), int(early)


def find_changes(db: Database) -> None:
    """Make ``deal_changes``: for each account the instants at which deals change what is known of it."""
    found = db.rows(_EVENTS)
    changes = [
        (code, standing) for code, own in groupby(found, key=lambda row: row[0]) for standing in standings(Deal(*row[1:]) for row in own)
    ]
    held = {
        "account_code": [code for code, _ in changes],
        "valid_from": [standing.since for _, standing in changes],
        "is_customer": [standing.customer_since is not None for _, standing in changes],
        "customer_since": [standing.customer_since for _, standing in changes],
        "has_open_deal": [standing.open_since is not None for _, standing in changes],
        "open_deal_since": [standing.open_since for _, standing in changes],
    }
    types = {name: "BOOLEAN" if name in {"is_customer", "has_open_deal"} else "BIGINT" for name in held}
    db.keep("deal_changes", held, {**types, "account_code": "INTEGER"})


def settle_stages(db: Database, rows: RelationRows, table: str) -> int:
    """Make ``table`` of stage rows, those of leads with the person's code; return how many copies were left out."""
    of_leads = rows.relation == Relation.LEAD_STAGES
    person = "p.person_code, " if of_leads else ""
    join = "left join person_codes p on p.person_id = s.person_id" if of_leads else ""
    db.run(_STAGES, table=table, person=person, rows=rows.completed().select(), join=join)
    return db.count(f"({rows.select()})") - db.count(table)

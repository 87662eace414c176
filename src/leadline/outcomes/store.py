"""Reads what happened in sales from a mirror; the only place of this stage that asks a database."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeAlias

import duckdb
import numpy as np

from leadline.outcomes import matching
from leadline.outcomes.model import NONE, NOT_YET, Deals, Happened, LeadStages, Note, Said, Touches

WORDS: Mapping[Said, tuple[str, ...]] = {
    Said.QUALIFIED: (
        "mql", "marketing_qualified", "marketing_qualified_lead", "marketingqualifiedlead", "pql", "product_qualified",
        "product_qualified_lead",
    ),
    Said.ACCEPTED: ("accepted", "sal", "sales_accepted", "sales_accepted_lead", "working", "working_contacted"),
    Said.REJECTED: (
        "rejected", "sales_rejected", "returned", "recycled", "recycle", "nurture", "nurturing", "disqualified", "unqualified",
        "closed_not_converted",
    ),
    Said.SQL: ("sql", "sales_qualified", "sales_qualified_lead", "salesqualifiedlead", "converted", "closed_converted"),
    Said.OPPORTUNITY: ("opportunity", "opp"),
    Said.WON: ("won", "closed_won", "customer", "evangelist"),
    Said.ENDED: (
        "lost", "closed_lost", "churned", "unsubscribed", "dead", "inactive", "visitor", "subscriber", "lead", "new", "open", "other",
    ),
}  # fmt: skip
"""The stages that CRMs record, and what they say; in small letters, with ``_`` between words."""

TALKS = r"call|meeting|demo|conversation|discovery|repl|spoke"
"""What the type of a sales activity contains if it was a conversation."""

_DEALS = """
select deal_id, person_id, account_id, coalesce(kind, '') as kind, coalesce(currency, '') as currency,
       coalesce(person_code, -1)::bigint as person, coalesce(account_code, -1)::bigint as account, created_at as created,
       coalesce(first_conversation_at, $never) as conversation,
       case when outcome = 'open' then $never else coalesce(closed_at, created_at) end as closed,
       outcome = 'won' as won, coalesce(amount, 'nan'::double) as amount
from (select null::varchar as kind where false union all by name select * from read_parquet($file)) order by created_at, deal_id
"""
_LEAD_STAGES = """
with said as (
  select person_code, entered_at as at, regexp_replace(lower(trim(stage)), '[^a-z0-9]+', '_', 'g') as stage,
         nullif(trim(reason), '') as reason
  from read_parquet($file) where person_code is not null
), people as (select person_code, valid_from, account_code from read_parquet($people))
select s.person_code::bigint as person, coalesce(p.account_code, -1)::bigint as account, s.at, s.stage,
       coalesce(s.reason, s.stage) as reason
from said s asof left join people p on p.person_code = s.person_code and s.at >= p.valid_from
"""
_TOUCHES = """
select coalesce(person_code, -1)::bigint as person, coalesce(account_code, -1)::bigint as account, occurred as at,
       regexp_matches(lower(type), $talks) as conversation
from read_parquet($files, union_by_name = true) where side = 'sales' and not machine
"""
_REMOTE = "Activities stay in a database: what sales did is told by deals and lead_stages alone."
_OFFLINE: dict[str, Any] = {"autoinstall_known_extensions": False, "autoload_known_extensions": False}
_Columns: TypeAlias = Mapping[str, Any]


def read(folder: Path, *, remote: bool = False) -> Happened:
    """Return what a mirror's folder holds of deals, stages of leads and what sales did.

    Args:
        folder: ``Mirror.path``.
        remote: Activities stay in a database (``Mirror.remote``) and aren't read.
    """
    with duckdb.connect(config=_OFFLINE) as con:
        deals = Deals(**_fetched(con, _DEALS, file=folder / "deals.parquet", never=NOT_YET))
        rows = _fetched(con, _LEAD_STAGES, file=folder / "lead_stages.parquet", people=folder / "people.parquet")
        touches = Touches(**_fetched(con, _TOUCHES, files=folder / "activities-*.parquet", talks=TALKS))
    stages, unknown = _lead_stages(rows)
    currency = _main_currency(deals)
    found = Happened(deals, stages, touches, currency)
    notes = (*_about_deals(deals, currency), *_about_stages(stages, unknown), *_about_work(found, remote=remote))
    return replace(found, notes=notes)


def _fetched(con: duckdb.DuckDBPyConnection, query: str, **values: object) -> dict[str, Any]:
    """Return the columns of a query; texts as objects, ``None`` where there is none."""
    held = {name: str(value) if isinstance(value, Path) else value for name, value in values.items()}
    found = con.execute(query, held).fetchnumpy()
    return {name: _plain(array) for name, array in found.items()}


def _plain(array: Any) -> Any:
    """Return an array without a mask: only texts are NULL here."""
    held: Any = np.ma.getdata(array)
    if held.dtype == object:
        held[np.ma.getmaskarray(array)] = None
    return held


def _lead_stages(rows: _Columns) -> tuple[LeadStages, tuple[str, ...]]:
    """Return the stages whose words are known, and the words that aren't."""
    said_by = {word: said for said, words in WORDS.items() for word in words}
    words, of_row = np.unique(rows["stage"].astype(str), return_inverse=True)
    meaning = np.array([said_by.get(word, NONE) for word in words], np.int64)
    said = meaning[of_row] if len(words) else np.zeros(0, np.int64)
    rejected = said == Said.REJECTED
    given = np.full(len(said), NONE)
    reasons, given[rejected] = np.unique(rows["reason"][rejected].astype(str), return_inverse=True)
    kept = np.flatnonzero(said != NONE)
    order = kept[np.lexsort((given[kept], said[kept], rows["at"][kept], rows["person"][kept]))]
    stages = LeadStages(
        rows["person"][order], rows["account"][order], rows["at"][order], said[order], given[order], tuple(map(str, reasons))
    )
    return stages, tuple(str(word) for word, what in zip(words, meaning, strict=True) if what == NONE)


def _main_currency(deals: Deals) -> str:
    """Return the currency of most won money, else of most deals; of equals the first by name."""
    sums: dict[str, tuple[float, int]] = {}
    for currency, won, amount in zip(deals.currency, deals.won, np.nan_to_num(deals.amount), strict=True):
        money, count = sums.get(currency, (0.0, 0))
        sums[currency] = (money + amount * won, count + 1)
    return min(sums, key=lambda name: (-sums[name][0], -sums[name][1], name), default="")


def _about_deals(deals: Deals, currency: str) -> Iterator[Note]:
    if not len(deals):
        yield Note("no-deals", "There are no deals: nothing can be said of opportunities, wins and revenue but what lead_stages tell.")
        return
    others = sorted(set(deals.currency) - {currency})
    if others:
        left_out = int((deals.won & (deals.currency != currency)).sum())
        named = ", ".join(other or "none" for other in others)
        says = f"Won deals in others ({named}) count as won, without money: {left_out:,}."
        yield Note("several-currencies", f"Revenue is that of deals in {currency or 'no stated currency'}. {says}")
    unknown = int((deals.won & np.isnan(deals.amount)).sum())
    if unknown:
        yield Note("amounts-unknown", f"Won deals without an amount, which revenue leaves out: {unknown:,} of {int(deals.won.sum()):,}.")
    silent = int((deals.conversation == NOT_YET).sum())
    if silent:
        says = "it is taken from what sales did before, else from the deal's creation."
        yield Note("conversations-unknown", f"Deals that don't say when the first conversation was: {silent:,} of {len(deals):,}; {says}")
    nobodys = int(((deals.person == NONE) & (deals.account == NONE)).sum())
    if nobodys:
        yield Note("deals-of-nobody", f"Deals of no known person or account, which can't be credited: {nobodys:,}.")


def _about_stages(stages: LeadStages, unknown: tuple[str, ...]) -> Iterator[Note]:
    if unknown:
        shown = ", ".join(unknown[:8]) + (", …" if len(unknown) > 8 else "")
        yield Note("unknown-stages", f"These stages of leads aren't understood and count for nothing: {shown}.")
    if not len(stages.at):
        yield Note(
            "no-lead-stages", "There are no stages of leads: acceptance and rejection are unknown, and an SQL is told by its deal alone."
        )
    elif not (stages.said == Said.QUALIFIED).any():
        yield Note("nothing-recorded", "No stage of leads says that somebody qualified: there is no recorded baseline.")


def _about_work(found: Happened, *, remote: bool) -> Iterator[Note]:
    if remote:
        yield Note("remote-activities", _REMOTE)
    elif not len(found.touches.at):
        yield Note("no-sales-activities", "No activities are of side sales: who was worked is told by verdicts and deals alone.")
    if not matching.work_is_recorded(found):
        yield Note("work-unknown", "Too little is recorded of what sales did to tell who was worked: every spell counts as worked.")

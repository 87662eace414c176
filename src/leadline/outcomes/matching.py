"""What came of spells: each deal and each verdict credited to one spell at most, or set apart, or missed.

Pure. First :func:`settle` brings what happened into the state of an instant, once; then :func:`credit` matches the spells of a course
with it, as often as there are courses. The rules stand in ``docs/outcomes.md``.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from leadline import clock
from leadline.outcomes.model import NONE, NOT_YET, Credited, Deals, Said, Windows
from leadline.outcomes.timeline import Spans, Timeline, runs, spans, timeline

if TYPE_CHECKING:
    from leadline.engine.rehearsal import Spells
    from leadline.outcomes.model import Flags, Happened, LeadStages, Real, Touches, Whole

_VERDICTS = (Said.ACCEPTED, Said.REJECTED, Said.SQL, Said.OPPORTUNITY, Said.WON)
_FROM_DEALS = (Said.OPPORTUNITY, Said.WON)


@dataclass(frozen=True)
class Outcomes:
    """What had happened at an instant, ready to be matched with spells.

    Attributes:
        until: The instant.
        windows: How far apart things may lie.
        currency: Of revenue.
        deals: Those that were created by then, as they stood then, with their first conversations.
        ended: When each deal stopped being open; ``NOT_YET`` if it has not.
        said: What reps said by then, by person and time.
        touched: When sales touched people, by person.
        touches: When each touch was.
        work_known: Whether what sales did is recorded well enough to tell which spells were worked.
        busy: The spans from a deal's first conversation to its end, by person and by account.
    """

    until: int
    windows: Windows
    currency: str
    deals: Deals
    said: LeadStages
    touched: Timeline
    touches: Whole
    work_known: bool
    busy: tuple[Spans, Spans]


def settle(happened: Happened, until: int, windows: Windows | None = None) -> Outcomes:
    """Return what had happened at ``until``: later deals don't exist yet, and what was closed later is still open."""
    windows = windows or Windows()
    deals = _with_conversations(_as_of(happened.deals, until), happened.touches, windows.lull)
    busy = spans(deals.person, deals.conversation, deals.closed), spans(deals.account, deals.conversation, deals.closed)
    now = happened.touches.at <= until
    touches = happened.touches.at[now]
    touched = timeline(happened.touches.person[now], touches)
    said = _said(happened.lead_stages, until, with_deals=len(happened.deals) > 0)
    return Outcomes(until, windows, happened.currency, deals, said, touched, touches, work_is_recorded(happened), busy)


def work_is_recorded(happened: Happened) -> bool:
    """Return whether at least half of the deals show any trace of sales: a verdict or an activity with their person or account.

    Where they don't, spells without a trace may have been worked as well as others, and a rate of those with one would be a rate of deals.
    """
    deals, said, touches = happened.deals, happened.lead_stages, happened.touches
    verdicts = np.isin(said.said, _VERDICTS)
    if not len(deals):
        return bool(verdicts.any() or len(touches.at))
    people = np.concatenate([touches.person, said.person[verdicts]])
    accounts = np.concatenate([touches.account, said.account[verdicts]])
    seen = np.isin(deals.person, people[people != NONE]) | np.isin(deals.account, accounts[accounts != NONE])
    return bool(2 * seen.sum() >= len(deals))


def _as_of(deals: Deals, until: int) -> Deals:
    deals = deals.where(np.flatnonzero(deals.created <= until))
    deals = deals.where(np.lexsort((deals.deal_id.astype(str), deals.created)))
    closed = np.where(deals.closed > until, NOT_YET, np.maximum(deals.closed, deals.created))
    return replace(deals, closed=closed, won=deals.won & (closed != NOT_YET))


def _with_conversations(deals: Deals, touches: Touches, lull: int) -> Deals:
    """Return the deals with the instant of the first conversation: as recorded, else as activities tell, else their creation."""
    talks = touches.conversation
    told = deals.conversation
    for of_deal, of_touch in ((deals.person, touches.person), (deals.account, touches.account)):
        at = touches.at[talks]
        events, began = runs(of_touch[talks], at, lull)
        last = events.last(of_deal, deals.created, including=True)
        fits = (told == NOT_YET) & (last != NONE)
        fits[fits] = deals.created[fits] - at[last[fits]] <= lull
        told = told.copy()
        told[fits] = began[last[fits]]
    return replace(deals, conversation=np.minimum(told, deals.created))


def _said(recorded: LeadStages, until: int, *, with_deals: bool) -> LeadStages:
    """Return what reps said by then. Where there are deals, they tell of opportunities and wins, and are counted once."""
    kept = (recorded.at <= until) & (recorded.person != NONE)
    if with_deals:
        kept &= ~np.isin(recorded.said, _FROM_DEALS)
    order = np.flatnonzero(kept)
    order = order[np.lexsort((recorded.reason[order], recorded.said[order], recorded.at[order], recorded.person[order]))]
    parts = {name: getattr(recorded, name)[order] for name in ("person", "account", "at", "said", "reason")}
    return replace(recorded, **parts)


def credit(spells: Spells, outcomes: Outcomes) -> Credited:
    """Return what came of the spells of one course, and which of its spells each deal is credited to.

    Args:
        spells: Any number of them, in any order. Of those of one person that begin at one instant the one with the first track counts.
        outcomes: What had happened.
    """
    people, accounts = outcomes.busy
    beside = people.cover(spells.person, spells.entered) | accounts.cover(spells.account, spells.entered)
    spell, by_account = _sources(spells, ~beside, outcomes)
    apart = np.where(spell == NONE, _alongside(spells, beside, outcomes), NONE)
    persons = timeline(spells.person, spells.entered, -spells.track)
    verdicts = _verdicts(spells, persons, outcomes)
    reached = _with_deals(verdicts.reached, spell, outcomes.deals)
    deals = np.bincount(spell[spell != NONE], minlength=len(beside))
    worked = verdicts.given | (deals > 0) | _touched(spells, persons, outcomes) | (not outcomes.work_known)
    accepted, sql, opportunity, won = reached
    return Credited(
        beside, worked, accepted, sql, opportunity, won, verdicts.rejected, verdicts.reason, deals,
        _revenue(spell, outcomes, len(beside)), _lead_days(spells, spell, outcomes.deals), spell, by_account, apart,
    )  # fmt: skip


def _sources(spells: Spells, fit: Flags, outcomes: Outcomes) -> tuple[Whole, Flags]:
    """Return each deal's spell: the last one before its first conversation, of its person, else of its account; and which way."""
    deals = outcomes.deals
    own = _last(_persons(spells, fit, deals), deals.person, deals.conversation, spells, outcomes)
    shared = _last(_accounts(spells, fit, deals), deals.account, deals.conversation, spells, outcomes)
    spell = np.where(own == NONE, shared, own)
    return spell, (own == NONE) & (shared != NONE)


def _alongside(spells: Spells, beside: Flags, outcomes: Outcomes) -> Whole:
    """Return the last spell beside each deal, of its person, else of its account."""
    deals = outcomes.deals
    own = _last(_persons(spells, beside, deals), deals.person, deals.closed, spells, outcomes)
    shared = _last(_accounts(spells, beside, deals), deals.account, deals.closed, spells, outcomes)
    return np.where(own == NONE, shared, own)


def _persons(spells: Spells, fit: Flags, deals: Deals) -> Timeline:
    return timeline(spells.person, spells.entered, -spells.track, chosen=fit & np.isin(spells.person, deals.person))


def _accounts(spells: Spells, fit: Flags, deals: Deals) -> Timeline:
    return timeline(spells.account, spells.entered, -spells.person, -spells.track, chosen=fit & np.isin(spells.account, deals.account))


def _last(events: Timeline, key: Whole, before: Whole, spells: Spells, outcomes: Outcomes) -> Whole:
    """Return each deal's last spell before an instant, unless it began too long before the deal's creation."""
    found = events.last(key, before)
    return _recent(found, outcomes.deals.created, spells, outcomes.windows.credit)


def _recent(found: Whole, at: Whole, spells: Spells, window: int) -> Whole:
    if not len(spells.entered):
        return found
    return np.where((found != NONE) & (at - spells.entered[found] <= window), found, NONE)


@dataclass(frozen=True)
class _Verdicts:
    """What reps said of each spell: whether anything, when it reached the stages, when and why it was last rejected."""

    given: Flags
    reached: tuple[Whole, ...]
    rejected: Whole
    reason: Whole


def _verdicts(spells: Spells, persons: Timeline, outcomes: Outcomes) -> _Verdicts:
    """Credit what was said of a person to their last spell that had begun by then."""
    said, n = outcomes.said, len(spells.entered)
    spell = _recent(persons.last(said.person, said.at, including=True), said.at, spells, outcomes.windows.credit)
    given = np.zeros(n, np.bool_)
    given[spell[(spell != NONE) & np.isin(said.said, _VERDICTS)]] = True
    stages = tuple(_first(spell, said, what, n) for what in (Said.ACCEPTED, Said.SQL, Said.OPPORTUNITY, Said.WON))
    rejections = np.flatnonzero((spell != NONE) & (said.said == Said.REJECTED))
    lasting = rejections[np.append(np.diff(spell[rejections]) != 0, True)[: len(rejections)]]  # rows of a spell stand together
    rejected, reason = np.full(n, NOT_YET), np.full(n, NONE)
    rejected[spell[lasting]], reason[spell[lasting]] = said.at[lasting], said.reason[lasting]
    return _Verdicts(given, stages, rejected, reason)


def _first(spell: Whole, said: LeadStages, what: Said, n: int) -> Whole:
    """Return when it was first said of each spell."""
    rows = np.flatnonzero((spell != NONE) & (said.said == what))
    at = np.full(n, NOT_YET)
    np.minimum.at(at, spell[rows], said.at[rows])
    return at


def _with_deals(reached: tuple[Whole, ...], spell: Whole, deals: Deals) -> tuple[Whole, ...]:
    """Return when each stage was reached, deals counted: a deal is an opportunity, and whoever skipped a stage has reached it too."""
    accepted, sql, opportunity, won = (at.copy() for at in reached)
    caught = spell != NONE
    np.minimum.at(opportunity, spell[caught], deals.created[caught])
    np.minimum.at(won, spell[caught & deals.won], deals.closed[caught & deals.won])
    opportunity = np.minimum(opportunity, won)
    sql = np.minimum(sql, opportunity)
    return np.minimum(accepted, sql), sql, opportunity, won


def _touched(spells: Spells, persons: Timeline, outcomes: Outcomes) -> Flags:
    """Return whether sales did something with the person soon after the spell began, before their next spell."""
    if not len(outcomes.touches):
        return np.zeros(len(spells.entered), np.bool_)
    first = outcomes.touched.next(spells.person, spells.entered)
    following = np.full(len(first), NOT_YET)
    same = np.diff(persons.key) == 0
    following[persons.order[:-1][same]] = spells.entered[persons.order[1:][same]]
    at = outcomes.touches[first]
    return (first != NONE) & (at - spells.entered <= outcomes.windows.attention) & (at < following)


def _revenue(spell: Whole, outcomes: Outcomes, n: int) -> Real:
    deals = outcomes.deals
    counted = (spell != NONE) & deals.won & (deals.currency == outcomes.currency) & ~np.isnan(deals.amount)
    return np.bincount(spell[counted], weights=deals.amount[counted], minlength=n).astype(np.float64)


def _lead_days(spells: Spells, spell: Whole, deals: Deals) -> Real:
    """Return the days from the beginning of each spell to the first conversation of its first deal."""
    days = np.full(len(spells.entered), np.nan)
    sources, first = np.unique(spell, return_index=True)  # deals stand by creation
    first, sources = first[sources != NONE], sources[sources != NONE]
    days[sources] = (deals.conversation[first] - spells.entered[sources]) / clock.DAY
    return days

"""What to know before the figures of a review are believed. Pure."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np

from leadline import clock
from leadline.engine.rehearsal import ALWAYS
from leadline.outcomes.model import NOT_YET
from leadline.review import phrases
from leadline.review.model import Caution
from leadline.review.period import periods
from leadline.review.period.material import Material
from leadline.review.period.model import Kind

FEW = 10
"""Entries below which a period's shares say little."""
CHANCE = 0.01
"""How likely it may be that nothing was won for so long before it is taken for a gap in the record."""


def cautions(found: Material) -> Iterator[Caution]:
    """Yield what there is to know of a period and of what is recorded."""
    yield from _of_period(found)
    yield from _of_definitions(found)
    yield from _of_wins(found)


def only_wins(found: Material) -> bool:
    """Return whether deals are recorded only once they are won: none is lost or open, or they are created as they close."""
    deals = found.outcomes.deals
    if not len(deals):
        return False
    at_once = deals.closed - deals.created < clock.HOUR
    return bool(deals.won.all() or 2 * (deals.won & at_once).sum() > deals.won.sum())


def _of_period(found: Material) -> Iterator[Caution]:
    period, entered = found.period, found.entered
    days = (period.end_at - 1 - period.until_at) / clock.DAY
    if days >= 1:
        yield Caution("period-under-way", f"The facts end {days:.0f} days before {period.name} does: counts are of a shorter time.")
    entries = int(entered.within(period.begin_at, period.end_at).sum())
    if entries < FEW:
        yield Caution("few-entries", f"Only {entries} entered in {period.name}: read the intervals, not the shares.")
    if period.kind is Kind.WEEK:
        yield Caution("a-week", "A week holds few entries: what differs from the week before is mostly chance unless intervals part.")


def _of_definitions(found: Material) -> Iterator[Caution]:
    begin = found.period.begin_at - periods.YEAR
    changed = [era for era in found.entered.eras if era.since > begin and era.since != ALWAYS]
    if changed:
        days = ", ".join(phrases.day(era.since) for era in changed)
        says = f"The definition changed in the year before the period ended ({days}), so cohorts are of different ones."
        yield Caution("definition-changed", says)


def _of_wins(found: Material) -> Iterator[Caution]:
    if only_wins(found):
        says = "Deals seem to be recorded only once they are won, so win rates and pipeline velocity can't be told."
        yield Caution("only-wins", says)
    entered, won = found.entered, found.entered.came.won
    wins = np.sort(won[won < NOT_YET])
    begun = entered.entered[entered.entered > ALWAYS]
    if len(wins) < FEW or not len(begun) or wins[-1] <= wins[0]:
        return
    usually = max(int(np.median((won - entered.entered)[(won < NOT_YET) & (entered.entered > ALWAYS)])), 0)
    gap = max(int(wins[0] - begun.min()) - usually, 0)
    expected = len(wins) / float(wins[-1] - wins[0]) * gap
    if math.exp(-expected) < CHANCE:
        says = (
            f"No win is recorded before {phrases.day(int(wins[0]))}, though people entered since {phrases.day(int(begun.min()))}: at the "
            f"later pace there would have been about {expected:.0f}. Cohorts before then seem worse than they were."
        )
        yield Caution("wins-begin-late", says)

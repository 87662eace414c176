"""MQL-sourced revenue: deals that were won and are credited to an entry, and by what attribute of that entry. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from leadline.engine.rehearsal import ALWAYS
from leadline.outcomes.model import NONE, Stage
from leadline.review import figures
from leadline.review.breakdown import OTHER, UNKNOWN
from leadline.review.model import Figure
from leadline.review.period import cohorts, draws, periods
from leadline.review.period.entered import Entered, Label
from leadline.review.period.material import Material
from leadline.review.period.model import Money, MoneyBy, MoneyRow, Period

if TYPE_CHECKING:
    from leadline.outcomes.model import Flags, Real, Whole

MOST_ROWS = 10
DEFINITION = "definition"


@dataclass(frozen=True)
class _Won:
    """Deals won: when, for how much (NaN if unknown), which entry is credited (or ``NONE``), which only stands beside."""

    closed: Whole
    amount: Real
    spell: Whole
    apart: Whole

    def within(self, begin: int, end: int) -> Flags:
        return (self.closed >= begin) & (self.closed < end)


def money(found: Material) -> Money:
    """Return MQL-sourced revenue of the period and of the year up to its end."""
    won, now, before = _won(found), found.period, periods.before(found.period)
    sourced = won.spell != NONE
    inside, year = won.within(now.begin_at, now.end_at), won.within(now.end_at - periods.YEAR, now.end_at)
    spans = [sourced & inside, sourced & won.within(before.begin_at, before.end_at), inside, sourced & year]
    months = [sourced & won.within(one.begin_at, one.end_at) for one in found.periods]
    totals = figures.totals(np.where(np.array([*spans, *months]), won.amount, np.nan))
    sizes = draws.means(np.where(np.array([sourced & year, ~sourced & year]), won.amount, np.nan))
    return Money(
        revenue=totals[0],
        revenue_before=totals[1],
        all_revenue=totals[2],
        deals=int(spans[0].sum()),
        all_deals=int(inside.sum()),
        beside=int((inside & ~sourced & (won.apart != NONE)).sum()),
        deal_size=sizes[0],
        other_deal_size=sizes[1],
        year_revenue=totals[3],
        months=tuple(zip(found.periods, totals[4:], strict=True)),
        by=tuple(_by(found, won, label) for label in _labels(found.entered)),
    )


def _won(found: Material) -> _Won:
    deals, came = found.outcomes.deals, found.entered.came
    won = deals.won
    return _Won(deals.closed[won], cohorts.amounts(found)[won], came.spell[won], came.apart[won])


def _labels(entered: Entered) -> list[Label]:
    """Return what money is told by: attributes at entry that the facts have, the track, the definition."""
    named = [label for label in (entered.source, entered.campaign, entered.content, entered.segment) if label.by]
    eras = tuple(f"{era.title} ({era.fingerprint[:12]})" for era in entered.eras)
    tracks = Label("track", undated=False, names=entered.tracks, codes=entered.track)
    return [*named, tracks, Label(DEFINITION, undated=False, names=eras, codes=entered.era)]


def _by(found: Material, won: _Won, label: Label) -> MoneyBy:
    """Return money by one attribute: all rows are drawn alike, so they can be compared."""
    now, entered = found.period, found.entered
    begin = now.end_at - periods.YEAR
    names, row = _rows(label, entered.within(begin, now.end_at))
    credited = np.where(won.spell == NONE, NONE, row[won.spell]) if len(row) else won.spell
    mine = credited == np.arange(len(names)).reshape(-1, 1)
    inside, year = mine & won.within(now.begin_at, now.end_at), mine & won.within(begin, now.end_at)
    began = np.where(won.spell == NONE, ALWAYS, entered.entered[won.spell]) if len(row) else won.spell
    of_year = mine & (began >= begin) & (began < now.end_at)
    totals = figures.totals(np.where(np.concatenate([inside, year, of_year]), won.amount, np.nan))
    sizes = draws.means(np.where(year, won.amount, np.nan))
    rows = [
        MoneyRow(
            label=name,
            deals=int(inside[at].sum()),
            revenue=totals[at],
            year_deals=int(year[at].sum()),
            year_revenue=totals[len(names) + at],
            deal_size=sizes[at],
            year_entries=int((entered.within(begin, now.end_at) & (row == at)).sum()),
            sql=_sql(found, now, row == at),
            entry_revenue=totals[2 * len(names) + at],
        )
        for at, name in enumerate(names)
    ]
    kept = [one for one in rows if one.year_entries or one.year_deals or one.deals]
    return MoneyBy(label.by, label.undated, tuple(sorted(kept, key=_order)))


def _order(row: MoneyRow) -> tuple[bool, float, int]:
    return row.label in (UNKNOWN, OTHER), -(row.year_revenue.value or 0.0), -row.year_entries


def _sql(found: Material, now: Period, chosen: Flags) -> Figure:
    entered, until = found.entered, now.until_at
    old = chosen & entered.within(now.end_at - periods.YEAR, now.end_at) & entered.fit_to_judge
    old &= entered.mature(Stage.SQL, found.lags, until)
    return figures.share(int((old & entered.reached(Stage.SQL, until)).sum()), int(old.sum()))


def _rows(label: Label, counted: Flags) -> tuple[tuple[str, ...], Whole]:
    """Return the names of rows (the most frequent, then the rare ones together, then unknown) and the row of each entry."""
    codes = label.codes[counted]
    counts = np.bincount(codes[codes != NONE], minlength=len(label.names))
    order = np.argsort(-counts, kind="stable")
    shown: list[int] = order[: MOST_ROWS if len(order) > MOST_ROWS + 1 else len(order)].tolist()
    place = np.full(len(label.names) + 1, len(shown), np.int64)
    place[shown] = np.arange(len(shown))
    place[NONE] = len(shown) + 1
    return (*(label.names[at] for at in shown), OTHER, UNKNOWN), place[label.codes]

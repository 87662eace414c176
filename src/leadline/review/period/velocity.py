"""Pipeline velocity now and before, and the step of the funnel that lies farthest below its own past. Pure."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace
from statistics import NormalDist
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from leadline import clock
from leadline.engine.rehearsal import ALWAYS
from leadline.outcomes import intervals, maturity
from leadline.outcomes.model import NONE, NOT_YET, Stage
from leadline.review import figures
from leadline.review.model import Figure
from leadline.review.period import cautions, cohorts, draws, periods
from leadline.review.period.material import Material
from leadline.review.period.model import Bottleneck, Pace, Period, Step, Velocity

if TYPE_CHECKING:
    from leadline.outcomes.model import Deals, Flags, Real, Whole

QUARTER = 91 * clock.DAY
"""The shortest span that rates of deals are told over: shorter ones hold too few."""
FEW = 10
"""Cases that a step needs, now and in the past, before it is compared."""
LEVEL = 0.05
ENTRY = "entry"
_FACTORS = ("opportunities", "win rate", "deal size", "pace of the cycle")
_STEPS = ((ENTRY, Stage.ACCEPTED), (Stage.ACCEPTED, Stage.SQL), (Stage.SQL, Stage.OPPORTUNITY), (Stage.OPPORTUNITY, Stage.WON))


def span(period: Period) -> int:
    """Return how long a time is that rates are told over: the period, and a quarter at least."""
    return max(period.end_at - period.begin_at, QUARTER)


class _Sums(NamedTuple):
    """Over a span, as drawn: deal-days open, closed, won, those with an amount, their amount, days of those won."""

    open_days: Real
    closed: Real
    won: Real
    paid: Real
    amount: Real
    days: Real


def velocity(found: Material) -> Velocity | None:
    """Return MQL-sourced pipeline velocity over the last span and the one before.

    ``None`` if nothing was won with an amount in one of them, or deals are recorded only once they are won.
    """
    end = periods.ended(found.period)
    length = span(found.period)
    deals, sourced = found.outcomes.deals, found.entered.came.spell != NONE
    times = [(end - length, end), (end - 2 * length, end - length)]
    rows = np.concatenate([_rows(deals, sourced, cohorts.amounts(found), *time) for time in times])
    drawn = draws.sums(rows)
    parts = [_Sums(*drawn[:, at : at + 6].T) for at in (0, 6)]
    factors = [_factors(part, length) for part in parts]
    if cautions.only_wins(found) or not all(part.paid[0] and part.open_days[0] for part in parts):
        return None
    now, before = (_pace(*one) for one in zip(times, parts, factors, strict=True))
    change = draws.ratio(factors[0].prod(axis=0), factors[1].prod(axis=0))
    moved = (factors[0][:, 0] / factors[1][:, 0]).tolist()
    return Velocity(now, before, draws.figure(change, now.deal_size.n + before.deal_size.n), tuple(zip(_FACTORS, moved, strict=True)))


def _rows(deals: Deals, sourced: Flags, amounts: Real, begin: int, end: int) -> Real:
    """Return what each deal adds to the sums of a span."""
    open_days = np.maximum(np.minimum(deals.closed, end) - np.maximum(deals.created, begin), 0) / clock.DAY
    closed = sourced & (deals.closed >= begin) & (deals.closed < end)
    won = closed & deals.won
    paid = won & ~np.isnan(amounts)
    took = np.where(won, deals.closed - deals.created, 0) / clock.DAY
    return np.array([open_days * sourced, closed, won, paid, np.where(paid, amounts, 0.0), took], np.float64)


def _factors(of: _Sums, length: int) -> Real:
    """Return the four factors as drawn: deals open at a time, win rate, deal size, one by the days of the cycle."""
    cycle = np.maximum(draws.ratio(of.days, of.won), 1 / 24)
    return np.array([of.open_days / (length / clock.DAY), draws.ratio(of.won, of.closed), draws.ratio(of.amount, of.paid), 1 / cycle])


def _pace(time: tuple[int, int], of: _Sums, factors: Real) -> Pace:
    closed, won, paid = (int(value[0]) for value in (of.closed, of.won, of.paid))
    return Pace(
        *time,
        opportunities=draws.figure(factors[0], closed),
        win_rate=figures.share(won, closed),
        deal_size=draws.figure(factors[2], paid),
        cycle_days=draws.figure(1 / factors[3], won),
        per_day=draws.figure(factors.prod(axis=0), won),
    )


def bottleneck(found: Material) -> Bottleneck:
    """Return every step of the funnel against its own past year, and which of them surely lies farthest below it."""
    steps = tuple(_steps(found))
    low = [step for step in steps if step.p is not None and step.p < LEVEL / len(steps) and _gap(step) > 0]
    worst = max(low, key=lambda step: _gap(step) / (step.past.value or 1.0), default=None)
    return Bottleneck(steps, worst.stage if worst else None)


def _gap(step: Step) -> float:
    return (step.past.value or 0.0) - (step.now.value or 0.0)


def _steps(found: Material) -> Iterator[Step]:
    """Yield the steps; the last first, since what an earlier one would bring depends on those that follow."""
    made = [_step(found, start, stage) for start, stage in _STEPS]
    size = draws.means(np.array([cohorts.amounts(found)[found.entered.came.spell != NONE]]))[0].value
    for at, (step, begun) in enumerate(made):
        gap = _gap(step)
        if gap <= 0:
            yield step
            continue
        rates = [later.now.value or 0.0 for later, _ in made[at + 1 :]]
        a_month = begun / periods.months(step.now_end_at - step.now_at) * gap
        to_sql = math.prod(rates[: 1 - at]) if at < 2 else None
        sqls = None if to_sql is None else a_month * to_sql
        yield replace(step, sqls=sqls, revenue=None if size is None else a_month * math.prod(rates) * size)


def _step(found: Material, start: str, stage: Stage) -> tuple[Step, int]:
    """Return a step without what it would bring, and how many began it in the last span."""
    entered, until = found.entered, found.period.until_at
    fit = entered.fit_to_judge
    begun = entered.entered if start == ENTRY else entered.came.reached(Stage(start))
    fit &= (begun < NOT_YET) & (begun > ALWAYS)
    begun, reached = begun[fit], entered.came.reached(stage)[fit]
    horizon = _horizon(begun, reached, until)
    end = min(found.period.end_at, until + 1 - horizon)
    length = span(found.period)
    since = max(end - length - periods.YEAR, cohorts.recorded_since(found))
    times = ((end - length, end), (since, end - length))
    chosen = [(begun >= first) & (begun < last) for first, last in times]
    made = reached - begun <= horizon
    now, past = (figures.share(int((made & one).sum()), int(one.sum())) for one in chosen)
    wait, before = (figures.figure(intervals.median((reached - begun)[one & made] / clock.DAY)) for one in chosen)
    step = Step(str(start), stage, *times[0], now, past, _chance(now, past), wait, before, sqls=None, revenue=None)
    return step, now.n


def _horizon(begun: Whole, reached: Whole, until: int) -> int:
    """Return the time within which three in four make a step who ever make it."""
    curve = maturity.curve(begun, reached, until)
    eventually = maturity.share_at(curve, curve.seen_days).value
    if not curve.n or not eventually:
        return 0
    return round(float(curve.days[np.searchsorted(curve.share, 0.75 * eventually - 1e-12)]) * clock.DAY)


def _chance(now: Figure, past: Figure) -> float | None:
    """Return the chance of so large a difference of two shares if nothing had changed (z-test of the pooled share)."""
    if min(now.n, past.n) < FEW or now.value is None or past.value is None:
        return None
    share = (now.value * now.n + past.value * past.n) / (now.n + past.n)
    spread = math.sqrt(share * (1 - share) * (1 / now.n + 1 / past.n))
    return 2 * NormalDist().cdf(-abs(now.value - past.value) / spread) if spread else 1.0

"""The funnel by cohort: the entries of each period, and how far they came. A young cohort is never called lost. Pure."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from leadline import clock
from leadline.outcomes import intervals, maturity
from leadline.outcomes.model import NONE, Stage
from leadline.review import figures
from leadline.review.model import Figure
from leadline.review.period import periods
from leadline.review.period.material import Material
from leadline.review.period.model import Cohort, Funnel, Period, Reached

if TYPE_CHECKING:
    from leadline.outcomes.model import Flags, Real


def funnel(found: Material) -> Funnel:
    """Return the cohorts up to the period, with entries a week now and before."""
    cohorts = tuple(_cohort(found, one, money) for one, money in zip(found.periods, _revenue(found), strict=True))
    horizons = tuple((stage, lag.days if lag else None) for stage, lag in found.lags.items())
    before, recorded = (None, None, *found.recorded)[-2:]
    return Funnel(cohorts, per_week(found, found.period), per_week(found, periods.before(found.period)), horizons, recorded, before)


def per_week(found: Material, period: Period) -> Figure:
    """Return the entries a week of a period."""
    entries = int(found.entered.within(period.begin_at, period.end_at).sum())
    return figures.figure(intervals.rate(entries, periods.weeks(period)))


def amounts(found: Material) -> Real:
    """Return the amount of each settled deal that was won in the report's currency; NaN for the others."""
    deals = found.outcomes.deals
    return np.where(deals.won & (deals.currency == found.outcomes.currency), deals.amount, np.nan).astype(np.float64)


def rate(found: Material, stage: Stage, begin: int, end: int) -> Figure:
    """Return what share of the worked entries of a span that are old enough reached a stage within its horizon."""
    return _share(found, stage, found.entered.within(begin, end) & found.entered.fit_to_judge)


def recorded_since(found: Material) -> int:
    """Return when the record of sales begins: the first deal or word of sales. Of who entered before, too little is known to compare."""
    instants = np.concatenate([found.outcomes.deals.created, found.outcomes.said.at, found.outcomes.touches])
    return int(instants.min(initial=found.period.until_at))


def _cohort(found: Material, period: Period, revenue: Figure) -> Cohort:
    entered, came = found.entered, found.entered.came
    inside = entered.within(period.begin_at, period.end_at)
    fit = inside & ~came.beside
    return Cohort(
        period=period,
        entries=int(inside.sum()),
        people=len(np.unique(entered.person[inside])),
        beside=int((inside & came.beside).sum()),
        worked=int((fit & came.worked).sum()),
        rejected=int((fit & entered.refused).sum()),
        stages=tuple(_reached(found, stage, fit, period) for stage in Stage),
        revenue=revenue,
    )


def _reached(found: Material, stage: Stage, fit: Flags, period: Period) -> Reached:
    entered, until = found.entered, found.period.until_at
    at, worked, horizon, usual = entered.came.reached(stage), fit & entered.came.worked, found.lags[stage], found.usual[stage]
    there = fit & (at <= until)
    days = (at[there] - entered.entered[there]) / clock.DAY
    curve = maturity.curve(entered.entered[worked], at[worked], until)
    return Reached(
        stage=stage,
        reached=int(there.sum()),
        rate=_share(found, stage, worked),
        estimate=figures.figure(maturity.share_at(curve, usual.days if usual else math.inf)),
        mature=horizon is not None and period.end_at <= until + 1 - round(horizon.days * clock.DAY),
        median_days=figures.figure(intervals.median(days)),
        p90_days=float(np.quantile(days, 0.9)) if len(days) else None,
    )


def _share(found: Material, stage: Stage, worked: Flags) -> Figure:
    old = worked & found.entered.mature(stage, found.lags, found.period.until_at)
    return figures.share(int((old & found.entered.reached(stage, found.period.until_at)).sum()), int(old.sum()))


def _revenue(found: Material) -> list[Figure]:
    """Return what was won so far of the entries of each period, all drawn alike."""
    spell = found.entered.came.spell
    began = np.where(spell == NONE, NONE, found.entered.entered[spell]) if len(found.entered) else spell
    inside = np.array([(spell != NONE) & (began >= one.begin_at) & (began < one.end_at) for one in found.periods])
    return figures.totals(np.where(inside, amounts(found), np.nan))

"""What came of the entries of a side, of one of its tracks, or of any part of them: conversion, won deals, lead time, curves."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from leadline import clock
from leadline.engine.rehearsal import ALWAYS
from leadline.outcomes import intervals, maturity
from leadline.outcomes.model import NONE, Stage
from leadline.review import figures
from leadline.review.entries import Entries
from leadline.review.model import Conversion, Curve, Figure, LeadTime, Point, Results, Week, Window

if TYPE_CHECKING:
    from leadline.engine.terms import Real, Whole
    from leadline.outcomes.matching import Outcomes
    from leadline.outcomes.model import Flags, Lag

ANY = "any"
MOST_POINTS = 120
"""Steps of a curve that are told; more can't be seen."""
MONDAY = 4 * clock.DAY
"""The first Monday after 1970 began."""


@dataclass(frozen=True)
class Setting:
    """What all parts of a plan have in common.

    Attributes:
        window: The time compared.
        outcomes: What had happened by its ``until_at``.
        lags: The usual lag to each stage.
        wins: Indices of the deals won that were created in the window: the deals that a side catches or misses.
        amounts: Their amounts in the report's currency, NaN where that isn't known.
    """

    window: Window
    outcomes: Outcomes
    lags: Mapping[Stage, Lag | None]
    wins: Whole
    amounts: Real


def setting(window: Window, outcomes: Outcomes, lags: Mapping[Stage, Lag | None]) -> Setting:
    """Return what all parts of a plan have in common."""
    deals = outcomes.deals
    wins = np.flatnonzero(deals.won & (deals.created >= window.begin_at) & (deals.created < window.end_at))
    known = deals.currency[wins] == outcomes.currency
    return Setting(window, outcomes, lags, wins, np.where(known, deals.amount[wins], np.nan).astype(np.float64))


def usual_lags(candidates: list[Entries], until: int, *, least: int = 10) -> dict[Stage, Lag | None]:
    """Return the usual lag to each stage, by the worked entries of all times.

    Args:
        candidates: Where to look, the company's own record first: the first with at least ``least`` entries that reached a stage tells
            how long it takes, else the one with the most.
        until: The last instant of which anything is known.
        least: How many it takes.
    """
    found: dict[Stage, Lag | None] = {}
    for stage in Stage:
        lags = [maturity.usual_lag(_curve(entries, _worked(entries), stage, until)) for entries in candidates]
        told = [lag for lag in lags if lag]
        found[stage] = next((lag for lag in told if lag.n >= least), max(told, key=lambda lag: lag.n, default=None))
    return found


def _worked(entries: Entries) -> Flags:
    """Return the entries of all times that tell how long things take; what began before the first fact has no age."""
    return entries.came.worked & ~entries.came.beside & (entries.spells.entered > ALWAYS)


def _curve(entries: Entries, chosen: Flags, stage: Stage, until: int) -> maturity.Curve:
    return maturity.curve(entries.spells.entered[chosen], entries.came.reached(stage)[chosen], until)


def results(name: str, entries: Entries, setting: Setting) -> Results:
    """Return what came of the entries of the window, and of the deals that were won in it."""
    inside, came, window = entries.inside, entries.came, setting.window
    caught = catches(entries, setting)
    return Results(
        name=name,
        entries=int(inside.sum()),
        people=len(entries.people()),
        reentries=int((inside & entries.again).sum()),
        beside=int((inside & came.beside).sum()),
        worked=int((inside & came.worked).sum()),
        per_week=per_week(int(inside.sum()), window),
        weeks=weekly(entries.spells.entered[inside], window),
        conversion=conversions(entries, inside, setting),
        won=int(caught.sum()),
        revenue=figures.total(setting.amounts, caught),
        lead_time=lead_time(entries, setting),
        curves=tuple(_told(stage, _curve(entries, inside & came.worked & ~came.beside, stage, window.until_at)) for stage in Stage),
    )


def catches(entries: Entries, setting: Setting) -> Flags:
    """Return, for each deal of ``Setting.wins``, whether it is credited to an entry."""
    return entries.came.spell[setting.wins] != NONE


def per_week(count: int, window: Window) -> Figure:
    """Return a count of entries in the window as entries a week."""
    return figures.figure(intervals.rate(count, window.weeks))


def weekly(entered: Whole, window: Window) -> tuple[Week, ...]:
    """Return how many of some instants lie in each week of the window; weeks begin on Monday, UTC."""
    edges = week_edges(window)
    counts = np.diff(np.searchsorted(np.sort(entered), edges))
    spans = zip(edges[:-1], edges[1:], counts, strict=True)
    return tuple(Week(int(begin), float(end - begin) / clock.DAY, int(count)) for begin, end, count in spans)


def week_edges(window: Window) -> Whole:
    """Return where the window begins, its Mondays, and where it ends."""
    monday = window.begin_at - (window.begin_at - MONDAY) % clock.WEEK
    mondays = np.arange(monday + clock.WEEK, window.end_at, clock.WEEK, dtype=np.int64)
    return np.concatenate([[window.begin_at], mondays, [window.end_at]]).astype(np.int64)


def conversions(entries: Entries, chosen: Flags, setting: Setting) -> tuple[Conversion, ...]:
    """Return how many of some entries came to each stage."""
    fit = np.flatnonzero(chosen & ~entries.came.beside)
    return tuple(_conversion(entries, fit, setting, stage) for stage in Stage)


def _conversion(entries: Entries, fit: Whole, setting: Setting, stage: Stage) -> Conversion:
    until, lag = setting.window.until_at, setting.lags[stage]
    entered, reached, worked = entries.spells.entered[fit], entries.came.reached(stage)[fit], entries.came.worked[fit]
    old = maturity.old_enough(entered, until, lag)
    there, n = int((reached[old] <= until).sum()), int(old.sum())
    unknown = int((old & ~worked & (reached > until)).sum())
    curve = maturity.curve(entered[worked], reached[worked], until)
    return Conversion(
        stage=stage,
        reached=int((reached <= until).sum()),
        rate=figures.figure(maturity.share_of_old(entered[worked], reached[worked], until, lag)),
        estimate=figures.figure(maturity.share_at(curve, lag.days if lag else math.inf)),
        least=there / n if n else None,
        most=(there + unknown) / n if n else None,
        young=len(fit) - n,
        usual_days=lag.days if lag else None,
    )


def rate(entries: Entries, setting: Setting, stage: Stage) -> Figure:
    """Return what share of the worked entries of the window that are old enough came to a stage."""
    judged = rated(entries, setting, stage)
    return figures.share(int((entries.came.reached(stage)[judged] <= setting.window.until_at).sum()), int(judged.sum()))


def rated(entries: Entries, setting: Setting, stage: Stage) -> Flags:
    """Return which entries of the window a rate is made of: worked, old enough, and not beside a conversation or an open deal."""
    old = maturity.old_enough(entries.spells.entered, setting.window.until_at, setting.lags[stage])
    return entries.inside & entries.came.worked & ~entries.came.beside & old


def lead_time(entries: Entries, setting: Setting) -> LeadTime:
    """Return the days from entry to the first conversation of the deals caught."""
    days = lead_days(entries, setting)
    days = days[~np.isnan(days)]
    p90 = float(np.quantile(days, 0.9)) if len(days) else None
    return LeadTime(figures.figure(intervals.median(days)), p90)


def lead_days(entries: Entries, setting: Setting) -> Real:
    """Return, for each deal of ``Setting.wins``, the days from its entry to the first conversation; NaN if it has none."""
    spell = entries.came.spell[setting.wins]
    days = np.full(len(spell), np.nan)
    caught = spell != NONE
    began = entries.spells.entered[spell[caught]]
    days[caught] = np.where(began > ALWAYS, (setting.outcomes.deals.conversation[setting.wins[caught]] - began) / clock.DAY, np.nan)
    return days


def _told(stage: Stage, curve: maturity.Curve) -> Curve:
    """Return a curve as far as it hangs on enough entries, thinned to the steps that can be seen."""
    shown = np.flatnonzero(curve.days <= curve.seen_days)
    if len(shown) > MOST_POINTS:
        shown = shown[np.unique(np.linspace(0, len(shown) - 1, MOST_POINTS).astype(np.int64))]
    columns = (curve.days, curve.share, curve.low, curve.high, curve.at_risk)
    rows = zip(*(column[shown].tolist() for column in columns), strict=True)
    return Curve(stage, tuple(Point(*row) for row in rows))

"""How long it takes until something comes of a spell, and figures that don't call a young spell lost.

Pure. Curves and shares take the instants at which spells began and at which they reached a stage, see
:meth:`leadline.outcomes.model.Credited.reached`. Spells that began before the first fact have no age and are left out.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from leadline import clock
from leadline.engine.rehearsal import ALWAYS
from leadline.outcomes import intervals
from leadline.outcomes.model import NOT_YET, Curve, Estimate, Lag

if TYPE_CHECKING:
    from leadline.outcomes.model import Deals, Flags, Real, Whole

USUAL = 0.9


def curve(entered: Whole, reached: Whole, until: int) -> Curve:
    """Return what share had reached a stage by the days since it began, as Kaplan and Meier (1958) estimate it.

    A spell is watched until it gets there or until ``until``. The interval is Greenwood's (1926) on the scale of log(-log), which
    stays within 0 to 1.

    Args:
        entered: When the spells began.
        reached: When they reached the stage; ``NOT_YET`` if they have not.
        until: The last instant of which anything is known.
    """
    aged = entered != ALWAYS
    entered, reached = entered[aged], reached[aged]
    there = reached <= until
    watched = np.sort(np.where(there, reached, until) - entered)
    lags, events = np.unique((reached - entered)[there], return_counts=True)
    at_risk = len(watched) - np.searchsorted(watched, lags, side="left")
    low, high, left = _greenwood(events, at_risk)
    ages = np.sort(until - entered)
    seen = float(ages[-math.ceil(len(ages) / 10)]) / clock.DAY if len(ages) else 0.0
    return Curve(lags / clock.DAY, 1 - left, low, high, at_risk, len(ages), int(there.sum()), seen, ages / clock.DAY)


def _greenwood(events: Whole, at_risk: Whole) -> tuple[Real, Real, Real]:
    """Return the bounds of the share that got there, and the share that is left."""
    left = np.cumprod(1 - events / at_risk)
    open_still = left > 0
    some, staying = events[open_still], at_risk[open_still]
    spread = np.sqrt(np.cumsum(some / (staying * (staying - some))))
    power = np.exp(intervals.Z * spread / np.abs(np.log(left[open_still])))
    low, high = 1 - left[open_still] ** (1 / power), 1 - left[open_still] ** power
    if not open_still.all():  # the last one got there too: nothing is left to tell how far from all it might be
        before = low[-1] if len(low) else intervals.wilson(int(events[0]), int(at_risk[0])).low
        low, high = np.append(low, before), np.append(high, 1.0)
    return np.asarray(low, np.float64), np.asarray(high, np.float64), np.asarray(left, np.float64)


def share_at(found: Curve, days: float) -> Estimate:
    """Return what share gets to the stage within ``days``, with its interval; at most as far as ``Curve.seen_days``."""
    days = min(days, found.seen_days)
    if not found.n:
        return intervals.nothing()
    step = int(np.searchsorted(found.days, days, side="right")) - 1
    if step < 0:
        watched = found.n - int(np.searchsorted(found.ages, days, side="left"))
        return Estimate(0.0, 0.0, intervals.wilson(0, watched).high, found.n)
    return Estimate(float(found.share[step]), float(found.low[step]), float(found.high[step]), found.n)


def usual_lag(found: Curve) -> Lag | None:
    """Return within how many days nine in ten of those get to the stage who do so at all; ``None`` if nobody did.

    It is read off the curve, since the lags seen so far are too short: long ones of young spells are still to come.
    """
    eventually = share_at(found, found.seen_days).value
    if not found.n or not eventually:
        return None
    step = int(np.searchsorted(found.share, USUAL * eventually - 1e-12))  # nine of ten is 0.9, however it was added up
    return Lag(float(found.days[step]), found.reached)


def old_enough(entered: Whole, until: int, usual: Lag | None) -> Flags:
    """Return which spells are old enough to judge: the usual lag has passed. If nobody ever got there, none is."""
    if usual is None:
        return np.zeros(len(entered), np.bool_)
    return (entered != ALWAYS) & (entered <= until - round(usual.days * clock.DAY))


def share_of_old(entered: Whole, reached: Whole, until: int, usual: Lag | None) -> Estimate:
    """Return what share of the spells that are old enough has reached a stage; whatever became of the others."""
    old = old_enough(entered, until, usual)
    return intervals.wilson(int((reached[old] <= until).sum()), int(old.sum()))


def usual_cycle(deals: Deals) -> Lag | None:
    """Return within how many days nine in ten won deals were won, from their creation; ``None`` if none was."""
    took = deals.closed[deals.won] - deals.created[deals.won]
    return Lag(float(np.quantile(took, USUAL, method="inverted_cdf")) / clock.DAY, len(took)) if len(took) else None


def stalled(deals: Deals, until: int) -> Flags:
    """Return which deals are open for longer than nine in ten won deals took."""
    usual = usual_cycle(deals)
    is_open = deals.closed == NOT_YET
    return is_open & (until - deals.created > usual.days * clock.DAY) if usual else np.zeros(len(deals), np.bool_)

"""Whether criteria still mean what they meant: how often entries have them, and how well they tell who becomes an SQL.

Pure. How often is compared by the population stability index, whose usual reading (0.1, 0.25) knows nothing of how many entries there
are; it is therefore tested as well. How well is an odds ratio among entries that sales worked and that are old enough to judge. All
entries compared are of one definition, replayed over both times, so that nothing but behaviour and sales can have changed.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from statistics import NormalDist
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from leadline import clock
from leadline.outcomes import intervals
from leadline.outcomes.model import Stage
from leadline.review import figures
from leadline.review.model import Figure
from leadline.review.period.parts import Drift, Drifts, Trend

if TYPE_CHECKING:
    from leadline.outcomes.model import Flags, Real, Whole
    from leadline.review.period.material import Material

LEVEL = 0.05
"""The chance of being wrong that a claim of change may have, over all criteria together."""
MODERATE, LARGE = 0.1, 0.25
"""How the index is usually read: below the first nothing, from the second on a lot."""
EXPECTED = 5
"""Entries to be expected in each cell of two by two, below which odds ratios aren't compared."""
_YEAR, _QUARTER = 365 * clock.DAY, 91 * clock.DAY
_ORDER = (Trend.LOST, Trend.GAINED, Trend.MORE, Trend.RARER, Trend.STEADY, Trend.FEW)


class Times(NamedTuple):
    """When then and now are, see :class:`~leadline.review.period.parts.Drifts`."""

    then_at: int
    then_end_at: int
    now_at: int
    now_end_at: int
    judged_from_at: int
    judged_at: int
    judged_end_at: int


@dataclass(frozen=True)
class Scored:
    """Entries of one definition (n entries).

    Attributes:
        criteria: Names.
        points: n × criterion, at entry; NaN where the definition of then had no such criterion.
        score: n, at entry.
        entered: When.
        judged: Worked, old enough to have become an SQL, and not beside a deal.
        sql: Became one.
    """

    criteria: tuple[str, ...]
    points: Real
    score: Real
    entered: Whole
    judged: Flags
    sql: Flags


class _Odds(NamedTuple):
    """A log odds ratio: what it is, its standard error, who has the criterion, and whether enough entries are behind it."""

    log: float
    error: float
    having: int
    enough: bool


def times(begin: int, end: int, until: int, lag_days: float) -> Times:
    """Return what is compared with what.

    Entries of the period are compared with those of the year before it. Few of them can be judged yet: the power of now is that of the last
    quarter (or of as much time as the period has) that is old enough, the power of then that of the year before.
    """
    old = min(end, until - round(lag_days * clock.DAY))
    since = old - max(_QUARTER, end - begin)
    return Times(begin - _YEAR, begin, begin, end, since - _YEAR, since, old)


def of(found: Material) -> Drifts | None:
    """Return how the criteria of the present definition have changed; ``None`` if nobody enters by it in the period or the year before."""
    entered, period, lag = found.both.new, found.period, found.lags[Stage.SQL]
    when = times(period.begin_at, period.end_at, period.until_at, lag.days if lag else 0.0)
    judged = entered.fit_to_judge & entered.mature(Stage.SQL, found.lags, period.until_at)
    sql = entered.reached(Stage.SQL, period.until_at)
    told = drifts(Scored(entered.criteria, entered.points, entered.score, entered.entered, judged, sql), when)
    return told if told.entries_then and told.entries_now else None


def drifts(found: Scored, when: Times) -> Drifts:
    """Return how the criteria and the score of one definition have changed."""
    then = (found.entered >= when.then_at) & (found.entered < when.then_end_at)
    now = (found.entered >= when.now_at) & (found.entered < when.now_end_at)
    rows = [_criterion(found, at, (then, now), when) for at in range(len(found.criteria))]
    psi_q = adjusted([row.psi_q for row in rows])
    tested = [row.power_q for row in rows if row.power_q is not None]
    power_q = iter(adjusted(tested))
    told = [
        _settled(row, found, at, (q, None if row.power_q is None else next(power_q)))
        for at, (row, q) in enumerate(zip(rows, psi_q, strict=True))
    ]
    psi, p = _score(found.score[then], found.score[now])
    return Drifts(*when, int(then.sum()), int(now.sum()), tuple(sorted(told, key=_rank)), psi, p)


def _criterion(found: Scored, at: int, compared: tuple[Flags, Flags], when: Times) -> Drift:
    """Return a criterion with plain chances instead of adjusted ones, and no trend yet."""
    has, known = found.points[:, at] != 0, ~np.isnan(found.points[:, at])
    counts = [np.array([int((known & ~has & chosen).sum()), int((known & has & chosen).sum())]) for chosen in compared]
    then, now = (figures.share(int(count[1]), int(count.sum())) for count in counts)
    psi, p = stability(counts[0].astype(np.float64), counts[1].astype(np.float64))
    judged = known & found.judged
    earlier = judged & (found.entered >= when.judged_from_at) & (found.entered < when.judged_at)
    later = judged & (found.entered >= when.judged_at) & (found.entered < when.judged_end_at)
    power_then, power_now = (_odds(has[chosen], found.sql[chosen]) for chosen in (earlier, later))
    change = _change(power_then, power_now)
    return Drift(found.criteria[at], then, now, psi, p, _figure(power_then), _figure(power_now), change, Trend.STEADY)


def _odds(has: Flags, sql: Flags) -> _Odds | None:
    """Return the odds ratio of becoming an SQL with and without a criterion, ``None`` if all or none have it, or all or none got there.

    A half is added to each cell if one is empty (Haldane 1956, Anscombe 1956); the error is Woolf's (1955).
    """
    cells = np.array([[(has & sql).sum(), (has & ~sql).sum()], [(~has & sql).sum(), (~has & ~sql).sum()]], np.float64)
    rows, columns, n = cells.sum(axis=1), cells.sum(axis=0), cells.sum()
    if not rows.all() or not columns.all():
        return None
    enough = bool((np.outer(rows, columns) / n).min() >= EXPECTED)
    held = cells if cells.all() else cells + 0.5
    log = math.log(held[0, 0] * held[1, 1] / (held[0, 1] * held[1, 0]))
    return _Odds(log, math.sqrt(float((1 / held).sum())), int(rows[0]), enough)


def _figure(odds: _Odds | None) -> Figure:
    if odds is None:
        return Figure(None, None, None, 0)
    low, high = (math.exp(odds.log + sign * intervals.Z * odds.error) for sign in (-1, 1))
    return Figure(math.exp(odds.log), low, high, odds.having)


def _change(then: _Odds | None, now: _Odds | None) -> float | None:
    """Return the chance of so large a difference of two log odds ratios if there were none; ``None`` if too few tell."""
    if then is None or now is None or not (then.enough and now.enough):
        return None
    return 2 * NormalDist().cdf(-abs(now.log - then.log) / math.hypot(then.error, now.error))


def stability(then: Real, now: Real) -> tuple[float, float]:
    """Return the population stability index of counts by bin, and the chance of so large a one if nothing had changed.

    Half an entry is added to each bin, so that empty ones count for something finite. Without any change the index, over 1/n + 1/m, is
    distributed like chi-square (Yurdakul 2018).
    """
    n, m = then.sum(), now.sum()
    if not n or not m or len(then) < 2:
        return 0.0, 1.0
    before, after = (then + 0.5) / (n + 0.5 * len(then)), (now + 0.5) / (m + 0.5 * len(then))
    index = float(((after - before) * np.log(after / before)).sum())
    return index, _chance(index / (1 / n + 1 / m), len(then) - 1)


def _chance(value: float, freedom: int) -> float:
    """Return the chance that a chi-square of so many degrees of freedom is so large or larger."""
    half = value / 2
    start = math.erfc(math.sqrt(half)) if freedom % 2 else 0.0
    steps = (freedom % 2 / 2 + step for step in range(freedom // 2))
    return min(1.0, start + sum(math.exp(-half) * half**step / math.gamma(step + 1) for step in steps))


def _score(then: Real, now: Real) -> tuple[float, float]:
    """Return the index of scores, in tenths of then."""
    if not len(then) or not len(now):
        return 0.0, 1.0
    edges = np.unique(np.quantile(then, np.arange(1, 10) / 10))
    counts = [np.bincount(np.searchsorted(edges, held, side="right"), minlength=len(edges) + 1) for held in (then, now)]
    return stability(*(count.astype(np.float64) for count in counts))


def adjusted(chances: list[float]) -> list[float]:
    """Return chances after Benjamini and Hochberg (1995): of all claims up to one of them, at most so large a share is wrong.

    >>> [round(q, 3) for q in adjusted([0.01, 0.5, 0.02])]
    [0.03, 0.5, 0.03]
    """
    order = sorted(range(len(chances)), key=chances.__getitem__, reverse=True)
    found, least = [1.0] * len(chances), 1.0
    for rank, at in zip(range(len(chances), 0, -1), order, strict=True):
        least = min(least, chances[at] * len(chances) / rank)
        found[at] = least
    return found


def _settled(row: Drift, found: Scored, at: int, chances: tuple[float, float | None]) -> Drift:
    """Return a criterion with its adjusted chances and what it comes to."""
    psi_q, power_q = chances
    side = -1 if np.nansum(found.points[:, at]) < 0 else 1
    tested = replace(row, psi_q=psi_q, power_q=power_q)
    return replace(tested, trend=_trend(tested, side))


def _trend(row: Drift, side: int) -> Trend:
    """Return what a criterion comes to; one whose points are negative has power if those who have it convert less."""
    if row.power_q is not None and row.power_q < LEVEL:
        return Trend.GAINED if side * ((row.power_now.value or 0.0) - (row.power_then.value or 0.0)) > 0 else Trend.LOST
    if row.psi >= MODERATE and row.psi_q < LEVEL:
        return Trend.MORE if (row.now.value or 0.0) > (row.then.value or 0.0) else Trend.RARER
    return Trend.FEW if row.power_q is None else Trend.STEADY


def _rank(row: Drift) -> tuple[int, float, str]:
    return _ORDER.index(row.trend), -row.psi, row.criterion

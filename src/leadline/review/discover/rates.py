"""How often conversations that will be won begin, by score: a rate, fitted to cases that stand for time. Pure.

Won cases are events and the never-sold ones stand for the time in which none came about, so won cases over account-days is a rate a
day, whatever the share of cases that was drawn. It is taken to grow by the same factor with every point, which a score of log-odds
makes plausible: one curve of two parameters, fitted to all scores at once, that can't fall where the score rises.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from leadline.review.discover import judged, ranking
from leadline.review.discover.model import Cases

if TYPE_CHECKING:
    from leadline.outcomes.model import Flags, Real, Whole

DAYS = 30.0
"""How far ahead a chance looks."""
LEAST_WON = 50
"""Won cases that judge, below which all cases tell what a score is worth."""
_STEPS = 30
_MOST_POINTS = 400


@dataclass(frozen=True)
class Curve:
    """Won conversations a day for each account, by score: exp(intercept + slope · score), once for the cases and once for each draw.

    Attributes:
        intercept: Drawn; the first is of the cases themselves.
        slope: Likewise.
        amount: The mean amount of a won deal, likewise; NaN where no amount is known.
        priced: How many won deals have an amount.
    """

    intercept: Real
    slope: Real
    amount: Real
    priced: int

    def chance(self, score: float) -> float:
        """Return the chance, of an account of this score, that a conversation that will be won begins within 30 days."""
        return float(self._chances(np.array([score]), 1)[0, 0])

    def revenue(self, score: float) -> float:
        """Return what is to be expected of it: that chance times the mean amount of a won deal."""
        return self.chance(score) * float(self.amount[0])

    def over(self, scores: Real, often: Real) -> Real:
        """Return the mean chance over accounts, as many with each score as told, by the cases and by each draw."""
        points, place = np.unique(np.round(scores, 1), return_inverse=True)
        weights = np.bincount(place, often, len(points)).astype(np.float64)
        return self._chances(points, len(self.slope)) @ (weights / weights.sum())

    def _chances(self, scores: Real, draws: int) -> Real:
        rates = np.exp(np.minimum(self.intercept[:draws, None] + self.slope[:draws, None] * scores, 3.0))
        return -np.expm1(-DAYS * rates)


def telling(cases: Cases) -> Flags:
    """Return the cases that tell what a score is worth: those that judge, as nothing was fitted to them; all, if too few were won."""
    chosen = judged.judged_on(cases)
    return chosen if int((cases.won & chosen).sum()) >= LEAST_WON else np.ones(len(cases), dtype=np.bool_)


def curve(cases: Cases, scores: Real) -> Curve | None:
    """Return the rate by score; ``None`` where no case was won, or no account-days are known."""
    chosen = telling(cases)
    known, ranks = cases.where(chosen), scores[chosen]
    if not known.won.any() or not known.stands_for.sum() > 0:
        return None
    often = np.vstack([np.ones((1, len(known))), ranking.draws(ranking.units(known)).astype(np.float64)])
    if len(np.unique(ranks)) > _MOST_POINTS:
        ranks = np.round(ranks)
    points, place = np.unique(ranks, return_inverse=True)
    won, days = (_summed(often, place, len(points), weight) for weight in (known.won.astype(np.float64), known.stands_for))
    intercept, slope = _fitted(points, won, days)
    priced = known.won & ~np.isnan(known.amount)
    count = often @ priced
    amount = np.divide(often @ np.where(priced, known.amount, 0.0), count, out=np.full(len(often), np.nan), where=count > 0)
    return Curve(intercept, slope, amount, int(priced.sum()))


def _summed(often: Real, place: Whole, points: int, weight: Real) -> Real:
    """Return the weights of the cases of each score (columns), by draw."""
    order = np.argsort(place, kind="stable")
    first = np.searchsorted(place[order], np.arange(points))
    return np.add.reduceat((often * weight)[:, order], first, axis=1)


def _fitted(points: Real, won: Real, days: Real) -> tuple[Real, Real]:
    """Return the intercept and the slope of the log of the rate, of each draw: Poisson regression by Newton's method.

    Half a won case, spread over all scores like the days, keeps a draw without any finite. A slope below 0 is taken for none, since a
    higher score isn't worth less.
    """
    share = days / np.maximum(days.sum(axis=1, keepdims=True), 1e-12)
    aims = won + 0.5 * share
    days = days + 1e-6 * days.sum(axis=1, keepdims=True) / len(points)  # so that no score is without any
    spread = float(points.std()) or 1.0
    at = (points - points.mean()) / spread
    level: Real = np.log(aims.sum(axis=1) / days.sum(axis=1))
    intercept: Real = level.copy()
    slope: Real = np.zeros(len(level))
    for _ in range(_STEPS):
        expected = days * np.exp(np.clip(intercept[:, None] + slope[:, None] * at, -60, 10))
        own, cross, square = expected.sum(axis=1), expected @ at, expected @ at**2
        first, second = (aims - expected).sum(axis=1), (aims - expected) @ at - 1e-3 * slope
        scale = own * (square + 1e-3) - cross**2
        moved = np.stack([(square + 1e-3) * first - cross * second, own * second - cross * first]) / np.maximum(scale, 1e-12)
        held = np.clip(moved, -1, 1)
        intercept, slope = intercept + held[0], slope + held[1]
        if float(np.abs(held).max()) < 1e-9:
            break
    rising = slope > 0
    each: Real = np.where(rising, slope, 0.0) / spread
    start: Real = np.where(rising, intercept, level)
    return start - each * float(points.mean()), each

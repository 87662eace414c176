"""What a score is worth: the chance that a conversation begins that will be won, and the money to be expected of it. Pure.

In a band of scores, cases that sales spoke with are events, and the never-sold ones stand for the time in which none came about. Events
over account-days are a rate a day, whatever part of the never-sold was drawn. A first conversation that won't be won ends the waiting as
much as one that will be, so the chance within 30 days is that any begins, times the share of them that is won.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from leadline.outcomes.intervals import DRAWS
from leadline.review import figures
from leadline.review.discover import judged, ranking
from leadline.review.discover.model import Cases, Kind, Worth

if TYPE_CHECKING:
    from leadline.outcomes.model import Flags, Real, Whole

DAYS = 30.0
"""How far ahead a chance looks."""
BANDS = 6
"""Of scores, at most."""
PER_BAND = 12
"""Won cases in a band, about, at least."""
LEAST_WON = 50
"""Won cases that judge, below which all cases tell what a score is worth."""
SEED = 20261126
"""Of what is drawn for the intervals."""
PRIOR = 0.5
"""What a count of none may have been instead, on average (Jeffreys)."""


@dataclass(frozen=True)
class _Band:
    """The cases in a band of scores, or in neighbouring ones together: how many, and the account-days that they stand for."""

    won: int
    sold: int
    never: int
    days: float

    def and_(self, other: _Band) -> _Band:
        return _Band(self.won + other.won, self.sold + other.sold, self.never + other.never, self.days + other.days)

    def chance(self, each: float) -> float:
        """Return the chance within 30 days; ``each`` is the days that one never-sold case stands for."""
        days = self.days + PRIOR * each
        return self.won / max(self.sold, 1) * -float(np.expm1(-DAYS * self.sold / days))

    def drawn(self, each: float) -> Real:
        """Return the chance as it may be, 1,000 times: with counts drawn from what is known of their means."""
        rng = np.random.default_rng([SEED, self.won, self.sold, self.never])
        won, others, never = (rng.gamma(count + PRIOR, 1.0, DRAWS) for count in (self.won, self.sold - self.won, self.never))
        days = never * (self.days / self.never if self.never else each)
        return won / (won + others) * -np.expm1(-DAYS * (won + others) / days)


def telling(cases: Cases) -> Flags:
    """Return the cases that tell what a score is worth: those that judge, as nothing was fitted to them; all, if too few were won."""
    chosen = judged.judged_on(cases)
    return chosen if int((cases.won & chosen).sum()) >= LEAST_WON else np.ones(len(cases), dtype=np.bool_)


def worth(cases: Cases, scores: Real) -> tuple[Worth, ...]:
    """Return bands of scores with what they are worth, from the lowest. No band is worth less than the one below.

    Args:
        cases: All cases; how many account-days the never-sold ones stand for gives the time.
        scores: Of all cases, by the proposed definition. A band holds scores by their whole part.

    Returns:
        Nothing if none of the cases was won, or none was never sold to.
    """
    chosen = telling(cases)
    known, floors = cases.where(chosen), np.floor(scores[chosen])
    if not known.won.any() or not known.stands_for.sum() > 0:
        return ()
    edges = _edges(known, floors)
    band = np.searchsorted(edges, floors, side="right") - 1
    each = float(known.stands_for.sum()) / max(int((known.kind == Kind.NEVER).sum()), 1)
    parts = [known.where(band == index) for index in range(len(edges))]
    ends: list[float | None] = [float(edge) - 1 for edge in edges[1:]]
    money = _amounts(known)
    return tuple(
        _worth((float(low), high), part, rising, (each, money))
        for low, high, part, rising in zip(
            edges.tolist(), [*ends, None], parts, _rising([_band(part) for part in parts], each), strict=True
        )
    )


def _edges(cases: Cases, floors: Real) -> Real:
    """Return where bands begin: about as many won cases in each as in the others, the many low scores parted from the rest."""
    won = np.sort(floors[cases.won])
    bands = max(1, min(BANDS - 1, len(won) // PER_BAND))
    inner = won[(np.arange(1, bands) * len(won)) // bands]
    lowest = np.floor(np.median(floors[~cases.won])) + 1
    edges = np.unique(np.concatenate([[floors.min()], [lowest], inner]))
    return edges[(edges >= floors.min()) & (edges <= floors.max())]


def _counts(cases: Cases) -> dict[str, int]:
    numbers: Whole = np.bincount(cases.kind, minlength=len(Kind))
    return {kind.name.lower(): int(numbers[kind]) for kind in Kind}


def _band(cases: Cases) -> _Band:
    never = int((cases.kind == Kind.NEVER).sum())
    return _Band(int(cases.won.sum()), len(cases) - never, never, float(cases.stands_for.sum()))


def _rising(bands: list[_Band], each: float) -> list[_Band]:
    """Return for each band those that it is taken together with, so that chances rise (pool adjacent violators)."""
    pooled: list[tuple[_Band, int]] = []
    for band in bands:
        own, width = band, 1
        while pooled and pooled[-1][0].chance(each) > own.chance(each):
            before, wide = pooled.pop()
            own, width = before.and_(own), wide + width
        pooled.append((own, width))
    return [band for band, width in pooled for _ in range(width)]


def _amounts(cases: Cases) -> tuple[float, Real, int] | None:
    """Return the mean amount of a won deal, as it is and drawn (bootstrap), and of how many; ``None`` if none is known."""
    known = cases.amount[cases.won & ~np.isnan(cases.amount)]
    if not len(known):
        return None
    often = np.random.default_rng([SEED, len(known)]).multinomial(len(known), np.full(len(known), 1 / len(known)), DRAWS)
    return float(known.mean()), often @ np.sort(known) / len(known), len(known)


def _worth(bounds: tuple[float, float | None], cases: Cases, band: _Band, scale: tuple[float, tuple[float, Real, int] | None]) -> Worth:
    each, money = scale
    counts, chance, drawn = _counts(cases), band.chance(each), band.drawn(each)
    sold = figures.share(counts["won"], len(cases) - counts["never"])
    per_month = ranking.with_interval(chance, drawn, band.won)
    if money is None:
        return Worth(*bounds, counts, sold, per_month, ranking.NOTHING)
    return Worth(*bounds, counts, sold, per_month, ranking.with_interval(chance * money[0], drawn * money[1], money[2]))

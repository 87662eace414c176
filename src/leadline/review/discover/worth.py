"""What a score is worth: the chance that a conversation begins that will be won, and the money to be expected of it. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from leadline.review import figures
from leadline.review.discover import ranking, rates
from leadline.review.discover.lines import Terms, line
from leadline.review.discover.model import Cases, Kind, Worth
from leadline.review.discover.rates import Curve

if TYPE_CHECKING:
    from leadline.outcomes.model import Flags, Real

__all__ = ["BANDS", "PER_BAND", "Terms", "line", "worth"]

BANDS = 6
"""Of scores, at most."""
PER_BAND = 12
"""Won cases in a band, about, at least."""


def worth(cases: Cases, scores: Real) -> tuple[Worth, ...]:
    """Return bands of scores with what they are worth, from the lowest.

    Args:
        cases: All cases; how many account-days the never-sold ones stand for gives the time.
        scores: Of all cases, by the proposed definition. A band holds scores by their whole part.

    Returns:
        Nothing if none of the cases was won.
    """
    chosen = rates.telling(cases)
    known, floors = cases.where(chosen), np.floor(scores[chosen])
    found = rates.curve(cases, scores)
    if found is None:
        return ()
    edges = _edges(known, floors)
    ends: list[float | None] = [float(edge) - 1 for edge in edges[1:]]
    return tuple(
        _band(known, scores[chosen], (floors >= low) & (floors <= (np.inf if high is None else high)), (float(low), high), found)
        for low, high in zip(edges.tolist(), [*ends, None], strict=True)
    )


def _edges(cases: Cases, floors: Real) -> Real:
    """Return where bands begin: about as many won cases in each as in the others, the many low scores parted from the rest."""
    won = np.sort(floors[cases.won])
    bands = max(1, min(BANDS - 1, len(won) // PER_BAND))
    inner = won[(np.arange(1, bands) * len(won)) // bands]
    lowest = np.floor(np.median(floors[~cases.won])) + 1 if (~cases.won).any() else floors.min()
    edges = np.unique(np.concatenate([[floors.min()], [lowest], inner]))
    return edges[(edges >= floors.min()) & (edges <= floors.max())]


def _band(cases: Cases, scores: Real, inside: Flags, bounds: tuple[float, float | None], found: Curve) -> Worth:
    held = cases.where(inside)
    counts = {kind.name.lower(): int((held.kind == kind).sum()) for kind in Kind}
    sold = counts["won"] + counts["lost"] + counts["stalled"]
    days = held.stands_for if held.stands_for.sum() > 0 else np.ones(len(held))
    chances = found.over(scores[inside], days)
    revenue = chances * found.amount
    return Worth(
        *bounds,
        counts,
        figures.share(counts["won"], sold),
        ranking.with_interval(float(chances[0]), chances[1:], counts["won"]),
        ranking.with_interval(float(revenue[0]), revenue[1:], found.priced) if found.priced else ranking.NOTHING,
    )

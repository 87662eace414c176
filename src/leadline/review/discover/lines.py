"""The line that is proposed: where a handoff earns its cost, else where cases are told apart best; higher if the team can't keep up.

Pure. Lines are whole numbers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from leadline.review import phrases
from leadline.review.discover import worth
from leadline.review.discover.model import Cases, Line

if TYPE_CHECKING:
    from leadline.outcomes.model import Real


@dataclass(frozen=True)
class Terms:
    """What a line has to hold to.

    Attributes:
        steps: Lines that were replayed, each with the entries a week that it would make.
        capacity: Entries a week that the team can take; ``None`` if not stated.
        cost: Of one handoff; ``None`` if not stated.
        currency: Of the cost and of deals.
    """

    steps: Sequence[tuple[float, float]] = ()
    capacity: float | None = None
    cost: float | None = None
    currency: str = ""


def line(cases: Cases, scores: Real, terms: Terms | None = None) -> Line:
    """Return the line to propose. What a team can take is a limit and no target, so capacity only ever raises the line.

    Args:
        cases: All cases.
        scores: Of all cases, by the proposed definition.
        terms: Capacity and cost, as far as they are stated.
    """
    held = terms or Terms()
    apart = _by_cases(cases, scores)
    wanted, limit = _by_cost(cases, scores, held) or apart, _by_capacity(held)
    chosen = limit if limit is not None and limit.score > wanted.score else wanted
    says = chosen.says if chosen.score >= apart.score else f"{chosen.says} The cases would be told apart best by {apart.score:g}."
    return Line(float(chosen.score), chosen.why, says, dict(held.steps).get(chosen.score), held.capacity)


def best_apart(cases: Cases, scores: Real) -> float:
    """Return the whole number from which on the share of won cases is farthest above that of the others (Youden 1950).

    Of several the highest, for its fewer entries; at least 1, so that nobody enters without points. Cases that judge have no part in it.
    """
    to_fit = ~cases.later if (~cases.later & cases.won).any() else np.ones(len(cases), dtype=np.bool_)
    won, floors = cases.won[to_fit], np.floor(scores[to_fit])
    tried = np.unique(np.maximum(floors, 1.0))
    if won.all() or not won.any():
        return float(tried[0]) if len(tried) else 1.0
    apart = [float((floors[won] >= at).mean() - (floors[~won] >= at).mean()) for at in tried.tolist()]
    return float(tried[len(apart) - 1 - int(np.argmax(np.round(apart[::-1], 9)))])


def _by_capacity(terms: Terms) -> Line | None:
    """Return the lowest line at which the team can keep up; ``None`` if it can at every line, or nothing is stated."""
    if terms.capacity is None or not terms.steps:
        return None
    steps = sorted(terms.steps)
    fitting = [place for place, (_, per_week) in enumerate(steps) if per_week <= terms.capacity]
    if fitting and not fitting[0]:
        return None
    most = f"The team can take {terms.capacity:.1f} entries a week"
    if not fitting:
        score, per_week = steps[-1]
        return Line(score, "capacity", f"{most}, and not even the highest line tried, {score:g}, keeps to that: it makes {per_week:.1f}.")
    (score, per_week), (lower, more) = steps[fitting[0]], steps[fitting[0] - 1]
    return Line(score, "capacity", f"{most}: a line of {score:g} makes {per_week:.1f}, one of {lower:g} would make {more:.1f}.")


def _by_cost(cases: Cases, scores: Real, terms: Terms) -> Line | None:
    """Return where the lowest band begins whose handoffs earn their cost; ``None`` if no cost is stated, or it can't be told."""
    bands = worth.worth(cases, scores) if terms.cost is not None else ()
    if terms.cost is None or not bands or bands[-1].revenue.value is None:
        return None
    cost = phrases.money(terms.cost, terms.currency)
    at = next((band for band in bands if (band.revenue.value or 0.0) >= terms.cost), None)
    if at is None:
        most = phrases.money(bands[-1].revenue.value, terms.currency)
        says = (
            f"No score earns the {cost} that a handoff costs; those from {bands[-1].low:g} on bring {most} to be expected within 30 days."
        )
        return Line(max(1.0, bands[-1].low), "cost", says)
    brings = phrases.money(at.revenue.value, terms.currency)
    says = f"From {max(1.0, at.low):g} on a handoff earns the {cost} that it costs: {brings} to be expected within 30 days, or more."
    return Line(max(1.0, at.low), "cost", says)


def _by_cases(cases: Cases, scores: Real) -> Line:
    """Return the line that tells the cases apart best."""
    at = best_apart(cases, scores)
    won, others = (_share(scores[kind], at) for kind in (cases.won, ~cases.won))
    return Line(at, "cases", f"{at:g} tells the cases apart best: {won} of the won ones score as much, and {others} of the others.")


def _share(scores: Real, at: float) -> str:
    return phrases.percent(float((np.floor(scores) >= at).mean()) if len(scores) else None)

"""Accounts ranked by what a deal would bring, by how engaged their people are, and by whether that grows. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from leadline.outcomes.model import NONE
from leadline.review.period import cohorts
from leadline.review.period.material import Material
from leadline.review.period.model import Accounts, RankedAccount

if TYPE_CHECKING:
    from leadline.outcomes.model import Real, Whole

MOST = 20
PRIOR = 5
"""Deals of average size that each segment is taken to have had besides its own, so that one lucky deal doesn't decide."""
STEADY = 5
"""Activities added to both halves of a comparison, so that two after none isn't endless growth."""


def ranked(found: Material, as_of: int) -> Accounts:
    """Return the accounts that were active in the last 30 days, the most promising first.

    Three orders count alike: *potential* (what deals of its segment brought, times the account's fit as a share of the best fit),
    *engagement* (points of what its people did) and *velocity* (what was done in these 30 days against the 30 before). The index is
    the geometric mean of the three places, each from 0 (last) to 1 (first).
    """
    held = found.activity
    potential = _potential(found)
    growth = (held.recent + STEADY) / (held.earlier + STEADY)
    places = np.array([_place(potential), _place(held.engagement), _place(growth)]).reshape(3, -1)
    index = np.exp(np.log(np.maximum(places, 1e-9)).mean(axis=0)) if len(held.account) else np.zeros(0)
    order = np.lexsort((held.account, -held.engagement, -index))[:MOST].tolist()
    rows = tuple(_row(found, at, rank, float(potential[at]), float(index[at])) for rank, at in enumerate(order, 1))
    return Accounts(as_of, len(held.account), held.segment.by if _known(found) else "", rows)


def _known(found: Material) -> bool:
    return bool((found.activity.segment.codes != NONE).any())


def _potential(found: Material) -> Real:
    """Return what a deal with each account would bring: the mean of its segment, drawn to that of all, times its fit."""
    amounts, segment = cohorts.amounts(found), found.wins_segment
    won = ~np.isnan(amounts)
    mean = float(amounts[won].mean()) if won.any() else 0.0
    size = len(found.activity.segment.names) + 1
    sums = np.bincount(segment[won] + 1, weights=amounts[won], minlength=size)
    counts = np.bincount(segment[won] + 1, minlength=size)
    expected = (sums + PRIOR * mean) / (counts + PRIOR)
    expected[0] = mean  # unknown segments say nothing
    return expected[found.activity.segment.codes + 1] * _fit(found.activity.fit)


def _fit(points: Real) -> Real:
    """Return fit as a share of the best one; of everybody 1 where no criterion looks at who they are."""
    best = points.max(initial=0.0)
    return np.clip(points, 0, None) / best if best > 0 else np.ones(len(points))


def _place(values: Real | Whole) -> Real:
    """Return the share of the others that each lies above, those that are equal counting half."""
    if len(values) < 2:
        return np.ones(len(values))
    rising = np.sort(values)
    below, upto = np.searchsorted(rising, values, side="left"), np.searchsorted(rising, values, side="right")
    return (below + upto - 1) / 2 / (len(values) - 1)


def _row(found: Material, at: int, rank: int, potential: float, index: float) -> RankedAccount:
    held = found.activity
    code = int(held.segment.codes[at])
    return RankedAccount(
        rank=rank,
        account_id=found.ids.accounts[int(held.account[at])],
        name=held.name[at],
        segment=held.segment.names[code] if code != NONE else "",
        potential=potential or None,
        engagement=float(held.engagement[at]),
        people=int(held.people[at]),
        recent=int(held.recent[at]),
        earlier=int(held.earlier[at]),
        index=index,
        customer=bool(held.customer[at]),
        open_deal=bool(held.open_deal[at]),
    )

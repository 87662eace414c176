"""Intervals of means, products and ratios of sums over deals: each deal comes any number of times, once on average.

The Poisson bootstrap of :mod:`leadline.outcomes.intervals`, for figures that aren't sums themselves. Pure: what is drawn is drawn from a
fixed seed.
"""

from __future__ import annotations

import math
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from leadline.review.model import Figure

if TYPE_CHECKING:
    from leadline.outcomes.model import Real

DRAWS = 1000
_SEED = 20261124
_TAILS = (0.025, 0.975)
_STEP = 4000  # cases whose weights are held at once


def sums(rows: Real) -> Real:
    """Return the sum of each row, first as it is and then in each draw: draws + 1 × row. Columns are cases; all rows are drawn alike."""
    found = np.zeros((DRAWS + 1, len(rows)))
    found[0] = rows.sum(axis=1)
    for first in range(0, rows.shape[1], _STEP):
        part = rows[:, first : first + _STEP]
        found[1:] += _weights(part.shape[1], first) @ part.T
    return found


@lru_cache(maxsize=4)
def _weights(cases: int, first: int) -> Real:
    """Return how often each case comes in each draw."""
    return np.random.default_rng([_SEED, first]).poisson(1.0, (DRAWS, cases)).astype(np.float64)


def figure(values: Real, n: int, *, least: int = 2) -> Figure:
    """Return a figure from its value and what it is in each draw; no interval from fewer than ``least`` cases.

    Draws in which it can't be told (nobody won) are left out; if those are more than one in twenty, it has no interval.
    """
    if not n or math.isnan(values[0]):
        return Figure(None, None, None, n)
    drawn = values[1:][np.isfinite(values[1:])]
    if n < least or len(drawn) < 0.95 * DRAWS:
        return Figure(float(values[0]), None, None, n)
    low, high = np.quantile(drawn, _TAILS).tolist()
    return Figure(float(values[0]), low, high, n)


def ratio(above: Real, below: Real) -> Real:
    """Return quotients, NaN where there is nothing to divide by."""
    return np.divide(above, below, out=np.full(np.shape(above), np.nan), where=below > 0)


def means(values: Real) -> list[Figure]:
    """Return the mean of each row with its interval; a NaN has no part in its row."""
    known = ~np.isnan(values)
    drawn = sums(np.concatenate([np.where(known, values, 0.0), known.astype(np.float64)]))
    quotients = ratio(drawn[:, : len(values)], drawn[:, len(values) :])
    return [figure(quotients[:, at], int(known[at].sum())) for at in range(len(values))]

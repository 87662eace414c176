"""How sure a figure is: 95 % intervals of shares, of sums and medians of money and days, and of counts.

Pure, and the same figures in give the same intervals out: what is drawn is drawn from a fixed seed. The sources of the formulas stand
in ``docs/outcomes.md``.
"""

from __future__ import annotations

import math
from functools import lru_cache
from statistics import NormalDist
from typing import TYPE_CHECKING

import numpy as np

from leadline.outcomes.model import Estimate

if TYPE_CHECKING:
    from leadline.outcomes.model import Real

LEVEL = 0.95
Z = NormalDist().inv_cdf((1 + LEVEL) / 2)
DRAWS = 1000
_TAILS = ((1 - LEVEL) / 2, (1 + LEVEL) / 2)
_SEED = 20261123
_MOST = 4_000_000  # weights held at once


def wilson(hits: int, of: int) -> Estimate:
    """Return a share with its interval (Wilson 1927), which never leaves 0 to 1 and holds for few cases too.

    >>> [round(figure, 3) for figure in wilson(8, 474)]
    [0.017, 0.009, 0.033, 474]
    """
    if not of:
        return nothing()
    share, spread = hits / of, Z * Z / of
    middle, half = share + spread / 2, Z * math.sqrt(share * (1 - share) / of + spread / (4 * of))
    low, high = (middle - half) / (1 + spread), (middle + half) / (1 + spread)
    return Estimate(share, min(max(low, 0.0), share), max(min(high, 1.0), share), of)


def nothing() -> Estimate:
    """Return what is known where there is nothing to count."""
    return Estimate(math.nan, math.nan, math.nan, 0)


def total(values: Real) -> Estimate:
    """Return a sum with its interval, see :func:`totals`."""
    return totals(values.reshape(1, -1))[0]


def totals(values: Real) -> list[Estimate]:
    """Return the sum of each row with its interval, as if each case had come any number of times, once on average (Poisson bootstrap).

    Cases are columns, and all rows are drawn alike, so their sums can be compared; the interval of a difference is that of the row
    of differences. A NaN has no part in its row.
    """
    known = ~np.isnan(values)
    held = np.where(known, values, 0.0)
    bounds = np.quantile(_drawn(held), _TAILS, axis=0)
    rows = zip(held.sum(axis=1).tolist(), *bounds.tolist(), known.sum(axis=1).tolist(), strict=True)
    return [Estimate(value, low, high, n) if n else Estimate(0.0, math.nan, math.nan, 0) for value, low, high, n in rows]


def _drawn(values: Real) -> Real:
    """Return the sums of all rows in each draw."""
    step = _MOST // DRAWS
    sums = np.zeros((DRAWS, len(values)))
    for first in range(0, values.shape[1], step):
        part = values[:, first : first + step]
        sums += _weights(part.shape[1], first) @ part.T
    return sums


@lru_cache(maxsize=2)
def _weights(cases: int, first: int) -> Real:
    """Return how often each case comes in each draw."""
    return np.random.default_rng([_SEED, first]).poisson(1.0, (DRAWS, cases)).astype(np.float64)  # as numbers that multiply fast


def median(values: Real) -> Estimate:
    """Return a median with an interval between two of the values, whatever their distribution (Conover 1999).

    NaNs have no part in it. Between fewer than six values no interval is wide enough, so there is none.

    >>> tuple(median(np.arange(1.0, 21.0)))
    (10.5, 6.0, 15.0, 20)
    """
    held = np.sort(values[~np.isnan(values)])
    n = len(held)
    if not n:
        return nothing()
    middle, rank = float(np.median(held)), _rank(n)
    return Estimate(middle, float(held[rank - 1]), float(held[n - rank]), n) if rank else Estimate(middle, math.nan, math.nan, n)


def _rank(n: int) -> int:
    """Return which of n values, from below, most likely lies under the median: that not even as many do has a chance of 2.5 % at most."""
    at = np.arange(1, n + 1)
    chances = np.exp(np.append(0.0, np.cumsum(np.log((n - at + 1) / at))) - n * math.log(2))  # of so many under it: binomial
    return int(np.searchsorted(np.cumsum(chances), _TAILS[0], side="right"))


def rate(count: int, per: float) -> Estimate:
    """Return a count per unit (entries a week) with its interval, the count taken as Poisson (Byar's approximation).

    >>> [round(figure, 2) for figure in rate(40, 4)]
    [10.0, 7.14, 13.62, 40]
    """
    if per <= 0:
        return nothing()
    above = count + 1
    low = count * (1 - 1 / (9 * count) - Z / (3 * math.sqrt(count))) ** 3 if count else 0.0
    high = above * (1 - 1 / (9 * above) + Z / (3 * math.sqrt(above))) ** 3
    return Estimate(count / per, low / per, high / per, count)

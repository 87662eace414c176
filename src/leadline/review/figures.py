"""Estimates as figures of a report: plain numbers, and ``None`` where there is nothing to count."""

from __future__ import annotations

import math
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from leadline.outcomes import intervals
from leadline.review.model import Figure

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from leadline.outcomes.model import Estimate, Flags, Real

_SEED = 20261124
_TAILS = ((1 - intervals.LEVEL) / 2, (1 + intervals.LEVEL) / 2)


def figure(estimate: Estimate) -> Figure:
    """Return an estimate as plain numbers."""
    value, low, high = (number(item) for item in estimate[:3])
    return Figure(value, low, high, estimate.n)


def number(value: float) -> float | None:
    """Return a number, or ``None`` for what isn't one."""
    return None if math.isnan(value) else float(value)


def share(hits: int, of: int) -> Figure:
    """Return a share with its interval."""
    return figure(intervals.wilson(hits, of))


def total(amounts: Real, counted: Flags) -> Figure:
    """Return the sum of the amounts that count, with its interval; amounts that are unknown are NaN."""
    return totals(np.where(counted, amounts, np.nan).reshape(1, -1))[0]


def totals(values: Real) -> list[Figure]:
    """Return the sum of each row with its interval, as :func:`leadline.outcomes.intervals.total` does for one.

    A column is a deal, and NaN where it has no part in a row. All rows are drawn alike and at once: a plan has a row for each step of
    a sweep, each change and each line of a breakdown.
    """
    known = ~np.isnan(values)
    counts = known.sum(axis=1).tolist()
    held = np.where(known, values, 0.0)
    drawn = _weights(values.shape[1]) @ held.T
    low, high = np.quantile(drawn, _TAILS, axis=0) if values.size else (np.zeros(len(values)), np.zeros(len(values)))
    rows = zip(held.sum(axis=1).tolist(), low.tolist(), high.tolist(), counts, strict=True)
    return [Figure(value, at_least, at_most, n) if n else Figure(0.0, None, None, 0) for value, at_least, at_most, n in rows]


@lru_cache(maxsize=4)
def _weights(cases: int) -> NDArray[np.float64]:
    """Return how often each case comes in each draw."""
    return np.random.default_rng([_SEED, cases]).poisson(1.0, (intervals.DRAWS, cases)).astype(np.float64)

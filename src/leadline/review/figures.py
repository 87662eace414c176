"""Estimates as figures of a report: plain numbers, and ``None`` where there is nothing to count."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from leadline.outcomes import intervals
from leadline.review.model import Figure

if TYPE_CHECKING:
    from leadline.outcomes.model import Estimate, Flags, Real


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
    """Return the sum of each row with its interval, all drawn alike; a column is a deal, and NaN where it has no part in a row.

    A plan has a row for each step of a sweep, each change and each line of a breakdown.
    """
    return [figure(estimate) for estimate in intervals.totals(values)]

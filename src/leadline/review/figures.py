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


def total(amounts: Real, counted: Flags) -> Figure:
    """Return the sum of the amounts that count, with its interval; amounts that are unknown are NaN.

    Called with the same cases every time, the draws are alike and the intervals can be compared.
    """
    return figure(intervals.total(np.where(counted, amounts, np.nan)))

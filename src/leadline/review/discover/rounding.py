"""Whole points from coefficients: scaled so that a line lies at some tens, and rounded so that the fit suffers least. Pure.

Near its optimum the log loss is a bowl, whose shape the fit knows. Of points w, measured in the bowl's metric H, only the direction
matters, since a scale is fitted to them afterwards; so what rounding costs is read off the angle between w and the coefficients b:
the share kept is (w·Hb)² / (w·Hw · b·Hb). Points are moved by a step, one at a time, while that share grows.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from leadline.review.discover import logit

if TYPE_CHECKING:
    from leadline.outcomes.model import Real, Whole

_SWEEPS = 20


@dataclass(frozen=True)
class Grid:
    """How points are rounded: to multiples of ``unit``, the most that one term can bring being ``most``."""

    unit: int
    most: int


GRIDS = (Grid(5, 20), Grid(5, 30), Grid(5, 40), Grid(1, 20), Grid(1, 30), Grid(1, 40))
"""From the one that is easiest to read: points like 5, 10, 25 before points like 17."""


@dataclass(frozen=True)
class Refit:
    """A logistic regression on few terms: its coefficients, the bowl around them, and the most that each term can be."""

    coefficients: Real
    bowl: Real
    reach: Real


def refit(columns: Real, aims: Real) -> Refit:
    """Return the fit of terms, n × k, to chances; the bowl is the loss's once the intercept has followed."""
    found = logit.fit(columns, aims)
    whole = logit.curvature(logit.with_intercept(columns), found)
    followed = np.outer(whole[1:, 0], whole[0, 1:]) / max(float(whole[0, 0]), 1e-12)
    return Refit(found[1:], whole[1:, 1:] - followed, np.maximum(np.abs(columns).max(axis=0, initial=0.0), 1e-9))


def points(fitted: Refit, grid: Grid) -> Whole:
    """Return points for each term: multiples of the grid's unit (of 1, for a term that counts to more than 1), none of them 0."""
    if not len(fitted.coefficients):
        return np.zeros(0, dtype=np.int64)
    units = np.where(fitted.reach > 1, 1, grid.unit)
    most = float((np.abs(fitted.coefficients) * fitted.reach).max())
    wanted = fitted.coefficients * (grid.most / most if most else 0.0)
    signs = np.where(fitted.coefficients < 0, -1, 1)
    rounded = signs * units * np.maximum(np.round(np.abs(wanted) / units), 1)
    return _moved(rounded, fitted, signs, units).astype(np.int64)


def _moved(start: Real, fitted: Refit, signs: Real, units: Real) -> Real:
    """Return points after every move of one step that keeps more of the fit."""
    held = start.astype(np.float64)
    best = kept(held, fitted)
    for _ in range(_SWEEPS):
        before = best
        for place in range(len(held)):
            for step in (units[place], -units[place]):
                tried = held.copy()
                tried[place] += step
                worth = kept(tried, fitted) if tried[place] * signs[place] > 0 else -1.0
                if worth > best + 1e-12:
                    held, best = tried, worth
        if best <= before:
            return held
    return held


def kept(points: Real, fitted: Refit) -> float:
    """Return the share of the fit that points keep, from 0 to 1."""
    toward = float(points @ fitted.bowl @ fitted.coefficients)
    whole = float(points @ fitted.bowl @ points) * float(fitted.coefficients @ fitted.bowl @ fitted.coefficients)
    return toward * abs(toward) / whole if whole > 0 else 0.0

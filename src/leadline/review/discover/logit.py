"""Logistic regression on a few columns: what a card is refitted with, and what turns scores into chances. Pure.

Many small fits are needed, thousands while a card is chosen, so this is Newton's method on arrays; what is fitted once, on many columns,
is left to scikit-learn in :mod:`.learners`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from leadline.outcomes.model import Flags, Real

RIDGE = 1.0
"""How much a coefficient is held back: as if what one standard deviation does were known beforehand to be 0 log-odds, give or take 1."""
_HELD = 1e-6  # on the intercept, so that it stays finite where all cases are alike
_MOST_STEPS = 50
_CLOSE = 1e-7


def fit(columns: Real, aims: Real, ridge: float = RIDGE) -> Real:
    """Return the intercept and a coefficient for each column.

    Args:
        columns: n × k.
        aims: n, 1 for won and 0 for the others, or anything between.
        ridge: The penalty, on the scale of standard deviations.
    """
    design = with_intercept(columns)
    penalty = np.append(_HELD, ridge * columns.var(axis=0) + _HELD)
    found = np.zeros(design.shape[1])
    found[0] = _log_odds(float(aims.mean()))
    worth = _objective(design, aims, penalty, found)
    for _ in range(_MOST_STEPS):
        step = _step(design, aims, penalty, found)
        size = 1.0
        while (tried := _objective(design, aims, penalty, found + size * step)) > worth + _CLOSE and size > 1e-6:
            size /= 2
        found, worth = found + size * step, tried
        if float(np.abs(step).max()) * size < _CLOSE:
            break
    return found


def with_intercept(columns: Real) -> Real:
    """Return the columns behind one of ones."""
    return np.column_stack([np.ones(len(columns)), columns])


def curvature(design: Real, found: Real) -> Real:
    """Return the second derivatives of the summed log loss at the coefficients found."""
    chances = chance(design @ found)
    return (design * (chances * (1 - chances))[:, None]).T @ design


def platt(scores: Real, won: Flags) -> tuple[float, float]:
    """Return the intercept and the slope of the log-odds of being won, given the score (Platt 1999).

    His aims, a little inside 0 and 1, keep the slope finite where scores tell the cases apart without an error.
    """
    spread = float(scores.std())
    if not spread:
        return _log_odds(_aims(won).mean()), 0.0
    intercept, slope = fit((scores / spread).reshape(-1, 1), _aims(won), ridge=0.0)
    return float(intercept), float(slope) / spread


def chance(log_odds: Real) -> Real:
    """Return log-odds as chances."""
    return 0.5 * (1 + np.tanh(0.5 * log_odds))


def losses(log_odds: Real, aims: Real | Flags) -> Real:
    """Return the log loss of each case, in nats; of an aim between 0 and 1 that to be expected."""
    return np.logaddexp(0.0, log_odds) - aims * log_odds


def _aims(won: Flags) -> Real:
    hits, misses = int(won.sum()), int((~won).sum())
    return np.where(won, (hits + 1) / (hits + 2), 1 / (misses + 2))


def _log_odds(share: float) -> float:
    held = min(max(share, 1e-6), 1 - 1e-6)
    return float(np.log(held / (1 - held)))


def _objective(design: Real, aims: Real, penalty: Real, found: Real) -> float:
    log_odds = design @ found
    return float((np.logaddexp(0.0, log_odds) - aims * log_odds).sum() + 0.5 * (penalty * found**2).sum())


def _step(design: Real, aims: Real, penalty: Real, found: Real) -> Real:
    slope = design.T @ (aims - chance(design @ found)) - penalty * found
    return np.asarray(np.linalg.solve(curvature(design, found) + np.diag(penalty), slope), dtype=np.float64)

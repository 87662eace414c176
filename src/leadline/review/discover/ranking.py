"""How well scores rank cases: the area under the ROC curve, average precision, the lift of the top tenth; and how sure that is. Pure.

All three are exact with ties. Each takes how often every case comes, a row for each draw, so that a thousand draws are one pass.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np

from leadline.outcomes.intervals import DRAWS, LEVEL
from leadline.review.figures import number
from leadline.review.model import Figure

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from leadline.outcomes.model import Flags, Real, Whole
    from leadline.review.discover.model import Cases

SEED = 20261125
"""Of the draws."""
TOP = 0.1
"""The part of the cases whose lift is told."""
TAILS = ((1 - LEVEL) / 2, (1 + LEVEL) / 2)
_AT_ONCE = 2_000_000


@dataclass(frozen=True)
class Ranked:
    """Cases by score, the highest first, those of one score together; rows are draws, columns are scores: won, and not."""

    won: Real
    others: Real

    def roc_auc(self) -> Real:
        """Return the chance that a won case has a higher score than another one; half, where the scores are the same."""
        below = self.others.sum(axis=1, keepdims=True) - np.cumsum(self.others, axis=1)
        return _over((self.won * (below + 0.5 * self.others)).sum(axis=1), self.won.sum(axis=1) * self.others.sum(axis=1))

    def pr_auc(self) -> Real:
        """Return the average precision: of the cases down to each won one, the share won."""
        won = np.cumsum(self.won, axis=1)
        precision = _over(won, np.cumsum(self.won + self.others, axis=1))
        return _over((self.won * np.where(self.won > 0, precision, 0.0)).sum(axis=1), won[:, -1])

    def lift(self) -> Real:
        """Return the share won in the top tenth over the share won in all; of a score that reaches over its edge, only a part counts."""
        of_score = self.won + self.others
        total = of_score.sum(axis=1, keepdims=True)
        above = np.cumsum(of_score, axis=1) - of_score
        part = np.clip(_over(TOP * total - above, of_score), 0.0, 1.0)
        hits = np.where(of_score > 0, part * self.won, 0.0).sum(axis=1)
        return _over(hits / TOP, self.won.sum(axis=1))


def _over(above: Real, below: Real) -> Real:
    """Return the quotient, NaN over nothing."""
    return np.divide(above, below, out=np.full(np.broadcast(above, below).shape, np.nan), where=below > 0)


def once(scores: Real, won: Flags) -> Ranked:
    """Return the cases ranked, each as often as it is there."""
    return next(ranked(scores, won, np.ones((1, len(scores)))))


def drawn(scores: Real, won: Flags, units: Whole, measured: Callable[[Ranked], Real]) -> Real:
    """Return a measure in each draw, NaN where it can't be told."""
    return np.concatenate([measured(part) for part in ranked(scores, won, draws(units))])


def roc_auc(scores: Real, won: Flags, units: Whole) -> Figure:
    """Return the area under the ROC curve with its interval."""
    return (
        with_interval(float(once(scores, won).roc_auc()[0]), drawn(scores, won, units, Ranked.roc_auc), len(won)) if len(won) else NOTHING
    )


def ranked(scores: Real, won: Flags, often: NDArray[Any]) -> Iterator[Ranked]:
    """Yield the cases ranked, each as often as a row says; many rows come in parts."""
    order = np.argsort(-scores, kind="stable")
    first = np.flatnonzero(np.append(True, np.diff(scores[order]) != 0)) if len(order) else np.zeros(0, dtype=np.int64)
    is_won = won[order].astype(np.float64)
    step = max(1, _AT_ONCE // max(len(scores), 1))
    for begin in range(0, len(often), step):
        each = often[begin : begin + step, order].astype(np.float64)
        of_won = np.add.reduceat(each * is_won, first, axis=1)
        yield Ranked(of_won, np.add.reduceat(each, first, axis=1) - of_won)


def units(cases: Cases) -> Whole:
    """Return an index of each case's account, or person without one: what is drawn together."""
    persons = np.where(cases.account >= 0, -1, cases.person)
    return np.unique(np.column_stack([cases.account, persons]), axis=0, return_inverse=True)[1].reshape(-1).astype(np.int64)


def draws(units: Whole) -> NDArray[np.int8]:
    """Return how often each case comes in each draw: as often as its unit, once on average (Poisson bootstrap)."""
    return _drawn(int(units.max()) + 1 if len(units) else 0)[:, units]


@lru_cache(maxsize=2)
def _drawn(units: int) -> NDArray[np.int8]:
    return np.random.default_rng([SEED, units]).poisson(1.0, (DRAWS, units)).astype(np.int8)


def with_interval(value: float, values: Real, n: int) -> Figure:
    """Return a figure whose interval leaves out the lowest and the highest fortieth of the draws, and holds the figure itself."""
    if not np.isfinite(value):
        return Figure(None, None, None, n)
    known = values[np.isfinite(values)]
    low, high = np.quantile(known, TAILS).tolist() if len(known) else (np.nan, np.nan)
    return Figure(value, number(min(low, value)), number(max(high, value)), n)


NOTHING = Figure(None, None, None, 0)
"""What is known where there is nothing to count."""

"""Two-by-two tables, thousands at once: who had something among the won, and among others. Pure; the sources stand in docs/statistics.md.

A table is told by four columns that run in parallel: ``had`` of ``won``, and ``others_had`` of ``others``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from leadline.outcomes.intervals import Z
from leadline.review.figures import number
from leadline.review.model import Figure

if TYPE_CHECKING:
    from leadline.outcomes.model import Real, Whole

_NEARLY = 1e-7
"""Tables whose chances differ by less than this share are as likely as each other."""


@dataclass(frozen=True)
class Ratios:
    """Ratios with their 95 % intervals, by table; NaN where one of the two sides has no cases."""

    value: Real
    low: Real
    high: Real
    n: Whole

    def figure(self, at: int) -> Figure:
        """Return one as plain numbers."""
        value, low, high = (number(float(column[at])) for column in (self.value, self.low, self.high))
        return Figure(value, low, high, int(self.n[at]))


@dataclass(frozen=True)
class Tables:
    """Two-by-two tables as columns; arguments as of the module."""

    had: Whole
    won: Whole
    others_had: Whole
    others: Whole

    def odds_ratios(self) -> Ratios:
        """Return the odds of having it among the won over those among others (Woolf 1955).

        Where a cell is empty, a half is added to all four (Haldane 1956, Anscombe 1956).
        """
        cells = np.stack([self.had, self.won - self.had, self.others_had, self.others - self.others_had]).astype(np.float64)
        cells += np.where((cells == 0).any(axis=0), 0.5, 0.0)
        logs = np.log(cells)
        return self._ratios(logs[0] - logs[1] - logs[2] + logs[3], np.sqrt((1 / cells).sum(axis=0)))

    def lifts(self) -> Ratios:
        """Return the share that has it among the won over the share among others (Katz and others 1978), empty cells likewise."""
        empty = np.where((self.had == 0) | (self.others_had == 0), 0.5, 0.0)
        had, others_had = self.had + empty, self.others_had + empty
        won, others = np.maximum(self.won, 1) + empty, np.maximum(self.others, 1) + empty
        spread = np.maximum(1 / had - 1 / won + 1 / others_had - 1 / others, 0.0)
        return self._ratios(np.log(had / won) - np.log(others_had / others), np.sqrt(spread))

    def _ratios(self, logs: Real, spread: Real) -> Ratios:
        told = np.where((self.won > 0) & (self.others > 0), logs, np.nan)
        low, high = np.exp(told - Z * spread), np.exp(told + Z * spread)
        return Ratios(np.exp(told), low, high, self.had)

    def chances(self) -> Real:
        """Return Fisher's exact p, two-sided: how likely a table at most as likely as this is, if having it has nothing to do with winning.

        >>> tea = Tables(*(np.array([count]) for count in (3, 4, 1, 4)))
        >>> tea.chances().round(4).tolist()
        [0.4857]
        """
        most = int((self.won + self.others).max(initial=0))
        logs = np.append(0.0, np.cumsum(np.log(np.arange(1, most + 1))))
        rows = np.stack([self.had, self.won, self.had + self.others_had, self.others]).T.tolist()
        known: dict[tuple[int, ...], float] = {}
        for row in rows:
            if tuple(row) not in known:
                known[tuple(row)] = _chance(logs, *row)
        return np.array([known[tuple(row)] for row in rows], np.float64)


def _chance(logs: Real, had: int, won: int, all_had: int, others: int) -> float:
    """Return Fisher's p of one table, given the logarithms of factorials."""
    possible = np.arange(max(0, all_had - others), min(won, all_had) + 1)
    parts = (possible, won - possible, all_had - possible, others - all_had + possible)
    likely = -np.sum([logs[part] for part in parts], axis=0)
    likely = np.exp(likely - likely.max())
    own = likely[had - int(possible[0])]
    return float(min(1.0, likely[likely <= own * (1 + _NEARLY)].sum() / likely.sum()))


def adjusted(chances: Real) -> Real:
    """Return q for p: the share of false discoveries among all that have at most this p (Benjamini and Hochberg 1995).

    >>> adjusted(np.array([0.01, 0.04, 0.03, 0.5])).round(4).tolist()
    [0.04, 0.0533, 0.0533, 0.5]
    """
    if not len(chances):
        return chances
    order = np.argsort(chances, kind="stable")
    ranks = np.arange(1, len(chances) + 1)
    stepped = np.minimum.accumulate((chances[order] * len(chances) / ranks)[::-1])[::-1]
    found = np.empty(len(chances))
    found[order] = np.minimum(stepped, 1.0)
    return found


@dataclass(frozen=True)
class Stratified:
    """Two-by-two tables of several strata (columns), by feature (rows); arguments as of the module."""

    had: Whole
    won: Whole
    others_had: Whole
    others: Whole

    def odds_ratios(self) -> Ratios:
        """Return the odds ratio that strata have in common (Mantel and Haenszel 1959; its variance: Robins, Breslow, Greenland 1986).

        NaN where all strata together are too one-sided to tell.
        """
        a, b, c, d, n = self._cells()
        plus, minus = a * d / n, b * c / n
        alike, unlike = (a + d) / n, (b + c) / n
        up, down = plus.sum(axis=1), minus.sum(axis=1)
        told = (up > 0) & (down > 0)
        top, bottom = np.where(told, up, np.nan), np.where(told, down, np.nan)
        spread = (
            (alike * plus).sum(axis=1) / (2 * top**2)
            + (alike * minus + unlike * plus).sum(axis=1) / (2 * top * bottom)
            + (unlike * minus).sum(axis=1) / (2 * bottom**2)
        )
        logs, half = np.log(top) - np.log(bottom), Z * np.sqrt(spread)
        return Ratios(np.exp(logs), np.exp(logs - half), np.exp(logs + half), self.had.sum(axis=1))

    def deviations(self) -> Real:
        """Return by how many standard deviations more of the won had it than if it had nothing to do with winning in any stratum.

        The statistic of Mantel and Haenszel with its sign, without correction for continuity; 0 where nothing could have come out.
        """
        a, b, c, d, n = self._cells()
        expected = (a + b) * (a + c) / n
        spread = (a + b) * (c + d) * (a + c) * (b + d) / (n**2 * np.maximum(n - 1, 1))
        total = spread.sum(axis=1)
        return np.where(total > 0, (a - expected).sum(axis=1) / np.sqrt(np.where(total > 0, total, 1.0)), 0.0)

    def _cells(self) -> tuple[Real, Real, Real, Real, Real]:
        """Return won with and without it, others with and without it, and all; 1 instead of 0, to divide by."""
        a, c = self.had.astype(np.float64), self.others_had.astype(np.float64)
        return a, self.won - a, c, self.others - c, np.maximum(self.won + self.others, 1).astype(np.float64)

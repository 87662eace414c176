"""Whether reps decide alike: each one's share against what was to be expected of the same leads, with the limits of chance.

Pure. What is to be expected is indirect standardisation: a model of all decisions by score, source and track says for each lead how many of
the reps' colleagues would have accepted it. Who stands outside the limits is then taken out of the standard, one after the other, so that
one rep who rejects everything doesn't make all others look lenient.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from statistics import NormalDist
from typing import TYPE_CHECKING

import numpy as np

from leadline import clock
from leadline.outcomes import intervals, maturity
from leadline.outcomes.model import NONE, NOT_YET, Stage
from leadline.review import figures
from leadline.review.model import Figure
from leadline.review.period.parts import Consistency, RepFigures, Reps, Standing

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from leadline.outcomes.model import Flags, Real, Whole
    from leadline.review.period.material import Material

FEW = 5
"""Leads expected to be met, or not to be, below which nobody is judged."""
APART = 0.2
"""By how much a rep must differ from the expected: with many leads any difference is sure."""
WIDE = NormalDist().inv_cdf(0.999)
"""The limits of 99.8 %, as the limits of 95 % are ``intervals.Z``."""
BANDS = 5
_PENALTY = 1.0
_STEPS = 50
_YEAR = 365 * clock.DAY


@dataclass(frozen=True)
class Decisions:
    """Leads on which reps decided (n leads).

    Attributes:
        rep: Index of ``reps``.
        reps: Names.
        met: n: accepted (or came to nothing).
        score: At entry.
        kinds: Codes by which leads differ, such as source and track; -1 for unknown.
    """

    rep: Whole
    reps: tuple[str, ...]
    met: Flags
    score: Real
    kinds: tuple[Whole, ...]

    def where(self, chosen: Flags) -> Decisions:
        """Return the leads that a mask chooses."""
        return Decisions(self.rep[chosen], self.reps, self.met[chosen], self.score[chosen], tuple(codes[chosen] for codes in self.kinds))


def of(found: Material) -> Reps | None:
    """Return how alike reps decided on the leads of the year up to the period's end; ``None`` if fewer than two reps are recorded."""
    entered, until = found.entered, found.period.until_at
    begin, end = found.period.end_at - _YEAR, found.period.end_at
    told = entered.within(begin, end) & (entered.rep != NONE) & entered.verdict
    accepted = entered.came.accepted < np.where(entered.came.rejected < NOT_YET, entered.came.rejected, NOT_YET)
    every = Decisions(entered.rep, entered.reps, accepted, entered.score, (entered.source.codes, entered.track))
    old = told & accepted & maturity.old_enough(entered.entered, until, found.usual[Stage.OPPORTUNITY])
    nothing = replace(every, met=entered.came.opportunity > until)
    first = consistency("accepted", every.where(told))
    return Reps(begin, end, first, consistency("wasted", nothing.where(old))) if first else None


def consistency(of_: str, found: Decisions) -> Consistency | None:
    """Return how alike reps decided; ``None`` if fewer than two did, or all leads ended alike."""
    present = np.unique(found.rep)
    if len(present) < 2 or found.met.all() or not found.met.any():
        return None
    design = _design(found)
    inside = np.ones(len(found.reps), np.bool_)
    rows = _compared(found, design, inside, present)
    while (worst := _worst(rows, inside, found)) is not None:
        inside[worst] = False
        rows = _compared(found, design, inside, present)
    standard = float(found.met[inside[found.rep]].mean())
    hits, of = int(found.met.sum()), len(found.met)
    return Consistency(of_, figures.share(hits, of), standard, tuple(sorted(rows, key=lambda row: row.rep)))


def _worst(rows: list[RepFigures], inside: Flags, found: Decisions) -> int | None:
    """Return who of the standard stands farthest outside; ``None`` if nobody does, or too few leads or reps would be left to set one."""
    outside = [row for row in rows if row.standing in (Standing.ABOVE, Standing.BELOW) and inside[found.reps.index(row.rep)]]
    if not outside:
        return None
    worst = found.reps.index(max(outside, key=_distance).rep)
    left = inside[found.rep] & (found.rep != worst)
    mixed = 0 < int(found.met[left].sum()) < int(left.sum())
    return worst if mixed and 2 * int(left.sum()) >= len(found.rep) else None


def _distance(row: RepFigures) -> float:
    """Return how many times its limits of chance a rep differs from what was expected."""
    return abs((row.ratio.value or 0.0) - 1) / (row.high - 1)


def _compared(found: Decisions, design: Real, inside: Flags, present: NDArray[np.int64]) -> list[RepFigures]:
    """Return each rep against a standard that some of them set."""
    sets = inside[found.rep]
    chances = _chances(design, _fitted(design[sets], found.met[sets]))
    average = float(found.met[sets].mean())
    codes: list[int] = present.tolist()
    return [_rep(found.reps[at], found.met[found.rep == at], chances[found.rep == at], average) for at in codes]


def _rep(name: str, met: Flags, chances: Real, average: float) -> RepFigures:
    """Return a rep; the limits are those of a sum of independent decisions, taken as normal (Spiegelhalter 2005)."""
    n, hits, expected = len(met), int(met.sum()), float(chances.sum())
    error = math.sqrt(float((chances * (1 - chances)).sum())) / expected
    near, wide = intervals.Z * error, WIDE * error
    ratio = hits / expected
    enough = min(expected, n - expected) >= FEW
    weight = (1 - average) / average / error**2
    return RepFigures(
        rep=name,
        leads=n,
        met=hits,
        expected=expected,
        share=figures.share(hits, n),
        ratio=Figure(ratio, max(0.0, 1 - near), 1 + near, n),
        weight=weight,
        low=max(0.0, 1 - wide),
        high=1 + wide,
        standing=_standing(ratio - 1, near, wide) if enough else Standing.FEW,
    )


def _standing(apart: float, near: float, wide: float) -> Standing:
    if abs(apart) <= near:
        return Standing.INSIDE
    if abs(apart) <= max(wide, APART):
        return Standing.EDGE
    return Standing.ABOVE if apart > 0 else Standing.BELOW


def _design(found: Decisions) -> Real:
    """Return lead × column: one, then whether the lead is in each band of scores and of each kind."""
    edges = np.unique(np.quantile(found.score, np.arange(1, BANDS) / BANDS))
    codes = [np.searchsorted(edges, found.score, side="right"), *found.kinds]
    columns = [np.ones((len(found.rep), 1))]
    columns += [(code.reshape(-1, 1) == np.unique(code)).astype(np.float64) for code in codes]
    return np.concatenate(columns, axis=1)


def _fitted(design: Real, met: Flags) -> Real:
    """Return the coefficients of a ridge logistic regression, by Newton's method; the intercept isn't held back."""
    held = np.full(design.shape[1], _PENALTY)
    held[0] = 1e-6
    found = np.zeros(design.shape[1])
    for _ in range(_STEPS):
        chances = _chances(design, found)
        slope = design.T @ (met - chances) - held * found
        curve = (design * (chances * (1 - chances)).reshape(-1, 1)).T @ design + np.diag(held)
        step = np.linalg.solve(curve, slope)
        found = found + step
        if np.abs(step).max() < 1e-8:
            break
    return found


def _chances(design: Real, coefficients: Real) -> Real:
    return 1 / (1 + np.exp(-np.clip(design @ coefficients, -30, 30)))

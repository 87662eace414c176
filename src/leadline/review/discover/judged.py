"""How well scores rank cases that nothing was fitted to; and what the best models make of the same features, as the ceiling. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from leadline.outcomes import intervals
from leadline.review import figures
from leadline.review.discover import learners, logit, path, ranking, teacher
from leadline.review.discover.model import Cases, Features, Judged
from leadline.review.model import Caution

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from leadline.outcomes.model import Flags, Real
    from leadline.review.model import Figure

    Predicted: TypeAlias = tuple[Real, Real]
    """Log-odds and chances of all cases."""

LEAST_WON = 10
"""Won cases in the later period, below which all cases judge."""
TELLING = (100, 1000)
"""On how many features it is tried, the most telling by themselves: among thousands that mean nothing, the few others would drown."""
TREES = 150
"""Of boosting, at most."""
BOOSTED = 400
"""Features that boosting looks at: the most telling by themselves, among the cases it is fitted on."""
BINS = 8
"""Of a reliability curve, at most."""
PER_BIN = 25
"""Cases in each of them, at least."""


def judged_on(cases: Cases) -> Flags:
    """Return the cases that judge: the later ones; all of them, if too few of the later ones were won."""
    enough = int((cases.won & cases.later).sum()) >= LEAST_WON and not bool(cases.won[cases.later].all())
    return cases.later if enough else np.ones(len(cases), dtype=np.bool_)


def caution(cases: Cases) -> Caution | None:
    """Return what to know if it isn't the later cases that judge.

    Then each case is judged by a model that was fitted without it: :func:`baselines` always tells cases that are fitted on by folds, and
    for a card there is :attr:`~leadline.review.discover.card.Learned.held_out`.
    """
    if bool(judged_on(cases)[~cases.later].any()):
        won = int((cases.won & cases.later).sum())
        says = (
            f"Only {won} won case{'' if won == 1 else 's'} of the later period could judge, {LEAST_WON} are the least. So all cases judge, "
            "each a card or model that was fitted without it, but in the same period: expect a little less of the future."
        )
        return Caution("judged-by-folds", says)
    return None


def judge(cases: Cases, scores: Real, chances: Real | None = None) -> Judged:
    """Return how well scores rank the cases that judge.

    Args:
        cases: All cases.
        scores: Of all cases; those that are NaN are left out.
        chances: Of being won, of all cases; ``None`` if scores come without.
    """
    chosen = np.flatnonzero(judged_on(cases) & ~np.isnan(scores))
    known = cases.where(chosen)
    won, ranks = known.won, scores[chosen]
    base_rate = figures.share(int(won.sum()), len(won))
    nothing = ranking.with_interval(np.nan, np.zeros(0), len(won))
    if not won.any() or won.all():
        return Judged(nothing, nothing, nothing, nothing, base_rate)
    units = ranking.units(known)
    roc_auc, pr_auc, lift = (
        ranking.with_interval(float(of(ranking.once(ranks, won))[0]), ranking.drawn(ranks, won, units, of), len(won))
        for of in (ranking.Ranked.roc_auc, ranking.Ranked.pr_auc, ranking.Ranked.lift)
    )
    if chances is None:
        return Judged(roc_auc, pr_auc, lift, nothing, base_rate)
    brier = _brier(chances[chosen], won, ranking.draws(units))
    return Judged(roc_auc, pr_auc, lift, brier, base_rate, _reliability(chances[chosen], won))


def calibrated(cases: Cases, scores: Real) -> Real:
    """Return scores as chances of being won, by a curve of two parameters that is fitted to the cases that aren't later ones.

    It is for scores that come without chances, such as those of the current definition.
    """
    to_fit = ~cases.later
    if not to_fit.any():
        return np.full(len(cases), np.nan)
    intercept, slope = logit.platt(scores[to_fit], cases.won[to_fit])
    return logit.chance(intercept + slope * scores)


def baselines(cases: Cases, features: Features) -> dict[str, Predicted]:
    """Return ``logistic`` regression and gradient ``boosting`` on all features: log-odds and chances of all cases.

    Later cases are told by a model fitted on all the others, the others by one fitted without their fold.

    Returns:
        Nothing if the cases to fit on are all alike.
    """
    to_fit = ~cases.later
    won = cases.won[to_fit]
    if not len(won) or won.all() or not won.any() or not len(features):
        return {}
    parts = _parts(cases, features.values)
    with learners.one_thread():
        found = {"logistic": _logistic(cases, parts), "boosting": _boosting(cases, parts)}
    return {name: (log_odds, logit.chance(log_odds)) for name, log_odds in found.items()}


@dataclass(frozen=True)
class _Part:
    """Cases that are told, and those that a model may see for it.

    Attributes:
        told: Which of all cases are told.
        asked: Their features, the most telling (among the cases seen) first.
        values: Likewise of the cases seen.
        won: Of the cases seen.
    """

    told: Flags
    asked: NDArray[np.float32]
    values: NDArray[np.float32]
    won: Flags


def _parts(cases: Cases, values: NDArray[np.float32]) -> list[_Part]:
    """Return each fold of the cases to fit on, told by the others, and the later cases, told by all of these."""
    to_fit = ~cases.later
    numbers: list[int] = np.unique(cases.fold[to_fit]).tolist()
    divided = [(to_fit & (cases.fold == number), to_fit & (cases.fold != number)) for number in numbers]
    return [_part(cases, values, told, seen) for told, seen in [*divided, (cases.later, to_fit)] if told.any()]


def _part(cases: Cases, values: NDArray[np.float32], told: Flags, seen: Flags) -> _Part:
    won = cases.won[seen]
    telling = np.argsort(-np.round(path.scores(values[seen], won), 6), kind="stable")[: max(TELLING)]
    return _Part(told, values[np.ix_(told, telling)], values[np.ix_(seen, telling)], won)


def _logistic(cases: Cases, parts: Sequence[_Part]) -> Real:
    """Return the log-odds by logistic regression, on as many features and held back as much as cross-validation finds best."""
    best, lowest = np.zeros(len(cases)), np.inf
    for most in sorted({min(most, parts[0].values.shape[1]) for most in TELLING}):
        before = np.inf
        for strength in teacher.STRENGTHS:
            found = np.zeros(len(cases))
            for part in (part for part in parts if _differ(part.won)):
                found[part.told] = learners.ridge(part.values[:, :most], part.won, strength)(part.asked[:, :most])
            loss = _loss(cases, found)
            if loss < lowest:
                best, lowest = found, loss
            if loss > before:
                break
            before = loss
    return best


def _boosting(cases: Cases, parts: Sequence[_Part]) -> Real:
    """Return the log-odds by boosting, with as many trees as cross-validation finds best."""
    stages = np.zeros((len(learners.after(TREES)), len(cases)))
    for part in (part for part in parts if _differ(part.won)):
        stages[:, part.told] = learners.boosted(part.values[:, :BOOSTED], part.won, part.asked[:, :BOOSTED], TREES)
    return stages[int(np.argmin([_loss(cases, stage) for stage in stages]))]


def _loss(cases: Cases, found: Real) -> float:
    """Return the mean log loss of the cases to fit on, each of which was told without its fold."""
    return float(logit.losses(found[~cases.later], cases.won[~cases.later]).mean())


def _differ(won: Flags) -> bool:
    return bool(won.any() and not won.all())


def _brier(chances: Real, won: Flags, draws: NDArray[np.int8]) -> Figure:
    """Return the mean squared error of chances."""
    errors = (chances - won) ** 2
    often = draws.astype(np.float32)
    total: Real = often.sum(axis=1, dtype=np.float64)
    drawn = (often @ errors.astype(np.float32)).astype(np.float64) / np.maximum(total, 1.0)
    return ranking.with_interval(float(errors.mean()), drawn, len(won))


def _reliability(chances: Real, won: Flags) -> tuple[tuple[float, Figure], ...]:
    """Return the mean chance and the share won in bins of about equal size; cases of one chance aren't parted."""
    order = np.argsort(chances, kind="stable")
    bins = max(1, min(BINS, len(won) // PER_BIN))
    wanted = chances[order][(np.arange(1, bins) * len(won)) // bins]
    number = np.searchsorted(np.unique(wanted), chances, side="right")
    parts = [number == index for index in np.unique(number).tolist()]
    return tuple((float(chances[part].mean()), figures.figure(intervals.wilson(int(won[part].sum()), int(part.sum())))) for part in parts)

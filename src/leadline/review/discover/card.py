"""A card: few criteria with whole points, learned from cases. Pure.

Of what passes a screen, one term after the other is taken (:mod:`.path`) that best follows what came of the cases, or what logistic
regression on many features says of them (:mod:`.teacher`), whichever proves better; and every size is rounded to whole points in several
ways (:mod:`.rounding`). All of this is done over again with each fifth of the accounts left out, and the *rounded* cards are held to what
came of the cases that they haven't seen: that chooses the size, the smallest that can't be told from the best, and the rounding, the
easiest to read that costs next to nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np

from leadline.review.discover import learners, logit, naming, path, pruning, ranking, rounding, shapes, teacher
from leadline.review.discover.model import Card, CardCriterion, Cases, Features
from leadline.review.discover.path import Pool
from leadline.review.discover.rounding import GRIDS
from leadline.review.discover.shapes import Selection

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from leadline.outcomes.model import Flags, Real, Whole

COST = 0.0005
"""Nats a case that points which are easy to read may cost."""
AREA = 0.005
"""Area under the ROC curve that a smaller card may cost."""
_FREE: Mapping[str, int] = MappingProxyType({})


@dataclass(frozen=True)
class Learned:
    """A card, and how it would have done on cases that it hasn't seen.

    Attributes:
        card: Fitted on all cases to fit on.
        held_out: For each case (of all cases): the log-odds by a card of the same size that was fitted without its fifth of the accounts;
            NaN for cases that aren't fitted on.
    """

    card: Card
    held_out: Real


def fit(cases: Cases, features: Features, most: int = 10, signs: Mapping[str, int] = _FREE) -> Card:
    """Return the card of the cases that aren't later ones.

    Args:
        cases: All cases.
        features: Of all cases.
        most: How many criteria at most.
        signs: 1 or −1 for the name or the source of a feature whose points may only add, or only take away.
    """
    return learn(cases, features, most, signs).card


def learn(cases: Cases, features: Features, most: int = 10, signs: Mapping[str, int] = _FREE) -> Learned:
    """Return the card with its cross-validation, which also tells whether there is anything to learn."""
    order = _order(cases)
    to_fit = order[~cases.later[order]]
    named = _by_name(features)
    chosen, known = cases.where(to_fit), Features(named.features, named.values[to_fit])
    held_out = np.full(len(cases), np.nan)
    if not len(named) or chosen.won.all() or not chosen.won.any():
        return Learned(Card((), 1.0, 0.0), held_out)
    with learners.one_thread():
        taught = Asked(most, signs, teacher.strength(known.values, chosen.won, chosen.fold))
        ways = [(asked, crossed(chosen, known, asked)) for asked in (taught, replace(taught, strength=None))]
        asked, trials = min(ways, key=lambda way: float(logit.losses(way[1], chosen.won).mean(axis=2).min()))
        trail = _trail(known, chosen.won, asked)
    found, pooled = trail.selections, trail.pooled
    size, grid = _choice(trials, chosen.won, len(found) - 1)
    held_out[to_fit] = trials[min(size, len(trials) - 1), grid]
    sizes = _told(trials, chosen.won, [len(shapes.criteria(item, pooled.shapes)) for item in found])
    kept = pruning.pruned(pooled, trail.aims, (chosen.won, chosen.fold), found[size])
    return Learned(replace(_card(trail, known, (kept, GRIDS[grid])), path=sizes), held_out)


@dataclass(frozen=True)
class Asked:
    """How many criteria at most, the signs that are wanted, and how strong the teacher's fit may be; ``None`` goes without a teacher."""

    most: int
    signs: Mapping[str, int]
    strength: float | None


@dataclass(frozen=True)
class _Trail:
    """What cases led to: a pool, what came of them, the chances to follow, and a selection of each size."""

    pooled: Pool
    won: Flags
    aims: Real
    selections: list[Selection]


def _trail(features: Features, won: Flags, asked: Asked) -> _Trail:
    pooled = path.pool(features, won, asked.signs)
    aims = won.astype(np.float64) if asked.strength is None else teacher.aims(features.values, won, asked.strength)
    return _Trail(pooled, won, aims, path.selections(pooled, aims, asked.most))


def log_odds(card: Card, scores: Real) -> Real:
    """Return the log-odds of a case being won, among cases like those the card was fitted on, by the score that the card gives it."""
    return card.intercept + scores / card.scale


def chances(card: Card, scores: Real) -> Real:
    """Return the same as chances."""
    return logit.chance(log_odds(card, scores))


def _order(cases: Cases) -> NDArray[np.int64]:
    """Return an order of the cases that doesn't depend on the one they came in, so that sums are the same to the last bit."""
    return np.lexsort((cases.kind, cases.person, cases.account, cases.at)).astype(np.int64)


def _by_name(features: Features) -> Features:
    names = [feature.name for feature in features.features]
    return features.only(np.array(sorted(range(len(names)), key=names.__getitem__), dtype=np.int64))


def crossed(cases: Cases, features: Features, asked: Asked) -> Real:
    """Return the log-odds of each case (last) by a card fitted without its fold, of each size (first) and each grid."""
    found = np.zeros((asked.most + path.SPARE + 2, len(GRIDS), len(cases)))
    for fold in sorted(set(cases.fold.tolist())):
        out = cases.fold == fold
        won = cases.won[~out]
        if won.all() or not won.any():
            found[:, :, out] = logit.platt(np.zeros(max(len(won), 1)), won if len(won) else cases.won)[0]
            continue
        trail = _trail(Features(features.features, features.values[~out]), won, asked)
        held = features.values[out][:, trail.pooled.indices]
        for size in range(len(found)):
            known = size < len(trail.selections)
            found[size][:, out] = _held_out(trail, trail.selections[size], held) if known else found[size - 1][:, out]
    return found


def _held_out(trail: _Trail, selection: Selection, held: NDArray[np.float32]) -> Real:
    """Return the log-odds of the cases held out, by each grid."""
    columns, told = shapes.columns(trail.pooled.values, selection), shapes.columns(held, selection)
    fitted = rounding.refit(columns, trail.aims)
    rows: list[Real] = []
    for grid in GRIDS:
        points = rounding.points(fitted, grid)
        intercept, slope = logit.platt(columns @ points, trail.won)
        rows.append(intercept + slope * (told @ points))
    return np.array(rows)


def _choice(trials: Real, won: Flags, largest: int) -> tuple[int, int]:
    """Return the size and the grid: the smallest size that can't be told from the best one, and the easiest grid that costs little."""
    held = trials[1 : max(largest, 1) + 1]
    losses = logit.losses(held, won)
    grids = _best_grid(losses)
    rows = losses[np.arange(len(losses)), grids]
    best = int(np.argmin(rows.mean(axis=1).round(12)))
    worse = rows - rows[best]
    areas = np.array([ranking.once(held[size, grid], won).roc_auc()[0] for size, grid in enumerate(grids.tolist())])
    near = (worse.mean(axis=1) <= worse.std(axis=1) / np.sqrt(len(won))) & (areas >= areas[best] - AREA)
    size = int(np.flatnonzero(near)[0])
    each: Real = losses[size].mean(axis=1)
    return min(size + 1, largest), int(np.flatnonzero(each <= each.min() + COST)[0])


def _best_grid(losses: Real) -> Whole:
    """Return which grid does best for each size (rows of the losses)."""
    means: Real = losses.mean(axis=2).round(12)
    return np.argmin(means, axis=1).astype(np.int64)


def _told(trials: Real, won: Flags, counts: Sequence[int]) -> tuple[tuple[int, float, float], ...]:
    """Return the log loss by cross-validation, with its standard error, of each number of criteria."""
    losses = logit.losses(trials[: len(counts)], won)
    rows = losses[np.arange(len(losses)), _best_grid(losses)]
    told: dict[int, tuple[int, float, float]] = {}
    for count, row in zip(counts, rows, strict=True):
        loss, error = float(row.mean()), float(row.std() / np.sqrt(len(won)))
        if count not in told or loss < told[count][1]:
            told[count] = (count, loss, error)
    return tuple(told[count] for count in sorted(told))


def _card(trail: _Trail, features: Features, choice: tuple[Selection, rounding.Grid]) -> Card:
    """Return the card of a selection, rounded by a grid."""
    (selection, grid), pooled = choice, trail.pooled
    columns = shapes.columns(pooled.values, selection)
    fitted = rounding.refit(columns, trail.aims)
    points = rounding.points(fitted, grid)
    intercept, slope = logit.platt(columns @ points, trail.won)
    criteria: list[CardCriterion] = []
    for places in shapes.criteria(selection, pooled.shapes):
        terms = [[features.features[int(pooled.indices[member])] for member in selection[place]] for place in places]
        criteria.append(
            shapes.criterion(terms, [int(points[place]) for place in places], [float(fitted.coefficients[place]) for place in places])
        )
    return Card(named(criteria), 1 / slope if slope > 0 else 1.0, intercept)


def named(criteria: Sequence[CardCriterion]) -> tuple[CardCriterion, ...]:
    """Return the criteria, the ones worth most first, with names that differ."""
    names = naming.Names()
    ordered = sorted(criteria, key=lambda criterion: (-abs(criterion.points), criterion.name, criterion.features))
    return tuple(replace(item, name=names.give(item.name)) for item in ordered)

"""From thousands of features to few: a screen, and out of what passes it one term after the other. Pure.

Only the cases given are looked at, so whoever judges by cross-validation leaves the held-out ones out before, not after.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from leadline.review.discover import logit, shapes
from leadline.review.discover.model import Feature, Features
from leadline.review.discover.shapes import Selection, Shape

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from leadline.outcomes.model import Flags, Real, Whole

SCREENED = 250
"""Features of which a card may be made."""
PER_SOURCE = 8
"""Of them, at most so many of one source: its windows and counts say much the same."""
ALIKE = 0.999
"""Two features that are correlated like this are one."""
AKIN = 0.95
"""Likewise two of one source."""
TRIED = 8
"""How many candidates a step refits, of those that promise most."""
NEARLY = 0.95
"""A feature that brings this share of what the best one brings may be taken before it, if it says something more special."""
SPARE = 6
"""How many terms a card may have beyond its criteria, since tiers and lists hold several."""
LEAST_GAIN = 0.1
"""In nats, on the cases at hand: a term that adds less isn't tried."""


@dataclass(frozen=True)
class Pool:
    """What a selection is made of.

    Attributes:
        values: n × f, of what passed the screen.
        shapes: Of each.
        sources: Of each.
        signs: For each, 1 or −1 where its coefficient may have this sign alone; else 0.
        indices: Which of the features they are.
    """

    values: Real
    shapes: tuple[Shape, ...]
    sources: tuple[str, ...]
    signs: Whole
    indices: Whole


def pool(features: Features, won: Flags, signs: Mapping[str, int]) -> Pool:
    """Return the features that pass the screen.

    Args:
        features: Their values, n × f.
        won: n.
        signs: 1 or −1 for a feature's name or source, where only this sign is wanted.
    """
    kept = screened(features, won)
    indices: list[int] = kept.tolist()
    chosen = [features.features[index] for index in indices]
    return Pool(
        features.values[:, kept].astype(np.float64),
        tuple(shapes.shape(feature) for feature in chosen),
        tuple(feature.source for feature in chosen),
        np.array([signs.get(feature.name, signs.get(feature.source, 0)) for feature in chosen], dtype=np.int64),
        kept,
    )


def screened(features: Features, won: Flags) -> Whole:
    """Return the most telling features by themselves (the score test), those that say the same left out; the strongest first."""
    strength = scores(features.values, won)
    can_say = np.array([bool(feature.criterion) for feature in features.features], dtype=np.bool_)
    order = np.argsort(-np.round(strength, 9), kind="stable")
    order = order[(strength[order] > 0) & can_say[order]]
    return _unlike(features, _few_per_source(features.features, order))


def scores(values: NDArray[np.float32], won: Flags) -> Real:
    """Return Rao's score statistic of each feature by itself: n r², 0 where all cases are alike."""
    aims = (won - won.mean()).astype(np.float32)
    spread: Real = values.std(axis=0, dtype=np.float64)
    product = (aims @ values).astype(np.float64) / max(len(won), 1)
    apart = float(won.std())
    none = np.zeros(len(product), dtype=np.float64)
    return np.divide(len(won) * product**2, (spread * apart) ** 2, out=none, where=(spread > 1e-9) & (apart > 0))


def _few_per_source(features: Sequence[Feature], order: Whole) -> list[int]:
    taken: dict[str, int] = {}
    kept: list[int] = []
    indices: list[int] = order.tolist()
    for index in indices:
        source = features[index].source
        taken[source] = taken.get(source, 0) + 1
        if taken[source] <= 3 * PER_SOURCE:
            kept.append(index)
        if len(kept) == 2 * SCREENED:
            break
    return kept


def _unlike(features: Features, order: list[int]) -> Whole:
    """Return the indices of an order without those that are nearly the same as a stronger one."""
    values = _standard(features.values[:, order])
    alike = np.abs(values.T @ values) / max(len(values), 1)
    sources = [features.features[index].source for index in order]
    kept: list[int] = []
    taken: dict[str, int] = {}
    for place, source in enumerate(sources):
        near = [other for other in kept if alike[place, other] > (AKIN if sources[other] == source else ALIKE)]
        if near or taken.get(source, 0) >= PER_SOURCE or len(kept) >= SCREENED:
            continue
        taken[source] = taken.get(source, 0) + 1
        kept.append(place)
    return np.array([order[place] for place in kept], dtype=np.int64)


def _standard(values: NDArray[np.float32]) -> Real:
    """Return columns of mean 0 and variance 1."""
    held = values.astype(np.float64)
    spread = held.std(axis=0)
    return (held - held.mean(axis=0)) / np.where(spread > 1e-9, spread, 1.0)


def selections(pooled: Pool, aims: Real, most: int) -> list[Selection]:
    """Return a selection of each size, each a term or a bound larger than the one before.

    Args:
        pooled: What it is made of.
        aims: The chances that are to be followed, or what came of the cases.
        most: How many criteria at most.
    """
    found: list[Selection] = [()]
    while len(found) <= most + SPARE and (larger := _larger(pooled, aims, found[-1], most)):
        found.append(larger)
    return found


def _larger(pooled: Pool, aims: Real, selection: Selection, most: int) -> Selection | None:
    """Return the best selection with one feature more; ``None`` if none adds anything.

    Of features that bring nearly the same the one is taken that is rarest where it shouldn't be: *visited the pricing page* rather than
    *visited any page*.
    """
    columns = shapes.columns(pooled.values, selection)
    found = logit.fit(columns, aims)
    before = float(logit.losses(found[0] + columns @ found[1:], aims).sum())
    gains, upward = _promise(pooled, aims, columns, found)
    tried: list[tuple[float, float, Selection]] = []
    for index in np.argsort(-np.round(gains, 9), kind="stable").tolist():
        if gains[index] < LEAST_GAIN or len(tried) == TRIED:
            break
        like = [(coefficient > 0) == upward[index] for coefficient in found[1:].tolist()]
        larger = shapes.with_feature(selection, index, pooled.shapes, like)
        if len(shapes.criteria(larger, pooled.shapes)) <= most and not _twin(pooled, selection, index):
            misplaced = 1 - aims if upward[index] else aims
            share = float((misplaced * (pooled.values[:, index] > 0)).sum() / misplaced.sum())
            tried.append((before - _loss(pooled, aims, larger), share, larger))
    best = max((gain for gain, _, _ in tried), default=0.0)
    if best < LEAST_GAIN / 2:
        return None
    return min((item for item in tried if item[0] >= NEARLY * best), key=lambda item: (round(item[1], 9), -item[0]))[2]


def _promise(pooled: Pool, aims: Real, columns: Real, found: Real) -> tuple[Real, Flags]:
    """Return about how many nats each feature would add (half of the score statistic), and whether it counts upward."""
    design = logit.with_intercept(columns)
    chances = logit.chance(design @ found)
    weights = (chances * (1 - chances))[:, None]
    slope = pooled.values.T @ (aims - chances)
    across = (design * weights).T @ pooled.values
    inside = np.linalg.solve(logit.curvature(design, found) + 1e-6 * np.eye(design.shape[1]), across)
    own = (pooled.values**2 * weights).sum(axis=0)
    left = own - (across * inside).sum(axis=0)
    gains = np.divide(slope**2, 2 * left, out=np.zeros(len(slope)), where=left > 1e-3 * np.maximum(own, 1e-9))
    return np.where(pooled.signs * slope < 0, 0.0, gains), slope > 0


def _twin(pooled: Pool, selection: Selection, index: int) -> bool:
    """Return whether a feature is nearly the same as one that is in already."""
    own = pooled.values[:, index]
    for other in (member for term in selection for member in term):
        akin = AKIN if pooled.sources[other] == pooled.sources[index] else ALIKE
        if other == index or abs(float(np.corrcoef(own, pooled.values[:, other])[0, 1])) > akin:
            return True
    return False


def _loss(pooled: Pool, aims: Real, selection: Selection) -> float:
    """Return the summed log loss of a refit; infinite if a sign is wrong."""
    columns = shapes.columns(pooled.values, selection)
    found = logit.fit(columns, aims)
    wanted = np.array([pooled.signs[term[0]] for term in selection])
    if bool((wanted * found[1:] < 0).any()):
        return np.inf
    return float(logit.losses(found[0] + columns @ found[1:], aims).sum())

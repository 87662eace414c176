"""Why there are more or fewer entries than before, and why more or fewer of them convert: traffic, mix, definition, behaviour.

Pure. The volume is people × the mix of alike ones × how many of each enter; the share that converts is the mix of entries × how many of
each convert. Both are asked with every factor as it was or as it is, and the change is divided by :mod:`.shapley`, so that the order in
which factors are changed doesn't matter and nothing is left over. What the definition did is told by both definitions replayed over both
periods.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from leadline.review import figures
from leadline.review.model import Figure
from leadline.review.period import shapley
from leadline.review.period.parts import Cause, Cell, Contribution, Split

if TYPE_CHECKING:
    from leadline.outcomes.model import Flags, Real, Whole
    from leadline.review.period.alike import Cells

DRAWS = 1000
LEAST = 20
"""Entries that a share needs in each period before it is divided."""
_SEED = 20261124
_TAILS = (0.025, 0.975)
_VOLUME = (Cause.TRAFFIC, Cause.MIX, Cause.DEFINITION, Cause.BEHAVIOUR, Cause.SWITCH)
_CONVERSION = (Cause.MIX, Cause.DEFINITION, Cause.BEHAVIOUR)
_VALUES = 5_000_000
"""Weights drawn at once."""


class Spans(NamedTuple):
    """The two periods compared: [``before_at``, ``before_end_at``) and [``now_at``, ``now_end_at``)."""

    before_at: int
    before_end_at: int
    now_at: int
    now_end_at: int


@dataclass(frozen=True)
class Crowd:
    """Everybody who did anything in one of two periods, or entered in it (n people).

    Attributes:
        names: What cells of alike people are called.
        cell: n × period: index of ``names``.
        active: n × period: did anything in it. Whoever enters in a period is active in it, whatever the definition.
        entries: n × definition × period: how often they enter by a definition as if it had always been in force. The first definition
            is that of the period before.
        real: n × period: how often they entered by what was in force, which is more where a switch lets many in at once.
        same: One definition was in force in both; ``entries[:, 0]`` and ``entries[:, 1]`` are then the same.
    """

    names: tuple[str, ...]
    cell: Whole
    active: Flags
    entries: Whole
    real: Whole
    same: bool


@dataclass(frozen=True)
class Converted:
    """Entries that are old enough to judge, by both definitions in both periods (n entries; one of both definitions stands twice).

    Attributes:
        cells: The cell of each.
        person: Codes.
        definition: 0 for the one of the period before, 1 for that of this one.
        period: 0 before, 1 now.
        hit: It converted.
        same: One definition was in force in both; then all entries are of definition 0.
    """

    cells: Cells
    person: Whole
    definition: Whole
    period: Whole
    hit: Flags
    same: bool


def volume(crowd: Crowd, spans: Spans) -> Split | None:
    """Return how the number of entries changed, and why; ``None`` if nobody was active in one of the periods."""
    if not crowd.active.any(axis=0).all():
        return None
    size = len(crowd.names)
    rows, counts = _patterns(crowd)
    people = np.stack([_spread(rows[:, at], rows[:, at] >= 0, size) for at in (0, 1)], axis=-1)
    entries = np.stack([_spread(rows[:, at % 2], rows[:, 2 + at], size) for at in range(6)], axis=-1)
    design = np.concatenate([people, entries], axis=-1).reshape(len(rows), -1)
    totals = counts @ design
    drawn = _drawn(design, counts)
    n = int(counts.sum())
    told = _divided(_volumes, np.vstack([totals, drawn]).reshape(-1, size, 8), _VOLUME, n)
    cells = _cells(crowd.names, *_ends(totals.reshape(size, 8)))
    return Split("volume", *spans, *told, same_definition=crowd.same, cells=cells)


def conversion(found: Converted, spans: Spans) -> Split | None:
    """Return how the share that converted changed, and why; ``None`` if too few entries can be judged."""
    size = len(found.cells.names)
    if not size:
        return None
    design = _counted(found)
    totals = design.sum(axis=0).reshape(size, 2, 2, 2)
    of = totals[..., 0].sum(axis=0)
    if min(of[0, 0], of[1, 1]) < LEAST or not of.all():
        return None
    drawn = _drawn(design, np.ones(len(design), np.int64))
    told = _divided(_conversions, np.vstack([totals.reshape(1, -1), drawn]).reshape(-1, size, 2, 2, 2), _CONVERSION, int(of.max()))
    cells = _cells(found.cells.names, totals[:, 0, 0], totals[:, 1, 1])
    return Split("conversion", *spans, *told, same_definition=found.same, cells=cells)


def _patterns(crowd: Crowd) -> tuple[Whole, Whole]:
    """Return what people can be told apart by (cells, -1 where not active, and entries), and how many are alike in it."""
    cells = np.where(crowd.active, crowd.cell, -1)
    rows = np.concatenate([cells, crowd.entries.reshape(-1, 4), crowd.real], axis=1)[crowd.active.any(axis=1)]
    key = np.zeros(len(rows), np.int64)
    for column in np.concatenate([rows[:, :2] + 1, rows[:, 2:]], axis=1).T:
        key = key * (int(column.max(initial=0)) + 1) + column
    _, first, counts = np.unique(key, return_index=True, return_counts=True)
    return rows[first], counts


def _counted(found: Converted) -> Real:
    """Return person × (cell, definition, period, (entries, those that converted))."""
    people, at = np.unique(found.person, return_inverse=True)
    places = ((at * len(found.cells.names) + found.cells.codes) * 2 + found.definition) * 2 + found.period
    size = len(people) * len(found.cells.names) * 4
    both = [np.bincount(places, weights=weights, minlength=size) for weights in (np.ones(len(at)), found.hit.astype(np.float64))]
    counts = np.stack(both, axis=-1).reshape(len(people), len(found.cells.names), 2, 2, 2)
    if found.same:
        counts[:, :, 1] = counts[:, :, 0]
    return counts.reshape(len(people), -1).astype(np.float64)


def _spread(cells: Whole, amounts: Whole | Flags, size: int) -> Real:
    """Return row × cell: the amount in the row's cell, else 0."""
    return np.where(cells[:, None] == np.arange(size), amounts[:, None], 0).astype(np.float64)


def _drawn(design: Real, counts: Whole) -> Real:
    """Return draw × column: the sums, had each person come any number of times, once on average (Poisson bootstrap over people)."""
    sums = np.zeros((DRAWS, design.shape[1]))
    step = max(1, _VALUES // DRAWS)
    for first in range(0, len(design), step):
        part = slice(first, first + step)
        weights = np.random.default_rng([_SEED, first]).poisson(counts[part], (DRAWS, len(counts[part])))
        sums += weights.astype(np.float64) @ design[part]
    return sums


def _divided(
    game: Callable[[Real], Real], sums: Real, causes: tuple[Cause, ...], n: int
) -> tuple[Figure, Figure, Figure, tuple[Contribution, ...]]:
    """Return before, now, their difference and what each cause did to it; the first of the sums is what was found, the others drawn."""
    values = game(sums)
    shares = shapley.shares(values)
    before, now = values[0], values[-1]
    contributions = tuple(Contribution(cause, _figure(share, n)) for cause, share in zip(causes, shares, strict=True))
    return _figure(before, n), _figure(now, n), _figure(now - before, n), contributions


def _figure(values: Real, n: int) -> Figure:
    low, high = np.quantile(values[1:], _TAILS).tolist()
    return Figure(float(values[0]), low, high, n)


def _volumes(sums: Real) -> Real:
    """Return coalition × draw: the volume with traffic (bit 0), mix (1), definition (2), behaviour (3) and switch (4) as before or now.

    Args:
        sums: Draw × cell × (people before, people now, entries of definition 0 before, 0 now, 1 before, 1 now, real before, real now).
    """
    people, entries = sums[..., :2], sums[..., 2:6].reshape(*sums.shape[:2], 2, 2)
    switched = (sums[..., 6:] - sums[..., [2, 5]]).sum(axis=1)
    traffic = people.sum(axis=1)
    mix = _over(people, traffic[:, None, :])
    rates = _filled(_over(entries, people[:, :, None, :], np.nan))
    return np.stack([
        traffic[:, at & 1] * (mix[:, :, at >> 1 & 1] * rates[:, :, at >> 2 & 1, at >> 3 & 1]).sum(axis=1) + switched[:, at >> 4]
        for at in range(32)
    ])  # fmt: skip


def _conversions(sums: Real) -> Real:
    """Return coalition × draw: the share that converts with mix (bit 0), definition (1) and behaviour (2) as before or as now.

    Args:
        sums: Draw × cell × definition × period × (entries, those that converted).
    """
    entries, hits = sums[..., 0], sums[..., 1]
    mix = _over(entries, entries.sum(axis=1)[:, None])
    rates = _filled(_over(hits, entries, np.nan))
    return np.stack([(mix[:, :, at >> 1 & 1, at & 1] * rates[:, :, at >> 1 & 1, at >> 2 & 1]).sum(axis=1) for at in range(8)])


def _filled(rates: Real) -> Real:
    """Return the rates of cells with nobody in a period as those of the other period, else of the other definition, else 0.

    Who comes from nowhere is then mix and no behaviour. The actual rates before and now are never touched where anybody is.
    """
    rates = np.where(np.isnan(rates), rates[..., ::-1], rates)
    rates = np.where(np.isnan(rates), rates[..., ::-1, :], rates)
    return np.nan_to_num(rates)


def _over(part: Real, whole: Real, otherwise: float = 0.0) -> Real:
    wide = np.broadcast_to(whole, part.shape)
    return np.divide(part, wide, out=np.full(part.shape, otherwise), where=wide > 0)


def _ends(sums: Real) -> tuple[Real, Real]:
    """Return cell × (people, entries by what was in force) before and now."""
    return sums[:, [0, 6]], sums[:, [1, 7]]


def _cells(names: tuple[str, ...], before: Real, now: Real) -> tuple[Cell, ...]:
    """Return the cells; before and now are cell × (how many, how often)."""
    rows = [
        Cell(name, int(old[0]), int(new[0]), _rate(*old.tolist()), _rate(*new.tolist()))
        for name, old, new in zip(names, before, now, strict=True)
        if old[0] or new[0]
    ]
    return tuple(sorted(rows, key=lambda cell: (-cell.before - cell.now, cell.name)))


def _rate(of: float, hits: float) -> Figure:
    """Return a share; people who entered more than once count once too often, so it is held to 1."""
    return figures.share(min(int(hits), int(of)), int(of))

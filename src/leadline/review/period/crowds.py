"""From what a review is made of to what a split needs: who was there in both periods, in cells of alike ones.

Pure. How the change is divided is decided in :mod:`.inflation`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from leadline import clock
from leadline.outcomes.model import NONE, Stage
from leadline.review.period import alike, inflation
from leadline.review.period.alike import Cells, Kinds
from leadline.review.period.entered import Active, Both, Entered, Label
from leadline.review.period.inflation import Converted, Crowd, Spans
from leadline.review.period.material import Material
from leadline.review.period.parts import Inflation

if TYPE_CHECKING:
    from leadline.outcomes.model import Flags, Lag, Whole

QUARTER = 91 * clock.DAY
PEOPLE, ENTRIES = 30, 10
"""How many people, and how many entries, a cell of alike ones needs in each period."""


def divided(found: Material) -> Inflation:
    """Return why there are more or fewer entries than in the period before, and why more or fewer of them convert."""
    period, until = found.period, found.period.until_at
    before = next((each for each in reversed(found.periods) if each.end_at <= period.begin_at), None)
    lag = found.lags[Stage.SQL]
    volume = conversion = None
    if before is not None:
        spans = Spans(before.begin_at, before.end_at, period.begin_at, period.end_at)
        volume = inflation.volume(crowd(found.both, found.entered, spans), spans)
    if lag is not None:
        judged = ripe(period.begin_at, period.end_at, until, lag.days)
        sides = in_force(found, judged)
        conversion = sides and inflation.conversion(converted(sides, judged, found.lags, until), judged)
    return Inflation(volume, conversion)


def in_force(found: Material, spans: Spans) -> Both | None:
    """Return the entries of the definitions in force at the end of two spans; ``None`` if they aren't those that were replayed."""
    begins = np.array([era.since for era in found.entered.eras])
    ends = (spans.before_end_at, spans.now_end_at)
    before, now = (found.entered.eras[max(int(np.searchsorted(begins, end - 1, side="right")) - 1, 0)].fingerprint for end in ends)
    if before == now:
        return replace(found.both, old=found.entered, new=found.entered, same=True)
    return found.both if (before, now) == (found.both.old.eras[-1].fingerprint, found.both.new.eras[-1].fingerprint) else None


def crowd(found: Both, real: Entered, spans: Spans) -> Crowd:
    """Return everybody who did anything in one of two periods, or entered in it by either definition or by what was in force."""
    windows = ((spans.before_at, spans.before_end_at), (spans.now_at, spans.now_end_at))
    entrants = [[side.person[side.within(*window)] for window in windows] for side in (found.old, found.new, real)]
    people = np.unique(np.concatenate([found.before.person, found.now.person, *(each for pair in entrants for each in pair)]))
    entries = np.stack([np.stack([_times(each, people) for each in pair], axis=-1) for pair in entrants], axis=1)
    seen = np.stack([np.isin(people, side.person) for side in (found.before, found.now)], axis=1)
    active = seen | entries.any(axis=1)
    source, segment = (_both(found, people, name) for name in ("source", "segment"))
    cells = _cells(source, segment, active)
    return Crowd(cells.names, cells.codes.reshape(2, -1).T, active, entries[:, :2], entries[:, 2], found.same)


def _times(entrants: Whole, people: Whole) -> Whole:
    """Return how often each of some people, rising, is among those who entered."""
    return np.bincount(np.searchsorted(people, entrants), minlength=len(people)).astype(np.int64)


def _both(found: Both, people: Whole, name: str) -> Kinds:
    """Return an attribute of people before, then of the same people now; of whom one side knows nothing, as the other has it."""
    sides = [_of(side, people, getattr(side, name)) for side in (found.before, found.now)]
    merged = joined(*sides)
    before, now = merged.codes.reshape(2, -1)
    codes = np.concatenate([np.where(before == NONE, now, before), np.where(now == NONE, before, now)])
    return Kinds(merged.names, codes)


def _of(side: Active, people: Whole, label: Label) -> Kinds:
    place = side.index(people)
    known = place != NONE
    codes = np.full(len(people), NONE, np.int64)
    codes[known] = label.codes[place[known]]
    return Kinds(label.names, codes)


def joined(first: Kinds, second: Kinds) -> Kinds:
    """Return two lists of labels as one, with the names of both."""
    names = tuple(dict.fromkeys([*first.names, *second.names]))
    places = [np.array([*(names.index(name) for name in kinds.names), NONE], np.int64) for kinds in (first, second)]
    return Kinds(names, np.concatenate([place[kinds.codes] for place, kinds in zip(places, (first, second), strict=True)]))


def _cells(source: Kinds, segment: Kinds, active: Flags) -> Cells:
    period = np.where(active.T, np.array([[0], [1]]), NONE).reshape(-1)
    return alike.cells(source, segment if segment.names else None, period, PEOPLE)


def converted(found: Both, spans: Spans, lags: Mapping[Stage, Lag | None], until: int) -> Converted:
    """Return the entries of two periods that are old enough to have become SQLs, by both definitions.

    Args:
        found: The entries.
        spans: The periods.
        lags: The usual lag to each stage.
        until: The last instant of which anything is known.
    """
    sides = [found.old] if found.same else [found.old, found.new]
    windows = ((spans.before_at, spans.before_end_at), (spans.now_at, spans.now_end_at))
    parts = [
        (side, definition, period, np.flatnonzero(side.within(*window) & side.fit_to_judge & side.mature(Stage.SQL, lags, until)))
        for definition, side in enumerate(sides)
        for period, window in enumerate(windows)
    ]
    kinds = [_labels([getattr(side, name).where(chosen) for side, _, _, chosen in parts]) for name in ("source", "segment")]
    period = np.concatenate([np.full(len(chosen), at, np.int64) for _, _, at, chosen in parts])
    return Converted(
        cells=alike.cells(kinds[0], kinds[1] if kinds[1].names else None, period, ENTRIES),
        person=np.concatenate([side.person[chosen] for side, _, _, chosen in parts]),
        definition=np.concatenate([np.full(len(chosen), at, np.int64) for _, at, _, chosen in parts]),
        period=period,
        hit=np.concatenate([side.reached(Stage.SQL, until)[chosen] for side, _, _, chosen in parts]),
        same=found.same,
    )


def _labels(parts: list[Label]) -> Kinds:
    found = Kinds((), np.zeros(0, np.int64))
    for part in parts:
        found = joined(found, Kinds(part.names, part.codes))
    return found


def ripe(begin: int, end: int, until: int, lag_days: float) -> Spans:
    """Return the last two spans, one after the other, whose entries are all old enough to judge.

    Each is as long as the period, and at least a quarter: of a month too few entries are worked to divide what became of them.
    """
    length = max(end - begin, QUARTER)
    late = min(end, until - round(lag_days * clock.DAY))
    return Spans(late - 2 * length, late - length, late - length, late)

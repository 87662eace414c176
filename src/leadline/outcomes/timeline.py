"""What came last before an instant, what came next, and what was going on: for many at once, each within its own person or account.

Pure arrays. What these mean belongs to :mod:`leadline.outcomes.matching`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from leadline.outcomes.model import NONE

if TYPE_CHECKING:
    from leadline.outcomes.model import Flags, Whole


@dataclass(frozen=True)
class Timeline:
    """Events by key (a person or an account) and time; those of nobody are left out.

    Attributes:
        order: Indices of the events as they were given, by key, time and tie.
        key: Their keys, in that order.
        times: The instants that occur, rising.
        place: Key and time in one number, rising: the key times the count of instants and one, plus the time's rank.
    """

    order: Whole
    key: Whole
    times: Whole
    place: Whole

    def last(self, key: Whole, at: Whole, *, including: bool = False) -> Whole:
        """Return, for each pair of key and instant, the index of the last event before it (``including`` at it), or ``NONE``."""
        found = self._find(key, at, including=including) - 1
        return self._known(found, key)

    def next(self, key: Whole, at: Whole) -> Whole:
        """Return, for each pair of key and instant, the index of the first event at it or after, or ``NONE``."""
        return self._known(self._find(key, at, including=False), key)

    def _find(self, key: Whole, at: Whole, *, including: bool) -> Whole:
        """Return how many events have a lower key, or the same and an earlier time."""
        rank = np.searchsorted(self.times, at, side="right" if including else "left")
        return np.searchsorted(self.place, key * (len(self.times) + 1) + rank, side="left")

    def _known(self, position: Whole, key: Whole) -> Whole:
        """Return the events at positions, ``NONE`` where there is none or one of another key."""
        if not len(self.order):
            return np.full(len(key), NONE, np.int64)
        inside = (position >= 0) & (position < len(self.order)) & (key >= 0)
        position = np.where(inside, position, 0)
        return np.where(inside & (self.key[position] == key), self.order[position], NONE)


def timeline(key: Whole, at: Whole, *ties: Whole, chosen: Flags | None = None) -> Timeline:
    """Return events as a timeline; ``ties`` order those of one key at one instant, the first of them above the others."""
    kept = np.flatnonzero(key >= 0 if chosen is None else chosen & (key >= 0))
    key, at = key[kept], at[kept]
    order = np.lexsort((*(tie[kept] for tie in reversed(ties)), at, key))
    key, at = key[order], at[order]
    times = np.unique(at)
    place = key * (len(times) + 1) + np.searchsorted(times, at)
    return Timeline(kept[order], key, times, place)


@dataclass(frozen=True)
class Spans:
    """Spans of time by key.

    Attributes:
        begins: Where they begin.
        ends: By span as given, the latest end of it and those of its key that began earlier.
    """

    begins: Timeline
    ends: Whole

    def cover(self, key: Whole, at: Whole) -> Flags:
        """Return whether, for each pair of key and instant, some span has begun (at the latest now) and not ended."""
        last = self.begins.last(key, at, including=True)
        return (last != NONE) & (self.ends[last] > at) if len(self.ends) else np.zeros(len(key), np.bool_)


def spans(key: Whole, begin: Whole, end: Whole) -> Spans:
    """Return spans from ``begin`` up to but not including ``end``, by key; those of nobody are left out."""
    begins = timeline(key, begin)
    distinct, rank = np.unique(end, return_inverse=True)
    width = len(distinct) + 1
    latest = np.maximum.accumulate(begins.key * width + rank[begins.order]) % width  # keys rise, so each starts anew
    ends = end.copy()
    ends[begins.order] = distinct[latest]
    return Spans(begins, ends)


def runs(key: Whole, at: Whole, lull: int) -> tuple[Timeline, Whole]:
    """Return events as a timeline and, by event as given, when the run began that it belongs to: no gap in it is longer than ``lull``."""
    events = timeline(key, at)
    times = at[events.order]
    new = np.ones(len(times), np.bool_)
    new[1:] = (np.diff(events.key) != 0) | (np.diff(times) > lull)
    first = np.maximum.accumulate(np.where(new, np.arange(len(times)), 0))
    began = at.copy()
    began[events.order] = times[first]
    return events, began

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
        at: Their instants, in that order.
        starts: By key, where its events begin; then twice where the last end, for keys that have none.
    """

    order: Whole
    key: Whole
    at: Whole
    starts: Whole

    def last(self, key: Whole, at: Whole, *, including: bool = False) -> Whole:
        """Return, for each pair of key and instant, the index of the last event before it (``including`` at it), or ``NONE``."""
        first, _ = self._span(key)
        found = self._first(key, at, later=including)
        return self._event(found - 1, found > first)

    def next(self, key: Whole, at: Whole) -> Whole:
        """Return, for each pair of key and instant, the index of the first event at it or after, or ``NONE``."""
        _, end = self._span(key)
        found = self._first(key, at, later=False)
        return self._event(found, found < end)

    def _span(self, key: Whole) -> tuple[Whole, Whole]:
        """Return from where to where the events of each key stand."""
        keys = len(self.starts) - 2
        key = np.where((key >= 0) & (key < keys), key, keys)
        return self.starts[key], self.starts[key + 1]

    def _first(self, key: Whole, at: Whole, *, later: bool) -> Whole:
        """Return where the first event of each key at an instant (``later`` than it) stands; where the key's end, if there is none."""
        low, high = self._span(key)
        searched = np.flatnonzero(low < high)
        first, end, wanted = low[searched], high[searched], at[searched]
        while len(searched):
            middle = (first + end) >> 1
            before = self.at[middle] <= wanted if later else self.at[middle] < wanted
            first, end = np.where(before, middle + 1, first), np.where(before, end, middle)
            low[searched] = first
            going = first < end
            searched, first, end, wanted = searched[going], first[going], end[going], wanted[going]
        return low

    def _event(self, place: Whole, there: Flags) -> Whole:
        """Return the events at places, ``NONE`` where there is none."""
        if not len(self.order):
            return np.full(len(place), NONE, np.int64)
        return np.where(there, self.order[np.where(there, place, 0)], NONE)


def timeline(key: Whole, at: Whole, *ties: Whole, chosen: Flags | None = None) -> Timeline:
    """Return events as a timeline; ``ties`` order those of one key at one instant, the first of them above the others."""
    kept = np.flatnonzero(key >= 0 if chosen is None else chosen & (key >= 0))
    key, at = key[kept], at[kept]
    if not _rises(key, at):
        order = np.lexsort((*(tie[kept] for tie in reversed(ties)), at, key))
        kept, key, at = kept[order], key[order], at[order]
    counts = np.bincount(key, minlength=1)
    starts = np.zeros(len(counts) + 2, np.int64)
    np.cumsum(counts, out=starts[1:-1])
    starts[-1] = len(kept)
    return Timeline(kept, key, at, starts)


def _rises(key: Whole, at: Whole) -> bool:
    """Return whether events stand by key and time already, none of them at the instant of another."""
    step = np.diff(key)
    return bool(np.all((step > 0) | ((step == 0) & (np.diff(at) > 0))))


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
    new = np.ones(len(events.at), np.bool_)
    new[1:] = (np.diff(events.key) != 0) | (np.diff(events.at) > lull)
    first = np.maximum.accumulate(np.where(new, np.arange(len(new)), 0))
    began = at.copy()
    began[events.order] = events.at[first]
    return events, began

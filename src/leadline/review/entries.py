"""Entries: spells of one course, those of a person that overlap taken as one whatever their track, with what came of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from leadline.engine import recall
from leadline.engine.rehearsal import Spells
from leadline.outcomes import matching

if TYPE_CHECKING:
    from leadline.engine.terms import Whole
    from leadline.outcomes.matching import Outcomes
    from leadline.outcomes.model import Credited, Flags
    from leadline.review.model import Window


@dataclass(frozen=True)
class Entries:
    """The entries of a course since the first fact, by person and time (n entries).

    Attributes:
        spells: An entry as a spell, in the track that came first; without points.
        came: What came of each.
        inside: n: whether it began in the window.
        again: n: whether the person had entered before.
    """

    spells: Spells
    came: Credited
    inside: Flags
    again: Flags

    def people(self) -> Whole:
        """Return the codes of people who entered in the window, rising."""
        people = self.spells.person[self.inside]  # stand together, rising
        return people[np.append(True, people[1:] != people[:-1])[: len(people)]]

    def of(self, people: Whole) -> Flags:
        """Return which entries of the window are of some people."""
        return self.inside & np.isin(self.spells.person, people)


def entries(spells: Spells, window: Window, outcomes: Outcomes) -> Entries:
    """Return the entries of a course (or of one of its tracks) from its spells, in any order."""
    joined = join(spells)
    again = np.zeros(len(joined.person), np.bool_)
    again[1:] = joined.person[1:] == joined.person[:-1]
    inside = (joined.entered >= window.begin_at) & (joined.entered < window.end_at)
    return Entries(joined, matching.credit(joined, outcomes), inside, again)


def join(spells: Spells) -> Spells:
    """Return spells by person and time, without points and causes, those of a person that overlap or touch as one.

    What begins at one instant stands in the order of tracks, which is that of urgency: the first gives the entry its track.
    """
    columns = [getattr(spells, name) for name in ("person", "account", "entered", "left", "track")]
    if not _stand_alone(spells):
        order = _by_person_and_time(spells)
        person, account, entered, left, track = (column[order] for column in columns)
        ends = reach(person, left)
        new = np.ones(len(order), np.bool_)
        new[1:] = (person[1:] != person[:-1]) | (entered[1:] > ends[:-1])
        first = np.flatnonzero(new)
        last = np.append(first[1:], len(order))[: len(first)] - 1
        columns = [person[first], account[first], entered[first], ends[last], track[first]]
    return replace(recall.bare(*columns[:4]), track=columns[4])


def _stand_alone(spells: Spells) -> bool:
    """Return whether spells stand by person and time and none touches another, as those of a single track do."""
    person, entered, left = spells.person, spells.entered, spells.left
    return bool(np.all((person[1:] > person[:-1]) | ((person[1:] == person[:-1]) & (entered[1:] > left[:-1]))))


def _by_person_and_time(spells: Spells) -> Whole:
    """Return the order by person, time and track; quick where tracks stand in it, one after the other, and few people are in several."""
    order = np.argsort(spells.person, kind="stable")
    person, entered = spells.person[order], spells.entered[order]
    same = person[1:] == person[:-1]
    late = same & (entered[1:] <= entered[:-1])
    if late.any():
        run = np.cumsum(np.append(False, ~same))
        mixed = np.zeros(run[-1] + 1, np.bool_)
        mixed[run[1:][late]] = True
        rows = np.flatnonzero(mixed[run])
        some = order[rows]
        order[rows] = some[np.lexsort((spells.track[some], spells.entered[some], run[rows]))]
    return order


def reach(person: Whole, left: Whole) -> Whole:
    """Return how far a person's spells up to each have reached; people (or whatever keys there are) stand together, rising."""
    ends, step = left.copy(), 1
    some = np.flatnonzero(person[1:] == person[:-1]) + 1
    while len(some):  # each looks twice as far back as before
        ends[some] = np.maximum(ends[some], ends[some - step])
        step *= 2
        some = some[some >= step]
        some = some[person[some] == person[some - step]]
    return ends


def course(tracks: Sequence[tuple[Spells, int]]) -> Spells:
    """Return the spells of a course, by track, without points and causes.

    Args:
        tracks: The spells of each of its tracks, which several courses may share, and the index that the track is to have.
    """
    if not tracks:
        return recall.bare(*(np.zeros(0, np.int64) for _ in range(4)))
    columns = [np.concatenate([getattr(spells, name) for spells, _ in tracks]) for name in ("person", "account", "entered", "left")]
    indices = np.repeat([index for _, index in tracks], [len(spells.person) for spells, _ in tracks])
    return replace(recall.bare(*columns), track=indices)

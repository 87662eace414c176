"""Entries: spells of one course, those of a person that overlap taken as one whatever their track, with what came of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from leadline.engine import replay
from leadline.engine.rehearsal import Spells
from leadline.outcomes import matching

if TYPE_CHECKING:
    from numpy.typing import NDArray

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
    """Return spells by person and time, without points, those of a person that overlap or touch as one.

    What begins at one instant stands in the order of tracks, which is that of urgency: the first gives the entry its track.
    """
    order = np.lexsort((spells.track, spells.entered, spells.person))
    spells = without_points(spells).where(order)
    ends = reach(spells.person, spells.left)
    new = np.ones(len(order), np.bool_)
    new[1:] = (spells.person[1:] != spells.person[:-1]) | (spells.entered[1:] > ends[:-1])
    first = np.flatnonzero(new)
    last = np.append(first[1:], len(order)) - 1
    return replace(spells.where(first), left=ends[last[: len(first)]])


def without_points(spells: Spells) -> Spells:
    """Return spells without the points at entry and exit, which nobody here reads and which are most of their weight."""
    nothing: NDArray[Any] = np.zeros((len(spells.person), 0), np.int64)
    return replace(spells, points=nothing, left_points=nothing)


def reach(person: Whole, left: Whole) -> Whole:
    """Return how far a person's spells up to each have reached; people (or whatever keys there are) stand together, rising."""
    distinct, rank = np.unique(left, return_inverse=True)
    width = len(distinct) + 1
    return distinct[np.maximum.accumulate(person.astype(np.int64) * width + rank) % width]


def by_course(spells: Spells, courses: Sequence[Sequence[tuple[int, int]]]) -> list[Spells]:
    """Return the spells of each course, by track, without points.

    Args:
        spells: Of all tracks.
        courses: For each course its tracks: the index in ``spells``, which several courses may share, and what it is to be from now on.
    """
    sorted_ = without_points(spells).where(np.argsort(spells.track, kind="stable"))
    edges = np.searchsorted(sorted_.track, np.arange(max((at for tracks in courses for at, _ in tracks), default=-1) + 2)).tolist()
    return [replay.join([_part(sorted_, 0, 0), *(_called(sorted_, edges, *track) for track in tracks)]) for tracks in courses]


def _called(spells: Spells, edges: Sequence[int], track: int, local: int) -> Spells:
    found = _part(spells, edges[track], edges[track + 1])
    return replace(found, track=np.full(len(found.track), local, np.int64))


def _part(spells: Spells, begin: int, end: int) -> Spells:
    arrays = {name: array[begin:end] for name, array in vars(spells).items() if name != "causes"}
    return Spells(**arrays, causes=spells.causes)

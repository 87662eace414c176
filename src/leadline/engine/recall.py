"""What a process remembers of tracks that it has followed, so that for the next question only what can be new is followed again.

A track that asks the same has the same spells. One that asks more than another holds only people whom that other holds, so nobody else need
be looked at: a line that was moved up. And one that differs in some of what it measures has other spells only for people in whose lives
that is anything but zero: points that were changed. Pure but for what is remembered.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from leadline.engine import asked
from leadline.engine.asked import Asked, Leaf, Leaves
from leadline.engine.model import BITS
from leadline.engine.rehearsal import Spells

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from leadline.engine.rehearsal import Bundle, History, Rehearsal, Segments

    People = NDArray[np.bool_]

LASTING = 3
"""For how many questions a track is remembered that nobody asks for."""
Follow = Callable[["Rehearsal", "History", "Segments"], Spells]


@dataclass
class _Known:
    """A track that was followed: how exactly, its spells, and which question asked for it last."""

    asked: Asked
    grain: int
    spells: Spells
    question: int


class _Basis(NamedTuple):
    """A way to a track's spells: of everybody but some people they are another's (``None``: they have none)."""

    others: Spells | None
    people: People


@dataclass
class Memory:
    """Tracks that were followed over one history, as far as one instant.

    Attributes:
        known: The tracks, by what they ask and how exactly.
        leaves: What they measure.
        touched: By source, in whose lives it occurs.
        question: The number of the question.
        until: The instant.
    """

    known: dict[Hashable, _Known] = field(default_factory=dict[Hashable, _Known])
    leaves: Leaves = field(default_factory=Leaves)
    touched: dict[Hashable, People] = field(default_factory=dict[Hashable, "People"])
    question: int = 0
    until: int | None = None

    def tracks(self, bundle: Bundle, rehearsal: Rehearsal, facts: tuple[History, Segments], until: int, follow: Follow) -> list[Spells]:
        """Return the spells of each track, without points and causes, by person and time.

        Args:
            bundle: The tracks, of courses with one definition each.
            rehearsal: The same as it is followed.
            facts: All that everybody did and was, as the rehearsal reads it.
            until: The last instant that is looked at.
            follow: Follows the tracks of a rehearsal.
        """
        if until != self.until:
            self.known, self.until = {}, until
        self.question += 1
        wanted = list(zip(asked.asked(bundle, self.leaves), rehearsal.grains, strict=True))
        self._look_at(bundle, facts)
        new = [at for at, key in enumerate(wanted) if key not in self.known]
        if new:
            self._add(new, wanted, rehearsal, facts, follow)
        for key in wanted:
            self.known[key].question = self.question
        self._forget()
        return [self.known[key].spells for key in wanted]

    def _add(
        self,
        new: Sequence[int],
        wanted: Sequence[tuple[Asked, int]],
        rehearsal: Rehearsal,
        facts: tuple[History, Segments],
        follow: Follow,
    ) -> None:
        history, segments = facts
        bases = [self._basis(*wanted[at], _size(segments)) for at in new]
        people = np.logical_or.reduce([basis.people for basis in bases])
        chosen = segments if people.all() else _of(segments, people)
        found = by_track(follow(_only(rehearsal, new), history, chosen), len(new))
        for at, basis, mine in zip(new, bases, found, strict=True):
            self.known[wanted[at]] = _Known(*wanted[at], _spliced(basis.others, mine, people), self.question)

    def _basis(self, wanted: Asked, grain: int, size: int) -> _Basis:
        """Return the way to a track's spells with the fewest people to be followed."""
        ways = [*self._narrower(wanted, size), *self._alike(wanted, grain, size)]
        return min(ways, key=lambda way: int(way.people.sum()), default=_Basis(None, np.ones(size, np.bool_)))

    def _narrower(self, wanted: Asked, size: int) -> Iterator[_Basis]:
        for known in self.known.values():
            if wanted.holds_only(known.asked):
                yield _Basis(None, _among(known.spells.person, size))

    def _alike(self, wanted: Asked, grain: int, size: int) -> Iterator[_Basis]:
        for known in self.known.values():
            if known.grain == grain and known.asked.shape == wanted.shape:
                gone = wanted.leaves ^ known.asked.leaves
                people = self._whom(gone, size)
                if people is not None and wanted.without(gone) == known.asked.without(gone):
                    yield _Basis(known.spells, people)

    def _whom(self, leaves: frozenset[Leaf], size: int) -> People | None:
        """Return for whom some leaves may be more than zero; ``None`` if nobody knows."""
        sources = [self.leaves.sources[leaf] for leaf in leaves]
        if any(source not in self.touched for source in sources):
            return None
        return np.logical_or.reduce([np.zeros(size, np.bool_), *(self.touched[source] for source in sources)])

    def _look_at(self, bundle: Bundle, facts: tuple[History, Segments]) -> None:
        """Note in whose lives the sources occur that weren't looked at yet."""
        history, segments = facts
        program, size = bundle.program, _size(segments)
        for at, leaf in enumerate(self.leaves.of(program)):
            source = self.leaves.sources[leaf]
            if source is None or source in self.touched:
                continue
            if at < len(program.terms):
                self.touched[source] = _active(history, program.terms[at].bits, size)
            else:
                rows = segments.points[:, at - len(program.terms)] != 0
                self.touched[source] = _among(segments.person[rows], size)

    def _forget(self) -> None:
        """Let go of tracks that nobody asked for in a while, and of sources that no track has."""
        self.known = {key: known for key, known in self.known.items() if known.question > self.question - LASTING}
        leaves = {leaf for known in self.known.values() for leaf in known.asked.leaves}
        sources = {self.leaves.sources[leaf] for leaf in leaves}
        self.touched = {source: people for source, people in self.touched.items() if source in sources}
        self.leaves.keep(leaves)


def by_track(spells: Spells, tracks: int) -> list[Spells]:
    """Return the spells of each track, without points and causes, by person and time."""
    track = spells.track.astype(np.int16)  # which is sorted the fastest
    order = np.argsort(track, kind="stable")
    if np.any(spells.person[1:] < spells.person[:-1]):  # parts of the people may have come in any order
        order = np.lexsort((spells.entered, spells.person, track))
    edges = np.searchsorted(track[order], np.arange(tracks + 1, dtype=np.int16))
    columns = [getattr(spells, name)[order] for name in ("person", "account", "entered", "left")]
    return [bare(*(column[begin:end].copy() for column in columns)) for begin, end in pairwise(edges.tolist())]


def bare(person: NDArray[Any], account: NDArray[np.int64], entered: NDArray[np.int64], left: NDArray[np.int64]) -> Spells:
    """Return spells of one track that tell who, from when to when, and nothing else; what they don't tell takes no memory."""
    n = len(person)
    nothing, points = np.broadcast_to(np.int64(0), n), np.zeros((n, 0), np.int64)
    return Spells(person, account, nothing, entered, left, nothing, nothing, points, points, nothing, nothing, ())


def _only(rehearsal: Rehearsal, tracks: Sequence[int]) -> Rehearsal:
    """Return a rehearsal that follows some of its tracks."""
    columns = {name: np.ascontiguousarray(getattr(rehearsal.rules, name)[:, tracks]) for name in ("enter", "leave", "score_of")}
    return replace(
        rehearsal,
        tracks=tuple(rehearsal.tracks[at] for at in tracks),
        grains=tuple(rehearsal.grains[at] for at in tracks),
        rules=rehearsal.rules._replace(**columns),
    )


def _spliced(others: Spells | None, found: Spells, people: People) -> Spells:
    """Return the spells that were found, and those of everybody else."""
    if others is None:
        return found
    kept = ~people[others.person]
    names = ("person", "account", "entered", "left")
    columns = [np.concatenate([getattr(others, name)[kept], getattr(found, name)]) for name in names]
    order = np.argsort(columns[0], kind="stable")
    return bare(*(column[order] for column in columns))


def _size(segments: Segments) -> int:
    """Return how many codes of people there are, everybody having segments."""
    return int(segments.person[-1]) + 1 if len(segments.person) else 0


def _of(segments: Segments, people: People) -> Segments:
    rows = np.flatnonzero(people[segments.person])
    columns: list[Any] = [column[rows] for column in segments]
    return type(segments)(*columns)


def _among(codes: NDArray[Any], size: int) -> People:
    found = np.zeros(size, np.bool_)
    found[codes] = True
    return found


def _active(history: History, bits: Sequence[int], size: int) -> People:
    """Return who did, or whose account did, anything that sets one of some bits."""
    found = np.zeros(max(size, int(history.person[-1]) + 1 if len(history.person) else 0), np.bool_)
    for masks in (history.masks, history.account_masks):
        for bit in bits if len(masks) else ():
            found[history.person[(masks[:, bit // BITS] & np.int64(1 << bit % BITS)) != 0]] = True
    return found[:size]

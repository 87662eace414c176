"""Following courses through history, once or again and again: who asks twice needn't read history twice, nor follow everybody twice.

A process that lives for one question lets the back end stream people through the kernel. One that lives longer, such as a page on
which somebody moves a line, holds history and segments in memory as long as what was asked of the database stays the same, and remembers
the spells of the tracks that it followed: then another line or other points cost a pass of the kernel over those whom they can concern.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeVar, cast

from leadline.engine.rehearsal import History, Segments

if TYPE_CHECKING:
    from leadline.engine.backends import Backend, Progress
    from leadline.engine.recall import Follow, Memory
    from leadline.engine.rehearsal import Bundle, Rehearsal, Spells

T = TypeVar("T")
SPANS = 8
"""Parts that people are followed in, so that threads end at about the same time."""


@dataclass
class Rehearsing:
    """Follows the courses of rehearsals over one mirror.

    Attributes:
        backend: Who reads history.
        keeps: Whether to hold what was read and followed for the next rehearsal; it takes about 50 bytes for each activity that matters.
        held: What was read: by what it is (``history``, ``segments``) the texts it came from, and the arrays.
    """

    backend: Backend
    keeps: bool = False
    held: dict[str, tuple[object, Any]] = field(default_factory=dict[str, tuple[object, Any]])

    @cached_property
    def memory(self) -> Memory:
        """The tracks that were followed."""
        from leadline.engine.recall import Memory

        return Memory()

    def tracks(self, bundle: Bundle, rehearsal: Rehearsal, until: int, progress: Progress) -> list[Spells]:
        """Return the spells of each track of a bundle, as far as they are known at ``until``, without points and causes.

        Args:
            bundle: Courses, each of one definition for all times.
            rehearsal: The same as the back end runs it.
            until: The last instant that is looked at.
            progress: Told how far the work is.
        """
        from leadline.engine import recall

        if not self.keeps:
            return recall.by_track(self.backend.rehearse(rehearsal, until, progress), len(rehearsal.tracks))
        return self.memory.tracks(bundle, rehearsal, self._facts(rehearsal, until), until, follower(until))

    def _facts(self, rehearsal: Rehearsal, until: int) -> tuple[History, Segments]:
        """Return history and segments as a rehearsal reads them."""
        shape = (rehearsal.words, rehearsal.values, rehearsal.of_account, until)
        texts = {name: text for name, text in rehearsal.texts.items() if name != "segments"}
        history = self._held("history", (texts, shape), lambda: self.backend.history(rehearsal, until))
        asked = (rehearsal.texts.get("segments"), rehearsal.attributes, rehearsal.slots, until)
        return history, self._held("segments", asked, lambda: self.backend.segments(rehearsal, until))

    def _held(self, what: str, key: object, read: Callable[[], T]) -> T:
        known = self.held.get(what)
        if known is None or known[0] != key:
            known = self.held[what] = (key, read())
        return known[1]


def follower(until: int) -> Follow:
    """Return what follows the tracks of a rehearsal, on all processors."""

    def follow(rehearsal: Rehearsal, history: History, segments: Segments) -> Spells:
        from leadline.engine import replay

        with ThreadPoolExecutor(os.cpu_count()) as pool:
            jobs = [pool.submit(replay.run, rehearsal, *part, until) for part in _parts(history, segments)]
            return replay.join([job.result() for job in jobs])

    return follow


def _parts(history: History, segments: Segments) -> list[tuple[History, Segments]]:
    """Return both for about equally many segments of whole people each; history may tell of others too."""
    people = segments.person
    firsts = sorted({int(people[len(people) * at // SPANS]) for at in range(1, SPANS)}) if len(people) else []
    edges = [[0, *_places(rows, firsts), len(rows.person)] for rows in (history, segments)]
    return [(_some(history, *edges[0][at : at + 2]), _some(segments, *edges[1][at : at + 2])) for at in range(len(firsts) + 1)]


def _places(rows: History | Segments, firsts: list[int]) -> list[int]:
    """Return where rows of these people begin; asked for in the type of the codes, which needn't be copied then."""
    codes = rows.person
    return list(map(int, cast("Sequence[int]", codes.searchsorted(codes.dtype.type(firsts)))))


Rows = TypeVar("Rows", History, Segments)


def _some(rows: Rows, begin: int, end: int) -> Rows:
    """Return a range of rows; columns that nobody asked for are empty and stay so."""
    columns: list[Any] = [column[begin:end] if len(column) == len(rows.person) else column for column in rows]
    return type(rows)(*columns)

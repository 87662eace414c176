"""Replay: who qualified, from when to when, and why. Pure: history and segments in, spells out.

The work is done in :mod:`leadline.engine.kernel_replay`; here its arrays are laid out, and its transitions become spells.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from itertools import product
from typing import TYPE_CHECKING, Any

import numpy as np

from leadline.engine import native
from leadline.engine.instructions import BELOW, DEPTH, LEAST, NEED_BELOW, NEED_LEAST, REGISTER
from leadline.engine.rehearsal import STILL, Spells
from leadline.engine.terms import new_state
from leadline.errors import Unsupported

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from leadline.engine.rehearsal import History, Rehearsal, Segments

# What the kernel tells and takes, by position (see kernel_replay, which needs numba and so is not imported here).
CAUSES = ("activity", "arrival", "wait", "expiry", "silence", "attribute")
OTHER_CAUSES = ("fading", "attribute", "creation", "definition", "always")
_SEGMENT, _TRACK, _AT, _ENTERS, _CAUSE, _SCORE = range(6)
_STATUS, _WRITTEN, _WANTED = range(3)
_FULL, _TOO_LONG, _ENDLESS = 1, 2, 3
_ROOM = 1 << 16


def run(rehearsal: Rehearsal, history: History, segments: Segments, until: int) -> Spells:
    """Return the spells of all courses and tracks, for whole people.

    Args:
        rehearsal: What is asked.
        history: All that they did, known at ``until``.
        segments: All that they were.
        until: The last instant to look at, in microseconds.

    Raises:
        Unsupported: If a rule compares fading amounts in a way that can't be decided.
    """
    people = _people(history, segments)
    facts = [
        *(np.ascontiguousarray(column, np.int64) for column in (history.times, history.known, history.masks, _grid(history.account_masks))),
        np.ascontiguousarray(history.account, np.int64), np.ascontiguousarray(history.values, np.float64), people,
        *(np.ascontiguousarray(column, np.int64) for column in segments[1:6]), np.ascontiguousarray(segments.slots, np.float64),
    ]  # fmt: skip
    head = [*rehearsal.table, *new_state(rehearsal.table), *rehearsal.rules, *_links(rehearsal)]
    longest = int((people[:, 1] - people[:, 0]).max(initial=0))
    work, room, first = _work(rehearsal, longest), _ROOM, 0
    rows: list[NDArray[np.int64]] = []
    points: list[NDArray[np.int64]] = []
    while first < len(people):
        out = _out(rehearsal, room)
        first = native.call("replay", [*head, *facts, *work, *out], first, until)
        status, written, wanted = out[2].tolist()
        rows.append(out[0][:written])
        points.append(out[1][:written])
        if status == _ENDLESS:
            raise Unsupported(
                "A track's rule compares points that fade with each other, so that no instant can be found at which it changes.",
                "Compare them with numbers instead.",
            )
        if status == _TOO_LONG:
            work = _work(rehearsal, wanted)
        if status == _FULL and written == 0:
            room *= 4
    nothing = _out(rehearsal, 0)
    return _spells(rehearsal, segments, np.concatenate([nothing[0], *rows]), np.concatenate([nothing[1], *points]))


def join(parts: Sequence[Spells]) -> Spells:
    """Return the spells of several parts of the people, in the order of the parts; at least one is needed."""
    arrays = {name: np.concatenate([getattr(part, name) for part in parts]) for name in vars(parts[0]) if name != "causes"}
    return Spells(**arrays, causes=parts[0].causes)


def _people(history: History, segments: Segments) -> NDArray[np.int64]:
    """Return where each person's rows and segments begin and end."""
    changes = np.flatnonzero(np.diff(segments.person)) + 1
    begins = np.append(0, changes)[: len(segments.person)]
    codes, ends = segments.person[begins], np.append(changes, len(segments.person))[: len(begins)]
    first, last = np.searchsorted(history.person, codes), np.searchsorted(history.person, codes, side="right")
    return np.ascontiguousarray(np.stack([first, last, begins, ends], axis=1), np.int64).reshape(-1, 4)


def _grid(masks: NDArray[np.int64]) -> NDArray[np.int64]:
    return masks if masks.ndim == 2 else masks.reshape(0, 0)


def _links(rehearsal: Rehearsal) -> list[NDArray[np.int64]]:
    """Return the kernel's ``Links``: which groups a register counts in, and which registers concern a track."""
    registers = len(rehearsal.names)
    members = rehearsal.rules.members
    order = np.argsort(members[:, 1], kind="stable")
    starts = np.searchsorted(members[order, 1], np.arange(registers + 1))
    grains = np.array(rehearsal.grains or [1] * len(rehearsal.tracks), np.int64)
    return [starts.astype(np.int64), members[order, 0].astype(np.int64), _concerns(rehearsal), grains, *_watched(rehearsal)]


def _watched(rehearsal: Rehearsal) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return which registers rules compare with which lines."""
    ops = rehearsal.rules.ops
    compares = ops[np.isin(ops[:, 0], (NEED_LEAST, NEED_BELOW, LEAST, BELOW))][:, 1:]
    pairs = np.unique(compares if not np.any(ops[:, 0] == REGISTER) else compares[:0], axis=0)
    registers, begins, counts = np.unique(pairs[:, 0], return_index=True, return_counts=True)
    return np.stack([registers, begins, begins + counts], axis=1).astype(np.int64), np.ascontiguousarray(pairs[:, 1])


def _concerns(rehearsal: Rehearsal) -> NDArray[np.int64]:
    """Return, by era × track, the registers that count in the definition in force: its criteria, and what scales its groups."""
    eras, tracks = rehearsal.rules.eras, rehearsal.tracks
    groups, members = rehearsal.rules.groups, rehearsal.rules.members
    found = np.zeros((len(eras) * len(tracks), len(rehearsal.names)), np.int64)
    for era, (at, track) in product(range(len(eras)), enumerate(tracks)):
        present = bisect_right(rehearsal.since[track.course], int(eras[era])) - 1
        if present < 0:
            continue
        mine = rehearsal.registers[track.course][present]
        theirs = np.unique(members[np.isin(members[:, 1], mine), 0])
        scales = groups[theirs, 0]
        found[era * len(tracks) + at, [*mine, *scales[scales >= 0].tolist()]] = 1
    return found


def _work(rehearsal: Rehearsal, longest: int) -> list[NDArray[Any]]:
    """Return the kernel's ``Work`` for timelines of at most so many activities."""
    terms, room = len(rehearsal.table.whole), longest + 1
    groups, scores = len(rehearsal.rules.groups), int(rehearsal.rules.scores[:, 0].max(initial=-1)) + 1
    scores = max(scores, int(rehearsal.rules.score_of.max(initial=-1)) + 1 - len(rehearsal.names) - groups)
    registers = len(rehearsal.names) + groups + scores
    trail = room * len(rehearsal.table.needs) + 1
    return [
        np.empty(room, np.int64), np.empty(room, np.int64), np.empty((room, rehearsal.words), np.int64),
        np.empty((room, rehearsal.values), np.float64), np.empty(trail, np.int64), np.zeros(terms, np.int64),
        np.empty(trail, np.int64), np.empty(trail, np.int64), np.empty(trail), np.zeros((terms, 10), np.int64), np.zeros((terms, 6)),
        np.zeros(registers, np.int64), np.zeros(registers, np.int64),
        np.zeros((groups, 2), np.int64), np.zeros(len(rehearsal.tracks), np.int64), np.zeros(len(rehearsal.tracks) + 1, np.int64),
        np.zeros(4 * registers + 1, np.int64), np.zeros((DEPTH, 3)),
    ]  # fmt: skip


def _out(rehearsal: Rehearsal, room: int) -> list[NDArray[np.int64]]:
    names = len(rehearsal.names) if rehearsal.tells else 0
    return [np.zeros((room, 6), np.int64), np.zeros((room, names), np.int64), np.zeros(3, np.int64)]


def _spells(rehearsal: Rehearsal, segments: Segments, rows: NDArray[np.int64], points: NDArray[np.int64]) -> Spells:
    """Pair transitions: each that begins a spell with the next of the same person and track, which ends it."""
    person = segments.person[rows[:, _SEGMENT]]
    order = np.lexsort((rows[:, _AT], rows[:, _TRACK], person))
    begins = order[rows[order, _ENTERS] == 1]
    ends = np.append(order, -1)[np.flatnonzero(rows[order, _ENTERS] == 1) + 1]
    over = (ends >= 0) & (rows[ends, _ENTERS] == 0) if len(rows) else np.zeros(0, bool)
    return Spells(
        person=person[begins],
        account=segments.account[rows[begins, _SEGMENT]],
        track=rows[begins, _TRACK],
        entered=rows[begins, _AT],
        left=np.where(over, rows[ends, _AT], STILL),
        score=rows[begins, _SCORE],
        left_score=np.where(over, rows[ends, _SCORE], 0),
        points=points[begins],
        left_points=np.where(over[:, None], points[ends], 0),
        cause=rows[begins, _CAUSE],
        left_cause=np.where(over, rows[ends, _CAUSE], -1),
        causes=[*(f"{cause} {name}" for cause in CAUSES for name in rehearsal.names), *OTHER_CAUSES],
    )

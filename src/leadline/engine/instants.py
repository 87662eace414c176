"""Scores of chosen people, each at an instant of its own, by the kernel of a replay.

A score asks everybody at one instant, a replay everybody at all; here each case of a comparison is asked just before its own. Each
becomes a pseudo-person: what its person had done and been by then, and one instant at which it exists, with a track that always holds.
So the replay enters it there, and tells score and points.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from sqlglot import exp

from leadline.definition.conditions import Condition
from leadline.definition.conditions.tree import Node, Op
from leadline.engine import bundle, replay
from leadline.engine.model import MICRO, Program, TrackRule
from leadline.engine.rehearsal import ALWAYS, Course, History, Segments
from leadline.facts.model import Type

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from leadline.engine.backends import Backend
    from leadline.engine.rehearsal import Rehearsal
    from leadline.engine.terms import Real, Whole

_TRUE = Condition("true", Node(Op.LITERAL, value=True, type=Type.BOOLEAN), frozenset(), Type.BOOLEAN)
_OWN = ("history", "account_history", "segments")
"""What a rehearsal asks about people, by their codes."""


class Scores(NamedTuple):
    """What people have at instants of their own, as columns (n pairs of person and instant), in points.

    Attributes:
        score: The score.
        criteria: The names of the criteria, in the order of the definition.
        points: n × criterion.
        exists: Whether the person had been created by then; who hadn't has the points of what they did all the same.
    """

    score: Real
    criteria: tuple[str, ...]
    points: Real
    exists: NDArray[np.bool_]


def scores(program: Program, backend: Backend, people: Whole, instants: Whole) -> Scores:
    """Return scores and points by criterion as of instants.

    ``only``, ``disqualify`` and ``suspend`` don't matter: who is left out of a score has the points that they would have.

    Args:
        program: The definition.
        backend: Who reads history; DuckDB reads that of the chosen people alone.
        people: Codes; one may come several times.
        instants: When each is asked, in microseconds; what became known at it counts.
    """
    asked = replace(program, only=None, disqualify=(), suspend=(), tracks=(TrackRule("all", _TRUE),))
    plan = backend.rehearsal(bundle.bundle([Course("asked", ((ALWAYS, asked),))]), [["asked"]])
    chosen = of_people(plan, sorted(set(people.tolist()))) if plan.texts.keys() >= {"history", "segments"} else plan
    until = int(instants.max(initial=0))
    return at_instants(chosen, backend.history(chosen, until), backend.segments(chosen, until), people, instants)


def of_people(plan: Rehearsal, people: Sequence[int]) -> Rehearsal:
    """Return a rehearsal that reads some people alone, as DuckDB runs it: of 5M activities those of a few thousand are few."""
    codes = [exp.Literal.number(code) for code in people if code >= 0] or [exp.null()]

    def only(text: str) -> str:
        source = exp.Table(this=exp.func("query", exp.Literal.string(text)))
        return exp.select("*").from_(source).where(exp.column("person_code").isin(*codes)).sql("duckdb")

    return replace(plan, texts={name: only(text) if name in _OWN else text for name, text in plan.texts.items()})


def at_instants(plan: Rehearsal, history: History, segments: Segments, people: Whole, instants: Whole) -> Scores:
    """Return scores from what people did and were. Pure.

    Args:
        plan: A rehearsal of one course, all of whose people qualify on its only track.
        history: All that these people did, known at the last instant.
        segments: All that they were.
        people: Codes.
        instants: As in :func:`scores`.
    """
    pairs = np.arange(len(people))
    segment, of_segment = _ranges(segments.person, people)
    held = segments.begins[segment] <= instants[of_segment]
    there = np.bincount(of_segment[held], minlength=len(people))
    first = np.searchsorted(segments.person, people)
    known = pairs[there > 0]
    once = _once(segments, first[known] + there[known] - 1, instants[known])
    spells = replay.run(plan, _until(history, people[known], instants[known]), once, int(instants.max(initial=0)) + 1)
    registers = list(plan.registers[0][0])
    score, points, exists = np.zeros(len(people)), np.zeros((len(people), len(registers))), np.zeros(len(people), np.bool_)
    places = known[spells.person]
    score[places] = spells.score / MICRO
    points[places] = spells.points[:, registers] / MICRO
    exists[known] = segments.exists[first[known] + there[known] - 1] != 0
    return Scores(score, plan.layouts[0][0].criteria, points, exists)


def _ranges(keys: NDArray[Any], wanted: Whole) -> tuple[Whole, Whole]:
    """Return the rows of each wanted key, one after the other, and for each row which of the wanted it is of."""
    first, last = np.searchsorted(keys, wanted), np.searchsorted(keys, wanted, side="right")
    lengths = last - first
    of = np.repeat(np.arange(len(wanted)), lengths)
    begins = np.cumsum(lengths) - lengths
    return np.arange(len(of)) - begins[of] + first[of], of


def _until(history: History, people: Whole, instants: Whole) -> History:
    """Return what each had done, as far as it was known then, by the place of the pair instead of the code of the person."""
    rows, of = _ranges(history.person, people)
    known = history.known[rows] <= instants[of]
    rows, of = rows[known], of[known]
    columns: list[Any] = [column[rows] if len(column) == len(history.times) else column for column in history[1:]]
    return History(of, *columns)


def _once(segments: Segments, place: Whole, instants: Whole) -> Segments:
    """Return three segments for each pair: all time before, the instant, at which alone they exist, and all time after."""
    rows = np.repeat(place, 3)
    columns: list[Any] = [column[rows] for column in segments]
    found = Segments(*columns)
    begins = np.stack([np.full(len(instants), ALWAYS), instants, instants + 1], axis=1).ravel()
    exists = np.tile(np.array([0, 1, 0], np.int64), len(instants))
    return found._replace(person=np.repeat(np.arange(len(instants)), 3), begins=begins, exists=exists)

"""Replays a case on an engine and by the oracle, and says where their spells differ."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

from leadline import Project
from leadline.definition import load
from leadline.engine.rehearsal import ALWAYS, STILL, Rehearsal, Spells
from leadline.errors import Unsupported
from tests.engines.agreement import NOW
from tests.oracle import replay
from tests.oracle.files import as_yaml, write_project
from tests.oracle.interpreter import Element, Row
from tests.oracle.strategies import Case

Periods = Sequence[tuple[int, Element]]
Times = tuple[str, str, int | None, int | None]
"""Person, track, when they entered (None: always) and when they left (None: still inside)."""
SLACK = 2
"""Microseconds between two instants at which fading decides: the last bit of a sum moves them, and the oracle sums up in its own way."""


@dataclass(frozen=True)
class Points:
    """What somebody had at one end of a spell, in millionths, and whether it was fading that decided (as the engine says)."""

    score: int
    criteria: Mapping[str, int]
    faded: bool = field(default=False, compare=False)

    @classmethod
    def of(cls, row: Row) -> Points:
        """Return those of the oracle's row."""
        return cls(row.score, row.criteria)


Ends = tuple[Points, Points | None]
"""The points at entry and at exit; None while it hasn't ended, or if nobody is scored there."""


def opened(folder: Path, case: Case, seed: int = 0, write: Callable[..., Path] = write_project) -> Project:
    """Return a case as a project of the engine that ``write`` names."""
    return Project(write(folder, case.definition, case.facts, Random(seed)), now=NOW)


def replayed(project: Project, courses: Sequence[Periods], until: int) -> list[dict[Times, Ends]]:
    """Return the engine's spells by course."""
    loaded = [[(since, load.parse(as_yaml(definition))) for since, definition in periods] for periods in courses]
    rehearsal = project.rehearsal([(str(at), periods) for at, periods in enumerate(loaded)])
    found, people = project.backend.rehearse(rehearsal, until, project.progress), project.backend.ids("person")
    return [_of_course(rehearsal, found, people, course) for course in range(len(courses))]


def _of_course(rehearsal: Rehearsal, found: Spells, people: Mapping[int, str], course: int) -> dict[Times, Ends]:
    mine = found.of([at for at, track in enumerate(rehearsal.tracks) if track.course == course])
    told: dict[Times, Ends] = {}
    for at, person in enumerate(mine.person.tolist()):
        entered, left = int(mine.entered[at]), int(mine.left[at])
        track = rehearsal.tracks[int(mine.track[at])].name
        key = people[person], track, None if entered == ALWAYS else entered, None if left == STILL else left
        assert key not in told, "a spell is told twice"
        causes = [mine.causes[int(cause[at])] == "fading" for cause in (mine.cause, mine.left_cause)]
        first = Points(int(mine.score[at]), _criteria(rehearsal, course, entered, mine.points[at]), causes[0])
        last = Points(int(mine.left_score[at]), _criteria(rehearsal, course, left, mine.left_points[at]), causes[1])
        told[key] = first, None if left == STILL else last
    return told


def _criteria(rehearsal: Rehearsal, course: int, when: int, registers: Any) -> dict[str, int]:
    era = max((at for at, since in enumerate(rehearsal.since[course]) if since <= when), default=0)
    places = zip(rehearsal.layouts[course][era].criteria, rehearsal.registers[course][era], strict=True)
    return {name: int(registers[place]) for name, place in places}


def differences(
    case: Case, folder: Path, seed: int = 0, write: Callable[..., Path] = write_project, periods: Periods | None = None
) -> list[str]:
    """Return a line for each spell of which the engine and the oracle don't say the same.

    People of whom the oracle can't decide are left out; the engine may refuse only where there are such.
    """
    periods, until = periods or [(ALWAYS, case.definition)], case.as_ofs[0]
    theirs, undecided = _expected(periods, case, until)
    try:
        mine = replayed(opened(folder, case, seed, write), [periods], until)[0]
    except Unsupported as refused:
        return [] if undecided else [f"the engine refuses: {refused}"]
    mine = {times: ends for times, ends in mine.items() if times[0] not in undecided}
    alone = theirs.keys() - mine.keys()
    meant = {times: _meant(times, mine[times], alone) for times in mine.keys() - theirs.keys()}
    lines = [f"{times}: only the engine has it" for times, other in meant.items() if other is None]
    lines += [f"{times}: only the oracle has it" for times in alone - set(meant.values())]
    both = [(times, mine[times], theirs[times]) for times in mine.keys() & theirs.keys()]
    return lines + [f"{times}: engine {one}, oracle {other}" for times, one, other in both if not _alike(one, other)]


def _meant(times: Times, ends: Ends, others: Iterable[Times]) -> Times | None:
    """Return the spell that the oracle means, if it differs in nothing but the last bit of what fades."""

    def near(at: int | None, other: int | None, end: Points | None) -> bool:
        return at == other or (end is not None and end.faded and at is not None and other is not None and abs(at - other) <= SLACK)

    person, track, entered, left = times
    alike = (other for other in others if other[:2] == (person, track))
    return next((other for other in alike if near(entered, other[2], ends[0]) and near(left, other[3], ends[1])), None)


def _expected(periods: Periods, case: Case, until: int) -> tuple[dict[Times, Ends], set[str]]:
    """Return the oracle's spells, and those of whom it can't decide."""
    found, undecided = dict[Times, Ends](), set[str]()
    for person in case.facts.persons:
        try:
            spells = replay.spells(periods, case.facts, until, case.trees, person)
        except replay.UndecidedError:
            undecided.add(person)
        else:
            found |= {spell.times: (Points.of(spell.first), Points.of(spell.last) if spell.last else None) for spell in spells}
    return found, undecided


def _alike(mine: Ends, theirs: Ends) -> bool:
    return mine[0] == theirs[0] and (theirs[1] is None or mine[1] == theirs[1])

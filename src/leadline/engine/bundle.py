"""Courses → one bundle, for one pass over history: what is measured, and by which rules spells begin and end. Pure.

A sweep has dozens of programs that differ in one number: equal rules share their instructions, as :mod:`.measures` lets
equal criteria share their registers.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from leadline.engine import rules
from leadline.engine.code import Code
from leadline.engine.measures import Measures, whole
from leadline.engine.model import Program
from leadline.engine.rehearsal import ALWAYS, Bundle, Course, Rules, Track
from leadline.engine.truths import Legend, Pool

NOWHERE = -1


def bundle(courses: Sequence[Course]) -> Bundle:
    """Return courses put together, so that one pass over history follows them all.

    Raises:
        Unsupported: If a rule is more than a replay can follow; the text names the rule.
    """
    measures, library = Measures(), _Library()
    programs = [[program for _, program in course.programs] for course in courses]
    placed = [[(program, measures.place(program)) for program in row] for row in programs]
    legends = [[(program, measures.legend(program, places)) for program, places in row] for row in placed]
    written = [[library.write(program, legend) for program, legend in row] for row in legends]
    tracks = [
        Track(at, name) for at, row in enumerate(programs) for name in dict.fromkeys(rule.name for each in row for rule in each.tracks)
    ]
    eras = sorted({ALWAYS, *(since for course in courses for since, _ in course.programs)})
    asked = whole([_asked(courses[track.course], written[track.course], track.name, era) for era in eras for track in tracks], 3)
    enter, leave, score_of = (np.ascontiguousarray(column.reshape(len(eras), len(tracks))) for column in asked.T)
    constants = np.array(list(library.pool.constants), np.float64)
    return Bundle(
        tuple(courses),
        measures.program(program for row in programs for program in row),
        library.pool.conditions(),
        Rules(*measures.sums(), whole(library.rows, 3), constants, np.array(eras, np.int64), enter, leave, score_of),
        tuple(tracks),
        tuple(tuple({name: legend.registers[name] for name, _ in each.criteria} for each, legend in row) for row in legends),
    )


class _Entries(NamedTuple):
    """Where a program's rules begin, by track, and the register of its score."""

    rules: dict[str, tuple[int, int]]
    score: int


class _Library:
    """All rules, each written down once."""

    def __init__(self) -> None:
        self.pool = Pool()
        self.rows = list[tuple[int, int, int]]()
        self.begins = dict[Code, int]()

    def write(self, program: Program, legend: Legend) -> _Entries:
        """Return where the rules of a program's tracks begin, adding those that are new."""
        found = {
            track.name: (
                self._add(rules.entering(program, track, legend, self.pool)),
                self._add(rules.leaving(program, track, legend, self.pool)),
            )
            for track in program.tracks
        }
        return _Entries(found, legend.registers["score"])

    def _add(self, code: Code) -> int:
        if code not in self.begins:
            self.begins[code] = len(self.rows)
            self.rows += code
        return self.begins[code]


def _asked(course: Course, written: Sequence[_Entries], track: str, era: int) -> tuple[int, int, int]:
    """Return where the rules of a track begin that are in force in an era (-1 if none are), and the register of the score."""
    at = sum(since <= era for since, _ in course.programs) - 1
    entries = written[max(at, 0)]
    enter, leave = entries.rules.get(track, (NOWHERE, NOWHERE)) if at >= 0 else (NOWHERE, NOWHERE)
    return enter, leave, entries.score

"""People and their timelines as a connection of DuckDB gives them, measured by the compiled kernel.

Free of numpy, which takes longer to load than most questions take to answer.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

from leadline.engine import arrow, grids, native
from leadline.engine.grids import CODE, REAL, WHOLE, Grid

if TYPE_CHECKING:
    from collections.abc import Mapping

    from duckdb import DuckDBPyConnection

    from leadline.engine.plan import Plan

Span: TypeAlias = tuple[int, int]
NOTHING = Grid(array(REAL), 0)


@dataclass(frozen=True)
class Timelines:
    """Activities of people, clustered by person (codes) and ordered by time.

    Attributes:
        person: Codes.
        times: When they occurred.
        masks: Activity × word.
        values: Activity × summed property.
    """

    person: array[int]
    times: array[int]
    masks: Grid
    values: Grid

    def is_ordered(self) -> bool:
        """Return whether activities come by person, and those of each in the order of time."""
        nobody = grids.zeros(0)
        return not native.run("bounds", [Grid(self.person), Grid(self.times), Grid(array(CODE)), nobody, nobody])

    def bounds(self, codes: array[int]) -> tuple[Grid, Grid]:
        """Return where the activities of some people begin and end."""
        begins, ends = grids.zeros(len(codes)), grids.zeros(len(codes))
        native.run("bounds", [Grid(self.person), Grid(self.times), Grid(codes), begins, ends])
        return begins, ends


@dataclass(frozen=True)
class Crowd:
    """The people of ``people_at``, in its order, with their points as they are measured.

    Attributes:
        codes: Their codes, rising.
        created: When they were created; ``NEVER`` where that is unknown.
        latest: When the signals of absences were last seen, person × absence; ``NEVER`` where they weren't.
        points: Micro-points, person × term.
    """

    codes: array[int]
    created: array[int]
    latest: Grid
    points: Grid

    def measure(self, plan: Plan, span: Span, found: Timelines, as_of: int) -> None:
        """Fill in the points of the people in a range of codes."""
        first, last = bisect_left(self.codes, span[0]), bisect_right(self.codes, span[1])
        codes, created, latest = self.codes[first:last], self.created[first:last], self.latest.rows(first, last)
        timelines = (Grid(found.times), found.masks, found.values)
        people = (*found.bounds(codes), Grid(created), Grid(array(WHOLE, plan.absences)), latest)
        points = self.points.rows(first, last)
        native.run("score", [*(one.copy() for one in plan.terms), *timelines, *people, NOTHING, points], as_of)
        self.points.put(first, points)


def crowd_of(con: DuckDBPyConnection, plan: Plan) -> Crowd:
    """Return the people to measure, with the instants at which absences' signals were last seen."""
    codes, created, *latest = arrow.read(con.sql(plan.texts["latest"])).values()
    return Crowd(codes, created, grids.woven(latest, WHOLE), grids.zeros(len(codes), plan.count()))


def timelines_of(con: DuckDBPyConnection, plan: Plan) -> Timelines:
    """Return the timelines that a connection is aimed at.

    Rows come in the order in which they are stored, which DuckDB keeps unless its plan has a join; so they are looked at,
    and asked for in order where they have to be.
    """
    rows = con.sql(plan.texts["timelines"])
    found = as_timelines(arrow.read(rows), plan)
    return found if found.is_ordered() else as_timelines(arrow.read(rows.order("person_code, occurred")), plan)


def story_of(con: DuckDBPyConnection, plan: Plan) -> tuple[list[str], Timelines]:
    """Return the timeline of the one person that a connection is aimed at, and the id of each activity."""
    rows = con.sql(plan.texts["stories"])
    names, listed = rows.columns, rows.fetchall()
    kinds = {"person_code": CODE} | dict.fromkeys(names[len(names) - plan.values :], REAL)
    columns = {name: [row[at] for row in listed] for at, name in enumerate(names)}
    ids = columns.pop("activity_id")
    return ids, as_timelines({name: array(kinds.get(name, WHOLE), column) for name, column in columns.items()}, plan)


def as_timelines(found: Mapping[str, array[Any]], plan: Plan) -> Timelines:
    """Return columns as the kernel reads them: masks and values come last, in their order."""
    columns = list(found.values())
    first, values = len(columns) - plan.words - plan.values, len(columns) - plan.values
    masks = grids.woven(columns[first:values], WHOLE)
    return Timelines(found["person_code"], found["occurred"], masks, grids.woven(columns[values:], REAL))

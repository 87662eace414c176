"""How many entries a week a team would have got from a definition, at its line and at others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from leadline.app import casting
from leadline.app.casting import Course

if TYPE_CHECKING:
    from leadline.app.planning import Planning
    from leadline.definition.load import Loaded
    from leadline.engine.rehearsal import Spells
    from leadline.review.model import Window

GRAIN = 60_000_000
"""How exactly (in microseconds) it is found when a line is met by fading: weeks are counted."""


def by_line(planning: Planning, proposed: Loaded, track: str, window: Window) -> tuple[list[tuple[float, float]], float | None]:
    """Return lines, each a whole number, with what the track's team would have got a week at each; and what it can take.

    Where it states no capacity, only the line that the definition has is followed, since nothing is asked of the others.

    Args:
        planning: Who knows the reps and reads history.
        proposed: The definition.
        track: The track whose line is moved; it asks for a score.
        window: Entries in it count.
    """
    from leadline.review import workload

    new = Course("new", proposed.definition, planning.project.compiled(proposed))
    capacity = workload.capacity_per_week(planning.reps, proposed.definition.tracks[track].to or "")
    cast = casting.cast(new, None, planning.mirror.schema, track, alone=False)
    if cast.line is None:
        return [], capacity
    others = cast.lines if capacity is not None else ()
    lines = {cast.line.proposed: new} | {bound: course for bound, course in others if bound.is_integer()}
    found = _followed(planning, list(lines.values()), track, window.until_at)
    loads = [_per_week(planning, proposed, (track, spells), window) for spells in found]
    return sorted(zip(lines, loads, strict=True)), capacity


def _followed(planning: Planning, courses: Sequence[Course], track: str, until: int) -> list[Spells]:
    """Return the spells of one track of each course."""
    from leadline.engine import bundle, rehearsal

    every = bundle.bundle([rehearsal.Course(course.name, ((rehearsal.ALWAYS, course.program),)) for course in courses])
    titles = [[course.name] for course in courses]
    plan = replace(planning.backend.rehearsal(every, titles), grains=(GRAIN,) * len(every.tracks), tells=False)
    spells = planning.rehearsing.backend.rehearse(plan, until, planning.project.progress)
    places = [
        [at for at, held in enumerate(every.tracks) if held.course == number and held.name == track] for number in range(len(courses))
    ]
    return [spells.of(place) for place in places]


def _per_week(planning: Planning, proposed: Loaded, followed: tuple[str, Spells], window: Window) -> float:
    from leadline.review import contender, entries, workload

    track, spells = followed
    rule = proposed.definition.tracks[track]
    held = entries.entries(spells, window, planning.outcomes)
    routes = {track: contender.Route(rule.to or "", rule.per == "account")}
    names = dict.fromkeys(spells.track[:1].tolist(), track)
    side = contender.Contender("new", "", "", names, routes, held, {track: held})
    return int(workload.handed_over(held, side, rule.to or "").sum()) / window.weeks

"""What teams would get against what they can take, week by week."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from leadline import clock
from leadline.outcomes.model import NONE
from leadline.review import entries as entries_of
from leadline.review import results
from leadline.review.contender import Contender
from leadline.review.entries import Entries
from leadline.review.model import Load, Week, Window

if TYPE_CHECKING:
    from leadline.engine.terms import Real
    from leadline.outcomes.model import Flags

_THURSDAY = 3  # 1970-01-01, counted from Monday


@dataclass(frozen=True)
class Rep:
    """What matters here of somebody who works leads.

    Attributes:
        team: The team.
        capacity_per_week: The most leads a week; ``None`` for no limit.
        days: Working days of the week, 0 = Monday.
        days_off: Spans of days without work, both ends included, in days since 1970.
    """

    team: str
    capacity_per_week: float | None
    days: tuple[int, ...]
    days_off: tuple[tuple[int, int], ...] = ()


def loads(side: Contender, reps: Sequence[Rep], window: Window) -> tuple[Load, ...]:
    """Return the load of each team that a side's tracks hand over to, in the order of tracks."""
    return tuple(_load(side, team, reps, window) for team in dict.fromkeys(route.team for route in side.routes.values()))


def _load(side: Contender, team: str, reps: Sequence[Rep], window: Window) -> Load:
    weeks = results.weekly(side.entries.spells.entered[handed_over(side.entries, side, team)], window)
    stated = capacity_per_week(reps, team)
    capacity = () if stated is None else tuple(weekly_capacity(members(reps, team), window).tolist())
    return Load(
        team=team,
        tracks=tuple(track for track, route in side.routes.items() if route.team == team),
        entries_per_week=sum(week.entries for week in weeks) / window.weeks,
        capacity_per_week=stated,
        weeks=weeks,
        capacity=capacity,
        weeks_over=_weeks_over(weeks, capacity),
    )


def handed_over(entries: Entries, side: Contender, team: str) -> Flags:
    """Return which entries of the window are handed over to a team.

    An entry goes to the team of the track that came first; a further track hands nothing over. Where a track is ``per: account``, nor
    does an entry while a colleague is inside in the same track.
    """
    mine = entries.inside & np.isin(entries.spells.track, side.tracks_of(team))
    return mine & ~_with_a_colleague(entries, side.shared())


def _with_a_colleague(entries: Entries, tracks: Sequence[int]) -> Flags:
    """Return which entries of some tracks begin while another of the same account and track lasts."""
    spells, found = entries.spells, np.zeros(len(entries.inside), np.bool_)
    rows = np.flatnonzero(np.isin(spells.track, tracks) & (spells.account != NONE))
    if len(rows):
        rows = rows[np.lexsort((spells.entered[rows], spells.account[rows], spells.track[rows]))]
        _, key = np.unique(np.stack([spells.track[rows], spells.account[rows]]), axis=1, return_inverse=True)
        reach = entries_of.reach(key.ravel(), spells.left[rows])
        found[rows[1:]] = (np.diff(key.ravel()) == 0) & (spells.entered[rows[1:]] <= reach[:-1])
    return found


def members(reps: Sequence[Rep], team: str) -> list[Rep]:
    """Return the reps of a team; everybody if it is empty."""
    return [rep for rep in reps if not team or rep.team == team]


def capacity_per_week(reps: Sequence[Rep], team: str) -> float | None:
    """Return what a team can take in a week without days off; ``None`` if it has no reps or one of them states no limit."""
    stated = [rep.capacity_per_week for rep in members(reps, team)]
    known = [capacity for capacity in stated if capacity is not None]
    return float(sum(known)) if known and len(known) == len(stated) else None


def weekly_capacity(reps: Sequence[Rep], window: Window) -> Real:
    """Return what reps can take in each week of the window: a rep's capacity is spread over their working days."""
    edges = results.week_edges(window)
    days = np.arange(window.begin_at // clock.DAY, -(-window.end_at // clock.DAY))
    begins = np.maximum(days * clock.DAY, window.begin_at)
    share = (np.minimum((days + 1) * clock.DAY, window.end_at) - begins) / clock.DAY
    daily = np.zeros(len(days))
    for rep in reps:
        works = np.isin((days + _THURSDAY) % 7, rep.days)
        for first, last in rep.days_off:
            works &= (days < first) | (days > last)
        daily += works * ((rep.capacity_per_week or 0) / max(len(rep.days), 1))
    week = np.searchsorted(edges, begins, side="right") - 1
    return np.bincount(week, weights=daily * share, minlength=len(edges) - 1).astype(np.float64)


def _weeks_over(weeks: Sequence[Week], capacity: Sequence[float]) -> int:
    return sum(week.entries > most for week, most in zip(weeks, capacity, strict=True)) if capacity else 0

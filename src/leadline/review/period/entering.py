"""Spells of a course as the entries that a review is made of: joined, credited, labelled, with points and reps. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from leadline.engine.model import MICRO
from leadline.engine.rehearsal import Rehearsal, Spells
from leadline.outcomes import matching, maturity
from leadline.outcomes.model import NONE, NOT_YET, Lag, Said, Stage
from leadline.outcomes.timeline import timeline
from leadline.review import entries as entries_of
from leadline.review.entries import Entries
from leadline.review.period.entered import Active, Entered, Era, Label
from leadline.review.period.material import Handed

if TYPE_CHECKING:
    from leadline.outcomes.matching import Outcomes
    from leadline.outcomes.model import Real, Whole
    from leadline.review.breakdown import Labels
    from leadline.review.model import Window
    from leadline.review.period.model import Period

SOURCES = ("person.source", "person.first_source", "person.channel")
CAMPAIGNS = ("person.campaign",)
SEGMENTS = ("account.segment", "person.segment", "account.employees", "person.employees", "account.industry", "person.industry")
MOST_OF = 0.75
MQL = "mql"
_VERDICTS = (Said.ACCEPTED, Said.REJECTED, Said.SQL)


@dataclass(frozen=True)
class Named:
    """Which rep did something with a person, as columns: of ``names`` the one that ``rep`` says, at an instant; by person and time."""

    names: tuple[str, ...]
    person: Whole
    at: Whole
    rep: Whole


@dataclass(frozen=True)
class Course:
    """What was followed: one course of a rehearsal, and all spells of it."""

    rehearsal: Rehearsal
    spells: Spells
    index: int = 0


@dataclass(frozen=True)
class Labelled:
    """Attributes at entry."""

    source: Label
    campaign: Label
    content: Label
    segment: Label


def joined(course: Course, window: Window, outcomes: Outcomes) -> Entries:
    """Return the entries of a course, without points."""
    return entries_of.entries(_mine(course), window, outcomes)


def label(found: Sequence[Labels], names: Sequence[str], n: int, *, new: bool = False) -> Label:
    """Return the first of some attributes that the facts have; of the old side, or of the new one."""
    one = next((labels for name in names for labels in found if labels.by == name), None)
    if one is None:
        return Label("", undated=False, names=(), codes=np.full(n, NONE, np.int64))
    return Label(one.by, one.undated, one.names, one.new if new else one.old)


def entered(course: Course, found: Entries, labels: Labelled, reps: tuple[Named, Named], outcomes: Outcomes) -> Entered:
    """Return entries with everything that the parts of a review need.

    Args:
        course: What was followed.
        found: What :func:`joined` returned for it.
        labels: Attributes at entry.
        reps: Who wrote which stage of leads, and who touched whom.
        outcomes: What had happened.
    """
    mine, spells = _mine(course), found.spells
    tracks = tuple(dict.fromkeys(track.name for track in course.rehearsal.tracks if track.course == course.index))
    local = np.array([tracks.index(track.name) if track.course == course.index else NONE for track in course.rehearsal.tracks], np.int64)
    era = np.maximum(np.searchsorted(np.array(course.rehearsal.since[course.index]), spells.entered, side="right") - 1, 0)
    first = _begun_with(mine, spells)
    criteria, points = _points(course, mine, first, era)
    touched, rep = _touched(spells.person.astype(np.int64), spells.entered, reps, outcomes)
    return Entered(
        person=spells.person.astype(np.int64), account=spells.account, entered=spells.entered, left=spells.left, again=found.again,
        track=local[spells.track] if len(local) else spells.track, tracks=tracks, era=era, eras=_eras(course),
        source=labels.source, campaign=labels.campaign, content=labels.content, segment=labels.segment,
        score=mine.score[first] / MICRO, criteria=criteria, points=points, came=found.came, reasons=outcomes.said.reasons,
        rep=rep, reps=reps[0].names, touched=touched,
    )  # fmt: skip


def crowd(person: Whole, account: Whole, at: Whole, window: Window, outcomes: Outcomes) -> Entries:
    """Return people as entries at some instants, so that their attributes can be asked for like those of entries."""
    nothing, points = np.zeros(len(person), np.int64), np.zeros((len(person), 0), np.int64)
    spells = Spells(
        person=person, account=account, track=nothing, entered=at, left=at, score=nothing, left_score=nothing, points=points,
        left_points=points, cause=nothing, left_cause=nothing, causes=("active",),
    )  # fmt: skip
    return entries_of.entries(spells, window, outcomes)


def nobody(window: Window, outcomes: Outcomes) -> Entries:
    """Return no people as entries."""
    none = np.zeros(0, np.int64)
    return crowd(none, none, none, window, outcomes)


def active(found: Sequence[Labels], people: tuple[Entries, Entries]) -> tuple[Active, Active]:
    """Return who was active in two periods; ``found`` holds the labels of the first as the old side, of the second as the new one."""
    before, now = (
        Active(
            side.spells.person.astype(np.int64),
            label(found, SOURCES, len(side.spells.person), new=new),
            label(found, SEGMENTS, len(side.spells.person), new=new),
        )
        for side, new in zip(people, (False, True), strict=True)
    )
    return before, now


def horizons(candidates: Sequence[Entries], until: int, *, least: int = 10) -> dict[Stage, Lag | None]:
    """Return by stage the time within which three in four of those get there who ever do, read off the curve of worked entries.

    Args:
        candidates: Where to look: the first with at least ``least`` entries that reached the stage tells, else the one with the most.
        until: The last instant of which anything is known.
        least: How many it takes.
    """
    found: dict[Stage, Lag | None] = {}
    for stage in Stage:
        told = [lag for one in candidates if (lag := _horizon(one, stage, until))]
        found[stage] = next((lag for lag in told if lag.n >= least), max(told, key=lambda lag: lag.n, default=None))
    return found


def _horizon(found: Entries, stage: Stage, until: int) -> Lag | None:
    chosen = found.came.worked & ~found.came.beside
    curve = maturity.curve(found.spells.entered[chosen], found.came.reached(stage)[chosen], until)
    eventually = maturity.share_at(curve, curve.seen_days).value
    if not curve.n or not eventually:
        return None
    return Lag(float(curve.days[np.searchsorted(curve.share, MOST_OF * eventually - 1e-12)]), curve.reached)


def entrants(period: Period, *every: Entered) -> Whole:
    """Return who entered in a period by one of several definitions, once each."""
    return np.unique(np.concatenate([one.person[one.within(period.begin_at, period.end_at)] for one in every]))


def told(spells: Spells, tracks: Sequence[str], reps: tuple[Named, Named], outcomes: Outcomes) -> Handed:
    """Return the MQLs that the CRM recorded, as handed over to the track ``mql``, or to the first if there is none of that name.

    Somebody who is recorded anew is handed over anew. ``spells`` are by person and time.
    """
    person, at = spells.person.astype(np.int64), spells.entered
    touched, by_verdict = _touched(person, at, reps, outcomes)
    assigned = _rep(reps[0], person, at, at + 1)
    track = np.full(len(at), tracks.index(MQL) if MQL in tracks else 0, np.int64)
    rep = np.where(assigned == NONE, by_verdict, assigned)
    return Handed(person, spells.account, track, at, spells.left, matching.credit(spells, outcomes).beside, rep, touched)


def recorded(at: Whole, periods: Sequence[Period]) -> tuple[int, ...]:
    """Return how many of some instants lie in each period."""
    rising = np.sort(at)
    return tuple(int(np.searchsorted(rising, one.end_at) - np.searchsorted(rising, one.begin_at)) for one in periods)


def _mine(course: Course) -> Spells:
    return course.spells.of([at for at, track in enumerate(course.rehearsal.tracks) if track.course == course.index])


def _begun_with(mine: Spells, joined: Spells) -> Whole:
    """Return which of the spells each entry began with: that of its person, track and instant."""
    tracks = int(mine.track.max(initial=0)) + 1
    begun = timeline(mine.person.astype(np.int64) * tracks + mine.track, mine.entered)
    return begun.last(joined.person.astype(np.int64) * tracks + joined.track, joined.entered, including=True)


def _eras(course: Course) -> tuple[Era, ...]:
    pairs = zip(course.rehearsal.since[course.index], course.rehearsal.layouts[course.index], strict=True)
    return tuple(Era(since, layout.title, layout.fingerprint, layout.criteria) for since, layout in pairs)


def _points(course: Course, mine: Spells, first: Whole, era: Whole) -> tuple[tuple[str, ...], Real]:
    """Return the names of all criteria, and their points at entry; NaN where the definition of then had no such criterion."""
    layouts = course.rehearsal.layouts[course.index]
    names = tuple(dict.fromkeys(name for layout in layouts for name in layout.criteria))
    points = np.full((len(first), len(names)), np.nan)
    for at, (layout, registers) in enumerate(zip(layouts, course.rehearsal.registers[course.index], strict=True)):
        rows = np.flatnonzero(era == at)
        for name, register in zip(layout.criteria, registers, strict=True):
            points[rows, names.index(name)] = mine.points[first[rows], register] / MICRO
    return names, points


def _touched(person: Whole, begin: Whole, reps: tuple[Named, Named], outcomes: Outcomes) -> tuple[Whole, Whole]:
    """Return when sales first touched each person from entry on, before their next entry, and which rep gave the verdict or touched.

    Entries are by person and time.
    """
    following = np.full(len(begin), NOT_YET, np.int64)
    same = person[1:] == person[:-1]
    following[:-1][same] = begin[1:][same]
    verdicts = np.isin(outcomes.said.said, _VERDICTS)
    given = _first(outcomes.said.person[verdicts], outcomes.said.at[verdicts], person, begin, following)
    contact = outcomes.touched.next(person, begin)
    met = _before(outcomes.touches, contact, following)
    stages, touches = reps
    by_verdict = _rep(stages, person, given, np.where(given < NOT_YET, given + 1, NOT_YET))
    by_touch = _rep(touches, person, begin, following)
    return np.minimum(given, met), np.where(by_verdict == NONE, by_touch, by_verdict)


def _first(of: Whole, at: Whole, person: Whole, begin: Whole, end: Whole) -> Whole:
    """Return the first instant of each person's events in [``begin``, ``end``), ``NOT_YET`` if there is none."""
    return _before(at, timeline(of, at).next(person, begin), end)


def _before(at: Whole, event: Whole, end: Whole) -> Whole:
    found = np.append(at, NOT_YET)[event]
    return np.where((event != NONE) & (found < end), found, NOT_YET)


def _rep(named: Named, person: Whole, begin: Whole, end: Whole) -> Whole:
    """Return the rep of each person's first event in [``begin``, ``end``), -1 if there is none."""
    event = timeline(named.person, named.at).next(person, begin)
    at, rep = np.append(named.at, NOT_YET), np.append(named.rep, NONE)
    return np.where((event != NONE) & (at[event] < end), rep[event], NONE).astype(np.int64)

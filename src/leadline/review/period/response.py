"""How soon sales responds: from qualifying to the first touch, on the working clock of the rep, against what was agreed. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from leadline import clock
from leadline.clock import BusinessTime
from leadline.engine.rehearsal import ALWAYS
from leadline.handoff import sla
from leadline.handoff.sla import Calendar, Hours
from leadline.outcomes import intervals
from leadline.outcomes.model import NONE, NOT_YET
from leadline.review import figures
from leadline.review.period import periods
from leadline.review.period.material import Handed, Handing, Material
from leadline.review.period.model import Overdue, Response, Sla

if TYPE_CHECKING:
    from leadline.outcomes.model import Flags, Real, Whole

MOST = 50
ALL, RECORDED = "all tracks", "recorded by the CRM"
_AHEAD = 60 * clock.DAY


@dataclass(frozen=True)
class _Timed:
    """By entry of a span: when a response was due (``NOT_YET`` if none was agreed), and the working hours until the first touch."""

    handed: Handed
    due: Whole
    hours: Real

    def judged(self, until: int) -> Flags:
        """Return who was touched, or should have been."""
        return (self.due < NOT_YET) & ((self.handed.touched < NOT_YET) | (self.due <= until))

    def in_time(self) -> Flags:
        return self.handed.touched <= self.due


def response(found: Material) -> Sla:
    """Return the response times of the period."""
    entered, told = found.entered, found.told
    timed = _timed(found, Handed(entered.track, entered.entered, entered.rep, entered.touched))
    chosen = np.ones(len(entered), np.bool_)
    tracks = [_response(found, timed, entered.track == at, _handing(found, name)) for at, name in enumerate(entered.tracks)]
    everybody = _response(found, timed, chosen, Handing(ALL, "", None))
    recorded = None
    if told is not None:
        theirs = _timed(found, told)
        agreed = _handing(found, entered.tracks[int(told.track[0])]) if len(told.track) else Handing("", "", None)
        recorded = _response(found, theirs, np.ones(len(told.track), np.bool_), Handing(RECORDED, agreed.team, agreed.within))
    overdue = _overdue(found, timed)
    return Sla(
        known=found.outcomes.work_known and bool((entered.touched < NOT_YET).any()),
        recorded=recorded,
        total=everybody,
        tracks=tuple(one for one in tracks if one.entries),
        overdue=overdue,
        clock=_clock(found),
    )


def _handing(found: Material, track: str) -> Handing:
    return next((one for one in found.handing if one.track == track), Handing(track, "", None))


def _clock(found: Material) -> str:
    if not found.clocks:
        return "No reps are known, so the time is that of Monday to Friday, 9:00 to 17:00 UTC."
    return "Working time is that of the rep where one is recorded, else the hours in which anybody of the team works."


def _timed(found: Material, handed: Handed) -> _Timed:
    """Return when responses were due, for entries from a year before the period's end on; each by the hours of its rep."""
    until, begin = found.period.until_at, found.period.end_at - periods.YEAR - 31 * clock.DAY
    due, hours = np.full(len(handed.entered), NOT_YET, np.int64), np.full(len(handed.entered), np.nan)
    recent = (handed.entered > ALWAYS) & (handed.entered >= begin)
    for track, name in enumerate(found.entered.tracks):
        agreed = _handing(found, name)
        mine = recent & (handed.track == track)
        for rep in np.unique(handed.rep[mine]).tolist():
            rows = np.flatnonzero(mine & (handed.rep == rep))
            spans = sla.hours(_calendars(found, agreed.team, rep), begin, until + _AHEAD)
            due[rows] = _due(spans, handed.entered[rows].tolist(), agreed.within)
            hours[rows] = _hours(spans, handed.entered[rows].tolist(), handed.touched[rows].tolist())
    return _Timed(handed, due, hours)


def _calendars(found: Material, team: str, rep: int) -> Sequence[Calendar]:
    """Return the hours of a rep; of the team if that is unknown, of everybody if the team has nobody."""
    name = found.entered.reps[rep] if rep != NONE else None
    one = [item.calendar for item in found.clocks if item.rep == name]
    many = [item.calendar for item in found.clocks if item.team == team]
    return one or many or [item.calendar for item in found.clocks] or [Calendar()]


def _due(spans: Hours, begins: list[int], within: BusinessTime | None) -> list[int]:
    if within is None:
        return [NOT_YET] * len(begins)
    found = (spans.due(begin, within) for begin in begins)
    return [NOT_YET if due is None else due for due in found]


def _hours(spans: Hours, begins: list[int], touched: list[int]) -> list[float]:
    pairs = zip(begins, touched, strict=True)
    return [np.nan if touch == NOT_YET else spans.worked(begin, touch) / clock.HOUR for begin, touch in pairs]


def _response(found: Material, timed: _Timed, chosen: Flags, agreed: Handing) -> Response:
    now, before = found.period, periods.before(found.period)
    judged, in_time = timed.judged(now.until_at) & chosen, timed.in_time()
    spans = [judged & _within(timed, one.begin_at, one.end_at) for one in (now, before)]
    shares = [figures.share(int((one & in_time).sum()), int(one.sum())) for one in spans]
    hours = timed.hours[chosen & _within(timed, now.begin_at, now.end_at)]
    hours = hours[~np.isnan(hours)]
    waiting = _waiting(found, timed) & chosen if len(timed.due) == len(found.entered) and agreed.track != RECORDED else None
    return Response(
        track=agreed.track,
        team=agreed.team,
        agreed=str(agreed.within or ""),
        entries=int(spans[0].sum()),
        in_time=shares[0],
        in_time_before=shares[1],
        median_hours=figures.figure(intervals.median(hours)),
        p90_hours=float(np.quantile(hours, 0.9)) if len(hours) else None,
        overdue=0 if waiting is None else int(waiting.sum()),
    )


def _within(timed: _Timed, begin: int, end: int) -> Flags:
    return (timed.handed.entered >= begin) & (timed.handed.entered < end)


def _waiting(found: Material, timed: _Timed) -> Flags:
    """Return which entries of the last year are overdue, untouched and still inside when the facts end."""
    until = found.period.until_at
    return (timed.due <= until) & (timed.handed.touched == NOT_YET) & (found.entered.left > until) & ~found.entered.came.beside


def _overdue(found: Material, timed: _Timed) -> tuple[Overdue, ...]:
    rows = np.flatnonzero(_waiting(found, timed))
    rows = rows[np.argsort(-timed.handed.entered[rows], kind="stable")][:MOST].tolist()
    return tuple(_waiting_one(found, timed, at) for at in rows)


def _waiting_one(found: Material, timed: _Timed, at: int) -> Overdue:
    entered, until = found.entered, found.period.until_at
    track, account = entered.tracks[int(entered.track[at])], int(entered.account[at])
    begin = int(entered.entered[at])
    spans = sla.hours(_calendars(found, _handing(found, track).team, int(entered.rep[at])), begin, until)
    return Overdue(
        person_id=found.ids.people[int(entered.person[at])],
        account_id=found.ids.accounts[account] if account != NONE else None,
        track=track,
        entered_at=begin,
        due_at=int(timed.due[at]),
        working_hours=spans.worked(begin, until) / clock.HOUR,
    )

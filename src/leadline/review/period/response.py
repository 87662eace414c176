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
LATELY = 30 * clock.DAY
"""Who waits for longer than this is forgotten rather than overdue."""
ALL, ENTRIES, RECORDED = "all", "entries", "recorded"
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
    ours = Handed(
        entered.person, entered.account, entered.track, entered.entered, entered.left, entered.came.beside, entered.rep, entered.touched
    )
    timed = _timed(found, ours)
    tracks = [_response(found, timed, entered.track == at, _handing(found, name)) for at, name in enumerate(entered.tracks)]
    basis = timed if told is None else _timed(found, told)
    agreed = _handing(found, entered.tracks[int(told.track[0])]) if told is not None and len(told.track) else Handing("", "", None)
    everybody = np.ones(len(basis.due), np.bool_)
    return Sla(
        known=found.outcomes.work_known and bool((basis.handed.touched < NOT_YET).any()),
        basis=ENTRIES if told is None else RECORDED,
        total=_response(found, basis, everybody, Handing(ALL, agreed.team, agreed.within)),
        tracks=tuple(one for one in tracks if one.entries),
        overdue=_overdue(found, basis),
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
    waiting, lately = _waiting(found, timed) & chosen, _lately(found, timed)
    return Response(
        track=agreed.track,
        team=agreed.team,
        agreed=str(agreed.within or ""),
        entries=int(spans[0].sum()),
        in_time=shares[0],
        in_time_before=shares[1],
        median_hours=figures.figure(intervals.median(hours)),
        p90_hours=float(np.quantile(hours, 0.9)) if len(hours) else None,
        overdue=int((waiting & lately).sum()),
        forgotten=int((waiting & ~lately).sum()),
    )


def _within(timed: _Timed, begin: int, end: int) -> Flags:
    return (timed.handed.entered >= begin) & (timed.handed.entered < end)


def _waiting(found: Material, timed: _Timed) -> Flags:
    """Return which of the last year are overdue, untouched and still qualified when the facts end."""
    until, handed = found.period.until_at, timed.handed
    return (timed.due <= until) & (handed.touched == NOT_YET) & (handed.left > until) & ~handed.beside


def _lately(found: Material, timed: _Timed) -> Flags:
    return timed.handed.entered > found.period.until_at - LATELY


def _overdue(found: Material, timed: _Timed) -> tuple[Overdue, ...]:
    rows = np.flatnonzero(_waiting(found, timed) & _lately(found, timed))
    rows = rows[np.argsort(-timed.handed.entered[rows], kind="stable")][:MOST].tolist()
    return tuple(_waiting_one(found, timed, at) for at in rows)


def _waiting_one(found: Material, timed: _Timed, at: int) -> Overdue:
    handed, until = timed.handed, found.period.until_at
    track, account = found.entered.tracks[int(handed.track[at])], int(handed.account[at])
    begin = int(handed.entered[at])
    spans = sla.hours(_calendars(found, _handing(found, track).team, int(handed.rep[at])), begin, until)
    return Overdue(
        person_id=found.ids.people[int(handed.person[at])],
        account_id=found.ids.accounts[account] if account != NONE else None,
        track=track,
        entered_at=begin,
        due_at=int(timed.due[at]),
        working_hours=spans.worked(begin, until) / clock.HOUR,
    )

"""Business time: how much working time lies between two instants, and when so much of it has passed.

A calendar says when somebody works, in their own time zone; :class:`Hours` is the same as spans of UTC microseconds over a stretch of
time, so that clock changes, nights, weekends and days off are all just gaps. A *business hour* is an hour of working time. A *business
day* ends at the same local time on the next working day, and never before that day's work begins nor after it ends; what comes in
outside of working time counts from when work begins. Pure.
"""

from __future__ import annotations

import datetime as dt
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from zoneinfo import ZoneInfo

from leadline import clock

_MICRO = dt.timedelta(microseconds=1)
_ONE = dt.timedelta(days=1)


@dataclass(frozen=True)
class Shift:
    """Working hours: days of the week (0 = Monday), and minutes after midnight."""

    days: tuple[int, ...]
    begin: int
    end: int


@dataclass(frozen=True)
class Calendar:
    """When somebody works.

    Attributes:
        zone: An IANA time zone.
        shifts: Their hours there.
        days_off: Spans of days without work, both ends included.
    """

    zone: str = "UTC"
    shifts: tuple[Shift, ...] = (Shift((0, 1, 2, 3, 4), 540, 1020),)
    days_off: tuple[tuple[dt.date, dt.date], ...] = ()


@dataclass(frozen=True)
class Hours:
    """Working time as spans that neither touch nor overlap, rising.

    Attributes:
        begins, ends: Of the spans, in microseconds.
        before: Working time before each span, and after the last that of all.
        zone: Whose local time a business day goes by.
    """

    begins: tuple[int, ...]
    ends: tuple[int, ...]
    before: tuple[int, ...]
    zone: ZoneInfo

    def worked(self, begin: int, end: int) -> int:
        """Return the working time between two instants, in microseconds."""
        return self._until(end) - self._until(begin)

    def due(self, begin: int, allowed: clock.BusinessTime) -> int | None:
        """Return when business time that began at an instant is up; ``None`` if that lies beyond the spans."""
        return self._days_later(begin, allowed.amount) if allowed.unit == "day" else self._later(begin, allowed.amount * clock.HOUR)

    def _until(self, at: int) -> int:
        """Return the working time before an instant."""
        span = bisect_right(self.begins, at) - 1
        return self.before[span] + min(at, self.ends[span]) - self.begins[span] if span >= 0 else 0

    def _later(self, begin: int, time: int) -> int | None:
        """Return the first instant at which so much working time has passed."""
        target = self._until(begin) + time
        span = bisect_left(self.before, target) - 1
        return self.begins[span] + target - self.before[span] if 0 <= span < len(self.begins) else None

    def _days_later(self, begin: int, days: int) -> int | None:
        span = bisect_right(self.ends, begin)
        if span == len(self.ends):
            return None
        start = _local(max(begin, self.begins[span]), self.zone)
        following = self._working_day(span, days)
        if following is None:
            return None
        first, last = following
        day = _local(self.begins[first], self.zone).date()
        same_time = (dt.datetime.combine(day, start.time(), self.zone) - clock.EPOCH) // _MICRO
        return min(max(same_time, self.begins[first]), self.ends[last])

    def _working_day(self, span: int, later: int) -> tuple[int, int] | None:
        """Return the first and last span of the working day so many after that of a span."""
        day, first = _local(self.begins[span], self.zone).date(), span
        for at in range(span, len(self.begins)):
            today = _local(self.begins[at], self.zone).date()
            if today != day:
                if not later:
                    return first, at - 1
                day, first, later = today, at, later - 1
        return (first, len(self.begins) - 1) if not later else None


def hours(calendars: Sequence[Calendar], begin: int, end: int) -> Hours:
    """Return when anybody of a team works, from a day before ``begin`` to a day after ``end``; days go by the first one's time zone."""
    spans = sorted(span for calendar in calendars for span in _spans(calendar, begin, end))
    joined = [*_joined(spans)]
    before = accumulate((end - begin for begin, end in joined), initial=0)
    zone = ZoneInfo(calendars[0].zone) if calendars else ZoneInfo("UTC")
    return Hours(tuple(span[0] for span in joined), tuple(span[1] for span in joined), tuple(before), zone)


def _spans(calendar: Calendar, begin: int, end: int) -> Iterator[tuple[int, int]]:
    zone = ZoneInfo(calendar.zone)
    day, last = _local(begin, zone).date() - _ONE, _local(end, zone).date() + _ONE
    while day <= last:
        if not any(first <= day <= final for first, final in calendar.days_off):
            shifts = (shift for shift in calendar.shifts if day.weekday() in shift.days)
            spans = ((_instant(day, shift.begin, zone), _instant(day, shift.end, zone)) for shift in shifts)
            yield from (span for span in spans if span[0] < span[1])
        day += _ONE


def _joined(spans: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Yield sorted spans, those that touch or overlap as one."""
    held: tuple[int, int] | None = None
    for begin, end in spans:
        if held is None or begin > held[1]:
            if held:
                yield held
            held = (begin, end)
        else:
            held = (held[0], max(held[1], end))
    if held:
        yield held


def _instant(day: dt.date, minutes: int, zone: ZoneInfo) -> int:
    """Return the instant of a local time; one that a clock change leaves out is as much later as the clock is put forward."""
    days, rest = divmod(minutes, 1440)
    local = dt.datetime.combine(day + days * _ONE, dt.time(rest // 60, rest % 60), zone)
    return (local - clock.EPOCH) // _MICRO


def _local(at: int, zone: ZoneInfo) -> dt.datetime:
    return (clock.EPOCH + at * _MICRO).astimezone(zone)

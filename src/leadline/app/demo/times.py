"""The demo's calendar: a fixed span, working hours by country, quiet weekends, seasons and holidays.

Instants are whole seconds since 1970 (UTC), days are whole days since 1970. Nothing depends on the present day.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import lru_cache

from leadline.app.demo.dice import Dice, Lottery

MINUTE = 60
HOUR = 3_600
DAY = 86_400
WEEK = 7 * DAY
_MONDAY = 4  # the first Monday of 1970 was the 5th
_EPOCH = dt.date(1970, 1, 1)
_LAST = dt.date(2026, 10, 1)

# Hours east of UTC in winter; whether clocks change; countries not named here keep Berlin's time.
_OFFSETS = {
    "DE": (1, True), "AT": (1, True), "CH": (1, True), "FR": (1, True), "NL": (1, True), "SE": (1, True),
    "ES": (1, True), "IT": (1, True), "GB": (0, True), "US": (-6, True), "IN": (5, False), "BR": (-3, False),
}  # fmt: skip
_SUMMER = range(4, 11)
_WEEKDAYS = Lottery({0: 19, 1: 23, 2: 22, 3: 20, 4: 13, 5: 2, 6: 1})
_HOURS = Lottery({7: 2, 8: 7, 9: 14, 10: 16, 11: 14, 12: 7, 13: 10, 14: 13, 15: 12, 16: 9, 17: 5, 18: 2, 20: 2, 21: 2, 22: 1})
_DESK_HOURS = Lottery({9: 14, 10: 18, 11: 15, 13: 10, 14: 16, 15: 15, 16: 9})
_SEASON = {1: 105, 2: 108, 3: 112, 4: 100, 5: 98, 6: 95, 7: 80, 8: 66, 9: 112, 10: 118, 11: 112, 12: 74}
_HOLIDAYS = ("12-24", "12-25", "12-26", "12-27", "12-28", "12-29", "12-30", "12-31", "01-01", "05-01")


@dataclass(frozen=True, slots=True)
class Span:
    """The time that the demo covers: from ``start`` to just before ``end``."""

    start: int
    end: int

    def holds(self, at: int) -> bool:
        """Return whether the instant lies in the span."""
        return self.start <= at < self.end

    def weeks(self) -> range:
        """Return the first instants of its weeks; the last week may reach beyond the end."""
        return range(self.start, self.end, WEEK)


def span_of(months: int) -> Span:
    """Return the span of so many whole months up to the end of September 2026."""
    since = _LAST.year * 12 + _LAST.month - 1 - months
    return Span(day_of(dt.date(since // 12, since % 12 + 1, 1)) * DAY, day_of(_LAST) * DAY)


def day_of(date: dt.date) -> int:
    """Return the number of the day."""
    return (date - _EPOCH).days


def instant(text: str) -> int:
    """Return the first instant of a day written as ``2026-05-04``."""
    return day_of(dt.date.fromisoformat(text)) * DAY


@lru_cache(maxsize=4096)
def _date(day: int) -> dt.date:
    return _EPOCH + dt.timedelta(days=day)


@lru_cache(maxsize=4096)
def _day_text(day: int) -> str:
    return _date(day).isoformat()


def day_text(at: int) -> str:
    """Return the day of an instant: ``2026-05-04``.

    >>> day_text(0)
    '1970-01-01'
    """
    return _day_text(at // DAY)


def write(at: int) -> str:
    """Return an instant the way exports write it.

    >>> write(90)
    '1970-01-01T00:01:30Z'
    """
    day, rest = divmod(at, DAY)
    return f"{_day_text(day)}T{rest // HOUR:02}:{rest // MINUTE % 60:02}:{rest % 60:02}Z"


def season(at: int) -> float:
    """Return how busy the month is, 1 being usual."""
    return _SEASON[_date(at // DAY).month] / 100


def is_working_day(day: int) -> bool:
    """Return whether offices are open: no weekend and none of the holidays that everybody keeps."""
    return (day - _MONDAY) % 7 < 5 and _day_text(day)[5:] not in _HOLIDAYS


def is_second_tuesday(day: int) -> bool:
    """Return whether the day is the second Tuesday of its month."""
    return (day - _MONDAY) % 7 == 1 and 8 <= _date(day).day <= 14


def some_day(dice: Dice, week: int) -> int | None:
    """Return a day of the week that begins at ``week``, weekends seldom; none if a holiday swallowed it."""
    first = week // DAY
    weekday = _WEEKDAYS.draw(dice)
    day = first + (weekday - (first - _MONDAY)) % 7
    return None if _day_text(day)[5:] in _HOLIDAYS and dice.chance(0.85) else day


def some_time(dice: Dice, day: int, country: str) -> int:
    """Return an instant of the day when people of the country are at it, a few of them in the evening."""
    return day * DAY + (_HOURS.draw(dice) - _offset(day, country)) * HOUR + dice.below(HOUR)


def desk_time(dice: Dice, at: int, country: str) -> int:
    """Return an instant in office hours, on the day of ``at`` or the next working day."""
    day = at // DAY
    while not is_working_day(day):
        day += 1
    return day * DAY + (_DESK_HOURS.draw(dice) - _offset(day, country)) * HOUR + 300 * dice.below(12)


def _offset(day: int, country: str) -> int:
    winter, changes = _OFFSETS.get(country, (1, True))
    return winter + (changes and _date(day).month in _SUMMER)

"""Instants and durations as Leadline counts them: int64 microseconds, UTC.

What belongs here: reading and writing times as people write them. What doesn't: deciding anything by them. The
present instant is read in one place, :func:`now`, which only the composition root calls; everywhere else time is
passed in.
"""

from __future__ import annotations

import datetime as dt
import re
import time
from dataclasses import dataclass
from typing import Literal

SECOND = 1_000_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR
WEEK = 7 * DAY
EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)

_UNITS = {
    "s": SECOND, "second": SECOND, "m": MINUTE, "min": MINUTE, "minute": MINUTE, "h": HOUR, "hour": HOUR,
    "d": DAY, "day": DAY, "w": WEEK, "week": WEEK,
}  # fmt: skip
_DURATION = re.compile(r"(\d+(?:\.\d+)?)\s*([a-z]+?)s?")
_BUSINESS = re.compile(r"(\d+)\s+business\s+(hour|day)s?")


@dataclass(frozen=True, slots=True)
class BusinessTime:
    """A duration on the clock of a rep: so many working hours, or working days."""

    amount: int
    unit: Literal["hour", "day"]

    def __str__(self) -> str:
        """Return the form that the definition uses."""
        return f"{self.amount} business {self.unit}{'' if self.amount == 1 else 's'}"


def parse_duration(text: str) -> int:
    """Return microseconds for ``30d``, ``72h``, ``90 minutes``, ``2 weeks``.

    Raises:
        ValueError: If the text is not a number and a unit from seconds to weeks. Months and years are left out on
            purpose: they have no fixed length.

    >>> parse_duration("72h") == 3 * DAY
    True
    """
    match = _DURATION.fullmatch(text.strip().lower())
    unit = match and (_UNITS.get(match[2]) or _UNITS.get(match[2] + "s"))
    if not match or not unit:
        raise ValueError("write a number and a unit: 90m, 72h, 30d, 12w")
    return round(float(match[1]) * unit)


def write_duration(micros: int) -> str:
    """Return the shortest exact form of a duration: ``30d``, ``72h``, ``90m``, ``1.5s``.

    >>> write_duration(3 * DAY), write_duration(12 * HOUR)
    ('3d', '12h')
    """
    for letter, unit in (("d", DAY), ("h", HOUR), ("m", MINUTE)):
        if micros % unit == 0:
            return f"{micros // unit}{letter}"
    return f"{micros / SECOND:g}s" if micros % SECOND == 0 else f"{micros / SECOND}s"


def parse_business_time(text: str) -> BusinessTime:
    """Return working hours or days for ``4 business hours`` or ``1 business day``.

    Raises:
        ValueError: If the text is anything else.
    """
    match = _BUSINESS.fullmatch(text.strip().lower())
    if not match or not int(match[1]):
        raise ValueError("write it as '4 business hours' or '1 business day'")
    return BusinessTime(int(match[1]), "hour" if match[2] == "hour" else "day")


def parse_instant(text: str) -> int:
    """Return microseconds since 1970 for an ISO 8601 date or time; without a zone it is UTC.

    Raises:
        ValueError: If the text is not an ISO 8601 date or time.

    >>> parse_instant("1970-01-02")
    86400000000
    """
    moment = dt.datetime.fromisoformat(text.strip())
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=dt.UTC)
    return (moment - EPOCH) // dt.timedelta(microseconds=1)


def write_instant(micros: int) -> str:
    """Return ISO 8601 in UTC, as short as is exact: ``2026-01-31T09:30:00Z``.

    >>> write_instant(0)
    '1970-01-01T00:00:00Z'
    """
    return (EPOCH + dt.timedelta(microseconds=micros)).isoformat().replace("+00:00", "Z")


def now() -> int:
    """Return the present instant in microseconds. Only the composition root calls this."""
    return time.time_ns() // 1000

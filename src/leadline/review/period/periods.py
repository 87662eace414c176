"""Weeks, months and quarters, in UTC: which one is meant, which came before, and which is the last that is over.

A period is counted in its kind: ISO weeks from Monday, months, quarters. Pure.
"""

from __future__ import annotations

import datetime as dt
import re

from leadline import clock
from leadline.errors import UsageError
from leadline.review.period.model import Kind, Period

BEFORE = 12
"""Periods that a period is compared with."""
YEAR = 365 * clock.DAY
_MONTHS = {Kind.MONTH: 1, Kind.QUARTER: 3}
_MONDAY = 4 * clock.DAY
_FORMS = {Kind.WEEK: r"(\d{4})-?W(\d{1,2})", Kind.MONTH: r"(\d{4})-(\d{1,2})", Kind.QUARTER: r"(\d{4})-?Q([1-4])"}
_EXAMPLES = {Kind.WEEK: "2026-W39", Kind.MONTH: "2026-10", Kind.QUARTER: "2026Q3"}


def named(kind: Kind, name: str | None, until: int, active: int | None = None) -> Period:
    """Return the period of a name, or without one the last that was over when activities ended.

    Args:
        kind: Of which length.
        name: ``2026-W39``, ``2026-10``, ``2026Q3``, or ``None``.
        until: The last instant of the facts; its last day may be lacking without a period counting as unfinished.
        active: The last activity, which deals may outlast by months; ``None`` if that isn't known.

    Raises:
        UsageError: If the name can't be read, or the period begins after the facts end.
    """
    last = until if active is None else min(active, until)
    index = _index(kind, last + clock.DAY) - 1 if name is None else _parsed(kind, name)
    found = _period(kind, index, until)
    if found.begin_at > until:
        says = f"{found.name} begins after the facts end ({clock.write_instant(until)[:10]}), so there is nothing to review."
        raise UsageError(says, "Choose an earlier period.", code="empty-window")
    return found


def before(period: Period, count: int = 1) -> Period:
    """Return the period so many before."""
    return _period(period.kind, _index(period.kind, period.begin_at) - count, period.until_at)


def upto(period: Period, since: int | None, count: int = BEFORE) -> tuple[Period, ...]:
    """Return the ``count`` periods before one, and it; those that end before ``since`` (the first fact) are left out."""
    every = (*(before(period, back) for back in range(count, 0, -1)), period)
    return tuple(one for one in every if since is None or one.end_at > since)


def ended(period: Period) -> int:
    """Return where a period ends, or where the facts do if that is more than a day earlier."""
    return period.end_at if period.until_at >= period.end_at - clock.DAY else period.until_at + 1


def weeks(period: Period) -> float:
    """Return how many weeks a period has, or has had so far if the facts end within it."""
    return (ended(period) - period.begin_at) / clock.WEEK


def months(span: int) -> float:
    """Return a span of time as months of a twelfth of a year."""
    return span / (YEAR / 12)


def _period(kind: Kind, index: int, until: int) -> Period:
    return Period(kind, _name(kind, index), _begin(kind, index), _begin(kind, index + 1), until)


def _index(kind: Kind, at: int) -> int:
    """Return the number of the period that an instant lies in."""
    if kind is Kind.WEEK:
        return (at - _MONDAY) // clock.WEEK
    moment = clock.EPOCH + dt.timedelta(microseconds=at)
    return (moment.year * 12 + moment.month - 1) // _MONTHS[kind]


def _begin(kind: Kind, index: int) -> int:
    if kind is Kind.WEEK:
        return _MONDAY + index * clock.WEEK
    year, month = divmod(index * _MONTHS[kind], 12)
    return (dt.datetime(year, month + 1, 1, tzinfo=dt.UTC) - clock.EPOCH) // dt.timedelta(microseconds=1)


def _name(kind: Kind, index: int) -> str:
    day = clock.EPOCH + dt.timedelta(microseconds=_begin(kind, index))
    if kind is Kind.WEEK:
        year, week, _ = day.isocalendar()
        return f"{year}-W{week:02}"
    return f"{day.year}-{day.month:02}" if kind is Kind.MONTH else f"{day.year}Q{(day.month + 2) // 3}"


def _parsed(kind: Kind, text: str) -> int:
    match = re.fullmatch(_FORMS[kind], text.strip(), re.IGNORECASE)
    try:
        year, number = map(int, match.groups()) if match else (0, 0)
        day = dt.date.fromisocalendar(year, number, 1) if kind is Kind.WEEK else dt.date(year, (number - 1) * _MONTHS[kind] + 1, 1)
    except (ValueError, OverflowError):
        fix = f"Write it as in {_EXAMPLES[kind]}."
        raise UsageError(f"'{text}' is no {kind.value}.", fix, code="bad-instant") from None
    return _index(kind, (day - clock.EPOCH.date()) // dt.timedelta(microseconds=1))

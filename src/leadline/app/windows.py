"""Instants as callers give them, and the window that a plan compares: if it isn't given, the last twelve full months of the facts."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, TypeAlias

from leadline import clock
from leadline.engine.rehearsal import ALWAYS
from leadline.errors import UsageError

if TYPE_CHECKING:
    from leadline.review.model import Window

MONTHS = 12
Instant: TypeAlias = str | int | dt.datetime | dt.date | None


def instant(when: Instant, now: int) -> int:
    """Return an instant in microseconds from what a caller may give; ``None`` is now.

    Raises:
        UsageError: If a text is no ISO 8601 date or time.
    """
    if when is None:
        return now
    if isinstance(when, int):
        return when
    try:
        return clock.parse_instant(when if isinstance(when, str) else when.isoformat())
    except ValueError:
        raise UsageError(f"{when!r} is no date or time.", "Write 2026-09-30 or 2026-09-30T14:00:00Z.", code="bad-instant") from None


def between(since: int | None, until: int | None, facts: tuple[int | None, int]) -> Window:
    """Return the window that is compared.

    Args:
        since: Where it is to begin, or ``None``.
        until: Where it is to end, or ``None``.
        facts: When the facts begin, if that is known, and when they end.

    Raises:
        UsageError: If it is empty.
    """
    from leadline.review.model import Window

    first, last = facts
    whole_months = until is None and since is None  # the last month may lack its last day
    end = _month_of(last + clock.DAY) if whole_months else min(last + 1, last + 1 if until is None else until)
    begin = max(_months_before(end, MONTHS), first or ALWAYS) if since is None else since
    if begin >= end:
        says = f"The window from {clock.write_instant(begin)} to {clock.write_instant(end)} is empty; the facts end there."
        raise UsageError(says, "Give a --from that lies before --to, within the facts.", code="empty-window")
    return Window(begin, end, last, (end - begin) / clock.WEEK)


def months(count: int, until: int) -> Window:
    """Return the window of so many months that ends with an instant, which lies in it.

    Raises:
        UsageError: If it would be empty.
    """
    from leadline.review.model import Window

    if count < 1:
        raise UsageError(f"A window of {count} months is empty.", "Give --months 1 or more.", code="empty-window")
    begin = _months_before(until + 1, count)
    return Window(begin, until + 1, until, (until + 1 - begin) / clock.WEEK)


def _month_of(when: int) -> int:
    """Return when the month of an instant began."""
    return _instant(_moment(when).replace(day=1, hour=0, minute=0, second=0, microsecond=0))


def _months_before(when: int, months: int) -> int:
    """Return an instant so many months earlier, on the last day of a month that is too short."""
    moment = _moment(when)
    at = moment.year * 12 + moment.month - 1 - months
    following = dt.datetime((at + 1) // 12, (at + 1) % 12 + 1, 1, tzinfo=dt.UTC)
    day = min(moment.day, (following - dt.timedelta(days=1)).day)
    return _instant(moment.replace(year=at // 12, month=at % 12 + 1, day=day))


def _moment(when: int) -> dt.datetime:
    return clock.EPOCH + dt.timedelta(microseconds=when)


def _instant(moment: dt.datetime) -> int:
    return (moment - clock.EPOCH) // dt.timedelta(microseconds=1)

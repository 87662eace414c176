"""Working time between two instants: counted minute by minute, over clock changes, nights, weekends and days off."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leadline import clock
from leadline.clock import BusinessTime
from leadline.handoff import sla
from leadline.handoff.sla import Calendar, Shift

MINUTE = clock.MINUTE
WEEKDAYS = (0, 1, 2, 3, 4)
BERLIN = Calendar("Europe/Berlin", (Shift(WEEKDAYS, 540, 1020),))
HOUR, DAY = BusinessTime(4, "hour"), BusinessTime(1, "day")


def at(text: str) -> int:
    return clock.parse_instant(text)


def told(calendar: Calendar, begin: str, within: BusinessTime) -> str:
    hours = sla.hours([calendar], at(begin) - clock.WEEK, at(begin) + 8 * clock.WEEK)
    due = hours.due(at(begin), within)
    assert due is not None
    return clock.write_instant(due)


@pytest.mark.parametrize(
    ("begin", "within", "due"),
    [
        ("2026-06-01T08:00:00Z", HOUR, "2026-06-01T12:00:00Z"),  # Monday 10:00 in Berlin
        ("2026-06-01T13:00:00Z", HOUR, "2026-06-02T09:00:00Z"),  # two hours are left of Monday
        ("2026-06-05T14:30:00Z", HOUR, "2026-06-08T10:30:00Z"),  # half an hour of Friday, the rest on Monday
        ("2026-06-06T12:00:00Z", HOUR, "2026-06-08T11:00:00Z"),  # Saturday counts from Monday 9:00
        ("2026-06-01T02:00:00Z", HOUR, "2026-06-01T11:00:00Z"),  # so does the night
        ("2026-06-01T11:00:00Z", HOUR, "2026-06-01T15:00:00Z"),  # due at the very end of work, not the next morning
        ("2026-03-27T15:30:00Z", HOUR, "2026-03-30T10:30:00Z"),  # over the weekend on which the clock is put forward
        ("2026-10-23T14:30:00Z", HOUR, "2026-10-26T11:30:00Z"),  # and on which it is put back
        ("2026-06-02T13:00:00Z", DAY, "2026-06-03T13:00:00Z"),  # the same time on the next working day
        ("2026-06-05T13:00:00Z", DAY, "2026-06-08T13:00:00Z"),
        ("2026-06-06T13:00:00Z", DAY, "2026-06-09T07:00:00Z"),  # Saturday is Monday 9:00, so Tuesday 9:00
        ("2026-10-23T13:00:00Z", DAY, "2026-10-26T14:00:00Z"),  # 15:00 on both sides of the clock change
    ],
)
def test_due_on_the_clock_of_a_rep(begin, within, due):
    assert told(BERLIN, begin, within) == due


def test_days_off_are_no_working_days():
    away = Calendar("Europe/Berlin", BERLIN.shifts, ((dt.date(2026, 6, 2), dt.date(2026, 6, 3)),))
    assert told(away, "2026-06-01T13:00:00Z", HOUR) == "2026-06-04T09:00:00Z"
    assert told(away, "2026-06-01T13:00:00Z", DAY) == "2026-06-04T13:00:00Z"


def test_a_business_day_ends_within_the_hours_of_the_day_it_ends_on():
    uneven = Calendar("UTC", (Shift((0,), 480, 1080), Shift((1,), 600, 960)))
    assert told(uneven, "2026-06-01T17:00:00Z", DAY) == "2026-06-02T16:00:00Z"
    assert told(uneven, "2026-06-01T08:30:00Z", DAY) == "2026-06-02T10:00:00Z"


def test_a_team_works_while_anybody_does():
    early, late = (Calendar("UTC", (Shift(WEEKDAYS, *span),)) for span in ((480, 720), (660, 1080)))
    hours = sla.hours([early, late], at("2026-06-01"), at("2026-06-02"))
    assert hours.worked(at("2026-06-01"), at("2026-06-02")) == 10 * clock.HOUR
    assert all(end < begin for end, begin in zip(hours.ends, hours.begins[1:], strict=False))


def test_what_lies_beyond_the_spans_is_unknown_and_nobody_never_works():
    assert sla.hours([BERLIN], at("2026-06-01"), at("2026-06-02")).due(at("2026-06-01"), BusinessTime(400, "hour")) is None
    assert sla.hours([BERLIN], at("2026-06-01"), at("2026-06-02")).due(at("2026-06-01"), BusinessTime(40, "day")) is None
    nobody = sla.hours([], at("2026-06-01"), at("2026-06-02"))
    assert nobody.worked(at("2026-06-01"), at("2026-06-02")) == 0
    assert nobody.due(at("2026-06-01"), HOUR) is None
    assert nobody.due(at("2026-06-01"), DAY) is None


ZONES = ("UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata", "America/Sao_Paulo")
SPANS = st.tuples(st.integers(0, 1410), st.integers(15, 1440)).filter(lambda pair: pair[0] < pair[1])


@st.composite
def calendars(draw) -> Calendar:
    days = st.lists(st.integers(0, 6), min_size=1, max_size=7, unique=True).map(tuple)
    shifts = draw(st.lists(st.tuples(days, SPANS), min_size=1, max_size=2))
    off = draw(st.lists(st.tuples(st.integers(0, 20), st.integers(0, 3)), max_size=2))
    first = dt.date(2026, 3, 20)
    spans = tuple((first + dt.timedelta(days=begin), first + dt.timedelta(days=begin + length)) for begin, length in off)
    return Calendar(draw(st.sampled_from(ZONES)), tuple(Shift(days, *span) for days, span in shifts), spans)


def works(calendar: Calendar, minute: int) -> bool:
    """Whether somebody works in the minute that begins at an instant, read off the local clock."""
    local = (clock.EPOCH + dt.timedelta(microseconds=minute)).astimezone(ZoneInfo(calendar.zone))
    now = local.hour * 60 + local.minute
    off = any(first <= local.date() <= last for first, last in calendar.days_off)
    return not off and any(local.weekday() in shift.days and shift.begin <= now < shift.end for shift in calendar.shifts)


BEGINS = st.integers(0, 20 * 1440).map(lambda minutes: clock.parse_instant("2026-03-20") + minutes * MINUTE)


@given(calendars(), BEGINS, st.integers(0, 3 * 1440))
@settings(max_examples=40)
def test_working_time_is_the_minutes_that_the_local_clock_shows(calendar, begin, length):
    end = begin + length * MINUTE
    hours = sla.hours([calendar], begin, end)
    counted = sum(works(calendar, minute) for minute in range(begin, end, MINUTE))
    changes = [at("2026-03-29T01:00:00Z"), at("2026-04-04T15:00:00Z")]
    shifted = any(begin - clock.DAY <= change <= end + clock.DAY for change in changes)
    # Work that would begin or end in an hour that a clock change leaves out or repeats may be read either way.
    assert abs(hours.worked(begin, end) // MINUTE - counted) <= (120 if shifted else 0)


@given(calendars(), st.lists(BEGINS, min_size=3, max_size=3))
def test_working_time_adds_up_and_never_runs_backwards(calendar, instants):
    first, middle, last = sorted(instants)
    hours = sla.hours([calendar], first, last)
    assert hours.worked(first, middle) + hours.worked(middle, last) == hours.worked(first, last)
    assert 0 <= hours.worked(first, last) <= last - first


@given(calendars(), BEGINS, st.integers(1, 30))
def test_due_is_the_first_instant_at_which_so_much_working_time_has_passed(calendar, begin, amount):
    hours = sla.hours([calendar], begin, begin + 30 * clock.DAY)
    due = hours.due(begin, BusinessTime(amount, "hour"))
    if due is None:
        assert hours.worked(begin, begin + 40 * clock.DAY) < amount * clock.HOUR
    else:
        assert hours.worked(begin, due) == amount * clock.HOUR
        assert hours.worked(begin, due - 1) < amount * clock.HOUR


@given(calendars(), BEGINS, BEGINS, st.integers(1, 4))
def test_whoever_comes_later_is_due_no_earlier(calendar, one, other, days):
    first, last = sorted((one, other))
    hours = sla.hours([calendar], first, last + 60 * clock.DAY)
    due = [hours.due(begin, BusinessTime(days, "day")) for begin in (first, last)]
    assert None in due or due[0] <= due[1]

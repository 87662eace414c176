"""The kernel's arithmetic, where a table says more than a thousand random cases."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadline import clock
from leadline.engine import kernel

EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
instants = st.integers(clock.parse_instant("1970-01-01"), clock.parse_instant("2200-01-01"))


@pytest.mark.parametrize(
    ("x", "millionths"),
    [(0.0, 0), (1.0, 1_000_000), (-2.5, -2_500_000), (0.0000005, 1), (-0.0000005, -1), (0.000000498, 0), (0.1 + 0.2, 300_000)],
)
def test_amounts_are_rounded_to_millionths_ties_away_from_zero(x: float, millionths: int) -> None:
    assert kernel.rounded(x) == millionths


@given(instants)
def test_buckets_are_those_of_the_calendar(t: int) -> None:
    moment = EPOCH + dt.timedelta(microseconds=t)
    monday = (moment - dt.timedelta(days=moment.weekday())).date()
    assert kernel.bucket_of(t, 1) == int(t // clock.HOUR)
    assert kernel.bucket_of(t, 2) == (moment.date() - EPOCH.date()).days
    assert kernel.bucket_of(t, 3) == (monday - dt.date(1969, 12, 29)).days // 7


@given(instants, instants)
def test_months_differ_exactly_when_the_calendar_says_so(one: int, other: int) -> None:
    a, b = (EPOCH + dt.timedelta(microseconds=t) for t in (one, other))
    assert (kernel.bucket_of(one, 4) == kernel.bucket_of(other, 4)) == ((a.year, a.month) == (b.year, b.month))


def test_a_month_ends_at_its_last_microsecond() -> None:
    march = clock.parse_instant("2024-03-01")
    assert kernel.bucket_of(march - 1, 4) + 1 == kernel.bucket_of(march, 4)
    assert kernel.bucket_of(clock.parse_instant("2024-02-01"), 4) == kernel.bucket_of(march - 1, 4)

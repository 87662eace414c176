"""Which week, month or quarter is meant."""

from __future__ import annotations

import itertools

import pytest

from leadline import clock
from leadline.errors import UsageError
from leadline.review.period import periods
from leadline.review.period.model import Kind

UNTIL = clock.parse_instant("2026-11-24T02:00:00Z")


@pytest.mark.parametrize(
    ("kind", "name", "begin", "end"),
    [
        (Kind.WEEK, "2026-W39", "2026-09-21", "2026-09-28"),
        (Kind.WEEK, "2026W01", "2025-12-29", "2026-01-05"),
        (Kind.WEEK, "2020-W53", "2020-12-28", "2021-01-04"),
        (Kind.MONTH, "2026-10", "2026-10-01", "2026-11-01"),
        (Kind.MONTH, "2025-12", "2025-12-01", "2026-01-01"),
        (Kind.QUARTER, "2026Q3", "2026-07-01", "2026-10-01"),
        (Kind.QUARTER, "2025-q4", "2025-10-01", "2026-01-01"),
    ],
)
def test_a_period_by_its_name(kind, name, begin, end):
    found = periods.named(kind, name, UNTIL)
    assert (clock.write_instant(found.begin_at)[:10], clock.write_instant(found.end_at)[:10]) == (begin, end)
    assert periods.named(kind, found.name, UNTIL) == found


@pytest.mark.parametrize(
    ("kind", "until", "name"),
    [
        (Kind.WEEK, "2026-11-24T02:00:00Z", "2026-W47"),
        (Kind.MONTH, "2026-11-24T02:00:00Z", "2026-10"),
        (Kind.MONTH, "2026-10-31T07:00:00Z", "2026-10"),  # the last day may be lacking
        (Kind.MONTH, "2026-10-29T07:00:00Z", "2026-09"),
        (Kind.QUARTER, "2026-11-24T02:00:00Z", "2026Q3"),
        (Kind.QUARTER, "2026-01-02T02:00:00Z", "2025Q4"),
    ],
)
def test_without_a_name_it_is_the_last_that_is_over(kind, until, name):
    assert periods.named(kind, None, clock.parse_instant(until)).name == name


@pytest.mark.parametrize(("kind", "text"), [
    (Kind.WEEK, "2026-10"), (Kind.WEEK, "2026-W54"), (Kind.MONTH, "2026-13"), (Kind.MONTH, "October"), (Kind.QUARTER, "2026Q5"),
])  # fmt: skip
def test_what_is_no_period_is_refused_with_an_example(kind, text):
    with pytest.raises(UsageError, match="Write it as in") as refused:
        periods.named(kind, text, UNTIL)
    assert refused.value.code == "bad-instant"


def test_a_period_after_the_facts_is_refused():
    with pytest.raises(UsageError) as refused:
        periods.named(Kind.MONTH, "2026-12", UNTIL)
    assert refused.value.code == "empty-window"


def test_the_periods_before_join_without_gaps_and_end_with_the_first_fact():
    month = periods.named(Kind.MONTH, "2026-02", UNTIL)
    every = periods.upto(month, None)
    assert [one.name for one in every] == [*(f"2025-{number:02}" for number in range(2, 13)), "2026-01", "2026-02"]
    assert all(one.end_at == following.begin_at for one, following in itertools.pairwise(every))
    assert [one.name for one in periods.upto(month, clock.parse_instant("2025-12-10"))] == ["2025-12", "2026-01", "2026-02"]


def test_a_period_under_way_has_had_fewer_weeks():
    assert periods.weeks(periods.named(Kind.WEEK, "2026-W47", UNTIL)) == 1
    under_way = periods.named(Kind.MONTH, "2026-11", UNTIL)
    assert periods.weeks(under_way) == pytest.approx(23.083 / 7, abs=1e-3)
    assert periods.ended(under_way) == UNTIL + 1

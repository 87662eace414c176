"""Response times by hand: 2026-01-01 is a Thursday, and without reps work is from 9:00 to 17:00 UTC, Monday to Friday."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from tests.unit.review.period.made import day, entered, material, month, outcomes

from leadline.clock import BusinessTime
from leadline.engine.rehearsal import STILL
from leadline.handoff.sla import Calendar, Shift
from leadline.outcomes.model import NONE, NOT_YET, Said
from leadline.review.period import response
from leadline.review.period.material import Clock, Handed, Handing

NINE, NOON, EVENING = 9 / 24, 12 / 24, 20 / 24
MONDAY = 95  # 2026-04-06
ROWS = [
    (1, 1, MONDAY + NINE, 300),  # touched at noon: in time
    (2, 2, MONDAY + NINE, 300),  # touched on Tuesday at nine: after a working day of eight hours
    (3, 3, MONDAY - 2, 300),  # Saturday, touched on Monday at noon: three hours
    (4, 4, MONDAY + NOON, 300),  # never touched: late, and waiting
    (5, 5, MONDAY + NOON, 99),  # never touched, and gone
]
TOUCHED = [MONDAY + NOON, MONDAY + 1 + NINE, MONDAY + NOON, None, None]


def made(rows=ROWS, touched=TOUCHED, until=121.0, handing=None, **given):
    happened = outcomes((), [(1, 96, Said.ACCEPTED)], until=until)
    at = np.array([NOT_YET if one is None else day(one) for one in touched], np.int64)
    reps = {name: given.pop(name) for name in ("rep", "reps") if name in given}
    found = entered(rows, happened, touched=at, **reps)
    handing = handing or (Handing("mql", "sdr", BusinessTime(4, "hour")),)
    return material(found, happened, month(until=until), handing=handing, **given)


def test_who_was_touched_in_time():
    found = response.response(made())
    (mql,) = found.tracks
    assert (mql.agreed, mql.team, mql.entries, mql.in_time.value) == ("4 business hours", "sdr", 5, pytest.approx(2 / 5))
    assert mql.median_hours.value == 3
    assert found.basis == "entries"


def test_who_waits_is_still_qualified_and_untouched():
    found = response.response(made())
    assert [(one.person_id, one.entered_at, one.due_at) for one in found.overdue] == [
        ("p4", day(MONDAY + NOON), day(MONDAY + 16 / 24))]  # fmt: skip
    assert (found.total.overdue, found.total.forgotten) == (1, 0)
    assert found.overdue[0].working_hours == 5 + 8 * 19  # the rest of that Monday, then nineteen working days until 1 May


def test_who_waits_for_longer_than_thirty_days_is_forgotten():
    found = response.response(made(until=140.0))
    assert (found.total.overdue, found.total.forgotten, found.overdue) == (0, 1, ())


def test_what_is_not_due_yet_is_not_late():
    found = response.response(made([(1, 1, MONDAY + NOON, 300)], [None], until=MONDAY + 14 / 24))
    assert (found.total.entries, found.total.overdue) == (0, 0)


def test_the_clock_is_that_of_the_rep_else_of_the_team():
    night = Calendar("UTC", (Shift((0, 1, 2, 3, 4), 18 * 60, 23 * 60),))
    clocks = (Clock("early", "sdr", Calendar()), Clock("night", "sdr", night))
    rows, touched = [(1, 1, MONDAY + NINE, 300), (2, 2, MONDAY + NINE, 300)], [MONDAY + EVENING] * 2
    both = made(rows, touched, clocks=clocks, reps=("early", "night"), rep=np.array([0, 1]))
    assert response.response(both).total.in_time.value == 0.5  # for the night rep two hours, for the early one eight
    unknown = made(rows, touched, clocks=clocks, reps=("early", "night"), rep=np.array([NONE, NONE]))
    assert response.response(unknown).total.median_hours.value == 10  # nine to five, then six to eight


def test_a_track_without_an_agreed_time_is_late_for_nobody():
    found = response.response(made(handing=(Handing("mql", "sdr", None),)))
    assert (found.tracks, found.total.entries, found.total.overdue) == ((), 0, 0)


def test_where_the_crm_recorded_mqls_they_are_what_sales_was_told_of():
    told = Handed(
        person=np.array([7]), account=np.array([NONE]), track=np.array([0]), entered=np.array([day(MONDAY + NINE)]), left=np.array([STILL]),
        beside=np.array([False]), rep=np.array([NONE]), touched=np.array([day(MONDAY + 10 / 24)]),
    )  # fmt: skip
    found = response.response(made(told=told))
    assert (found.basis, found.total.entries, found.total.in_time.value, found.total.agreed) == ("recorded", 1, 1, "4 business hours")
    assert found.tracks[0].entries == 5
    late = response.response(made(told=replace(told, touched=np.array([NOT_YET]))))
    assert not late.known
    assert [(one.person_id, one.account_id) for one in late.overdue] == [("p7", None)]


def test_the_period_before_stands_beside():
    rows = [*ROWS, (6, 6, MONDAY - 28 + NINE, 300), (7, 7, MONDAY - 28 + NINE, 300)]
    order = [*TOUCHED, MONDAY - 28 + NOON, MONDAY - 20]
    found = response.response(made(rows, order)).total
    assert (found.in_time_before.value, found.in_time_before.n) == (0.5, 2)


def test_a_business_day_is_a_day_of_work():
    handing = (Handing("mql", "am", BusinessTime(1, "day")),)
    found = response.response(made(handing=handing))
    assert found.total.in_time.value == pytest.approx(3 / 5)

"""Curves, usual lags and shares: against published figures, by hand, and by what must hold of any."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.outcomes.worlds import deal, deals, instant, instants

from leadline.engine.rehearsal import ALWAYS
from leadline.outcomes import intervals, maturity
from leadline.outcomes.model import NOT_YET, Lag

# Remission of leukaemia with maintenance, in weeks, and whether it then ended (Miller 1981). Then: weeks, at risk, left, and the
# interval on the scale of log(-log), as R's survfit(conf.type = "log-log") gives them.
AML = [
    (9, True), (13, True), (13, False), (18, True), (23, True), (28, False), (31, True), (34, True), (45, False), (48, True),
    (161, False),
]  # fmt: skip
AML_LEFT = [
    (9, 11, 0.909, 0.508, 0.987), (13, 10, 0.818, 0.447, 0.951), (18, 8, 0.716, 0.350, 0.899), (23, 7, 0.614, 0.266, 0.835),
    (31, 5, 0.491, 0.167, 0.753), (34, 4, 0.368, 0.0928, 0.657), (48, 2, 0.184, 0.0117, 0.525),
]  # fmt: skip


def curve_of(rows, until=1000):
    """Rows: for how long it was watched, and whether it then got there."""
    entered = instants([until - days if not there else 0 for days, there in rows])
    reached = instants([days if there else None for days, there in rows])
    return maturity.curve(entered, reached, instant(until))


def test_the_curve_is_that_of_a_textbook():
    found = curve_of(AML)
    left = zip(found.days, found.at_risk, 1 - found.share, 1 - found.high, 1 - found.low, strict=True)
    assert [tuple(step) for step in left] == [pytest.approx(step, abs=6e-4) for step in AML_LEFT]
    assert (found.n, found.reached) == (11, 7)


def test_when_the_last_one_watched_gets_there_the_interval_keeps_its_lower_bound():
    found = curve_of([(10, True), (20, False), (30, True)])
    assert found.share.tolist() == pytest.approx([1 / 3, 1])
    assert (found.low[1], found.high[1]) == (found.low[0], 1)
    alone = curve_of([(10, True), (10, True)])
    assert (alone.share.tolist(), alone.low[0]) == ([1], intervals.wilson(2, 2).low)


def test_spells_from_before_all_facts_and_no_spells_at_all():
    entered = np.array([ALWAYS, instant(0)])
    found = maturity.curve(entered, instants([5, 10]), instant(100))
    assert (found.n, found.days.tolist()) == (1, [10])
    assert maturity.old_enough(entered, instant(100), Lag(5, 1)).tolist() == [False, True]
    nothing = maturity.curve(instants([]), instants([]), instant(100))
    assert maturity.usual_lag(nothing) is None
    assert math.isnan(maturity.share_at(nothing, 10).value)


def test_nobody_so_far_is_not_nobody_ever():
    found = curve_of([(10, False)] * 10 + [(50, False)] * 10)
    at_ten, at_fifty = maturity.share_at(found, 10), maturity.share_at(found, 50)
    assert (at_ten.value, at_ten.n, at_ten.high) == (0, 20, intervals.wilson(0, 20).high)
    assert at_fifty.high == intervals.wilson(0, 10).high
    assert maturity.usual_lag(found) is None
    assert not maturity.old_enough(instants([0]), instant(1000), None).any()
    assert math.isnan(maturity.share_of_old(instants([0]), instants([5]), instant(1000), None).value)


def test_the_curve_is_believed_as_far_as_a_tenth_of_the_spells_is_old():
    # The oldest of twenty got there after 400 days. Nobody else could have been seen to, so that says nothing of them.
    entered, reached = instants([0, *[300] * 19]), instants([400, 310, *[None] * 18])
    found = maturity.curve(entered, reached, instant(450))
    assert found.share.tolist() == pytest.approx([1 / 20, 1])
    assert found.seen_days == 150
    assert maturity.share_at(found, 400).value == pytest.approx(1 / 20)
    assert maturity.usual_lag(found) == Lag(10, 2)


def test_the_usual_lag_is_not_cut_short_by_young_spells():
    # All get there: half of them at 10 days, half at 100. Of the young half only the quick ones were seen to.
    rows = [(10, True)] * 20 + [(100, True)] * 10 + [(30, False)] * 10
    assert maturity.usual_lag(curve_of(rows)) == Lag(100, 30)
    seen = np.array([10] * 20 + [100] * 10)
    assert np.quantile(seen, 0.65, method="inverted_cdf") == 10  # while two in three of the lags seen are short


def test_nine_in_ten_is_nine_of_ten():
    assert maturity.usual_lag(curve_of([(days, True) for days in range(1, 11)])) == Lag(9, 10)


def test_young_spells_have_no_part_in_the_share_of_the_old():
    entered, reached = instants([0, 0, 0, 80, 95]), instants([5, 60, None, 85, None])
    share = maturity.share_of_old(entered, reached, instant(100), Lag(20, 3))
    assert share == intervals.wilson(3, 4)
    assert maturity.share_of_old(entered, reached, instant(100), Lag(21, 3)) == intervals.wilson(2, 3)


def test_a_deal_stalls_when_nine_in_ten_won_deals_took_less():
    won = [deal(0, closed=days, won=True) for days in range(10, 110, 10)]
    others = [deal(100, closed=400), deal(109), deal(110), deal(111)]
    found = deals([*won, *others])
    assert maturity.usual_cycle(found) == Lag(90, 10)
    assert maturity.stalled(found, instant(200)).tolist() == [False] * 10 + [False, True, False, False]
    assert not maturity.stalled(deals(others), instant(900)).any()
    assert maturity.usual_cycle(deals(others)) is None


lags = st.lists(st.none() | st.integers(0, 99), min_size=1, max_size=40)


@given(lags)
def test_with_everybody_watched_equally_long_the_curve_ends_at_the_plain_share(found):
    there = [lag for lag in found if lag is not None]
    curve = maturity.curve(instants([0] * len(found)), instants(found), instant(100))
    assert maturity.share_at(curve, 100).value == pytest.approx(len(there) / len(found))
    for days, share in zip(curve.days, curve.share, strict=True):
        assert share == pytest.approx(sum(lag <= days for lag in there) / len(found))


@given(st.lists(st.tuples(st.integers(0, 99), st.none() | st.integers(0, 99)), min_size=1, max_size=40))
def test_a_curve_rises_within_its_interval_and_never_lies_below_what_was_seen(rows):
    entered = [begin for begin, _ in rows]
    reached = [None if lag is None or begin + lag > 100 else begin + lag for begin, lag in rows]
    curve = maturity.curve(instants(entered), instants(reached), instant(100))
    assert (np.diff(curve.share) > 0).all()
    assert ((curve.low >= 0) & (curve.low <= curve.share + 1e-12) & (curve.share <= curve.high + 1e-12) & (curve.high <= 1)).all()
    assert not len(curve.share) or curve.share[-1] >= curve.reached / curve.n - 1e-12
    usual = maturity.usual_lag(curve)
    assert usual is None or 0 <= usual.days <= curve.seen_days


def test_what_has_not_happened_is_later_than_everything():
    assert instant(1_000_000) < NOT_YET

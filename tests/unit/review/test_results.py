"""What came of entries, counted by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from tests.unit.outcomes.worlds import deal, instant, instants
from tests.unit.review.lives import LAG, WINDOW, entered, setting

from leadline import clock
from leadline.outcomes.model import Said, Stage
from leadline.review import results
from leadline.review.model import Window

ANNA, BEN, CARL, DORA = 1, 2, 3, 4
ACME, BIRCH = 7, 8


def test_weeks_begin_on_monday_and_the_first_and_last_may_be_short():
    window = Window(instant(0), instant(12), instant(20), 12 / 7)  # Thursday to the Tuesday after next
    weeks = results.weekly(instants([0, 3.9, 4, 10.9, 11, 11.5]), window)
    assert [(week.begin_at / clock.DAY, week.days, week.entries) for week in weeks] == [(0, 4, 2), (4, 7, 2), (11, 1, 2)]


def test_a_window_within_one_week_is_one_week():
    window = Window(instant(5), instant(6), instant(20), 1 / 7)
    assert [(week.days, week.entries) for week in results.weekly(instants([5.5]), window)] == [(1, 1)]


def test_rates_come_from_worked_entries_that_are_old_enough_and_the_rest_gives_bounds():
    # Until is day 400 and the usual lag 50 days, so what began in the window is old enough; so make the window end at the facts' end.
    window = Window(instant(100), instant(200), instant(200), 100 / 7)
    said = [(ANNA, 111, Said.ACCEPTED), (BEN, 112, Said.REJECTED, "no"), (DORA, 190, Said.ACCEPTED)]
    within = setting(said=said, window=window)
    found = entered([(ANNA, ACME, 110, 120), (BEN, ACME, 110, 120), (CARL, ACME, 110, 120), (DORA, ACME, 180, 200)], within)
    accepted, sql, *_ = results.conversions(found, found.inside, within)
    assert (accepted.reached, accepted.young, accepted.usual_days) == (2, 1, 50)
    assert (accepted.rate.value, accepted.rate.n) == (0.5, 2)  # of Anna and Ben; Carl was never worked, Dora is young
    assert (accepted.least, accepted.most) == (pytest.approx(1 / 3), pytest.approx(2 / 3))
    assert accepted.estimate.n == 3
    assert (sql.rate.value, sql.rate.n, sql.least, sql.most) == (0, 2, 0, pytest.approx(1 / 3))


def test_where_nobody_ever_came_to_a_stage_no_entry_is_old_enough_to_judge():
    within = replace(setting(), lags=dict.fromkeys(Stage))
    found = entered([(ANNA, ACME, 110, 120)], within)
    conversion = results.conversions(found, found.inside, within)[0]
    assert (conversion.rate.value, conversion.rate.n, conversion.least, conversion.young, conversion.usual_days) == (None, 0, None, 1, None)


def test_entries_beside_a_deal_are_counted_and_credited_with_nothing():
    within = setting(deal(120, person=ANNA, account=ACME, closed=150, won=True))
    found = entered([(ANNA, ACME, 130, 140), (BEN, BIRCH, 130, 140)], within)
    came = results.results("any", found, within)
    assert (came.entries, came.people, came.beside, came.won) == (2, 2, 1, 0)
    assert came.stage(Stage.WON).reached == 0


def test_won_deals_are_those_created_in_the_window_whenever_their_entry_began():
    within = setting(
        deal(110, person=ANNA, closed=300, won=True, amount=10),
        deal(150, person=BEN, closed=160, won=True, amount=20),
        deal(199, person=CARL, closed=410, won=True, amount=40),  # still open when the facts end
        deal(99, person=DORA, closed=160, won=True, amount=80),  # too early
        deal(151, person=DORA, closed=160, amount=160),  # lost
    )
    found = entered([(ANNA, ACME, 90, 95), (BEN, ACME, 140, 145), (CARL, ACME, 190, 195), (DORA, ACME, 98, 98.5)], within)
    came = results.results("any", found, within)
    assert (came.won, came.revenue.value, came.revenue.n) == (2, 30, 2)
    assert (came.lead_time.median.value, came.lead_time.median.n) == (15, 2)
    assert came.lead_time.p90 == pytest.approx(19)
    assert results.lead_days(found, within).tolist() == [20, 10]


def test_money_in_other_currencies_is_not_added_up():
    within = setting(
        deal(110, person=ANNA, closed=120, won=True, amount=10), deal(150, person=BEN, closed=160, won=True, amount=20, currency="USD")
    )
    came = results.results("any", entered([(ANNA, ACME, 101, 105), (BEN, ACME, 140, 145)], within), within)
    assert (came.won, came.revenue.value, came.revenue.n) == (2, 10, 1)


def test_entries_a_week_have_an_interval_around_them():
    figure = results.per_week(100, WINDOW)
    assert figure.value == pytest.approx(7)
    assert figure.low is not None
    assert figure.high is not None
    assert figure.low < 7 < figure.high
    assert figure.n == 100


def test_the_usual_lag_is_told_by_the_first_side_with_enough_of_them():
    within = setting(said=[(person, 110 + person, Said.ACCEPTED) for person in range(1, 13)])
    many = entered([(person, ACME, 105, 130) for person in range(1, 13)], within)
    few = entered([(person, ACME, 109, 130) for person in range(1, 4)], within)
    assert results.usual_lags([few, many], WINDOW.until_at)[Stage.ACCEPTED] == results.usual_lags([many], WINDOW.until_at)[Stage.ACCEPTED]
    only_few = results.usual_lags([few], WINDOW.until_at)
    assert (only_few[Stage.ACCEPTED] or LAG).n == 3
    assert only_few[Stage.WON] is None


def test_long_curves_are_thinned_and_keep_both_ends():
    said = [(person, 150 + person / 4, Said.ACCEPTED) for person in range(1, 400)]
    within = setting(said=said)
    found = entered([(person, ACME, 140, 150) for person in range(1, 401)], within)
    points = results.results("any", found, within).curves[0].points
    assert len(points) == results.MOST_POINTS
    assert (points[0].days, points[-1].days) == (10.25, 10 + 399 / 4)
    assert np.all(np.diff([point.share for point in points]) > 0)

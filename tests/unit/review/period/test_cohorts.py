"""Cohorts counted by hand: young ones are never called lost, and old and young are compared over the same time."""

from __future__ import annotations

import pytest
from tests.unit.review.period.made import deal, entered, material, month, outcomes

from leadline.outcomes.model import Said, Stage
from leadline.review.period import cohorts

ROWS = [(1, 1, 95, 99), (2, 2, 100, 300), (3, 3, 110, 300), (4, 4, 65, 300), (5, 5, 66, 300)]


def funnel(said=(), deals=(), until=200.0, rows=ROWS, **given):
    happened = outcomes(deals, said, until=until)
    return cohorts.funnel(material(entered(rows, happened), happened, month(until=until), **given))


def test_a_cohort_is_what_entered_in_its_period():
    found = funnel()
    assert [one.entries for one in found.cohorts] == [0, 2, 3]
    assert (found.now.people, found.before.entries) == (3, 2)
    assert found.per_week.value == pytest.approx(3 * 7 / 30)


def test_a_stage_counts_within_its_horizon_and_is_counted_so_far_beside_it():
    said = [(1, 96, Said.SQL), (2, 150, Said.SQL), (3, 111, Said.REJECTED, "no")]
    sql = funnel(said).now.stage(Stage.SQL)
    assert (sql.reached, sql.rate.value, sql.rate.n, sql.mature) == (2, pytest.approx(1 / 3), 3, True)  # the second took 50 days of 30
    assert sql.median_days.value == pytest.approx(25.5)


def test_young_entries_are_in_no_share_but_in_the_curve():
    said = [(1, 96, Said.SQL), (2, 101, Said.REJECTED, "no"), (3, 111, Said.REJECTED, "no")]
    sql = funnel(said, until=131.0).now.stage(Stage.SQL)
    assert (sql.rate.n, sql.rate.value, sql.mature, sql.estimate.n) == (2, 0.5, False, 3)  # the third is 21 days old


def test_where_nobody_ever_got_there_nothing_is_told():
    sql = funnel([(1, 96, Said.REJECTED, "no")], lags=dict.fromkeys(Stage), usual=dict.fromkeys(Stage)).now.stage(Stage.SQL)
    assert (sql.rate.value, sql.mature) == (None, False)


def test_rejected_then_accepted_is_not_rejected():
    said = [(1, 96, Said.REJECTED, "no"), (1, 97, Said.ACCEPTED), (2, 101, Said.REJECTED, "no")]
    assert funnel(said).now.rejected == 1


def test_revenue_is_of_the_cohort_whenever_it_was_won():
    deals = [deal(105, person=1, account=1, closed=190, won=True, amount=500.0), deal(70, person=4, account=4, closed=100, won=True)]
    found = funnel(deals=deals)
    assert [(one.revenue.value, one.revenue.n) for one in found.cohorts] == [(0.0, 0), (100.0, 1), (500.0, 1)]
    assert found.now.stage(Stage.WON).reached == 1


def test_recorded_mqls_stand_beside():
    assert (funnel(recorded=(4, 9, 7)).recorded, funnel(recorded=(4, 9, 7)).recorded_before) == (7, 9)
    assert (funnel().recorded, funnel().recorded_before) == (None, None)


def test_entries_beside_a_deal_are_in_no_stage():
    found = funnel(deals=[deal(90, person=1, account=1)])
    assert (found.now.beside, found.now.stage(Stage.OPPORTUNITY).reached) == (1, 0)

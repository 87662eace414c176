"""What criteria meant and mean: a change is told if there is one, and not if there is none."""

from __future__ import annotations

import math

import numpy as np
import pytest

from leadline import clock
from leadline.review.period import drift
from leadline.review.period.drift import Scored, Times
from leadline.review.period.parts import Trend

DAY = clock.DAY
TIMES = Times(0, 100, 100, 200, 0, 100, 200)


def scored(*blocks, points=20.0):
    """Blocks: when, how many with the criterion and an SQL, with and none, without and an SQL, without and none."""
    rows = [(at, has, sql) for at, *cells in blocks for (has, sql), many in zip(KINDS, cells, strict=True) for _ in range(many)]
    entered, has, sql = (np.array(column) for column in zip(*rows, strict=True))
    weights = np.where(has, points, 0.0).reshape(-1, 1)
    return Scored(("guide",), weights, 50 + weights[:, 0], entered, np.ones(len(rows), np.bool_), sql)


KINDS = ((True, True), (True, False), (False, True), (False, False))


def one(found):
    return found.criteria[0]


def test_odds_ratios_are_woolf_s():
    row = one(drift.drifts(scored((50, 40, 60, 20, 180), (150, 40, 60, 20, 180)), TIMES))
    assert row.power_then.value == pytest.approx(6)
    error = math.sqrt(1 / 40 + 1 / 60 + 1 / 20 + 1 / 180)
    assert row.power_then.low == pytest.approx(6 * math.exp(-1.95996 * error), rel=1e-4)
    assert row.power_then.n == 100
    assert row.power_q == pytest.approx(1)
    assert row.trend is Trend.STEADY


def test_a_criterion_that_tells_nothing_any_more_has_lost_its_power():
    row = one(drift.drifts(scored((50, 40, 60, 20, 180), (150, 10, 90, 20, 180)), TIMES))
    assert row.trend is Trend.LOST
    assert row.power_now.low < 1 < row.power_now.high
    assert row.power_q < 0.001


def test_a_criterion_that_begins_to_tell_has_gained():
    assert one(drift.drifts(scored((50, 10, 90, 20, 180), (150, 40, 60, 20, 180)), TIMES)).trend is Trend.GAINED


def test_for_a_criterion_that_costs_points_power_is_to_speak_against():
    found = scored((50, 5, 95, 60, 140), (150, 30, 70, 60, 140), points=-10.0)
    assert one(drift.drifts(found, TIMES)).trend is Trend.LOST


def test_a_criterion_that_far_more_entries_have_is_more_frequent():
    row = one(drift.drifts(scored((50, 10, 20, 90, 180), (150, 30, 60, 70, 140)), TIMES))
    assert row.trend is Trend.MORE
    assert (row.then.value, row.now.value) == (0.1, 0.3)
    assert one(drift.drifts(scored((50, 30, 60, 70, 140), (150, 10, 20, 90, 180)), TIMES)).trend is Trend.RARER


def test_an_index_that_few_entries_reach_by_chance_is_no_change():
    row = one(drift.drifts(scored((50, 1, 2, 4, 13), (150, 3, 3, 4, 10)), TIMES))
    assert row.psi > drift.MODERATE
    assert row.psi_q > drift.LEVEL
    assert row.trend is Trend.FEW


def test_a_difference_that_is_sure_but_small_is_no_drift():
    row = one(drift.drifts(scored((50, 1000, 1000, 4000, 4000), (150, 1200, 1200, 3800, 3800)), TIMES))
    assert row.psi_q < drift.LEVEL
    assert row.psi < drift.MODERATE
    assert row.trend is Trend.STEADY


def test_of_few_sqls_power_isn_t_compared():
    row = one(drift.drifts(scored((50, 4, 96, 0, 100), (150, 0, 100, 4, 96)), TIMES))
    assert row.power_q is None
    assert row.trend is Trend.FEW
    assert row.power_then.value == pytest.approx(4.5 * 100.5 / (96.5 * 0.5))


def test_without_any_sql_there_is_no_power():
    row = one(drift.drifts(scored((50, 0, 50, 0, 50), (150, 0, 50, 0, 50)), TIMES))
    assert row.power_then.value is None


def test_the_index_of_unchanged_counts_is_nothing():
    assert drift.stability(np.array([50.0, 50.0]), np.array([50.0, 50.0])) == (0, 1)


def test_the_index_is_as_it_is_defined():
    psi, _ = drift.stability(np.array([9000.0, 1000.0]), np.array([8000.0, 2000.0]))
    assert psi == pytest.approx(0.1 * math.log(2) - 0.1 * math.log(0.8 / 0.9), rel=1e-3)


def test_chances_of_the_index_are_right_where_nothing_changed():
    rng = np.random.default_rng(5)
    shares = np.full(10, 0.1)
    chances = [drift.stability(rng.multinomial(400, shares).astype(float), rng.multinomial(150, shares).astype(float))[1]
               for _ in range(400)]  # fmt: skip
    assert np.mean(np.array(chances) < 0.05) == pytest.approx(0.05, abs=0.03)


@pytest.mark.parametrize(("value", "freedom", "chance"), [(3.841, 1, 0.05), (5.991, 2, 0.05), (16.919, 9, 0.05), (0.0, 3, 1.0)])
def test_chances_are_those_of_the_tables(value, freedom, chance):
    assert drift._chance(value, freedom) == pytest.approx(chance, abs=1e-4)  # noqa: SLF001


def test_adjusted_chances_keep_their_order_and_never_shrink():
    chances = [0.001, 0.2, 0.03, 0.9, 0.04]
    found = drift.adjusted(chances)
    assert found == pytest.approx([0.005, 0.25, 0.2 / 3, 0.9, 0.2 / 3])


def test_a_criterion_that_a_definition_lacked_then_is_compared_over_the_entries_that_have_it():
    found = scored((50, 10, 20, 90, 180), (150, 30, 60, 70, 140))
    points = np.where((found.entered == 50).reshape(-1, 1), np.nan, found.points)
    row = one(drift.drifts(Scored(found.criteria, points, found.score, found.entered, found.judged, found.sql), TIMES))
    assert row.then.value is None
    assert row.psi == 0
    assert row.trend is Trend.FEW


def test_scores_that_have_moved_show_in_their_index():
    same = drift.drifts(scored((50, 40, 60, 20, 180), (150, 40, 60, 20, 180)), TIMES)
    assert (same.score_psi, same.score_p) == (0, 1)
    moved = drift.drifts(scored((50, 40, 60, 20, 180), (150, 80, 120, 0, 100)), TIMES)
    assert moved.score_psi > drift.LARGE
    assert moved.score_p < 1e-6


def test_power_is_judged_by_the_last_quarter_that_is_old_enough():
    begin, end, until = 1000 * DAY, 1030 * DAY, 1040 * DAY
    when = drift.times(begin, end, until, 60.0)
    assert (when.now_at, when.now_end_at, when.then_at, when.then_end_at) == (begin, end, begin - 365 * DAY, begin)
    assert when.judged_end_at == 980 * DAY
    assert when.judged_at == (980 - 91) * DAY
    assert when.judged_from_at == (980 - 91 - 365) * DAY

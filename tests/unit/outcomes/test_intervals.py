"""Intervals against published ones, and by what must hold of any."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadline.outcomes import intervals


@pytest.mark.parametrize(
    ("hits", "of", "low", "high"),
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_shares_have_the_intervals_that_newcombe_1998_lists(hits, of, low, high):
    assert intervals.wilson(hits, of)[1:3] == pytest.approx((low, high), abs=5e-5)


@given(st.integers(0, 500), st.integers(1, 500))
def test_the_interval_of_a_share_holds_it_and_stays_between_none_and_all(hits, more):
    share = intervals.wilson(hits, hits + more)
    assert 0 <= share.low <= share.value <= share.high <= 1
    assert share.low < share.high
    mirrored = intervals.wilson(more, hits + more)
    assert (1 - mirrored.high, 1 - mirrored.low) == pytest.approx((share.low, share.high))


def test_nothing_is_known_of_none():
    assert all(math.isnan(figure) for figure in intervals.wilson(0, 0)[:3])
    assert all(math.isnan(figure) for figure in intervals.median(np.array([np.nan]))[:3])
    assert math.isnan(intervals.rate(3, 0).value)
    assert intervals.total(np.array([np.nan]))[::3] == (0.0, 0)


def test_the_interval_of_a_sum_is_about_that_of_its_normal_approximation():
    values = np.random.default_rng(5).gamma(2.0, 100.0, 400)
    found, half = intervals.total(values), intervals.Z * math.sqrt((values**2).sum())  # each case comes once, give or take one
    assert found.value == pytest.approx(values.sum())
    assert (found.low, found.high) == pytest.approx((found.value - half, found.value + half), rel=0.02)
    assert found.n == 400


def test_sums_over_the_same_cases_are_drawn_alike_and_again():
    values = np.array([100.0, 50.0, 20.0, 10.0] * 10)
    some = np.where(np.arange(40) % 2 == 0, values, np.nan)
    assert intervals.total(values) == intervals.total(values)
    one, three = intervals.total(some), intervals.total(3 * some)
    assert three[:3] == pytest.approx([3 * figure for figure in one[:3]])
    assert one.n == three.n == 20
    same = intervals.total(values - values)
    assert same[:3] == (0.0, 0.0, 0.0)  # whoever catches the same deals differs by nothing, however many there might have been


def test_many_rows_at_once_are_as_each_alone():
    rows = np.random.default_rng(3).gamma(2.0, 10.0, (3, 30))
    rows[1, 5:] = np.nan
    rows[2] = np.nan
    together = intervals.totals(rows)
    for row, found in zip(rows, together, strict=True):
        assert found == pytest.approx(tuple(intervals.total(row)), nan_ok=True)
    assert intervals.totals(np.zeros((2, 0)))[1].n == 0


def test_very_many_cases_are_drawn_in_parts():
    many = np.ones(20_000)
    found = intervals.total(many)
    assert found.value == 20_000
    assert found.low == pytest.approx(20_000 - 1.96 * math.sqrt(20_000), rel=0.002)


def test_a_median_of_few_has_no_interval():
    assert intervals.median(np.array([3.0, 1.0, 2.0, 5.0, 4.0]))[0] == 3
    assert math.isnan(intervals.median(np.arange(5.0)).low)
    assert intervals.median(np.arange(6.0))[1:3] == (0, 5)


def test_intervals_of_medians_hold_as_often_as_they_say():
    drawn = np.random.default_rng(9).exponential(size=(2000, 21))
    found = [intervals.median(row) for row in drawn]
    assert 0.94 < np.mean([one.low <= math.log(2) <= one.high for one in found]) < 0.985


@pytest.mark.parametrize(("count", "low", "high"), [(0, 0.0, 3.689), (1, 0.025, 5.572), (10, 4.795, 18.39), (100, 81.36, 121.63)])
def test_counts_have_intervals_close_to_the_exact_ones(count, low, high):
    found = intervals.rate(count, 1)
    assert (found.value, found.n) == (count, count)
    assert (found.low, found.high) == pytest.approx((low, high), rel=0.03, abs=0.02)

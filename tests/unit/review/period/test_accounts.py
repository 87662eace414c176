"""Accounts ranked: what counts is told plainly, and more of it never ranks lower."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.review.period.made import activity, day, deal, entered, label, material, outcomes

from leadline.review.period import accounts

DEALS = [deal(10 + at, person=50 + at, account=50 + at, closed=60, won=True, amount=1000.0 if at < 5 else 100.0) for at in range(10)]
LARGE, SMALL = 0, 1


def made(segment=(LARGE, SMALL, SMALL), **given):
    happened = outcomes(DEALS)
    n = len(segment)
    found = activity(account=np.arange(n), segment=label("account.size", segment, "large", "small"), **given)
    wins = np.array([LARGE] * 5 + [SMALL] * 5)
    return material(entered([], happened), happened, activity=found, wins_segment=wins)


def order(found) -> list[str]:
    return [row.account_id for row in accounts.ranked(found, day(120)).rows]


def test_potential_is_what_its_segment_brought_drawn_to_the_mean_of_all():
    rows = {row.account_id: row for row in accounts.ranked(made(), day(120)).rows}
    assert (rows["a0"].potential, rows["a1"].potential) == (pytest.approx((5000 + 5 * 550) / 10), pytest.approx((500 + 5 * 550) / 10))


def test_fit_scales_potential():
    rows = {row.account_id: row for row in accounts.ranked(made(fit=np.array([40.0, 20.0, -5.0])), day(120)).rows}
    assert rows["a1"].potential == pytest.approx(325 / 2)
    assert rows["a2"].potential is None


def test_engagement_and_velocity_rank_what_is_otherwise_alike():
    assert order(made((SMALL,) * 3, engagement=np.array([1.0, 30.0, 2.0])))[0] == "a1"
    assert order(made((SMALL,) * 3, recent=np.array([5, 5, 9]), earlier=np.array([5, 9, 1])))[0] == "a2"


def test_what_leads_everywhere_is_first_with_index_one():
    found = made(engagement=np.array([9.0, 1.0, 1.0]), recent=np.array([9, 1, 1]))
    first = accounts.ranked(found, day(120)).rows[0]
    assert (first.account_id, first.index) == ("a0", pytest.approx(1))


def test_customers_and_open_deals_are_marked():
    found = made(customer=np.array([True, False, False]), open_deal=np.array([False, True, False]))
    rows = {row.account_id: row for row in accounts.ranked(found, day(120)).rows}
    assert (rows["a0"].customer, rows["a1"].open_deal, rows["a2"].customer) == (True, True, False)


def test_nobody_is_ranked_where_nobody_was_active():
    found = accounts.ranked(made(()), day(120))
    assert (found.of, found.rows, found.by) == (0, (), "")


@given(st.lists(st.tuples(st.integers(0, 50), st.integers(1, 20), st.integers(0, 20)), min_size=2, max_size=12), st.integers(0, 11))
def test_more_engagement_never_ranks_lower(rows, at):
    at %= len(rows)
    engagement, recent, earlier = (np.array(column) for column in zip(*rows, strict=True))
    segment = tuple(one % 2 for one in range(len(rows)))
    before = made(segment, engagement=engagement.astype(float), recent=recent, earlier=earlier)
    raised = engagement.astype(float)
    raised[at] += 25
    after = made(segment, engagement=raised, recent=recent, earlier=earlier)
    assert order(after).index(f"a{at}") <= order(before).index(f"a{at}")

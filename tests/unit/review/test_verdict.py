"""What a plan comes to, in words."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.unit.outcomes.worlds import deal
from tests.unit.review.lives import setting, side

from leadline.review import plan, verdict
from leadline.review.model import Choice, Figure
from leadline.review.overlap import Ids
from leadline.review.plan import Question
from leadline.review.sweep import Swept

ACME = 7
IDS = Ids({code: f"p{code}" for code in range(200)}, {ACME: "acme"})


def told(old_takes, new_takes, *, amounts=100.0, currency="EUR", recorded=False):
    """Return the verdict on sides that enter some people, of whom one to twenty buy."""
    within = setting(
        *(deal(150 + at, person=at, closed=200 + at, won=True, amount=amounts, currency=currency) for at in range(1, 21)), currency=currency
    )
    rows = [[(person, ACME, 110 + person / 100, 140) for person in people] for people in (old_takes, new_takes)]
    old = side("recorded" if recorded else "old", rows[0], within)
    return plan.compare(Question(old, side("new", rows[1], within), within, IDS)).verdict


def test_a_side_that_catches_clearly_more_wins_and_the_workload_is_told():
    found = told(range(1, 6), range(1, 21))
    assert found.choice is Choice.NEW
    assert found.revenue.value == 1500
    assert found.revenue.n == 15
    assert found.sentence == (
        "The new definition catches more revenue than the old definition: EUR 2,000 instead of EUR 500, of EUR 2,000 won "
        f"(the difference lies between EUR +{found.revenue.low:,.0f} and EUR +{found.revenue.high:,.0f}). "
        "The new definition makes 1.4 entries a week instead of 0.3 (+300%)."
    )


def test_catching_less_is_said_too():
    found = told(range(1, 21), range(1, 6), recorded=True)
    assert found.choice is Choice.OLD
    assert found.sentence.startswith("The new definition catches less revenue than what the CRM recorded: EUR 500 instead of EUR 2,000,")
    assert found.sentence.endswith("instead of 1.4 (−75%).")


def test_few_deals_decide_nothing():
    found = told(range(1, 16), range(1, 21))
    assert found.choice is Choice.UNCLEAR
    assert found.sentence.startswith(
        "The history can't tell which catches more revenue: of EUR 2,000 won the new definition catches EUR 2,000, "
        "the old definition EUR 1,500 (only 5 deals caught by one of them alone)."
    )


def test_deals_on_both_sides_that_may_balance_decide_nothing():
    found = told(range(1, 11), range(8, 21))
    assert found.choice is Choice.UNCLEAR
    assert "the difference lies between EUR −" in found.sentence


def test_sides_that_do_the_same_are_told_apart_from_sides_of_which_nothing_is_known():
    assert told(range(1, 21), range(1, 21)).choice is Choice.SAME
    found = told(range(30, 60), range(30, 61), amounts=float("nan"))
    assert found.choice is Choice.UNCLEAR
    within = setting()
    nothing = plan.compare(Question(side("old", [], within), side("new", [(1, ACME, 110, 120)], within), within, IDS)).verdict
    assert nothing.sentence.startswith(
        "No deal was won in this window, so nobody can tell which catches more. The new definition makes 0.1"
    )


def test_without_amounts_deals_are_counted():
    found = told(range(1, 6), range(1, 21), amounts=float("nan"))
    assert found.choice is Choice.NEW
    assert "catches more deals than" in found.sentence
    assert "20 deals instead of 5 deals, of 20 deals won" in found.sentence


def test_money_may_have_no_currency():
    found = told(range(1, 6), range(1, 21), currency="")
    assert "catches more revenue than the old definition: 2,000 instead of 500, of 2,000 won" in found.sentence


def test_a_workload_that_hardly_changes_is_called_the_same():
    found = told(range(1, 100), range(1, 106))
    assert "The workload stays about the same: 7.3 entries a week, so far 6.9." in found.sentence


def test_entries_a_week_differ_only_by_those_whom_one_side_takes():
    found = told(range(1, 100), range(1, 104)).per_week
    assert found.value == pytest.approx(4 / (100 / 7))
    assert found.n == 4
    assert found.low is not None
    assert found.low == pytest.approx((4 - 1.96 * 2) / (100 / 7))


def test_what_another_line_would_catch_at_the_old_workload_is_told():
    within = setting(*(deal(150 + at, person=at, closed=200 + at, won=True) for at in range(1, 21)))
    many, few, others = ([(at, ACME, 110, 120) for at in numbers] for numbers in (range(1, 21), range(1, 11), range(11, 20)))
    old, new = side("old", few, within), side("new", many, within)
    steps = ((60.0, new.entries), (80.0, side("new", others, within).entries))
    found = plan.compare(Question(old, new, within, IDS, swept=Swept("mql", "score", 60.0, 60.0, steps)))
    assert found.verdict.sentence.endswith(
        " With its line at 80 it would make about as many entries as the old definition and catch EUR 900."
    )


def test_the_sign_of_an_interval_decides():
    within = setting()
    nobody = plan.compare(Question(side("old", [], within), side("new", [(1, ACME, 110, 120)], within), within, IDS))
    sides = nobody.old, nobody.new
    assert verdict.choose(*sides, Figure(5, 1, 9, 10)) is Choice.NEW
    assert verdict.choose(*sides, Figure(-5, -9, -1, 10)) is Choice.OLD
    assert verdict.choose(*sides, Figure(5, 0, 9, 10)) is Choice.UNCLEAR
    assert verdict.choose(*sides, Figure(5, 1, 9, 5)) is Choice.UNCLEAR
    assert verdict.choose(nobody.old, replace(nobody.old, name="new"), Figure(0, None, None, 0)) is Choice.SAME

"""The headline claims only what lies beyond the intervals."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.unit.review.period import blank

from leadline.outcomes.model import Stage
from leadline.review.model import Figure
from leadline.review.period import headline, model
from leadline.review.period.model import Bottleneck, Kind, Step

MANY, FEW = Figure(40.0, 35.0, 45.0, 160), Figure(20.0, 16.0, 24.0, 80)


def reported(*, now=MANY, before=MANY, kind=Kind.MONTH, **given):
    cohorts = [
        blank.blank(model.Cohort, period=replace(blank.PERIOD, name=name), entries=n) for name, n in (("August", 80), ("September", 160))
    ]
    funnel = blank.blank(model.Funnel, cohorts=tuple(cohorts), per_week=now, per_week_before=before)
    return blank.report(funnel=funnel, period=replace(blank.PERIOD, name="September", kind=kind), **given)


@pytest.mark.parametrize(
    ("now", "before", "says"),
    [
        (MANY, FEW, "160 MQLs in September, more than in August (80)"),
        (FEW, MANY, "160 MQLs in September, fewer than in August (80)"),
        (MANY, Figure(36.0, 31.0, 41.0, 90), "160 MQLs in September, about as many as in August (80)"),
        (MANY, blank.NONE, "160 MQLs in September, about as many as in August (80)"),
    ],
)
def test_more_and_fewer_are_said_of_intervals_that_part(now, before, says):
    assert headline.sentence(reported(now=now, before=before)).startswith(says)


@pytest.mark.parametrize(
    ("money", "says"),
    [
        ({"all_deals": 0}, "Nothing was won in September."),
        ({"all_deals": 5, "deals": 3}, "3 of 5 deals won came from MQLs."),
        ({"all_deals": 5, "deals": 0}, "None of 5 deals won came from MQLs."),
        ({"all_deals": 5, "deals": 3, "revenue": Figure(1200.0, 0.0, 2000.0, 3)}, "MQLs brought EUR 1,200 in 3 of 5 deals won."),
    ],
)
def test_revenue(money, says):
    assert headline.sentence(reported(currency="EUR", money=blank.blank(model.Money, **money))).endswith(says)


def test_a_narrow_step_is_said():
    step = blank.blank(Step, start="accepted", stage=Stage.SQL, now=Figure(0.2, 0.1, 0.3, 90), past=Figure(0.4, 0.35, 0.45, 300))
    told = headline.sentence(reported(bottleneck=Bottleneck((step,), Stage.SQL)))
    assert "The step from accepted to SQL has become narrow: 20 % instead of 40 %." in told


@pytest.mark.parametrize(("share", "place"), [(0.1, "below"), (0.25, "within"), (0.4, "above")])
def test_the_audit_score_is_said_against_the_own_past(share, place):
    audit = blank.blank(model.Audit, now=Figure(share, share - 0.05, share + 0.05, 100), low=0.2, median=0.25, high=0.3)
    assert f"become SQLs, {place} your usual 20 % to 30 %" in headline.sentence(reported(audit=audit))


def test_of_a_week_what_is_overdue_is_said_and_revenue_is_not():
    due = (blank.blank(model.Due, code="unsigned", says="sales has not signed."),)
    told = headline.sentence(reported(kind=Kind.WEEK, due=due))
    assert told.endswith("Overdue in the agreement: 1.")
    assert "won" not in told

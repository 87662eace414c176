"""Targets of the agreement, and what is overdue in it."""

from __future__ import annotations

import pytest
from tests.unit.review.period.made import entered, material, outcomes

from leadline.errors import Place, Problem, Severity
from leadline.outcomes.model import Said
from leadline.review.model import Figure
from leadline.review.period import due
from leadline.review.period.model import Met

AUDIT, PAST = Figure(0.2, 0.15, 0.26, 90), Figure(0.3, 0.2, 0.4, 80)
ROWS = [(1, 1, 95, 99), (2, 2, 100, 300), (3, 3, 110, 300), (4, 4, 65, 300)]


def told(**targets):
    happened = outcomes((), [(1, 96, Said.SQL), (2, 101, Said.ACCEPTED)])
    return {one.name: one for one in due.targets(material(entered(ROWS, happened), happened, targets=targets), AUDIT, PAST)}


@pytest.mark.parametrize(
    ("figure", "low", "high", "met"),
    [
        (Figure(0.2, 0.1, 0.3, 50), 0.15, 0.3, Met.YES),
        (Figure(0.1, 0.05, 0.2, 50), 0.15, 0.3, Met.UNCLEAR),
        (Figure(0.1, 0.05, 0.14, 50), 0.15, 0.3, Met.NO),
        (Figure(0.4, 0.35, 0.45, 50), 0.15, 0.3, Met.NO),
        (Figure(40.0, 30, 50, 50), 25.0, None, Met.YES),
        (Figure(20.0, 12, 24, 50), 25.0, None, Met.NO),
        (Figure(20.0, 12, 26, 50), 25.0, None, Met.UNCLEAR),
        (Figure(None, None, None, 0), 25.0, None, Met.UNKNOWN),
    ],
)
def test_met(figure, low, high, met):
    assert due.met(figure, low, high) is met


def test_targets_are_measured_by_their_names():
    found = told(mql_per_week=1.0, mql_to_sql=(0.15, 0.3), mql_to_accepted=0.5, sql_per_month=1.0, weather=3.0)
    assert found["mql_per_week"].figure.value == pytest.approx(3 * 7 / 30)
    assert found["mql_per_week"].figure_before.value == pytest.approx(7 / 31)  # of March
    assert (found["mql_to_sql"].figure, found["mql_to_sql"].figure_before) == (AUDIT, PAST)
    assert found["mql_to_accepted"].figure.n == 2
    assert found["sql_per_month"].figure.value == pytest.approx(365 / 12 / 30)
    assert found["weather"].met is Met.UNKNOWN


def test_a_pair_is_a_span_and_a_number_the_least():
    found = told(mql_to_sql=(0.15, 0.3), mql_per_week=25.0)
    assert (found["mql_to_sql"].low, found["mql_to_sql"].high) == (0.15, 0.3)
    assert (found["mql_per_week"].low, found["mql_per_week"].high) == (25.0, None)


def test_what_is_overdue_keeps_its_place_and_its_remedy():
    problem = Problem("overdue-review", Place("definition.yaml", 8, "agreement"), "the review was due.", "Sign anew.", Severity.WARNING)
    (found,) = due.due([problem])
    assert (found.code, found.where, found.says, found.fix) == (
        "overdue-review", "definition.yaml:8 agreement", "the review was due.", "Sign anew.")  # fmt: skip

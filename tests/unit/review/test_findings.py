"""The sentences above pictures and tables: they claim what the figures say, and no more."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.unit.review import reports

from leadline.review import findings
from leadline.review.model import Figure, PlanReport, Stage


def with_rates(old: float, new: float) -> PlanReport:
    """Return the report with other entries a week."""
    found = reports.full()
    sides = [
        replace(side, total=replace(side.total, per_week=Figure(value, None, None, 9)))
        for side, value in ((found.old, old), (found.new, new))
    ]
    return replace(found, old=sides[0], new=sides[1])


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        (20.0, 10.0, "10.0 entries a week instead of 20.0: 50 % fewer"),
        (10.0, 15.0, "15.0 entries a week instead of 10.0: 50 % more"),
        (10.0, 25.0, "25.0 entries a week instead of 10.0: 2.5 times as many"),
        (10.0, 10.2, "About as many entries as before: 10.2 a week, 10.0 by the old one"),
        (0.0, 3.0, "3.0 entries a week by the new definition, 0.0 by the old one"),
    ],
)
def test_volume_is_told_as_people_tell_it(old, new, says):
    assert findings.entries(with_rates(old, new)) == says


def test_conversion_says_when_the_intervals_overlap_and_when_nothing_can_be_compared():
    found = reports.full()
    assert "overlap" not in findings.conversion(found)
    wide = tuple(replace(part, rate=replace(part.rate, low=0.1, high=0.5)) for part in found.new.total.conversion)
    assert findings.conversion(replace(found, new=replace(found.new, total=replace(found.new.total, conversion=wide)))).endswith("overlap")
    assert findings.conversion(reports.empty()).startswith("Too few")


def test_a_teams_weeks_name_how_often_it_is_too_much():
    load = reports.full().new.loads[1]
    assert findings.workload("sdr", replace(load, weeks_over=4), replace(load, weeks_over=2)) == (
        "sdr can take 18 a week: more come in 2 of 53 weeks by the new definition, in 4 by the old one"
    )
    assert (
        findings.workload("sdr", replace(load, weeks_over=0), replace(load, weeks_over=0)) == "sdr can take 18 a week, and never gets more"
    )
    assert findings.workload("", None, replace(load, capacity=())) == "everybody who works leads: no capacity is stated"


def test_a_sweep_says_from_where_the_team_can_keep_up():
    found = reports.full().sweep
    assert found is not None
    assert findings.sweep(found).endswith("sdr can keep up from 40")
    assert findings.sweep(replace(found, capacity_per_week=500.0, capacity_line=None)).endswith("sdr can keep up at every line")
    assert findings.sweep(replace(found, capacity_per_week=0.1, capacity_line=None)).endswith("sdr can keep up at none")
    assert "keep up" not in findings.sweep(replace(found, capacity_per_week=None, capacity_line=None))


def test_curves_are_compared_on_the_last_day_that_both_were_watched():
    found = reports.full()
    short = tuple(replace(curve, points=curve.points[:4]) for curve in found.new.total.curves)
    cut = replace(found, new=replace(found.new, total=replace(found.new.total, curves=short)))
    sql = short[1].points[-1]
    assert f"within {sql.days:.0f} days" in findings.curves(cut, Stage.SQL)
    assert f"{sql.share:.0%}".replace("%", " %") in findings.curves(cut, Stage.SQL)
    assert findings.curves(reports.empty(), Stage.WON) == "Won"

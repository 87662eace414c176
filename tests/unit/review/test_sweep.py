"""The line, moved."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.outcomes.worlds import deal
from tests.unit.review.lives import WINDOW, entered, setting, side

from leadline.review import sweep
from leadline.review.sweep import Swept
from leadline.review.workload import Rep

ACME = 7
WEEKDAYS = (0, 1, 2, 3, 4)


def people(n, first=1):
    return [(person, ACME, 110, 120) for person in range(first, first + n)]


@given(
    st.floats(-1000, 1000).map(lambda line: round(line, 2)), st.lists(st.floats(-1000, 1000).map(lambda line: round(line, 1)), max_size=2)
)
def test_lines_rise_hold_the_given_ones_and_are_about_twenty(proposed, also):
    found = sweep.lines(proposed, also)
    assert found == sorted(set(found))
    assert {proposed, *also} <= set(found)
    assert 8 <= len(found) <= sweep.MOST_STEPS + 5


def test_lines_are_round_and_reach_from_half_to_half_as_much_again():
    assert sweep.lines(75, [50]) == [40, 45, 50, 55, 60, 65, 70, 75, 80, 85, 90, 95, 100, 105, 110]
    assert sweep.lines(0.5, [])[:3] == [0.25, 0.275, 0.3]


def test_each_line_has_its_entries_deals_and_load_and_the_lines_that_matter_are_marked():
    within = setting(deal(150, person=1, closed=160, won=True, amount=10), deal(150, person=8, closed=160, won=True, amount=20))
    old = side("old", people(3), within)
    new = side("new", people(2), within, ("mql", "hot"), {"mql": "sdr", "hot": "ae"})
    hot = [(30, ACME, 110, 120, 1)]
    tried = (
        (40.0, entered([*people(10), *hot], within)),
        (50.0, entered([*people(4), *hot], within)),
        (60.0, entered([*people(2), *hot], within)),
    )
    reps = [Rep("sdr", 4 / WINDOW.weeks, WEEKDAYS)]
    found = sweep.sweep(Swept("mql", "score", 55.0, 60.0, tried), old, new, reps, within)
    assert [(step.line, step.entries, step.won, step.revenue.value) for step in found.steps] == [
        (40, 11, 2, 30),
        (50, 5, 1, 10),
        (60, 3, 1, 10),
    ]
    assert [step.load_per_week for step in found.steps] == pytest.approx([10 / WINDOW.weeks, 4 / WINDOW.weeks, 2 / WINDOW.weeks])
    assert (found.current, found.proposed, found.team, found.capacity_per_week) == (55, 60, "sdr", 4 / WINDOW.weeks)
    assert (found.capacity_line, found.equal_line) == (50, 60)
    step = found.at(50)
    assert step is found.steps[1]
    assert found.at(None) is None


def test_a_capacity_that_never_or_always_suffices_marks_no_line():
    within = setting()
    old, new = side("old", people(10), within), side("new", people(2), within)
    swept = Swept("mql", "score", None, 60.0, ((50.0, entered(people(4), within)), (60.0, entered(people(2), within))))
    for capacity in (1000.0, 0.0, None):
        found = sweep.sweep(swept, old, new, [Rep("sdr", capacity, WEEKDAYS)], within)
        assert found.capacity_line is None
        assert found.equal_line is None  # four are not nearly ten

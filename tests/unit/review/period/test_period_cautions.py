"""What a review warns of, and nothing where there is nothing to warn of."""

from __future__ import annotations

import pytest
from tests.unit.review.period.made import deal, entered, material, month, outcomes

from leadline.review.period import cautions, velocity

ROWS = [(at, at, at, at + 30) for at in range(1, 190)]


def told(deals, rows=ROWS, until=200.0):
    happened = outcomes(deals, until=until)
    found = material(entered(rows, happened), happened, month(151, 181, until))
    return found, {caution.code: caution.says for caution in cautions.cautions(found)}


def won(at, took=20.0, *, lost=False):
    return deal(at + 2, person=at, account=at, closed=at + 2 + took, won=not lost)


def test_of_a_whole_record_there_is_nothing_to_say():
    assert told([won(at, lost=at % 2 == 0) for at in range(3, 170)])[1] == {}


def test_wins_that_begin_long_after_people_entered_are_a_gap_in_the_record():
    _, says = told([won(at, lost=at % 2 == 0) for at in range(100, 170)])
    assert "wins-begin-late" in says
    assert "No win is recorded before 2026-05-04" in says["wins-begin-late"]


@pytest.mark.parametrize("took", [0.01, 20.0])
def test_deals_recorded_only_once_they_are_won_tell_no_velocity(took):
    found, says = told([won(at, took) for at in range(3, 170)])
    assert "only-wins" in says
    assert velocity.velocity(found) is None


def test_few_wins_tell_of_no_gap():
    assert "wins-begin-late" not in told([won(at, lost=at < 165) for at in range(150, 170)])[1]

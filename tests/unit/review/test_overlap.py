"""Whom both sides take, and whom only one."""

from __future__ import annotations

from tests.unit.outcomes.worlds import deal
from tests.unit.review.lives import IDS, days, entered, setting

from leadline.outcomes.model import Said, Stage
from leadline.review import overlap

ANNA, BEN, CARL, DORA = 1, 2, 3, 4
ACME, BIRCH = 7, 8


def test_people_stand_in_the_cell_of_the_sides_that_they_enter_by():
    within = setting()
    old = entered([(ANNA, ACME, 110, 120), (ANNA, ACME, 130, 140), (BEN, ACME, 110, 120), (DORA, ACME, 90, 130)], within)
    new = entered([(ANNA, ACME, 115, 140), (CARL, ACME, 110, 120), (DORA, ACME, 120, 130)], within)
    both, only_old, only_new = overlap.cells(old, new, within, IDS)
    assert [(cell.name, cell.people, cell.old_entries, cell.new_entries) for cell in (both, only_old, only_new)] == [
        ("both", 1, 2, 1), ("only_old", 1, 1, 0), ("only_new", 2, 0, 2),
    ]  # fmt: skip
    assert both.earlier_days == -5
    assert (only_old.already, only_new.already) == (0, 1)  # Dora was inside by the old side when the window began
    assert [(one.person_id, one.account_id) for one in only_new.entrants] == [("p3", "a7"), ("p4", "a7")]
    (anna,) = both.entrants
    assert days([anna.old_entered_at, anna.new_entered_at]) == [110, 115]
    assert only_old.entrants[0].new_entered_at is None


def test_deals_stand_in_the_cell_of_the_sides_that_catch_them_and_people_with_the_most_money_come_first():
    within = setting(
        deal(150, person=ANNA, closed=160, won=True, amount=10),
        deal(151, person=CARL, closed=160, won=True, amount=20),
        deal(152, account=BIRCH, closed=160, won=True, amount=40),  # by Ben for the old side, by Dora for the new one
    )
    old = entered([(ANNA, ACME, 110, 120), (BEN, BIRCH, 110, 120)], within)
    new = entered([(ANNA, ACME, 110, 120), (CARL, ACME, 120, 130), (DORA, BIRCH, 130, 135)], within)
    both, only_old, only_new = overlap.cells(old, new, within, IDS)
    assert [(cell.won, cell.revenue.value) for cell in (both, only_old, only_new)] == [(2, 50), (0, 0), (1, 20)]
    assert [(one.person_id, one.won, one.revenue) for one in only_new.entrants] == [("p4", 1, 40), ("p3", 1, 20)]
    assert [(one.person_id, one.won, one.revenue) for one in only_old.entrants] == [("p2", 1, 40)]


def test_the_conversion_of_a_cell_is_that_of_its_own_entries():
    within = setting(said=[(BEN, 112, Said.ACCEPTED), (ANNA, 112, Said.REJECTED, "no")])
    old, new = entered([(ANNA, ACME, 110, 120), (BEN, ACME, 110, 120)], within), entered([(ANNA, ACME, 111, 120)], within)
    both, only_old, only_new = overlap.cells(old, new, within, IDS)
    rates = [next(item.rate for item in cell.conversion if item.stage is Stage.ACCEPTED) for cell in (both, only_old, only_new)]
    assert [(rate.value, rate.n) for rate in rates] == [(0, 1), (1, 1), (None, 0)]


def test_sides_without_entries_have_empty_cells():
    within = setting()
    nobody = entered([], within)
    assert all(cell.people == 0 and cell.entrants == () for cell in overlap.cells(nobody, nobody, within, IDS))

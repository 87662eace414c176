"""Entries by an attribute at entry."""

from __future__ import annotations

from tests.unit.outcomes.worlds import deal, whole
from tests.unit.review.lives import setting, side

from leadline.outcomes.model import NONE, Said
from leadline.review import breakdown
from leadline.review.breakdown import Labels

ANNA, BEN, CARL = 1, 2, 3
ACME = 7


def test_rows_hold_both_sides_the_largest_first_and_the_unknown_last():
    within = setting(
        deal(150, person=ANNA, closed=160, won=True, amount=10),
        deal(151, person=BEN, closed=160, won=True, amount=20),
        said=[(ANNA, 112, Said.SQL), (CARL, 112, Said.REJECTED, "no")],
    )
    old = side("old", [(ANNA, ACME, 110, 120), (BEN, ACME, 90, 95), (CARL, ACME, 110, 120), (CARL, ACME, 130, 140)], within)
    new = side("new", [(ANNA, ACME, 110, 120)], within)
    source = Labels("person.source", True, ("web", "fair"), whole([0, 1, NONE, NONE]), whole([1]))
    by_source, by_track = breakdown.breakdown(old, new, [source], within)
    assert (by_source.by, by_source.undated) == ("person.source", True)
    rows = {row.label: row for row in by_source.rows}
    assert list(rows) == ["web", "fair", "unknown"]
    assert (rows["web"].old.entries, rows["web"].new.entries, rows["web"].old.won, rows["web"].old.revenue.value) == (1, 0, 1, 10)
    assert (rows["fair"].old.entries, rows["fair"].new.entries) == (0, 1)
    assert (rows["fair"].old.won, rows["fair"].new.won) == (1, 1)  # Ben entered before the window, and his deal is still caught
    assert (rows["unknown"].old.entries, rows["unknown"].old.people) == (2, 1)
    assert (rows["web"].old.sql.value, rows["web"].old.sql.n) == (1, 1)
    assert (rows["unknown"].old.sql.value, rows["unknown"].old.sql.n) == (0, 1)
    assert (rows["unknown"].new.sql.value, rows["unknown"].new.sql.n) == (None, 0)
    assert [(row.label, row.old.entries, row.new.entries) for row in by_track.rows] == [("mql", 3, 1)]


def test_rare_values_are_taken_together():
    within = setting()
    rows = [(person, ACME, 110, 120) for person in range(1, 31)]
    old, new = side("old", rows, within), side("new", [], within)
    names = tuple(f"campaign {at}" for at in range(20))
    labels = Labels("person.campaign", False, names, whole([*range(20), *range(10)]), whole([]))
    found = breakdown.breakdown(old, new, [labels], within)[0]
    assert len(found.rows) == breakdown.MOST_ROWS + 1
    assert (found.rows[0].label, found.rows[0].old.entries) == ("campaign 0", 2)
    assert (found.rows[-1].label, found.rows[-1].old.entries) == ("other", 30 - 10 * 2 - 2)
    assert sum(row.old.entries for row in found.rows) == 30


def test_an_attribute_of_which_nothing_is_known_is_left_out():
    within = setting()
    old, new = side("old", [(ANNA, ACME, 110, 120)], within), side("new", [], within)
    nothing = Labels("person.source", False, (), whole([NONE]), whole([]))
    assert [found.by for found in breakdown.breakdown(old, new, [nothing], within)] == ["track"]


def test_tracks_are_matched_by_name_whatever_their_order():
    within = setting()
    old = side("old", [(ANNA, ACME, 110, 120, 0), (BEN, ACME, 110, 120, 1)], within, ("hot", "mql"))
    new = side("new", [(ANNA, ACME, 110, 120, 0), (BEN, ACME, 110, 120, 2)], within, ("mql", "hot", "pql"))
    (by_track,) = breakdown.breakdown(old, new, [], within)
    assert {row.label: (row.old.entries, row.new.entries) for row in by_track.rows} == {"mql": (1, 1), "hot": (1, 0), "pql": (0, 1)}

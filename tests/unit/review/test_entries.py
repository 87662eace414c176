"""Which spells are one entry."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.review.lives import WINDOW, days, entered, lives, setting

from leadline.review import entries

ANNA, BEN = 1, 2
ACME = 7


def joined(rows):
    spells = entries.join(lives(rows))
    columns = (spells.person.tolist(), days(spells.entered), days(spells.left), spells.track.tolist())
    return list(zip(*columns, strict=True))


def test_spells_of_a_person_that_overlap_are_one_entry_in_the_track_that_came_first():
    assert joined([(ANNA, ACME, 10, 30, 1), (ANNA, ACME, 20, 40, 0), (BEN, ACME, 35, 50, 0)]) == [(ANNA, 10, 40, 1), (BEN, 35, 50, 0)]


def test_a_short_spell_inside_a_long_one_does_not_end_it():
    assert joined([(ANNA, ACME, 10, 50, 0), (ANNA, ACME, 20, 30, 1), (ANNA, ACME, 40, 60, 1)]) == [(ANNA, 10, 60, 0)]


def test_spells_that_touch_are_one_and_a_gap_makes_two():
    assert joined([(ANNA, ACME, 10, 20, 0), (ANNA, ACME, 20, 30, 1)]) == [(ANNA, 10, 30, 0)]
    assert joined([(ANNA, ACME, 10, 20, 0), (ANNA, ACME, 21, 30, 1)]) == [(ANNA, 10, 20, 0), (ANNA, 21, 30, 1)]


def test_of_tracks_that_begin_at_one_instant_the_most_urgent_gives_the_name():
    assert joined([(ANNA, ACME, 10, 20, 2), (ANNA, ACME, 10, 15, 1)]) == [(ANNA, 10, 20, 1)]


def test_no_spells_are_no_entries():
    assert joined([]) == []


spans = st.lists(st.tuples(st.integers(0, 3), st.just(ACME), st.integers(0, 30), st.integers(1, 12), st.integers(0, 2)), max_size=25).map(
    lambda rows: [(person, account, begin, begin + length, track) for person, account, begin, length, track in rows]
)


@settings(max_examples=80)
@given(spans)
def test_entries_cover_the_days_that_spells_cover_and_never_touch(rows):
    found = joined(rows)
    covered = {(person, day) for person, _, begin, end, _ in rows for day in range(begin, end)}
    assert {(person, day) for person, begin, end, _ in found for day in range(int(begin), int(end))} == covered
    for (one, _, end, _), (other, begin, _, _) in pairwise(found):
        assert one < other or (one == other and end < begin)
    assert {(person, begin, track) for person, begin, _, track in found} <= {(row[0], row[2], row[4]) for row in rows}


def test_entries_of_the_window_are_told_from_others_and_re_entries_from_first_ones():
    found = entered([(ANNA, ACME, 50, 60), (ANNA, ACME, 100, 110), (ANNA, ACME, 200, 210), (BEN, ACME, 199.9, 300)], setting())
    assert found.inside.tolist() == [False, True, False, True]
    assert found.again.tolist() == [False, True, True, False]
    assert found.people().tolist() == [ANNA, BEN]
    assert found.of(np.array([ANNA])).tolist() == [False, True, False, False]
    assert WINDOW.begin_at == found.spells.entered[1]


def test_the_spells_of_a_course_are_those_of_its_tracks():
    hot, mql, cold = (lives(rows) for rows in ([(BEN, ACME, 11, 20)], [(ANNA, ACME, 10, 20), (BEN, ACME, 12, 20)], []))
    found = entries.course([(mql, 1), (cold, 2), (hot, 0)])
    assert (found.person.tolist(), days(found.entered), found.track.tolist()) == ([ANNA, BEN, BEN], [10, 12, 11], [1, 1, 0])
    assert len(entries.course([]).person) == 0


@settings(max_examples=80)
@given(spans)
def test_how_far_spells_reach_is_told_by_all_before(rows):
    spells = lives(sorted(rows))
    found = entries.reach(spells.person, spells.left)
    told = [max(end for other, end in zip(spells.person[: at + 1], spells.left[: at + 1], strict=True) if other == person)
            for at, person in enumerate(spells.person)]  # fmt: skip
    assert found.tolist() == told

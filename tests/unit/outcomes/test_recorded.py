"""The spells that a CRM recorded."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st
from tests.unit.outcomes.worlds import instant, stages

from leadline.engine.rehearsal import STILL
from leadline.outcomes import recorded
from leadline.outcomes.model import Said

LATE = instant(10_000)


def shown(rows, until=LATE):
    found = recorded.spells(stages(rows), until)
    return list(zip(found.person.tolist(), found.entered.tolist(), found.left.tolist(), strict=True))


def test_a_spell_lasts_until_something_ends_it():
    rows = [
        (1, 10, Said.QUALIFIED), (1, 12, Said.ACCEPTED), (1, 20, Said.SQL), (1, 30, Said.OPPORTUNITY), (1, 40, Said.WON),
        (2, 10, Said.QUALIFIED), (2, 15, Said.REJECTED, "x"), (2, 50, Said.QUALIFIED), (2, 60, Said.QUALIFIED),
        (3, 5, Said.SQL), (4, 7, Said.QUALIFIED), (4, 9, Said.ENDED), (5, 8, Said.REJECTED, "x"),
    ]  # fmt: skip
    assert shown(rows) == [
        (1, instant(10), instant(40)), (2, instant(10), instant(15)), (2, instant(50), instant(60)), (2, instant(60), STILL),
        (4, instant(7), instant(9)),
    ]  # fmt: skip


def test_what_comes_later_is_not_known_yet():
    rows = [(1, 10, Said.QUALIFIED), (1, 12, Said.REJECTED, "x"), (2, 13, Said.QUALIFIED)]
    assert shown(rows, instant(11)) == [(1, instant(10), STILL)]


def test_two_names_for_one_thing_at_one_instant_are_one_spell():
    assert shown([(1, 10, Said.QUALIFIED), (1, 10, Said.QUALIFIED), (2, 10, Said.QUALIFIED)]) == [
        (1, instant(10), STILL), (2, instant(10), STILL)
    ]  # fmt: skip


def test_nothing_recorded_is_no_spell():
    found = recorded.spells(stages([]), LATE)
    assert len(found.entered) == 0
    assert found.points.shape == (0, 0)


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 20), st.sampled_from(list(Said))), max_size=25))
def test_spells_of_one_person_follow_each_other(rows):
    found = shown(rows)
    assert found == sorted(found)
    assert len(found) == len({(person, day) for person, day, said in rows if said is Said.QUALIFIED})
    for one, following in pairwise(found):
        assert one[0] < following[0] or one[2] <= following[1]

"""From spells to entries: first touches, reps, points by the definition of then, horizons."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest
from tests.unit.outcomes.worlds import whole
from tests.unit.review.lives import lives
from tests.unit.review.period.made import NO_LABEL, ZERO, day, month, outcomes

from leadline import clock
from leadline.engine.model import MICRO
from leadline.engine.rehearsal import ALWAYS, Track
from leadline.outcomes.model import NONE, NOT_YET, Said, Stage
from leadline.review.model import Window
from leadline.review.period import entering
from leadline.review.period.entering import Course, Labelled, Named

WINDOW = Window(day(0), day(100), day(200), 1.0)
LABELS = Labelled(NO_LABEL, NO_LABEL, NO_LABEL, NO_LABEL)
NOBODY = (Named((), *[np.zeros(0, np.int64)] * 3), Named((), *[np.zeros(0, np.int64)] * 3))


def course(rows, *, since=(ALWAYS,), criteria=(("visit",),), tracks=("hot", "mql"), other=()) -> Course:
    """A course of one or several definitions; ``other`` are rows of another course in the same pass."""
    every = [*rows, *((*row[:4], len(tracks)) for row in other)]
    spells = lives([(person, account, begin + ZERO, end + ZERO, track) for person, account, begin, end, track in every])
    registers = sorted({name for names in criteria for name in names})
    points = np.array([[(at + 1) * MICRO] * len(registers) for at in range(len(every))], np.int64).reshape(len(every), -1)
    named = [*(Track(0, name) for name in tracks), Track(1, "mql")]
    layouts = tuple(SimpleNamespace(title=f"no {at}", fingerprint=f"{at}" * 64, criteria=names) for at, names in enumerate(criteria))
    places = tuple(tuple(registers.index(name) for name in names) for names in criteria)
    rehearsal = SimpleNamespace(tracks=named, layouts=(layouts, ()), since=(since, (ALWAYS,)), registers=(places, ()))
    return Course(rehearsal, replace(spells, points=points, score=np.arange(1, len(every) + 1) * 10 * MICRO))


def made(of: Course, happened=None, reps=NOBODY):
    happened = happened or outcomes()
    return entering.entered(of, entering.joined(of, WINDOW, happened), LABELS, reps, happened)


def test_spells_that_overlap_are_one_entry_with_the_points_of_the_first():
    found = made(course([(1, 1, 12, 30, 0), (1, 1, 10, 20, 1), (1, 1, 50, 60, 1), (2, 2, 5, 6, 0)]))
    assert [(one - day(0)) / clock.DAY for one in found.entered.tolist()] == [10, 50, 5]
    assert [found.tracks[one] for one in found.track.tolist()] == ["mql", "mql", "hot"]
    assert (found.points[:, 0].tolist(), found.score.tolist()) == ([2, 3, 4], [20, 30, 40])
    assert found.again.tolist() == [False, True, False]


def test_points_are_those_of_the_definition_of_then_and_unknown_where_it_had_no_such_criterion():
    of = course([(1, 1, 10, 20, 0), (2, 2, 40, 50, 0)], since=(ALWAYS, day(30)), criteria=(("visit", "fair"), ("visit", "trial")))
    found = made(of)
    assert (found.criteria, found.era.tolist()) == (("visit", "fair", "trial"), [0, 1])
    np.testing.assert_array_equal(found.points, [[1, 1, np.nan], [2, np.nan, 2]])
    assert [era.title for era in found.eras] == ["no 0", "no 1"]


def test_the_spells_of_another_course_have_no_part_in_it():
    found = made(course([(1, 1, 10, 20, 0)], other=[(9, 9, 10, 20)]))
    assert (found.person.tolist(), found.tracks) == ([1], ("hot", "mql"))


ROWS = [(1, 1, 10, 20, 0), (1, 1, 50, 60, 0), (2, 2, 10, 20, 0), (3, 3, 10, 20, 0)]


def touched(said=(), touches=()):
    found = made(course(ROWS), outcomes((), said, touches))
    return [None if one == NOT_YET else (one - day(0)) / clock.DAY for one in found.touched.tolist()]


def test_the_first_touch_is_an_activity_or_a_verdict_from_entry_on_and_before_the_next_entry():
    said = [(1, 12, Said.ACCEPTED), (2, 9, Said.REJECTED, "no"), (3, 10, Said.QUALIFIED)]
    assert touched(said, [(1, NONE, 11, False), (1, NONE, 55, True), (2, NONE, 10, False)]) == [11, 55, 10, None]
    assert touched([(1, 50, Said.SQL)]) == [None, 50, None, None]


def test_the_rep_is_who_gave_the_verdict_else_who_touched_first():
    names = ("amy", "bob")
    stages = Named(names, whole([1, 1]), whole([day(12), day(51)]), whole([0, 1]))
    touches = Named(names, whole([1, 2]), whole([day(11), day(13)]), whole([1, 1]))
    found = made(course(ROWS), outcomes((), [(1, 12, Said.ACCEPTED)]), (stages, touches))
    assert found.rep.tolist() == [0, NONE, 1, NONE]
    assert found.reps == names


def test_recorded_mqls_are_of_whom_they_were_assigned_to_and_handed_over_each_time():
    happened = outcomes((), [(1, 12, Said.ACCEPTED)])
    assigned = Named(("amy",), whole([1]), whole([day(10)]), whole([0]))
    told = entering.told(course([(1, 1, 10, 11, 0), (1, 1, 11, 20, 0)]).spells, ("hot", "mql"), (assigned, NOBODY[1]), happened)
    assert (told.rep.tolist(), told.track.tolist()) == ([0, NONE], [1, 1])
    assert told.touched.tolist() == [NOT_YET, day(12)]  # before the verdict sales was told anew


def test_three_in_four_of_those_who_get_there_do_so_within_the_horizon():
    said = [(person, 10 + person, Said.SQL) for person in range(1, 41)]
    rows = [(person, person, 10, 20, 0) for person in range(1, 81)]
    found = entering.joined(course(rows), WINDOW, outcomes((), said))
    horizon = entering.horizons([found], day(200))[Stage.SQL]
    assert horizon is not None
    assert (horizon.days, horizon.n) == (30, 40)
    assert entering.horizons([found], day(200))[Stage.WON] is None


def test_of_a_stage_that_few_reached_the_longer_record_tells():
    few = entering.joined(course([(1, 1, 10, 20, 0)]), WINDOW, outcomes((), [(1, 11, Said.SQL)]))
    many = entering.joined(
        course([(person, person, 10, 20, 0) for person in range(20)]),
        WINDOW,
        outcomes((), [(person, 15, Said.SQL) for person in range(20)]),
    )
    assert entering.horizons([few, many], day(200))[Stage.SQL].days == 5
    assert entering.horizons([many, few], day(200))[Stage.SQL].days == 5
    assert entering.horizons([few], day(200))[Stage.SQL].days == pytest.approx(1)


def test_entrants_are_told_once_and_instants_by_period():
    found = made(course(ROWS))
    period = month(0, 30)
    assert entering.entrants(period, found, found).tolist() == [1, 2, 3]
    assert entering.recorded(whole([day(3), day(29), day(30)]), [period, month(30, 60)]) == (2, 1)


def test_of_the_attributes_that_the_facts_have_the_first_is_taken():
    assert entering.label((), entering.SOURCES, 3).codes.tolist() == [NONE] * 3
    one = SimpleNamespace(by="person.channel", undated=True, names=("ads",), old=whole([0]), new=whole([NONE]))
    assert (entering.label([one], entering.SOURCES, 1).by, entering.label([one], entering.SOURCES, 1).codes.tolist()) == (
        "person.channel", [0])  # fmt: skip
    assert entering.label([one], entering.SOURCES, 1, new=True).codes.tolist() == [NONE]

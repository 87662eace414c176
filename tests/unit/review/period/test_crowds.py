"""From what a review is made of to its second half: who is counted where."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from tests.unit.review.period import made

from leadline import clock
from leadline.outcomes.model import Said, Stage
from leadline.review.period import crowds, drift, reasons, reps
from leadline.review.period.entered import Active, Both, Era
from leadline.review.period.inflation import Spans
from leadline.review.period.parts import Cause, Standing

SOURCES = ("ads", "web")
SPANS = Spans(made.day(60), made.day(90), made.day(90), made.day(120))


def active(people, codes, names=SOURCES):
    nothing = replace(made.NO_LABEL, codes=np.full(len(people), -1, np.int64))
    return Active(np.array(people, np.int64), made.label("person.source", codes, *names), nothing)


def both(before, now, old, new=None):
    return Both(before, now, old, old if new is None else new, same=new is None)


def entered(*rows, said=(), deals=(), **given):
    happened = made.outcomes(deals, said)
    found = made.entered([(person, -1, begin, begin + 5, *track) for person, begin, *track in rows], happened, **given)
    return found, happened


def test_whoever_enters_is_active_even_if_nothing_of_their_own_is_recorded():
    found, _ = entered((3, 95))
    crowd = crowds.crowd(both(active([1], [0]), active([1, 2], [0, 1]), found), found, SPANS)
    assert crowd.active.tolist() == [[True, True], [False, True], [False, True]]
    assert crowd.entries[:, 0].tolist() == [[0, 0], [0, 0], [0, 1]]
    assert crowd.entries[:, 0].tolist() == crowd.entries[:, 1].tolist()


def test_who_enters_twice_counts_twice_and_outside_the_periods_not_at_all():
    found, _ = entered((1, 10), (1, 65), (1, 75), (1, 95), (1, 130))
    crowd = crowds.crowd(both(active([1], [0]), active([1], [0]), found), found, SPANS)
    assert crowd.entries.tolist() == [[[2, 1], [2, 1]]]


def test_each_definition_has_its_own_entries():
    old, _ = entered((1, 65))
    new, _ = entered((1, 65), (2, 95), (2, 70))
    crowd = crowds.crowd(both(active([1, 2], [0, 1]), active([1, 2], [0, 1]), old, new), new, SPANS)
    assert crowd.entries.tolist() == [[[1, 0], [1, 0]], [[0, 0], [1, 1]]]
    assert not crowd.same


def test_what_was_in_force_is_counted_as_it_was():
    old, _ = entered((1, 65))
    new, _ = entered((2, 95))
    real, _ = entered((1, 65), (2, 95), (3, 90))
    crowd = crowds.crowd(both(active([1, 2], [0, 1]), active([1, 2], [0, 1]), old, new), real, SPANS)
    assert crowd.real.tolist() == [[1, 0], [0, 1], [0, 1]]
    assert crowd.active.tolist() == [[True, True], [True, True], [False, True]]


def eras(*pairs):
    return tuple(Era(since, name, name, ("visit",)) for since, name in pairs)


@pytest.mark.parametrize(
    ("switches", "same"),
    [
        ([("a", 0)], True), ([("a", 0), ("b", 100)], False), ([("a", 0), ("b", 130)], True), ([("a", 0), ("b", 10)], True),
        ([("a", 0), ("c", 80), ("b", 100)], None),
    ],
)  # fmt: skip
def test_conversion_is_divided_by_the_definitions_that_were_in_force(switches, same):
    real, happened = entered((1, 65))
    old, new = (replace(real, eras=eras((0, name))) for name in "ab")
    real = replace(real, eras=eras(*((made.day(day), name) for name, day in switches)))
    held = made.material(real, happened, both=both(active([], []), active([], []), old, new))
    found = crowds.in_force(held, SPANS)
    assert (found and found.same) is same
    assert found is None or (found.old is real) == same


def test_cells_are_by_name_whatever_the_codes_of_each_period():
    found, _ = entered()
    many = list(range(100))
    halves = [0] * 50 + [1] * 50
    swapped = [1] * 50 + [0] * 50
    crowd = crowds.crowd(both(active(many, halves), active(many, swapped, ("web", "ads")), found), found, SPANS)
    assert [crowd.names[code] for code in crowd.cell[0]] == ["ads", "ads"]
    assert crowd.cell[:, 0].tolist() == crowd.cell[:, 1].tolist()


def test_of_whom_one_period_knows_no_source_the_other_tells_it():
    found, _ = entered()
    many = list(range(80))
    crowd = crowds.crowd(both(active(many, [0] * 80), active(many, [-1] * 80), found), found, SPANS)
    assert crowd.names == ("ads",)


def test_only_entries_that_can_be_judged_are_converted():
    rows = [(person, 65) for person in range(30)] + [(person, 95) for person in range(30, 60)] + [(60, 180)]
    said = [(person, 70, Said.ACCEPTED) for person in range(25)] + [(person, 100, Said.SQL) for person in range(30, 45)]
    found, happened = entered(*rows, said=said)
    told = crowds.converted(both(active([], []), active([], []), found), SPANS, made.LAGS, happened.until)
    assert np.bincount(told.period).tolist() == [25, 15]  # those worked
    assert told.hit.tolist() == [False] * 25 + [True] * 15


def test_a_review_divides_the_change_of_both():
    rows = [(person, 65) for person in range(40)] + [(person, 95) for person in range(60)]
    said = [(person, 66, Said.ACCEPTED) for person in range(40)] + [(person, 96, Said.SQL) for person in range(60)]
    found, happened = entered(*rows, said=said)
    sides = both(active(range(100), [0] * 100), active(range(100), [0] * 100), found)
    split = crowds.divided(made.material(found, happened, both=sides))
    assert (split.volume.before.value, split.volume.now.value) == (40, 60)
    assert split.volume.by(Cause.BEHAVIOUR).value == pytest.approx(20)
    assert split.conversion is None  # nothing was entered in the quarter before
    nobody = crowds.divided(made.material(found, happened))
    assert nobody.volume is not None


def test_without_a_lag_and_without_a_period_before_nothing_is_divided():
    found, happened = entered((1, 95))
    period = made.month()
    held = made.material(found, happened, lags=dict.fromkeys(Stage), periods=(period,))
    split = crowds.divided(held)
    assert (split.volume, split.conversion) == (None, None)


def test_spans_to_judge_end_when_the_last_entries_are_old_enough():
    day = clock.DAY
    assert crowds.ripe(0, 30 * day, 500 * day, 60.0) == Spans(-152 * day, -61 * day, -61 * day, 30 * day)
    assert crowds.ripe(0, 30 * day, 50 * day, 60.0).now_end_at == -10 * day
    assert crowds.ripe(0, 120 * day, 500 * day, 60.0) == Spans(-120 * day, 0, 0, 120 * day)


def test_drift_is_of_the_present_definition():
    old, happened = entered((1, 10))
    new, _ = entered(*[(person, 10 + person) for person in range(40)], *[(person, 95) for person in range(40, 60)])
    sides = both(active([], []), active([], []), old, new)
    found = drift.of(made.material(old, happened, both=sides))
    assert (found.entries_then, found.entries_now) == (40, 20)
    assert drift.of(made.material(old, happened)) is None


def test_reps_are_judged_by_what_they_said_first():
    rows = [(person, 60 + person % 40) for person in range(200)]
    rep = [person % 4 for person in range(200)]
    said = []
    for person in range(200):
        accepts = person % 3 == 0 if rep[person] == 3 else person // 4 % 10 < 7
        said.append((person, 101, Said.ACCEPTED if accepts else Said.REJECTED))
        if not accepts:
            said.append((person, 103, Said.ACCEPTED))  # somebody else took it up later
    found, happened = entered(*rows, said=said, rep=np.array(rep), reps=("a", "b", "c", "d"))
    told = reps.of(made.material(found, happened))
    assert [row.standing for row in told.accepted.reps] == [Standing.INSIDE] * 3 + [Standing.BELOW]
    assert told.accepted.reps[3].met == 17
    assert reps.of(made.material(replace(found, rep=np.full(200, -1)), happened)) is None


def test_reasons_are_of_the_period_and_of_the_one_before():
    said = [(1, 66, Said.REJECTED, "Bad timing"), (2, 96, Said.REJECTED, "Bad timing"), (3, 96, Said.ACCEPTED), (4, 20, Said.REJECTED, "x")]
    found, happened = entered((1, 65), (2, 95), (3, 95), (4, 10), said=said)
    told = reasons.of(made.material(found, happened, reject_reasons=("bad_timing",)))
    assert (told.before.n, told.now.n) == (1, 2)
    assert told.now.value == 0.5
    assert [(row.name, row.before, row.now, row.agreed) for row in told.reasons] == [("bad_timing", 1, 1, True)]

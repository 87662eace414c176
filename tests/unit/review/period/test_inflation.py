"""A change is divided exactly, whatever order its causes are taken in."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from leadline.review.period import alike, inflation, shapley
from leadline.review.period.alike import Cells, Kinds
from leadline.review.period.inflation import Converted, Crowd, Spans
from leadline.review.period.parts import Cause

SPANS = Spans(0, 1, 1, 2)


def games(players):
    return arrays.arrays(np.float64, 2**players, elements=st.floats(-100, 100))


@st.composite
def any_game(draw):
    return draw(games(draw(st.integers(1, 5))))


def by_all_orders(values):
    players = len(values).bit_length() - 1
    found = np.zeros(players)
    for order in itertools.permutations(range(players)):
        before = 0
        for player in order:
            found[player] += values[before | 1 << player] - values[before]
            before |= 1 << player
    return found / math.factorial(players)


@given(any_game())
@settings(max_examples=50)
def test_shares_are_the_average_over_all_orders(values):
    assert shapley.shares(values) == pytest.approx(by_all_orders(values), abs=1e-9)


@given(any_game())
@settings(max_examples=50)
def test_shares_add_up_to_what_all_do_together(values):
    assert shapley.shares(values).sum() == pytest.approx(values[-1] - values[0], abs=1e-9)


@given(games(3))
@settings(max_examples=30)
def test_who_changes_nothing_gets_nothing(values):
    with_idle = np.concatenate([values, values])  # the highest bit does nothing
    shares = shapley.shares(with_idle)
    assert shares[3] == 0
    assert shares[:3] == pytest.approx(shapley.shares(values), abs=1e-9)


@given(games(3))
@settings(max_examples=30)
def test_who_does_the_same_gets_the_same(values):
    swapped = values[[0, 2, 1, 3, 4, 6, 5, 7]]
    shares = shapley.shares((values + swapped) / 2)
    assert shares[0] == pytest.approx(shares[1], abs=1e-9)


def crowd(rows, names=("ads", "search"), *, same=False, real=None):
    """Rows: how many people, cell before, active before, cell now, active now, entries by definition and period."""
    many = np.repeat(np.arange(len(rows)), [row[0] for row in rows])
    entries = np.array([row[5] for row in rows], np.int64)[many]

    def column(at, kind):
        return np.array([row[at] for row in rows], kind)[many]

    return Crowd(
        names,
        np.stack([column(1, np.int64), column(3, np.int64)], axis=1),
        np.stack([column(2, np.bool_), column(4, np.bool_)], axis=1),
        entries,
        entries[:, [0, 1], [0, 1]] if real is None else np.array(real, np.int64)[many],
        same,
    )


def one(before, now=None):
    """Entries by definition and period that both definitions make alike."""
    return [[before, now or 0]] * 2


def changes(split):
    return {item.cause: item.change.value for item in split.contributions if item.cause is not Cause.SWITCH}


def test_more_of_the_same_people_is_traffic_and_nothing_else():
    found = inflation.volume(
        crowd([(10, 0, True, 0, False, one(1)), (90, 0, True, 0, False, one(0)), (20, 0, False, 0, True, one(0, 1)),
               (180, 0, False, 0, True, one(0))], same=True), SPANS
    )  # fmt: skip
    assert (found.before.value, found.now.value, found.change.value) == (10, 20, 10)
    assert changes(found) == pytest.approx({Cause.TRAFFIC: 10, Cause.MIX: 0, Cause.DEFINITION: 0, Cause.BEHAVIOUR: 0}, abs=1e-9)


def test_other_people_who_do_as_their_like_did_is_mix():
    rows = [
        (50, 0, True, 0, False, one(1)), (50, 1, True, 1, False, one(0)),
        (80, 0, False, 0, True, one(0, 1)), (20, 1, False, 1, True, one(0)),
    ]  # fmt: skip
    assert changes(inflation.volume(crowd(rows, same=True), SPANS)) == pytest.approx(
        {Cause.TRAFFIC: 0, Cause.MIX: 30, Cause.DEFINITION: 0, Cause.BEHAVIOUR: 0}, abs=1e-9
    )


def test_a_looser_line_over_the_same_people_is_the_definition():
    rows = [(60, 0, True, 0, True, [[0, 0], [1, 1]]), (10, 0, True, 0, True, [[1, 1], [1, 1]]), (30, 0, True, 0, True, [[0, 0], [0, 0]])]
    found = inflation.volume(crowd(rows), SPANS)
    assert (found.before.value, found.now.value) == (10, 70)
    assert changes(found) == pytest.approx({Cause.TRAFFIC: 0, Cause.MIX: 0, Cause.DEFINITION: 60, Cause.BEHAVIOUR: 0}, abs=1e-9)


def test_the_same_people_doing_more_under_one_definition_is_behaviour():
    rows = [(25, 0, True, 0, True, one(0, 1)), (10, 0, True, 0, True, one(1, 1)), (65, 0, True, 0, True, one(0))]
    assert changes(inflation.volume(crowd(rows, same=True), SPANS)) == pytest.approx(
        {Cause.TRAFFIC: 0, Cause.MIX: 0, Cause.DEFINITION: 0, Cause.BEHAVIOUR: 25}, abs=1e-9
    )


def test_those_let_in_at_once_by_another_definition_stand_apart():
    rows = [(60, 0, True, 0, True, [[0, 0], [1, 1]]), (10, 0, True, 0, True, [[1, 1], [1, 1]]), (30, 0, True, 0, True, [[0, 0], [0, 0]])]
    found = inflation.volume(crowd(rows, real=[(0, 1), (1, 1), (0, 1)]), SPANS)
    assert (found.before.value, found.now.value) == (10, 100)
    assert changes(found)[Cause.DEFINITION] == pytest.approx(60)
    assert found.by(Cause.SWITCH).value == pytest.approx(30)
    assert found.cells[0].rate_now.value == 1


def test_people_from_a_source_that_is_new_are_traffic_and_mix_and_no_behaviour():
    rows = [(100, 0, True, 0, True, one(0, 0)), (50, 0, True, 0, True, one(1, 1)), (50, 1, False, 1, True, one(0, 1))]
    found = inflation.volume(crowd(rows, same=True), SPANS)
    assert changes(found)[Cause.BEHAVIOUR] == pytest.approx(0, abs=1e-9)
    assert changes(found)[Cause.TRAFFIC] + changes(found)[Cause.MIX] == pytest.approx(50)


people = st.tuples(
    st.integers(1, 30), st.integers(0, 2), st.booleans(), st.integers(0, 2), st.booleans(),
    st.lists(st.lists(st.integers(0, 3), min_size=2, max_size=2), min_size=2, max_size=2),
)  # fmt: skip


@given(st.lists(people, min_size=1, max_size=8))
@settings(max_examples=25, deadline=None)
def test_what_the_causes_did_adds_up_to_the_change(rows):
    rows = [(*row[:5], [[n * active for n, active in zip(line, (row[2], row[4]), strict=True)] for line in row[5]]) for row in rows]
    made = crowd(rows, ("a", "b", "c"))
    found = inflation.volume(made, SPANS)
    if found is None:
        assert not made.active.any(axis=0).all()
        return
    assert found.before.value == pytest.approx(made.entries[:, 0, 0].sum())
    assert found.now.value == pytest.approx(made.entries[:, 1, 1].sum())
    assert sum(item.change.value for item in found.contributions) == pytest.approx(found.change.value, abs=1e-6)
    assert all(item.change.low <= item.change.high for item in found.contributions)


def test_the_same_people_give_the_same_intervals_and_more_of_them_narrower_ones():
    rows = [(10, 0, True, 0, False, one(1)), (90, 0, True, 0, False, one(0)), (30, 0, False, 0, True, one(0, 1)),
            (170, 0, False, 0, True, one(0))]  # fmt: skip
    found = inflation.volume(crowd(rows, same=True), SPANS)
    assert found == inflation.volume(crowd(rows, same=True), SPANS)
    assert found.change.low < 20 < found.change.high
    wide = inflation.volume(crowd([(row[0] * 100, *row[1:]) for row in rows], same=True), SPANS)
    spread, wide_spread = found.change.high - found.change.low, wide.change.high - wide.change.low
    assert wide_spread == pytest.approx(10 * spread, rel=0.15)
    assert spread == pytest.approx(2 * 1.96 * math.sqrt(40), rel=0.15)  # 10 and 30 entries, each a Poisson count


def test_nobody_in_one_of_the_periods_leaves_nothing_to_compare():
    assert inflation.volume(crowd([(10, 0, True, 0, False, one(1))]), SPANS) is None


def converted(rows, names=("ads", "search"), *, same=True):
    """Rows: how many entries, cell, definition, period, how many of them converted; every entry is another person's."""
    many = np.repeat(np.arange(len(rows)), [row[0] for row in rows])
    hits = np.concatenate([np.arange(row[0]) < row[4] for row in rows])

    def column(at):
        return np.array([row[at] for row in rows], np.int64)[many]

    return Converted(Cells(names, column(1)), np.arange(len(many)), column(2), column(3), hits, same)


def test_more_entries_that_never_convert_much_is_mix():
    rows = [(50, 0, 0, 0, 5), (50, 1, 0, 0, 25), (80, 0, 0, 1, 8), (20, 1, 0, 1, 10)]
    found = inflation.conversion(converted(rows), SPANS)
    assert (found.before.value, found.now.value) == pytest.approx((0.3, 0.18))
    assert changes(found) == pytest.approx({Cause.MIX: -0.12, Cause.DEFINITION: 0, Cause.BEHAVIOUR: 0}, abs=1e-9)


def test_alike_entries_that_convert_less_is_behaviour():
    rows = [(50, 0, 0, 0, 20), (50, 0, 0, 1, 10)]
    assert changes(inflation.conversion(converted(rows), SPANS)) == pytest.approx(
        {Cause.MIX: 0, Cause.DEFINITION: 0, Cause.BEHAVIOUR: -0.2}, abs=1e-9
    )


def test_entries_that_only_the_new_definition_takes_and_that_convert_less_is_the_definition():
    rows = [(40, 0, 0, 0, 20), (40, 0, 0, 1, 20), (80, 0, 1, 0, 24), (80, 0, 1, 1, 24)]
    found = inflation.conversion(converted(rows, same=False), SPANS)
    assert (found.before.value, found.now.value) == pytest.approx((0.5, 0.3))
    assert changes(found) == pytest.approx({Cause.MIX: 0, Cause.DEFINITION: -0.2, Cause.BEHAVIOUR: 0}, abs=1e-9)
    assert found.by(Cause.DEFINITION).high < 0


def test_too_few_entries_aren_t_divided():
    assert inflation.conversion(converted([(19, 0, 0, 0, 5), (50, 0, 0, 1, 20)]), SPANS) is None


def labels(values):
    names = tuple(sorted({value for value in values if value}))
    return Kinds(names, np.array([names.index(value) if value else -1 for value in values], np.int64))


def test_cells_are_as_fine_as_there_are_enough_of_them():
    sources = ["ads"] * 40 + ["fair"] * 20 + ["web"] * 2
    sizes = ["big"] * 10 + ["small"] * 30 + ["big"] * 3 + [None] * 17 + ["big"] * 2
    found = alike.cells(labels(sources), labels(sizes), np.arange(62) % 2, 5)
    told = [found.names[code] for code in found.codes]
    assert told == ["ads, big"] * 10 + ["ads, small"] * 30 + ["other"] * 3 + ["fair, unknown"] * 17 + ["other"] * 2


def test_what_is_left_of_a_source_stands_alone_only_if_there_is_enough_of_it():
    sources = ["ads"] * 40
    sizes = ["big"] * 20 + ["a"] * 4 + ["b"] * 4 + ["c"] * 12
    found = alike.cells(labels(sources), labels(sizes), np.arange(40) % 2, 4)
    assert [found.names[code] for code in found.codes] == ["ads, big"] * 20 + ["ads, other"] * 8 + ["ads, c"] * 12

"""Timelines are found for each person, whatever order their rows come in."""

from __future__ import annotations

from array import array
from dataclasses import replace

import duckdb
from hypothesis import given, settings
from hypothesis import strategies as st

from leadline.engine import grids
from leadline.engine.backends import crowd
from leadline.engine.plan import Layout, Plan

LAYOUT = Layout("", "", (), (), (), ())
PLAN = Plan(LAYOUT, {}, (), words=1, values=0, absences=(), of_account=False)
activities = st.lists(st.tuples(st.integers(0, 9), st.integers(0, 5)), max_size=30)


def timelines(rows: list[tuple[int, int]]) -> crowd.Timelines:
    person, times = array("i", [code for code, _ in rows]), array("q", [time for _, time in rows])
    return crowd.Timelines(person, times, grids.zeros(len(rows)), grids.zeros(0, 0))


@settings(max_examples=50, deadline=None)
@given(activities, st.sets(st.integers(0, 12)))
def test_bounds_hold_the_activities_of_each_person(rows, people):
    codes = array("i", sorted(people))
    begins, ends = timelines(sorted(rows)).bounds(codes)
    found = {code: sorted(rows)[begin:end] for code, begin, end in zip(codes, begins.data, ends.data, strict=True)}
    assert found == {code: [row for row in sorted(rows) if row[0] == code] for code in codes}


@settings(max_examples=50, deadline=None)
@given(activities)
def test_rows_that_are_out_of_order_are_noticed(rows):
    assert timelines(rows).is_ordered() == (rows == sorted(rows))


def test_rows_that_the_database_gives_out_of_order_are_asked_for_in_order():
    text = "select * from (values (2::int, 5::bigint, 1::bigint), (1, 7, 2), (1, 3, 4)) as rows(person_code, occurred, mask_0)"
    with duckdb.connect() as con:
        found = crowd.timelines_of(con, replace(PLAN, texts={"timelines": text}))
    assert (found.person, found.times, found.masks.data) == (array("i", [1, 1, 2]), array("q", [3, 7, 5]), array("q", [4, 2, 1]))

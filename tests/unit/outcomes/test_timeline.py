"""Looking for many instants at once finds what looking for each alone finds."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st
from tests.unit.outcomes.worlds import whole

from leadline.outcomes import timeline
from leadline.outcomes.model import NONE

moments = st.lists(st.tuples(st.integers(-1, 4), st.integers(0, 8)), max_size=30)
spans = st.lists(st.tuples(st.integers(-1, 3), st.integers(0, 8), st.integers(0, 6)), max_size=12)


def columns(rows: Sequence[tuple[int, ...]], n: int):
    return [whole([row[at] for row in rows]) for at in range(n)]


@given(moments, moments)
def test_the_last_before_and_the_next_from_an_instant_on(events, asked):
    found, ties = timeline.timeline(*columns(events, 2), -whole(range(len(events)))), range(len(events))
    keys, at = columns(asked, 2)
    before, by_then, later = found.last(keys, at), found.last(keys, at, including=True), found.next(keys, at)

    def plainly(key: int, fits, choose):
        fitting = [(events[e][1], -e) for e in ties if events[e][0] == key != NONE and fits(events[e][1])]
        return choose(fitting, default=(0, -NONE))

    for place, (key, when) in enumerate(asked):
        assert before[place] == -plainly(key, lambda t, when=when: t < when, max)[1]
        assert by_then[place] == -plainly(key, lambda t, when=when: t <= when, max)[1]
        first = plainly(key, lambda t, when=when: t >= when, min)
        assert (NONE if later[place] == NONE else events[later[place]]) == (NONE if first[1] == -NONE else (key, first[0]))


@given(spans, moments)
def test_a_span_covers_its_begin_and_not_its_end(rows, asked):
    keys, begins, lengths = columns(rows, 3)
    covered = timeline.spans(keys, begins, begins + lengths).cover(*columns(asked, 2))
    assert covered.tolist() == [any(k == key != NONE and begin <= at < begin + long for k, begin, long in rows) for key, at in asked]


@given(moments, st.integers(0, 3))
def test_a_run_has_no_gap_longer_than_the_lull(rows, lull):
    keys, at = columns(rows, 2)
    _, began = timeline.runs(keys, at, lull)
    for place, (key, when) in enumerate(rows):
        if key == NONE:
            continue
        earlier = sorted({t for k, t in rows if k == key and t <= when}, reverse=True)
        start = when
        for t in earlier:
            start = t if start - t <= lull else start
        assert began[place] == start

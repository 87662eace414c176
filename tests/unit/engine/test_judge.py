"""The machine agrees with plain Python: exactly where points are known, and with every possible answer where they lie between bounds."""

from __future__ import annotations

from collections.abc import Mapping
from random import Random
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numba.core.errors import TypingError
from tests.unit.engine import ruled

from leadline.definition import conditions
from leadline.engine import instructions as words
from leadline.engine import judge
from leadline.engine.code import Code
from leadline.engine.truths import Pool, Truths

TRUE, FALSE, EITHER = 1, 2, 3
rngs = st.randoms(use_true_random=False)


def benches(text: str, known: Mapping[str, Any]) -> tuple[ruled.Bench, ruled.Bench, ruled.Bench]:
    """Return benches that ask whether a condition is true, whether it is unknown, and whether it isn't true."""
    pool = Pool()
    code = Truths(ruled.LEGEND, pool, "tracks.mql.when").truth(ruled.parsed(text).tree)
    asks: tuple[Code, ...] = (((words.NEED, 0, 0),), ((words.IS_UNKNOWN, 0, 0), (words.NEED, 0, 0)), ((words.BAR, 0, 0),))
    need, unknown, bar = (ruled.Bench((*code, *ask, (words.END, 0, 0)), pool, known) for ask in asks)
    return need, unknown, bar


def answers(text: str, held: list[int], known: Mapping[str, Any]) -> tuple[int, int, int]:
    need, unknown, bar = benches(text, known)
    return need.at(held), unknown.at(held), bar.at(held)


@settings(max_examples=150)
@given(rngs)
def test_where_points_are_known_the_answer_is_the_conditions(rng: Random):
    text, known = ruled.condition(rng), ruled.attributes(rng)
    found = benches(text, known)
    for _ in range(8):
        held = ruled.points(rng)
        truth = conditions.to_python(ruled.parsed(text))(ruled.row(held, known), ruled.AS_OF)
        assert [bench.at(held) for bench in found] == [
            TRUE if said else FALSE for said in (truth is True, truth is None, truth is not True)
        ]


@settings(max_examples=150)
@given(rngs)
def test_where_points_lie_between_bounds_the_answer_has_that_for_each_of_them(rng: Random):
    text, known = ruled.condition(rng), ruled.attributes(rng)
    asks, unknown, bar = benches(text, known)
    for _ in range(4):
        low, high = ruled.bounds(rng)
        found = asks.between(low, high), unknown.between(low, high), bar.between(low, high)
        for held in ruled.among(rng, low, high, 12):
            truth = conditions.to_python(ruled.parsed(text))(ruled.row(held, known), ruled.AS_OF)
            for answer, said in zip(found, (truth is True, truth is None, truth is not True), strict=True):
                assert answer & (TRUE if said else FALSE)


@pytest.mark.parametrize("op", ["=", "<>", "<", "<=", ">", ">="])
@pytest.mark.parametrize("bound", ["10", "0.1", "33.333333", "0.12345678", "-5", "1e300"])
def test_a_comparison_with_a_literal_is_exact_to_the_millionth(op: str, bound: str):
    text = f"score {op} {bound}"
    near = round(min(float(bound), 1e9) * 1e6)
    for micro in range(near - 2, near + 3):
        held = [0, 0, 0, 0, 0, micro]
        assert answers(text, held, {})[0] == (TRUE if ruled.true(ruled.parsed(text), ruled.row(held, {})) else FALSE)


@pytest.mark.parametrize(
    ("text", "low", "high", "expected"),
    [
        ("score >= 10", 10, 12, TRUE),
        ("score >= 10", 8, 9, FALSE),
        ("score >= 10", 8, 12, EITHER),
        ("score = 10", 9, 11, EITHER),
        ("score = 10", 11, 12, FALSE),
        ("score <> 10", 11, 12, TRUE),
        ("score in (1, 10)", 2, 9, FALSE),
        ("score between 8 and 12", 9, 11, TRUE),
        ("score * 2 > 20", 11, 12, TRUE),
        ("score * -2 > -20", 11, 12, FALSE),
        ("10 / score > 1", 1, 5, TRUE),
        ("10 / score > 1", -1, 5, EITHER),
        ("10 / score is null", -1, 5, EITHER),
        ("10 / score is null", 1, 5, FALSE),
        ("coalesce(10 / score, 0) > 1", 2, 5, TRUE),
        ("coalesce(score / 0, 5) = 5", 2, 5, TRUE),
        ("not (score < 10 or score > 20)", 10, 20, TRUE),
        ("(score >= 10) = (fit >= 10)", 11, 12, FALSE),
        ("(score >= 10) <> (fit >= 10)", 11, 12, TRUE),
        ("coalesce(score > fit / 0, true)", 1, 2, TRUE),
        ("(score / 0 > 1) is null", 1, 2, TRUE),
        ("band.score = 'warm'", 20, 74, TRUE),
        ("band.score = 'warm'", 20, 75, EITHER),
        ("band.score in ('warm', 'hot')", 20, 300, TRUE),
        ("band.score <= 'warm'", -300, 74, TRUE),
        ("band.score <= 'warm'", 75, 80, FALSE),
    ],
)
def test_bounds_decide_what_they_can(text: str, low: int, high: int, expected: int):
    need, _, _ = benches(text, {})
    assert need.between([0, 0, 0, 0, 0, low * 1_000_000], [0, 0, 0, 0, 0, high * 1_000_000]) == expected


@pytest.mark.parametrize(
    "text",
    [
        "score * 1e308 * 10 - score * 1e308 * 10 > 5",
        "score * 1e308 * 10 - score * 1e308 * 10 = score * 1e308 * 10 * 0",
        "5 > score * 1e308 * 10 - score * 1e308 * 10",
        "score * 1e308 * 10 / (score * 1e308 * 10) is null",
        "score > 1e308 * 10 - 1e308 * 10",
        "score < 1e308 * 10",
        "coalesce(score * 1e308 * 10 * 0, 3) = 3",
        "(score * 1e308 * 10 * 0) / 0 is null",
    ],
)
@pytest.mark.parametrize("points", [0, 5, -5])
def test_numbers_beyond_all_bounds_are_what_engines_make_of_them(text: str, points: int):
    held = [0, 0, 0, 0, 0, points * 1_000_000]
    truth = conditions.to_python(ruled.parsed(text))(ruled.row(held, {}), ruled.AS_OF)
    assert answers(text, held, {}) == tuple(TRUE if said else FALSE for said in (truth is True, truth is None, truth is not True))
    need, _, _ = benches(text, {})
    assert need.between([-abs(value) - 1 for value in held], [abs(value) + 1 for value in held]) & (TRUE if truth is True else FALSE)


def test_arrays_that_do_not_lie_row_by_row_are_refused_rather_than_misread():
    ops, numbers = np.zeros((1, 6), np.int64)[:, ::2], np.zeros(1)
    with pytest.raises(TypingError, match="row by row"):
        judge.judge(ops, numbers, 0, np.zeros(1, np.int64), np.zeros(1, np.int64), numbers.reshape(1, 1), 0, np.zeros((judge.DEPTH, 3)))

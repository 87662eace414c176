"""Rules begin and end spells as the definition says, and are put together so that most people cost next to nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import reduce
from random import Random
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.engine import ruled
from tests.unit.engine.ruled import REGISTERS, Bench, program, track, true

from leadline.definition.conditions import Condition
from leadline.definition.conditions.tree import Node, Op
from leadline.engine import instructions as words
from leadline.engine import rules
from leadline.engine.code import Code, height
from leadline.engine.instructions import DEPTH
from leadline.engine.model import Program, TrackRule
from leadline.engine.truths import COMBINATIONS, Legend, Pool
from leadline.errors import Unsupported
from leadline.facts.model import Type

YES, NO = 1, 2
SCORE, FIT = REGISTERS["score"], REGISTERS["fit"]
rngs = st.randoms(use_true_random=False)


def written(found: Program, legend: Legend = ruled.LEGEND) -> tuple[Code, Code, Pool]:
    pool, (mql,) = Pool(), found.tracks
    return rules.entering(found, mql, legend, pool), rules.leaving(found, mql, legend, pool), pool


def entry(when: str, leave: str = "", **others: Any) -> tuple[Code, list[str]]:
    """Return the rule by which a spell begins without its end, and its slots."""
    code, _, pool = written(program(track(when, leave), **others))
    assert code[-1] == (words.END, 0, 0)
    return code[:-1], [slot.text for slot in pool.conditions()]


def any_true(found: Iterable[Any], about: Mapping[str, Any]) -> bool:
    return any(true(rule.when, about) for rule in found)


def expected(found: Program, about: Mapping[str, Any]) -> tuple[int, int]:
    """Return what the rules say, read plainly."""
    (mql,) = found.tracks
    admitted = (found.only is None or true(found.only, about)) and not any_true((*found.disqualify, *found.suspend), about)
    gone = mql.leave is not None and true(mql.leave, about)
    enters = admitted and true(mql.when, about) and not gone
    leaves = not admitted or (gone if mql.leave else not true(mql.when, about))
    return (YES if enters else NO), (YES if leaves else NO)


def ruleset(rng: Random) -> Program:
    """Return random rules of every kind."""
    some = [[ruled.condition(rng, 2) for _ in range(rng.choice((0, 0, 1, 2)))] for _ in range(2)]
    leave = ruled.condition(rng, 2) if rng.random() < 0.6 else ""
    only = ruled.condition(rng, 1) if rng.random() < 0.3 else ""
    return program(track(ruled.condition(rng), leave), only=only, disqualify=some[0], suspend=some[1])


@settings(max_examples=120)
@given(rngs)
def test_spells_begin_and_end_as_the_definition_says(rng: Random):
    found, known = ruleset(rng), ruled.attributes(rng)
    enter, leave, pool = written(found)
    enters, leaves = Bench(enter, pool, known), Bench(leave, pool, known)
    for _ in range(6):
        held = ruled.points(rng)
        assert (enters.at(held), leaves.at(held)) == expected(found, ruled.row(held, known))


@settings(max_examples=120)
@given(rngs)
def test_between_bounds_a_rule_has_every_answer_that_some_points_give(rng: Random):
    found, known = ruleset(rng), ruled.attributes(rng)
    enter, leave, pool = written(found)
    enters, leaves = Bench(enter, pool, known), Bench(leave, pool, known)
    low, high = ruled.bounds(rng)
    may_enter, may_leave = enters.between(low, high), leaves.between(low, high)
    for held in ruled.among(rng, low, high, 20):
        entered, left = expected(found, ruled.row(held, known))
        assert may_enter & entered
        assert may_leave & left


# --- what costs little -----------------------------------------------------------------------------------------------


def test_the_score_is_asked_first_then_other_points_then_attributes():
    code, slots = entry("(pricing > 5 or demo > 5) and person.is_student and fit > 0 and score >= 75")
    assert code[:3] == ((words.NEED_LEAST, SCORE, 75_000_000), (words.NEED_LEAST, FIT, 1), (words.NEED_FLAG, 0, 0))
    assert slots == ["person.is_student"]


@pytest.mark.parametrize(
    "text",
    [
        "score between 10 and 20",
        "not (score < 10 or score > 20)",
        "not (not score >= 10 or not (not score > 20))",
        "not (score not between 10 and 20)",
    ],
)
def test_one_demand_has_many_writings(text: str):
    code, _ = entry(text)
    assert code == ((words.NEED_LEAST, SCORE, 10_000_000), (words.NEED_BELOW, SCORE, 20_000_001))


def test_a_way_out_that_has_several_reasons_bars_each_by_itself():
    code, _ = entry("score > 75", "score < 50 or fit < 5 or account.is_customer")
    assert code == (
        (words.NEED_LEAST, SCORE, 75_000_001),
        (words.NEED_LEAST, SCORE, 50_000_000),
        (words.NEED_LEAST, FIT, 5_000_000),
        (words.BAR_FLAG, 0, 0),
    )


def test_a_score_out_of_reach_costs_one_instruction():
    code, _, _ = written(program(track("score >= 75 and (pricing > 5 or demo / fit > 5)"), disqualify=["account.is_competitor"]))
    assert code[0] == (words.NEED_LEAST, SCORE, 75_000_000)


def test_what_looks_at_attributes_alone_is_one_slot_however_it_is_spread():
    code, slots = entry("person.is_student and score > 1 and not account.is_customer and fit > 1 and person.country = 'AT'")
    assert code == ((words.NEED_LEAST, SCORE, 1_000_001), (words.NEED_LEAST, FIT, 1_000_001), (words.NEED_FLAG, 0, 0))
    assert slots == ["person.is_student and (not account.is_customer) and (person.country = 'AT')"]


def test_equal_slots_are_evaluated_once_whatever_their_rules():
    _, slots = entry("account.is_customer and score > 1", "account.is_customer", suspend=["account.is_customer"])
    assert slots == ["account.is_customer"]


def test_a_rule_without_attributes_has_no_slots():
    assert entry("score > 1", "score < 0")[1] == []


def test_ages_of_attributes_stay_in_their_slot():
    _, slots = entry("days_since(person.created_at) < 30 and score > 1")
    assert slots == ["person.created_at > ago(2592000000000)"]


def test_numbers_of_attributes_are_slots_and_the_machine_computes_with_them():
    code, slots = entry("score > person.logins * 2 + length(person.country)")
    assert slots == ["person.logins", "length(person.country)"]
    assert [word for word, _, _ in code] == [
        words.REGISTER, words.SLOT, words.CONSTANT, words.MULTIPLY, words.SLOT, words.ADD, words.COMPARE, words.NEED,
    ]  # fmt: skip


# --- labels ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "demands"),
    [
        ("band.fit = 'A'", [(words.NEED_LEAST, FIT, 40_000_000)]),
        ("band.fit = 'D'", [(words.NEED_BELOW, FIT, 5_000_000)]),
        ("band.fit = 'B'", [(words.NEED_LEAST, FIT, 20_000_000), (words.NEED_BELOW, FIT, 40_000_000)]),
        ("band.fit in ('A', 'B')", [(words.NEED_LEAST, FIT, 20_000_000)]),
        ("band.fit >= 'B'", [(words.NEED_LEAST, FIT, 20_000_000)]),
        ("not band.fit = 'A'", [(words.NEED_BELOW, FIT, 40_000_000)]),
        ("band.fit in ('C', 'B') and not band.fit = 'C'", [(words.NEED_LEAST, FIT, 20_000_000), (words.NEED_BELOW, FIT, 40_000_000)]),
        ("lower(band.fit) like 'd%'", [(words.NEED_BELOW, FIT, 5_000_000)]),
        ("band.fit is not null", []),
        ("band.usage = 'only'", []),
        ("grade like 'A%'", [(words.NEED_LEAST, FIT, 40_000_000)]),
        ("grade = 'Ahot'", [(words.NEED_LEAST, SCORE, 75_000_000), (words.NEED_LEAST, FIT, 40_000_000)]),
        ("length(grade) > 4", [(words.NEED_BELOW, SCORE, 75_000_000)]),
    ],
)
def test_labels_become_ranges_of_points(text: str, demands: list[tuple[int, int, int]]):
    code, slots = entry(text)
    assert (sorted(code), slots) == (sorted(demands), [])


@pytest.mark.parametrize("when", ["band.fit = person.fit", "coalesce(band.fit, person.fit) = 'A'", "length(band.fit) + 1 < score"])
@given(rng=rngs)
@settings(max_examples=20)
def test_labels_meet_attributes_and_points(when: str, rng: Random):
    found, known = program(track(when)), ruled.attributes(rng)
    enter, leave, pool = written(found)
    held = ruled.points(rng)
    assert (Bench(enter, pool, known).at(held), Bench(leave, pool, known).at(held)) == expected(found, ruled.row(held, known))


def many_labels(bands: int) -> Legend:
    """Return names of which the grade is made of many labels."""
    band = ruled.BANDS["fit"]
    return Legend(
        REGISTERS | {f"g{at}": 0 for at in range(bands)}, {f"g{at}": band for at in range(bands)}, tuple(f"g{at}" for at in range(bands))
    )


def test_too_many_combinations_of_labels_are_refused_by_name():
    bands = 1
    while 4**bands <= COMBINATIONS:
        bands += 1
    with pytest.raises(Unsupported, match=r"tracks\.mql\.when: grade = 'A' depends on 16384 combinations") as refused:
        written(program(track("grade = 'A' and score > 1")), many_labels(bands))
    assert refused.value.code == "unsupported"
    assert written(program(track("grade = 'A' and score > 1")), many_labels(2))


@pytest.mark.parametrize(("key", "where"), [("disqualify", r"disqualify\.rule_0"), ("suspend", r"suspend\.rule_0")])
def test_what_is_refused_says_in_which_rule(key: str, where: str):
    with pytest.raises(Unsupported, match=where):
        written(program(track("score > 1"), **{key: ["grade = 'A'"]}), many_labels(8))


def nested(levels: int) -> Condition:
    """Return a condition that is nested deeper than the language lets anybody write."""
    fit, score = (Node(Op.NAME, value=name, type=Type.NUMBER) for name in ("fit", "score"))
    tree = reduce(lambda inner, _: Node(Op.SUB, (fit, inner), type=Type.NUMBER), range(levels), score)
    return replace(ruled.parsed("fit > score"), tree=Node(Op.GT, (tree, score), type=Type.BOOLEAN))


def test_a_condition_nested_deeper_than_the_stack_is_refused():
    deepest = DEPTH - 1
    assert written(program(TrackRule("mql", ruled.parsed("score > 1"), nested(deepest))))
    with pytest.raises(Unsupported, match=r"tracks\.mql\.leave: the condition is nested too deep"):
        written(program(TrackRule("mql", ruled.parsed("score > 1"), nested(deepest + 1))))


@given(rngs)
@settings(max_examples=50)
def test_the_stack_is_never_higher_than_was_reckoned(rng: Random):
    enter, leave, pool = written(ruleset(rng))
    for code in (enter, leave):
        bench = Bench(code, pool, ruled.attributes(rng))
        bench.stack[:] = np.inf
        bench.at(ruled.points(rng))
        assert np.isinf(bench.stack[height(code) :]).all()

"""A bundle measures what is alike once, and every program of every course can be read back out of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import floor
from random import Random
from typing import Any

import numpy as np
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.oracle.authors import ACCOUNT, DERIVED, PERSON, PROPERTIES
from tests.oracle.strategies import make_definition
from tests.unit.engine import ruled

from leadline.definition import conditions
from leadline.definition.model import Definition
from leadline.engine import compile as compiler
from leadline.engine import judge, terms
from leadline.engine.bundle import bundle
from leadline.engine.model import MICRO, Attribute, Program, Term
from leadline.engine.rehearsal import ALWAYS, Bundle, Course
from leadline.facts.model import Column, Schema

KINDS = {**PERSON, **ACCOUNT, **DERIVED}
COLUMNS = {name: Column(ruled.TYPES[kind.type], kind.order) for name, kind in KINDS.items()}
SCHEMA = Schema(
    person={name.removeprefix("person."): column for name, column in COLUMNS.items() if name.startswith("person.")},
    account={name.removeprefix("account."): column for name, column in COLUMNS.items() if name.startswith("account.")},
    properties={name: Column(ruled.TYPES[kind.type]) for name, kind in PROPERTIES.items()},
)
PLAIN = """
name: Plain
signals:
  pricing: "page_view where path like '/pricing%'"
  demo: "form_submit where form = 'demo'"
groups:
  fit:
    cap: 50
    criteria:
      student: {points: -10, when: "person.is_student"}
      size: {value: account.employees, tiers: {10: 5, 100: 10}}
  engagement:
    scale: {by: 0.5, absent: demo, for: 60d}
    criteria:
      pricing: {signal: pricing, points: 20, max: 40, within: 30d}
      demo: {signal: demo, points: 40, at_least: 1, within: 30d}
tracks:
  hot: {when: "demo > 0 and fit > 0"}
  mql: {when: "score >= 75 and fit > 0", leave: "score < 50 or person.budget = 0"}
"""


def compiled(text: str, *changes: tuple[str, str]) -> Program:
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    return compiler.compile_program(Definition.model_validate(yaml.safe_load(text)), SCHEMA, "plain")


def alone(*programs: Program) -> Bundle:
    """Return a bundle of courses that have one program each."""
    return bundle([Course(str(at), ((ALWAYS, program),)) for at, program in enumerate(programs)])


def sizes(found: Bundle) -> tuple[int, ...]:
    program, rules = found.program, found.rules
    return len(program.bits), len(program.terms), len(program.attributes), len(rules.groups), len(set(rules.scores[:, 0].tolist()))


# --- every program can be read back ----------------------------------------------------------------------------------


def content(program: Program, term: Term) -> str:
    """Return what a term measures, whatever it is called and wherever its bits are."""
    sets = [
        sorted({(str(m.where and m.where.tree), *sorted(set(m.types)), str((m.machines, m.of))) for m in program.bits[bit].members})
        for bit in term.bits
    ]
    value = program.values[term.value] if term.value >= 0 else ""
    fields = [getattr(term, name) for name in Term.__slots__ if name not in ("name", "bits", "value")]
    return repr((fields, sets, value))


def measured(program: Program, term: Term) -> int:
    """Return made-up micro-points that depend on nothing but what is measured."""
    rng = Random(content(program, term))
    return rng.randint(0, 1) if term.points == 1 / MICRO else rng.randint(-60 * MICRO, 90 * MICRO)


def judged(item: Attribute) -> int:
    return Random(repr([(when.tree, points) for when, points in item.steps])).randint(-60 * MICRO, 90 * MICRO)


def scaled(total: int, by: float) -> int:
    return (1 if total > 0 else -1 if total < 0 else 0) * floor(abs(total) * by + 0.501)


def figures(program: Program) -> tuple[dict[str, int], dict[str, int], int]:
    """Return a program's criteria, groups and score, read plainly off the program itself."""
    points = [judged(program.attributes[-1 - at]) if at < 0 else measured(program, program.terms[at]) for _, at in program.criteria]
    groups: dict[str, int] = {}
    for group in program.groups:
        total = sum(points[at] for at in group.criteria)
        if group.scale is not None and measured(program, program.terms[group.scale]):
            total = scaled(total, group.scale_by)
        total = total if group.floor is None else max(total, group.floor)
        groups[group.name] = total if group.cap is None else min(total, group.cap)
    score = sum(groups[group.name] for group in program.groups if group.in_score)
    return dict(zip((name for name, _ in program.criteria), points, strict=True)), groups, score


def registers(found: Bundle) -> list[int]:
    """Return all registers, read off the bundle's arrays as the kernel does."""
    program, rules = found.program, found.rules
    held = [*(measured(program, term) for term in program.terms), *map(judged, program.attributes)]
    points, totals = list(held), list[int]()
    for at, (scale, has_floor, least, has_cap, most) in enumerate(rules.groups.tolist()):
        total = sum(points[register] for group, register in rules.members.tolist() if group == at)
        total = scaled(total, float(rules.scales[at])) if scale >= 0 and points[scale] else total
        total = max(total, least) if has_floor else total
        totals.append(min(total, most) if has_cap else total)
    scores = range(int(rules.score_of.max()) + 1 - len(held) - len(totals))
    return [*held, *totals, *(sum(totals[group] for at, group in rules.scores.tolist() if at == score) for score in scores)]


def about(program: Program, known: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a program's rules look at."""
    criteria, groups, score = figures(program)
    numbers = {name: held / MICRO for name, held in ({**criteria, **groups, "score": score}).items()}
    labels = {
        band.of: next((label for label, bound in band.bounds if numbers[band.of] >= bound), band.bounds[-1][0]) for band in program.bands
    }
    grade = "".join(labels[of] for of in program.grade)
    return {**numbers, **{f"band.{of}": label for of, label in labels.items()}, "grade": grade, **known}


def expected(program: Program | None, track: str, known: Mapping[str, Any]) -> tuple[int, int] | None:
    """Return whether a spell of a track begins, and whether it ends; ``None`` if there is no such track."""
    rule = next((rule for rule in program.tracks if rule.name == track), None) if program else None
    if program is None or rule is None:
        return None
    row = about(program, known)
    barred = any(ruled.true(other.when, row) for other in (*program.disqualify, *program.suspend))
    admitted = (program.only is None or ruled.true(program.only, row)) and not barred
    gone = rule.leave is not None and ruled.true(rule.leave, row)
    enters = admitted and not gone and ruled.true(rule.when, row)
    leaves = not admitted or (gone if rule.leave else not ruled.true(rule.when, row))
    return (1 if enters else 2), (1 if leaves else 2)


def answered(found: Bundle, era: int, track: int, held: Sequence[int], known: Mapping[str, Any]) -> tuple[int, int] | None:
    rules = found.rules
    begins = [int(side[era, track]) for side in (rules.enter, rules.leave)]
    if begins == [-1, -1]:
        return None
    slots = [conditions.to_python(slot)(known, ruled.AS_OF) for slot in found.slots]
    row = np.array([[np.nan if slot is None else float(slot) for slot in slots]], np.float64).reshape(1, -1)
    points, stack = np.array(held, np.int64), np.zeros((judge.DEPTH, 3))
    enter, leave = (int(judge.judge(rules.ops, rules.constants, at, points, points, row, 0, stack)) for at in begins)
    return enter, leave


def with_ways_out(rng: Random, definition: dict[str, Any]) -> dict[str, Any]:
    whens = [track["when"] for track in definition["tracks"].values()]
    tracks = {name: track | ({"leave": rng.choice(whens)} if rng.random() < 0.4 else {}) for name, track in definition["tracks"].items()}
    return definition | {"tracks": tracks}


def programs(rng: Random) -> list[Program]:
    """Return programs of random definitions, some twice with one cap or track changed."""
    found: list[Program] = []
    for _ in range(rng.randint(1, 2)):
        definition, _ = make_definition(rng, ruled.AS_OF, checked=False)
        definition = with_ways_out(rng, definition)
        first = next(iter(definition["groups"]))
        capped = definition | {"groups": definition["groups"] | {first: definition["groups"][first] | {"cap": 80}}}
        for each in (definition, capped)[: rng.randint(1, 2)]:
            found.append(compiler.compile_program(Definition.model_validate(each), SCHEMA, str(len(found))))
    return found


def courses(rng: Random) -> list[Course]:
    some = programs(rng)
    steps = [sorted(rng.sample([ALWAYS, 10, 20, 30], rng.randint(1, 3))) for _ in range(rng.randint(1, 3))]
    return [Course(str(at), tuple((since, rng.choice(some)) for since in since_when)) for at, since_when in enumerate(steps)]


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**48).map(Random))
def test_every_program_can_be_read_back(rng: Random):
    given_courses, known = courses(rng), ruled.attributes(rng)
    found = bundle(given_courses)
    held = registers(found)
    assert terms.table_of(found.program).whole.shape[0] == len(found.program.terms)
    for course, named in zip(given_courses, found.registers, strict=True):
        for (_, program), criteria in zip(course.programs, named, strict=True):
            assert {name: held[register] for name, register in criteria.items()} == figures(program)[0]
    for era, since in enumerate(found.rules.eras.tolist()):
        for at, track in enumerate(found.tracks):
            in_force = [program for begins, program in given_courses[track.course].programs if begins <= since]
            program = in_force[-1] if in_force else None
            assert answered(found, era, at, held, known) == expected(program, track.name, known)
            if program:
                assert held[found.rules.score_of[era, at]] == figures(program)[2]


# --- what is alike is there once -------------------------------------------------------------------------------------


def test_a_definition_beside_itself_costs_nothing():
    once, twice = alone(compiled(PLAIN)), alone(compiled(PLAIN), compiled(PLAIN))
    assert sizes(once) == sizes(twice) == (2, 3, 2, 2, 1)
    assert once.rules.ops.tolist() == twice.rules.ops.tolist()
    assert once.slots == twice.slots
    assert twice.rules.enter.tolist() == [[*once.rules.enter[0], *once.rules.enter[0]]]


def test_names_and_spelling_make_no_difference():
    respelled = compiled(
        PLAIN,
        ("pricing:", "prices:"), ("signal: pricing,", "signal: prices,"), ("page_view where path like", "page_view  WHERE (path) LIKE"),
        ("student:", "pupil:"), ("person.is_student", "(person.is_student)"), ("fit:", "who:"), ("fit >", "who >"), ("mql:", "lead:"),
    )  # fmt: skip
    found = alone(compiled(PLAIN), respelled)
    assert sizes(found) == (2, 3, 2, 2, 1)
    assert found.registers[0][0]["pricing"] == found.registers[1][0]["prices"]
    assert [(track.course, track.name) for track in found.tracks] == [(0, "hot"), (0, "mql"), (1, "hot"), (1, "lead")]
    assert found.rules.enter[0, :2].tolist() == found.rules.enter[0, 2:].tolist()


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (("path like '/pricing%'", "path like '/prices%'"), (3, 4, 2, 3, 2)),
        (("points: 20", "points: 25"), (2, 4, 2, 3, 2)),
        (("points: -10", "points: -15"), (2, 3, 3, 3, 2)),
        (("cap: 50", "cap: 60"), (2, 3, 2, 3, 2)),
        (("cap: 50", "in_score: false"), (2, 3, 2, 3, 2)),
        (("for: 60d", "for: 90d"), (2, 4, 2, 3, 2)),
        (("by: 0.5", "by: 0.25"), (2, 3, 2, 3, 2)),
        (("score >= 75", "score >= 80"), (2, 3, 2, 2, 1)),
    ],
)
def test_what_differs_is_there_beside_the_other(change: tuple[str, str], expected: tuple[int, ...]):
    assert sizes(alone(compiled(PLAIN), compiled(PLAIN, change))) == expected


def test_a_sweep_adds_only_the_rule_that_it_moves():
    once = alone(compiled(PLAIN))
    swept = alone(*(compiled(PLAIN, ("score >= 75", f"score >= {line}")) for line in range(75, 85)))
    entering = once.rules.leave[0, 1] - once.rules.enter[0, 1]
    assert len(swept.rules.ops) == len(once.rules.ops) + 9 * entering
    assert len(set(swept.rules.leave[0].tolist())) == 2


def test_equal_groups_of_one_definition_both_count():
    again = "{{criteria: {{{name}: {{signal: pricing, points: 20, max: 40, within: 30d}}}}}}"
    more = "".join(f"  {name}: {again.format(name=f'{name}_pricing')}\n" for name in ("more", "most"))
    twin = compiled(PLAIN, ("  engagement:\n", f"{more}  engagement:\n"))
    found = alone(twin)
    assert sizes(found) == (2, 3, 2, 3, 1)
    assert len(found.rules.scores) == 4
    assert len({found.registers[0][0][name] for name in ("pricing", "more_pricing", "most_pricing")}) == 1


# --- who is in force when --------------------------------------------------------------------------------------------


def test_tracks_come_in_order_and_are_absent_where_no_definition_has_them():
    old, new = compiled(PLAIN), compiled(PLAIN, ("  hot:", "  warm:"))
    found = bundle([Course("adopted", ((10, old), (20, new)))])
    assert [track.name for track in found.tracks] == ["hot", "mql", "warm"]
    assert found.rules.eras.tolist() == [ALWAYS, 10, 20]
    absent = (found.rules.enter == -1).tolist()
    assert absent == [[True, True, True], [False, False, True], [True, False, False]]
    assert (found.rules.leave == -1).tolist() == absent


def test_eras_are_those_of_all_courses():
    plain = compiled(PLAIN)
    found = bundle([Course("one", ((ALWAYS, plain), (10, plain))), Course("two", ((20, plain),))])
    assert found.rules.eras.tolist() == [ALWAYS, 10, 20]
    assert (found.rules.enter >= 0).tolist() == [[True, True, False, False], [True, True, False, False], [True, True, True, True]]


def test_what_only_a_way_out_asks_for_is_gathered_but_not_scored():
    program = compiled(PLAIN)
    assert "budget" in program.person
    assert "person.budget" not in program.rule_names()
    assert "budget" in alone(program).program.person
    assert [slot.text for slot in alone(program).slots] == ["person.budget = 0"]

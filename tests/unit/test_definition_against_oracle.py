"""What :mod:`leadline.definition` makes of conditions and rules, against the oracle's own reading."""

from __future__ import annotations

from random import Random

import duckdb
import pyarrow as pa
import pytest
from hypothesis import given, settings
from sqlglot import exp
from tests.oracle import interpreter, strategies, validity
from tests.oracle.values import Instant, Value

from leadline.definition import conditions

ARROW = {"text": pa.string(), "ordered": pa.string(), "number": pa.float64(), "boolean": pa.bool_(), "time": pa.int64()}


def plain(held: Value) -> object:
    return held.micros if isinstance(held, Instant) else held


def read(case: strategies.ConditionCase) -> conditions.Condition:
    condition, problems = conditions.parse(case.text, {name: validity.column(kind) for name, kind in case.scope.items()})
    assert condition is not None, problems
    return condition


@given(strategies.condition_cases())
@settings(max_examples=150, deadline=None)
def test_the_closure_of_a_condition_is_worth_what_the_oracle_says(case: strategies.ConditionCase) -> None:
    closure = conditions.to_python(read(case))
    for env in case.envs:
        assert closure({name: plain(held) for name, held in env.values.items()}, env.as_of) is case.tree.value(env)


@pytest.mark.parametrize("seed", range(60))
def test_the_sql_of_a_condition_is_worth_what_the_oracle_says(seed: int) -> None:
    case = strategies.make_condition(Random(seed))
    condition = read(case)
    columns = {name: exp.column(name, quoted=True) for name in condition.names}
    sql = conditions.to_sql(condition, columns, exp.Literal.number(str(case.envs[0].as_of))).sql("duckdb")
    rows = pa.table({name: pa.array([plain(env.values[name]) for env in case.envs], ARROW[kind.type]) for name, kind in case.scope.items()})
    with duckdb.connect() as con:
        con.register("rows", rows)
        assert [held for (held,) in con.execute(f"select {sql} from rows").fetchall()] == [case.tree.value(env) for env in case.envs]


@pytest.mark.parametrize("seed", range(60))
def test_the_check_never_calls_a_rule_unreachable_that_somebody_meets(seed: int) -> None:
    case = strategies.make_case(Random(seed), 10, checked=False)
    rules = {key: case.definition.get(key, {}) for key in ("disqualify", "suspend")}
    bare = {key: held for key, held in case.definition.items() if key not in ("disqualify", "suspend", "only")}
    met: set[str] = set()
    failed: set[str] = set()
    for as_of in case.as_ofs:
        for key, named in rules.items():
            tracks = bare | {"tracks": {name: {"when": text} for name, text in named.items()}}
            for row in interpreter.score(tracks, case.facts, as_of, case.trees):
                failed |= {f"{key}.{name}" for name in named if name not in row.tracks}
        met |= {f"tracks.{name}.when" for row in interpreter.score(bare, case.facts, as_of, case.trees) for name in row.tracks}
    for problem in validity.errors(case.definition):
        assert not (problem.code == "unreachable-track" and problem.where.path in met), problem
        assert not (problem.code == "always-true" and problem.where.path in failed), problem

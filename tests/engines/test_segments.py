"""Segments say of every instant what the oracle says, on every engine: attributes' points, rules on attributes, accounts."""

from __future__ import annotations

import itertools
import math
import tempfile
from functools import partial
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings

from leadline.engine.rehearsal import ALWAYS, Rehearsal, Segments
from leadline.engine.terms import NEVER
from tests.engines.agreement import NOW
from tests.engines.rehearsals import bundle_of, codes, opened, rows_of_segments, subject
from tests.engines.tables import write_tables
from tests.engines.test_spark import write_spark
from tests.oracle import interpreter
from tests.oracle.strategies import Case, batches, instants_of, make_case
from tests.oracle.values import DAY

AGING = {
    "name": "Aging",
    "ordered": {"person.tier": ["bronze", "silver", "gold"]},
    "signals": {"seen": "page_view"},
    "groups": {
        "fit": {
            "criteria": {
                "fresh": {"points": 3, "when": "days_since(person.created_at) < 30"},
                "customer": {"points": 5, "when": "days_since(account.customer_since) >= 1.5 and person.tier >= 'silver'"},
                "none": {"points": -1, "when": "account.employees is null"},
            }
        },
        "engagement": {"criteria": {"seen": {"signal": "seen", "points": 1}}},
    },
    "disqualify": {"stale": "days_since(person.created_at) > 400", "deal": "account.has_open_deal"},
    "tracks": {"mql": {"when": "score >= 3 and seen > 0"}},
}


def in_force(found: Segments, code: int, at: int) -> int:
    """Return the row of the segment in which a person is at an instant."""
    return int(np.searchsorted(found.person, code)) + int(np.sum(found.begins[found.person == code] <= at)) - 1


def instants(case: Case, found: Segments, rng: Random) -> list[int]:
    """Return instants at which to look: edges of facts and of segments, a microsecond around them, and some between."""
    edges = [at for rows in (case.facts.people or (), case.facts.accounts, case.facts.deals) for row in rows for at in instants_of(row)]
    edges += [int(at) for at in found.begins if at > ALWAYS]
    chosen = rng.sample(edges, min(len(edges), 12)) + list(case.as_ofs)
    return [at + move for at in chosen for move in (-1, 0, 1, rng.randint(-3 * DAY, 3 * DAY))]


def wrong(case: Case, found: Segments, rehearsal: Rehearsal, project: Any, rng: Random) -> list[str]:
    """Return a line for everything that segments and the oracle say differently."""
    people, accounts = codes(project, "person"), codes(project, "account")
    criteria = {name: element for group in case.definition["groups"].values() for name, element in group["criteria"].items()}
    program = project.program
    slots = bundle_of(program).slots[: rehearsal.slots - sum(len(item.steps) for item in program.attributes)]
    lines: list[str] = []
    for at in instants(case, found, rng):
        for person in rng.sample(sorted(people), min(len(people), 5)):
            row, they = in_force(found, people[person], at), subject(case, person, at)
            mine: list[Any] = [*found.points[row].tolist(), int(found.account[row]), bool(found.exists[row]), int(found.created[row])]
            mine += [None if math.isnan(held) else held for held in found.slots[row, : len(slots)].tolist()]
            theirs: list[Any] = [interpreter.criterion_points(they, criteria[item.name]) for item in program.attributes]
            theirs += [accounts.get(they.account or "", -1), they.created is None or they.created <= at]
            theirs += [NEVER if they.created is None else they.created, *(they.value(slot.text) for slot in slots)]
            lines += [] if mine == theirs else [f"{person} at {at}: {mine} is not {theirs}"]
    return lines


@settings(max_examples=12)
@given(batches(12))
def test_segments_are_what_the_oracle_says_of_any_instant(case: Case) -> None:
    with tempfile.TemporaryDirectory() as folder:
        project, backend, rehearsal = opened(Path(folder), case)
        assert not wrong(case, backend.segments(rehearsal, NOW), rehearsal, project, Random(0))


@pytest.mark.parametrize("seed", range(4))
def test_attributes_that_age_begin_segments(seed: int, tmp_path: Path) -> None:
    case = Case(AGING, make_case(Random(seed), 15).facts, (NOW,))
    project, backend, rehearsal = opened(tmp_path, case)
    found = backend.segments(rehearsal, NOW)
    assert not wrong(case, found, rehearsal, project, Random(seed))
    times = [found.begins[found.person == code] for code in np.unique(found.person)]
    assert all(begins[0] == ALWAYS and np.all(np.diff(begins) > 0) for begins in times)
    assert any(len(begins) > 3 for begins in times)


def test_neighbours_differ_and_nobody_is_left_out(tmp_path: Path) -> None:
    case = Case(AGING, make_case(Random(9), 15).facts, (NOW,))
    project, backend, rehearsal = opened(tmp_path, case)
    rows = rows_of_segments(backend.segments(rehearsal, NOW))
    assert {int(row[0]) for row in rows} == set(codes(project, "person").values())
    for before, after in itertools.pairwise(rows):
        assert before[0] != after[0] or before[3:] != after[3:]


def test_what_begins_later_is_not_told(tmp_path: Path) -> None:
    case = Case(AGING, make_case(Random(3), 15).facts, (NOW,))
    _, backend, rehearsal = opened(tmp_path, case)
    everything = backend.segments(rehearsal, NOW)
    until = int(np.sort(everything.begins)[len(everything.begins) * 3 // 4])
    assert backend.segments(rehearsal, until).begins.max() == until
    assert rows_of_segments(backend.segments(rehearsal, until)) == [row for row in rows_of_segments(everything) if int(row[1]) <= until]


@pytest.mark.parametrize("seed", range(2))
def test_postgres_tells_the_same_segments(seed: int, postgres: str, tmp_path: Path) -> None:
    _same(seed, tmp_path, partial(write_tables, postgres))


@pytest.mark.parametrize("seed", [1])
def test_spark_tells_the_same_segments(seed: int, spark: Any, tmp_path: Path) -> None:
    _same(seed, tmp_path, partial(write_spark, "parquet", spark))


def _same(seed: int, folder: Path, write: Any) -> None:
    facts = make_case(Random(seed), 15).facts
    for case in (Case(AGING, facts, (NOW,)), make_case(Random(seed), 15)):
        found = []
        for name, how in (("here", {}), ("there", {"write": write})):
            (folder / name).mkdir(exist_ok=True)
            _, backend, rehearsal = opened(folder / name, case, seed, **how)
            found.append(rows_of_segments(backend.segments(rehearsal, NOW)))
        assert found[0] == found[1]

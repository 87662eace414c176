"""History holds what the oracle sees, activity by activity, on every engine, in the order that a replay needs."""

from __future__ import annotations

import itertools
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leadline.definition import conditions
from leadline.definition.model import Of
from leadline.engine.backends import duckdb_replay, gathered
from leadline.engine.model import BITS, Bit, Member
from leadline.engine.rehearsal import History
from leadline.errors import Unsupported
from leadline.facts.mirror import Part
from leadline.facts.model import Column, Type
from tests.engines.agreement import NOW
from tests.engines.rehearsals import bundle_of, codes, opened, rows_of_history, subject
from tests.engines.tables import write_tables
from tests.engines.test_spark import write_spark
from tests.oracle import interpreter
from tests.oracle.strategies import Case, batches, make_case


def whose(bit: Bit) -> str | None:
    """Return how to ask the oracle for a signal as a bit has it."""
    kinds = {member.of for member in bit.members}
    return None if len(kinds) > 1 else kinds.pop().value


def seen(found: History, person: int, account: int, bit: int) -> Counter[tuple[int, int]]:
    """Return when the activities of a signal occurred and became known, for a person who is at an account."""
    own = found.masks[:, bit // BITS] >> bit % BITS & 1
    if len(found.account):
        own |= (found.account_masks[:, bit // BITS] >> bit % BITS & 1) & (found.account == account)
    rows = (own == 1) & (found.person == person)
    return Counter(zip(found.times[rows].tolist(), found.known[rows].tolist(), strict=True))


def wrong(case: Case, found: History, project: Any, until: int) -> Iterator[str]:
    """Yield a line for each person and signal of which history and the oracle tell differently."""
    people, accounts = codes(project, "person"), codes(project, "account")
    windows = project.program.windows(absences=True)
    for person, code in people.items():
        they = subject(case, person, until)
        account = accounts.get(they.account or "", -1)
        for at, bit in enumerate(project.program.bits):
            if not windows[at]:
                continue
            theirs = Counter((a.occurred, a.known) for a in interpreter.activities_of(they, bit.signal, whose(bit)))
            mine = seen(found, code, account, at)
            if mine != theirs:
                yield f"{person}, {bit.signal} of {whose(bit)}: {mine} is not {theirs}"


@settings(max_examples=12)
@given(batches(12))
def test_history_is_what_the_oracle_sees(case: Case) -> None:
    with tempfile.TemporaryDirectory() as folder:
        project, backend, rehearsal = opened(Path(folder), case)
        for until in (*case.as_ofs[:1], NOW):
            found = backend.history(rehearsal, until)
            assert gathered.is_ordered(found.person, found.times)
            assert not list(wrong(case, found, project, until))


@pytest.mark.parametrize("seed", range(4))
def test_postgres_tells_the_same_history(seed: int, postgres: str, tmp_path: Path) -> None:
    _same(seed, tmp_path, partial(write_tables, postgres))


@pytest.mark.parametrize("seed", range(2))
def test_spark_tells_the_same_history(seed: int, spark: Any, tmp_path: Path) -> None:
    _same(seed, tmp_path, partial(write_spark, "parquet", spark))


def _same(seed: int, folder: Path, write: Any) -> None:
    case, found = make_case(Random(seed), 15), []
    for name, how in (("here", {}), ("there", {"write": write})):
        (folder / name).mkdir()
        _, backend, rehearsal = opened(folder / name, case, seed, **how)
        found.append(backend.history(rehearsal, case.as_ofs[0]))
    assert rows_of_history(found[0]) == rows_of_history(found[1])
    assert all(gathered.is_ordered(each.person, each.times) for each in found)


def test_signals_that_age_are_refused_by_name(tmp_path: Path) -> None:
    project, backend, _ = opened(tmp_path, make_case(Random(1)))
    where, problems = conditions.parse("days_since(renews_at) < 3", {"renews_at": Column(Type.TIME)})
    assert not problems
    renewal = Bit("renewal", (Member(("contract_viewed",), where, machines=False, of=Of.PERSON),))
    program = replace(project.program, bits=(renewal, *project.program.bits))
    with pytest.raises(Unsupported, match=r"renewal asks days_since"):
        backend.rehearsal(bundle_of(program), (("a title",),))


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 600_000)), max_size=6))
def test_spans_cover_everybody_once(given_parts: list[tuple[int, int]]) -> None:
    ends = np.cumsum([1 + more for more, _ in given_parts]).tolist()
    parts = [Part("", 0, end, rows, None, None) for end, (_, rows) in zip(ends, given_parts, strict=True)]
    found = duckdb_replay.spans([*parts, Part("", None, None, 5, None, None)])
    assert found[0][0] == 0
    assert found[-1][1] == duckdb_replay.LAST
    assert all(first <= last for first, last in found)
    assert all(before[1] + 1 == after[0] for before, after in itertools.pairwise(found))


def line(rng: Random, size: int, mark: float) -> History:
    """Return some activities of a few people, in order, marked by their value."""
    rows = sorted((rng.randint(0, 4), rng.randint(0, 9)) for _ in range(size))
    person, times = (np.array([row[at] for row in rows], np.int64) for at in (0, 1))
    masks = np.array([[rng.randint(1, 9)] for _ in rows], np.int64).reshape(-1, 1)
    return History(person, times, times, masks, masks, person, np.full((size, 1), mark))


@given(st.integers(0, 12), st.integers(0, 12), st.randoms(use_true_random=False))
def test_two_histories_become_one_in_order(mine: int, theirs: int, rng: Random) -> None:
    own, others = line(rng, mine, 0.0), line(rng, theirs, 1.0)
    found = gathered.both(own, others)
    keys = list(zip(found.person.tolist(), found.times.tolist(), found.values[:, 0].tolist(), strict=True))
    assert keys == sorted(keys)
    assert rows_of_history(found) == rows_of_history(own) + rows_of_history(others)

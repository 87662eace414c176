"""Spells are the same on every engine, to the microsecond."""

from __future__ import annotations

import itertools
from functools import partial
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadline import Project
from leadline.engine import backends, bundle
from leadline.engine.backends import spark_replay
from leadline.engine.backends.spark_executor import whole_people
from leadline.engine.rehearsal import ALWAYS, Course, Spells
from tests.engines.agreement import NOW
from tests.engines.tables import write_tables
from tests.engines.test_spark import write_spark
from tests.oracle.files import write_project
from tests.oracle.strategies import Case, make_case


def silent(stage: str, done: float) -> None:
    """Show nothing."""
    del stage, done


def spells(project: Project) -> Spells:
    """Return the spells of a project's definition."""
    backend = backends.of(project.config, project.mirror)
    followed = bundle.bundle([Course("new", ((ALWAYS, project.program),))])
    return backend.rehearse(backend.rehearsal(followed, (("a title",),)), NOW, silent)


def rows(found: Spells) -> list[Any]:
    """Return spells as plain rows in one order."""
    columns = [np.asarray(array).tolist() for name, array in vars(found).items() if name != "causes"]
    return sorted(map(str, zip(*columns, strict=True)))


@pytest.mark.parametrize("seed", range(3))
def test_postgres_finds_the_same_spells(seed: int, postgres: str, tmp_path: Path) -> None:
    _same(make_case(Random(seed), 25), seed, tmp_path, partial(write_tables, postgres))


@pytest.mark.parametrize("seed", range(2))
def test_spark_finds_the_same_spells(seed: int, spark: Any, tmp_path: Path) -> None:
    _same(make_case(Random(seed), 25), seed, tmp_path, partial(write_spark, "parquet", spark))


@given(st.lists(st.integers(1, 6), max_size=12), st.integers(1, 9), st.integers(1, 20))
def test_nobody_is_cut_in_two_on_the_way_through_spark(lengths: list[int], size: int, most: int) -> None:
    people = pa.table({"person_code": [person for person, length in enumerate(lengths) for _ in range(length)]})
    batches = people.cast(pa.schema([("person_code", pa.int32())])).to_batches(max_chunksize=size)
    found = [part["person_code"].to_pylist() for part in whole_people(batches, most, spark_replay.last_change)]
    assert list(itertools.chain(*found)) == people["person_code"].to_pylist()
    assert sum(len(set(part)) for part in found) == len(lengths)


@pytest.mark.parametrize("count", [0, 1, 5])
def test_spells_come_back_from_arrow_as_they_were(count: int) -> None:
    numbers = np.arange(count, dtype=np.int64)
    points = np.arange(count * 3, dtype=np.int64).reshape(count, 3)
    person = numbers.astype(np.int32)
    given = Spells(person, *[numbers] * 6, points, points + 1, numbers, numbers, ("always",))
    found = spark_replay.from_arrow(spark_replay.as_arrow(given), given)
    assert rows(found) == rows(given)
    assert found.points.shape == points.shape
    assert found.person.dtype == np.int32


def _same(case: Case, seed: int, folder: Path, write: Any) -> None:
    found: list[Spells] = []
    for name, how in (("here", write_project), ("there", write)):
        (folder / name).mkdir()
        found.append(spells(Project(how(folder / name, case.definition, case.facts, Random(seed)), now=NOW)))
    assert rows(found[0]) == rows(found[1])
    assert len(found[0].person)
    assert list(found[0].causes) == list(found[1].causes)

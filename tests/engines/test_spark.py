"""Spark gives the oracle's answer: activities stay in Parquet files or tables and are classified there, or come from the mirror."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from random import Random
from typing import Any

import pytest

from tests.engines.agreement import differences
from tests.oracle.facts import Facts
from tests.oracle.files import write_project
from tests.oracle.strategies import make_case

ENGINE = "spark://local[2]"


def write_for_spark(directory: Path, definition: Mapping[str, Any], facts: Facts, rng: Random) -> Path:
    """Write a project as every engine's, and name Spark as its engine."""
    write_project(directory, definition, facts, rng)
    with (directory / "leadline.yaml").open("a", encoding="utf-8") as file:
        file.write(f"engine: {ENGINE}\n")
    return directory


@pytest.mark.parametrize("seed", range(6))
def test_spark_scores_as_the_oracle_does(seed: int, spark, tmp_path):
    del spark
    case = make_case(Random(seed), 60)
    assert not differences(case, tmp_path, seed, write_for_spark)

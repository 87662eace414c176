"""PostgreSQL gives the oracle's answer; activities stay there."""

from __future__ import annotations

from functools import partial
from random import Random

import pytest

from tests.engines.agreement import differences
from tests.engines.tables import write_tables
from tests.oracle.strategies import make_case


@pytest.mark.parametrize("seed", range(8))
def test_postgres_scores_as_the_oracle_does(seed: int, postgres: str, tmp_path):
    case = make_case(Random(seed), 60)
    assert not differences(case, tmp_path, seed, partial(write_tables, postgres))

"""Every engine gives the oracle's answer, on hundreds of small nasty worlds at once."""

from __future__ import annotations

import tempfile
from pathlib import Path

from hypothesis import given, settings

from tests.engines.agreement import differences
from tests.oracle.strategies import Case, batches


@settings(max_examples=25)
@given(batches(60))
def test_duckdb_scores_as_the_oracle_does(case: Case) -> None:
    with tempfile.TemporaryDirectory() as folder:
        assert not differences(case, Path(folder))

"""Scores at instants of one's own are those of a score as of each instant, for everybody."""

from __future__ import annotations

from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import pytest

from leadline import Project
from leadline.engine import instants
from tests.engines.agreement import NOW
from tests.oracle.files import write_project
from tests.oracle.strategies import make_case


def expected(project: Project, as_ofs: list[int]) -> dict[tuple[str, int], tuple[float, dict[str, float]]]:
    """Return score and points of everybody who is scored, by person and instant."""
    rows: dict[tuple[str, int], Any] = {}
    for as_of in as_ofs:
        found = project.score_rows(as_of)
        for row in found.rows():
            rows[row["person_id"], as_of] = row["score"], {name: row[name] for name in found.layout.criteria}
    return rows


@pytest.mark.parametrize("seed", range(12))
def test_they_are_those_of_a_score(seed: int, tmp_path: Path) -> None:
    case = make_case(Random(seed), 8)
    project = Project(write_project(tmp_path, case.definition, case.facts, Random(seed)), now=NOW)
    as_ofs = sorted(set(case.as_ofs))
    wanted = expected(project, as_ofs)
    codes = project.backend.ids("person")
    pairs = [(code, as_of) for as_of in as_ofs for code in sorted(codes)]
    people, whens = (np.array(column, np.int64) for column in zip(*pairs, strict=True))
    found = instants.scores(project.program, project.backend, people, whens)
    compared = 0
    for at, (code, as_of) in enumerate(pairs):
        if (codes[code], as_of) not in wanted:
            continue
        score, points = wanted[codes[code], as_of]
        assert found.exists[at]
        assert found.score[at] == pytest.approx(score, abs=1e-9)
        assert dict(zip(found.criteria, found.points[at].tolist(), strict=True)) == pytest.approx(points, abs=1e-9)
        compared += 1
    assert compared == len(wanted)
    assert compared

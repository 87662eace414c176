"""Scores at instants of one's own are those of a score as of each instant, for everybody."""

from __future__ import annotations

from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import pytest

from leadline import Project, clock
from leadline.engine import instants
from tests.engines.agreement import NOW
from tests.integration.mirrored import make
from tests.oracle.files import write_project
from tests.oracle.strategies import make_case

VISITS = """
name: Visits
signals: {visit: visit}
groups: {engagement: {criteria: {visits: {signal: visit, points: 10}}}}
tracks: {mql: {when: "score >= 1000"}}
"""


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


def test_each_pair_is_asked_by_itself(tmp_path: Path) -> None:
    created, day = 1_700_000_000_000_000, 86_400_000_000
    rows = [{"activity_id": f"x{at}", "person_id": "anna", "occurred_at": iso(created + at * day), "type": "visit"} for at in (1, 2, 3)]
    people = [{"person_id": "anna", "created_at": iso(created + 2 * day)}, {"person_id": "ben"}]
    make(tmp_path, {"people": people, "activities": rows}, definition="definition.yaml")
    (tmp_path / "definition.yaml").write_text(VISITS, encoding="utf-8")
    project = Project(tmp_path, now=NOW)
    anna, ben = sorted(code for code, _ in project.backend.ids("person").items())
    pairs = [(anna, created + 3 * day), (anna, created + 3 * day - 1), (ben, created), (anna, created + day), (99, created), (-1, created)]
    people_asked, whens = (np.array(column, np.int64) for column in zip(*pairs, strict=True))
    found = instants.scores(project.program, project.backend, people_asked, whens)
    assert found.criteria == ("visits",)
    assert found.score.tolist() == [30, 20, 0, 10, 0, 0]
    assert found.points[:, 0].tolist() == [30, 20, 0, 10, 0, 0]
    assert found.exists.tolist() == [True, True, True, False, False, False]


def test_nobody_asked_is_nobody_scored(tmp_path: Path) -> None:
    make(tmp_path, {"people": [{"person_id": "anna"}]}, definition="definition.yaml")
    (tmp_path / "definition.yaml").write_text(VISITS, encoding="utf-8")
    project = Project(tmp_path, now=NOW)
    nobody = np.zeros(0, np.int64)
    assert instants.scores(project.program, project.backend, nobody, nobody).score.tolist() == []


def iso(when: int) -> str:
    return clock.write_instant(when)

"""A plan of activities that stay in PostgreSQL is the plan of the same activities in files."""

from __future__ import annotations

import csv
from dataclasses import replace
from pathlib import Path

import pytest

from leadline import Project, clock
from leadline.app.planning import Planning
from leadline.definition import load
from tests.engines.tables import cursor
from tests.unit.app import redrawn
from tests.unit.app.redrawn import EDITS, NEW, OLD

NOW = clock.parse_instant("2026-09-01")
AWAY = {"no-sales-activities", "remote-activities"}
ASKED = ("2026-01-10", "2026-06-01")  # where activities that stay in a database begin and end nobody knows


@pytest.fixture
def both(postgres, tmp_path) -> tuple[Project, Project]:
    """Return the made-up company in files, and with its activities in PostgreSQL."""
    here, there = redrawn.project(tmp_path / "files"), redrawn.project(tmp_path / "postgres")
    _move(there / "activities.csv", postgres)
    settings = (there / "leadline.yaml").read_text("utf-8")
    (there / "leadline.yaml").write_text(
        settings.replace("activities: activities.csv", "activities: {from: visits}") + f"engine: {postgres}\n", "utf-8"
    )
    return Project(here, now=NOW), Project(there, now=NOW)


def _move(file: Path, uri: str) -> None:
    with file.open(encoding="utf-8", newline="") as rows, cursor(uri) as there:
        there.execute("create table visits (activity_id text, person_id text, occurred_at timestamptz, type text)")
        for row in csv.reader([*rows][1:]):
            there.execute("insert into visits values ($1, $2, cast($3 as timestamptz), $4)", row)
    file.unlink()


@pytest.mark.parametrize("keeps", [False, True])
def test_a_plan_on_postgres_is_the_plan_on_duckdb(both, keeps):
    here, there = (Planning(project, keeps=keeps) for project in both)
    for text in (NEW, NEW.replace(*EDITS["points of a signal"])):
        report, same = (planning.plan(load.parse(text), load.parse(OLD), ASKED) for planning in (there, here))
        assert replace(report, cautions=()) == replace(same, cautions=())
        assert {caution.code for caution in same.cautions} ^ {caution.code for caution in report.cautions} == AWAY
    assert report.new.total.entries
    assert report.new.caught

"""Every definition that a company has published scores as reckoned by hand, whoever evaluates it."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TypeAlias

import pytest

from leadline.definition import check, contract, load
from leadline.errors import Severity
from tests.examples import published
from tests.examples.published import Published, Row
from tests.oracle import interpreter

MILLION = 1_000_000
Rows: TypeAlias = Mapping[str, Row]
Evaluator: TypeAlias = Callable[[Published, int], Rows]


@pytest.fixture(params=published.NAMES)
def example(request) -> Published:
    return published.read(request.param)


@pytest.fixture(params=["oracle", "engine"])
def evaluator(request, tmp_path) -> Evaluator:
    return by_oracle if request.param == "oracle" else by_engine(tmp_path)


def by_oracle(example: Published, as_of: int) -> Rows:
    return {row.person_id: _points(row) for row in interpreter.score(example.definition, example.facts, as_of)}


def _points(row: interpreter.Row) -> Row:
    return Row(
        score=row.score / MILLION,
        groups={name: points / MILLION for name, points in row.groups.items()},
        criteria={name: points / MILLION for name, points in row.criteria.items()},
        tracks=list(row.tracks),
        bands=row.bands,
        disqualified=row.disqualified,
        suspended=row.suspended,
    )


def by_engine(folder: Path) -> Evaluator:
    def score(example: Published, as_of: int) -> Rows:
        from leadline import Project

        if not (folder / "leadline.yaml").exists():
            example.write_project(folder)
        out = folder / "out.json"
        Project(folder, now=max(moment.as_of for moment in example.checks)).score_rows(as_of).write(out, "json")
        people = json.loads(out.read_text(encoding="utf-8"))["people"]
        return {row["person_id"]: Row(**{key: row[key] for key in Row.__dataclass_fields__}) for row in people}

    return score


def test_a_published_definition_scores_as_reckoned_by_hand(example: Published, evaluator: Evaluator):
    for moment in example.checks:
        rows = evaluator(example, moment.as_of)
        found = {person: rows.get(person) for person in moment.expected}
        assert found == moment.expected, f"as of {moment.as_of}"


def test_every_criterion_and_track_of_a_published_definition_is_earned_by_somebody(example: Published):
    rows = [row for moment in example.checks for row in moment.expected.values()]
    earned = {name for row in rows for name, points in row.criteria.items() if points}
    worthless = {name for group in example.definition["groups"].values() for name, c in group["criteria"].items() if c.get("points") == 0}
    assert earned == set(published.criteria_of(example.definition)) - worthless
    assert {track for row in rows for track in row.tracks} == set(example.definition["tracks"])


def test_the_checked_arithmetic_adds_up(example: Published):
    for moment in example.checks:
        for person, row in moment.expected.items():
            counted = [points for name, points in row.groups.items() if example.definition["groups"][name].get("in_score", True)]
            assert row.score == sum(counted), person


def test_a_published_definition_has_no_errors_and_a_contract(example: Published):
    loaded = load.load(example.path)
    problems = check.check(loaded, None, dt.date(2026, 1, 1))
    assert [problem for problem in problems if problem.severity is Severity.ERROR] == []
    text = contract.to_markdown(loaded.definition)
    assert loaded.definition.name in text
    assert "leadline" not in text.lower()


def test_a_published_definition_tells_its_source_in_a_readme(example: Published):
    text = (example.path.parent / "README.md").read_text(encoding="utf-8")
    assert text.startswith("# ")
    assert 5 <= len(text.splitlines()) <= 15

"""The published definitions in ``examples/published/``, with the cases that were reckoned by hand for each.

A ``people.yaml`` lists accounts, people and activities flat, and for some instants what some people's rows must be.
Keys of an activity that the relation doesn't know are its properties; activities are numbered where they have no id.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from tests.oracle.facts import Facts
from tests.oracle.files import TIMES, write_project
from tests.oracle.values import Instant

PUBLISHED = Path(__file__).parents[2] / "examples" / "published"
NAMES = tuple(sorted(folder.name for folder in PUBLISHED.iterdir() if folder.is_dir()))
COLUMNS = {"activity_id", "person_id", "account_id", "occurred_at", "received_at", "type", "side"}


@dataclass(frozen=True)
class Row:
    """What a person's row must be at an instant; criteria that aren't named earn nothing."""

    score: float
    groups: Mapping[str, float]
    criteria: Mapping[str, float]
    tracks: list[str]
    bands: Mapping[str, str]
    disqualified: str | None
    suspended: str | None


@dataclass(frozen=True)
class Check:
    """The rows of some people at an instant, in microseconds."""

    as_of: int
    expected: Mapping[str, Row]


@dataclass(frozen=True)
class Published:
    """A definition that a company has published, its facts and its checks."""

    path: Path
    definition: Mapping[str, Any]
    facts: Facts
    checks: tuple[Check, ...]

    def write_project(self, folder: Path) -> Path:
        """Write a project with the definition as it was published and the facts as files, and return its folder."""
        write_project(folder, self.definition, self.facts)
        (folder / "definition.yaml").write_bytes(self.path.read_bytes())
        return folder


@cache
def read(name: str) -> Published:
    """Return a published definition by the name of its folder."""
    path = PUBLISHED / name / "definition.yaml"
    definition = yaml.safe_load(path.read_text(encoding="utf-8"))
    cases = yaml.safe_load((PUBLISHED / name / "people.yaml").read_text(encoding="utf-8"))
    people, accounts = ([_row(row) for row in cases.get(key, ())] for key in ("people", "accounts"))
    activities = [_activity(row, at) for at, row in enumerate(cases["activities"])]
    checks = tuple(
        Check(_micros(check["as_of"]), {key: _expected(definition, row) for key, row in check["expected"].items()})
        for check in cases["checks"]
    )
    return Published(path, definition, Facts(people, accounts, activities), checks)


def criteria_of(definition: Mapping[str, Any]) -> list[str]:
    """Return the names of all criteria."""
    return [name for group in definition["groups"].values() for name in group["criteria"]]


def _expected(definition: Mapping[str, Any], row: Mapping[str, Any]) -> Row:
    criteria = criteria_of(definition)
    assert set(row["criteria"]) <= set(criteria), row
    points = dict.fromkeys(criteria, 0) | row["criteria"]
    return Row(
        score=row["score"],
        groups=row["groups"],
        criteria=points,
        tracks=row["tracks"],
        bands=row.get("bands", {}),
        disqualified=row.get("disqualified"),
        suspended=row.get("suspended"),
    )


def _row(row: Mapping[str, Any]) -> dict[str, Any]:
    return {key: _value(key, held) for key, held in row.items()}


def _activity(row: Mapping[str, Any], at: int) -> dict[str, Any]:
    known = {"activity_id": f"a{at:03}", **{key: _value(key, held) for key, held in row.items() if key in COLUMNS}}
    return known | {"properties": {key: held for key, held in row.items() if key not in COLUMNS}}


def _value(key: str, held: Any) -> Any:
    if not isinstance(held, dt.date):
        return held
    return _micros(held) if key in TIMES else Instant(_micros(held))


def _micros(moment: dt.date) -> int:
    return Instant.read(moment.isoformat()).micros

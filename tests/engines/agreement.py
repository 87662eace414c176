"""Runs a case on an engine and on the oracle, and says where they differ."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from random import Random
from typing import Any

from leadline import Project
from leadline.engine.model import MICRO
from tests.oracle import interpreter
from tests.oracle.files import write_project
from tests.oracle.strategies import Case

NOW = 4_102_444_800_000_000  # 2100: nothing in a case lies in the future of the reader


def expected(case: Case, as_of: int) -> dict[str, dict[str, Any]]:
    """Return the oracle's answer by person, in the shape of :func:`answered`."""
    rows = interpreter.score(case.definition, case.facts, as_of, case.trees)
    return {row.person_id: asdict(row) | {"tracks": list(row.tracks)} for row in rows}


def answered(project: Project, as_of: int) -> dict[str, dict[str, Any]]:
    """Return the engine's answer by person: the JSON of the command line, points in millionths."""
    scored = project.score_rows(as_of)
    found: dict[str, dict[str, Any]] = {}
    for row in scored.rows():
        person = scored.person(row)
        for part in ("groups", "criteria"):
            person[part] = {name: round(points * MICRO) for name, points in person[part].items()}
        found[person["person_id"]] = person | {"score": round(person["score"] * MICRO)}
    return found


def differences(case: Case, folder: Path, seed: int = 0, write: Callable[..., Path] = write_project) -> list[str]:
    """Return a line for each person and instant at which the engine and the oracle disagree.

    ``write`` makes the project; which engine it names is the one that is asked.
    """
    project = Project(write(folder, case.definition, case.facts, Random(seed)), now=NOW)
    lines: list[str] = []
    for as_of in case.as_ofs:
        mine, theirs = answered(project, as_of), expected(case, as_of)
        lines += [
            f"{person} at {as_of}: {_apart(mine.get(person), theirs.get(person))}"
            for person in sorted(mine.keys() | theirs.keys())
            if mine.get(person) != theirs.get(person)
        ]
    return lines


def _apart(mine: dict[str, Any] | None, theirs: dict[str, Any] | None) -> str:
    if mine is None or theirs is None:
        return f"engine {'has nobody' if mine is None else 'scores them'}, oracle {'has nobody' if theirs is None else 'scores them'}"
    return "; ".join(f"{key}: engine {mine.get(key)!r}, oracle {theirs.get(key)!r}" for key in theirs if mine.get(key) != theirs.get(key))

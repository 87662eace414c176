"""Somebody of a project whose receipt is worth a look."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from leadline.app.wiring import Project
from leadline.errors import UsageError


def example_person(folder: Path, as_of: str) -> str:
    """Return the person with points from the most criteria, of those who hold a track if anybody does.

    Raises:
        UsageError: If nobody is scored at that instant.
    """
    project = Project(folder)
    criteria = [name for _, name, _ in project.loaded.definition.criteria()]

    def worth(row: Mapping[str, Any]) -> tuple[bool, int, float, str]:
        return bool(row["tracks"]), sum(row[name] != 0 for name in criteria), row["score"], row["person_id"]

    best = max(project.score_rows(as_of).rows(), default=None, key=worth)
    if best is None:
        raise UsageError(f"Nobody in {folder} is scored as of {as_of}.", "Choose a later instant.")
    return str(best["person_id"])

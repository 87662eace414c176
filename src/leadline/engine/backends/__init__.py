"""One module a database: each gathers, on its own machine, what the kernel needs.

What a back end can't do it refuses loudly, by name (:class:`leadline.errors.Unsupported`).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from leadline.engine.model import Program
    from leadline.engine.receipt import PersonFacts
    from leadline.engine.scored import Scored
    from leadline.facts.mirror import Mirror
    from leadline.project import ProjectConfig

Progress = Callable[[str, float], None]


class Backend(Protocol):
    """What the pipeline asks of every back end."""

    def score(self, program: Program, as_of: int, progress: Progress) -> Scored:
        """Return everybody who exists at ``as_of``, best first."""
        ...

    def person_facts(self, program: Program, as_of: int, person: str) -> PersonFacts | None:
        """Return what a receipt needs of one person, or ``None`` if they aren't scored at ``as_of``."""
        ...


def of(project: ProjectConfig, mirror: Mirror) -> Backend:
    """Return the back end of a project's engine."""
    from leadline.engine.backends.duckdb import DuckDB

    del project
    return DuckDB(mirror)

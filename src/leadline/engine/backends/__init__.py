"""One module a database: each gathers, on its own machine, what the kernel needs.

What a back end can't do it refuses loudly, by name (:class:`leadline.errors.Unsupported`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from leadline.engine.model import Program
    from leadline.engine.plan import Plan
    from leadline.engine.receipt import PersonFacts
    from leadline.engine.rehearsal import Bundle, History, Rehearsal, Segments, Spells
    from leadline.engine.scored import Scored
    from leadline.facts.mirror import Mirror
    from leadline.project import ProjectConfig

Progress = Callable[[str, float], None]


class Backend(Protocol):
    """What the pipeline asks of every back end."""

    def plan(self, program: Program, title: str) -> Plan:
        """Return the plan of a program, which the other methods take; a definition's name is its title."""
        ...

    def score(self, plan: Plan, as_of: int, progress: Progress) -> Scored:
        """Return everybody who exists at ``as_of``, best first."""
        ...

    def person_facts(self, plan: Plan, as_of: int, person: str) -> PersonFacts | None:
        """Return what a receipt needs of one person, or ``None`` if they aren't scored at ``as_of``."""
        ...

    def rehearsal(self, bundle: Bundle, titles: Sequence[Sequence[str]]) -> Rehearsal:
        """Return a bundle as this back end runs it.

        Args:
            bundle: Courses put together.
            titles: By course and program, the name of the definition.

        Raises:
            Unsupported: If this engine can't follow it through time.
        """
        ...

    def rehearse(self, rehearsal: Rehearsal, until: int, progress: Progress) -> Spells:
        """Return the spells of everybody, of all courses and tracks, as far as they are known at ``until``."""
        ...

    def segments(self, rehearsal: Rehearsal, until: int) -> Segments:
        """Return everybody's segments that begin at ``until`` or before."""
        ...

    def history(self, rehearsal: Rehearsal, until: int) -> History:
        """Return everybody's activities that are known at ``until``; for tests and small data, since it holds them all."""
        ...

    def known_people(self, like: str) -> list[str]:
        """Return ids of people: ``like`` itself if it is one, and some that look like it."""
        ...

    def ids(self, of: str) -> dict[int, str]:
        """Return the ids of ``person`` or ``account`` by code."""
        ...

    def names_of(self, people: Sequence[str], as_of: int) -> dict[str, str]:
        """Return, by person, what the data calls them."""
        ...


def of(project: ProjectConfig, mirror: Mirror) -> Backend:
    """Return the back end of a project's engine."""
    if project.file.engine.startswith("spark://"):
        from leadline.engine.backends.spark import Spark

        return Spark(mirror, project.file.engine, project.work)
    if mirror.remote:
        from leadline.engine.backends.postgres import PostgreSQL

        return PostgreSQL(mirror, project.file.engine)
    from leadline.engine.backends.duckdb import DuckDB

    return DuckDB(mirror)

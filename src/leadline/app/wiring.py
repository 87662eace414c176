"""The composition root: the one place that knows which files, clock and engine a project uses.

:class:`Project` is also the Python interface. It sequences: load, check, open the mirror, compile, ask a back end.
What is decided on the way stands in the stages.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Callable, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from leadline import clock, kept
from leadline import project as project_file
from leadline.app.windows import Instant, instant
from leadline.errors import DefinitionRefused, Problem, Severity, UsageError, did_you_mean

if TYPE_CHECKING:
    import pyarrow as pa

    from leadline.app.discovered import Discovered
    from leadline.app.discovering import Wish
    from leadline.app.planning import Planning
    from leadline.app.replayed import Replayed
    from leadline.definition.load import Loaded
    from leadline.engine.backends import Backend
    from leadline.engine.model import Program
    from leadline.engine.plan import Plan
    from leadline.engine.receipt import Receipt
    from leadline.engine.rehearsal import Rehearsal
    from leadline.engine.scored import Scored
    from leadline.facts.mirror import Mirror
    from leadline.facts.model import Schema
    from leadline.facts.report import FactsReport
    from leadline.review.model import PlanReport
    from leadline.review.period.model import Kind, ReviewReport

ALWAYS = -(1 << 62)
RECORDED = "recorded"
T = TypeVar("T")


class Progress(Protocol):
    """Somebody who is told how far the work is."""

    def __call__(self, stage: str, done: float) -> None:
        """Hear that the share ``done`` (0 to 1) of a stage is finished."""

    def close(self) -> None:
        """Hear that nothing more will come."""


class NoProgress:
    """Shows nothing."""

    def __call__(self, stage: str, done: float) -> None:
        """Do nothing."""

    def close(self) -> None:
        """Do nothing."""


class Project:
    """A folder with a ``leadline.yaml``, ready to be asked.

    Args:
        folder: Where ``leadline.yaml`` stands.
        definition: A definition to use instead of the project's.
        progress: Called with a stage and the share of it that is done.
        now: The present instant in microseconds; the machine's clock if not given.

    Raises:
        ProjectRefused: When something is first asked, if ``leadline.yaml`` has problems.
        DefinitionRefused: Likewise, for the definition.
        FactsRefused: Likewise, for the data.
    """

    def __init__(
        self,
        folder: str | Path = ".",
        *,
        definition: str | Path | None = None,
        progress: Progress | None = None,
        now: int | None = None,
    ) -> None:
        """Note what to open; nothing is read yet."""
        self.folder = Path(folder)
        self.progress = progress or NoProgress()
        self.now = clock.now() if now is None else now
        self._definition = Path(definition) if definition else None

    @cached_property
    def config(self) -> project_file.ProjectConfig:
        """The project file."""
        return project_file.load(self.folder)

    @cached_property
    def loaded(self) -> Loaded:
        """The definition, with the lines of its file."""
        from leadline.definition import load

        if self._definition is None:
            return load.load(self.config.definition, str(self.folder / self.config.file.definition))
        return load.load(self._definition)

    @cached_property
    def mirror(self) -> Mirror:
        """The facts, read once into ``.leadline/`` and again when a source has changed."""
        from leadline.facts import mirror

        return mirror.open_mirror(self.config, self.now, self.progress)

    @cached_property
    def program(self) -> Program:
        """The definition, checked and compiled against the facts."""
        return self.compiled(self.loaded)

    def compiled(self, loaded: Loaded) -> Program:
        """Return a definition, checked and compiled against the facts.

        Raises:
            DefinitionRefused: If it has errors.
        """
        from leadline.definition import fingerprint
        from leadline.engine import compile as compiler

        schema = self.mirror.schema
        errors = [problem for problem in self._problems(loaded, schema) if problem.severity is Severity.ERROR]
        if errors:
            raise DefinitionRefused(errors)
        return compiler.compile_program(loaded.definition, schema, fingerprint.definition_fingerprint(loaded.definition))

    def _problems(self, loaded: Loaded, schema: Schema | None) -> list[Problem]:
        from leadline.definition import check

        today = (clock.EPOCH + dt.timedelta(microseconds=self.now)).date()
        return check.check(loaded, schema, today)

    def check(self, *, facts: bool = True) -> list[Problem]:
        """Return every problem of the definition; with ``facts`` also against the columns that the data has."""
        return self._problems(self.loaded, self.mirror.schema if facts else None)

    def facts(self) -> FactsReport:
        """Return what reading the facts came to."""
        return self.mirror.report

    def score(self, as_of: Instant = None) -> pa.Table:
        """Return everybody who exists at ``as_of``, best first, as an Arrow table with a column per criterion."""
        return self.score_rows(as_of).table()

    def score_rows(self, as_of: Instant = None) -> Scored:
        """Return the same as something that can be counted, listed and written without Arrow."""
        return self.backend.score(self._plan, instant(as_of, self.now), self.progress)

    def replay(self, since: Instant = None, until: Instant = None, *, adopted: bool = True) -> Replayed:
        """Return who qualified, from when to when and why, by spells.

        Args:
            since: Show spells from here on; from the first fact if ``None``. A spell that began before keeps its entry.
            until: The last instant looked at; now if ``None``.
            adopted: Judge each instant by the definition that was in force then, as ``definitions/`` tells; else, or if
                the project was opened with a definition of its own, by that one alone.
        """
        from leadline.app.replayed import Replayed

        first, last = None if since is None else instant(since, self.now), instant(until, self.now)
        if first is not None and first > last:
            raise UsageError("The window ends before it begins.", "Give a --from that lies before --to.", code="empty-window")
        rehearsal = self._rehearsal(adopted=adopted and self._definition is None)
        spells = self.backend.rehearse(rehearsal, last, self.progress)
        return Replayed(rehearsal, spells, self.mirror.path, first, last)

    def in_force(self) -> Sequence[tuple[int, Loaded]]:
        """Return (from when in microseconds, the definition in force), in the order of time.

        Where nothing was ever adopted, or the project was opened with a definition of its own, that is one definition from the start.
        """
        from leadline.app import adopting

        return adopting.in_force(self.config) if self._definition is None else [(ALWAYS, self.loaded)]

    def _rehearsal(self, *, adopted: bool) -> Rehearsal:
        """Return the rehearsal of the definitions in force, or of this project's own definition alone."""
        from leadline.app import adopting

        log = sorted((self.config.root / "definitions").glob("*.yaml")) if adopted else []

        def make() -> Rehearsal:
            return self.rehearsal([("", adopting.in_force(self.config) if log else [(ALWAYS, self.loaded)])])

        return self._kept("rehearsal", [*log, self._definition or self.config.definition], make)

    def _kept(self, kind: str, files: Sequence[Path], make: Callable[[], T]) -> T:
        """Return what follows from definitions, the facts' schema and the engine; made once."""
        texts = [path.read_bytes() if path.is_file() else b"" for path in files]
        schema = (self.mirror.path / "schema.json").read_bytes()
        return kept.kept(self.config.work, kind, (*texts, schema, self.config.file.engine.encode()), make)

    def plan(
        self, new: str | Path, against: str | Path | None = None, since: Instant = None, until: Instant = None, *, track: str | None = None
    ) -> PlanReport:
        """Return what a definition would have done, beside another one, on what happened.

        Args:
            new: The definition's file.
            against: The other one's file; ``recorded`` for what the CRM recorded; the project's own definition if ``None``.
            since: Entries from here on count; twelve months before the end if ``None``.
            until: Entries before this instant count; the end of the last full month of the facts if ``None``.
            track: The track whose line is moved; the first that asks for a score if ``None``.

        Raises:
            UsageError: If the window is empty, nothing is recorded, or there is no such track.
        """
        return self.planning.plan(*self._sides(new, against), (since, until), track=track)

    def discover(self, wish: Wish | None = None, **asked: Any) -> Discovered:
        """Return what comes before won deals, and a definition that was learned from it, as far as there is enough to learn from.

        Args:
            wish: What is asked; twelve months of won deals if ``None``.
            asked: What is asked otherwise, by the names of :class:`~leadline.app.discovering.Wish`: ``months=6, cost=50``.

        Raises:
            Unsupported: If activities stay in a database.
            UsageError: If there is no such track.
        """
        from leadline.app.discovering import Discovering, Wish

        return Discovering(self, dataclasses.replace(wish or Wish(), **asked)).discover()

    @cached_property
    def planning(self) -> Planning:
        """What makes plans, and keeps what several have in common."""
        from leadline.app.planning import Planning

        return Planning(self)

    def review(self, kind: Kind | str = "month", name: str | None = None) -> ReviewReport:
        """Return what a week, a month or a quarter brought by the definitions in force, beside the one before and the year before.

        Args:
            kind: ``week``, ``month`` or ``quarter``.
            name: ``2026-W39``, ``2026-10``, ``2026Q3``; the last that is over if ``None``.

        Raises:
            UsageError: If there is no such period, or the facts don't reach it.
        """
        from leadline.app.reviewing import Reviewing
        from leadline.review.period.model import Kind

        return Reviewing(self, Kind(kind), name).report()

    def _sides(self, new: str | Path, against: str | Path | None) -> tuple[Loaded, Loaded | None]:
        from leadline.definition import load

        old = self.loaded if against is None else None if against == RECORDED else load.load(Path(against))
        return load.load(Path(new)), old

    def rehearsal(self, courses: Sequence[tuple[str, Sequence[tuple[int, Loaded]]]]) -> Rehearsal:
        """Return the plan of one pass over history that follows several courses.

        Args:
            courses: By course its name, and which definition is in force since when (microseconds).
        """
        from leadline.engine import bundle
        from leadline.engine.rehearsal import Course

        made = [Course(name, tuple((since, self.compiled(loaded)) for since, loaded in periods)) for name, periods in courses]
        titles = [[loaded.definition.name for _, loaded in periods] for _, periods in courses]
        return self.backend.rehearsal(bundle.bundle(made), titles)

    def explain(self, person_id: str, as_of: Instant = None) -> Receipt:
        """Return the receipt of one person: every point and the activities and attribute values behind it.

        Raises:
            UsageError: If there is no such person, or they aren't scored at that instant.
        """
        from leadline.engine import explain

        when = instant(as_of, self.now)
        found = self.backend.person_facts(self._plan, when, person_id)
        if found is None:
            raise self._not_scored(person_id, when)
        return explain.receipt(self.program, found, when)

    @cached_property
    def backend(self) -> Backend:
        """What asks the project's engine."""
        from leadline.engine import backends

        return backends.of(self.config, self.mirror)

    @cached_property
    def _plan(self) -> Plan:
        return self._kept("plan", [self._definition or self.config.definition], lambda: self.backend.plan(self.program, self.title()))

    def _not_scored(self, person_id: str, when: int) -> UsageError:
        known = self.backend.known_people(person_id)
        if person_id in known:
            says = f"'{person_id}' isn't scored as of {clock.write_instant(when)}: created later, or left out by 'only'."
            return UsageError(says, "Choose a later --as-of.", code="not-scored")
        return UsageError(f"There is no person '{person_id}'.", did_you_mean(person_id, known), code="unknown-person")

    def known_track(self, name: str | None) -> str | None:
        """Return the name of a track, if the definition has it.

        Raises:
            UsageError: If it doesn't.
        """
        tracks = self.loaded.definition.tracks
        if name is not None and name not in tracks:
            raise UsageError(f"There is no track '{name}'.", did_you_mean(name, tracks), code="unknown-track")
        return name

    def names_of(self, people: Sequence[str], as_of: int) -> dict[str, str]:
        """Return, by person, what they are called by the data: title and account."""
        return self.backend.names_of(people, as_of)

    def title(self) -> str:
        """Return the name of the definition."""
        return self.loaded.definition.name

    def contract(self, *, html: bool = False) -> str:
        """Return the definition as a page of prose: Markdown, or a page of HTML of its own."""
        from leadline.definition import contract, fingerprint

        definition = self.loaded.definition
        write = contract.to_html if html else contract.to_markdown
        return write(definition, fingerprint.contract_fingerprint(definition))

    def progress_done(self) -> None:
        """Take any progress bar away."""
        self.progress.close()

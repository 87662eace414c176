"""A plan, in order: definitions → courses → one pass over history → entries and outcomes → a report.

What belongs here: over which window, and passing results from one stage to the next. Which courses are followed is decided in
:mod:`.casting`, and what the report says in :mod:`leadline.review`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from enum import Enum
from functools import cached_property
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias

from leadline.app import casting, windows
from leadline.app.casting import Cast, Course
from leadline.app.keeping import Keeping
from leadline.app.rehearsing import Rehearsing
from leadline.app.windows import Instant
from leadline.engine.rehearsal import ALWAYS
from leadline.errors import UsageError

if TYPE_CHECKING:
    from leadline.definition.load import Loaded
    from leadline.definition.model import Definition
    from leadline.engine.backends import Backend, Progress
    from leadline.engine.model import Program
    from leadline.engine.rehearsal import Bundle, Spells
    from leadline.facts.mirror import Mirror
    from leadline.outcomes.matching import Outcomes
    from leadline.outcomes.model import Happened
    from leadline.review.changes import Trial
    from leadline.review.contender import Contender, Route
    from leadline.review.entries import Entries
    from leadline.review.model import Caution, PlanReport, Window
    from leadline.review.overlap import Ids
    from leadline.review.plan import Question
    from leadline.review.results import Setting
    from leadline.review.sweep import Swept
    from leadline.review.workload import Rep

GRAIN = 60_000_000
"""How exactly (in microseconds) it is found when a course fades that is only there for comparison: another line, a single change."""
OLD, NEW, RECORDED, MQL = "old", "new", "recorded", "mql"
Between: TypeAlias = tuple[Instant, Instant]
Tracks: TypeAlias = "tuple[tuple[Spells, int], ...]"
"""The spells of each track of a course, and the track's index."""


class Tried(Enum):
    """What a plan tries besides both sides.

    A page can do with less while a hand moves, and ask for the rest when it rests: what was followed is remembered.
    """

    NOTHING = 0
    LINES = 1
    """Other lines of a track."""
    ALL = 2
    """Each change alone, too."""


class Asked(Protocol):
    """What a plan asks of a project, see :class:`leadline.app.wiring.Project`."""

    mirror: Any  # a Mirror and a Backend, by cached properties, which a protocol can't describe
    backend: Any

    @property
    def now(self) -> int:
        """The present instant in microseconds."""
        ...

    @property
    def progress(self) -> Progress:
        """Who is told how far the work is."""
        ...

    def compiled(self, loaded: Loaded) -> Program:
        """Return a definition, checked and compiled against the facts."""
        ...


@dataclass
class Planning:
    """Makes plans for one project; whoever makes several keeps it.

    Attributes:
        project: The project.
        keeps: Hold history in memory and remember the last plans, so that another line or other points are answered without reading
            history again, and without following people whom they don't concern.
    """

    project: Asked
    keeps: bool = False

    def plan(
        self,
        new: Loaded,
        against: Loaded | None,
        asked: Between = (None, None),
        *,
        track: str | None = None,
        tried: Tried = Tried.ALL,
    ) -> PlanReport:
        """Return what a definition would have done, beside another one or what the CRM recorded.

        Args:
            new: The definition.
            against: The other one; ``None`` for what the CRM recorded.
            asked: Where the window begins: if ``None``, twelve months before its end. And where it ends: if ``None``, with the facts, and
                if neither is given, with their last full month.
            track: The track whose line is moved; the first that asks for a score if ``None``.
            tried: What to try besides both sides.

        Raises:
            UsageError: If the window is empty, nothing is recorded, or there is no such track or it has no line.
            DefinitionRefused: If a definition has errors.
        """
        from leadline.review import plan

        if against is None and not self.has_record:
            fix = "Map lead_stages in leadline.yaml, with a stage such as mql, or compare with a definition."
            raise UsageError("No stage of leads says that somebody qualified, so there is no record.", fix, code="nothing-recorded")
        self.keeping.turn()
        with ThreadPoolExecutor(1) as beside:
            read = beside.submit(lambda: self.happened)  # a database reads it while definitions are compiled
            old = against and self._course(OLD, against)
            cast = casting.cast(self._course(NEW, new), old, self.mirror.schema, track, alone=tried is Tried.ALL)
            read.result()
        window = self._window(asked)
        if tried is Tried.NOTHING:
            cast = replace(cast, line=None, lines=())
        tracks = self._follow(cast, window.until_at)
        return plan.compare(_Posed(self, cast, tracks, window, self.outcomes).question())

    @property
    def mirror(self) -> Mirror:
        """The facts."""
        return self.project.mirror

    @property
    def backend(self) -> Backend:
        """What asks the engine."""
        return self.project.backend

    @cached_property
    def happened(self) -> Happened:
        """What happened in sales."""
        from leadline.outcomes import store

        return store.read(self.mirror.path, remote=self.mirror.remote is not None)

    @cached_property
    def has_record(self) -> bool:
        """Whether the CRM recorded that anybody qualified."""
        from leadline.outcomes.model import Said

        return bool((self.happened.lead_stages.said == Said.QUALIFIED).any())

    @cached_property
    def outcomes(self) -> Outcomes:
        """What had happened when the facts ended."""
        from leadline.outcomes import matching

        return matching.settle(self.happened, self.facts_end)

    @cached_property
    def ids(self) -> Ids:
        """What codes stand for."""
        from leadline.review.overlap import Ids

        return Ids(self.backend.ids("person"), self.backend.ids("account"))

    @cached_property
    def reps(self) -> tuple[Rep, ...]:
        """Who works leads."""
        from leadline.review import store

        return store.reps(self.mirror.path)

    @cached_property
    def rehearsing(self) -> Rehearsing:
        """Who follows courses through history."""
        return Rehearsing(self.backend, self.keeps)

    @cached_property
    def keeping(self) -> Keeping:
        """What the last plan worked out."""
        return Keeping(self.keeps)

    @cached_property
    def facts_end(self) -> int:
        """The last instant of which the facts tell anything."""
        known = [part.last_known for part in self.mirror.parts if part.last_known is not None]
        happened = self.happened
        times = (happened.deals.created, happened.deals.closed, happened.lead_stages.at, happened.touches.at)
        known += [int(at[at <= self.project.now].max(initial=0)) for at in times]
        return min(max(known, default=self.project.now), self.project.now)

    @cached_property
    def facts_begin(self) -> int | None:
        """When the first activity became known; ``None`` if there is none, or activities stay in a database."""
        return min((part.first_known for part in self.mirror.parts if part.first_known is not None), default=None)

    def _window(self, asked: Between) -> Window:
        since, until = (None if when is None else windows.instant(when, self.project.now) for when in asked)
        return windows.between(since, until, (self.facts_begin, self.facts_end))

    def _course(self, name: str, loaded: Loaded) -> Course:
        def make() -> Course:
            return Course(name, loaded.definition, self.project.compiled(loaded))

        return self.keeping.once((name, id(loaded)), loaded, make)

    def _follow(self, cast: Cast, until: int) -> list[Tracks]:
        """Return the spells of each course by track, whose index is its place in :meth:`Cast.names`."""
        from leadline.engine import bundle, rehearsal

        courses = cast.courses()
        every = bundle.bundle([rehearsal.Course(course.name, ((ALWAYS, course.program),)) for course in courses])
        followed, places = distinct(every)
        sides = {place for track, place in zip(every.tracks, places, strict=True) if track.course < (2 if cast.old else 1)}
        grains = tuple(1 if at in sides else GRAIN for at in range(len(followed.tracks)))
        plan = replace(self.backend.rehearsal(followed, [[course.name] for course in courses]), grains=grains, tells=False)
        found = self.rehearsing.tracks(followed, plan, until, self.project.progress)
        names = [cast.names(course) for course in courses]
        tracks: list[list[tuple[Spells, int]]] = [[] for _ in courses]
        for track, place in zip(every.tracks, places, strict=True):
            tracks[track.course].append((found[place], names[track.course].index(track.name)))
        return [*map(tuple, tracks)]


def distinct(bundle: Bundle) -> tuple[Bundle, list[int]]:
    """Return a bundle that follows tracks with the same rules once, and by track of the old one which of the new one it is.

    Half of the tracks of a plan are the same: a criterion that changes leaves the tracks alone that don't look at it.
    """
    rules = bundle.rules
    pairs = [(*enter, *leave) for enter, leave in zip(rules.enter.T.tolist(), rules.leave.T.tolist(), strict=True)]
    first = {pair: at for at, pair in reversed([*enumerate(pairs)])}
    kept = sorted(first.values())
    place = {pairs[at]: index for index, at in enumerate(kept)}
    columns = {name: getattr(rules, name)[:, kept].copy() for name in ("enter", "leave", "score_of")}
    followed = replace(bundle, tracks=tuple(bundle.tracks[at] for at in kept), rules=rules._replace(**columns))
    return followed, [place[pair] for pair in pairs]


@dataclass(frozen=True)
class _Posed:
    """A plan under way: what was followed, the spells of each course by track, and what had happened."""

    planning: Planning
    cast: Cast
    tracks: Sequence[Tracks]
    window: Window
    outcomes: Outcomes

    def question(self) -> Question:
        from leadline.review import store
        from leadline.review.plan import Question

        mirror, (old, new) = self.planning.mirror, self.sides()
        setting = self.setting(old, new)
        with ThreadPoolExecutor(1) as beside:
            read = beside.submit(store.labels, mirror.path, mirror.schema, old.entries, new.entries)
            question = Question(
                old=old,
                new=new,
                setting=setting,
                ids=self.planning.ids,
                reps=self.planning.reps,
                trials=tuple(self.trials()),
                skipped=self.cast.skipped,
                swept=self.swept(),
                known=tuple(self.cautions(setting)),
            )
            return replace(question, attributes=read.result())

    def sides(self) -> tuple[Contender, Contender]:
        return self.recorded() if self.cast.old is None else self.side(self.cast.old, 1), self.side(self.cast.new, 0)

    def side(self, course: Course, at: int) -> Contender:
        from leadline.review import contender, entries

        def make() -> Contender:
            names = dict(enumerate(course.definition.tracks))
            head = (course.name, course.definition.name, course.program.fingerprint)
            within = (self.window, self.outcomes)
            return contender.contender(head, entries.course(self.tracks[at]), names, _routes(course.definition), within)

        return self.planning.keeping.once((id(course), *self.key(at)), (course, self.tracks[at]), make)

    def recorded(self) -> Contender:
        """Return what the CRM recorded; it goes to the team that the new definition's MQLs go to."""
        from leadline.outcomes import recorded
        from leadline.review import contender

        routes = _routes(self.cast.new.definition)
        team = routes.get(MQL, next(iter(routes.values()))).team
        spells = recorded.spells(self.planning.happened.lead_stages, self.window.until_at)
        head = (RECORDED, "What the CRM recorded", "")
        return contender.contender(head, spells, {0: MQL}, {MQL: contender.Route(team)}, (self.window, self.outcomes))

    def setting(self, old: Contender, new: Contender) -> Setting:
        """Return what all parts have in common; how long things take is told by the CRM's record if it is long enough."""
        from leadline.review import results

        told = [old.entries, new.entries]
        if self.cast.old is not None and self.planning.has_record:
            told.insert(0, self.recorded().entries)
        return results.setting(self.window, self.outcomes, results.usual_lags(told, self.window.until_at))

    def entries(self, at: int) -> Entries:
        from leadline.review import entries

        def make() -> Entries:
            return entries.entries(entries.course(self.tracks[at]), self.window, self.outcomes)

        return self.planning.keeping.once(self.key(at), self.tracks[at], make)

    def key(self, at: int) -> tuple[object, ...]:
        """Return what the entries of a course come from."""
        return self.window, *((id(spells), index) for spells, index in self.tracks[at])

    def swept(self) -> Swept | None:
        from leadline.review.sweep import Swept

        line, first = self.cast.line, 2 if self.cast.old else 1
        if line is None:
            return None
        steps = tuple((bound, self.entries(first + at)) for at, (bound, _) in enumerate(self.cast.lines))
        return Swept(line.track, line.of, line.current, line.proposed, steps)

    def trials(self) -> list[Trial]:
        from leadline.review.changes import Trial

        first = len(self.tracks) - len(self.cast.changes)
        return [Trial(item.path, item.words, self.entries(first + at)) for at, item in enumerate(self.cast.changes)]

    def cautions(self, setting: Setting) -> list[Caution]:
        from leadline.review import cautions

        programs = [course.program for course in (self.cast.old, self.cast.new) if course]
        used = {f"person.{name}": column for program in programs for name, column in program.person.items()}
        used |= {f"account.{name}": column for program in programs for name, column in program.account.items()}
        return [*cautions.of_attributes(used), *cautions.of_data(self.planning.happened.notes, self.planning.facts_begin, setting)]


def _routes(definition: Definition) -> Mapping[str, Route]:
    """Return where each track hands over to."""
    from leadline.review.contender import Route

    return {name: Route(track.to or "", track.per == "account") for name, track in definition.tracks.items()}

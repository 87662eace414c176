"""A discovery, in order: outcomes → cases → what they did and were → evidence → a card → a definition, judged by the engine itself.

What belongs here: passing results from one stage to the next. What a case is, what tells and how a card is fitted stands in
:mod:`leadline.review.discover`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from leadline import clock
from leadline.app import criteria, windows, workloads
from leadline.app.discovered import Discovered
from leadline.app.windows import Instant
from leadline.errors import Unsupported, UsageError, did_you_mean
from leadline.review.discover.model import DiscoverReport, Goal

if TYPE_CHECKING:
    from leadline.app.planning import Planning
    from leadline.definition.load import Loaded
    from leadline.engine.backends import Backend, Progress
    from leadline.engine.instants import Scores
    from leadline.engine.model import Program
    from leadline.facts.mirror import Mirror
    from leadline.outcomes.model import Real
    from leadline.review.discover.card import Learned
    from leadline.review.discover.cases import Drawn, Members
    from leadline.review.discover.model import Attribute, Cases, Excluded, Features, Judged, Signal
    from leadline.review.discover.written import Proposal
    from leadline.review.model import Caution, Window

MONTHS, BEFORE, CRITERIA, SEED = 12, 90 * clock.DAY, 10, 7
CARD, CURRENT = "card", "current"
FIRST_LINE = 1.0
"""The line of a definition that is only scored: where it lies changes no score."""
T = TypeVar("T")


@dataclass(frozen=True)
class Wish:
    """What is asked of a discovery.

    Attributes:
        goal: What a success is.
        months: Cases of so many months before ``until``.
        until: Nothing after it is looked at; the end of the facts if ``None``.
        judge_from: From here on cases judge; the latest quarter of the won ones if ``None``.
        before: How far back a case looks, in microseconds.
        criteria: How many criteria at most.
        signs: 1 or -1 by feature or source: its points may only add, or only take away.
        include: Features, sources, or ``undated``, that are kept although an alarm went off.
        cost: Of one handoff, in the currency of the deals; ``None`` if not stated.
        track: The track that is replaced; the first that asks for a score if ``None``.
        seed: Of everything that is drawn.
        command: How it was asked for, for the head of the definition.
    """

    goal: Goal = Goal.WON
    months: int = MONTHS
    until: Instant = None
    judge_from: Instant = None
    before: int = BEFORE
    criteria: int = CRITERIA
    signs: Mapping[str, int] = field(default_factory=dict[str, int])
    include: tuple[str, ...] = ()
    cost: float | None = None
    track: str | None = None
    seed: int = SEED
    command: str = "leadline discover"


class Asked(Protocol):
    """What a discovery asks of a project, see :class:`leadline.app.wiring.Project`."""

    planning: Any  # a Planning, a Loaded, a Program, by cached properties, which a protocol can't describe
    loaded: Any
    program: Any

    @property
    def progress(self) -> Progress:
        """Who is told how far the work is."""
        ...

    def compiled(self, loaded: Loaded) -> Program:
        """Return a definition, checked and compiled against the facts."""
        ...


@dataclass(frozen=True)
class Known:
    """What is known of cases.

    Attributes:
        cases: The cases, each with who stands for it.
        signals: What may be counted.
        features: What they did and were, without what was kept out.
        excluded: What was kept out, and why.
        cautions: What to know of it.
    """

    cases: Cases
    signals: tuple[Signal, ...]
    features: Features
    excluded: tuple[Excluded, ...]
    cautions: tuple[Caution, ...]


@dataclass
class Discovering:
    """Makes one discovery.

    Attributes:
        project: The project.
        wish: What is asked.
    """

    project: Asked
    wish: Wish

    def discover(self) -> Discovered:
        """Return what was learned, and the definition that it proposes.

        Raises:
            Unsupported: If activities stay in a database.
            UsageError: If the window is empty, or there is no such track.
        """
        self._refuse()
        drawn = self._told("cases", self._drawn)
        known = self._told("activities", lambda: self._known(drawn))
        return self._concluded(drawn, known)

    def _told(self, stage: str, work: Callable[[], T]) -> T:
        """Return what a stage comes to, and tell when it begins and ends."""
        self.project.progress(stage, 0.0)
        found = work()
        self.project.progress(stage, 1.0)
        return found

    def _refuse(self) -> None:
        if self.mirror.remote is not None:
            says = "discover reads what people did from the mirror, and these activities stay in a database."
            raise Unsupported(says, "Read them from files: set engine: duckdb, and export the activities that matter.")
        track, tracks = self.wish.track, self.loaded.definition.tracks
        if track is not None and track not in tracks:
            raise UsageError(f"There is no track '{track}'.", did_you_mean(track, tracks), code="unknown-track")
        if self.judged_from is not None and not self.window.begin_at < self.judged_from <= self.until:
            says = f"The cases lie between {clock.write_instant(self.window.begin_at)} and {clock.write_instant(self.until)}."
            fix = "Give a --judge-from between the two, so that some cases are left to learn from, and some to judge by."
            raise UsageError(f"Nothing can be judged from {clock.write_instant(self.judged_from)} on. {says}", fix, code="empty-window")

    @property
    def planning(self) -> Planning:
        """What knows the outcomes, and replays definitions."""
        return self.project.planning

    @property
    def mirror(self) -> Mirror:
        """The facts."""
        return self.planning.mirror

    @property
    def backend(self) -> Backend:
        """What reads the mirror, whatever the project's engine is: what people did is read from there, too."""
        from leadline.engine.backends.duckdb import DuckDB

        return DuckDB(self.mirror)

    @property
    def loaded(self) -> Loaded:
        """The current definition."""
        return self.project.loaded

    @cached_property
    def until(self) -> int:
        """The last instant that is looked at."""
        end = self.planning.facts_end
        return end if self.wish.until is None else min(end, windows.instant(self.wish.until, end))

    @cached_property
    def window(self) -> Window:
        """Where the cases' instants lie."""
        return windows.months(self.wish.months, self.until)

    @cached_property
    def judged_from(self) -> int | None:
        """From where on cases judge, if it was asked."""
        return None if self.wish.judge_from is None else windows.instant(self.wish.judge_from, self.until)

    @cached_property
    def members(self) -> Members:
        """Who is at which account."""
        from leadline.review.discover import store

        return store.members(self.mirror.path)

    def _drawn(self) -> Drawn:
        from leadline.outcomes import matching
        from leadline.review.discover import cases

        wish, happened = self.wish, self.planning.happened
        outcomes = matching.settle(happened, self.until)
        return cases.draw(outcomes, happened.touches, self.members, cases.Question(wish.goal, self.window, self.judged_from, wish.seed))

    def _known(self, drawn: Drawn) -> Known:
        from leadline.review.discover import alarms, candidates, cases, features, store

        wish, definition = self.wish, self.loaded.definition
        if not len(drawn.cases):
            return Known(drawn.cases, (), cases.featureless(drawn.cases), (), drawn.cautions)
        with store.look(self.mirror.path, self.mirror.schema, drawn.cases, wish.before) as seen:
            held = cases.represented(drawn.cases, seen.standing(), self.members)
            looked = seen.standing_for(held)
            counts = looked.counts()
            signals = candidates.signals(counts, list(criteria.defined(definition)), len(held))
            events, attributes = looked.events(signals), self._ordered(looked.attributes(self.until))
            after, created = looked.first_after(signals), looked.created()
        every = features.features(held, events, attributes, wish.before, created)
        alarm = (held, every, attributes, after, wish.include)
        excluded = alarms.excluded(*alarm)
        cautions = (*drawn.cautions, *candidates.cautions(counts, len(held)), *alarms.cautions(*alarm))
        return Known(held, signals, alarms.kept(every, excluded, wish.include), excluded, cautions)

    def _ordered(self, attributes: Sequence[Attribute]) -> list[Attribute]:
        """Return attributes in the orders that the current definition gives them."""
        orders = self.loaded.definition.ordered
        return [replace(item, order=orders[item.name]) if item.name in orders else item for item in attributes]

    def _concluded(self, drawn: Drawn, known: Known) -> Discovered:
        from leadline.review.discover import card, cases, evidence, judged, refusal

        held, wish, program = known.cases, self.wish, self.project.program
        behaviours = self._told(
            "evidence", lambda: evidence.behaviours(held, known.features, criteria.used(self.loaded.definition, program))
        )
        now = self._told("current definition", lambda: self._scored(program, held))
        learned = self._told("card", lambda: card.learn(held, known.features, wish.criteria, wish.signs))
        rivals = self._told("models", lambda: judged.baselines(held, known.features))
        ranks = {name: judged.judge(held, *found) for name, found in rivals.items()}
        ranks[CURRENT] = judged.judge(held, now.score, judged.calibrated(held, now.score))
        groups = {name: group for group, name, _ in self.loaded.definition.criteria()}
        refused = refusal.refusal(held, known.features, learned)
        report = DiscoverReport(
            title=f"{self.loaded.definition.name}, learned from {'won deals' if wish.goal is Goal.WON else 'SQLs'}",
            goal=wish.goal,
            window=self.window,
            judged_from_at=drawn.judged_from,
            before_days=wish.before / clock.DAY,
            seed=wish.seed,
            currency=self.planning.happened.currency,
            counts=cases.counts(held),
            judged=ranks,
            behaviours=behaviours,
            criteria=(),
            current=evidence.current(held, {name: groups[name] for name in now.criteria}, now.points),
            excluded=known.excluded,
            worth=(),
            line=None,
            cautions=tuple(self._cautions(known)),
            refused=refused,
        )
        return Discovered(report, "") if refused else self._proposed(report, known, learned)

    def _cautions(self, known: Known) -> Iterator[Caution]:
        from leadline.review.discover import judged
        from leadline.review.model import Caution

        yield from known.cautions
        if (told := judged.caution(known.cases)) is not None:
            yield told
        yield from (Caution(note.code, note.says) for note in self.planning.happened.notes)

    def _scored(self, program: Program, held: Cases) -> Scores:
        """Return what the people of the cases had just before their instants."""
        from leadline.engine import instants

        return instants.scores(program, self.backend, held.person, held.at - 1)

    def _proposed(self, report: DiscoverReport, known: Known, learned: Learned) -> Discovered:
        """Return the card as a definition that was loaded, checked, and scored by the engine itself."""
        from leadline.review.discover import lines, worth, written

        made = written.Proposal(
            name=report.title, criteria=learned.card.criteria, signals=known.signals, current=self.loaded.document.data, track=self.track,
            line=FIRST_LINE, behaviours=report.behaviours, goal=report.goal, customers="is_customer" in self.mirror.schema.account,
        )  # fmt: skip
        program = self.project.compiled(_loaded(made))
        scores = self._told("proposal", lambda: self._scored(program, known.cases).score)
        first = lines.line(known.cases, scores, lines.Terms(cost=self.wish.cost, currency=report.currency))
        steps, capacity = self._told("line", lambda: self._swept(_loaded(replace(made, line=first.score)), report.judged_from_at))
        terms = lines.Terms(steps, capacity, self.wish.cost, report.currency)
        line = lines.line(known.cases, scores, terms)
        told = replace(
            report,
            criteria=learned.card.criteria,
            path=learned.card.path,
            judged={CARD: _judged(known.cases, learned, scores), **report.judged},
            worth=worth.worth(known.cases, scores),
            line=line,
        )
        return Discovered(told, written.definition(replace(made, line=line.score, head=written.head(told, self.wish.command))))

    @property
    def track(self) -> str:
        """The track that is replaced."""
        from leadline.definition import lines

        definition = self.loaded.definition
        asked = {name: lines.line_of(definition, name) for name in definition.tracks}
        first = next((name for name, line in asked.items() if line and line.of == lines.SCORE), next(iter(asked)))
        return self.wish.track or first

    def _swept(self, proposed: Loaded, judged_from: int) -> tuple[list[tuple[float, float]], float | None]:
        """Return lines with the entries a week that the team would get at each in the later period, and how many it can take."""
        from leadline.review.model import Window

        begin, end = min(judged_from, self.until - clock.WEEK), self.until + 1
        return workloads.by_line(self.planning, proposed, self.track, Window(begin, end, self.until, (end - begin) / clock.WEEK))


def _loaded(made: Proposal) -> Loaded:
    from leadline.definition import load
    from leadline.review.discover import written

    return load.parse(written.definition(made))


def _judged(held: Cases, learned: Learned, scores: Real) -> Judged:
    """Return how well the engine's scores of a card rank the cases that judge; those that it was fitted on by cards that weren't."""
    from leadline.review.discover import card, judged, logit

    ranks = learned.held_out.copy()
    ranks[held.later] = card.log_odds(learned.card, scores)[held.later]
    return judged.judge(held, ranks, logit.chance(ranks))

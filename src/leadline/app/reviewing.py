"""A review, in order: the definitions in force → one pass over history → entries and what came of them → the parts of a report.

What belongs here: which period, and passing results from one stage to the next. What the report says is decided in
:mod:`leadline.review.period`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from leadline import clock
from leadline.app.planning import Planning
from leadline.engine.rehearsal import ALWAYS

if TYPE_CHECKING:
    from leadline.definition.load import Loaded
    from leadline.engine.rehearsal import Spells
    from leadline.errors import Problem
    from leadline.outcomes.matching import Outcomes
    from leadline.outcomes.model import Lag, Stage
    from leadline.review.entries import Entries
    from leadline.review.model import Caution, Window
    from leadline.review.period.completeness import Leads
    from leadline.review.period.entered import Both, Entered, Label
    from leadline.review.period.entering import Course, Named
    from leadline.review.period.material import Activity, Handing, Material
    from leadline.review.period.model import Kind, Period, ReviewReport
    from leadline.review.tables import Table as Grid

AGREEMENT = frozenset(
    {
        "unsigned", "unbound-signature", "stale-signature", "overdue-review", "missing-sla", "missing-route", "missing-reject-reasons",
    }
)  # fmt: skip
"""The problems of a definition that a review tells: those of the agreement."""


@dataclass(frozen=True)
class Reviewing:
    """Reviews one period of one project.

    Attributes:
        project: The project, see :class:`leadline.app.wiring.Project`.
        kind: How long the period is.
        name: Which one; the last that is over if ``None``.
    """

    project: Any
    kind: Kind
    name: str | None

    def report(self) -> ReviewReport:
        """Return the report."""
        from leadline.review.period import review

        return review.review(self.material, self.cautions(), self.problems())

    @cached_property
    def planning(self) -> Planning:
        """What happened in sales, and when the facts begin and end."""
        return self.project.planning

    @cached_property
    def period(self) -> Period:
        """The period."""
        from leadline.review.period import periods

        return periods.named(self.kind, self.name, self.planning.facts_end, self.active_until)

    @property
    def active_until(self) -> int | None:
        """When the last activity became known; ``None`` if there is none, or activities stay in a database."""
        return max((part.last_known for part in self.planning.mirror.parts if part.last_known is not None), default=None)

    @cached_property
    def outcomes(self) -> Outcomes:
        """What had happened when the facts ended."""
        return self.planning.outcomes

    @cached_property
    def window(self) -> Window:
        """The period as a window."""
        from leadline.review.model import Window
        from leadline.review.period import periods

        return Window(self.period.begin_at, self.period.end_at, self.period.until_at, periods.weeks(self.period))

    @cached_property
    def in_force(self) -> Sequence[tuple[int, Loaded]]:
        """The definitions that were in force, and from when on."""
        return self.project.in_force()

    def definition_at(self, when: int) -> Loaded:
        """Return the definition that was in force at an instant; the first if none was."""
        begun = [loaded for since, loaded in self.in_force if since <= when]
        return begun[-1] if begun else self.in_force[0][1]

    @cached_property
    def present(self) -> Loaded:
        """The definition in force at the end of the period."""
        return self.definition_at(self.period.end_at - 1)

    @cached_property
    def reps(self) -> tuple[Named, Named]:
        """Which rep wrote which stage of leads, and which touched whom."""
        from leadline.review.period import store

        return store.named_reps(self.planning.mirror.path)

    @cached_property
    def courses(self) -> tuple[Course, Course, Course]:
        """What was in force; the definition of the period before as if it had always been, and that of this one."""
        from leadline.review.period import periods
        from leadline.review.period.entering import Course

        replayed = self.project.replay(until=self.period.until_at)
        real = Course(replayed.rehearsal, replayed.spells)
        if len(self.in_force) == 1:
            return real, real, real
        sides = [self.definition_at(periods.before(self.period).end_at - 1), self.present]
        if sides[0] is sides[1]:
            sides.pop()
        rehearsal = self.project.rehearsal([(str(at), [(ALWAYS, loaded)]) for at, loaded in enumerate(sides)])
        spells = self.planning.backend.rehearse(rehearsal, self.period.until_at, self.project.progress)
        return real, Course(rehearsal, spells), Course(rehearsal, spells, len(sides) - 1)

    @cached_property
    def material(self) -> Material:
        """Everything that the parts of the report take."""
        from leadline.review import results
        from leadline.review.period import completeness, entering, leads_store, periods, store
        from leadline.review.period.material import Material

        mirror = self.planning.mirror
        entered = self.entered(self.courses[0])
        both = self.both(entered)
        ever = periods.upto(self.period, self.planning.facts_begin)
        activity = self.activity()
        accounts = self.outcomes.deals.account
        return Material(
            period=self.period,
            periods=ever,
            entered=entered,
            both=both,
            outcomes=self.outcomes,
            lags=self.horizons,
            usual=results.usual_lags(self.told, self.period.until_at),
            wins_segment=store.segments(mirror.path, mirror.schema, accounts, self.as_of, activity.segment),
            activity=activity,
            handing=self.handing(),
            clocks=store.clocks(mirror.path),
            ids=self.planning.ids,
            recorded=entering.recorded(self.qualified, ever) if self.planning.has_record else (),
            told=entering.told(self.record, entered.tracks, self.reps, self.outcomes) if self.planning.has_record else None,
            targets=self.targets(),
            reject_reasons=tuple(self.present.definition.reject_reasons),
            leads=self.leads(),
            silent=leads_store.silent(mirror.path, self.outcomes.deals, completeness.won_lately(self.outcomes, self.period.end_at)),
        )

    @property
    def as_of(self) -> int:
        """The last instant of the period of which anything is known."""
        return min(self.period.end_at - 1, self.period.until_at)

    @property
    def qualified(self) -> Any:
        """When the CRM recorded that somebody qualified."""
        from leadline.outcomes.model import Said

        stages = self.planning.happened.lead_stages
        return stages.at[stages.said == Said.QUALIFIED]

    def entered(self, course: Course) -> Entered:
        """Return the entries of a course, with all that a review knows of them."""
        from leadline.review import store as attributes
        from leadline.review.period import entering

        mirror = self.planning.mirror
        joined = entering.joined(course, self.window, self.outcomes)
        nobody = entering.nobody(self.window, self.outcomes)
        found = attributes.labels(mirror.path, mirror.schema, joined, nobody)
        n = len(joined.spells.person)
        source, campaign, segment = (entering.label(found, names, n) for names in (entering.SOURCES, entering.CAMPAIGNS, entering.SEGMENTS))
        labels = entering.Labelled(source, campaign, self.contents(joined), segment)
        return replace(entering.entered(course, joined, labels, self.reps, self.outcomes), horizons=self.horizons)

    def contents(self, joined: Entries) -> Label:
        """Return the last content before each entry."""
        from leadline.review.period import store

        mirror, spells = self.planning.mirror, joined.spells
        return store.contents(mirror.path, spells.person, spells.entered)

    def both(self, entered: Entered) -> Both:
        """Return the entries of both definitions, and who was active in both periods."""
        from leadline.review import store as attributes
        from leadline.review.period import entering, periods, store
        from leadline.review.period.entered import Both

        mirror, (real, old, new) = self.planning.mirror, self.courses
        new_entered = entered if new is real else self.entered(new)
        same = old.index == new.index
        old_entered = new_entered if same else self.entered(old)
        crowds = [
            entering.crowd(
                *store.active(mirror.path, one.begin_at, one.end_at, entering.entrants(one, old_entered, new_entered)),
                self.window,
                self.outcomes,
            )
            for one in (periods.before(self.period), self.period)
        ]
        found = attributes.labels(mirror.path, mirror.schema, *crowds)
        return Both(*entering.active(found, (crowds[0], crowds[1])), old_entered, new_entered, same)

    @cached_property
    def record(self) -> Spells:
        """The spells that the CRM recorded."""
        from leadline.outcomes import recorded

        return recorded.spells(self.planning.happened.lead_stages, self.period.until_at)

    @cached_property
    def told(self) -> list[Entries]:
        """Entries that tell how long things take: the CRM's record if there is one, and those of the definitions in force."""
        from leadline.review import entries
        from leadline.review.period import entering

        record = [entries.entries(self.record, self.window, self.outcomes)] if self.planning.has_record else []
        return [*record, entering.joined(self.courses[0], self.window, self.outcomes)]

    @cached_property
    def horizons(self) -> Mapping[Stage, Lag | None]:
        """The time after entry within which a stage counts as reached."""
        from leadline.review.period import entering

        return entering.horizons(self.told[::-1], self.period.until_at)

    def activity(self) -> Activity:
        """Return what accounts did lately, and how their people score at the period's end."""
        from leadline.definition.model import AttributeCriterion, TierCriterion
        from leadline.review.period import store

        mirror, definition = self.planning.mirror, self.project.loaded.definition
        attributes = [name for _, name, criterion in definition.criteria() if isinstance(criterion, AttributeCriterion | TierCriterion)]
        behaviours = [name for _, name, _ in definition.criteria() if name not in attributes]
        standing = store.standing(self.project.score_rows(self.as_of), behaviours, attributes)
        return store.activity(mirror.path, mirror.schema, self.as_of, standing)

    def leads(self) -> Leads:
        """Return the people created in the period, with what was known of them at its end."""
        from leadline.review.period import completeness, leads_store

        mirror, period = self.planning.mirror, self.period
        read = completeness.read_by_fit(self.project.compiled(self.present))
        schema = replace(mirror.schema, properties={}) if mirror.remote else mirror.schema  # forms stay with the activities
        return leads_store.leads(mirror.path, schema, period.begin_at, period.end_at, read)

    def handing(self) -> tuple[Handing, ...]:
        """Return what is agreed on for each track."""
        from leadline.review.period.material import Handing

        tracks = self.present.definition.tracks
        return tuple(Handing(name, track.to or "", track.respond_within) for name, track in tracks.items())

    def targets(self) -> dict[str, float | tuple[float, float]]:
        """Return what the agreement expects."""
        return dict(self.present.definition.agreement.targets)

    def problems(self) -> list[Problem]:
        """Return what is overdue or missing in the agreement."""
        from leadline.definition import check

        today = (clock.EPOCH + dt.timedelta(microseconds=self.project.now)).date()
        return [problem for problem in check.check(self.present, None, today) if problem.code in AGREEMENT]

    def cautions(self) -> list[Caution]:
        """Return what there is to know of the facts."""
        from leadline.review.model import Caution

        return [Caution(note.code, note.says) for note in self.planning.happened.notes]


def page(report: ReviewReport, form: str) -> str:
    """Return one page: ``html``, which needs nothing else, or ``markdown``."""
    from leadline.review.period import report as pages

    return pages.to_html(report) if form == "html" else pages.to_markdown(report)


def grids(report: ReviewReport) -> tuple[Grid, ...]:
    """Return the tables that a terminal shows, the most important first."""
    from leadline.review.period import report as pages

    return pages.in_short(report)

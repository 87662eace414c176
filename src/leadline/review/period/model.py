"""What a review finds of a week, a month or a quarter, as frozen values that people, tables, charts and JSON read. No I/O, no arrays.

Instants are microseconds in fields that end in ``_at``, durations are days or hours as their names say, money is in the report's
currency, and a :class:`~leadline.review.model.Figure` carries its 95 % interval and its count. What the second half of a review finds
(inflation, drift, reps, reasons, completeness, actions) stands in :mod:`.parts`.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any, cast

from leadline.outcomes.model import Stage
from leadline.review.model import Caution, Figure, plain
from leadline.review.period.parts import Action, Completeness, Drifts, Inflation, Reasons, Reps


class Kind(StrEnum):
    """How long a period is."""

    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"


@dataclass(frozen=True)
class Period:
    """The time reviewed: entries in [``begin_at``, ``end_at``), outcomes known until ``until_at``.

    Attributes:
        kind: How long it is.
        name: ``2026-W39``, ``2026-10``, ``2026Q3``.
        until_at: The last instant of which the facts tell anything; the same for all periods of a report.
    """

    kind: Kind
    name: str
    begin_at: int
    end_at: int
    until_at: int


@dataclass(frozen=True)
class InForce:
    """A definition, and since when it is in force; ``since_at`` is ``None`` if it was from the first fact on."""

    title: str
    fingerprint: str
    since_at: int | None


@dataclass(frozen=True)
class Reached:
    """How far a cohort came: of its entries, those that reached a stage so far.

    Attributes:
        stage: The stage.
        reached: Entries that reached it, young ones included.
        rate: Of the worked entries that are as old as the stage's horizon, the share that reached it within that time: a figure that
            old and young cohorts can be compared by.
        estimate: What share of the worked entries gets there within the usual lag (Kaplan–Meier), young ones counted for as long as they
            were watched.
        mature: All of them are as old as the horizon.
        median_days: From entry to the stage, of those who reached it.
        p90_days: Nine in ten of these took no longer.
    """

    stage: Stage
    reached: int
    rate: Figure
    estimate: Figure
    mature: bool
    median_days: Figure
    p90_days: float | None


@dataclass(frozen=True)
class Cohort:
    """The entries of one period and what came of them until now.

    Attributes:
        period: When they entered.
        entries: How many.
        people: People behind them.
        beside: Entries beside a conversation or an open deal, which are in none of the stages.
        worked: Of the others, those that sales touched; rates are of these.
        rejected: Those that were rejected last, and not accepted.
        stages: How far they came.
        revenue: What was won of them so far; ``n`` is the deals.
    """

    period: Period
    entries: int
    people: int
    beside: int
    worked: int
    rejected: int
    stages: tuple[Reached, ...]
    revenue: Figure

    def stage(self, stage: Stage) -> Reached:
        """Return how many reached a stage."""
        return next(item for item in self.stages if item.stage is stage)


@dataclass(frozen=True)
class Funnel:
    """Cohorts, from the earliest; the last is the period itself.

    Attributes:
        cohorts: Up to thirteen of them.
        per_week: Entries a week in the period.
        per_week_before: In the period before it.
        horizons: By stage, the days after entry within which it counts as reached: three in four of those who ever get there do so
            within them; ``None`` if nobody did.
        recorded: How many MQLs the CRM recorded in the period; ``None`` if it records none.
        recorded_before: In the period before.
    """

    cohorts: tuple[Cohort, ...]
    per_week: Figure
    per_week_before: Figure
    horizons: tuple[tuple[Stage, float | None], ...]
    recorded: int | None
    recorded_before: int | None

    @property
    def now(self) -> Cohort:
        """Return the period's own cohort."""
        return self.cohorts[-1]

    @property
    def before(self) -> Cohort | None:
        """Return the one before it."""
        return self.cohorts[-2] if len(self.cohorts) > 1 else None


@dataclass(frozen=True)
class MoneyRow:
    """What was won of the entries with one value of an attribute.

    Attributes:
        label: The value; ``unknown`` for none, ``other`` for the rare ones together.
        deals: Deals won in the period.
        revenue: Their amount; ``n`` is the deals that have one.
        year_deals: Deals won in the year up to the period's end.
        year_revenue: Their amount.
        deal_size: Its mean per deal.
        year_entries: Entries of that year.
        sql: Of those that are worked and old enough, the share that became SQLs.
        entry_revenue: What was won so far of that year's entries.
    """

    label: str
    deals: int
    revenue: Figure
    year_deals: int
    year_revenue: Figure
    deal_size: Figure
    year_entries: int
    sql: Figure
    entry_revenue: Figure


@dataclass(frozen=True)
class MoneyBy:
    """Money by an attribute at entry: ``person.source``, ``content``, ``track``, ``definition``, …; ``undated`` as in breakdowns."""

    by: str
    undated: bool
    rows: tuple[MoneyRow, ...]


@dataclass(frozen=True)
class Money:
    """MQL-sourced revenue: of deals won in the period that are credited to an entry.

    Attributes:
        revenue: Its amount.
        revenue_before: Of the period before.
        all_revenue: Of all deals won in the period, whatever led to them.
        deals: Deals won in the period that are credited to an entry.
        all_deals: Deals won in the period.
        beside: Deals won that only have an entry beside them: sales was there first.
        deal_size: The mean amount of those credited, over the year up to the period's end.
        other_deal_size: That of the others.
        year_revenue: MQL-sourced revenue of that year.
        months: By period of that year, the MQL-sourced revenue.
        by: By attribute at entry.
    """

    revenue: Figure
    revenue_before: Figure
    all_revenue: Figure
    deals: int
    all_deals: int
    beside: int
    deal_size: Figure
    other_deal_size: Figure
    year_revenue: Figure
    months: tuple[tuple[Period, Figure], ...]
    by: tuple[MoneyBy, ...]


@dataclass(frozen=True)
class Pace:
    """Pipeline velocity over a span: opportunities × win rate × average deal ÷ days of the cycle = money a day.

    Attributes:
        begin_at, end_at: The span.
        opportunities: MQL-sourced deals open at a time, on average.
        win_rate: Of those that were closed in it.
        deal_size: Mean amount of those won in it.
        cycle_days: Mean days from creation to close of those won in it.
        per_day: The velocity.
    """

    begin_at: int
    end_at: int
    opportunities: Figure
    win_rate: Figure
    deal_size: Figure
    cycle_days: Figure
    per_day: Figure


@dataclass(frozen=True)
class Velocity:
    """Velocity now and before.

    Attributes:
        now: The last span.
        before: The one before it, as long.
        change: By what factor it changed; its interval leaves out 1 where the change is more than chance.
        moved: By factor of the velocity, what it alone did: the product of all is ``change``.
    """

    now: Pace
    before: Pace
    change: Figure
    moved: tuple[tuple[str, float], ...]


@dataclass(frozen=True)
class Step:
    """A step of the funnel against its own past.

    Attributes:
        start: Where it begins: ``entry``, or a stage.
        stage: Where it ends.
        now_at, now_end_at: Who began it then is judged as now; the past is the year before.
        now: The share that made the step, of those old enough.
        past: Likewise.
        p: The chance of so large a difference if nothing had changed.
        wait: Days that it takes (median), now.
        wait_past: Likewise in the past.
        sqls: What closing the gap would bring a month in SQLs; ``None`` if there is no gap.
        revenue: Likewise in revenue.
    """

    start: str
    stage: Stage
    now_at: int
    now_end_at: int
    now: Figure
    past: Figure
    p: float | None
    wait: Figure
    wait_past: Figure
    sqls: float | None
    revenue: float | None


@dataclass(frozen=True)
class Bottleneck:
    """Where the funnel is narrow: all steps, and the stage of that which lies farthest below its own past, if any lies there surely."""

    steps: tuple[Step, ...]
    worst: Stage | None

    @property
    def step(self) -> Step | None:
        """Return the step that is narrow."""
        return next((step for step in self.steps if step.stage is self.worst), None)


@dataclass(frozen=True)
class Band:
    """A published band of MQL→SQL conversion.

    Attributes:
        source: Who says so, with the year where it is known.
        motion: Of which companies: how they sell, to whom.
        low, high: The band.
        says: What it says of shares outside of it; empty if nothing.
    """

    source: str
    motion: str
    low: float
    high: float
    says: str = ""


@dataclass(frozen=True)
class Audit:
    """The audit score: what share of MQLs becomes SQLs.

    Attributes:
        now: Of the last worked entries that are old enough, the share that became SQLs within ``horizon_days``.
        now_at, now_end_at: When these entered.
        horizon_days: Three in four of those who ever become SQLs do so within it; ``None`` if nobody did.
        past: By period before them, the share, as far as it is mature.
        low, median, high: A tenth of the past months lies below, half, nine tenths.
        target: What the agreement expects.
        rejected: Of the entries with a verdict, the share rejected.
        bands: What is published, each with its source.
        reading: What it comes to, a sentence each.
        calibrate: Below 15 %, or more than half rejected: marketing and sales should look at leads together.
    """

    now: Figure
    now_at: int
    now_end_at: int
    horizon_days: float | None
    past: tuple[tuple[Period, Figure], ...]
    low: float | None
    median: float | None
    high: float | None
    target: tuple[float, float] | None
    rejected: Figure
    bands: tuple[Band, ...]
    reading: tuple[str, ...]
    calibrate: bool


@dataclass(frozen=True)
class Response:
    """How soon sales responds to the entries of one track.

    Attributes:
        track: Its name.
        team: Whom it hands over to.
        agreed: ``4 business hours``; empty if nothing is agreed.
        entries: Entries of the period that were in time, late, or are overdue.
        in_time: The share touched in time.
        in_time_before: In the period before.
        median_hours: Working hours to the first touch, of those touched.
        p90_hours: Nine in ten of these took no longer.
        overdue: Of the last 30 days, those whom nobody touched in time nor until now, and who are still qualified.
        forgotten: Likewise of the rest of the year.
    """

    track: str
    team: str
    agreed: str
    entries: int
    in_time: Figure
    in_time_before: Figure
    median_hours: Figure
    p90_hours: float | None
    overdue: int
    forgotten: int


@dataclass(frozen=True)
class Overdue:
    """Somebody who waits: qualified, still inside, and nobody from sales has touched them though it was due."""

    person_id: str
    account_id: str | None
    track: str
    entered_at: int
    due_at: int
    working_hours: float


@dataclass(frozen=True)
class Sla:
    """The response times agreed on against those kept.

    Attributes:
        known: Whether what sales does is recorded; if not, nothing else is told.
        basis: ``recorded``: of the MQLs that the CRM recorded, which are those that sales was told of; ``entries`` where it records none.
        total: Of all of these together, whatever their track.
        tracks: Of the entries of each track. Sales may not have been told of them while another definition was worked by.
        overdue: Who waits, the most recent first; at most fifty.
        clock: By whose hours the time is counted, in a sentence.
    """

    known: bool
    basis: str
    total: Response
    tracks: tuple[Response, ...]
    overdue: tuple[Overdue, ...]
    clock: str


@dataclass(frozen=True)
class RankedAccount:
    """An account worth attention.

    Attributes:
        rank: From 1.
        account_id: Which.
        name: What it is called, if that is known.
        segment: Its segment, or band of size.
        potential: What a deal with its like brought on average.
        engagement: Points of its people at the period's end.
        people: Its people with engagement in the 30 days before.
        recent: What its people did in these 30 days.
        earlier: In the 30 days before them.
        index: Geometric mean of its three places among the accounts, 1 is the best of all three.
        customer: It has bought.
        open_deal: A deal is open.
    """

    rank: int
    account_id: str
    name: str
    segment: str
    potential: float | None
    engagement: float
    people: int
    recent: int
    earlier: int
    index: float
    customer: bool
    open_deal: bool


@dataclass(frozen=True)
class Accounts:
    """Accounts ranked by potential, engagement and velocity.

    Attributes:
        as_of_at: The instant.
        of: How many accounts were active in the 30 days before.
        by: The attribute that potential is told by; empty if all accounts have the same.
        rows: The first twenty.
    """

    as_of_at: int
    of: int
    by: str
    rows: tuple[RankedAccount, ...]


class Met(StrEnum):
    """Whether a target was met."""

    YES = "met"
    NO = "missed"
    UNCLEAR = "unclear"
    """The interval reaches over the bound."""
    UNKNOWN = "unknown"
    """Nothing measures it, or nothing is old enough."""


@dataclass(frozen=True)
class Target:
    """What the agreement expects, against what came.

    Attributes:
        name: As in the agreement: ``mql_per_week``.
        low, high: What is expected; ``high`` is ``None`` where more is better.
        figure: What came.
        figure_before: In the period before.
        met: How they compare.
    """

    name: str
    low: float
    high: float | None
    figure: Figure
    figure_before: Figure
    met: Met


@dataclass(frozen=True)
class Due:
    """Something of the agreement that is overdue or missing: a stable code, where it stands, what is the matter, how to mend it."""

    code: str
    where: str
    says: str
    fix: str


@dataclass(frozen=True)
class ReviewReport:
    """A period reviewed, beside the one before it and the twelve before.

    Attributes:
        period: The period.
        before: The one before it.
        currency: Of all money; empty if deals name none.
        definitions: Those in force in the period, the last is that of its end.
        headline: What it comes to, in a sentence or two.
    """

    period: Period
    before: Period
    currency: str
    definitions: tuple[InForce, ...]
    headline: str
    funnel: Funnel
    money: Money
    velocity: Velocity | None
    bottleneck: Bottleneck
    audit: Audit
    sla: Sla
    accounts: Accounts
    targets: tuple[Target, ...]
    due: tuple[Due, ...]
    inflation: Inflation
    drift: Drifts | None
    reps: Reps | None
    reasons: Reasons | None
    completeness: Completeness | None
    actions: tuple[Action, ...]
    cautions: tuple[Caution, ...]

    def to_json(self) -> dict[str, Any]:
        """Return the report as plain values for JSON, instants as ISO 8601."""
        return cast("dict[str, Any]", plain(self))

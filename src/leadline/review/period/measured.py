"""The smaller types of :mod:`.model`: periods, cohorts, money, velocity. Read them from there."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from leadline.outcomes.model import Stage
from leadline.review.model import Figure


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

"""The smaller types of :mod:`.model`: figures with their intervals, windows, and what came of entries. Read them from there."""

from __future__ import annotations

from dataclasses import dataclass

from leadline.outcomes.model import Stage


@dataclass(frozen=True)
class Figure:
    """A figure with its 95 % interval and the count it rests on; all but the count are ``None`` where there is nothing to count."""

    value: float | None
    low: float | None
    high: float | None
    n: int


@dataclass(frozen=True)
class Window:
    """The time compared: entries in [``begin_at``, ``end_at``), outcomes known until ``until_at``."""

    begin_at: int
    end_at: int
    until_at: int
    weeks: float


@dataclass(frozen=True)
class Week:
    """One week of the window; the first and the last may be shorter than ``days`` = 7."""

    begin_at: int
    days: float
    entries: int


@dataclass(frozen=True)
class Conversion:
    """How many entries came to a stage. Entries beside a conversation or an open deal aren't among them.

    Attributes:
        stage: The stage.
        reached: Entries that reached it so far, young ones included.
        rate: Of the worked entries that are old enough, how many reached it. The figure to read.
        estimate: What share of the worked entries gets there within the usual lag, by Kaplan–Meier: young ones count for as long as they
            were watched.
        least: Of all entries that are old enough, if none of those never worked would have come this far.
        most: Likewise, if all of them would have.
        young: Entries too young to judge, worked or not: the usual lag has not passed since they began.
        usual_days: The usual lag of the company's own history: nine in ten of those who reach the stage do so within it; ``None`` if
            nobody ever did, and then no entry is old enough.
    """

    stage: Stage
    reached: int
    rate: Figure
    estimate: Figure
    least: float | None
    most: float | None
    young: int
    usual_days: float | None


@dataclass(frozen=True)
class Point:
    """A step of a curve: by so many days after entry, what share had reached the stage, and how many were still watched."""

    days: float
    share: float
    low: float
    high: float
    at_risk: int


@dataclass(frozen=True)
class Curve:
    """Kaplan–Meier: the share of worked entries that reached a stage, by days since entry."""

    stage: Stage
    points: tuple[Point, ...]


@dataclass(frozen=True)
class LeadTime:
    """Days from entry to the first conversation of the deals caught."""

    median: Figure
    p90: float | None


@dataclass(frozen=True)
class WonDeal:
    """A deal won whose creation lies in the window.

    Attributes:
        person_id: The deal's person, else the person of the entry that it is credited to; may be unknown.
        amount: ``None`` if not recorded, or not in the report's currency.
        entered_at: When the entry began that the deal is credited to; ``None`` if it is missed, or if it began before the first fact.
        track: Its track; empty if the deal is missed.
        lead_days: Days from that entry to the first conversation.
        why: For a deal that is missed: why, in words; else empty.
    """

    deal_id: str
    account_id: str | None
    person_id: str | None
    amount: float | None
    currency: str
    created_at: int
    closed_at: int | None
    entered_at: int | None
    track: str
    lead_days: float | None
    why: str


@dataclass(frozen=True)
class Results:
    """The entries of a side, or of one of its tracks, and what came of them.

    Attributes:
        name: The track's name; ``any`` for the whole side.
        entries: Spells that began in the window.
        people: People behind them.
        reentries: Entries of people who had entered before, in the window or earlier.
        beside: Entries that began after the first conversation or with a deal already open. They are work, and count as entries, but
            nothing is credited to them.
        worked: Entries that sales touched. Rates come from these.
        per_week: Entries a week; ``n`` is the entries.
        weeks: Entries of each week.
        conversion: By stage.
        won: Won deals of the window credited to an entry (which may have begun before the window).
        revenue: Their amount; ``n`` is the deals that have one.
        lead_time: Days from entry to first conversation.
        curves: By stage.
    """

    name: str
    entries: int
    people: int
    reentries: int
    beside: int
    worked: int
    per_week: Figure
    weeks: tuple[Week, ...]
    conversion: tuple[Conversion, ...]
    won: int
    revenue: Figure
    lead_time: LeadTime
    curves: tuple[Curve, ...]

    def stage(self, stage: Stage) -> Conversion:
        """Return the conversion to a stage."""
        return next(item for item in self.conversion if item.stage is stage)

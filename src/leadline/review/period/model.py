"""What a review finds of a week, a month or a quarter, as frozen values that people, tables, charts and JSON read. No I/O, no arrays.

Instants are microseconds in fields that end in ``_at``, durations are days or hours as their names say, money is in the report's
currency, and a :class:`~leadline.review.model.Figure` carries its 95 % interval and its count. What the second half of a review finds
(inflation, drift, reps, reasons, completeness, actions) stands in :mod:`.parts`.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any, cast

from leadline.review.model import Caution, Figure, plain
from leadline.review.period.measured import (
    Bottleneck,
    Cohort,
    Funnel,
    InForce,
    Kind,
    Money,
    MoneyBy,
    MoneyRow,
    Pace,
    Period,
    Reached,
    Step,
    Velocity,
)
from leadline.review.period.parts import Action, Completeness, Drifts, Inflation, Reasons, Reps

__all__ = [
    "Accounts", "Audit", "Band", "Bottleneck", "Cohort", "Due", "Funnel", "InForce", "Kind", "Met", "Money", "MoneyBy", "MoneyRow",
    "Overdue", "Pace", "Period", "RankedAccount", "Reached", "Response", "ReviewReport", "Sla", "Step", "Target", "Velocity",
]  # fmt: skip


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

"""What a review is made of: everything that its parts take, read and replayed once. Frozen, no I/O."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from leadline.clock import BusinessTime
from leadline.handoff.sla import Calendar
from leadline.outcomes.matching import Outcomes
from leadline.outcomes.model import Lag, Stage
from leadline.review.overlap import Ids
from leadline.review.period.completeness import Leads
from leadline.review.period.entered import Both, Entered, Label
from leadline.review.period.model import Period

if TYPE_CHECKING:
    from leadline.outcomes.model import Flags, Real, Whole


@dataclass(frozen=True)
class Handing:
    """What is agreed on for a track: its name, the team it goes to, and within which business time that team responds (or ``None``)."""

    track: str
    team: str
    within: BusinessTime | None


@dataclass(frozen=True)
class Handed:
    """Who was handed over, as arrays (n).

    Attributes:
        person, account: Codes.
        track: Index of the tracks of the entries.
        entered: When.
        left: Until when they were qualified; ``STILL`` if they are.
        beside: Whether it was beside a conversation or an open deal.
        rep: Index of the reps of the entries: whose they were; -1 if unknown.
        touched: When sales first touched them; ``NOT_YET`` if never.
    """

    person: Whole
    account: Whole
    track: Whole
    entered: Whole
    left: Whole
    beside: Flags
    rep: Whole
    touched: Whole


@dataclass(frozen=True)
class Clock:
    """When a rep works: the id, the team, and the hours."""

    rep: str
    team: str
    calendar: Calendar


@dataclass(frozen=True)
class Activity:
    """What the people of accounts did lately, and how they score, as arrays that run in parallel (n accounts, those active alone).

    Attributes:
        account: Codes, rising.
        people: People who did anything in the 30 days before the instant.
        recent: What they did in these 30 days.
        earlier: What was done in the 30 days before them.
        engagement: Points that its people have of what they did, at the instant.
        fit: The most points that one of its people has of attributes.
        customer, open_deal: As of the instant.
        segment: Its segment or size; ``by`` is empty if the facts tell none.
        name: What it is called; empty if unknown.
    """

    account: Whole
    people: Whole
    recent: Whole
    earlier: Whole
    engagement: Real
    fit: Real
    customer: Flags
    open_deal: Flags
    segment: Label
    name: tuple[str, ...]


@dataclass(frozen=True)
class Material:
    """What a review is made of.

    Attributes:
        period: The period.
        periods: Up to twelve before it, and it; those before the first fact are left out.
        entered: The entries of the definitions in force.
        both: Those of the definition before and of the present one, and who was active.
        outcomes: What had happened by the period's ``until_at``.
        lags: By stage, its horizon: an entry this old is judged, by what it reached within it. Three in four of those who ever get there
            do so within it; ``None`` if nobody ever did.
        usual: The usual lag to each stage: likewise for nine in ten.
        wins_segment: By settled deal, the segment of its account as in ``activity``; -1 where unknown.
        activity: Of accounts.
        handing: By track, what is agreed.
        clocks: When reps work.
        ids: What codes stand for.
        recorded: By period, how many MQLs the CRM recorded; empty if it records none.
        told: These MQLs, which sales was told of, in the track that MQLs take; ``None`` if it records none.
        targets: What the agreement expects: a number, a share, or a pair of shares.
        reject_reasons: The names of the reasons agreed on.
        leads: The people created in the period.
        silent: By deal won in the year up to the period's end, whether nothing is recorded of its account before.
    """

    period: Period
    periods: tuple[Period, ...]
    entered: Entered
    both: Both
    outcomes: Outcomes
    lags: Mapping[Stage, Lag | None]
    usual: Mapping[Stage, Lag | None]
    wins_segment: Whole
    activity: Activity
    handing: tuple[Handing, ...]
    clocks: tuple[Clock, ...]
    ids: Ids
    recorded: tuple[int, ...]
    told: Handed | None
    targets: Mapping[str, float | tuple[float, float]]
    reject_reasons: tuple[str, ...]
    leads: Leads
    silent: Flags

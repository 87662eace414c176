"""What happened in sales, as columns; what of it is credited to spells; estimates and curves. Frozen types, no I/O.

Instants are microseconds in int64 arrays; what has not happened (or isn't known) is ``NOT_YET``. Codes of people and accounts
are those of the mirror, -1 for none.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import IntEnum, StrEnum
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

from leadline import clock
from leadline.facts.model import Outcome

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Whole: TypeAlias = NDArray[np.int64]
    Real: TypeAlias = NDArray[np.float64]
    Flags: TypeAlias = NDArray[np.bool_]

NOT_YET = 1 << 62
"""When something happened that has not happened, or of which nobody knows when."""
NONE = -1
"""The index or code of nobody and nothing."""


class Stage(StrEnum):
    """How far a spell can come, in order. A stage that was skipped is reached with the next one."""

    ACCEPTED = "accepted"
    SQL = "sql"
    OPPORTUNITY = "opportunity"
    WON = "won"


class Said(IntEnum):
    """What a row of ``lead_stages`` says, whatever words the CRM has for it."""

    QUALIFIED = 0
    ACCEPTED = 1
    REJECTED = 2
    SQL = 3
    OPPORTUNITY = 4
    WON = 5
    ENDED = 6
    """Out of the funnel, without a verdict on the lead: lost, churned, unsubscribed."""


@dataclass(frozen=True, slots=True)
class Windows:
    """How far apart things may lie that belong together, in microseconds.

    Attributes:
        credit: A deal or a verdict is credited to a spell that began at most so long before.
        attention: A spell was worked if sales touched its person at most so long after it began.
        lull: Conversations with no more than this between them, up to the creation of a deal, are its conversations.
    """

    credit: int = 365 * clock.DAY
    attention: int = 30 * clock.DAY
    lull: int = 30 * clock.DAY


@dataclass(frozen=True)
class Deal:
    """One deal, for people to read.

    Attributes:
        kind: ``new``, ``expansion``, … where the data has it.
        amount: ``None`` if unknown.
        conversation: When the first conversation was, as far as is known; never after ``created``.
        closed: ``None`` while it is open.
    """

    deal_id: str
    person_id: str | None
    account_id: str | None
    kind: str
    outcome: Outcome
    amount: float | None
    currency: str
    created: int
    conversation: int
    closed: int | None


@dataclass(frozen=True)
class Deals:
    """Deals as columns that run in parallel (m deals), by creation.

    Attributes:
        deal_id, person_id, account_id, kind, currency: Text; ``None`` (``kind`` and ``currency``: empty) where there is none.
        person, account: Codes.
        created: When it was created.
        conversation: When the first conversation was; from the data ``NOT_YET`` if unknown, once settled never after ``created``.
        closed: When it was won or lost; ``NOT_YET`` while it is open.
        won: Whether it was won.
        amount: NaN if unknown.
    """

    deal_id: NDArray[Any]
    person_id: NDArray[Any]
    account_id: NDArray[Any]
    kind: NDArray[Any]
    currency: NDArray[Any]
    person: Whole
    account: Whole
    created: Whole
    conversation: Whole
    closed: Whole
    won: Flags
    amount: Real

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self.created)

    def where(self, chosen: NDArray[Any]) -> Deals:
        """Return the deals that a mask or indices choose."""
        return Deals(**{name: array[chosen] for name, array in vars(self).items()})

    def won_money(self, chosen: Flags) -> dict[str, float]:
        """Return what the chosen deals won, by currency, largest first; nothing is converted, so nothing may be added up."""
        counted = [
            (str(self.currency[at]), float(self.amount[at]))
            for at in range(len(self))
            if chosen[at] and self.won[at] and not math.isnan(self.amount[at])
        ]
        sums = {name: sum(amount for currency, amount in counted if currency == name) for name in {currency for currency, _ in counted}}
        return dict(sorted(sums.items(), key=lambda item: (-item[1], item[0])))

    def row(self, index: int) -> Deal:
        """Return one deal."""
        closed, amount = int(self.closed[index]), float(self.amount[index])
        ended = Outcome.WON if self.won[index] else Outcome.LOST
        return Deal(
            self.deal_id[index], self.person_id[index], self.account_id[index], self.kind[index],
            Outcome.OPEN if closed == NOT_YET else ended, None if math.isnan(amount) else amount, self.currency[index],
            int(self.created[index]), int(self.conversation[index]), None if closed == NOT_YET else closed,
        )  # fmt: skip


@dataclass(frozen=True)
class LeadStages:
    """What the CRM recorded of leads, as columns, by person, time and what was said.

    Attributes:
        person, account: Codes; the account is the person's at that instant.
        at: When.
        said: A :class:`Said`.
        reason: Index of ``reasons``, or ``NONE``.
        reasons: The reasons given, sorted.
    """

    person: Whole
    account: Whole
    at: Whole
    said: Whole
    reason: Whole
    reasons: tuple[str, ...]


@dataclass(frozen=True)
class Touches:
    """What sales did with people, as columns: the activities of side ``sales``.

    Attributes:
        person, account: Codes.
        at: When it occurred.
        conversation: Whether it was a conversation (a call, a meeting, a reply) and no mere attempt, mail or note.
    """

    person: Whole
    account: Whole
    at: Whole
    conversation: Flags


@dataclass(frozen=True)
class Note:
    """Something that readers of the figures should know about the data: a stable code and a sentence."""

    code: str
    says: str


@dataclass(frozen=True)
class Happened:
    """What happened in sales.

    Attributes:
        currency: The currency of most won money (of most deals where none is won); empty if deals have none. Money in figures
            is in it, and deals in others have no part in sums.
        notes: What is missing or odd.
    """

    deals: Deals
    lead_stages: LeadStages
    touches: Touches
    currency: str
    notes: tuple[Note, ...] = ()


@dataclass(frozen=True)
class Credited:
    """What came of the spells of one course. Arrays run parallel to the spells (n), or to the settled deals (m).

    Attributes:
        beside: n: it began after the first conversation of a deal, or with one open, of its person or account. Nothing of a deal
            is credited to it.
        worked: n: a rep gave a verdict, sales touched the person, or a deal came of it; all, where what sales does isn't recorded.
        accepted, sql, opportunity, won: n: when it first reached the stage, or a later one; ``NOT_YET`` if it has not.
        rejected: n: when it was last rejected; ``NOT_YET`` if it was not. It may have been accepted before or after.
        reason: n: why: index of ``LeadStages.reasons``, or ``NONE``.
        deals: n: how many deals are credited to it.
        revenue: n: won money of these in ``Happened.currency``.
        lead_days: n: days from its beginning to the first conversation of its first deal; NaN if it has none.
        spell: m: the spell that the deal is credited to, or ``NONE``.
        by_account: m: credited through the account, since the deal's person is unknown or had no spell.
        apart: m: for a deal that is credited to none, the last spell beside it; ``NONE`` if there is none: the deal is missed.
    """

    beside: Flags
    worked: Flags
    accepted: Whole
    sql: Whole
    opportunity: Whole
    won: Whole
    rejected: Whole
    reason: Whole
    deals: Whole
    revenue: Real
    lead_days: Real
    spell: Whole
    by_account: Flags
    apart: Whole

    def reached(self, stage: Stage) -> Whole:
        """Return when each spell first reached a stage, or a later one; ``NOT_YET`` where it has not."""
        return getattr(self, stage.value)

    @property
    def caught(self) -> Flags:
        """Return which deals are credited to a spell (m)."""
        return self.spell != NONE

    @property
    def missed(self) -> Flags:
        """Return which deals have no spell before them, nor one beside them (m)."""
        return (self.spell == NONE) & (self.apart == NONE)


class Estimate(NamedTuple):
    """A figure with its 95 % interval and the count it rests on; NaN where there is nothing to count."""

    value: float
    low: float
    high: float
    n: int


@dataclass(frozen=True)
class Curve:
    """What share of spells had reached a stage by so many days after they began (Kaplan–Meier); a step for each instant at which some did.

    Attributes:
        days: Since the beginning, rising.
        share: What had reached the stage by then.
        low, high: Its 95 % interval.
        at_risk: How many were still watched just before: not there yet, and old enough.
        n: All spells.
        reached: How many of them reached the stage.
        seen_days: So old is at least a tenth of the spells; beyond, the curve hangs on too few.
        ages: Days from the beginning of each spell to the end of what is known, rising.
    """

    days: Real
    share: Real
    low: Real
    high: Real
    at_risk: Whole
    n: int
    reached: int
    seen_days: float
    ages: Real


@dataclass(frozen=True)
class Lag:
    """How long it usually takes to reach a stage: nine in ten of those who get there do so within ``days``; ``n`` got there."""

    days: float
    n: int

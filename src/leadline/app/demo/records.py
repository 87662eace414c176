"""What the demo's world consists of: accounts, people, what they did, deals and what the CRM recorded.

Plain records without behaviour; instants are whole seconds, see :mod:`leadline.app.demo.times`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeAlias

Value: TypeAlias = str | int


class Kind(StrEnum):
    """What an account is to the company."""

    PROSPECT = "prospect"
    CUSTOMER = "customer"
    COMPETITOR = "competitor"
    UNIVERSITY = "university"
    AGENCY = "agency"
    ALONE = "alone"


class Involvement(StrEnum):
    """What part a person would play in a purchase."""

    BYSTANDER = "bystander"
    USER = "user"
    CHAMPION = "champion"
    DECIDER = "decider"


class Interest(StrEnum):
    """What a person is after in a given week; nobody records it, it only shows in what they do."""

    IDLE = "idle"
    EXPLORING = "exploring"
    EVALUATING = "evaluating"
    CUSTOMER = "customer"
    STUDENT = "student"
    RIVAL = "rival"


class System(StrEnum):
    """Which system exported an activity; each has a file of its own."""

    WEB = "web"
    EMAIL = "email"
    EVENTS = "events"
    SOCIAL = "social"
    PRODUCT = "product"
    SALES = "sales"
    INTENT = "intent"


@dataclass(slots=True)
class Account:
    """A company, with what nobody outside the demo knows: when it needs the product.

    Attributes:
        needs: The spans of time in which it looks for such a product.
        customer_since: When its first deal was won.
        scans_mail: Its mail gateway clicks on every link before anybody reads the mail.
    """

    number: int
    kind: Kind
    name: str
    domain: str
    industry: str
    employees: int
    revenue: int
    country: str
    created: int
    crm: str = ""
    owner: str = ""
    needs: tuple[tuple[int, int], ...] = ()
    customer_since: int | None = None
    scans_mail: bool = False

    @property
    def account_id(self) -> str:
        """Return the key, empty for people who stand alone."""
        return f"a{self.number:04}" if self.number else ""


@dataclass(slots=True)
class Job:
    """What a person is, and where, from an instant on: one row of attribute history."""

    since: int
    account: Account
    title: str
    email: str
    involvement: Involvement
    senior: str
    function: str


@dataclass(slots=True)
class Person:
    """Somebody the company knows; ``jobs`` holds one or two, in order.

    Attributes:
        created: When the CRM got to know them. What they did before was joined on later.
        seen: When they are first seen, known or not.
        knows_account: The CRM has their account; otherwise only the domain of the e-mail tells.
    """

    number: int
    name: str
    country: str
    created: int
    seen: int
    source: str
    campaign: str
    browser: str
    reads_mail: bool
    knows_account: bool
    jobs: list[Job] = field(default_factory=list[Job])

    @property
    def person_id(self) -> str:
        """Return the key."""
        return f"p{self.number:05}"


@dataclass(slots=True)
class Activity:
    """Something somebody did, or that was seen of an account (then ``person_id`` is empty)."""

    at: int
    kind: str
    person_id: str
    account_id: str = ""
    properties: dict[str, Value] = field(default_factory=dict[str, Value])
    received: int | None = None


@dataclass(slots=True)
class Deal:
    """A deal as the CRM shows it at the end of the span."""

    account_id: str
    person_id: str
    created: int
    talked: int
    amount: int
    currency: str
    source: str
    kind: str
    outcome: str = "open"
    closed: int | None = None
    stages: list[tuple[str, int]] = field(default_factory=list[tuple[str, int]])


@dataclass(slots=True)
class LeadStage:
    """A stage that the CRM recorded for a person, with the rep and, if rejected, the reason."""

    person_id: str
    stage: str
    at: int
    rep: str = ""
    reason: str = ""


@dataclass(slots=True)
class Conversation:
    """The planted truth about a first conversation: how likely it was that week, and that it would be won."""

    account_id: str
    at: int
    hazard: float
    win_chance: float
    outcome: str

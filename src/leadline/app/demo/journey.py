"""One account's journey as it is being told: its people, what they have done so far, its deals, what the CRM recorded."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from leadline.app.demo import truth
from leadline.app.demo.dice import Dice
from leadline.app.demo.records import (
    Account,
    Activity,
    Conversation,
    Deal,
    Interest,
    Involvement,
    Job,
    Kind,
    LeadStage,
    Person,
    Value,
)
from leadline.app.demo.times import Span

_EXPLORING_SHARE = 0.4  # of a span of need; then they evaluate
_FIXED = {Kind.UNIVERSITY: Interest.STUDENT, Kind.COMPETITOR: Interest.RIVAL}


@dataclass(slots=True)
class Member:
    """A person while at an account, with what must be remembered of them.

    Attributes:
        subscribed: They may be written to: until they unsubscribe.
        last_mql: When the CRM last called them an MQL.
        tried: They started a trial.
        uses: They use the product once the account is a customer.
    """

    person: Person
    job: Job
    start: int
    end: int
    subscribed: bool
    uses: bool
    last_mql: int | None = None
    tried: bool = False


@dataclass(slots=True)
class Touch:
    """An instance of a behaviour of the planted truth."""

    at: int
    behaviour: str
    person_id: str


@dataclass(slots=True)
class Journey:
    """The account, its members, and everything that has happened; the modules of behaviour add to it.

    Attributes:
        in_deal_until: While a deal is open nobody starts another.
        worked_until: A rep has accepted a lead and keeps at it until then.
        rested_until: After a conversation that led nowhere nobody calls again until then.
    """

    account: Account
    members: Sequence[Member]
    span: Span
    dice: Dice
    activities: list[Activity] = field(default_factory=list[Activity])
    touches: list[Touch] = field(default_factory=list[Touch])
    deals: list[Deal] = field(default_factory=list[Deal])
    lead_stages: list[LeadStage] = field(default_factory=list[LeadStage])
    conversations: list[Conversation] = field(default_factory=list[Conversation])
    in_deal_until: int = 0
    worked_until: int = 0
    rested_until: int = 0

    def log(self, member: Member | None, at: int, kind: str, /, **properties: Value) -> Activity | None:
        """Record an activity of a member, or of the account, unless it falls outside the demo's time; return it."""
        if not self.span.holds(at) or (member and at >= member.end):
            return None
        person_id = member.person.person_id if member else ""
        activity = Activity(at, kind, person_id, "" if member else self.account.account_id, properties)
        self.activities.append(activity)
        self.touches.extend(Touch(at, name, person_id) for name in truth.behaviours_of(activity))
        return activity

    def present(self, at: int) -> Iterator[Member]:
        """Yield the members who are at the account at an instant."""
        return (member for member in self.members if member.start <= at < member.end)

    def interest(self, member: Member, at: int) -> Interest:
        """Return what a member is after at an instant."""
        customer = self.account.customer_since
        if customer is not None and customer <= at:
            return Interest.CUSTOMER if member.uses else Interest.IDLE
        if member.job.senior == "intern" or self.account.kind in _FIXED:
            return _FIXED.get(self.account.kind, Interest.STUDENT)
        if member.job.involvement is Involvement.BYSTANDER:
            return Interest.IDLE
        return self.need(at)

    def need(self, at: int) -> Interest:
        """Return how far the account is in looking for such a product; in an open deal it goes on evaluating."""
        if at < self.in_deal_until:
            return Interest.EVALUATING
        for start, end in self.account.needs:
            if start <= at < end:
                return Interest.EXPLORING if at < start + (end - start) * _EXPLORING_SHARE else Interest.EVALUATING
        return Interest.IDLE

    def counts(self, since: int, until: int) -> dict[str, int]:
        """Return how often each behaviour occurred in ``(since, until]``, with webinars that were followed up."""
        found: dict[str, int] = {}
        attended: list[Touch] = []
        pricing: list[Touch] = []
        for touch in self.touches:
            if since < touch.at <= until:
                found[touch.behaviour] = found.get(touch.behaviour, 0) + 1
                if touch.behaviour == "webinar_attended":
                    attended.append(touch)
                elif touch.behaviour == "pricing_page":
                    pricing.append(touch)
        if any(_follows(after, before) for before in attended for after in pricing):
            found[truth.FOLLOWED_UP] = 1
        return found

    def busy_people(self, since: int, until: int) -> dict[str, int]:
        """Return for each person how much they did in ``(since, until]`` that speaks for a purchase."""
        found: dict[str, int] = {}
        for touch in self.touches:
            if since < touch.at <= until and touch.person_id and truth.matters(touch.behaviour):
                found[touch.person_id] = found.get(touch.person_id, 0) + 1
        return found


def _follows(after: Touch, before: Touch) -> bool:
    return after.person_id == before.person_id and 0 < after.at - before.at <= truth.FOLLOW_UP_WINDOW


def members_of(people: Sequence[Person], span: Span, dice: Dice) -> Iterator[tuple[Account, Member]]:
    """Yield every stay of a person at an account, with the account."""
    for person in people:
        for at, job in enumerate(person.jobs):
            end = person.jobs[at + 1].since if at + 1 < len(person.jobs) else span.end
            uses = job.involvement is not Involvement.BYSTANDER or dice.chance(0.35)
            yield job.account, Member(person, job, job.since, end, subscribed=dice.chance(0.62), uses=uses and dice.chance(0.6))

"""What the CRM recorded of leads: a naive rule that calls anybody with a form an MQL, and reps who mostly reject them."""

from __future__ import annotations

from dataclasses import dataclass

from leadline.app.demo import times
from leadline.app.demo.dice import Dice, Lottery
from leadline.app.demo.journey import Journey, Member
from leadline.app.demo.records import Activity, Interest, Involvement, Kind, LeadStage
from leadline.app.demo.times import DAY, HOUR, MINUTE

NAIVE_RULE = frozenset({"form_submit", "content_download", "webinar_registered"})
_NOT_AGAIN = 120 * DAY
_KEPT_AT = 35 * DAY


@dataclass(frozen=True, slots=True)
class Rep:
    """How somebody in sales development works.

    Attributes:
        leniency: Factor on the chance that they accept a lead; one of them waves nearly everything through, one hardly anything.
        slowest: Most hours until they look at a lead.
    """

    rep_id: str
    leniency: float
    slowest: int


SDRS: dict[str, tuple[Rep, ...]] = {
    "german": (Rep("sdr-1", 1.0, 30), Rep("sdr-2", 0.35, 60)),
    "american": (Rep("sdr-3", 1.0, 40), Rep("sdr-4", 1.15, 26)),
    "other": (Rep("sdr-5", 0.95, 48), Rep("sdr-6", 2.6, 20)),
}
_TERRITORIES = {"DE": "german", "AT": "german", "CH": "german", "US": "american", "BR": "american"}
_ACCEPTED = {Interest.EVALUATING: 0.75, Interest.EXPLORING: 0.5}  # of those who look right; others 0.2
_LOOKS_WRONG = 0.05
_SMALL = 50
_REASONS = Lottery({"bad_timing": 38, "no_answer": 40, "wrong_contact": 12, "": 10})
_WRONG_REASONS = Lottery({"not_icp": 62, "no_answer": 20, "bad_timing": 8, "": 10})
_KNOWN_REASONS = {Kind.COMPETITOR: "competitor", Kind.CUSTOMER: "existing_customer"}


def rep_for(dice: Dice, country: str) -> Rep:
    """Return who works a lead from a country."""
    return dice.pick(SDRS[_TERRITORIES.get(country, "other")])


def hand_over(journey: Journey, week: int, since: int) -> None:
    """Let the CRM's rule look at the activities recorded from index ``since`` on; reps then accept or reject."""
    members = {member.person.person_id: member for member in journey.members if member.start <= week + times.WEEK and member.end > week}
    fresh = [one for one in journey.activities[since:] if one.kind in NAIVE_RULE and one.person_id in members]
    for activity in sorted(fresh, key=lambda one: (one.at, one.person_id)):
        member = members[activity.person_id]
        known = activity.at >= member.person.created
        if known and (member.last_mql is None or activity.at - member.last_mql >= _NOT_AGAIN):
            member.last_mql = activity.at
            _work(journey, member, activity)


def _work(journey: Journey, member: Member, activity: Activity) -> None:
    dice, person_id = journey.dice, activity.person_id
    called = (activity.received or activity.at) + dice.between(1, 15) * MINUTE
    rep = rep_for(dice, member.person.country)
    _record(journey, LeadStage(person_id, "mql", called, rep.rep_id))
    if dice.chance(0.05):
        return  # forgotten
    verdict = times.desk_time(dice, called + DAY + dice.mostly_low(0, rep.slowest) * HOUR, member.person.country)
    for _ in range(dice.mostly_low(0, 3)):
        _attempt(journey, member, called + dice.below(verdict - called), rep)
    usual = _ACCEPTED.get(journey.interest(member, activity.at), 0.2) if _looks_right(journey, member) else _LOOKS_WRONG
    if activity.properties.get("form") == "demo":
        usual += 0.3
    if dice.chance(usual * rep.leniency):
        _record(journey, LeadStage(person_id, "accepted", verdict, rep.rep_id))
        journey.worked_until = max(journey.worked_until, verdict + _KEPT_AT)
    else:
        _record(journey, LeadStage(person_id, "rejected", verdict, rep.rep_id, _reason(journey, member, verdict)))


def _attempt(journey: Journey, member: Member, at: int, rep: Rep) -> None:
    dice = journey.dice
    at = times.desk_time(dice, at, member.person.country)
    if dice.chance(0.5):
        journey.log(member, at, "call", outcome=dice.pick(("no_answer", "voicemail")), direction="out", rep=rep.rep_id)
    else:
        journey.log(member, at, "sales_email", outcome="sent", direction="out", rep=rep.rep_id)


def _looks_right(journey: Journey, member: Member) -> bool:
    account = journey.account
    return account.kind is Kind.PROSPECT and account.employees >= _SMALL and member.job.involvement is not Involvement.BYSTANDER


def _reason(journey: Journey, member: Member, at: int) -> str:
    account = journey.account
    if account.customer_since is not None and account.customer_since <= at:
        return "existing_customer"
    if account.kind in _KNOWN_REASONS:
        return _KNOWN_REASONS[account.kind]
    return (_REASONS if _looks_right(journey, member) else _WRONG_REASONS).draw(journey.dice)


def _record(journey: Journey, stage: LeadStage) -> None:
    if journey.span.holds(stage.at):
        journey.lead_stages.append(stage)

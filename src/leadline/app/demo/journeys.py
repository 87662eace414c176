"""The story of every account, told week by week: what its people do, what the CRM makes of it, when sales steps in."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from leadline.app.demo import capture, gatherings, habits, leads, mailings, product, selling, times, web
from leadline.app.demo.dice import Dice
from leadline.app.demo.journey import Journey, Member, members_of
from leadline.app.demo.records import Account, Interest, Kind, Person
from leadline.app.demo.times import DAY, Span

_STREAM, _STAYS = 4, 5
_ACTS: dict[str, Callable[[Journey, Member, int], int]] = {
    "browse": web.browse, "download": web.download, "subscribe": web.subscribe, "engage_socially": web.engage_socially,
    "ask_for_demo": web.ask_for_demo, "contact": web.contact, "start_trial": product.start_trial, "click_call": web.click_call,
}  # fmt: skip
_ANONYMOUS = frozenset({"browse", "click_call"})  # before they are known
_SURGE_RATE = {Interest.EXPLORING: 0.06, Interest.EVALUATING: 0.09}
_USUAL_SURGE_RATE = 0.004
_TOPICS = ("quote to cash", "sales automation", "revenue operations", "cpq")


def tell(seed: int, accounts: Sequence[Account], people: Sequence[Person], span: Span) -> Iterator[Journey]:
    """Yield the journey of each account, then of each person who stands alone."""
    stays: dict[int, list[Member]] = {}
    alone: list[tuple[Account, Member]] = []
    for account, member in members_of(people, span, Dice(seed, _STAYS)):
        if account.kind is Kind.ALONE:
            alone.append((account, member))
        else:
            stays.setdefault(account.number, []).append(member)
    for account in accounts:
        yield _live(Journey(account, stays.get(account.number, []), span, Dice(seed, _STREAM, account.number)))
    for account, member in alone:
        yield _live(Journey(account, [member], span, Dice(seed, _STREAM, 0, member.person.number)))


def _live(journey: Journey) -> Journey:
    if journey.account.kind is Kind.CUSTOMER:
        selling.earlier_win(journey)
    for week in journey.span.weeks():
        before = len(journey.activities)
        for member in journey.members:
            if member.start < week + times.WEEK and week < member.end:
                _spend_week(journey, member, week)
        _surge(journey, week)
        leads.hand_over(journey, week, before)
        selling.approach(journey, week)
    return journey


def _spend_week(journey: Journey, member: Member, week: int) -> None:
    interest = journey.interest(member, week)
    person = member.person
    if week <= person.created < week + times.WEEK and member.start <= person.created:
        capture.make_known(journey, member)
    zeal = habits.ZEAL[member.job.involvement] * times.season(week)
    for act, rate in habits.RATES[interest].items():
        if journey.dice.chance(rate * zeal):
            _do(journey, member, week, act)
    if person.created < week:
        mailings.write_to(journey, member, week)
        gatherings.invite(journey, member, week)
        gatherings.visit_fair(journey, member, week)
    if interest is Interest.CUSTOMER:
        product.work_with(journey, member, week)


def _do(journey: Journey, member: Member, week: int, act: str) -> None:
    day = times.some_day(journey.dice, week)
    if day is None:
        return
    at = times.some_time(journey.dice, day, member.person.country)
    if at >= member.start and (at >= member.person.created or act in _ANONYMOUS):
        _ACTS[act](journey, member, at)


def _surge(journey: Journey, week: int) -> None:
    """Record what a vendor of intent data says of the account; its report comes days later."""
    if journey.account.kind is Kind.ALONE:
        return
    dice, need = journey.dice, journey.need(week)
    if dice.chance(_SURGE_RATE.get(need, _USUAL_SURGE_RATE)):
        score = dice.between(55, 98) if need is not Interest.IDLE else dice.between(40, 75)
        activity = journey.log(None, week + 3 * DAY, "intent_surge", topic=dice.pick(_TOPICS), score=score)
        if activity:
            activity.received = activity.at + 2 * DAY + 6 * times.HOUR

"""From the first conversation to the signature: whether there is one, whether a deal comes of it, and how that ends."""

from __future__ import annotations

from leadline.app.demo import leads, times, truth
from leadline.app.demo.dice import Dice, Lottery
from leadline.app.demo.journey import Journey, Member
from leadline.app.demo.records import Account, Conversation, Deal, Interest, Involvement, Kind, LeadStage
from leadline.app.demo.times import DAY, HOUR

_WEEKLY_ODDS = 0.0022
_WIN_ODDS = 0.021
_ODDS_OF_NEED = {Interest.EXPLORING: 2.5, Interest.EVALUATING: 5.0}  # others 1
_ODDS_WHEN_WORKED = 2.0
_MOST_LIKELY = 0.6
_NO_DEAL = {Interest.EXPLORING: 0.25, Interest.EVALUATING: 0.15}  # others 0.55
_STALLS = 0.16
_REST = 75 * DAY
_EXPANSION = 0.0035  # a week
_STAGES = (("discovery", 0), ("evaluation", 20), ("proposal", 55), ("negotiation", 80))  # with the share of the cycle gone by
_ENDS_AT = Lottery({1: 30, 2: 40, 3: 20, 4: 10})  # so many stages a lost or stalled deal gets to
_CURRENCIES = {"US": "USD", "BR": "USD", "IN": "USD", "GB": "GBP"}
_CLOSERS = {"DE": "ae-1", "AT": "ae-1", "CH": "ae-1", "US": "ae-3", "BR": "ae-3"}
_RANKS = {Involvement.BYSTANDER: 0, Involvement.USER: 1, Involvement.CHAMPION: 3, Involvement.DECIDER: 2}


def approach(journey: Journey, week: int) -> None:
    """Draw whether sales talks to the account in the week after ``week``, and tell all that follows."""
    account, now = journey.account, week + times.WEEK
    if account.customer_since is not None:
        _expand(journey, now)
        return
    if account.kind in (Kind.COMPETITOR, Kind.ALONE) or now < max(journey.in_deal_until, journey.rested_until):
        return
    need = journey.need(week)
    odds = _WEEKLY_ODDS * truth.account_fit(account) * _ODDS_OF_NEED.get(need, 1.0)
    odds *= truth.effect(journey.counts(now - truth.CONVERSATION_WINDOW, now), now, on_winning=False)
    odds *= _ODDS_WHEN_WORKED if week < journey.worked_until else 1.0
    hazard = min(truth.chance(odds), _MOST_LIKELY)
    contact = _contact(journey, now) if journey.dice.chance(hazard) else None
    if contact:
        at = times.desk_time(journey.dice, now + journey.dice.below(4) * DAY, account.country)
        _converse(journey, contact, at, hazard, need)


def _contact(journey: Journey, now: int) -> Member | None:
    """Return whom sales talks to: who did most of what matters, else who matters most."""
    busy = journey.busy_people(now - truth.WIN_WINDOW, now)
    known = [member for member in journey.present(now + 7 * DAY) if member.person.created < now]
    return max(
        known, default=None,
        key=lambda one: (busy.get(one.person.person_id, 0), _RANKS[one.job.involvement], -one.person.number),
    )  # fmt: skip


def _converse(journey: Journey, contact: Member, at: int, hazard: float, need: Interest) -> None:
    dice = journey.dice
    rep = leads.rep_for(dice, contact.person.country).rep_id
    kind = "call" if dice.chance(0.6) else "meeting"
    if not journey.log(contact, at, kind, outcome="connected" if kind == "call" else "held", direction="out", rep=rep):
        return
    win_chance = _win_chance(journey, contact, at, need)
    conversation = Conversation(journey.account.account_id, at, hazard, win_chance, "no deal")
    journey.conversations.append(conversation)
    if dice.chance(_NO_DEAL.get(need, 0.55)):
        journey.rested_until = at + _REST
        return
    deal = _open_deal(journey, contact, at, rep)
    conversation.outcome = _run(journey, contact, deal, won=dice.chance(win_chance))


def _win_chance(journey: Journey, contact: Member, at: int, need: Interest) -> float:
    """Return the chance of winning, from what is known up to the conversation and nothing later."""
    since = at - truth.WIN_WINDOW
    odds = _WIN_ODDS * truth.account_fit(journey.account) * truth.contact_fit(contact.job)
    odds *= truth.effect(journey.counts(since, at), at, on_winning=True)
    odds *= 1.5 if need is Interest.EVALUATING else 1.0
    colleagues = len(journey.busy_people(since, at))
    odds *= max((factor for people, factor in truth.COLLEAGUES.items() if people <= colleagues), default=1.0)
    return truth.chance(odds)


def _open_deal(journey: Journey, contact: Member, talked: int, rep: str, kind: str = "new") -> Deal:
    dice, account = journey.dice, journey.account
    created = times.desk_time(dice, talked + dice.mostly_low(1, 12) * DAY, account.country)
    person_id = contact.person.person_id
    if kind == "new" and journey.span.holds(created):
        journey.lead_stages.append(LeadStage(person_id, "sql", created - 600, rep))
    deal = Deal(
        account.account_id, "" if dice.chance(0.12) else person_id, created, talked, _amount(dice, account, kind),
        _CURRENCIES.get(account.country, "EUR"), contact.person.source, kind,
    )  # fmt: skip
    journey.deals.append(deal)
    return deal


def _amount(dice: Dice, account: Account, kind: str) -> int:
    seats = min(account.employees, 2500) // 4 + 8
    amount = (4000 + seats * dice.between(220, 600)) // (1 if kind == "new" else 3)
    return amount // 100 * 100


def _run(journey: Journey, contact: Member, deal: Deal, *, won: bool) -> str:
    """Tell the deal's course up to the end of the span; return how it ends in truth, whether the CRM knows yet or not."""
    dice = journey.dice
    cycle = 18 + dice.mostly_low(0, 90) + min(journey.account.employees // 60, 40)
    stalled = not won and dice.chance(_STALLS)
    reached = len(_STAGES) if won else _ENDS_AT.draw(dice)
    ends = times.desk_time(dice, deal.created + cycle * DAY, journey.account.country)
    for name, share in _STAGES[:reached]:
        entered = deal.created + (ends - deal.created) * share // 100 // HOUR * HOUR if share else deal.created
        deal.stages.append((name, entered))
    _meet(journey, contact, deal, ends)
    if stalled:
        journey.in_deal_until = ends
        journey.rested_until = journey.span.end + DAY
        return "stalled"
    _close(journey, deal, ends, won=won)
    return "won" if won else "lost"


def _close(journey: Journey, deal: Deal, ends: int, *, won: bool) -> None:
    deal.stages.append(("closed_won" if won else "closed_lost", ends))
    deal.outcome, deal.closed = ("won" if won else "lost"), ends
    if deal.kind == "new":
        journey.in_deal_until = ends
        journey.rested_until = ends + _REST
        journey.account.customer_since = ends if won else None


def _meet(journey: Journey, contact: Member, deal: Deal, ends: int) -> None:
    """Record what sales does while the deal is open."""
    dice, country = journey.dice, journey.account.country
    rep = _CLOSERS.get(country, "ae-2")
    at = deal.created
    while (at := at + dice.between(3, 11) * DAY) < ends:
        kind, outcome = dice.pick((("meeting", "held"), ("call", "connected"), ("sales_email", "sent"), ("sales_email", "replied")))
        direction = "in" if outcome == "replied" else "out"
        journey.log(contact, times.desk_time(dice, at, country), kind, outcome=outcome, direction=direction, rep=rep)


def _expand(journey: Journey, now: int) -> None:
    """Draw whether a customer is sold more."""
    since = journey.account.customer_since or now
    if now < max(since + 60 * DAY, journey.in_deal_until) or not journey.dice.chance(_EXPANSION):
        return
    contact = _contact(journey, now)
    if contact:
        at = times.desk_time(journey.dice, now, journey.account.country)
        deal = _open_deal(journey, contact, at, "am-1", "expansion")
        journey.log(contact, at, "meeting", outcome="held", direction="out", rep="am-1")
        _run(journey, contact, deal, won=journey.dice.chance(0.6))
        journey.in_deal_until = deal.closed or now + 120 * DAY


def earlier_win(journey: Journey) -> None:
    """Give somebody who was a customer before the span the deal that made them one."""
    dice, account = journey.dice, journey.account
    closed = times.desk_time(dice, journey.span.start - dice.between(20, 150) * DAY, account.country)
    created = times.desk_time(dice, closed - dice.between(20, 110) * DAY, account.country)
    talked = created - dice.between(1, 10) * DAY
    deal = Deal(account.account_id, "", created, talked, _amount(dice, account, "new"), _CURRENCIES.get(account.country, "EUR"), "", "new")
    deal.stages = [(name, created + (closed - created) * share // 100) for name, share in _STAGES]
    journey.deals.append(deal)
    _close(journey, deal, closed, won=True)

"""Use of the product: trials before a purchase, and far more of it afterwards, which no honest model may learn from."""

from __future__ import annotations

from leadline.app.demo import times
from leadline.app.demo.dice import Lottery
from leadline.app.demo.journey import Journey, Member
from leadline.app.demo.records import Interest
from leadline.app.demo.times import DAY, MINUTE

_LIGHT = ("dashboard", "import", "report", "template")
_CORE = Lottery({"workflow": 60, "integration": 40})
_CUSTOMERS_USE = Lottery({"dashboard": 34, "report": 22, "workflow": 20, "integration": 10, "import": 8, "approval": 6})
_ACTIVATION = {Interest.EVALUATING: 0.6, Interest.EXPLORING: 0.4, Interest.RIVAL: 0.35}  # others 0.15


def start_trial(journey: Journey, member: Member, at: int) -> int:
    """Record a trial of two weeks: logging in, looking around and, if it goes well, core features, team mates and limits."""
    if member.tried or member.person.created > at + 30 * DAY:
        return at
    member.tried = True
    dice = journey.dice
    journey.log(member, at, "trial_started", plan=dice.pick(("team", "team", "business")))
    activated = dice.chance(_ACTIVATION.get(journey.interest(member, at), 0.15))
    for day in range(14):
        if day == 0 or dice.chance(0.45 if activated else 0.14):
            begin = times.some_time(dice, at // DAY + day, member.person.country) if day else at + 2 * MINUTE
            _session(journey, member, begin, activated=activated)
    if activated and dice.chance(0.45):
        invited = at + dice.between(1, 9) * DAY
        journey.log(member, invited, "seat_invited", seats=1 + dice.mostly_low(0, 7))
    if activated and dice.chance(0.3):
        journey.log(member, at + dice.between(4, 13) * DAY, "limit_hit", limit=dice.pick(("records", "automations")))
    return at


def _session(journey: Journey, member: Member, at: int, *, activated: bool) -> None:
    dice = journey.dice
    journey.log(member, at, "login")
    for _ in range(dice.between(1, 4)):
        at += dice.between(1, 9) * MINUTE
        feature = _CORE.draw(dice) if activated and dice.chance(0.4) else dice.pick(_LIGHT)
        journey.log(member, at, "feature_used", feature=feature)


def work_with(journey: Journey, member: Member, week: int) -> None:
    """Record a week of a customer's use."""
    dice = journey.dice
    for _ in range(dice.mostly_low(0, 5)):
        day = times.some_day(dice, week)
        if day is None:
            continue
        at = times.some_time(dice, day, member.person.country)
        journey.log(member, at, "login")
        for _ in range(dice.between(1, 3)):
            at += dice.between(2, 40) * MINUTE
            journey.log(member, at, "feature_used", feature=_CUSTOMERS_USE.draw(dice))
        if dice.chance(0.012):
            journey.log(member, at + MINUTE, "seat_invited", seats=dice.mostly_low(1, 9))
        if dice.chance(0.008):
            journey.log(member, at + MINUTE, "limit_hit", limit=dice.pick(("records", "automations", "api_calls")))

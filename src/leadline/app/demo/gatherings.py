"""Webinars and trade shows as people live them: who registers, who comes, what they do afterwards."""

from __future__ import annotations

from leadline.app.demo import habits, programme, times, web
from leadline.app.demo.journey import Journey, Member
from leadline.app.demo.times import DAY, HOUR, MINUTE

_COMES = 0.46


def invite(journey: Journey, member: Member, week: int) -> None:
    """Record whether a member registers for a webinar held this week, attends, and follows it up."""
    held = programme.next_webinar(week - 1)
    if held < week + times.WEEK and journey.dice.chance(habits.WEBINAR_RATE[journey.interest(member, week)]):
        register(journey, member, held - journey.dice.mostly_low(1, 10) * DAY)


def register(journey: Journey, member: Member, at: int) -> None:
    """Record a registration for the next webinar, whether they come, and whether they look at prices within three days."""
    dice = journey.dice
    at = times.some_time(dice, at // DAY, member.person.country)
    held = programme.next_webinar(at)
    webinar, kind = programme.webinar_held(held)
    if not journey.log(member, at, "webinar_registered", webinar=webinar, kind=kind) or not dice.chance(_COMES):
        return
    minutes = dice.between(12, 58)
    journey.log(member, held + dice.below(10 * MINUTE), "webinar_attended", webinar=webinar, kind=kind, minutes=minutes)
    if dice.chance(habits.FOLLOW_UP_RATE.get(journey.interest(member, held), habits.USUAL_FOLLOW_UP_RATE)):
        web.follow_up(journey, member, held + HOUR)


def visit_fair(journey: Journey, member: Member, week: int) -> None:
    """Record whether the badge of a member is scanned at a trade show this week."""
    for opens, name in programme.FAIRS:
        if week <= opens < week + times.WEEK:
            rate = habits.FAIR_RATE.get(journey.interest(member, week), habits.USUAL_FAIR_RATE)
            if journey.dice.chance(rate):
                scan(journey, member, opens + journey.dice.below(2) * DAY, name)


def scan(journey: Journey, member: Member, day: int, name: str) -> None:
    """Record a badge scan; the list is uploaded days later, when the stand has been unpacked."""
    at = times.desk_time(journey.dice, day, "GB")
    activity = journey.log(member, at, "badge_scan", event=name)
    if activity:
        activity.received = at + journey.dice.between(1, 6) * DAY

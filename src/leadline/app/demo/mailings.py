"""E-mail: a monthly newsletter and a welcome series, who opens and clicks, who has had enough, and gateways that click on everything."""

from __future__ import annotations

from leadline.app.demo import times, web
from leadline.app.demo.journey import Journey, Member
from leadline.app.demo.records import Interest
from leadline.app.demo.times import DAY, HOUR, MINUTE

_SEND_HOUR = 8
_WELCOME = {2: "welcome-1-basics", 9: "welcome-2-customers", 23: "welcome-3-tour"}  # days after they became known
_LINKS = ("/blog/state-of-revops-2026", "/customers", "/webinars", "/product/workflows")
_CLICK_RATE = {Interest.EXPLORING: 0.12, Interest.EVALUATING: 0.13, Interest.CUSTOMER: 0.07, Interest.STUDENT: 0.09, Interest.RIVAL: 0.08}
_USUAL_CLICK_RATE = 0.03
_OPEN_RATE = {True: 0.42, False: 0.1}
_PROXY = "Mozilla/5.0 (Windows NT 5.1; rv:11.0) Gecko Firefox/11.0 (via ggpht.com GoogleImageProxy)"
_SCANNERS = (
    "Mozilla/5.0 (compatible; LinkGuard/4.2; +https://linkguard.example/bot)",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/118.0.0.0 Safari/537.36",
)


def write_to(journey: Journey, member: Member, week: int) -> None:
    """Send a member what is due in the week: the newsletter on the month's second Tuesday, and the welcome series."""
    if not member.subscribed:
        return
    issue = _newsletter_day(week)
    if issue is not None and member.person.created < issue * DAY:
        _send(journey, member, issue, f"newsletter-{times.day_text(issue * DAY)[:7]}")
    first = member.person.created // DAY
    for after, campaign in _WELCOME.items():
        if week <= (first + after) * DAY < week + times.WEEK:
            _send(journey, member, first + after, campaign)


def _newsletter_day(week: int) -> int | None:
    days = range(week // DAY, week // DAY + 7)
    return next((day for day in days if times.is_second_tuesday(day)), None)


def _send(journey: Journey, member: Member, day: int, campaign: str) -> None:
    dice = journey.dice
    sent = day * DAY + _SEND_HOUR * HOUR + dice.below(20 * MINUTE)
    journey.log(member, sent, "email_sent", campaign=campaign)
    if journey.account.scans_mail:
        _scan(journey, member, sent, campaign)
    if dice.chance(_OPEN_RATE[member.person.reads_mail]):
        _open(journey, member, sent, campaign)


def _scan(journey: Journey, member: Member, sent: int, campaign: str) -> None:
    """Record what a mail gateway does: every link within one second of each other, before anybody can have read the mail."""
    at = sent + journey.dice.between(2, 9)
    agent = _SCANNERS[journey.account.number % len(_SCANNERS)]
    for link in _LINKS:
        journey.log(member, at, "email_click", campaign=campaign, link=link, user_agent=agent)


def _open(journey: Journey, member: Member, sent: int, campaign: str) -> None:
    dice = journey.dice
    at = sent + dice.mostly_low(2 * MINUTE, 3 * DAY)
    agent = _PROXY if dice.chance(0.35) else member.person.browser
    journey.log(member, at, "email_open", campaign=campaign, user_agent=agent)
    if dice.chance(_CLICK_RATE.get(journey.interest(member, at), _USUAL_CLICK_RATE)):
        at += dice.between(5, 90)
        link = dice.pick(_LINKS)
        journey.log(member, at, "email_click", campaign=campaign, link=link, user_agent=member.person.browser)
        web.view(journey, member, at + 1, [link], ("newsletter", "email", campaign, ""))
    elif dice.chance(0.006):
        journey.log(member, at + 30, "unsubscribe", campaign=campaign)
        member.subscribed = False

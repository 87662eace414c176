"""What people do on the company's site: visits, forms, downloads, and what social networks report."""

from __future__ import annotations

from typing import TypeAlias

from leadline.app.demo import habits, names
from leadline.app.demo.dice import Lottery
from leadline.app.demo.journey import Journey, Member
from leadline.app.demo.records import Interest
from leadline.app.demo.times import DAY, HOUR

Arrival: TypeAlias = tuple[str, str, str, str]  # utm_source, utm_medium, utm_campaign, referrer
DIRECT: Arrival = ("", "", "", "")
_CALLS = Lottery({"read_more": 40, "see_pricing": 20, "watch_tour": 25, "book_demo": 15})
_NETWORKS = Lottery({"linkedin": 80, "x": 12, "youtube": 8})
_SOCIAL = Lottery({"like": 60, "follow": 12, "comment": 16, "share": 12})


def browse(journey: Journey, member: Member, at: int) -> int:
    """Record a visit of some pages from an instant on; return when it ended."""
    interest = journey.interest(member, at)
    arrivals = habits.UNKNOWN if interest is Interest.IDLE else habits.KNOWN
    count = 1 + journey.dice.mostly_low(0, habits.MOST_PAGES[interest] - 1)
    pages = [habits.PAGES[interest].draw(journey.dice) for _ in range(count)]
    return view(journey, member, at, pages, arrivals.draw(journey.dice))


def view(journey: Journey, member: Member, at: int, pages: list[str], arrival: Arrival = DIRECT) -> int:
    """Record views of some pages, one after the other, the first with how the visit came about; return the end."""
    dice = journey.dice
    for page in pages:
        path = dice.pick(habits.GROUPS[page]) if page in habits.GROUPS else page
        source, medium, campaign, referrer = arrival
        journey.log(
            member, at, "page_view", path=path, referrer=referrer, utm_source=source, utm_medium=medium, utm_campaign=campaign,
            user_agent=member.person.browser,
        )  # fmt: skip
        arrival = ("", "", "", names.OUR_SITE + path)
        at += 8 + dice.mostly_low(2, 400)
    return at


def download(journey: Journey, member: Member, at: int) -> int:
    """Record a download of what suits the interest."""
    return fetch(journey, member, at, habits.CONTENT[journey.interest(member, at)].draw(journey.dice))


def fetch(journey: Journey, member: Member, at: int, content: str, arrival: Arrival = DIRECT) -> int:
    """Record the download of something, behind a page that tells of it."""
    path = "/resources/" + content.replace("_", "-")
    at = view(journey, member, at, [path], arrival)
    journey.log(member, at, "content_download", content=content, path=path, user_agent=member.person.browser)
    return at


def submit(journey: Journey, member: Member, at: int, form: str, arrival: Arrival = DIRECT) -> int:
    """Record a form, on its page."""
    at = view(journey, member, at, [f"/{form}"], arrival)
    journey.log(member, at, "form_submit", form=form, path=f"/{form}", user_agent=member.person.browser)
    return at


def ask_for_demo(journey: Journey, member: Member, at: int) -> int:
    """Record a demo request, usually after a look at prices."""
    if journey.dice.chance(0.6):
        at = view(journey, member, at, ["pricing"])
    return submit(journey, member, at, "demo")


def contact(journey: Journey, member: Member, at: int) -> int:
    """Record a general enquiry."""
    return submit(journey, member, at, "contact")


def subscribe(journey: Journey, member: Member, at: int) -> int:
    """Record a newsletter sign-up."""
    member.subscribed = True
    return submit(journey, member, at, "newsletter")


def click_call(journey: Journey, member: Member, at: int) -> int:
    """Record a click on a call to action."""
    call = _CALLS.draw(journey.dice)
    journey.log(member, at, "cta_click", cta=call, path="/product", user_agent=member.person.browser)
    return view(journey, member, at + 5, ["pricing"]) if call == "see_pricing" else at


def engage_socially(journey: Journey, member: Member, at: int) -> int:
    """Record what a social network reports."""
    journey.log(member, at, "social_engagement", network=_NETWORKS.draw(journey.dice), action=_SOCIAL.draw(journey.dice))
    return at


def follow_up(journey: Journey, member: Member, at: int) -> None:
    """Record a visit within three days, with a look at prices."""
    at += 2 * HOUR + journey.dice.below(2 * DAY)
    view(journey, member, at, ["/product", "pricing", *(["compare"] if journey.dice.chance(0.4) else [])])

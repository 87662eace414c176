"""How somebody became known: the first thing the CRM has of them, by the source it notes."""

from __future__ import annotations

from leadline.app.demo import gatherings, habits, names, product, programme, web
from leadline.app.demo.dice import Lottery
from leadline.app.demo.journey import Journey, Member
from leadline.app.demo.people import SYNDICATION
from leadline.app.demo.records import Interest
from leadline.app.demo.times import DAY

_ON_SITE = ("Organic Search", "Direct", "Paid Search", "Review Site")
_GOOGLE = "https://www.google.com/"
_LINKEDIN = "https://www.linkedin.com/"
_ARRIVALS: dict[tuple[str, str], web.Arrival] = {
    ("Organic Search", ""): ("", "", "", _GOOGLE),
    ("Paid Search", "brand-search"): ("google", "cpc", "brand-search", _GOOGLE),
    ("Paid Search", "generic-automation"): ("google", "cpc", "generic-automation", _GOOGLE),
    ("Review Site", "comparison-listing"): ("comparisons", "referral", "comparison-listing", names.REVIEWS),
    ("LinkedIn Ads", "abm-ops-directors"): ("linkedin", "paid_social", "abm-ops-directors", _LINKEDIN),
    ("LinkedIn Ads", "ebook-promo"): ("linkedin", "paid_social", "ebook-promo", _LINKEDIN),
    ("Referral", "customer-referral"): ("", "", "", "https://www.rosenthal-werke.example/partners"),
}
_PROMOTED = {"ebook-promo": "ebook", "abm-ops-directors": "case_study"}
# What they do on the site to become known: (idle, exploring, evaluating)
_STEPS = {
    "newsletter": (44, 18, 4), "download": (38, 52, 34), "contact": (10, 16, 22), "demo": (1, 4, 22), "trial": (7, 10, 18),
}  # fmt: skip
_COLUMN = {Interest.EXPLORING: 1, Interest.EVALUATING: 2}  # others 0
_STEP = tuple(Lottery({step: weights[at] for step, weights in _STEPS.items()}) for at in range(3))


def make_known(journey: Journey, member: Member) -> None:
    """Record what made somebody known, at the instant at which the CRM created them."""
    person, at = member.person, member.person.created
    arrival = _ARRIVALS.get((person.source, person.campaign), web.DIRECT)
    if person.source in _ON_SITE:
        _on_site(journey, member, at, arrival)
    elif person.campaign in _PROMOTED:
        web.fetch(journey, member, at, _PROMOTED[person.campaign], arrival)
    elif person.source == "Referral":
        web.submit(journey, member, at, "contact", arrival)
    elif person.source == "Webinar":
        gatherings.register(journey, member, at)
    elif person.source == "Event":
        gatherings.scan(journey, member, *programme.fair_before(at))
    elif (person.source, person.campaign) == SYNDICATION:
        _syndicated(journey, member, at)


def _on_site(journey: Journey, member: Member, at: int, arrival: web.Arrival) -> None:
    interest = journey.interest(member, at)
    step = _STEP[_COLUMN.get(interest, 0)].draw(journey.dice)
    if step == "download":
        web.fetch(journey, member, at, habits.CONTENT[interest].draw(journey.dice), arrival)
    elif step == "trial":
        product.start_trial(journey, member, web.view(journey, member, at, ["/signup"], arrival))
    else:
        web.submit(journey, member, at, step, arrival)


def _syndicated(journey: Journey, member: Member, at: int) -> None:
    """Record a download on somebody else's site; the publisher reports once a week."""
    content = "buyers_guide" if journey.dice.chance(0.5) else "ebook"
    activity = journey.log(member, at, "content_download", content=content, utm_source="infobeacon", utm_medium="content_syndication",
                           utm_campaign=SYNDICATION[1])  # fmt: skip
    if activity:
        activity.received = at + journey.dice.between(1, 7) * DAY

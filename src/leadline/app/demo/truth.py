"""The planted truth: what raises the chance of a first conversation and of a won deal in the demo, and what doesn't.

Every factor here multiplies odds; 1 means no effect. ``discover`` can be checked against it, and it is written into
``truth.json``, which no command reads. Being frequent is no reason to be listed with a factor: most of what people do
means nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from leadline.app.demo import times
from leadline.app.demo.records import Account, Activity, Job

CONVERSATION_WINDOW = 30 * times.DAY
WIN_WINDOW = 90 * times.DAY
FOLLOW_UP_WINDOW = 72 * times.HOUR


@dataclass(frozen=True, slots=True)
class Behaviour:
    """A kind of activity with its effect.

    Attributes:
        types: The types of activity.
        test: A property and the values (or, with a trailing ``%``, beginnings) that it may have; none = all.
        conversation: Factor on the weekly odds of a first conversation, for each in the last 30 days.
        win: Factor on the odds of winning, for each in the 90 days before the first conversation.
        most: So many count.
        until: After this day the effect is gone.
    """

    types: tuple[str, ...]
    test: tuple[str, tuple[str, ...]] | None = None
    conversation: float = 1.0
    win: float = 1.0
    most: int = 1
    until: str = ""

    def fits(self, activity: Activity) -> bool:
        """Return whether an activity of one of the types passes the test."""
        if self.test is None:
            return True
        name, allowed = self.test
        value = str(activity.properties.get(name, ""))
        return any(value.startswith(one[:-1]) if one.endswith("%") else value == one for one in allowed)

    def matters_at(self, at: int) -> bool:
        """Return whether the effect is still there."""
        return not self.until or at < times.instant(self.until)

    def as_data(self) -> dict[str, object]:
        """Return the form of ``truth.json``."""
        test = {"property": self.test[0], "one_of": list(self.test[1])} if self.test else None
        return {
            "types": list(self.types), "where": test, "conversation": self.conversation, "win": self.win,
            "counts_up_to": self.most, "until": self.until or None,
        }  # fmt: skip


BEHAVIOURS: dict[str, Behaviour] = {
    # What precedes a purchase.
    "pricing_page": Behaviour(("page_view",), ("path", ("/pricing%",)), conversation=1.5, win=1.35, most=3),
    "comparison_page": Behaviour(("page_view",), ("path", ("/compare/%",)), conversation=1.4, win=1.4, most=2),
    "case_study": Behaviour(("content_download",), ("content", ("case_study",)), conversation=1.4, win=1.6, most=2),
    "demo_request": Behaviour(("form_submit",), ("form", ("demo",)), conversation=7.0, win=1.5),
    "contact_form": Behaviour(("form_submit",), ("form", ("contact",)), conversation=2.0, win=1.0),
    "integration_docs": Behaviour(("page_view",), ("path", ("/docs/integrations%",)), conversation=1.3, win=1.5, most=2),
    "core_feature": Behaviour(("feature_used",), ("feature", ("workflow", "integration")), conversation=1.5, win=1.5, most=3),
    "seat_invited": Behaviour(("seat_invited",), conversation=1.5, win=1.7, most=2),
    "limit_hit": Behaviour(("limit_hit",), conversation=1.6, win=1.3),
    "intent_surge": Behaviour(("intent_surge",), conversation=1.5, win=1.2),
    "badge_scan": Behaviour(("badge_scan",), conversation=1.3, win=1.0),
    # It did until 2026-03: since then a publisher syndicates it to anybody.
    "buyers_guide": Behaviour(("content_download",), ("content", ("buyers_guide",)), conversation=1.6, win=1.8, until="2026-04-01"),
    # What speaks against one.
    "unsubscribe": Behaviour(("unsubscribe",), conversation=0.6, win=0.6),
    "careers_page": Behaviour(("page_view",), ("path", ("/careers%",)), conversation=0.8, win=0.8),
    # What is merely frequent.
    "blog": Behaviour(("page_view",), ("path", ("/blog/%",))),
    "newsletter_form": Behaviour(("form_submit",), ("form", ("newsletter",))),
    "email_open": Behaviour(("email_open",)),
    "email_click": Behaviour(("email_click",)),
    "ebook": Behaviour(("content_download",), ("content", ("ebook", "whitepaper"))),
    "social_engagement": Behaviour(("social_engagement",)),
    "webinar_registered": Behaviour(("webinar_registered",)),
    "webinar_attended": Behaviour(("webinar_attended",)),
    "cta_click": Behaviour(("cta_click",)),
    "login": Behaviour(("login",)),
}
WEBINAR_FOLLOWED_UP = Behaviour(("webinar_attended", "page_view"), conversation=1.8, win=1.7)  # pricing within 72 h of attending
COLLEAGUES = {2: 1.3, 3: 1.6}  # factor on winning if so many people of the account did something that matters

INDUSTRY = {
    "software": 1.6, "financial services": 1.5, "business services": 1.2, "logistics": 1.1, "manufacturing": 1.0,
    "telecommunications": 1.0, "media": 0.9, "healthcare": 0.8, "retail": 0.7, "public sector": 0.4, "education": 0.2,
}  # fmt: skip
EMPLOYEES = {1: 0.2, 11: 0.6, 51: 1.6, 201: 2.0, 1001: 1.2, 5001: 0.6}  # from so many on
COUNTRY = {"DE": 1.3, "AT": 1.3, "CH": 1.3, "NL": 1.2, "GB": 1.2, "IN": 0.5, "BR": 0.5}  # others 1
SENIORITY = {"intern": 0.3, "individual": 0.8, "senior": 0.9, "manager": 1.1, "director": 1.5, "vp": 1.5, "c_level": 1.3}
FUNCTION = {"operations": 1.4, "sales": 1.2, "finance": 1.2, "leadership": 1.1, "education": 0.1, "hr": 0.5}  # others 1

TRAPS = {
    "person.lead_status": "set by reps and by the close: the present state, not what was known before the conversation",
    "account.csm": "assigned once an account is a customer",
    "feature_used, login": "customers use the product far more after the close than anybody in a trial",
    "page views during an open deal": "whoever is in a deal goes on evaluating: count what came before the first conversation",
    "buyers_guide": "meant something until 2026-03; since 2026-04 a publisher syndicates it to anybody",
    "Content Syndication": "from 2026-04-13 a new source of many forms and few buyers",
    "sources": "differ in whom they bring; none has an effect of its own",
    "worked": "an accepted lead doubles the odds of a conversation for 35 days: those never worked look worse than they are",
    "sdr-2, sdr-6": "one rep rejects nearly everything, another accepts nearly everything",
}

FOLLOWED_UP = "webinar_followed_up"
_ALL = {**BEHAVIOURS, FOLLOWED_UP: WEBINAR_FOLLOWED_UP}
_BY_TYPE: dict[str, list[str]] = {}
for _name, _behaviour in BEHAVIOURS.items():
    for _type in _behaviour.types:
        _BY_TYPE.setdefault(_type, []).append(_name)


def behaviours_of(activity: Activity) -> list[str]:
    """Return the names of the behaviours that an activity is an instance of."""
    return [name for name in _BY_TYPE.get(activity.kind, ()) if BEHAVIOURS[name].fits(activity)]


def account_fit(account: Account) -> float:
    """Return the product of the factors of an account's attributes."""
    size = max(bound for bound in EMPLOYEES if bound <= account.employees)
    return INDUSTRY[account.industry] * EMPLOYEES[size] * COUNTRY.get(account.country, 1.0)


def contact_fit(job: Job) -> float:
    """Return the product of the factors of a contact's rank and function."""
    return SENIORITY[job.senior] * FUNCTION.get(job.function, 1.0)


def effect(counts: Mapping[str, int], at: int, *, on_winning: bool) -> float:
    """Return the product of the factors of behaviours that occurred so often, as they stand at an instant."""
    product = 1.0
    for name in sorted(counts):
        behaviour = _ALL[name]
        if behaviour.matters_at(at):
            for _ in range(min(counts[name], behaviour.most)):
                product *= behaviour.win if on_winning else behaviour.conversation
    return product


def matters(name: str) -> bool:
    """Return whether a behaviour speaks for a purchase."""
    behaviour = _ALL[name]
    return behaviour.conversation > 1 or behaviour.win > 1


def chance(odds: float) -> float:
    """Return the probability that belongs to odds."""
    return odds / (1 + odds)


def per_mille(value: float) -> int:
    """Return a figure as whole thousandths, so that the same digits are written everywhere."""
    return int(value * 1000 + 0.5)


def factors() -> dict[str, object]:
    """Return all planted factors in the form of ``truth.json``."""
    return {
        "behaviours": {name: behaviour.as_data() for name, behaviour in BEHAVIOURS.items()},
        FOLLOWED_UP: {
            "says": "webinar_attended, then page_view of /pricing% by the same person within 72 h",
            "conversation": WEBINAR_FOLLOWED_UP.conversation, "win": WEBINAR_FOLLOWED_UP.win,
        },
        "colleagues": _keyed(COLLEAGUES),
        "account": {"industry": INDUSTRY, "employees_from": _keyed(EMPLOYEES), "country": COUNTRY, "revenue": 1.0, "crm": 1.0},
        "contact": {"seniority": SENIORITY, "function": FUNCTION},
    }  # fmt: skip


def _keyed(factors: Mapping[int, float]) -> dict[str, float]:
    return {str(bound): factor for bound, factor in sorted(factors.items())}

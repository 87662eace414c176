"""Made-up reports of what was learned, for tests of what shows them: one with everything, one refused, one with nothing to show."""

from __future__ import annotations

import math
from dataclasses import replace

from leadline import clock
from leadline.review.discover.model import (
    Behaviour,
    CardCriterion,
    Current,
    DiscoverReport,
    Excluded,
    Goal,
    Group,
    Judged,
    Line,
    Quarter,
    Refusal,
    Says,
    Signal,
    Standing,
    Worth,
)
from leadline.review.model import Caution, Figure, Window

BEGIN, END, UNTIL = map(clock.parse_instant, ("2025-10-01", "2026-10-01", "2026-10-31"))
KINDS = {"won": 282, "lost": 143, "stalled": 61, "never": 1128}
NOTHING = Figure(None, None, None, 0)
SIGNALS = (
    Signal("pricing", "page_view", "path like '/pricing%'", "marketing", "page view of /pricing…", 412),
    Signal("integrations_docs", "page_view", "path like '/docs/integrations%'", "marketing", "page view of /docs/integrations…", 203),
    Signal("trial_started", "trial_started", "", "product", "trial started", 149),
    Signal("seat_invited", "seat_invited", "", "product", "seat invited", 120),
    Signal("webinar", "webinar_attended", "", "marketing", "webinar attended", 88),
    Signal("blog", "page_view", "path like '/blog%'", "marketing", "page view of /blog…", 903),
    Signal("guide", "content_download", "content = 'buyers_guide'", "marketing", "download of buyers guide", 511),
    Signal("surge", "intent_surge", "score >= 60", "third_party", "intent surge of 60 or more", 77),
)


def share(value: float, n: int) -> Figure:
    wide = 1.96 * math.sqrt(max(value * (1 - value), 0.0004) / n)
    return Figure(value, max(0.0, value - wide), min(1.0, value + wide), n)


def ratio(value: float, spread: float, n: int) -> Figure:
    return Figure(value, value / spread, value * spread, n)


def behaviour(
    feature: str, words: str, group: Group, criterion: dict, won: float, never: float, says: Says, used: tuple[str, ...] = ()
) -> Behaviour:
    """Return the evidence of a behaviour that so many of the won, and of those never sold to, have."""
    sold = (won + 2 * never) / 3
    odds = (won / (1 - won)) / (never / (1 - never))
    n = round(won * KINDS["won"])
    spread = math.exp(1.96 * math.sqrt(1 / max(n, 1) + 1 / max(never * 1128, 1)))
    prevalence = {kind: share({"won": won, "never": never}.get(kind, sold), count) for kind, count in KINDS.items()}
    telling = says in (Says.WINS, Says.AGAINST)
    quarters = tuple(
        Quarter(f"2025Q{at}" if at == 4 else f"2026Q{at}", ratio(odds * (0.8 + at / 10), spread**2, n // 4), n // 4) for at in (4, 1, 2, 3)
    )
    return Behaviour(
        feature, words, group, feature.partition(".")[0], criterion, prevalence, ratio(won / never, spread**0.7, n), ratio(odds, spread, n),
        ratio(math.sqrt(odds), spread**1.2, n), 1e-9 if telling else 0.3, 2e-8 if telling else 0.42, quarters,
        Figure(4 if telling else 2, None, None, 4), says, used,
    )  # fmt: skip


def behaviours() -> tuple[Behaviour, ...]:
    engagement, usage, fit, intent = Group.ENGAGEMENT, Group.USAGE, Group.FIT, Group.INTENT
    return (
        behaviour("pricing.2.30d", "visited /pricing… at least twice within 30 days", engagement,
                  {"signal": "pricing", "at_least": 2, "within": "30d"}, 0.41, 0.09, Says.WINS, ("pricing_page",)),
        behaviour("pricing.1.30d", "visited /pricing… within 30 days", engagement,
                  {"signal": "pricing", "at_least": 1, "within": "30d"}, 0.62, 0.27, Says.WINS, ("pricing_page",)),
        behaviour("integrations_docs.1.30d", "read /docs/integrations… within 30 days", engagement,
                  {"signal": "integrations_docs", "at_least": 1, "within": "30d"}, 0.33, 0.06, Says.WINS),
        behaviour("seat_invited.count2.30d", "each seat invited within 30 days, up to 2", usage,
                  {"signal": "seat_invited", "max": 2, "within": "30d"}, 0.29, 0.05, Says.WINS),
        behaviour("surge.1.90d", "the account surged within 90 days", intent,
                  {"signal": "surge", "at_least": 1, "within": "90d", "of": "account"}, 0.14, 0.05, Says.WINS, ("surge",)),
        behaviour("account.employees.100", "100 employees or more", fit,
                  {"when": "account.employees >= 100"}, 0.57, 0.31, Says.WINS, ("size",)),
        behaviour("account.employees.500", "500 employees or more", fit,
                  {"when": "account.employees >= 500"}, 0.31, 0.12, Says.WINS, ("size",)),
        behaviour("colleagues.2.30d", "two or more colleagues active within 30 days", engagement, {}, 0.38, 0.11, Says.WINS),
        behaviour("webinar.1.90d", "attended a webinar within 90 days", engagement,
                  {"signal": "webinar", "at_least": 1, "within": "90d"}, 0.12, 0.1, Says.OPEN, ("webinar",)),
        behaviour("guide.1.90d", "downloaded the buyers guide within 90 days", engagement,
                  {"signal": "guide", "at_least": 1, "within": "90d"}, 0.33, 0.34, Says.FREQUENT, ("guide",)),
        behaviour("blog.3.90d", "read /blog… three times within 90 days", engagement,
                  {"signal": "blog", "at_least": 3, "within": "90d"}, 0.5, 0.52, Says.FREQUENT, ("blog",)),
        behaviour("person.email_is_free", "writes from a free mail address", fit,
                  {"when": "person.email_is_free"}, 0.04, 0.19, Says.AGAINST, ("free_mail",)),
        behaviour("any.absent.30d", "did nothing for 30 days", engagement, {"absent": "any", "for": "30d"}, 0.08, 0.44, Says.AGAINST),
    )  # fmt: skip


def card() -> tuple[CardCriterion, ...]:
    engagement, usage, fit, intent = Group.ENGAGEMENT, Group.USAGE, Group.FIT, Group.INTENT
    return (
        CardCriterion("pricing_twice", engagement, "visited /pricing… at least twice within 30 days",
                      {"signal": "pricing", "at_least": 2, "within": "30d"}, 20, ("pricing.2.30d",), 1.3),
        CardCriterion("integrations_docs", engagement, "read /docs/integrations… within 30 days",
                      {"signal": "integrations_docs", "at_least": 1, "within": "30d"}, 15, ("integrations_docs.1.30d",), 1.0),
        CardCriterion("silent", engagement, "did nothing for 30 days", {"absent": "any", "for": "30d"}, -15, ("any.absent.30d",), -1.0),
        CardCriterion("seats", usage, "each seat invited within 30 days, up to 2",
                      {"signal": "seat_invited", "max": 20, "within": "30d"}, 10, ("seat_invited.count2.30d",), 0.66),
        CardCriterion("size", fit, "account.employees in steps", {"value": "account.employees", "tiers": {100: 10, 500: 15}}, 15,
                      ("account.employees.100", "account.employees.500"), 0.99),
        CardCriterion("free_mail", fit, "writes from a free mail address",
                      {"when": "person.email_is_free"}, -20, ("person.email_is_free",), -1.3),
        CardCriterion("surge", intent, "the account surged within 90 days",
                      {"signal": "surge", "at_least": 1, "within": "90d", "of": "account"}, 5, ("surge.1.90d",), 0.35),
    )  # fmt: skip


def judged(auc: float, *, chances: bool = True) -> Judged:
    bins = tuple((0.02 + 0.09 * at, share(min(0.95, 0.015 + 0.095 * at), 90)) for at in range(8)) if chances else ()
    brier = Figure(0.161, 0.139, 0.186, 404) if chances else NOTHING
    return Judged(
        Figure(auc, auc - 0.04, auc + 0.04, 404), Figure(auc - 0.2, auc - 0.28, auc - 0.13, 404),
        Figure(auc * 4 - 0.2, auc * 4 - 1.1, auc * 4 + 0.9, 404), brier, Figure(0.174, 0.14, 0.214, 404), bins,
    )  # fmt: skip


def current() -> tuple[Current, ...]:
    def stands(name: str, group: str, odds: float, won: float, p: float, standing: Standing) -> Current:
        prevalence = {kind: share(won if kind == "won" else won / max(odds, 0.3) ** 0.8, count) for kind, count in KINDS.items()}
        return Current(name, group, prevalence, ratio(odds, 1.5, round(won * 282)), p, standing)

    return (
        stands("pricing_page", "engagement", 4.3, 0.62, 1e-9, Standing.SUPPORTED),
        stands("size", "fit", 2.9, 0.57, 1e-6, Standing.SUPPORTED),
        stands("guide", "engagement", 0.96, 0.33, 0.71, Standing.UNSUPPORTED),
        stands("blog", "engagement", 0.55, 0.3, 0.002, Standing.HARMFUL),
        stands("referred", "fit", 1.0, 0.01, 1.0, Standing.UNSEEN),
    )


def worth() -> tuple[Worth, ...]:
    bands = ((-35.0, -1.0), (0.0, 9.0), (10.0, 19.0), (20.0, 34.0), (35.0, 49.0), (50.0, None))
    chances = (0.0004, 0.0011, 0.004, 0.013, 0.041, 0.112)
    return tuple(
        Worth(low, high, {"won": 12 + at * 14, "lost": 20 + at * 4, "stalled": 8 + at, "never": 420 - at * 80},
              share(0.3 + at * 0.09, 40 + at * 12),
              Figure(chance, chance * 0.6, chance * 1.6, 300), Figure(chance * 14_800, chance * 9_000, chance * 25_000, 300))
        for at, ((low, high), chance) in enumerate(zip(bands, chances, strict=True))
    )  # fmt: skip


def full() -> DiscoverReport:
    """Return a report with everything in it."""
    return DiscoverReport(
        title="Quillstone MQL, learned from closed-won", goal=Goal.WON, window=Window(BEGIN, END, UNTIL, (END - BEGIN) / clock.WEEK),
        judged_from_at=clock.parse_instant("2026-07-01"), before_days=90.0, seed=7, currency="EUR",
        counts={"fit": {"won": 212, "lost": 101, "stalled": 44, "never": 848},
                "judge": {"won": 70, "lost": 42, "stalled": 17, "never": 280}},
        judged={"card": judged(0.81), "logistic": judged(0.824), "boosting": judged(0.802), "current": judged(0.66, chances=False)},
        behaviours=behaviours(), criteria=card(), current=current(),
        excluded=(
            Excluded("lead_status", "sales sets it, so it tells what sales knows already", "set-by-sales"),
            Excluded("onboarding_call", "93 % of the won had their first one after the first conversation", "follows-the-sale"),
            Excluded("account.segment", "it has no history: it may have been filled in after the outcome", "undated"),
        ),
        worth=worth(),
        line=Line(35.0, "capacity", "At 35 about 11 people a week enter, and the team can take 18.", 11.2, 18.0),
        cautions=(
            Caution("undecided", "The deals of *the last two months* are mostly undecided yet, and left out."),
            Caution("many", "**340** features were tested; about one in twenty of those called telling by chance alone would be."),
        ),
        refused=None, path=tuple((size, 0.52 - 0.16 * (1 - math.exp(-size / 3)), 0.012) for size in range(13)),
    )  # fmt: skip


def refused() -> DiscoverReport:
    """Return a report that shows the evidence and proposes nothing."""
    says = "Only 17 won deals are there to learn from, too few to tell weights from chance."
    few = replace(
        full(), criteria=(), worth=(), line=None, path=(), judged={"current": judged(0.55, chances=False)}, refused=Refusal(says, 17, 60)
    )
    return replace(few, counts={"fit": {"won": 17, "lost": 9, "stalled": 0, "never": 400}, "judge": {"won": 4}})


def empty() -> DiscoverReport:
    """Return a report of a time in which nothing was won."""
    hollow = replace(refused(), behaviours=(), current=(), excluded=(), cautions=(), judged={}, currency="")
    return replace(hollow, counts={"fit": {}, "judge": {}}, refused=Refusal("No deal of this time was won.", 0, None))

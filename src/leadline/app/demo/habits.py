"""How often people do what, and where they look, by what they are after. Data only.

Rates are thousandths of a week; the page that somebody looks at is drawn by weight. That somebody does something more
often when they need the product is why so much correlates with buying; what *raises* the chance stands in
:mod:`leadline.app.demo.truth` alone.
"""

from __future__ import annotations

from leadline.app.demo import names
from leadline.app.demo.dice import Lottery
from leadline.app.demo.records import Interest, Involvement

_ORDER = (Interest.IDLE, Interest.EXPLORING, Interest.EVALUATING, Interest.CUSTOMER, Interest.STUDENT, Interest.RIVAL)
_RATES: dict[str, tuple[float, ...]] = {
    #                  idle  explo. evalu. custo. stud. rival
    "browse":          (42, 300, 520, 110, 95, 150),
    "download":        (5, 60, 80, 4, 40, 25),
    "subscribe":       (1.6, 4, 2, 1, 10, 4),
    "engage_socially": (6, 11, 10, 9, 10, 12),
    "ask_for_demo":    (0.35, 5, 42, 1, 0.8, 3),
    "contact":         (1, 5, 10, 5, 2, 2),
    "start_trial":     (0.5, 14, 60, 0, 3, 8),
    "click_call":      (6, 9, 9, 5, 6, 6),
}  # fmt: skip
RATES: dict[Interest, dict[str, float]] = {
    interest: {act: rates[at] / 1000 for act, rates in _RATES.items()} for at, interest in enumerate(_ORDER)
}
ZEAL = {Involvement.BYSTANDER: 1.0, Involvement.USER: 0.75, Involvement.CHAMPION: 1.25, Involvement.DECIDER: 0.7}

WEBINAR_RATE = {
    Interest.IDLE: 0.008, Interest.EXPLORING: 0.04, Interest.EVALUATING: 0.06, Interest.CUSTOMER: 0.02,
    Interest.STUDENT: 0.02, Interest.RIVAL: 0.05,
}  # fmt: skip
FOLLOW_UP_RATE = {Interest.EXPLORING: 0.4, Interest.EVALUATING: 0.7, Interest.RIVAL: 0.3}
USUAL_FOLLOW_UP_RATE = 0.03
FAIR_RATE = {Interest.EXPLORING: 0.05, Interest.EVALUATING: 0.06, Interest.CUSTOMER: 0.04}
USUAL_FAIR_RATE = 0.006

BLOG = (
    "/blog/what-is-revenue-operations", "/blog/quote-to-cash-explained", "/blog/crm-hygiene-checklist", "/blog/sales-forecasting-basics",
    "/blog/cpq-vs-erp", "/blog/lead-to-cash-metrics", "/blog/approval-workflows-that-work", "/blog/10-excel-tricks-for-sales-ops",
    "/blog/state-of-revops-2026", "/blog/why-discounts-leak",
)  # fmt: skip
CASE_PAGES = ("/customers", "/customers/halden-freight", "/customers/silverpine-software", "/customers/rosenthal-werke")
RIVALS = ("/compare/flowmatic", "/compare/quotewise", "/compare/spreadsheets")
# A name stands for one of several pages.
PRICES = ("/pricing", "/pricing", "/pricing?plan=team", "/pricing/enterprise")
GROUPS = {"blog": BLOG, "case": CASE_PAGES, "compare": RIVALS, "pricing": PRICES}
_PAGES: dict[str, tuple[int, ...]] = {
    "blog":                   (60, 14, 4, 16, 55, 10),
    "/":                      (15, 13, 8, 8, 14, 14),
    "/product":               (6, 14, 9, 3, 8, 14),
    "/product/workflows":     (3, 9, 8, 3, 3, 10),
    "/product/integrations":  (2, 8, 8, 3, 2, 9),
    "/resources":             (6, 8, 5, 5, 12, 6),
    "case":                   (3, 9, 10, 1, 2, 8),
    "pricing":                (2, 5, 19, 3, 2, 16),
    "compare":                (1, 4, 9, 0, 1, 8),
    "/security":              (0, 1, 6, 2, 0, 3),
    "/docs/integrations":     (0, 1, 6, 10, 1, 2),
    "/docs/getting-started":  (0, 1, 2, 20, 1, 1),
    "/changelog":             (0, 0, 1, 14, 0, 6),
    "/careers":               (5, 1, 0, 1, 8, 2),
    "/careers/open-roles":    (3, 0, 0, 0, 5, 1),
    "/about":                 (3, 3, 3, 1, 3, 4),
}  # fmt: skip
PAGES = {interest: Lottery({page: weights[at] for page, weights in _PAGES.items()}) for at, interest in enumerate(_ORDER)}
MOST_PAGES = {
    Interest.IDLE: 4, Interest.EXPLORING: 7, Interest.EVALUATING: 9, Interest.CUSTOMER: 5, Interest.STUDENT: 5, Interest.RIVAL: 9,
}  # fmt: skip

_CONTENT: dict[str, tuple[int, ...]] = {
    "ebook":          (56, 18, 5, 30, 60, 20),
    "whitepaper":     (24, 10, 4, 20, 32, 20),
    "buyers_guide":   (10, 26, 24, 5, 5, 25),
    "case_study":     (7, 24, 42, 30, 2, 25),
    "roi_calculator": (3, 7, 18, 15, 1, 10),
}  # fmt: skip
CONTENT = {interest: Lottery({kind: weights[at] for kind, weights in _CONTENT.items()}) for at, interest in enumerate(_ORDER)}

# How a visit came about: (utm_source, utm_medium, utm_campaign, referrer) with weights for those who know us and those who don't.
ARRIVALS: dict[tuple[str, str, str, str], tuple[int, int]] = {
    ("", "", "", ""): (42, 18),
    ("", "", "", "https://www.google.com/"): (20, 34),
    ("", "", "", "https://www.bing.com/"): (3, 5),
    ("", "", "", "https://chatgpt.com/"): (3, 5),
    ("google", "cpc", "brand-search", "https://www.google.com/"): (10, 3),
    ("google", "cpc", "generic-automation", "https://www.google.com/"): (4, 10),
    ("linkedin", "paid_social", "abm-ops-directors", "https://www.linkedin.com/"): (4, 6),
    ("linkedin", "paid_social", "ebook-promo", "https://www.linkedin.com/"): (2, 9),
    ("", "", "", "https://www.linkedin.com/feed/"): (4, 5),
    ("comparisons", "referral", "comparison-listing", names.REVIEWS): (4, 3),
    ("", "", "", "https://www.revopsdigest.example/tools"): (2, 3),
}
KNOWN = Lottery({arrival: weights[0] for arrival, weights in ARRIVALS.items()})
UNKNOWN = Lottery({arrival: weights[1] for arrival, weights in ARRIVALS.items()})

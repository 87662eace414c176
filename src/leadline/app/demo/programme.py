"""What marketing puts on: webinars every four weeks and trade shows. Dates and names only."""

from __future__ import annotations

from leadline.app.demo import times
from leadline.app.demo.times import DAY, HOUR

_FIRST_WEBINAR = times.instant("2024-01-18") + 15 * HOUR  # a Thursday
_EVERY = 28 * DAY
_WEBINARS = (
    ("revops-trends", "thought_leadership"), ("quote-to-cash-live-tour", "product"), ("forecasting-clinic", "thought_leadership"),
    ("customer-story-halden-freight", "product"), ("ask-me-anything-approvals", "product"), ("cfo-roundtable", "thought_leadership"),
)  # fmt: skip
_FAIRS = {
    "2023-09-12": "ops-forum-berlin", "2024-03-13": "saas-days-london", "2024-09-17": "ops-forum-berlin",
    "2025-03-12": "saas-days-london", "2025-09-16": "ops-forum-berlin", "2025-11-19": "revenue-expo-chicago",
    "2026-03-11": "saas-days-london", "2026-06-09": "quote-to-cash-summit", "2026-09-15": "ops-forum-berlin",
}  # fmt: skip
FAIRS = tuple((times.instant(day), name) for day, name in _FAIRS.items())


def next_webinar(at: int) -> int:
    """Return when the first webinar after an instant is held."""
    return at + _EVERY - (at - _FIRST_WEBINAR) % _EVERY


def webinar_held(at: int) -> tuple[str, str]:
    """Return the name and kind of the webinar held at an instant."""
    return _WEBINARS[at // _EVERY % len(_WEBINARS)]


def fair_before(at: int) -> tuple[int, str]:
    """Return the day and name of the last trade show before an instant, or of the first."""
    return max((fair for fair in FAIRS if fair[0] <= at), default=FAIRS[0])

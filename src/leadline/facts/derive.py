"""What follows from one fact alone: rank and function from a title, the channel of an arrival, machines from their user agent.

What belongs here: pure functions of texts as people and browsers write them; the words they know stand in
:mod:`leadline.facts.vocabulary`, titles are read in :mod:`leadline.facts.titles`. What doesn't: anything that needs a second
row. Answers are kept, since the same texts come by the million.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from collections.abc import Set as AbstractSet
from functools import cache, lru_cache
from urllib.parse import unquote_plus

from leadline.facts import vocabulary
from leadline.facts.identity import company_domain, host
from leadline.facts.phrases import Phrases, fold
from leadline.facts.titles import function, seniority

__all__ = ["CHANNELS", "channel", "function", "is_machine_agent", "seniority"]

CHANNELS = (
    "direct", "branded_search", "organic", "paid_search", "paid_social", "social", "email", "referral", "event", "affiliate",
    "display", "video", "partner", "outbound", "ai",
)  # fmt: skip

_KEPT = 1 << 16
# Channels that a medium, or else a source, names whatever the rest says; the first counts.
_PLAIN = ("paid_search", "paid_social", "event", "affiliate", "partner", "outbound", "email", "ai")
# What kinds of site make of an arrival, and of one that was paid for.
_PLACES = {
    "search": "organic",
    "social": "social",
    "video": "video",
    "email": "email",
    "ai": "ai",
    "display": "display",
    "paid_search": "paid_search",
}
_PAID = {"social": "paid_social", "video": "video", "display": "display"}
_AMBIGUOUS = frozenset(("organic", "referral", "search", "social", "video"))
_MAIL_HOST = re.compile(r"(?:web)?mail\.|email\.|deref-")
_SEARCHED = re.compile(r"[?&](?:q|p|query|wd|text|keyword)=([^&#]*)")


def channel(
    source: str | None, medium: str | None, referrer: str | None, campaign: str | None, own_domains: Collection[str] = ()
) -> str | None:
    """Return the channel of an arrival, one of :data:`CHANNELS`, or ``None`` if it can't be told or nobody arrived.

    Args:
        source: ``utm_source``, or the source that a CRM recorded (``Trade Show``, ``PAID_SEARCH``).
        medium: ``utm_medium``.
        referrer: The URL of the page before; an own one means that the visit goes on, which is no arrival.
        campaign: ``utm_campaign``; a search for our brand shows in it (``DE-Brand-Exact``).
        own_domains: The domains of our own sites; their names are our brand.

    The medium decides, then the source, then the referrer. If none of them says anything, the arrival is ``direct``, so ask only
    for page views, and only where at least one of the three is recorded. Paid is ``paid_social``, ``video`` or ``display`` if the
    source (or else the referrer) is such a place, ``paid_search`` otherwise. ``organic`` and ``referral`` from a social, video, mail
    or AI site belong to that. ``branded_search`` is a search, paid or not, whose campaign or visible query names the brand.
    ``outbound`` is what sales began: calls, cold mail, bought lists. ``display`` is every other bought place. A click on an
    untagged advertisement looks like the site that it was on. The words and hosts known stand in ``TAGS`` and ``HOSTS`` of
    :mod:`leadline.facts.vocabulary`.

    >>> channel("linkedin", "cpc", None, None), channel(None, None, "https://www.google.de/", None), channel(None, None, None, None)
    ('paid_social', 'organic', 'direct')
    """
    return _channel(source, medium, referrer, campaign, frozenset(own_domains))


@lru_cache(maxsize=_KEPT)
def _channel(source: str | None, medium: str | None, referrer: str | None, campaign: str | None, own: AbstractSet[str]) -> str | None:
    ours = {domain for name in own if (domain := company_domain(name))}
    before = _place_of(referrer, ours)
    sources, mediums = _tags(source) or _place_of(source, ours), _tags(medium)
    found = _tagged(mediums, sources + before) or _tagged(sources, before)
    if found is None and before:
        found = None if "own" in before else _PLACES.get(before[0], "referral")
    elif found is None and _says_nothing(source) and _says_nothing(medium):
        found = "direct"
    if found in {"organic", "paid_search"} and _names_brand(campaign, referrer, ours):
        return "branded_search"
    return found


def _tagged(said: tuple[str, ...], places: tuple[str, ...]) -> str | None:
    # What a medium or a source comes to, beside the places that it may speak of.
    plain = next((what for what in _PLAIN if what in said), None)
    if plain:
        return plain
    where = next((place for place in said + places if place in _PLACES), None)
    if "paid" in said:
        return _PAID.get(where or "", "paid_search")
    if "display" in said:
        return "paid_social" if "social" in places else "display"
    if where and not _AMBIGUOUS.isdisjoint(said):
        return _PLACES[where]
    return next((what for what in ("organic", "referral", "direct") if what in said), None)


def _tags(text: str | None) -> tuple[str, ...]:
    return tuple(what for what in _sayings().find(fold(text or "")) if what != "-")


def _says_nothing(text: str | None) -> bool:
    return not any(map(str.isalnum, text or "")) or list(_sayings().find(fold(text or ""))) == ["-"]


def _place_of(url: str | None, ours: AbstractSet[str]) -> tuple[str, ...]:
    # The kind of site, "own", or nothing if the text holds no host; one that isn't known is a referral.
    name = host(url)
    if not name:
        return ()
    domain = company_domain(name)
    if domain in ours:
        return ("own",)
    labels = name.split(".")
    parents = [".".join(labels[at:]) for at in range(len(labels) - 1)]
    brand = [domain.split(".")[0]] if domain else []
    mail = ["mail"] if _MAIL_HOST.match(name) else []
    candidates = [name, *mail, *parents, *brand]
    return (next((_hosts()[place] for place in candidates if place in _hosts()), "referral"),)


def _names_brand(campaign: str | None, referrer: str | None, ours: AbstractSet[str]) -> bool:
    words = set(fold(campaign or ""))
    if words & _word_set(vocabulary.UNBRANDED):
        return False
    asked = "".join(fold(" ".join(_SEARCHED.findall(unquote_plus(referrer or "")))))
    names = {"".join(fold(domain.split(".")[0])) for domain in ours}
    return bool(words & _word_set(vocabulary.BRANDED)) or any(len(name) > 2 and name in asked for name in names)


@lru_cache(maxsize=_KEPT)
def is_machine_agent(user_agent: str | None) -> bool:
    """Return whether a user agent is a crawler, a scanner of links in mail, a prefetcher, a preview, a mail image proxy or a script.

    An unknown (empty) one isn't called a machine. Scanners that pose as a browser can't be told by their user agent: that takes the
    pace of their clicks.

    >>> is_machine_agent("Mozilla/5.0 (compatible; bingbot/2.0)"), is_machine_agent(None)
    (True, False)
    """
    if not user_agent or not (agent := user_agent.strip()):
        return False
    from crawleruseragents import is_crawler  # pyright: ignore[reportMissingTypeStubs]

    return is_crawler(agent) or _machines().search(agent) is not None


@cache
def _machines() -> re.Pattern[str]:
    return re.compile(vocabulary.MACHINES, re.VERBOSE)


@cache
def _sayings() -> Phrases:
    return Phrases(vocabulary.TAGS)


@cache
def _hosts() -> dict[str, str]:
    return {name: place for place, names in vocabulary.HOSTS.items() for name in names.split()}


@cache
def _word_set(text: str) -> frozenset[str]:
    return frozenset(fold(text))

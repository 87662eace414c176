"""What is wrong with real data, put in on purpose: reloads, crawlers, late arrivals, rows exported twice."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from leadline.app.demo.dice import Dice
from leadline.app.demo.records import Activity
from leadline.app.demo.times import DAY, HOUR, Span

_STREAM, _LAST_STEP = 6, 7
_RELOADED, _CRAWLED, _LATE, _TWICE = 0.012, 0.008, 0.015, 0.006
_CRAWLERS = (
    "Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)",
    "Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)",
    "LinkedInBot/1.0 (compatible; Mozilla/5.0; Apache-HttpClient +http://www.linkedin.com)",
    "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/136.0.0.0 Safari/537.36",
)  # fmt: skip


@dataclass(slots=True)
class Counts:
    """How many rows of each blemish were put in, for ``truth.json``."""

    reloads: int = 0
    crawler_views: int = 0
    late_arrivals: int = 0
    rows_exported_twice: int = 0


def spoil(activities: Sequence[Activity], span: Span, seed: int, counts: Counts) -> list[Activity]:
    """Return the activities with reloads, crawlers and late arrivals among them."""
    dice = Dice(seed, _STREAM)
    spoiled: list[Activity] = []
    for activity in activities:
        spoiled.append(activity)
        if activity.kind != "page_view":
            continue
        if dice.chance(_RELOADED):
            extra = _reloads(dice, activity)
            counts.reloads += len(extra)
            spoiled += extra
        if dice.chance(_CRAWLED):
            spoiled.append(_crawled(dice, activity))
            counts.crawler_views += 1
        if dice.chance(_LATE):
            activity.received = activity.at + dice.mostly_low(HOUR, 3 * DAY)
            counts.late_arrivals += 1
    return [one for one in spoiled if one.at < span.end and (one.received is None or one.received < span.end)]


def _reloads(dice: Dice, activity: Activity) -> list[Activity]:
    at, found = activity.at, list[Activity]()
    for _ in range(dice.between(2, 7)):
        at += dice.between(2, 15)
        found.append(replace(activity, at=at))
    return found


def _crawled(dice: Dice, activity: Activity) -> Activity:
    return replace(activity, at=activity.at + dice.below(90), properties=activity.properties | {"user_agent": dice.pick(_CRAWLERS)})


def repeat_some(rows: list[list[str]], seed: int, stream: int, counts: Counts) -> None:
    """Append a few of the rows again, as an export does that was started twice."""
    dice = Dice(seed, _LAST_STEP, stream)
    again = [row for row in rows if dice.chance(_TWICE)]
    counts.rows_exported_twice += len(again)
    rows += again

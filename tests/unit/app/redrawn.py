"""A made-up company of sixty people, and edits of its definition, for plans that are made again and again."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

from tests.integration.mirrored import make

KINDS = ("visit", "visit", "visit", "read", "login", "demo")
DAYS = 150
OLD = """
name: Today
signals: {visit: visit, demo: demo}
groups:
  engagement:
    criteria:
      visits: {signal: visit, points: 10, max: 60, within: 30d, half_life: 10d}
      asked: {signal: demo, points: 20, within: 14d}
tracks:
  mql: {when: "score >= 30", to: sdr}
"""
NEW = """
name: Tomorrow
ordered: {person.tier: [bronze, silver, gold]}
only: "person.country is not null"
signals: {visit: visit, demo: demo, read: read, login: login}
groups:
  fit:
    floor: -10
    cap: 30
    criteria:
      gold: {points: 15, when: "person.tier >= 'gold'"}
      size: {value: account.employees, tiers: {10: 5, 100: 10}}
  engagement:
    cap: 80
    scale: {by: 0.5, absent: visit, for: 20d}
    criteria:
      visits: {signal: visit, points: 10, max: 60, within: 30d, half_life: 10d}
      asked: {signal: demo, points: 25, within: 14d}
      reads: {signal: read, points: 4, once_per: day, within: 60d}
      quiet: {absent: any, for: 10d, points: -5}
  usage:
    criteria:
      logins: {signal: login, points: 5, at_least: 2, within: 20d}
disqualify: {student: "person.tier = 'bronze' and account.employees < 5"}
tracks:
  hot: {when: "asked > 0 and fit > 0", to: ae}
  mql: {when: "score >= 40 and engagement > 0", leave: "score < 15", to: sdr, per: account}
"""
EDITS = {
    "the line goes up": ("score >= 40", "score >= 43"),
    "the line goes down": ("score >= 40", "score >= 33.5"),
    "another bound": ("asked > 0 and fit > 0", "asked > 0 and fit >= 5"),
    "a line for leaving": ("score < 15", "score < 20"),
    "no line for leaving": (', leave: "score < 15"', ""),
    "points of a signal": ("demo, points: 25", "demo, points: 30"),
    "points that fade": ("visit, points: 10", "visit, points: 11"),
    "points of an attribute": ("gold: {points: 15", "gold: {points: 18"),
    "points of tiers": ("100: 10", "100: 20"),
    "points for silence": ("points: -5", "points: -8"),
    "a window": ("within: 14d", "within: 21d"),
    "a half-life": ("half_life: 10d", "half_life: 15d"),
    "a cap": ("cap: 80", "cap: 40"),
    "a scale": ("by: 0.5", "by: 0.8"),
    "how many it takes": ("at_least: 2", "at_least: 1"),
    "a new criterion": (
        "  usage:\n",
        "  intent:\n    criteria:\n      often: {signal: visit, points: 6, at_least: 3, within: 7d}\n  usage:\n",
    ),
    "a criterion less": ("      reads: {signal: read, points: 4, once_per: day, within: 60d}\n", ""),
    "a track less": ('  hot: {when: "asked > 0 and fit > 0", to: ae}\n', ""),
    "another condition": ("person.country is not null", "person.country = 'DE'"),
    "nobody is disqualified": ("""disqualify: {student: "person.tier = 'bronze' and account.employees < 5"}\n""", ""),
}


def project(root: Path) -> Path:
    """Write the company's project and return its folder."""
    dice = random.Random(7)
    accounts = [{"account_id": f"a{at}", "employees": dice.choice((3, 8, 40, 300))} for at in range(20)]
    people = [
        {
            "person_id": f"p{at:02}",
            "account_id": f"a{dice.randrange(20)}",
            "created_at": "2025-12-01",
            "tier": dice.choice(("bronze", "silver", "gold")),
            "country": dice.choice(("DE", "US", "")),
        }
        for at in range(60)
    ]
    won = {"outcome": "won", "amount": "9", "currency": "EUR"}
    deals = [
        {"deal_id": f"d{at}", "account_id": f"a{at}", "created_at": _day(60 + 4 * at), "closed_at": _day(70 + 4 * at), **won}
        for at in range(12)
    ]
    deals += [{**deals[0], "deal_id": "lost", "account_id": "a19", "closed_at": _day(170), "outcome": "lost"}]  # the last of all facts
    files = {"people": people, "accounts": accounts, "deals": deals, "activities": [*_activities(dice)]}
    folder = make(root, files, definition="old.yaml")
    (folder / "old.yaml").write_text(OLD, encoding="utf-8")
    return folder


def _activities(dice: random.Random) -> Iterator[dict[str, str]]:
    for at in range(1400):
        who = int(60 * dice.random() ** 2)  # some do much, most do little
        when = f"{_day(dice.randrange(DAYS))}T{dice.randrange(24):02}:{dice.randrange(60):02}:00Z"
        yield {"activity_id": f"v{at}", "person_id": f"p{who:02}", "occurred_at": when, "type": dice.choice(KINDS)}


def _day(at: int) -> str:
    month, day = divmod(at, 28)
    return f"2026-{month + 1:02}-{day + 1:02}"

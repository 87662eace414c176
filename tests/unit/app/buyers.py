"""A small company, as files: those who look at prices twice buy, and everybody reads the blog."""

from __future__ import annotations

from pathlib import Path
from random import Random
from typing import Any

from tests.integration.mirrored import make

from leadline import clock

START = clock.parse_instant("2025-07-01")
PRICES = {"prices", "pricing_page"}
CURRENT = """
name: Readers
agreement: {marketing: {owner: head of marketing, signed: 2025-06-01}}
signals: {read: "page_view where path like '/blog%'", prices: "page_view where path = '/pricing'"}
groups:
  engagement:
    criteria:
      reads: {signal: read, points: 10, within: 30d}
      prices: {signal: prices, points: 0, within: 30d}
tracks:
  mql: {when: "score >= 10", to: sdr, respond_within: 4 business hours}
"""


def company(folder: Path, won: int = 70, others: int = 330, **settings: str) -> Path:
    """Won accounts look at prices twice in the weeks before; everybody reads the blog, whatever comes of it."""
    rng = Random(3)
    people, activities, deals = [], [], []
    for at in range(won + others):
        buys, met = at < won, START + rng.randrange(60, 350) * clock.DAY
        people.append({"person_id": f"p{at}", "account_id": f"a{at}", "created_at": clock.write_instant(START)})
        looks = [(START + rng.randrange(1, 360) * clock.DAY, f"/blog/{rng.randrange(4)}") for _ in range(12)]
        prices = 2 if rng.random() < (0.75 if buys else 0.1) else 0
        looks += [(met - rng.randrange(1, 20) * clock.DAY, "/pricing") for _ in range(prices)]
        looks += [(met + rng.randrange(1, 9) * clock.DAY, "/thanks")] if buys else []
        activities += [
            {"person_id": f"p{at}", "occurred_at": clock.write_instant(when), "type": "page_view", "path": path} for when, path in looks
        ]
        if buys or at % 3 == 0:
            deals.append(deal(at, met, won=buys))
    rows = [{"activity_id": f"x{at}", **row} for at, row in enumerate(activities)]
    make(folder, {"people": people, "activities": rows, "deals": deals}, definition="definition.yaml", **settings)
    (folder / "definition.yaml").write_text(CURRENT, encoding="utf-8")
    return folder


def deal(at: int, met: int, *, won: bool) -> dict[str, Any]:
    names = ("first_conversation_at", "created_at", "closed_at")
    times = {name: clock.write_instant(met + days * clock.DAY) for name, days in zip(names, (0, 2, 12), strict=True)}
    ended = {"outcome": "won" if won else "lost", "amount": "1000", "currency": "EUR"}
    return {"deal_id": f"d{at}", "person_id": f"p{at}", "account_id": f"a{at}", **times, **ended}

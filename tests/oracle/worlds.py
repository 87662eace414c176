"""Makes up what happened: small worlds of people, accounts, activities and deals on few instants, all near an edge.

A world belongs to a definition only by its durations: activities happen a sum of those before the instant that is
asked about, a microsecond to either side now and then, or at an edge of a calendar bucket.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

from tests.oracle.authors import ACCOUNT, DAYS, PERSON, PROPERTIES, TYPES, Kind
from tests.oracle.facts import Facts
from tests.oracle.interpreter import duration, read_short
from tests.oracle.values import DAY, EPOCH, Instant

HALF_HOUR = 30 * 60 * 1_000_000
TIMED = {"within", "wait", "span", "half_life", "fades_over", "cooldown", "for", "every"}
SIDES = (None, None, "marketing", "product", "sales", "third_party")
MOMENTS = (
    "2026-03-31T12:00:00", "2026-01-01T00:00:00", "2024-02-29T23:59:59.999999", "2025-12-29T00:00:00", "2026-06-15T08:30:00.000001",
)  # fmt: skip


def moments(rng: Random) -> tuple[int, ...]:
    """Return the instants to ask about: one, the microsecond after, and a few durations later."""
    base = Instant.read(rng.choice(MOMENTS)).micros
    return base, base + 1, base + rng.choice((HALF_HOUR, DAY, 7 * DAY))


def durations(definition: Mapping[str, Any]) -> list[int]:
    """Return the lengths of time that a definition speaks of, in microseconds."""
    return sorted({duration(text) for text in _timed(definition)})


def types(definition: Mapping[str, Any]) -> list[str]:
    """Return the types of activity that happen to the signals of a definition."""
    signals = [read_short(signal) if isinstance(signal, str) else signal for signal in definition.get("signals", {}).values()]
    named = [kind for signal in signals for kind in _listed(signal.get("activity", []))]
    return ["page_view" if kind == "visit" else kind for kind in named]


def _listed(kinds: str | Sequence[str]) -> Sequence[str]:
    return [kinds] if isinstance(kinds, str) else kinds


def _timed(element: Any) -> Iterator[str]:
    if isinstance(element, Mapping):
        for key, inner in element.items():
            if key in TIMED and isinstance(inner, str):
                yield inner
            else:
                yield from _timed(inner)
    elif isinstance(element, str):
        yield from (f"{days}d" for days in re.findall(r"days_since\([^)]*\)\W+(\d+(?:\.\d+)?)", element, re.IGNORECASE))


@dataclass
class World:
    """Makes up one small world.

    Attributes:
        as_ofs: The instants that will be asked about.
        lengths: The durations that matter, in microseconds.
        types: The types of activity that matter.
        prefix: What ids begin with, so that worlds can be put side by side.
        explicit_customers: Whether the accounts say themselves who is a customer.
        unlisted: The share of accounts that are only ever referred to.
    """

    rng: Random
    as_ofs: Sequence[int]
    lengths: Sequence[int]
    types: Sequence[str] = TYPES
    prefix: str = ""
    explicit_customers: bool = False
    unlisted: float = 0.1

    def facts(self) -> Facts:
        """Return everything that happened in this world."""
        self.instants = self.few_instants()
        self.people = [f"{self.prefix}p{at}" for at in range(self.rng.randint(1, 4))]
        self.accounts = [f"{self.prefix}a{at}" for at in range(self.rng.randint(0, 3))]
        people = [row for person in self.people for row in self.versions("person_id", person, PERSON)]
        listed = [account for account in self.accounts if not self.maybe(self.unlisted)]
        accounts = [row for account in listed for row in self.versions("account_id", account, ACCOUNT)]
        activities = [self.activity(at) for at in range(self.rng.choice((0, 1, 3, 6, 10, 16, 25)))]
        copies = [self.copy(row, at) for at, row in enumerate(activities) if self.maybe(0.08)]
        both = activities + copies
        self.rng.shuffle(both)
        deals = [self.deal(at) for at in range(self.rng.choice((0, 0, 1, 2, 3)))]
        return Facts(people, accounts, both, deals)

    def few_instants(self) -> list[int]:
        """Return the instants of this world: some edges, some one after another, and some yet to come."""
        found = [self.edge() for _ in range(self.rng.randint(2, 7))]
        found += [one + self.nudge(HALF_HOUR) for one in found if self.maybe(0.2)]
        return found + ([max(self.as_ofs) + self.rng.choice((0, 1, DAY))] if self.maybe(0.2) else [])

    def edge(self) -> int:
        """Return an instant that lies on an edge of something."""
        at = self.rng.choice(self.as_ofs)
        if self.maybe(0.2):
            return self.nudge(_floor(at, self.rng.choice(("hour", "day", "week", "month"))))
        for _ in range(self.rng.choice((0, 1, 1, 1, 2, 3))):
            at -= self.rng.choice(self.lengths or (DAY,))
        return self.nudge(at)

    def nudge(self, at: int) -> int:
        """Return the instant, or one a microsecond away."""
        return at + self.rng.choice((0, 0, 0, -1, 1))

    def maybe(self, share: float) -> bool:
        """Return True in this share of cases."""
        return self.rng.random() < share

    def instant(self) -> int:
        """Return one of the world's few instants."""
        return self.rng.choice(self.instants)

    def versions(self, key: str, held: str, kinds: Mapping[str, Kind]) -> list[dict[str, Any]]:
        """Return one undated row, or one to three dated ones."""
        dated = [] if self.maybe(0.4) else sorted({self.instant() for _ in range(self.rng.randint(1, 3))})
        return [self.version(key, held, kinds, at) for at in dated or [None]]

    def version(self, key: str, held: str, kinds: Mapping[str, Kind], valid_from: int | None) -> dict[str, Any]:
        """Return one row of a person or an account."""
        row = {key: held, "valid_from": valid_from, "created_at": self.instant() if self.maybe(0.6) else None}
        if key == "person_id":
            row["account_id"] = self.rng.choice(self.accounts) if self.accounts and self.maybe(0.8) else None
        elif self.explicit_customers:
            row["is_customer"] = self.rng.choice((True, False, None))
        return row | {name.partition(".")[2]: self.held(kind) for name, kind in kinds.items()}

    def held(self, kind: Kind) -> Any:
        """Return a value of this kind, or None."""
        if self.maybe(0.25):
            return None
        if kind.type == "time":
            far = round(self.rng.choice(DAYS) * DAY)
            return Instant(self.instant() if self.maybe(0.5) else self.nudge(self.rng.choice(self.as_ofs) - far))
        return self.rng.choice(kind.values)

    def activity(self, at: int) -> dict[str, Any]:
        """Return an activity of a person, of an account, or of both."""
        occurred = self.instant()
        row: dict[str, Any] = {
            "activity_id": f"{self.prefix}x{at}",
            "occurred_at": occurred,
            "received_at": self.received(occurred) if self.maybe(0.35) else None,
            "type": self.rng.choice(self.types if self.maybe(0.85) else TYPES),
            "person_id": self.people[0] if self.maybe(0.4) else self.rng.choice(self.people),
            "account_id": self.rng.choice(self.accounts) if self.accounts and self.maybe(0.2) else None,
            "side": self.rng.choice(SIDES),
            "machine": self.rng.choice((True, False, False, None, None, None, None, None)),
            "properties": {name: self.held(kind) for name, kind in PROPERTIES.items() if self.maybe(0.7)},
        }
        if row["account_id"] and row["type"] != "page_view" and self.maybe(0.5):
            row["person_id"] = None if self.maybe(0.7) else f"{self.prefix}stranger"
        return row

    def received(self, occurred: int) -> int:
        """Return when an activity was received: mostly later, at times after the instant that is asked about."""
        late = occurred + self.rng.choice((0, 1, DAY, *self.lengths))
        return self.rng.choice((late, occurred - 1, *(self.nudge(as_of) for as_of in self.as_ofs)))

    def copy(self, row: Mapping[str, Any], at: int) -> dict[str, Any]:
        """Return a row of the same id that came in later and says something else, or the very same row."""
        if self.maybe(0.3):
            return dict(row)
        came = max(row["occurred_at"], row["received_at"] or row["occurred_at"])
        again = self.activity(at)
        occurred = min(again["occurred_at"], came)
        kind = row["type"] if again["person_id"] in self.people else "login"
        return again | {
            "activity_id": row["activity_id"],
            "occurred_at": occurred,
            "received_at": came + self.rng.choice((1, DAY)),
            "type": kind,
        }

    def deal(self, at: int) -> dict[str, Any]:
        """Return a deal of an account or of a person."""
        created = self.instant()
        account = self.rng.choice(self.accounts) if self.accounts and self.maybe(0.7) else None
        return {
            "deal_id": f"{self.prefix}d{at}",
            "created_at": created,
            "outcome": self.rng.choice(("won", "won", "lost", "open")),
            "closed_at": max(created, self.instant()) if self.maybe(0.6) else None,
            "account_id": account,
            "person_id": self.rng.choice(self.people) if account is None or self.maybe(0.3) else None,
            "amount": self.rng.choice((None, 100.5, 2000.0)),
        }


def anchor(as_of: int, *, explicit_customers: bool = False) -> Facts:
    """Return one person, account, activity and deal without gaps, by which every column of a file shows its type."""
    past = as_of - 400 * DAY
    person = {"person_id": "zz-anchor", "account_id": "zz-account", "created_at": past, "valid_from": past, **_full(PERSON, past)}
    account = {"account_id": "zz-account", "created_at": past, "valid_from": past, **_full(ACCOUNT, past)}
    if explicit_customers:
        account["is_customer"] = True
    activity = {
        "activity_id": "zz-activity", "occurred_at": past, "received_at": past + 1, "type": "login", "person_id": "zz-anchor",
        "account_id": "zz-account", "side": "product", "machine": False, "properties": _full(PROPERTIES, past),
    }  # fmt: skip
    deal = {
        "deal_id": "zz-deal", "created_at": past, "outcome": "lost", "closed_at": past + 1, "account_id": "zz-account",
        "person_id": "zz-anchor", "amount": 0.5,
    }  # fmt: skip
    return Facts([person], [account], [activity], [deal])


def side_by_side(worlds: Sequence[Facts]) -> Facts:
    """Return worlds of different prefixes as one."""
    relations = ("people", "accounts", "activities", "deals")
    return Facts(**{name: [row for world in worlds for row in getattr(world, name) or ()] for name in relations})


def _full(kinds: Mapping[str, Kind], at: int) -> dict[str, Any]:
    values = {"time": Instant(at), "number": 0.5, "boolean": True}
    return {name.rpartition(".")[2]: values.get(kind.type, next(iter(kind.values), None)) for name, kind in kinds.items()}


def _floor(at: int, unit: str) -> int:
    moment = EPOCH + dt.timedelta(microseconds=at)
    day = moment.replace(hour=0, minute=0, second=0, microsecond=0)
    floor = {
        "hour": moment.replace(minute=0, second=0, microsecond=0),
        "day": day,
        "week": day - dt.timedelta(days=day.weekday()),
        "month": day.replace(day=1),
    }[unit]
    return (floor - EPOCH) // dt.timedelta(microseconds=1)

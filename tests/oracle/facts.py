"""What happened, as plain rows, and what follows from it: versions, accounts, duplicates, visits, machines, customers.

The second reading of docs/facts.md. Everything is looked up by going through the rows; nothing is kept sorted.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeAlias

from tests.oracle.values import Instant, Value

Rows: TypeAlias = Sequence[Mapping[str, Any]]
SECOND = 1_000_000
HALF_HOUR = 30 * 60 * SECOND
KEYS = {"person_id", "account_id", "valid_from", "created_at"}  # created_at is an attribute, but a time of ours, so not an Instant
CLICKS = {"email_click"}


@dataclass(frozen=True)
class Activity:
    """One activity, with what follows from it and from its neighbours."""

    activity_id: str
    occurred: int
    known: int
    type: str
    side: str
    person_id: str | None
    account_id: str | None
    machine: bool
    properties: Mapping[str, Any]
    starts_visit: bool = False


@dataclass(frozen=True)
class Facts:
    """The canonical relations as lists of dicts.

    Times of our own columns (``created_at``, ``valid_from``, ``occurred_at``, ``received_at``, ``closed_at``) are
    whole microseconds; an attribute that is a time is an :class:`Instant`. ``people`` may be None: not mapped.
    """

    people: Rows | None
    accounts: Rows = ()
    activities: Rows = ()
    deals: Rows = ()

    @cached_property
    def persons(self) -> Mapping[str, Rows]:
        """Return everybody who can be scored, with their rows."""
        rows = self.people
        if rows is None:
            seen = {row.get("person_id"): None for row in self.activities if row.get("person_id") is not None}
            rows = [{"person_id": person} for person in seen]
        return _by(rows, "person_id")

    @cached_property
    def accounts_by_id(self) -> Mapping[str, Rows]:
        """Return the rows of each account."""
        return _by(self.accounts, "account_id")

    @cached_property
    def account_columns(self) -> set[str]:
        """Return the columns that the accounts have; a derived one isn't derived if it is among them."""
        return {column for row in self.accounts for column in row}

    @cached_property
    def deals_by_account(self) -> Mapping[str, Rows]:
        """Return the deals of each account: a deal's own account, else its person's when it was created."""
        rows = []
        for deal in self.deals:
            account = deal.get("account_id")
            if account is None and deal.get("person_id") is not None:
                account = self.account_of(deal["person_id"], deal["created_at"])
            rows.append({**deal, "account_id": account})
        return _by([row for row in rows if row["account_id"] is not None], "account_id")

    @cached_property
    def happened(self) -> Sequence[Activity]:
        """Return the activities, each once."""
        first: dict[str, Mapping[str, Any]] = {}
        for row in self.activities:
            standing = first.get(row["activity_id"])
            if standing is None or known(row) < known(standing):
                first[row["activity_id"]] = row
        plain = [self._activity(row) for row in first.values()]
        views = _by([a for a in plain if a.type == "page_view" and a.person_id is not None], "person_id")
        return [_with_visit(a, views.get(a.person_id or "", ())) for a in _with_machines(plain)]

    @cached_property
    def by_person(self) -> Mapping[str, Sequence[Activity]]:
        """Return everybody's own activities."""
        return _by(self.happened, "person_id")

    @cached_property
    def by_account(self) -> Mapping[str, Sequence[Activity]]:
        """Return the activities that belong to each account."""
        return _by(self.happened, "account_id")

    def created(self, person: str) -> int | None:
        """Return when a person was created: the earliest that any row says."""
        said = [row["created_at"] for row in self.persons.get(person, ()) if row.get("created_at") is not None]
        return min(said, default=None)

    def account_of(self, person: str, at: int) -> str | None:
        """Return the account that a person was at."""
        return version(self.persons.get(person, ()), at).get("account_id")

    def person_values(self, person: str, at: int) -> Iterator[tuple[str, Value]]:
        """Yield the attributes of a person."""
        row = version(self.persons[person], at)
        yield "person.account_id", row.get("account_id")
        yield from _attributes("person", row)

    def account_values(self, account: str | None, at: int) -> Iterator[tuple[str, Value]]:
        """Yield the attributes of an account, with what its deals say."""
        if account is None:
            return
        for name, held in self.deal_values(account, at).items():
            if name not in self.account_columns:
                yield f"account.{name}", held
        yield from _attributes("account", version(self.accounts_by_id.get(account, ()), at))

    def deal_values(self, account: str, at: int) -> Mapping[str, Value]:
        """Return whether the account is a customer and whether a deal is open, and since when."""
        deals = self.deals_by_account.get(account, ())
        won = [closed(deal) for deal in deals if deal["outcome"] == "won" and closed(deal) <= at]
        under_way = [deal["created_at"] for deal in deals if deal["created_at"] <= at and _is_open(deal, at)]
        return {
            "is_customer": bool(won),
            "customer_since": Instant(min(won)) if won else None,
            "has_open_deal": bool(under_way),
            "open_deal_since": Instant(min(under_way)) if under_way else None,
        }

    def _activity(self, row: Mapping[str, Any]) -> Activity:
        person, account = row.get("person_id"), row.get("account_id")
        if account is None and person is not None:
            account = self.account_of(person, row["occurred_at"])
        return Activity(
            activity_id=row["activity_id"],
            occurred=row["occurred_at"],
            known=known(row),
            type=row["type"],
            side=row.get("side") or "marketing",
            person_id=person,
            account_id=account,
            machine=row.get("machine") is True,
            properties=row.get("properties") or {},
        )


def version(rows: Rows, at: int) -> Mapping[str, Any]:
    """Return the row that holds at an instant: the latest dated one, or the undated one; empty before the first."""
    dated = [row for row in rows if row.get("valid_from") is not None]
    if not dated:
        return rows[0] if rows else {}
    return max((row for row in dated if row["valid_from"] <= at), key=lambda row: row["valid_from"], default={})


def _attributes(owner: str, row: Mapping[str, Any]) -> Iterator[tuple[str, Value]]:
    created = row.get("created_at")
    yield f"{owner}.created_at", None if created is None else Instant(created)
    for name, held in row.items():
        if name not in KEYS:
            yield f"{owner}.{name}", float(held) if isinstance(held, int) and not isinstance(held, bool) else held


def known(row: Mapping[str, Any]) -> int:
    """Return when we learned of an activity."""
    received = row.get("received_at")
    return row["occurred_at"] if received is None else max(row["occurred_at"], received)


def closed(deal: Mapping[str, Any]) -> int:
    """Return when a deal was closed; one without such a time counts from its creation."""
    return deal["created_at"] if deal.get("closed_at") is None else deal["closed_at"]


def _is_open(deal: Mapping[str, Any], at: int) -> bool:
    return deal["outcome"] == "open" or (deal.get("closed_at") is not None and deal["closed_at"] > at)


def _with_machines(activities: Sequence[Activity]) -> list[Activity]:
    """Return the activities; three clicks of one person within a second are a machine's."""
    clicks = _by([a for a in activities if a.type in CLICKS], "person_id")
    found: set[str] = set()
    for own in clicks.values():
        for start in own:
            burst = [a for a in own if start.occurred <= a.occurred <= start.occurred + SECOND]
            if len(burst) >= 3:
                found |= {a.activity_id for a in burst}
    return [_replaced(a, machine=True) if a.activity_id in found else a for a in activities]


def _with_visit(activity: Activity, views: Sequence[Activity]) -> Activity:
    """Return the activity; a page view starts a visit unless the same person's previous one is less than 30 minutes old.

    A machine's page view is none of either.
    """
    if activity.type != "page_view" or activity.machine:
        return activity
    spot = activity.occurred, activity.activity_id
    before = [view.occurred for view in views if not view.machine and (view.occurred, view.activity_id) < spot]
    return _replaced(activity, starts_visit=not before or activity.occurred - max(before) >= HALF_HOUR)


def _replaced(activity: Activity, **changes: Any) -> Activity:
    return Activity(**{**activity.__dict__, **changes})


def _by(rows: Sequence[Any], key: str) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = {}
    for row in rows:
        held = row.get(key) if isinstance(row, Mapping) else getattr(row, key)
        if held is not None:
            found.setdefault(held, []).append(row)
    return found

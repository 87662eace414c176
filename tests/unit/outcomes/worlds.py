"""Small worlds of sales for tests: rows in, columns out. Times are days since 1970; nobody is -1."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from leadline import clock
from leadline.engine.rehearsal import STILL, Spells
from leadline.outcomes.model import NONE, NOT_YET, Deals, Happened, LeadStages, Said, Touches

DAY = clock.DAY


def instant(day: float | None) -> int:
    return NOT_YET if day is None else round(day * DAY)


def instants(days: Sequence[float | None]) -> Any:
    return np.array([instant(day) for day in days], np.int64)


def whole(values: Sequence[int]) -> Any:
    return np.array(values, np.int64)


def texts(values: Sequence[str | None]) -> Any:
    found = np.empty(len(values), object)
    found[:] = values
    return found


def deal(created: float, *, person: int = NONE, account: int = NONE, talked: float | None = None, closed: float | None = None,
         won: bool = False, amount: float = 100.0, currency: str = "EUR", name: str = "") -> dict[str, Any]:  # fmt: skip
    return {
        "created": created, "person": person, "account": account, "talked": talked, "closed": closed, "won": won, "amount": amount,
        "currency": currency, "name": name or f"d{created:g}",
    }  # fmt: skip


def deals(rows: Sequence[dict[str, Any]]) -> Deals:
    def column(name: str) -> list[Any]:
        return [row[name] for row in rows]

    nothing = texts([None] * len(rows))
    return Deals(
        deal_id=texts(column("name")), person_id=nothing, account_id=nothing, kind=texts([""] * len(rows)),
        currency=texts(column("currency")), person=whole(column("person")), account=whole(column("account")),
        created=instants(column("created")), conversation=instants(column("talked")), closed=instants(column("closed")),
        won=np.array(column("won"), np.bool_), amount=np.array(column("amount"), np.float64),
    )  # fmt: skip


def stages(rows: Sequence[tuple[int, float, Said] | tuple[int, float, Said, str]]) -> LeadStages:
    """Rows: person, day, what was said, why."""
    rows = sorted(rows, key=lambda row: row[:3])
    reasons = sorted({row[3] for row in rows if len(row) > 3})
    given = [reasons.index(row[3]) if len(row) > 3 else NONE for row in rows]
    people = [row[0] for row in rows]
    return LeadStages(
        whole(people), whole([NONE] * len(rows)), instants([row[1] for row in rows]), whole([row[2] for row in rows]), whole(given),
        tuple(reasons),
    )  # fmt: skip


def touches(rows: Sequence[tuple[int, int, float, bool]]) -> Touches:
    """Rows: person, account, day, whether it was a conversation."""
    people, accounts, days, talks = ([row[at] for row in rows] for at in range(4))
    return Touches(whole(people), whole(accounts), instants(days), np.array(talks, np.bool_))


def happened(
    of_deals: Sequence[dict[str, Any]] = (), said: Sequence[Any] = (), touched: Sequence[Any] = (), currency: str = "EUR"
) -> Happened:
    return Happened(deals(of_deals), stages(said), touches(touched), currency)


def spells(rows: Sequence[tuple[int, int, float] | tuple[int, int, float, int]]) -> Spells:
    """Rows: person, account, day, track."""
    n = len(rows)
    nothing, points = np.zeros(n, np.int64), np.zeros((n, 0), np.int64)
    return Spells(
        person=whole([row[0] for row in rows]), account=whole([row[1] for row in rows]),
        track=whole([row[3] if len(row) > 3 else 0 for row in rows]), entered=instants([row[2] for row in rows]),
        left=np.full(n, STILL), score=nothing, left_score=nothing, points=points, left_points=points, cause=nothing,
        left_cause=nothing, causes=("made up",),
    )  # fmt: skip

"""The columns that Leadline understands of each relation: which must be there, and the type each has.

Everything else that the data has is kept as an attribute (of people, accounts) or a property (of activities).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from leadline.facts.model import Relation, Type

REPS = "reps"  # no relation of facts, but read like one
_TEXT, _NUMBER, _TIME = Type.TEXT, Type.NUMBER, Type.TIME


@dataclass(frozen=True)
class Shape:
    """The canonical columns of a relation.

    Attributes:
        required: Columns that every source must have; every row needs a value.
        optional: Columns that are understood if they are there.
        time: The column that tells when a row happened, for the span of the report.
    """

    required: Mapping[str, Type]
    optional: Mapping[str, Type]
    time: str | None = None

    @property
    def columns(self) -> Mapping[str, Type]:
        """Return all columns with their types."""
        return {**self.required, **self.optional}


SHAPES: Mapping[str, Shape] = {
    Relation.PEOPLE: Shape(
        {"person_id": _TEXT},
        {"email": _TEXT, "account_id": _TEXT, "created_at": _TIME, "valid_from": _TIME, "title": _TEXT},
        "created_at",
    ),
    Relation.ACCOUNTS: Shape(
        {"account_id": _TEXT},
        {"domain": _TEXT, "name": _TEXT, "created_at": _TIME, "valid_from": _TIME},
        "created_at",
    ),
    Relation.ACTIVITIES: Shape(
        {"occurred_at": _TIME, "type": _TEXT},
        {
            "activity_id": _TEXT, "person_id": _TEXT, "account_id": _TEXT, "received_at": _TIME, "side": _TEXT,
            "properties": _TEXT, "user_agent": _TEXT,
        },
        "occurred_at",
    ),
    Relation.DEALS: Shape(
        {"deal_id": _TEXT, "created_at": _TIME, "outcome": _TEXT},
        {
            "account_id": _TEXT, "person_id": _TEXT, "amount": _NUMBER, "currency": _TEXT, "closed_at": _TIME, "stage": _TEXT,
            "first_conversation_at": _TIME, "source": _TEXT,
        },
        "created_at",
    ),
    Relation.DEAL_STAGES: Shape({"deal_id": _TEXT, "stage": _TEXT, "entered_at": _TIME}, {}, "entered_at"),
    Relation.LEAD_STAGES: Shape(
        {"person_id": _TEXT, "stage": _TEXT, "entered_at": _TIME}, {"reason": _TEXT, "rep": _TEXT}, "entered_at"
    ),
    REPS: Shape(
        {"id": _TEXT},
        {
            "name": _TEXT, "email": _TEXT, "team": _TEXT, "territory": _TEXT, "time_zone": _TEXT, "hours": _TEXT, "days_off": _TEXT,
            "weight": _NUMBER, "capacity_per_week": _NUMBER,
        },
    ),
}  # fmt: skip

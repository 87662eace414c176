"""What happened, as types: the canonical relations, their columns, and the schema that conditions are checked against.

Frozen types only, no I/O. How facts are read stands in :mod:`leadline.facts.sources`, how they are kept in
:mod:`leadline.facts.mirror`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Relation(StrEnum):
    """The canonical relations."""

    PEOPLE = "people"
    ACCOUNTS = "accounts"
    ACTIVITIES = "activities"
    DEALS = "deals"
    DEAL_STAGES = "deal_stages"
    LEAD_STAGES = "lead_stages"


class Type(StrEnum):
    """The types of columns. ``ORDERED`` is text with an order; it compares by its place in that order."""

    TEXT = "text"
    NUMBER = "number"
    BOOLEAN = "boolean"
    TIME = "time"


class Side(StrEnum):
    """Who an activity belongs to."""

    MARKETING = "marketing"
    PRODUCT = "product"
    SALES = "sales"
    THIRD_PARTY = "third_party"


class Outcome(StrEnum):
    """How a deal stands."""

    WON = "won"
    LOST = "lost"
    OPEN = "open"


SENIORITY = ("intern", "individual", "senior", "manager", "director", "vp", "c_level")
VISIT = "visit"
PAGE_VIEW = "page_view"


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a relation: its type, its order if it has one, and whether its values carry a date.

    Attributes:
        order: The labels from lowest to highest, for text that compares by rank.
        undated: The values may have been filled in at any time: no ``valid_from`` came with them.
    """

    type: Type
    order: tuple[str, ...] = ()
    undated: bool = False


@dataclass(frozen=True, slots=True)
class Schema:
    """What conditions may refer to.

    Attributes:
        person: Attributes of people, by name.
        account: Attributes of accounts, by name.
        properties: Properties of activities, by name, over all types of activity.
        types: Types of activity that occur, with their counts.
    """

    person: Mapping[str, Column] = field(default_factory=dict[str, Column])
    account: Mapping[str, Column] = field(default_factory=dict[str, Column])
    properties: Mapping[str, Column] = field(default_factory=dict[str, Column])
    types: Mapping[str, int] = field(default_factory=dict[str, int])

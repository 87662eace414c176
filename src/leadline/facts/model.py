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


class HeldAs(StrEnum):
    """How a database holds a column whose rows stay there."""

    TEXT = "text"
    NUMBER = "number"
    BOOLEAN = "boolean"
    INSTANT = "instant"
    """A time with a zone."""
    DATETIME = "datetime"
    """A time without a zone, taken as UTC."""
    DATE = "date"
    JSON = "json"
    """JSON in a type of the database's own."""
    JSON_TEXT = "json_text"
    """JSON in a text."""
    OTHER = "other"
    """Anything else; it is read as text."""

    @property
    def type(self) -> Type:
        """Return our type for it."""
        return _TYPES.get(self, Type.TEXT)


_TYPES = {
    HeldAs.NUMBER: Type.NUMBER, HeldAs.BOOLEAN: Type.BOOLEAN, HeldAs.INSTANT: Type.TIME, HeldAs.DATETIME: Type.TIME,
    HeldAs.DATE: Type.TIME,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Held:
    """A column of a database: its name there, and how it is held."""

    name: str
    kind: HeldAs


@dataclass(frozen=True, slots=True)
class HeldProperty:
    """Where a database keeps a property: in a plain column, under keys of its JSON, or both; the first that has a value counts."""

    type: Type
    column: Held | None = None
    keys: tuple[str, ...] = ()


@dataclass(frozen=True)
class RemoteSource:
    """Activities in a database.

    Attributes:
        table: The table, as the project names it; or
        query: the query that gives the rows.
        columns: Canonical name (``activity_id``, ``occurred_at``, ``type``, ``person_id``, ``account_id``, ``received_at``,
            ``side``, ``properties``, ``machine``) → its column there.
        properties: Name of a property → where it is kept.
        unique: The database itself makes sure that no ``activity_id`` comes twice.
        machine_agents: The user agents in it that are machines.
    """

    table: str
    query: str
    columns: Mapping[str, Held]
    properties: Mapping[str, HeldProperty] = field(default_factory=dict[str, HeldProperty])
    unique: bool = False
    machine_agents: tuple[str, ...] = ()


@dataclass(frozen=True)
class Remote:
    """Activities that stay in a database, and the attributes of people that can't be derived without reading them all."""

    sources: tuple[RemoteSource, ...]
    missing: tuple[str, ...] = ()

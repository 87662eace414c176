"""What reading the facts came to, relation by relation: frozen types and their JSON form.

The report is what ``leadline check`` and the pages show of the data, and what ``plan`` and ``discover`` take their
warnings from (undated attributes, people and activities that match nothing).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from leadline.errors import Place, Problem, Severity
from leadline.facts.model import Type


@dataclass(frozen=True, slots=True)
class ColumnReport:
    """One column: its name, type, the share of rows read that have no value, and whether its values carry no date."""

    name: str
    type: Type
    nulls: float
    undated: bool = False


@dataclass(frozen=True, slots=True)
class SourceReport:
    """One source: what it is called, how many files it has, and the rows read from it."""

    label: str
    files: int
    rows: int


@dataclass(frozen=True, slots=True)
class RelationReport:
    """One relation.

    Attributes:
        read: Rows in the sources.
        kept: Rows left after duplicates and quarantined rows.
        duplicates: Rows that said the same again, or an activity again.
        quarantined: Rows set aside; they are in ``.leadline/quarantine/<relation>.csv``.
        first: The earliest instant in microseconds, of the relation's own time.
        last: The latest.
    """

    sources: tuple[SourceReport, ...] = ()
    read: int = 0
    kept: int = 0
    duplicates: int = 0
    quarantined: int = 0
    columns: tuple[ColumnReport, ...] = ()
    first: int | None = None
    last: int | None = None


@dataclass(frozen=True, slots=True)
class FactsReport:
    """What the mirror was built from, and what did not fit.

    Attributes:
        relations: By name; a relation without sources is left out.
        people: Distinct people.
        accounts: Distinct accounts, those that only occur as a reference included.
        unmatched_activities: Activities whose ``person_id`` is not among the people.
        unmatched_deals: Deals whose person or account is unknown.
        matched_by_domain: People who belong to an account by the domain of their e-mail address.
        machine_activities: Activities flagged as done by a machine.
        undated: Attributes without history, as ``person.x`` and ``account.x``.
        cut_properties: Property names left out because there were too many.
        warnings: What is odd but stops nothing.
    """

    relations: Mapping[str, RelationReport] = field(default_factory=dict[str, RelationReport])
    people: int = 0
    accounts: int = 0
    unmatched_activities: int = 0
    unmatched_deals: int = 0
    matched_by_domain: int = 0
    machine_activities: int = 0
    undated: tuple[str, ...] = ()
    cut_properties: tuple[str, ...] = ()
    warnings: tuple[Problem, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """Return the JSON form."""
        return asdict(self)


def read_report(data: Mapping[str, Any]) -> FactsReport:
    """Return the report from its JSON form."""
    fields: dict[str, Any] = {
        **data,
        "relations": {key: _relation(value) for key, value in data["relations"].items()},
        "warnings": tuple(_problem(value) for value in data["warnings"]),
        "undated": tuple(data["undated"]),
        "cut_properties": tuple(data["cut_properties"]),
    }
    return FactsReport(**fields)


def _relation(data: Mapping[str, Any]) -> RelationReport:
    fields: dict[str, Any] = {
        **data,
        "columns": tuple(_column(value) for value in data["columns"]),
        "sources": tuple(SourceReport(**value) for value in data["sources"]),
    }
    return RelationReport(**fields)


def _column(data: Mapping[str, Any]) -> ColumnReport:
    fields: dict[str, Any] = {**data, "type": Type(data["type"])}
    return ColumnReport(**fields)


def _problem(data: Mapping[str, Any]) -> Problem:
    fields: dict[str, Any] = {**data, "where": Place(**data["where"]), "severity": Severity(data["severity"])}
    return Problem(**fields)

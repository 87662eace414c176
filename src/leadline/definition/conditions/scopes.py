"""Which names a condition may use, depending on where it stands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from leadline.definition.conditions.types import OpenScope
from leadline.definition.model import Definition
from leadline.facts.model import Column, Schema, Type

Scope = Mapping[str, Column]


@dataclass(frozen=True)
class Scopes:
    """The names for each kind of condition, with their columns.

    Attributes:
        attributes: ``person.*`` and ``account.*``: for ``only``, criteria on attributes and values of tiers.
        properties: The bare names in a signal's ``where``.
        rules: For tracks, ``disqualify``, ``suspend`` and ``nurture``: attributes, the score, groups, criteria, bands, grade.
    """

    attributes: Scope
    properties: Scope
    rules: Scope


def scopes(definition: Definition, schema: Schema | None) -> Scopes:
    """Return the scopes of a definition; without a schema every attribute and property may exist."""
    known = schema or Schema()
    columns = {f"person.{name}": column for name, column in known.person.items()}
    columns |= {f"account.{name}": column for name, column in known.account.items()}
    attributes = columns | _ordered(definition, columns, open_to_all=schema is None)
    rules = {**attributes, **_results(definition)}
    if schema is None:
        return Scopes(OpenScope(attributes), OpenScope({}, properties=True), OpenScope(rules))
    return Scopes(attributes, dict(known.properties), rules)


def _ordered(definition: Definition, columns: Scope, *, open_to_all: bool) -> dict[str, Column]:
    found = {name: columns.get(name, Column(Type.TEXT)) for name in definition.ordered if open_to_all or name in columns}
    return {name: replace(column, order=definition.ordered[name]) for name, column in found.items() if column.type is Type.TEXT}


def _results(definition: Definition) -> dict[str, Column]:
    numbers = ["score", *definition.groups, *(name for _, name, _ in definition.criteria())]
    found = {name: Column(Type.NUMBER) for name in numbers}
    for of, bounds in definition.bands.items():
        found[f"band.{of}"] = Column(Type.TEXT, tuple(sorted(bounds, key=bounds.__getitem__)))
    return found | ({"grade": Column(Type.TEXT)} if definition.grade else {})

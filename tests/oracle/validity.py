"""Keeps made-up definitions to what ``leadline check`` lets pass: rules that can hold, and can fail to.

The only place of the oracle that asks Leadline about a definition; it decides what is tried, never what is right. That
the check itself is right about such rules is tested against the oracle on unfiltered definitions.
"""

from __future__ import annotations

import copy
import datetime as dt
from collections.abc import Mapping
from typing import Any

import yaml

from leadline.definition import check, load
from leadline.errors import Problem, Severity
from leadline.facts.model import Column, Schema, Type
from tests.oracle.authors import ACCOUNT, DERIVED, PERSON, PROPERTIES, TYPES, Kind

_TYPES = {"text": Type.TEXT, "ordered": Type.TEXT, "number": Type.NUMBER, "boolean": Type.BOOLEAN, "time": Type.TIME}
_TODAY = dt.date(2026, 4, 1)


def column(kind: Kind) -> Column:
    """Return a kind as a column of Leadline's."""
    return Column(_TYPES[kind.type], kind.order)


def schema() -> Schema:
    """Return the schema of all made-up facts."""
    kinds = {**PERSON, **ACCOUNT, **DERIVED}
    person, account = (
        {n.partition(".")[2]: column(k) for n, k in kinds.items() if n.startswith(owner)} for owner in ("person.", "account.")
    )
    return Schema(person, account, {name: column(kind) for name, kind in PROPERTIES.items()}, dict.fromkeys(TYPES, 1))


def errors(definition: Mapping[str, Any]) -> list[Problem]:
    """Return what ``leadline check`` would refuse."""
    loaded = load.parse(yaml.safe_dump(definition, allow_unicode=True, sort_keys=False))
    return [problem for problem in check.check(loaded, schema(), _TODAY) if problem.severity is Severity.ERROR]


def mended(definition: Mapping[str, Any]) -> dict[str, Any] | None:
    """Return the definition without the rules that are refused; None if no track is left or something else is wrong."""
    written = copy.deepcopy(dict(definition))
    while found := errors(written):
        for problem in found:
            part, *rest = problem.where.path.split(".")
            if part == "only":
                written.pop("only", None)
            elif part in ("tracks", "disqualify", "suspend") and rest:
                written[part].pop(rest[0], None)
            else:
                return None
        written = {part: held for part, held in written.items() if held}
        if "tracks" not in written:
            return None
    return written

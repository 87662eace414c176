"""Writes a case as the tables that a user would have in PostgreSQL, and a project that names them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from random import Random
from typing import Any

from tests.oracle.facts import Facts, Rows
from tests.oracle.files import arrow_table, as_yaml, flat

KEPT_AS = ("columns", "jsonb", "json", "text")


@contextmanager
def cursor(uri: str):
    """Yield a cursor that commits every statement."""
    from adbc_driver_postgresql import dbapi

    with dbapi.connect(uri, autocommit=True) as connection, connection.cursor() as found:
        yield found


def run(uri: str, *statements: str) -> None:
    """Run statements."""
    with cursor(uri) as there:
        for statement in statements:
            there.execute(statement)


def write_tables(
    uri: str,
    directory: Path,
    definition: Mapping[str, Any],
    facts: Facts,
    rng: Random,
    then: Sequence[str] = (),
    properties: str | None = None,
    activities: Any = "activities",
) -> Path:
    """Write the facts as tables, times with a zone or without, properties as plain columns, ``jsonb``, ``json`` or text.

    Args:
        uri: The database.
        directory: Where the project goes.
        definition: As YAML data.
        facts: The facts.
        rng: What decides how they are kept.
        then: Statements to run when the tables are there.
        properties: How properties are kept, if that isn't left to chance.
        activities: What the project names as the source of activities.
    """
    properties = properties or rng.choice(KEPT_AS)
    relations: dict[str, Rows] = {
        "people": facts.people or [],
        "accounts": facts.accounts,
        "activities": flat(facts.activities, as_columns=properties == "columns"),
        "deals": facts.deals,
    }
    mapped: dict[str, Any] = {name: name for name, rows in relations.items() if rows}
    with cursor(uri) as there:
        for name in mapped:
            columns = list(dict.fromkeys(column for row in relations[name] for column in row))
            there.adbc_ingest(name, arrow_table(columns, relations[name], rng.choice((None, "UTC"))), mode="replace")
    if properties in {"jsonb", "json"}:
        run(uri, f"alter table activities alter column properties type {properties} using properties::{properties}")
    run(uri, *then)
    mapped["activities"] = activities
    (directory / "definition.yaml").write_text(as_yaml(definition), encoding="utf-8")
    (directory / "leadline.yaml").write_text(as_yaml({"definition": "definition.yaml", "engine": uri, "facts": mapped}), encoding="utf-8")
    return directory

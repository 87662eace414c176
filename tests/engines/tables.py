"""Writes a case as the tables that a user would have in PostgreSQL, and a project that names them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from random import Random
from typing import Any

from tests.oracle.facts import Facts, Rows
from tests.oracle.files import arrow_table, as_yaml, flat


def write_tables(uri: str, directory: Path, definition: Mapping[str, Any], facts: Facts, rng: Random) -> Path:
    """Write the facts as tables, times with a zone or without, properties as plain columns, ``jsonb``, ``json`` or text."""
    from adbc_driver_postgresql import dbapi

    properties = rng.choice(("columns", "jsonb", "json", "text"))
    relations: dict[str, Rows] = {
        "people": facts.people or [],
        "accounts": facts.accounts,
        "activities": flat(facts.activities, as_columns=properties == "columns"),
        "deals": facts.deals,
    }
    mapped = {name: name for name, rows in relations.items() if rows}
    with dbapi.connect(uri, autocommit=True) as connection, connection.cursor() as cursor:
        for name in mapped:
            rows = relations[name]
            columns = list(dict.fromkeys(column for row in rows for column in row))
            cursor.adbc_ingest(name, arrow_table(columns, rows, rng.choice((None, "UTC"))), mode="replace")
        if properties in {"jsonb", "json"}:
            cursor.execute(f"alter table activities alter column properties type {properties} using properties::{properties}")
    (directory / "definition.yaml").write_text(as_yaml(definition), encoding="utf-8")
    (directory / "leadline.yaml").write_text(as_yaml({"definition": "definition.yaml", "engine": uri, "facts": mapped}), encoding="utf-8")
    return directory

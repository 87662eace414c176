"""``leadline explain``: the receipt of one person."""

from __future__ import annotations

import json
from pathlib import Path

import click

from leadline.faces.cli import options

FORMATS = ("table", "json")


@click.command("explain")
@click.argument("person")
@options.project
@options.definition
@options.as_of
@click.option("--full", is_flag=True, help="Show also criteria without points, and every activity.")
@options.form(*FORMATS)
@options.out
def command(person: str, folder: Path, file: Path | None, as_of: int | None, full: bool, form: str | None, out: Path | None) -> None:
    """Show what stands behind every point of PERSON: activities, attribute values, and what each rule saw.

    The lines add up to the score exactly. A condition that hangs on something nobody knows is shown as unknown, not
    as no.
    """
    chosen = options.chosen_format(form, out, FORMATS)
    project = options.open_project(folder, file)
    receipt = project.explain(person, as_of)
    if chosen == "json":
        options.write_text(json.dumps(receipt.as_dict(), indent=2, ensure_ascii=False), out)
        return
    from leadline.faces.cli import tables

    who = project.names_of([person], receipt.as_of).get(person, "")
    tables.write(tables.receipt(receipt, who, full=full), out)

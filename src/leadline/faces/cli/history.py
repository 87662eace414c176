"""``leadline history``: which definition was in force when."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from leadline import clock
from leadline.faces.cli import options

if TYPE_CHECKING:
    from rich.console import RenderableType

    from leadline.app.adopting import Record

FORMATS = ("table", "json")
FOUND = 1


@click.command("history")
@options.project
@options.form(*FORMATS)
@options.out
def command(folder: Path, form: str | None, out: Path | None) -> None:
    """Show which definition was in force when, who signed it, and where its text is kept.

    Exits with 1 if a kept definition is gone, or isn't what was adopted.
    """
    from leadline.app import adopting

    chosen = options.chosen_format(form, out, FORMATS)
    project = options.open_project(folder)
    found = adopting.record(project.config, project.now)
    if chosen == "json":
        options.write_text(json.dumps(found.as_dict(), indent=2, ensure_ascii=False), out)
    else:
        from leadline.faces.cli import tables

        tables.write(_drawn(found), out)
    for problem in found.problems:
        click.echo(f"{problem.severity}: {problem}", err=True)
    if found.problems:
        sys.exit(FOUND)


def _drawn(found: Record) -> RenderableType:
    """Return the periods as a table, with a line on what the project's definition holds."""
    from rich.console import Group
    from rich.table import Table
    from rich.text import Text

    if not found.periods:
        return Text(f"Nothing was adopted yet: {found.definition} counts for all times. 'leadline adopt' begins the history.")
    table = Table(header_style="bold", box=None, pad_edge=False)
    for name in ("from", "until", "", "definition", "contract", "marketing", "sales", "file"):
        table.add_column(name, overflow="fold", no_wrap=name in ("from", "until", "", "contract", "file"))
    for period in found.periods:
        one = period.adoption
        times = (_time(period.begins, "the start"), _time(period.ends, ""))
        table.add_row(*times, period.standing(found.now), one.name, one.contract[:12], *one.sign_offs().values(), one.file)
    return Group(table, Text(""), Text(_held(found)))


def _time(micros: int | None, otherwise: str) -> str:
    """Return an instant to the minute, or to the day if it is midnight; json has it exactly."""
    return otherwise if micros is None else clock.write_instant(micros)[:16].replace("T", " ").removesuffix(" 00:00")


def _held(found: Record) -> str:
    """Return how the project's definition stands to the one in force."""
    if found.held is None:
        return f"{found.definition} holds what was never adopted: 'leadline adopt' puts it in force."
    if found.held != found.present:
        return f"{found.definition} holds {found.held}, which is not in force now."
    return f"{found.definition} holds what is in force."

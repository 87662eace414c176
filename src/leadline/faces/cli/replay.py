"""``leadline replay``: who would have qualified, from when to when, and why."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from leadline.faces.cli import options

FORMATS = ("table", "json", "csv", "parquet")


@click.command("replay")
@options.project
@options.definition
@options.window("Show from this instant on.  [default: the first fact]", "The last instant looked at.  [default: now]")
@click.option("--track", help="Show only the spells of this track.")
@click.option("--person", metavar="ID", help="Show only the spells of this person.")
@click.option("--top", type=click.IntRange(1), default=15, show_default=True, help="Rows of the table: the latest spells.")
@options.form(*FORMATS)
@options.out
def command(
    folder: Path, file: Path | None, since: int | None, until: int | None, track: str | None, person: str | None, top: int,
    form: str | None, out: Path | None,
) -> None:  # fmt: skip
    """Replay history: who would have qualified, from when to when, and why.

    A spell begins and ends at the very instant at which an activity, a change of an attribute, or time itself made it so.
    Each instant is judged by the definition that was in force then, unless one is given.
    """
    chosen = options.chosen_format(form, out, FORMATS)
    if chosen == "parquet" and out is None:
        raise click.UsageError("Parquet is no text. Add --out FILE.")
    project = options.open_project(folder, file)
    replayed = project.replay(since, until).only(track=track, person=person)
    project.progress_done()
    if chosen == "table":
        from leadline.faces.cli import replay_table, tables

        latest = replayed.latest(top)
        names = project.names_of([row["person_id"] for row in latest], replayed.until)
        tables.write(replay_table.replayed(replayed, latest, names), out)
    elif out is None:
        replayed.write_text(sys.stdout, chosen)
    else:
        replayed.write(out, chosen)
        click.echo(f"Wrote {out}", err=True)

"""``leadline score``: everybody as of an instant, best first."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from leadline.faces.cli import options

FORMATS = ("table", "json", "csv", "parquet")


@click.command("score")
@options.project
@options.definition
@options.as_of
@click.option("--track", help="Show only the people of this track.")
@click.option("--all", "everybody", is_flag=True, help="Show also people who don't qualify.")
@click.option("--top", type=click.IntRange(1), default=20, show_default=True, help="Rows of the table.")
@options.form(*FORMATS)
@options.out
def command(
    folder: Path, file: Path | None, as_of: int | None, track: str | None, everybody: bool, top: int, form: str | None, out: Path | None
) -> None:
    """Score everybody as of an instant, best first.

    The table shows who qualifies and for what; json, csv and parquet hold everybody with the points of every
    criterion. A person who isn't there yet at that instant isn't scored.
    """
    chosen = options.chosen_format(form, out, FORMATS)
    project = options.open_project(folder, file)
    scored = project.score_rows(as_of)
    if out and chosen != "table":
        scored.write(out, chosen)
        project.progress_done()
        click.echo(f"Wrote {out}", err=True)
        return
    if chosen == "parquet":
        raise click.UsageError("Parquet is no text. Add --out FILE.")
    if chosen != "table":
        project.progress_done()
        scored.write_text(sys.stdout, chosen)
        return
    from leadline.faces.cli import tables

    kept = scored.kept()
    project.progress_done()
    rows = list(kept.rows(track=project.known_track(track), qualified=not everybody, limit=top))
    tables.write(tables.scored(kept, rows, project.names_of([row["person_id"] for row in rows], kept.as_of), track, everybody), out)

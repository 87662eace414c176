"""``leadline plan``: a new definition against the old one, on what happened."""

from __future__ import annotations

import json
from pathlib import Path

import click

from leadline.faces.cli import options

FORMATS = ("table", "json", "html")


@click.command("plan")
@click.argument("new", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--against", metavar="OLD.yaml|recorded", help="What to compare with.  [default: the project's definition]")
@options.project
@options.window(
    "Count entries from this instant on.  [default: twelve full months]",
    "Count entries before this instant.  [default: the last full month's end]",
)
@click.option("--track", help="The track whose line is moved.  [default: the first that asks for a score]")
@options.form(*FORMATS)
@options.out
def command(
    new: Path,
    against: str | None,
    folder: Path,
    since: int | None,
    until: int | None,
    track: str | None,
    form: str | None,
    out: Path | None,
) -> None:
    """Compare NEW, a definition, with the old one on history: volume, conversion, revenue, workload, who enters and who leaves, and why.

    'recorded' compares with what the CRM itself recorded, so that a newcomer can begin with what they do today. Add
    --out plan.html for a page with charts that marketing and sales can read together; it needs no network.
    """
    chosen = options.chosen_format(form, out, FORMATS)
    project = options.open_project(folder)
    report = project.plan(new, against, since, until, track=track)
    project.progress_done()
    if chosen == "json":
        options.write_text(json.dumps(report.to_json(), indent=2, ensure_ascii=False), out)
        return
    from leadline.app import pages

    if chosen == "html":
        options.write_text(pages.plan_page(report), out)
        if out:
            click.echo(report.verdict.sentence)
        return
    from leadline.faces.cli import plan_table, tables

    tables.write(plan_table.planned(report), out)

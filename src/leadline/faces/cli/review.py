"""``leadline review``: what a week, a month or a quarter brought, against before and against the agreement."""

from __future__ import annotations

import json
from pathlib import Path

import click

from leadline.errors import UsageError
from leadline.faces.cli import options

FORMATS = ("table", "json", "html", "markdown")
LAST = ""


@click.command("review")
@click.option(
    "--week", is_flag=False, flag_value=LAST, metavar="[2026-W39]", help="A week, as a digest; the last full one if none is named."
)
@click.option("--month", is_flag=False, flag_value=LAST, metavar="[2026-10]", help="A month.  [default: the last full one]")
@click.option("--quarter", is_flag=False, flag_value=LAST, metavar="[2026Q3]", help="A quarter; the last full one if none is named.")
@options.project
@options.definition
@options.form(*FORMATS)
@options.out
def command(
    week: str | None, month: str | None, quarter: str | None, folder: Path, file: Path | None, form: str | None, out: Path | None
) -> None:
    """Review the definition in force: the funnel to revenue, the audit score, why volume changed, response times, and what to do next.

    Each figure stands beside the period before and a year of its past, with its interval. Add --out review.html for a page with
    charts that marketing and sales can read together; it needs no network and prints on A4.
    """
    chosen = options.chosen_format(form, out, FORMATS)
    kind, name = _asked({"week": week, "month": month, "quarter": quarter})
    project = options.open_project(folder, file)
    report = project.review(kind, name)
    project.progress_done()
    if chosen == "json":
        options.write_text(json.dumps(report.to_json(), indent=2, ensure_ascii=False), out)
        return
    from leadline.app import reviewing

    if chosen in ("html", "markdown"):
        options.write_text(reviewing.page(report, chosen), out)
        if out:
            click.echo(report.headline)
        return
    from leadline.faces.cli import review_table, tables

    tables.write(review_table.reviewed(report), out)


def _asked(given: dict[str, str | None]) -> tuple[str, str | None]:
    """Return the kind and the name of the period asked for; the last full month if none is."""
    found = {kind: name for kind, name in given.items() if name is not None}
    if len(found) > 1:
        says = f"A review is of one period, and {' and '.join(f'--{kind}' for kind in found)} are two."
        raise UsageError(says, "Keep one of them.")
    kind, name = next(iter(found.items()), ("month", LAST))
    return kind, name or None

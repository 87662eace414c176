"""``leadline check``: every problem at once, with its place and how to mend it."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path

import click

from leadline.errors import DefinitionRefused, Problem, Severity
from leadline.faces.cli import options

FORMATS = ("table", "json")
FOUND = 1


@click.command("check")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path), required=False)
@options.project
@click.option("--facts", is_flag=True, help="Show what was read: rows, columns, time spans, nulls, duplicates, what matches nothing.")
@click.option("--alone", is_flag=True, help="Check the definition without looking at the data.")
@click.option("--strict", is_flag=True, help="Let warnings fail the check, too.")
@options.form(*FORMATS)
def command(file: Path | None, folder: Path, facts: bool, alone: bool, strict: bool, form: str | None) -> None:
    """Check the definition (or FILE) against the language and the data, and list every problem.

    Exits with 1 if there are errors, with --strict also if there are warnings; refused data exits with 3.
    """
    project = options.open_project(folder, file)
    report = project.facts() if facts else None
    try:
        problems: Sequence[Problem] = project.check(facts=not alone)
    except DefinitionRefused as refused:
        problems = refused.problems
    project.progress_done()
    if form == "json":
        answer = {"problems": [problem.as_dict() for problem in problems]} | ({"facts": report.as_dict()} if report else {})
        click.echo(json.dumps(answer, indent=2, ensure_ascii=False))
    else:
        if report:
            from leadline.faces.cli import facts as tables

            tables.write(report)
        for problem in problems:
            click.echo(f"{click.style(problem.severity, fg='red' if problem.severity is Severity.ERROR else 'yellow')}: {problem}")
        click.echo(_verdict(problems))
    bad = [problem for problem in problems if strict or problem.severity is Severity.ERROR]
    if bad:
        sys.exit(FOUND)


def _verdict(problems: Sequence[Problem]) -> str:
    errors = sum(problem.severity is Severity.ERROR for problem in problems)
    warnings = len(problems) - errors
    if not problems:
        return "The definition holds: no problems."
    return f"{errors} error{'s' * (errors != 1)}, {warnings} warning{'s' * (warnings != 1)}."

"""``leadline adopt``: put a definition in force."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

import click

from leadline import clock
from leadline.app.adopting import Adopted
from leadline.errors import Problem, Severity
from leadline.faces.cli import options

FOUND = 1


@click.command("adopt")
@click.argument("what", metavar="[FILE|FINGERPRINT]", required=False)
@options.project
@click.option("--from", "since", type=options.Instant(), help="From when it is in force.  [default: now]")
@click.option("--keep", is_flag=True, help="Write aside what the project's definition holds, if that was never adopted.")
@click.option("--alone", is_flag=True, help="Check the definition without looking at the data.")
@click.option("--strict", is_flag=True, help="Let warnings, such as a missing signature, keep it from being adopted.")
def command(what: str | None, folder: Path, since: int | None, keep: bool, alone: bool, strict: bool) -> None:
    """Put a definition in force: the project's, that of FILE, or an earlier one whose fingerprint begins with FINGERPRINT.

    It is copied into definitions/, logged there with its signatures, and becomes the project's definition. Nothing is lost:
    earlier ones stay in force for their time, and going back to one is another entry.
    """
    from leadline.app import adopting

    project = options.open_project(folder)
    file = adopting.chosen(project.config, what)
    candidate = options.open_project(folder, file)
    problems = candidate.check(facts=not alone)
    candidate.progress_done()
    _tell(problems, strict=strict)
    click.echo(_outcome(adopting.adopt(candidate.config, file, since, candidate.now, keep=keep), project.config.file.definition))


def _tell(problems: Sequence[Problem], *, strict: bool) -> None:
    """Show what is wrong with a definition; one that doesn't hold isn't adopted."""
    for problem in problems:
        click.echo(f"{problem.severity}: {problem}", err=True)
    if any(strict or problem.severity is Severity.ERROR for problem in problems):
        click.echo("Not adopted.", err=True)
        sys.exit(FOUND)


def _outcome(adopted: Adopted, definition: str) -> str:
    one, begins = adopted.period.adoption, adopted.period.begins
    since = "the start, as the first that was adopted" if begins is None else clock.write_instant(begins)
    state = "is already adopted" if adopted.again else "is adopted"
    lines = [f"{one.name} ({one.contract[:12]}) {state}: in force from {since}.", f"Kept as {adopted.kept}."]
    if adopted.replaced:
        lines.append(f"{definition} holds it now. What it held before is in {adopted.replaced}.")
    return "\n".join(lines)

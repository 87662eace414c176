"""``leadline discover``: a definition learned from won deals."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click

from leadline import clock
from leadline.faces.cli import options

FORMATS = ("table", "json")
REFUSED = 1


class Duration(click.ParamType[int]):
    """A duration such as ``90d``, as microseconds."""

    name = "duration"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """Return microseconds."""
        if isinstance(value, int):
            return value
        try:
            return clock.parse_duration(str(value))
        except ValueError as error:
            self.fail(f"{value!r} is no duration: {error}", param, ctx)


class Sign(click.ParamType[tuple[str, int]]):
    """``NAME=+`` or ``NAME=-``."""

    name = "sign"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> tuple[str, int]:
        """Return the name and 1 or -1."""
        name, _, sign = str(value).rpartition("=")
        if not name or sign not in {"+", "-"}:
            self.fail(f"{value!r} isn't a name with a sign. Write pricing_page=+ or account.employees=-", param, ctx)
        return name, 1 if sign == "+" else -1


@click.command("discover")
@options.project
@click.option("--months", type=click.IntRange(min=1), default=12, show_default=True, help="Learn from so many months.")
@click.option("--until", type=options.Instant(), help="Look at nothing after this instant.  [default: the end of the facts]")
@click.option("--judge-from", type=options.Instant(), help="Judge by cases from here on.  [default: the latest quarter of the won]")
@click.option("--before", type=Duration(), default="90d", show_default=True, help="How far to look back from the first conversation.")
@click.option("--goal", type=click.Choice(("won", "sql")), default="won", show_default=True, help="What a success is.")
@click.option("--criteria", type=click.IntRange(min=1), default=10, show_default=True, help="Propose at most so many criteria.")
@click.option("--sign", "signs", type=Sign(), multiple=True, metavar="NAME=+|-", help="Let a behaviour only add points, or only cost some.")
@click.option("--include", multiple=True, metavar="NAME", help="Keep what an alarm would leave out; 'undated' for all such attributes.")
@click.option("--cost", type=click.FloatRange(min=0), help="What a handoff costs, in the currency of the deals: it sets the line.")
@click.option("--track", help="The track to replace.  [default: the first that asks for a score]")
@click.option("--seed", type=int, default=7, show_default=True, help="The same seed draws the same people to compare with.")
@click.option("--format", "form", type=click.Choice(FORMATS), default=FORMATS[0], show_default=True, help="How to write the answer.")
@click.option(
    "--out", type=click.Path(file_okay=False, path_type=Path), default="discovered", show_default=True, help="Folder for what is written."
)
def command(
    folder: Path,
    months: int,
    until: int | None,
    judge_from: int | None,
    before: int,
    goal: str,
    criteria: int,
    signs: tuple[tuple[str, int], ...],
    include: tuple[str, ...],
    cost: float | None,
    track: str | None,
    seed: int,
    form: str,
    out: Path,
) -> None:
    """Learn from won deals what comes before them, and propose a definition.

    Compares what people did before sales first spoke with them with what others did at the same times: lost, stalled, never sold to.
    Writes a definition of few criteria, ready for 'leadline plan', and a report with the evidence and what to doubt about it. With too
    little data it proposes nothing, says how much more it would take, and exits with 1.
    """
    from leadline.app.discovering import Goal, Wish

    wish = Wish(Goal(goal), months, until, judge_from, before, criteria, dict(signs), include, cost, track, seed, _asked())
    project = options.open_project(folder)
    found = project.discover(wish)
    written = found.write(out)
    project.progress_done()
    if form == "json":
        click.echo(json.dumps(found.as_dict(), indent=2, ensure_ascii=False))
    else:
        from leadline.faces.cli import discover_table, tables

        tables.write(discover_table.discovered(found.report), None)
    for path in written:
        click.echo(f"Wrote {path}", err=True)
    if found.report.refused:
        click.get_current_context().exit(REFUSED)


def _asked() -> str:
    """Return the command as it was typed, without where things lie on this machine."""
    words = sys.argv[1:] if sys.argv[1:2] == ["discover"] else ["discover"]
    kept: list[str] = []
    for word in words:
        named = kept[-1] in {"--project", "--out"} if kept else False
        kept.append("DIR" if named else word.partition("=")[0] + "=DIR" if word.startswith(("--project=", "--out=")) else word)
    return " ".join(["leadline", *kept])

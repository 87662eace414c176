"""A plan for a terminal: the verdict, what to know before it is believed, and the tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Group
from rich.markdown import Markdown
from rich.table import Table
from rich.text import Text

from leadline import clock
from leadline.app import pages

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.console import RenderableType

    from leadline.app.pages import PlanReport


def planned(report: PlanReport) -> RenderableType:
    """Return the whole plan, the verdict first."""
    return Group(*_parts(report))


def _parts(report: PlanReport) -> Iterator[RenderableType]:
    yield Text(report.verdict.sentence, style="bold")
    begin, end = (clock.write_instant(when)[:10] for when in (report.window.begin_at, report.window.end_at))
    yield Text(f"Entries from {begin} to {end}.\n{report.old.name}: {report.old.title}\nnew: {report.new.title}", style="dim")
    if report.cautions:
        yield Text("\nBefore you believe it", style="bold yellow")
        yield Markdown("\n".join(f"- {caution.says}" for caution in report.cautions))
    for table in pages.plan_tables(report):
        yield Text("")
        yield _drawn(table)
        if table.note:
            yield Text(table.note, style="dim")
    yield Text("\nThe people behind these figures: --format json; a page with charts: --out plan.html", style="dim")


def _drawn(table: pages.Table) -> Table:
    grid = Table(title=table.title, title_justify="left", title_style="bold", header_style="bold", box=None, pad_edge=False)
    for at, name in enumerate(table.columns):
        grid.add_column(name, justify="left" if at < table.left else "right", overflow="fold")
    for row in table.rows:
        grid.add_row(*map(Text, row))
    return grid

"""A review for a terminal: what it comes to, what to know before it is believed, and the tables."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from rich.console import Group
from rich.markdown import Markdown
from rich.table import Table
from rich.text import Text

from leadline.app import reviewing

if TYPE_CHECKING:
    from rich.console import RenderableType

    from leadline.app.reviewing import Grid, ReviewReport


def reviewed(report: ReviewReport) -> RenderableType:
    """Return the whole review, what it comes to first."""
    return Group(*_parts(report))


def _parts(report: ReviewReport) -> Iterator[RenderableType]:
    yield Text(report.headline, style="bold")
    titles = ", ".join(f"{one.title} ({one.fingerprint[:12]})" for one in report.definitions)
    yield Text(f"{report.period.name} beside {report.before.name}, by {titles}", style="dim")
    if report.cautions:
        yield Text("\nBefore you believe it", style="bold yellow")
        yield Markdown("\n".join(f"- {caution.says}" for caution in report.cautions))
    for grid in reviewing.grids(report):
        yield Text("")
        yield _drawn(grid)
        if grid.note:
            yield Text(grid.note, style="dim")
    yield Text("\nEverything: --format json; a page with charts: --out review.html", style="dim")


def _drawn(grid: Grid) -> Table:
    table = Table(title=grid.title, title_justify="left", title_style="bold", header_style="bold", box=None, pad_edge=False)
    for at, name in enumerate(grid.columns):
        table.add_column(name, justify="left" if at < grid.left else "right", overflow="fold")
    for row in grid.rows:
        table.add_row(*map(Text, row))
    return table

"""Any report for a terminal: what it comes to, what to know before it is believed, and its tables, drawn alike."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from rich.console import Group
from rich.markdown import Markdown
from rich.table import Table
from rich.text import Text

if TYPE_CHECKING:
    from rich.console import RenderableType

    from leadline.app import pages


def told(headline: str, about: str, cautions: Iterable[str], tables: Iterable[pages.Table], hint: str) -> RenderableType:
    """Return a report.

    Args:
        headline: What it comes to.
        about: What it is about, on one or more lines.
        cautions: What to know before it is believed, in Markdown.
        tables: Its tables, the most important first.
        hint: Where there is more.
    """
    return Group(*_parts(headline, about, [*cautions], tables, hint))


def grid(table: pages.Table) -> Table:
    """Return a table as rich draws it."""
    drawn = Table(title=table.title, title_justify="left", title_style="bold", header_style="bold", box=None, pad_edge=False)
    for at, name in enumerate(table.columns):
        drawn.add_column(name, justify="left" if at < table.left else "right", overflow="fold")
    for row in table.rows:
        drawn.add_row(*map(Text, row))
    return drawn


def _parts(headline: str, about: str, cautions: list[str], tables: Iterable[pages.Table], hint: str) -> Iterator[RenderableType]:
    yield Text(headline, style="bold")
    yield Text(about, style="dim")
    if cautions:
        yield Text("\nBefore you believe it", style="bold yellow")
        yield Markdown("\n".join(f"- {says}" for says in cautions))
    for table in tables:
        yield Text("")
        yield grid(table)
        if table.note:
            yield Text(table.note, style="dim")
    yield Text(f"\n{hint}", style="dim")

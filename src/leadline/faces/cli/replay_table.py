"""A replay as tables: what came of each track, entries by month, and the latest spells."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from rich.console import Group
from rich.table import Table
from rich.text import Text

from leadline import clock
from leadline.faces.cli import tables

if TYPE_CHECKING:
    from rich.console import RenderableType

    from leadline.app.replayed import Replayed

BAR = 40
"""Characters of the longest bar."""


def replayed(found: Replayed, latest: Sequence[Mapping[str, Any]], names: Mapping[str, str]) -> RenderableType:
    """Return the tables, with a line that says what was replayed."""
    begin = "the first fact" if found.since is None else clock.write_instant(found.since)
    head = Text(f"{found.title}, from {begin} to {clock.write_instant(found.until)}", style="italic")
    foot = Text(f"Definition {found.fingerprint[:12]}. All spells, with the points of every criterion: --format json, csv or parquet.")
    parts = [part for part in (_tallies(found), _months(found), _latest(latest, names)) if part is not None]
    return Group(head, *(line for part in parts for line in (part, Text(""))), foot)


def _grid(*columns: str, left: int = 1) -> Table:
    table = Table(header_style="bold", box=None)
    for at, name in enumerate(columns):
        table.add_column(name, justify="left" if at < left else "right", overflow="fold")
    return table


def _tallies(found: Replayed) -> Table:
    table = _grid("track", "people", "entries", "of them again", "exits", "inside at the end")
    for name, tally in found.tallies().items():
        table.add_row(name, *(f"{count:,}" for count in (tally.people, tally.entries, tally.reentries, tally.exits, tally.inside)))
    return table


def _months(found: Replayed) -> Table | None:
    months = found.months()
    if not months:
        return None
    several = len(found.tracks) > 1
    table = _grid("month", *found.tracks, *(["entries"] if several else []))
    table.add_column("", justify="left", no_wrap=True)
    totals = [sum(counts.values()) for _, counts in months]
    for (month, counts), total in zip(months, totals, strict=True):
        cells = [f"{counts[name]:,}" for name in found.tracks] + ([f"{total:,}"] if several else [])
        table.add_row(month, *cells, Text("█" * round(BAR * total / max(totals)), style="cyan"))
    return table


def _latest(rows: Sequence[Mapping[str, Any]], names: Mapping[str, str]) -> Table | None:
    if not rows:
        return None
    named = any(names.values())
    table = _grid("entered", "left", "person", *(["who"] if named else []), "track", "score", "because", left=5 if named else 4)
    table.columns[-1].justify = "left"
    for row in rows:
        who = [names.get(row["person_id"], "")] if named else []
        again = " (again)" if row["reentry"] else ""
        because = row["cause"] if row["left_at"] is None else f"{row['cause']}; left: {row['left_cause']}"
        cells = (_second(row["entered_at"]), _second(row["left_at"]), row["person_id"], *who, row["track"] + again)
        table.add_row(*cells, tables.points(row["score"]), because)
    return table


def _second(micros: int | None) -> str:
    return "" if micros is None else clock.write_instant(micros - micros % clock.SECOND)

"""Answers as tables for people, drawn by rich."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.console import Console, Group
from rich.table import Table
from rich.text import Text

from leadline import clock
from leadline.app.answers import Answer, Evidence, Line, Receipt, Scored
from leadline.engine.model import MICRO

if TYPE_CHECKING:
    from rich.console import RenderableType


REASONS = 3
EVIDENCE = 5
WIDTH = 120


def write(what: RenderableType, out: Path | None = None) -> None:
    """Print to the terminal, or write plain text to a file."""
    if out is None:
        console().print(what)
        return
    with out.open("w", encoding="utf-8") as file:
        Console(file=file, width=WIDTH).print(what)


def console() -> Console:
    """Return a console for the terminal; a pipe gets the width that a file would."""
    found = Console()
    return found if found.is_terminal else Console(width=WIDTH)


def points(value: float | None) -> str:
    """Return points as people write them: no trailing zeros, at most six places."""
    return "" if value is None else f"{value:.6f}".rstrip("0").rstrip(".") if value % 1 else f"{value:.0f}"


def signed(value: float) -> str:
    """Return points with their sign."""
    return f"{'+' if value > 0 else '−' if value < 0 else ''}{points(abs(value))}"


def scored(
    found: Scored, rows: Sequence[Mapping[str, Any]], names: Mapping[str, str], track: str | None, everybody: bool
) -> RenderableType:
    """Return the ranked list, with the reasons that weigh most, and a line that counts."""
    table = Table(
        title=f"{found.layout.title} as of {clock.write_instant(found.as_of)}", title_justify="left", header_style="bold", box=None
    )
    optional = {"who": any(names.values()), "grade": any(row["grade"] for row in rows)}
    for name in ("#", "person", "who", "score", "grade", "tracks", "why"):
        if not optional.get(name, True):
            continue
        table.add_column(name, justify="right" if name in ("#", "score") else "left", overflow="fold")
    for rank, row in enumerate(rows, 1):
        cells = {"who": names.get(row["person_id"], ""), "grade": row["grade"] or ""}
        who, grade = ([cells[name]] if shown else [] for name, shown in optional.items())
        table.add_row(str(rank), row["person_id"], *who, points(row["score"]), *grade, _standing(row), _why(found, row))
    total, qualified, by_track = found.counts()
    tracks = ", ".join(f"{name} {count:,}" for name, count in by_track.items())
    shown = f"{len(rows):,} of {by_track[track] if track else total if everybody else qualified:,} shown. "
    text = f"{shown}{total:,} people scored, {qualified:,} qualify ({tracks}). Definition {found.layout.fingerprint[:12]}."
    return Group(table, Text(text))


def _standing(row: Mapping[str, Any]) -> str:
    out = {"disqualified": row["disqualified"], "suspended": row["suspended"]}
    return " ".join(row["tracks"]) or next((f"{how}: {reason}" for how, reason in out.items() if reason), "")


def _why(found: Scored, row: Mapping[str, Any]) -> str:
    reasons = sorted(((abs(row[name]), name) for name in found.layout.criteria if row[name]), reverse=True)
    return ", ".join(f"{name} {signed(row[name])}" for _, name in reasons[:REASONS])


def receipt(found: Receipt, who: str, *, full: bool) -> RenderableType:
    """Return the receipt of one person: a line a criterion with what is behind it, and the rules."""
    head = Text(f"{found.person_id}", style="bold")
    head.append(f"  {who}" if who else "", style="")
    head.append(f"\nas of {clock.write_instant(found.as_of)}, by definition {found.fingerprint[:12]}", style="dim")
    table = Table(header_style="bold", box=None, pad_edge=False)
    for name in ("group", "criterion", "points", "because"):
        table.add_column(name, justify="right" if name == "points" else "left", overflow="fold")
    group = ""
    for line in found.lines:
        if line.points or full:
            aside = "" if line.in_score else " (not in the score)"
            first = line.group + aside if line.group != group else ""
            table.add_row(first, line.name, signed(line.points / MICRO), _because(line, full=full))
            group = line.group
    table.add_section()
    table.add_row("score", "", Text(points(found.score / MICRO), style="bold"), found.grade or "")
    rules = Table(header_style="bold", box=None, pad_edge=False)
    for name in ("rule", "holds", "condition", "seen"):
        rules.add_column(name, overflow="fold")
    for rule in found.judgements:
        rules.add_row(rule.rule, _answer(rule.answer), rule.text, _seen(rule.values))
    verdict = _verdict(found)
    hint = "" if full else "\nLines without points are left out; --full shows them and every activity."
    return Group(head, Text(""), table, Text(""), rules, Text(""), Text(verdict), Text(hint, style="dim"))


def _verdict(found: Receipt) -> str:
    if found.disqualified:
        return f"Disqualified: {found.disqualified}."
    if found.suspended:
        return f"Suspended: {found.suspended}."
    return f"Qualifies for: {', '.join(found.tracks)}." if found.tracks else "Qualifies for no track."


def _answer(answer: Answer) -> Text:
    return Text(answer, style={"yes": "green", "no": "dim", "unknown": "yellow"}[answer])


def _because(line: Line, *, full: bool) -> RenderableType:
    if line.answer is not None:
        note = "unknown: " if line.answer is Answer.UNKNOWN else ""
        return note + _seen(line.values or {})
    if not line.evidence:
        return "held by the definition" if line.name in ("scale", "floor", "cap") else ""
    shown = line.evidence if full else line.evidence[-EVIDENCE:]
    rows = [_activity(evidence) for evidence in reversed(shown)]
    more = len(line.evidence) - len(shown)
    amount = "" if line.amount is None else f"amount {points(line.amount)}: "
    return amount + "\n".join(rows) + (f"\n… and {more:,} more" if more else "")


def _activity(evidence: Evidence) -> str:
    share = "" if evidence.share is None or evidence.share == 1 else f" ×{points(round(evidence.share, 4))}"
    by = f" by {evidence.by}" if evidence.by else ""
    facts = ", ".join(f"{name} {_short(value)}" for name, value in list(evidence.properties.items())[:2])
    when = clock.write_instant(evidence.occurred - evidence.occurred % clock.SECOND)
    return f"{when} {evidence.type}{f' ({facts})' if facts else ''}{by}{share}"


def _seen(values: Mapping[str, object]) -> str:
    return ", ".join(f"{name} {'?' if value is None else _short(value)}" for name, value in values.items())


def _short(value: object) -> str:
    return points(value) if isinstance(value, float) else str(value)

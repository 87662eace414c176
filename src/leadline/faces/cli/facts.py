"""The report on the facts, as tables."""

from __future__ import annotations

from rich.console import Group
from rich.table import Table
from rich.text import Text

from leadline import clock
from leadline.app.answers import FactsReport, RelationReport
from leadline.faces.cli import tables

COLUMNS = 40


def write(report: FactsReport) -> None:
    """Print what was read: a table of relations, one of columns, and what did not fit."""
    tables.console().print(Group(_relations(report), Text(""), _columns(report), Text(""), *_notes(report), Text("")))


def _table(*columns: str, right: tuple[str, ...] = ()) -> Table:
    table = Table(header_style="bold", box=None, pad_edge=False)
    for name in columns:
        table.add_column(name, justify="right" if name in right else "left", overflow="fold")
    return table


def _relations(report: FactsReport) -> Table:
    counted = ("rows read", "kept", "duplicates", "quarantined")
    table = _table("relation", *counted, "from", "to", "sources", right=counted)
    for name, found in report.relations.items():
        counts = (found.read, found.kept, found.duplicates, found.quarantined)
        sources = ", ".join(source.label + (f" ({source.files} files)" if source.files > 1 else "") for source in found.sources)
        table.add_row(name, *(f"{count:,}" for count in counts), _day(found.first), _day(found.last), sources)
    return table


def _day(micros: int | None) -> str:
    return "" if micros is None else clock.write_instant(micros)[:10]


def _columns(report: FactsReport) -> Table:
    table = _table("relation", "columns (type, share of nulls; * undated)")
    for name, found in report.relations.items():
        table.add_row(name, _column_text(found))
    return table


def _column_text(found: RelationReport) -> str:
    shown = [f"{column.name} {column.type}{'*' if column.undated else ''} {column.nulls:.0%}" for column in found.columns[:COLUMNS]]
    more = len(found.columns) - len(shown)
    return ", ".join(shown) + (f", and {more} more" if more else "")


def _notes(report: FactsReport) -> list[Text]:
    counted = {
        "people": report.people,
        "accounts": report.accounts,
        "people matched to an account by e-mail domain": report.matched_by_domain,
        "activities by machines (they don't count unless a signal says so)": report.machine_activities,
        "activities of people who aren't among the people (not scored)": report.unmatched_activities,
        "deals of unknown people or accounts": report.unmatched_deals,
    }
    notes: list[Text] = [Text(f"{count:>9,}  {what}") for what, count in counted.items()]
    if report.cut_properties:
        notes.append(Text(f"Properties left out, since there are too many: {', '.join(report.cut_properties)}."))
    return notes + [Text(f"warning: {warning}", style="yellow") for warning in report.warnings]

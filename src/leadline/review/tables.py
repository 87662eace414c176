"""A plan as tables of text, written once for the terminal and for the page.

What belongs here: which figures stand in a table, and how they read. What doesn't: drawing a table.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from leadline.review import findings, phrases
from leadline.review.model import Breakdown, Cell, Effect, Figure, PlanReport, Results, Side, Slice, Stage, Sweep, WonDeal

Row = tuple[str, ...]
_MOST = 8
"""Changes that a terminal shows."""
_PEOPLE = 1000
"""People of a part of the overlap that a page shows."""


@dataclass(frozen=True)
class Table:
    """Rows of text under a title.

    Attributes:
        title: What it shows.
        columns: Names of columns.
        rows: Cells, as many as columns.
        left: How many columns, from the left, hold words; the others hold figures.
        note: How to read it.
    """

    title: str
    columns: Row
    rows: tuple[Row, ...]
    left: int = 1
    note: str = ""


def in_short(report: PlanReport) -> tuple[Table, ...]:
    """Return the tables that a terminal shows, the most important first."""
    found = [summary(report), tracks(report), workload(report), overlap(report), effects(report, _MOST), sweep(report)]
    return tuple(table for table in found if table.rows)


def in_full(report: PlanReport) -> tuple[Table, ...]:
    """Return all tables, those of people and deals last."""
    found = [summary(report), conversion(report), tracks(report), workload(report), overlap(report), effects(report), sweep(report)]
    found += [breakdown(report, each) for each in report.breakdowns]
    found += [entrants(report, cell) for cell in report.cells]
    found += [deals(report, side) for side in (report.new, report.old)]
    return tuple(table for table in found if table.rows)


def summary(report: PlanReport) -> Table:
    """Return both sides, figure by figure."""
    rows: list[Row] = []

    def add(label: str, write: Callable[[Side], str], difference: str = "") -> None:
        rows.append((label, write(report.old), write(report.new), difference))

    totals = report.old.total, report.new.total
    add("entries a week", lambda side: phrases.level(side.total.per_week), phrases.signed(report.verdict.per_week.value or 0.0))
    add("entries", lambda side: phrases.count(side.total.entries), phrases.signed(totals[1].entries - totals[0].entries))
    add("people", lambda side: phrases.count(side.total.people), phrases.signed(totals[1].people - totals[0].people))
    add("of people who entered before", lambda side: phrases.count(side.total.reentries))
    add("beside an open deal", lambda side: phrases.count(side.total.beside))
    add("worked by sales", lambda side: phrases.count(side.total.worked))
    for stage, label in findings.STAGES.items():
        add(f"{label}, of those worked", lambda side, stage=stage: phrases.rate(side.total.stage(stage).rate))
    add("won deals caught", lambda side: f"{len(side.caught)} of {len(side.caught) + len(side.missed)}")
    money = report.verdict.revenue.value
    add(
        "won revenue caught", lambda side: phrases.amount(side.total.revenue, report.currency), phrases.signed_money(money, report.currency)
    )
    add("days to first conversation", lambda side: phrases.level(side.total.lead_time.median))
    note = (
        "In brackets: 95 % intervals. Rates are of entries that sales worked and that are old enough to judge. Won deals were created in "
        "this time; the entry that caught one may have begun before it."
    )
    return Table("Side by side", ("", report.old.name, report.new.name, "difference"), tuple(rows), note=note)


def conversion(report: PlanReport) -> Table:
    """Return what came of entries, with what is known of those never worked and those still young."""
    rows = [
        (findings.STAGES[found.stage], side.name, phrases.count(found.reached), phrases.rate(found.rate), phrases.rate(found.estimate),
         _between(found.least, found.most), phrases.count(found.young), phrases.size(found.usual_days))
        for stage in Stage for side in (report.old, report.new) for found in [side.total.stage(stage)]
    ]  # fmt: skip
    columns = ("stage", "side", "reached", "of those worked", "young ones included", "whatever the unworked did", "young", "usual days")
    note = (
        "Sales never worked some entries, so nobody knows what would have come of them: the share of all entries lies between "
        "what it is if none of them, and if all of them, had come this far. Young entries are not called lost; where they are "
        "included, they count for as long as they were seen (Kaplan–Meier). Usual days: nine in ten of those who get there do so "
        "within them."
    )
    return Table(findings.conversion(report), columns, tuple(rows), left=2, note=note)


def tracks(report: PlanReport) -> Table:
    """Return the tracks of both sides."""
    names = dict.fromkeys(found.name for side in (report.old, report.new) for found in side.tracks)
    held = [{found.name: found for found in side.tracks} for side in (report.old, report.new)]

    def pair(name: str, write: Callable[[Results], str]) -> Row:
        return tuple(write(side[name]) if name in side else phrases.NONE for side in held)

    writers: tuple[Callable[[Results], str], ...] = (
        lambda found: phrases.number(found.per_week.value),
        lambda found: phrases.rate(found.stage(Stage.SQL).rate),
        lambda found: phrases.count(found.won),
        lambda found: phrases.money(found.revenue.value, report.currency),
    )
    rows = [(name, *(cell for write in writers for cell in pair(name, write))) for name in names]
    labels = ("a week", "SQL", "won", "revenue")
    columns = ("track", *(f"{label}, {side.name}" for label in labels for side in (report.old, report.new)))
    return Table("By track", columns, tuple(rows), note="A person in two tracks counts in both.")


def workload(report: PlanReport) -> Table:
    """Return what each team gets against what it can take."""
    rows = [
        (load.team or "all", side.name, ", ".join(load.tracks),
         phrases.number(load.entries_per_week), phrases.size(load.capacity_per_week),
         f"{load.weeks_over} of {len(load.weeks)}" if load.capacity else phrases.NONE)
        for side in (report.old, report.new) for load in side.loads
    ]  # fmt: skip
    columns = ("team", "side", "tracks", "entries a week", "capacity a week", "weeks with too much")
    return Table("Workload", columns, tuple(sorted(rows, key=lambda row: row[0])), left=3)


def overlap(report: PlanReport) -> Table:
    """Return how many people both sides take, and what came of them."""
    rows = [
        (findings.part(report, found.name), phrases.count(found.people),
         phrases.count(found.already) if found.name != "both" else "",
         phrases.rate(sql) if (sql := _sql(found)) else phrases.NONE, phrases.count(found.won),
         phrases.amount(found.revenue, report.currency),
         _earlier(found.earlier_days))
        for found in report.cells
    ]  # fmt: skip
    columns = ("taken by", "people", "inside the other already", "SQL, of those worked", "won", "revenue", "new takes them")
    return Table(findings.overlap(report), columns, tuple(rows))


def entrants(report: PlanReport, found: Cell) -> Table:
    """Return the people of a cell of the overlap."""
    rows = [
        (who.person_id, who.account_id or phrases.NONE, phrases.day(who.old_entered_at), phrases.day(who.new_entered_at),
         phrases.count(who.won), phrases.money(who.revenue, report.currency) if who.won else "")
        for who in found.entrants[:_PEOPLE]
    ]  # fmt: skip
    columns = ("person", "account", f"entered, {report.old.name}", "entered, new", "won", "revenue")
    left = len(found.entrants) - len(rows)
    note = f"The first of them: {phrases.count(left)} more stand in the JSON form of this plan." if left > 0 else ""
    return Table(f"{phrases.count(found.people)} {findings.cell(report, found.name)}", columns, tuple(rows), left=2, note=note)


def deals(report: PlanReport, side: Side) -> Table:
    """Return the won deals that a side misses, the largest first."""
    missed = sorted(side.missed, key=lambda deal: -(deal.amount or 0.0))
    title = f"{phrases.count(len(missed))} won deals that {findings.name(side)} misses"
    columns = ("deal", "account", "person", "why", "created", "amount")
    return Table(title, columns, tuple(_deal(report, deal) for deal in missed), left=4)


def effects(report: PlanReport, most: int | None = None) -> Table:
    """Return what each change does alone, the largest (or as many as asked) first, and all of them together."""
    if report.effects is None:
        return Table("What each change does", (), ())

    def row(words: str, effect: Effect) -> Row:
        return (
            words, phrases.signed(effect.entries), phrases.signed(effect.per_week), phrases.count(effect.gained),
            phrases.count(effect.lost),
            phrases.signed(effect.won), phrases.signed_money(effect.revenue.value, report.currency),
        )  # fmt: skip

    found = report.effects
    rows = [row(phrases.plain(effect.words), effect) for effect in found.alone[:most]]
    if (left := len(found.alone) - len(rows)) > 0:
        rows.append((f"… and {left} more", *[""] * 6))
    if rows:
        rest = ("what they do only in company", phrases.signed(found.remainder), "", "", "", phrases.signed(found.remainder_won), "")
        rows += [rest, row("all together", found.together)]
    rows += [(f"{phrases.plain(skipped.words)} (not alone: {skipped.why})", *[""] * 6) for skipped in found.skipped]
    columns = ("change, alone on top of the old definition", "entries", "a week", "people in", "people out", "won", "revenue")
    return Table(findings.effects(found), columns, tuple(rows))


def sweep(report: PlanReport) -> Table:
    """Return what each line would do."""
    found = report.sweep
    if found is None:
        return Table("Sweep of the line", (), ())
    rows = [
        (phrases.line(step.line), _mark(found, step.line), phrases.level(step.per_week), phrases.rate(step.sql),
         phrases.rate(step.won_rate),
         phrases.count(step.won), phrases.amount(step.revenue, report.currency))
        for step in found.steps
    ]  # fmt: skip
    columns = (f"{phrases.words(found.of)} ≥", "", "entries a week", "SQL", "won, of those worked", "won deals", "revenue")
    note = (
        f"The new definition with another line of {found.track}; entries are those of all its tracks. They needn't fall as the line rises: "
        "a higher line can split one spell in two."
    )
    return Table(findings.sweep(found), columns, tuple(rows), left=2, note=note)


def breakdown(report: PlanReport, found: Breakdown) -> Table:
    """Return both sides' entries by an attribute at entry."""

    def half(part: Slice) -> Row:
        return (
            phrases.count(part.entries),
            phrases.rate(part.sql),
            phrases.count(part.won),
            phrases.money(part.revenue.value, report.currency),
        )

    rows = [(row.label, *half(row.old), *half(row.new)) for row in found.rows]
    labels = ("entries", "SQL", "won", "revenue")
    columns = (phrases.words(found.by), *(f"{label}, {side.name}" for side in (report.old, report.new) for label in labels))
    note = "This attribute has no history: its values may have been filled in later." if found.undated else ""
    return Table(findings.breakdown(found), columns, tuple(rows), note=note)


def _sql(found: Cell) -> Figure | None:
    return next((item.rate for item in found.conversion if item.stage is Stage.SQL), None)


def _deal(report: PlanReport, deal: WonDeal) -> Row:
    amount = phrases.money(deal.amount, deal.currency or report.currency)
    return deal.deal_id, deal.account_id or phrases.NONE, deal.person_id or phrases.NONE, deal.why, phrases.day(deal.created_at), amount


def _between(least: float | None, most: float | None) -> str:
    if least is None or most is None:
        return phrases.NONE
    return f"{phrases.percent(least)} to {phrases.percent(most)}"


def _earlier(days: float | None) -> str:
    if days is None:
        return ""
    if abs(days) < 0.05:
        return "at the same time"
    return f"{phrases.number(abs(days))} days {'earlier' if days > 0 else 'later'}"


def _mark(found: Sweep, line: float) -> str:
    room = found.capacity_line if found.capacity_line != found.steps[0].line else None  # else the team can keep up at every line
    marks = {"current": found.current, "proposed": found.proposed, "keeps up": room, "as many as before": found.equal_line}
    return ", ".join(label for label, at in marks.items() if at == line)

"""What each picture of a plan shows, in one sentence: the titles of charts and tables."""

from __future__ import annotations

from leadline.review import phrases
from leadline.review.model import Breakdown, BreakdownRow, Effects, Figure, Load, PlanReport, Side, Stage, Sweep

NAMES = {"old": "the old definition", "new": "the new definition", "recorded": "what the CRM recorded"}
STAGES = {Stage.ACCEPTED: "accepted", Stage.SQL: "SQL", Stage.OPPORTUNITY: "opportunity", Stage.WON: "won"}
CELLS = {"both": "by both", "only_old": "only by {old}", "only_new": "only by the new definition"}
ALIKE = 0.05
"""Volumes closer than this share are called alike."""


def name(side: Side) -> str:
    """Return what a side is called in a sentence."""
    return NAMES.get(side.name, side.name)


def cell(report: PlanReport, of: str) -> str:
    """Return what a cell of the overlap is called."""
    return CELLS[of].format(old=name(report.old))


def part(report: PlanReport, of: str) -> str:
    """Return the same as short as a label."""
    return {"both": "both", "only_old": f"only {report.old.name}", "only_new": "only new"}[of]


def entries(report: PlanReport) -> str:
    """Say how the volume differs."""
    old, new = report.old.total.per_week.value or 0.0, report.new.total.per_week.value or 0.0
    if not old or not new:
        return f"{phrases.number(new)} entries a week by the new definition, {phrases.number(old)} by {_short(report.old)}"
    if abs(new / old - 1) < ALIKE:
        return f"About as many entries as before: {phrases.number(new)} a week, {phrases.number(old)} by {_short(report.old)}"
    share = f"{phrases.percent(abs(new / old - 1))} {'fewer' if new < old else 'more'}"
    much = share if new / old < 2 else f"{new / old:.1f} times as many"
    return f"{phrases.number(new)} entries a week instead of {phrases.number(old)}: {much}"


def conversion(report: PlanReport) -> str:
    """Say which side's entries become SQLs more often, if that can be said."""
    old, new = report.old.total.stage(Stage.SQL).rate, report.new.total.stage(Stage.SQL).rate
    if new.value is None or old.value is None:
        return "Too few entries were worked long enough ago to compare how often they become SQLs"
    both = f"{phrases.percent(new.value)} of entries worked become SQLs, {phrases.percent(old.value)} by {_short(report.old)}"
    return f"{both}{'; the intervals overlap' if _overlap(old, new) else ''}"


def priced(report: PlanReport) -> bool:
    """Return whether any won deal tells its amount."""
    return any(deal.amount is not None for deal in (*report.new.caught, *report.new.missed))


def revenue(report: PlanReport) -> str:
    """Say what is caught of what was won."""
    deals = len(report.new.caught) + len(report.new.missed)
    if not deals:
        return "No deal of this time was won"
    if not priced(report):
        return f"The new definition catches {len(report.new.caught)}, {_short(report.old)} {len(report.old.caught)}, of {deals} won deals"
    old, new = (phrases.about(side.total.revenue.value or 0.0, report.currency) for side in (report.old, report.new))
    counts = f"{len(report.new.caught)} and {len(report.old.caught)} of {phrases.count(deals)} deals"
    return f"The new definition catches {new}, {_short(report.old)} {old}: {counts}"


def workload(team: str, old: Load | None, new: Load | None) -> str:
    """Say how often a team has more than it can take."""
    who = team or "everybody who works leads"
    if new is None or not new.capacity:
        return f"{who}: no capacity is stated"
    most = f"{who} can take {phrases.size(new.capacity_per_week)} a week"
    before = old.weeks_over if old is not None and old.capacity else None
    if not new.weeks_over and not before:
        return f"{most}, and never gets more"
    told = "" if before is None else f", in {before} by the old one"
    return f"{most}: more come in {new.weeks_over} of {len(new.weeks)} weeks by the new definition{told}"


def overlap(report: PlanReport) -> str:
    """Say how many people both sides take, and how many one only."""
    counts = [f"{phrases.count(found.people)} {cell(report, found.name)}" for found in report.cells]
    return f"People who enter: {', '.join(counts)}"


def curves(report: PlanReport, stage: Stage) -> str:
    """Say how many had reached a stage by the last day that both sides were watched."""
    name = f"{STAGES[stage][0].upper()}{STAGES[stage][1:]}"
    points = [curve.points for side in (report.new, report.old) for curve in side.total.curves if curve.stage is stage]
    if len(points) < 2 or not all(points):
        return name
    days = min(curve[-1].days for curve in points)
    new, old = (phrases.percent([point.share for point in curve if point.days <= days][-1]) for curve in points)
    return f"{name} within {phrases.count(round(days))} days of entry: {new}, {old} by {_short(report.old)}"


def usual(report: PlanReport, stage: Stage) -> str:
    """Say how old an entry has to be before it is called one that didn't get there."""
    days = report.new.total.stage(stage).usual_days
    if days is None:
        return ""
    return f"Old enough to judge is an entry after {phrases.size(days)} days, within which nine in ten usually get there."


def sweep(found: Sweep) -> str:
    """Say what the proposed line does, and where the team can keep up."""
    step = found.at(found.proposed)
    says = f"The line of {found.track} at {phrases.line(found.proposed)}"
    if step is not None:
        says += f": {phrases.number(step.per_week.value)} entries a week in all"
    return f"{says}; {_keeps_up(found)}" if found.capacity_per_week is not None else says


def frontier(found: Sweep, what: str) -> str:
    """Say what a higher line does to volume and to something else, told in words."""
    first, last = found.steps[0], found.steps[-1]
    volume = f"{phrases.number(first.per_week.value)} to {phrases.number(last.per_week.value)} entries a week"
    return f"From a line of {phrases.line(first.line)} to {phrases.line(last.line)}: {volume}, {what}"


def effects(found: Effects) -> str:
    """Say which change alone moves the most."""
    if not found.alone:
        return "No change can be tried alone"
    first = found.alone[0]
    return f"All changes together: {phrases.signed(found.together.entries)} entries; the largest alone: {phrases.signed(first.entries)}"


def money(report: PlanReport, found: Effects) -> str:
    """Say what the changes do to the revenue caught."""
    value = found.together.revenue.value
    return f"Won revenue caught, all together: {phrases.signed_money(value, report.currency)}"


def breakdown(found: Breakdown) -> str:
    """Say where the entries change most."""
    if not found.rows:
        return f"By {phrases.words(found.by)}"

    def moved(row: BreakdownRow) -> int:
        return abs(row.new.entries - row.old.entries)

    row = max(found.rows, key=moved)
    path = f"from {phrases.count(row.old.entries)} to {phrases.count(row.new.entries)} entries"
    return f"By {phrases.words(found.by)}: {row.label} moves most, {path}"


def _keeps_up(found: Sweep) -> str:
    who = found.team or "the team"
    if all(step.load_per_week <= (found.capacity_per_week or 0.0) for step in found.steps):
        return f"{who} can keep up at every line"
    return f"{who} can keep up {'at none' if found.capacity_line is None else f'from {phrases.line(found.capacity_line)}'}"


def _short(side: Side) -> str:
    return {"old": "the old one", "recorded": "what the CRM recorded"}.get(side.name, side.name)


def _overlap(first: Figure, second: Figure) -> bool:
    if None in (first.low, first.high, second.low, second.high):
        return True
    return max(first.low or 0.0, second.low or 0.0) <= min(first.high or 0.0, second.high or 0.0)

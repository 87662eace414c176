"""What a review comes to, in a sentence or two: volume, the audit score, revenue, and what is narrow. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from leadline.review import phrases
from leadline.review.model import Figure
from leadline.review.period.model import Kind, Met, ReviewReport

STAGES = {"accepted": "accepted", "sql": "SQL", "opportunity": "opportunity", "won": "won", "entry": "MQL"}


def sentence(report: ReviewReport) -> str:
    """Return the headline; only what parts from before beyond its interval is called more or less."""
    return " ".join(_sentences(report))


def _sentences(report: ReviewReport) -> Iterator[str]:
    yield f"{_volume(report)}; {_audit(report)}."
    if report.period.kind is not Kind.WEEK:
        yield _money(report)
    step = report.bottleneck.step
    if step:
        how = f"{phrases.percent(step.now.value)} instead of {phrases.percent(step.past.value)}"
        yield f"The step from {STAGES[step.start]} to {STAGES[step.stage]} has become narrow: {how}."
    missed = [target.name for target in report.targets if target.met is Met.NO]
    if missed:
        yield f"Targets missed: {', '.join(map(phrases.words, missed))}."
    if report.period.kind is Kind.WEEK and report.due:
        yield f"Overdue in the agreement: {len(report.due)}."


def _volume(report: ReviewReport) -> str:
    now, before = report.funnel.now, report.funnel.before
    entries = f"{phrases.count(now.entries)} MQLs in {report.period.name}"
    if before is None:
        return entries
    changed = apart(report.funnel.per_week, report.funnel.per_week_before)
    if not changed:
        return f"{entries}, about as many as in {before.period.name} ({phrases.count(before.entries)})"
    return f"{entries}, {'more' if changed > 0 else 'fewer'} than in {before.period.name} ({phrases.count(before.entries)})"


def _audit(report: ReviewReport) -> str:
    audit = report.audit
    if audit.now.value is None:
        return "none is old enough to say what share becomes an SQL"
    place = ""
    if audit.low is not None and audit.high is not None:
        low, high = phrases.percent(audit.low), phrases.percent(audit.high)
        side = "below" if audit.now.value < audit.low else "above" if audit.now.value > audit.high else "within"
        place = f", {side} your usual {low} to {high}"
    return f"{phrases.percent(audit.now.value)} of those worked become SQLs{place}"


def _money(report: ReviewReport) -> str:
    money = report.money
    if not money.all_deals:
        return f"Nothing was won in {report.period.name}."
    if not money.revenue.n:
        return f"{money.deals or 'None'} of {money.all_deals} deals won came from MQLs."
    won = phrases.about(money.revenue.value, report.currency)
    return f"MQLs brought {won} in {money.deals} of {money.all_deals} deals won."


def apart(now: Figure, before: Figure) -> int:
    """Return 1 or -1 if two figures differ beyond their intervals, which don't overlap then; else 0."""
    if now.low is None or now.high is None or before.low is None or before.high is None:
        return 0
    return 1 if now.low > before.high else -1 if now.high < before.low else 0

"""What to do next: at most seven actions, each with the figure behind it, those that bring the most first.

Pure. Every rule is a function from a report to an action, or to none where nothing stands out beyond chance. What an action brings is
told as far as the report's own figures tell it; what working a lead costs is the one thing assumed.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from leadline.outcomes.model import Stage
from leadline.review import phrases
from leadline.review.period.completeness import NO_FORM
from leadline.review.period.model import Kind, ReviewReport
from leadline.review.period.parts import Action, Cause, Consistency, Drift, Gaps, RepFigures, Standing, Trend

MOST = 7
HOURS_A_LEAD = 0.5
"""What it takes to work a lead that comes to nothing: a look at it and two attempts. Assumed, and said so wherever it is used."""
SHARE = 0.1
"""The share of rejections from which it matters that their reasons aren't agreed on, or are missing."""
IN_TIME = 0.8
"""The share of leads touched in time below which response is worth an action."""
MISSING = 0.2
"""The share of new leads whose fit can't be judged, or of deals without behaviour, from which it is worth one."""
LEADS = 20
"""New leads of a form or source, below which it isn't worth one."""
_MONTHS = {Kind.WEEK: 12 / 52, Kind.MONTH: 1.0, Kind.QUARTER: 3.0}
_A_YEAR = {Kind.MONTH: 12, Kind.QUARTER: 4}


def recommended(report: ReviewReport) -> tuple[Action, ...]:
    """Return what to do, from a report without actions; nothing if nothing stands out."""
    found = [action for rule in RULES for action in [rule(report)] if action]
    worth = _revenue_per_sql(report)
    valued = [replace(one, revenue=one.sqls * worth) if one.revenue is None and one.sqls and worth else one for one in found]
    return tuple(sorted(valued, key=_rank)[:MOST])


def _rank(action: Action) -> tuple[float, float, float]:
    """Return by what actions are ordered: revenue, then SQLs, then hours; of equals the rule that stands first."""
    return -(action.revenue or 0.0), -(action.sqls or 0.0), -(action.hours or 0.0)


def bottleneck(report: ReviewReport) -> Action | None:
    """Return to look at the step of the funnel that has become narrow."""
    step = report.bottleneck.step if report.bottleneck else None
    if step is None:
        return None
    says = f"Find out why fewer come from {phrases.words(step.start)} to {_stage(step.stage)} than in the year before, and mend that first."
    figure = f"{phrases.rate(step.now)} instead of {phrases.rate(step.past)}"
    return Action("bottleneck", says, figure, step.sqls, step.revenue)


def late(report: ReviewReport) -> Action | None:
    """Return to respond in time, if people wait, or fewer than four in five were touched in time.

    Whoever waits since this period is taken to convert like those who were worked.
    """
    told = report.sla.total
    slow = told.in_time.high is not None and told.in_time.high < IN_TIME
    if not report.sla.known or not (slow or told.overdue):
        return None
    first = f"Touch the {phrases.count(told.overdue)} who are overdue first" if told.overdue else "Respond in time"
    says = f"{first}; agree on who steps in when a lead is about to be late."
    waiting = sum(row.entered_at >= report.period.begin_at for row in report.sla.overdue)
    rate = report.audit.now.value
    sqls = waiting * rate / _MONTHS[report.period.kind] if waiting and rate else None
    return Action("respond-in-time", says, f"{phrases.rate(told.in_time)} touched in time, {phrases.count(told.overdue)} overdue now", sqls)


def too_strict(report: ReviewReport) -> Action | None:
    """Return to go through rejected leads with reps who accept far fewer than others would have."""
    reps = _outside(report.reps.accepted if report.reps else None, Standing.BELOW)
    if not reps:
        return None
    missed = sum(rep.expected - rep.met for rep in reps) / 12
    rate = _step(report, Stage.ACCEPTED, Stage.SQL)
    says = f"Go through the rejected leads of {_named(reps)}, who would have accepted far more if they decided like the others."
    return Action("rep-rejects", says, _against(reps, "accepted"), None if rate is None else missed * rate)


def too_lenient(report: ReviewReport) -> Action | None:
    """Return to go through accepted leads with reps who accept far more than others would have."""
    reps = _outside(report.reps.accepted if report.reps else None, Standing.ABOVE)
    if not reps:
        return None
    more = sum(rep.met - rep.expected for rep in reps) / 12
    says = f"Go through the accepted leads of {_named(reps)}: nearly everything passes, so acceptance says nothing there."
    return Action("rep-accepts", says, _against(reps, "accepted"), hours=more * HOURS_A_LEAD)


def wasted(report: ReviewReport) -> Action | None:
    """Return to look at reps whose accepted leads come to nothing more often than others' would have."""
    reps = _outside(report.reps.wasted if report.reps else None, Standing.ABOVE)
    if not reps:
        return None
    more = sum(rep.met - rep.expected for rep in reps) / 12
    says = f"Find out what becomes of the leads that {_named(reps)} accepted: they come to nothing more often than those of others."
    return Action("rep-wastes", says, _against(reps, "without an opportunity"), more)


def calibrate(report: ReviewReport) -> Action | None:
    """Return to look at leads together, where more than half are rejected."""
    reasons = report.reasons
    if reasons is None or not reasons.calibrate or reasons.now.value is None:
        return None
    says = "Let marketing and sales go through twenty rejected leads together: more than half of them are rejected."
    rejected = reasons.now.value * reasons.now.n / _MONTHS[report.period.kind]
    return Action("calibrate", says, f"{phrases.rate(reasons.now)} of leads with a verdict rejected", hours=rejected * HOURS_A_LEAD)


def one_reason(report: ReviewReport) -> Action | None:
    """Return to change the definition where one agreed reason stands behind more than a third of all rejections."""
    reasons = report.reasons
    top = next((row for row in reasons.reasons if row.usable and row.agreed), None) if reasons else None
    if top is None or top.share_now.low is None or top.share_now.low < 1 / 3:
        return None
    says = f"Let the definition keep out what sales rejects as '{phrases.words(top.name)}', or send it to nurture at once."
    hours = top.now / _MONTHS[report.period.kind] * HOURS_A_LEAD
    return Action("reason-prevails", says, f"{phrases.rate(top.share_now)} of rejections", hours=hours)


def no_reason(report: ReviewReport) -> Action | None:
    """Return to ask for a reason with every rejection."""
    reasons = report.reasons
    if reasons is None or reasons.without.low is None or reasons.without.low < SHARE:
        return None
    says = "Make a rejection ask for one of the agreed reasons: without one nobody can learn from it."
    return Action("reason-missing", says, f"{phrases.rate(reasons.without)} of rejections without a usable reason")


def other_reasons(report: ReviewReport) -> Action | None:
    """Return to agree on reasons that are given and that the definition doesn't name."""
    reasons = report.reasons
    if reasons is None or not reasons.not_agreed:
        return None
    rows = [row for row in reasons.reasons if row.name in reasons.not_agreed]
    share = sum(row.share_now.value or 0.0 for row in rows)
    if share < SHARE:
        return None
    names = ", ".join(f"'{phrases.words(row.name)}'" for row in rows[:3])
    says = f"Agree on the reasons that are given anyway, or map them onto agreed ones: {names}."
    return Action("reason-not-agreed", says, f"{phrases.percent(share)} of rejections for reasons that the definition doesn't name")


def looser(report: ReviewReport) -> Action | None:
    """Return to rehearse a tighter definition, where the present one surely made more entries and lost conversion."""
    split, came = report.inflation.volume, report.inflation.conversion
    part = split.by(Cause.DEFINITION) if split and not split.same_definition else None
    if part is None or part.low is None or part.low <= 0 or part.value is None:
        return None
    lost = came.by(Cause.DEFINITION) if came and not came.same_definition else None
    surely = lost is not None and lost.high is not None and lost.high < 0
    cost = "and a smaller share of them converts" if surely else "and nobody knows yet whether they convert as well"
    says = f"Rehearse a tighter definition with leadline plan: the new one alone makes more entries, {cost}."
    span = f"{phrases.signed(round(part.value))} entries ({phrases.signed(round(part.low))} to {phrases.signed(round(part.high or 0))})"
    return Action(
        "definition-looser", says, f"{span} by the definition alone", hours=part.value / _MONTHS[report.period.kind] * HOURS_A_LEAD
    )


def mix(report: ReviewReport) -> Action | None:
    """Return to look at where leads come from, where conversion surely fell because others come."""
    split = report.inflation.conversion
    part = split.by(Cause.MIX) if split else None
    if split is None or part is None or part.high is None or part.high >= 0 or part.value is None:
        return None
    poor = [cell for cell in split.cells if cell.now > cell.before and (cell.rate_now.value or 0.0) < (split.now.value or 0.0)]
    where = f", above all {max(poor, key=lambda cell: cell.now - cell.before).name}" if poor else ""
    says = f"Look at what the money for leads buys: more of them come from where few convert{where}."
    figure = f"{phrases.signed(round(100 * part.value, 1))} points of conversion by the mix"
    return Action("mix-worse", says, figure, sqls=-part.value * _entries(report) / _MONTHS[report.period.kind])


def powerless(report: ReviewReport) -> Action | None:
    """Return to take points off criteria that told who becomes an SQL and don't any more."""
    lost = _criteria(report, Trend.LOST)
    if not lost:
        return None
    says = f"Take points off {_listed(lost)}, which no longer tells who becomes an SQL as it did; try it with leadline plan."
    return Action("criterion-lost", says, "; ".join(_power(row) for row in lost[:2]))


def swollen(report: ReviewReport) -> Action | None:
    """Return to look at criteria that far more entries have, and of which it isn't known that they tell anything."""
    more = [row for row in _criteria(report, Trend.MORE) if row.power_now.low is None or row.power_now.low <= 1]
    if not more:
        return None
    says = f"Look at why so many more have points of {_listed(more)}; whether it still tells who becomes an SQL isn't known."
    figure = "; ".join(f"{phrases.percent(row.then.value)} of entries then, {phrases.percent(row.now.value)} now" for row in more[:2])
    return Action("criterion-inflating", says, figure)


def unjudged(report: ReviewReport) -> Action | None:
    """Return to ask for what is missing where most new leads come whose fit can't be judged."""
    gaps = [gap for gap in report.completeness.gaps if gap.leads >= LEADS and _missing(gap)] if report.completeness else []
    if not gaps:
        return None
    gap = max(gaps, key=lambda one: (one.leads * (one.unknown.value or 0.0), one.by == "form"))
    what = " and ".join(phrases.words(name) for name, _ in gap.missing[:2])
    where = f"the form '{gap.name}'" if gap.by == "form" and gap.name != NO_FORM else f"{gap.by} '{gap.name}'"
    where = "people who filled in no form" if gap.name == NO_FORM else where
    says = f"Ask for {what}, or look it up, for {where}: without it nobody can judge their fit."
    return Action("fit-unknown", says, f"{phrases.rate(gap.unknown)} of {phrases.count(gap.leads)} new leads")


def silent(report: ReviewReport) -> Action | None:
    """Return to mend the recording of behaviour, where deals are won without any."""
    share = report.completeness.silent if report.completeness else None
    if share is None or share.low is None or share.low < MISSING:
        return None
    says = "Record more of what accounts do before they talk to sales: without it the definition can't see them coming."
    return Action("wins-unseen", says, f"{phrases.rate(share)} of deals won without any behaviour in the 90 days before")


def overdue(report: ReviewReport) -> Action | None:
    """Return to renew the agreement, where something of it is overdue or missing."""
    if not report.due:
        return None
    first = report.due[0]
    more = f" ({len(report.due) - 1} more)" if len(report.due) > 1 else ""
    return Action("agreement-due", f"Renew the agreement. {first.fix}", f"{first.says}{more}")


RULES: tuple[Callable[[ReviewReport], Action | None], ...] = (
    bottleneck, late, too_strict, wasted, mix, looser, calibrate, too_lenient, one_reason, powerless, swollen, unjudged, silent, no_reason,
    other_reasons, overdue,
)  # fmt: skip


def _outside(found: Consistency | None, standing: Standing) -> list[RepFigures]:
    return [rep for rep in found.outside() if rep.standing is standing] if found else []


def _named(reps: Sequence[RepFigures]) -> str:
    return phrases.listed(rep.rep for rep in reps)


def _against(reps: Sequence[RepFigures], what: str) -> str:
    told = [f"{rep.rep}: {rep.met} of {rep.leads} {what}, {phrases.count(round(rep.expected))} to be expected" for rep in reps]
    return "; ".join(told)


def _criteria(report: ReviewReport, trend: Trend) -> list[Drift]:
    return [row for row in report.drift.criteria if row.trend is trend] if report.drift else []


def _listed(rows: Sequence[Drift]) -> str:
    return phrases.listed(f"'{phrases.words(row.criterion)}'" for row in rows[:3])


def _power(row: Drift) -> str:
    return f"{phrases.words(row.criterion)}: odds ratio {phrases.level(row.power_then)} then, {phrases.level(row.power_now)} now"


def _missing(gap: Gaps) -> bool:
    return gap.unknown.low is not None and gap.unknown.low >= MISSING and bool(gap.missing)


def _entries(report: ReviewReport) -> int:
    return report.funnel.now.entries


def _step(report: ReviewReport, start: Stage, stage: Stage) -> float | None:
    """Return the share that makes a step of the funnel."""
    steps = report.bottleneck.steps if report.bottleneck else ()
    return next((step.now.value for step in steps if step.start == start and step.stage is stage), None)


def _revenue_per_sql(report: ReviewReport) -> float | None:
    """Return what an SQL brought on average in the year up to the period's end."""
    year = _A_YEAR.get(report.period.kind)
    if year is None:
        return None
    sqls = sum(cohort.stage(Stage.SQL).reached for cohort in report.funnel.cohorts[-year:])
    revenue = report.money.year_revenue.value
    return revenue / sqls if revenue and sqls else None


def _stage(stage: Stage) -> str:
    return {Stage.ACCEPTED: "accepted", Stage.SQL: "SQL", Stage.OPPORTUNITY: "opportunity", Stage.WON: "won"}[stage]

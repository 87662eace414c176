"""A review as tables of text, written once for the terminal and for the page."""

from __future__ import annotations

from collections.abc import Sequence

from leadline.outcomes.model import Stage
from leadline.review import phrases
from leadline.review.period.headline import STAGES
from leadline.review.period.model import Cohort, MoneyBy, Response, ReviewReport, Target
from leadline.review.tables import Table

RATES = "In brackets: 95 % intervals."
_PERCENT = ("_to_", "_rate", "_share")


def targets(report: ReviewReport) -> Table:
    """Return what the agreement expects against what came."""
    rows = [
        (phrases.words(one.name), _expected(one), _target(one, now=True), _target(one, now=False), one.met.value) for one in report.targets
    ]
    note = "A share is that of the last entries that are old enough, so it lags behind the period."
    return Table("Targets", ("target", "agreed", report.period.name, "before", ""), tuple(rows), note=note)


def _expected(target: Target) -> str:
    write = phrases.percent if _is_share(target.name) else phrases.size
    return f"at least {write(target.low)}" if target.high is None else f"{write(target.low)} to {write(target.high)}"


def _target(target: Target, *, now: bool) -> str:
    figure = target.figure if now else target.figure_before
    return phrases.rate(figure) if _is_share(target.name) else phrases.level(figure)


def _is_share(name: str) -> bool:
    return any(part in name for part in _PERCENT)


def due(report: ReviewReport) -> Table:
    """Return what is overdue or missing in the agreement."""
    rows = [(one.says, one.fix, one.where) for one in report.due]
    return Table("Overdue or missing in the agreement", ("what", "what to do", "where"), tuple(rows), left=3)


def cohorts(report: ReviewReport, last: int | None = None) -> Table:
    """Return the cohorts, the latest first; only the ``last`` of them if that is given."""
    chosen = report.funnel.cohorts[::-1][:last]
    rows = tuple(_cohort(report, one) for one in chosen)
    days = ", ".join(f"{STAGES[stage]} {of:.0f} days" for stage, of in report.funnel.horizons if of is not None)
    within = f", within {days} of entry: within that time three in four get there who ever do" if days else ""
    note = (
        f"Shares are of the entries that sales worked{within}. "
        "A young cohort shows the share of its oldest entries, marked with *, and nothing where none is old enough."
    )
    shares = tuple(STAGES[stage] for stage in Stage)
    columns = ("entered", "MQLs", "worked", *shares, "days to SQL", "won so far", "revenue so far")
    return Table("The funnel by cohort", columns, rows, note=note)


def _cohort(report: ReviewReport, cohort: Cohort) -> tuple[str, ...]:
    shares = [phrases.NONE if one.rate.value is None else phrases.rate(one.rate) + ("" if one.mature else " *") for one in cohort.stages]
    return (
        cohort.period.name, phrases.count(cohort.entries), phrases.count(cohort.worked), *shares,
        phrases.number(cohort.stage(Stage.SQL).median_days.value), phrases.count(cohort.stage(Stage.WON).reached),
        phrases.money(cohort.revenue.value, report.currency),
    )  # fmt: skip


def weeks(report: ReviewReport, last: int) -> Table:
    """Return the last cohorts of a digest, counted so far: they are too young for shares."""
    rows = [
        (one.period.name, phrases.count(one.entries), phrases.count(one.worked), *(phrases.count(found.reached) for found in one.stages),
         phrases.count(one.rejected))
        for one in report.funnel.cohorts[::-1][:last]
    ]  # fmt: skip
    columns = ("entered", "MQLs", "worked", *(STAGES[stage] for stage in Stage), "rejected")
    return Table("So far", columns, tuple(rows), note="Counted until the facts end; young weeks have most of it still to come.")


def waits(report: ReviewReport) -> Table:
    """Return how long entries of each cohort took, and what the curve expects of them."""
    rows = [
        (one.period.name, STAGES[found.stage], phrases.count(found.reached), phrases.rate(found.estimate),
         phrases.level(found.median_days), phrases.number(found.p90_days))
        for one in report.funnel.cohorts[::-1] for found in one.stages
    ]  # fmt: skip
    columns = ("entered", "stage", "reached so far", "expected in the end", "median days", "nine in ten within")
    note = "Expected in the end: Kaplan–Meier, to the usual lag; young entries count for as long as they were watched."
    return Table("How far, and how fast", columns, tuple(rows), left=2, note=note)


def steps(report: ReviewReport) -> Table:
    """Return each step of the funnel against its own past."""
    rows = [
        (f"{STAGES[one.start]} → {STAGES[one.stage]}", phrases.rate(one.now), phrases.rate(one.past), _chance(one.p),
         phrases.level(one.wait), phrases.number(one.wait_past.value), phrases.size(one.sqls),
         phrases.money(one.revenue, report.currency))
        for one in report.bottleneck.steps
    ]  # fmt: skip
    columns = ("step", "now", "the year before", "by chance", "median days", "before", "gap in SQLs", "gap in revenue")
    note = (
        "Now: the last quarter (or as long as the period) whose leads had the time to make the step. By chance: how likely so large a "
        "difference is if nothing changed. Gap: what being as good as the year before would bring a month."
    )
    return Table("Each step against its own past", columns, tuple(rows), note=note)


def _chance(p: float | None) -> str:
    return phrases.NONE if p is None else "< 0.1 %" if p < 0.001 else phrases.percent(p)


def velocity(report: ReviewReport) -> Table:
    """Return pipeline velocity now and before."""
    found = report.velocity
    if found is None:
        return Table("Pipeline velocity", ("", "now", "before", "factor"), ())
    moved = dict(found.moved)
    rows = [
        ("opportunities open at a time", phrases.level(found.now.opportunities), phrases.level(found.before.opportunities),
         _factor(moved["opportunities"])),
        ("win rate", phrases.rate(found.now.win_rate), phrases.rate(found.before.win_rate), _factor(moved["win rate"])),
        ("deal size", phrases.amount(found.now.deal_size, report.currency), phrases.amount(found.before.deal_size, report.currency),
         _factor(moved["deal size"])),
        ("days of the cycle", phrases.level(found.now.cycle_days), phrases.level(found.before.cycle_days),
         _factor(moved["pace of the cycle"])),
        ("velocity, a day", phrases.amount(found.now.per_day, report.currency), phrases.amount(found.before.per_day, report.currency),
         phrases.level(found.change)),
    ]  # fmt: skip
    spans = [f"{phrases.day(one.begin_at)} to {phrases.day(one.end_at - 1)}" for one in (found.now, found.before)]
    note = (
        f"Of deals credited to MQLs, {spans[0]} against {spans[1]}: opportunities × win rate × deal size ÷ days of the cycle. "
        "Factor: what each alone did to it; their product is the change."
    )
    return Table("Pipeline velocity", ("", "now", "before", "factor"), tuple(rows), note=note)


def _factor(value: float) -> str:
    return f"× {value:.2f}"


def attribute(by: MoneyBy) -> str:
    """Return what an attribute is called: ``source`` for ``person.source``.

    >>> attribute(MoneyBy("person.source", undated=False, rows=()))
    'source'
    """
    return phrases.words(by.by.rpartition(".")[2])


def money(report: ReviewReport, by: MoneyBy) -> Table:
    """Return MQL-sourced revenue by an attribute."""
    rows = [
        (row.label, phrases.count(row.deals), phrases.money(row.revenue.value, report.currency), phrases.count(row.year_deals),
         phrases.amount(row.year_revenue, report.currency), phrases.amount(row.deal_size, report.currency),
         phrases.count(row.year_entries), phrases.rate(row.sql), phrases.money(row.entry_revenue.value, report.currency))
        for row in by.rows
    ]  # fmt: skip
    columns = (
        attribute(by), "won", "revenue", "won in a year", "revenue in a year", "deal size", "MQLs in a year",
        "SQL, of those worked", "won of them so far",
    )  # fmt: skip
    note = "Won: by the day of the close. Won of them so far: of the year's MQLs."
    note += " Its values carry no dates, so they may have been filled in later." if by.undated else ""
    return Table(f"Revenue by {attribute(by)}", columns, tuple(rows), note=note)


def bands(report: ReviewReport) -> Table:
    """Return what is published of the audit score."""
    rows = [
        (band.source, band.motion, band.says, f"{phrases.percent(band.low)} to {phrases.percent(band.high)}") for band in report.audit.bands
    ]
    note = (
        "Nobody's companies are like yours, and each counts MQLs and SQLs by definitions of its own: your own past is the better yardstick."
    )
    return Table("Published bands", ("source", "of whom", "it says", "MQL to SQL"), tuple(rows), left=3, note=note)


def past(report: ReviewReport) -> Table:
    """Return the audit score of the past."""
    rows = [(one.name, phrases.rate(figure), phrases.count(figure.n)) for one, figure in report.audit.past[::-1]]
    return Table("Your own past", ("entered", "MQL to SQL", "worked"), tuple(rows))


def responses(report: ReviewReport) -> Table:
    """Return how soon sales responds."""
    sla = report.sla
    title = "MQLs that the CRM recorded" if sla.basis == "recorded" else "all entries"
    rows = [_response(title, sla.total), *(_response(one.track, one) for one in sla.tracks)] if sla.known else []
    columns = ("track", "team", "agreed", "due", "in time", "before", "median hours", "nine in ten within", "overdue", "forgotten")
    note = f"{sla.clock} Hours are working hours. Overdue: of the last 30 days; forgotten: of the rest of a year."
    if sla.basis == "recorded":
        note += " The tracks are of entries by the definition, of whom sales may not have been told."
    return Table("Response times", columns, tuple(rows), left=3, note=note)


def _response(title: str, one: Response) -> tuple[str, ...]:
    return (
        title, one.team, one.agreed or phrases.NONE, phrases.count(one.entries), phrases.rate(one.in_time),
        phrases.rate(one.in_time_before), phrases.level(one.median_hours), phrases.number(one.p90_hours), phrases.count(one.overdue),
        phrases.count(one.forgotten),
    )  # fmt: skip


def overdue(report: ReviewReport) -> Table:
    """Return who waits."""
    rows = [
        (one.person_id, one.account_id or phrases.NONE, one.track, phrases.day(one.entered_at), phrases.number(one.working_hours))
        for one in report.sla.overdue
    ]
    return Table("Who waits", ("person", "account", "track", "entered", "working hours"), tuple(rows), left=3)


def accounts(report: ReviewReport) -> Table:
    """Return the accounts worth attention."""
    rows = [
        (f"{one.rank}", one.name or one.account_id, one.segment, _marks((one.customer, "customer"), (one.open_deal, "open deal")),
         phrases.money(one.potential, report.currency), phrases.number(one.engagement), phrases.count(one.people),
         f"{phrases.count(one.recent)} (before {phrases.count(one.earlier)})", f"{one.index:.2f}")
        for one in report.accounts.rows
    ]  # fmt: skip
    columns = ("", "account", "segment", "is", "potential", "engagement", "people", "did in 30 days", "index")
    note = (
        "Potential: what won deals of its segment brought on average, times its fit as a share of the best. Engagement: points that its "
        "people have of what they did. Index: geometric mean of its three places among all active accounts, by potential, by engagement, "
        "and by what was done in 30 days against the 30 before; 1 is first of all in each."
    )
    return Table(f"{len(rows)} of {phrases.count(report.accounts.of)} active accounts", columns, tuple(rows), left=4, note=note)


def _marks(*marks: tuple[bool, str]) -> str:
    return ", ".join(name for holds, name in marks if holds)


def in_short(report: ReviewReport, first: Sequence[Table]) -> tuple[Table, ...]:
    """Return the tables that a terminal shows, the most important first: ``first`` are the actions."""
    found = [*first, targets(report), due(report), cohorts(report, 6), steps(report), velocity(report), responses(report)]
    return tuple(table for table in found if table.rows)

"""A review as one page for a marketing and a sales leader to read together; of a week a digest.

What belongs here: what stands on the page, and in which order. How a page is written belongs to :mod:`leadline.review.page_html` and
:mod:`leadline.review.page_markdown`.
"""

from __future__ import annotations

from collections.abc import Iterator

from leadline.outcomes.model import Stage
from leadline.review import page_html, page_markdown, phrases
from leadline.review.drawing import Picture
from leadline.review.model import Figure
from leadline.review.page import Fact, Page, Section, Tile, tile
from leadline.review.page_markdown import escaped
from leadline.review.period import charts, tables, told
from leadline.review.period.headline import STAGES
from leadline.review.period.model import Kind, ReviewReport
from leadline.review.tables import Table

WEEKS = 4
"""Cohorts that a digest shows."""


def to_html(report: ReviewReport) -> str:
    """Return the page as HTML."""
    return page_html.to_html(page(report))


def to_markdown(report: ReviewReport) -> str:
    """Return the page as Markdown."""
    return page_markdown.to_markdown(page(report))


def in_short(report: ReviewReport) -> tuple[Table, ...]:
    """Return the tables that a terminal shows, the most important first."""
    return tables.in_short(report, told.first(report).tables)


def page(report: ReviewReport) -> Page:
    """Return the page."""
    sections = _digest(report) if report.period.kind is Kind.WEEK else _sections(report)
    return Page(
        title=f"{report.period.name}: a review",
        kicker=f"A review: what the {report.period.kind.value} brought",
        headline=report.headline,
        facts=tuple(_facts(report)),
        tiles=tuple(_tiles(report)),
        cautions=report.cautions,
        sections=tuple(sections),
        foot=_foot(),
    )


def _digest(report: ReviewReport) -> Iterator[Section]:
    """Yield what both teams should know of a week."""
    yield Section("Against the agreement", tables=(tables.targets(report), tables.due(report)))
    yield Section("The last four weeks", pictures=(charts.volume(report),), tables=(tables.weeks(report, WEEKS),))
    yield _sla(report)
    yield told.first(report)


def _sections(report: ReviewReport) -> Iterator[Section]:
    volume, *others = told.sections(report)
    yield told.first(report)
    yield Section("Against the agreement", tables=(tables.targets(report), tables.due(report)))
    yield Section(
        "The funnel by cohort",
        _recorded(report),
        pictures=(charts.volume(report), *charts.conversion(report)),
        tables=(tables.cohorts(report), tables.waits(report)),
    )
    yield volume
    yield Section("Where it is narrow, and how fast it flows", _narrow(report), tables=(tables.steps(report), tables.velocity(report)))
    yield Section("Revenue", _revenue(report), _pictures(charts.revenue(report), charts.sources(report)), _money(report))
    yield Section("The audit score", _audit(report), _pictures(charts.audit(report)), (tables.past(report), tables.bands(report)))
    yield _sla(report)
    yield from others
    yield Section("Accounts worth attention", tables=(tables.accounts(report),))


def _pictures(*found: Picture | None) -> tuple[Picture, ...]:
    return tuple(one for one in found if one is not None)


def _money(report: ReviewReport) -> tuple[Table, ...]:
    return tuple(tables.money(report, by) for by in report.money.by)


def _sla(report: ReviewReport) -> Section:
    if not report.sla.known:
        return Section("Response times", ("Nothing is recorded of when sales touches whom, so response times are unknown.",))
    total = report.sla.total
    says = f"{phrases.rate(total.in_time)} of those due were touched in time; before it was {phrases.rate(total.in_time_before)}."
    return Section("Response times", (says,), tables=(tables.responses(report), tables.overdue(report)))


def _recorded(report: ReviewReport) -> tuple[str, ...]:
    funnel = report.funnel
    if funnel.recorded is None:
        return ()
    before = "" if funnel.recorded_before is None else f" ({phrases.count(funnel.recorded_before)} in {report.before.name})"
    recorded = f"The CRM recorded {phrases.count(funnel.recorded)} MQLs in {report.period.name}{before}"
    return (escaped(f"{recorded}; by the definition {phrases.count(funnel.now.entries)} entered."),)


def _narrow(report: ReviewReport) -> tuple[str, ...]:
    step, change = report.bottleneck.step, report.velocity.change if report.velocity else None
    name = f"The step from {STAGES[step.start]} to {STAGES[step.stage]} lies farthest below its own past." if step else ""
    narrow = name or "No step lies below its own past by more than chance would."
    if change is None or change.value is None:
        return (narrow, "In one of the last two spans nothing was won with an amount, so velocity can't be compared.")
    sure = change.low is not None and change.high is not None and not change.low <= 1 <= change.high
    pace = f"Pipeline velocity is {change.value:.2f} times what it was{'' if sure else ', which may be chance'}."
    return (narrow, pace)


def _revenue(report: ReviewReport) -> tuple[str, ...]:
    money, currency = report.money, report.currency
    if not money.all_deals:
        return (f"Nothing was won in {report.period.name}.",)
    beside = f"; {money.beside} more had an MQL only beside a conversation that sales had begun" if money.beside else ""
    first = f"{money.deals} of {money.all_deals} deals won in {report.period.name} are credited to an MQL{beside}."
    size = f"A deal from an MQL brought {phrases.amount(money.deal_size, currency)} on average over a year"
    other = f", others {phrases.amount(money.other_deal_size, currency)}" if money.other_deal_size.value is not None else ""
    return (escaped(first), escaped(f"{size}{other}."))


def _audit(report: ReviewReport) -> tuple[str, ...]:
    audit = report.audit
    if audit.horizon_days is None:
        return audit.reading
    span = f"{phrases.day(audit.now_at)} to {phrases.day(audit.now_end_at - 1)}"
    how = f"Of those who entered from {span} and were worked, {phrases.rate(audit.now)} became SQLs within "
    return (f"{how}{audit.horizon_days:.0f} days.", " ".join(audit.reading))


def _facts(report: ReviewReport) -> Iterator[Fact]:
    for one in report.definitions:
        since = f", in force since {phrases.day(one.since_at)}" if one.since_at is not None else ""
        yield Fact(f"{one.title}{since}", code=one.fingerprint[:12])
    period = report.period
    span = f"{phrases.day(period.begin_at)} to {phrases.day(period.end_at - 1)}"
    known = f"outcomes known until {phrases.day(period.until_at)}"
    yield Fact(f"{span}, beside {report.before.name}; {known}. Money in {report.currency or 'no stated currency'}.")


def _tiles(report: ReviewReport) -> Iterator[Tile]:
    """Yield the figures that the headline rests on."""
    funnel, before = report.funnel, report.before.name
    yield tile("MQLs a week", phrases.level(funnel.per_week), f"{before}: {phrases.level(funnel.per_week_before)}")
    usual = f"usual: {phrases.percent(report.audit.low)} to {phrases.percent(report.audit.high)}" if report.audit.low is not None else ""
    yield tile("become SQLs, of those worked", phrases.rate(report.audit.now), usual)
    if report.sla.known:
        total = report.sla.total
        yield tile("touched in time", phrases.rate(total.in_time), f"{before}: {phrases.rate(total.in_time_before)}")
    if report.period.kind is Kind.WEEK:
        won = sum(one.stage(Stage.WON).reached for one in funnel.cohorts)
        yield Tile("won so far, of a quarter's MQLs", phrases.count(won))
        return
    money = report.money
    yield tile(
        "revenue from MQLs", _about(money.revenue, report), f"{before}: {phrases.about(money.revenue_before.value, report.currency)}"
    )
    if report.velocity is not None:
        now, past = report.velocity.now.per_day, report.velocity.before.per_day
        yield tile("velocity, a day", _about(now, report), f"before: {phrases.about(past.value, report.currency)}")


def _about(figure: Figure, report: ReviewReport) -> str:
    if figure.value is None or figure.low is None or figure.high is None:
        return phrases.about(figure.value, report.currency)
    return f"{phrases.about(figure.value, report.currency)} ({phrases.about(figure.low, '')}–{phrases.about(figure.high, '')})"


def _foot() -> tuple[str, ...]:
    """Return how the figures were made."""
    entry = (
        "An MQL is an entry: a spell of being qualified by the definition that was in force then, replayed exactly. Days, weeks and months "
        "are in UTC."
    )
    young = (
        "A stage counts as reached within a time in which three in four get there who ever do, so that young and old entries can be "
        "compared; whoever is younger is in no share, and never called lost."
    )
    credit = (
        "A won deal is credited once: to its person's last entry before the first conversation, else to the account's. What begins after "
        "that, or beside an open deal, is never credited."
    )
    return entry, young, credit

"""A plan as one page for a marketing and a sales leader to read together: the verdict, the pictures, the tables.

What belongs here: what stands on the page, and in which order. How a page is written belongs to :mod:`leadline.review.page_html`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from leadline.review import change_charts, charts, findings, page_html, phrases, sweep_charts, tables
from leadline.review.drawing import Picture
from leadline.review.model import Figure, PlanReport, Side, Stage
from leadline.review.page import Fact, Page, Section, Tile, tile


def to_html(report: PlanReport) -> str:
    """Return the page as HTML."""
    return page_html.to_html(page(report))


def page(report: PlanReport) -> Page:
    """Return the page."""
    sections = [Section(title, pictures=tuple(drawn)) for title, drawn in _sections(report)]
    return Page(
        title=f"{report.new.title}: a plan",
        kicker="A plan: what would have happened",
        headline=report.verdict.sentence,
        facts=tuple(_facts(report)),
        tiles=tuple(_tiles(report)),
        cautions=report.cautions,
        sections=(*sections, Section("The figures", tables=tables.in_full(report))),
        foot=_foot(report),
    )


def _sections(report: PlanReport) -> Iterator[tuple[str, Iterable[Picture]]]:
    """Yield the pictures, from how many to why."""
    loads = [*charts.teams(report)]
    yield "How many enter, and who works them", [charts.weekly(report), *loads]
    came = [charts.conversion(report)] if any(side.total.worked for side in (report.old, report.new)) else []
    money = [charts.revenue(report)] if findings.priced(report) else []
    people = [change_charts.overlap(report)] if any(cell.people for cell in report.cells) else []
    yield "What comes of them", [*came, *money, *people]
    if report.sweep is not None and report.sweep.steps:
        yield "If the line lay elsewhere", [sweep_charts.lines(report, report.sweep), *sweep_charts.frontier(report, report.sweep)]
    if report.effects is not None:
        yield "What each change does", change_charts.effects(report, report.effects)
    if report.breakdowns:
        yield "Where they come from", [change_charts.breakdowns(report)]
    yield "How long it takes", charts.curves(report)


def _facts(report: PlanReport) -> Iterator[Fact]:
    window = report.window
    for side, colour in ((report.new, "new"), (report.old, "old")):
        yield Fact(side.title, side.name, side.fingerprint[:12], colour)
    when = f"{phrases.day(window.begin_at)} to {phrases.day(window.end_at)}, outcomes known until {phrases.day(window.until_at)}"
    yield Fact(f"Entries from {when}. Money in {report.currency or 'no stated currency'}.")


def _tiles(report: PlanReport) -> Iterator[Tile]:
    """Yield the four figures that the verdict rests on."""

    def pair(label: str, measure: Callable[[Side], Figure], write: Callable[[Figure], str]) -> Tile:
        return tile(label, write(measure(report.new)), f"{report.old.name}: {write(measure(report.old))}")

    yield pair("entries a week", lambda side: side.total.per_week, phrases.level)
    yield pair("become SQLs, of those worked", lambda side: side.total.stage(Stage.SQL).rate, phrases.rate)
    if findings.priced(report):
        yield pair("won revenue caught", lambda side: side.total.revenue, lambda figure: _about(figure, report.currency))
    else:
        yield pair("won deals caught", lambda side: Figure(None, None, None, len(side.caught)), lambda figure: phrases.count(figure.n))
    yield pair("days from entry to first conversation", lambda side: side.total.lead_time.median, phrases.level)


def _about(figure: Figure, currency: str) -> str:
    if figure.value is None:
        return phrases.NONE
    low, high = (phrases.about(value, "").removesuffix(" million") for value in (figure.low, figure.high))
    same = figure.low is not None and figure.high is not None and min(figure.low, figure.high) >= 999_500
    span = f"{low}–{high} million" if same else f"{phrases.about(figure.low, '')}–{phrases.about(figure.high, '')}"
    return f"{phrases.about(figure.value, currency)} ({span})"


def _foot(report: PlanReport) -> tuple[str, ...]:
    """Return how the figures were made."""
    days = phrases.line(report.credited_days)
    entry = (
        "An entry is a spell of being qualified that begins in this time, replayed exactly: at the activity, change or expiry "
        "that caused it. A day is a day in UTC."
    )
    credit = (
        "A won deal that was created in this time is credited once: to its person's last entry that began before the first conversation, "
        f"and at most {days} days before the deal was created, else to its account's. The entry may have begun before this time. What "
        "begins after the first conversation, or beside an open deal, is never credited."
    )
    return entry, credit

"""A plan as one HTML page for a marketing and a sales leader to read together: the verdict, the pictures, the tables.

The page needs nothing else: styles, charts and the JavaScript that draws them stand in it, and it asks no network for anything.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import cache
from importlib import resources
from xml.etree.ElementTree import Element

from leadline.review import change_charts, charts, findings, markup, phrases, sweep_charts, tables
from leadline.review.drawing import Picture
from leadline.review.markup import Node, element
from leadline.review.model import Figure, PlanReport, Side, Stage
from leadline.review.tables import Table

_MANY = 15
"""A table longer than this is folded."""


def to_html(report: PlanReport) -> str:
    """Return the page."""
    sections = [(title, [*drawn]) for title, drawn in _sections(report)]
    shown = [picture for _, drawn in sections for picture in drawn]
    body = element(
        "main", _head(report), _tiles(report), _cautions(report), *(_section(title, drawn) for title, drawn in sections if drawn),
        _tables(report), _foot(report),
    )  # fmt: skip
    specs = [markup.data(f"spec-{picture.name}", picture.spec) for picture in shown]
    code = [markup.script(_code())] if shown else []
    head = element(
        "head", element("meta", charset="utf-8"), element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("title", f"{report.new.title}: a plan"), element("style", _file("page.css")),
    )  # fmt: skip
    return "<!doctype html>\n" + markup.write(element("html", head, element("body", body, *specs, *code), lang="en")) + "\n"


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


def _head(report: PlanReport) -> Element:
    window = report.window
    when = f"{phrases.day(window.begin_at)} to {phrases.day(window.end_at)}, outcomes known until {phrases.day(window.until_at)}"
    return element(
        "header", element("p", "A plan: what would have happened", class_="kicker"), element("h1", report.verdict.sentence),
        element("p", element("b", report.new.name, class_="new"), f": {report.new.title}", _mark(report.new)),
        element("p", element("b", report.old.name, class_="old"), f": {report.old.title}", _mark(report.old)),
        element("p", f"Entries from {when}. Money in {report.currency or 'no stated currency'}."),
    )  # fmt: skip


def _mark(side: Side) -> Node | None:
    return element("span", " ", element("code", side.fingerprint[:12])) if side.fingerprint else None


def _tiles(report: PlanReport) -> Element:
    """Return the four figures that the verdict rests on."""
    sql = [side.total.stage(Stage.SQL).rate for side in (report.old, report.new)]
    week = [side.total.per_week for side in (report.old, report.new)]
    money = [side.total.revenue for side in (report.old, report.new)]
    won = [Figure(None, None, None, len(side.caught)) for side in (report.old, report.new)]
    time = [side.total.lead_time.median for side in (report.old, report.new)]
    return element(
        "ul", _tile(report, "entries a week", week, phrases.level), _tile(report, "become SQLs, of those worked", sql, phrases.rate),
        _tile(report, "won revenue caught", money, lambda figure: _about(figure, report.currency))
        if findings.priced(report) else _tile(report, "won deals caught", won, lambda figure: phrases.count(figure.n)),
        _tile(report, "days from entry to first conversation", time, phrases.level), class_="tiles",
    )  # fmt: skip


def _tile(report: PlanReport, label: str, figures: list[Figure], write: Callable[[Figure], str]) -> Element:
    before, now = map(write, figures)
    value, _, span = now.partition(" (")
    return element(
        "li", element("div", label, class_="label"), element("div", value, class_="new"),
        element("div", f"{span.rstrip(')')} at 95 %", class_="span") if span else None,
        element("div", f"{report.old.name}: {before}", class_="old"),
    )  # fmt: skip


def _about(figure: Figure, currency: str) -> str:
    if figure.value is None:
        return phrases.NONE
    low, high = (phrases.about(value, "").removesuffix(" million") for value in (figure.low, figure.high))
    same = figure.low is not None and figure.high is not None and min(figure.low, figure.high) >= 999_500
    span = f"{low}–{high} million" if same else f"{phrases.about(figure.low, '')}–{phrases.about(figure.high, '')}"
    return f"{phrases.about(figure.value, currency)} ({span})"


def _cautions(report: PlanReport) -> Element | None:
    if not report.cautions:
        return None
    lines = [element("li", *markup.inline(caution.says)) for caution in report.cautions]
    return element("aside", element("h2", "Before you believe it"), element("ul", *lines), class_="cautions")


def _section(title: str, drawn: list[Picture]) -> Element:
    return element("section", element("h2", title), element("div", *map(_figure, drawn), class_="pictures"))


def _figure(picture: Picture) -> Element:
    caption = element("figcaption", element("h3", picture.title), element("p", picture.note) if picture.note else None)
    return element("figure", caption, element("div", id=picture.name, class_="chart"), class_="wide" if picture.wide else "")


def _tables(report: PlanReport) -> Element:
    return element("section", element("h2", "The figures"), *map(_table, tables.in_full(report)), class_="tables")


def _table(table: Table) -> Element:
    head = element("tr", *(element("th", name, scope="col", **_kind(table, at)) for at, name in enumerate(table.columns)))
    rows = [element("tr", *(_cell(table, at, cell) for at, cell in enumerate(row))) for row in table.rows]
    note = element("p", table.note, class_="note") if table.note else None
    if len(rows) <= _MANY:
        grid = element("table", element("caption", table.title), element("thead", head), element("tbody", *rows))
        return element("div", element("div", grid, class_="table"), note)
    grid = element("table", element("thead", head), element("tbody", *rows))
    return element("details", element("summary", table.title), element("div", grid, class_="table"), note, class_="list")


def _cell(table: Table, at: int, text: str) -> Element:
    """Return a cell; a figure may be broken before its interval, and nowhere else."""
    if at < table.left:
        return element("td", text, class_="words")
    figure, bracket, span = text.partition(" (")
    parts = [" ", element("span", f"({span}")] if bracket else []
    return element("td", element("span", figure), *parts)


def _kind(table: Table, at: int) -> dict[str, str]:
    return {"class_": "words"} if at < table.left else {}


def _foot(report: PlanReport) -> Element:
    """Return how the figures were made."""
    days = phrases.line(report.credited_days)
    entry = (
        "An entry is a spell of being qualified that begins in this time, replayed exactly: at the activity, change or expiry "
        "that caused it. A day is a day in UTC."
    )
    credit = (
        f"A won deal is credited once: to its person's last entry before the deal was created, at most {days} days older, else to the "
        "account's. What begins after the first conversation, or beside an open deal, is never credited."
    )
    return element("footer", element("p", entry), element("p", credit))


def _file(name: str) -> str:
    return (resources.files("leadline.review") / "files" / name).read_text("utf-8")


@cache
def _code() -> str:
    """Return the script of the page, with Vega, Vega-Lite and Vega-Embed in it."""
    import vl_convert

    return vl_convert.javascript_bundle(_file("page.js"))

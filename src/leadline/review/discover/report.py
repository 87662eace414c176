"""What was learned as one page for a marketing and a sales leader to read together: the verdict, the pictures, the tables.

What belongs here: what stands on the page, and in which order. How a page is written belongs to :mod:`leadline.review.page_html`.
"""

from __future__ import annotations

from collections.abc import Iterator

from leadline.review import page_html, phrases
from leadline.review.discover import charts, findings, tables, told
from leadline.review.discover.model import DiscoverReport, Says
from leadline.review.page import Fact, Page, Section, Tile, tile

_READ = (
    "A lead's score is the sum of its points. The card stands in `definition.yaml`, a line for each criterion, to be edited and then "
    "rehearsed on history: `leadline plan definition.yaml`."
)
_LONG = 40
"""Rows of a table that is shown all the same."""


def to_html(report: DiscoverReport) -> str:
    """Return the page as HTML."""
    return page_html.to_html(page(report))


def page(report: DiscoverReport) -> Page:
    """Return the page."""
    return Page(
        title=f"{report.title}: what wins deals",
        kicker="Learned from closed-won",
        headline=findings.verdict(report),
        facts=tuple(_facts(report)),
        tiles=tuple(_tiles(report)),
        cautions=report.cautions,
        sections=tuple(_sections(report)),
        foot=_foot(report),
    )


def _facts(report: DiscoverReport) -> Iterator[Fact]:
    window = report.window
    yield Fact(report.title, "proposed" if report.refused is None else "asked for", side="new")
    when = f"{phrases.day(window.begin_at)} to {phrases.day(window.end_at)}, outcomes known until {phrases.day(window.until_at)}"
    fit = told.counts(report.counts.get("fit", {}), report.goal)
    yield Fact(f"Cases from {when}, each looked back on for {phrases.size(report.before_days)} days.")
    yield Fact(f"Learned from {fit}. {told.judging(report)}")


def _tiles(report: DiscoverReport) -> Iterator[Tile]:
    """Yield the figures that the verdict rests on."""
    card, now = report.judged.get("card"), report.judged.get("current")
    if card is not None:
        today = "" if now is None else f"today's definition: {told.two(now.roc_auc)}"
        yield tile(f"how well it ranks {told.unseen(report)} (ROC AUC)", told.two(card.roc_auc), today)
        lift = "" if now is None else f"today's definition: {phrases.level(now.lift_top_decile)}"
        yield tile("times as many won in its top tenth", phrases.level(card.lift_top_decile), lift)
    if report.line is not None:
        yield Tile("line proposed", phrases.line(report.line.score), beside=_entries(report))
    if report.refused is not None:
        needed = report.refused.needed
        more = f"about {phrases.count(needed)} are needed" if needed else "more of the same wouldn't help"
        yield Tile(f"{told.DEALS[report.goal]} to learn from", phrases.count(report.refused.won), beside=more)
    if report.behaviours:
        says = [found.says for found in findings.leading(report)]
        easy = f"merely easy to track: {says.count(Says.FREQUENT)}"
        yield Tile(f"win deals, of {len(says)} things that people did or were", phrases.count(says.count(Says.WINS)), beside=easy)


def _entries(report: DiscoverReport) -> str:
    line = report.line
    if line is None or line.per_week is None:
        return ""
    can = "" if line.capacity_per_week is None else f"; the team can take {phrases.size(line.capacity_per_week)}"
    return f"{phrases.number(line.per_week)} entries a week{can}"


def _sections(report: DiscoverReport) -> Iterator[Section]:
    """Yield the parts, from what wins deals to what was left out."""
    if report.behaviours:
        drawn = (charts.behaviours(report), charts.prevalence(report))
        yield Section("Which behaviours win deals", pictures=drawn, tables=(tables.behaviours(report),), folds=_LONG)
    if report.current:
        yield Section("What counts today", (f"{findings.current(report)}.",), tables=(tables.current(report),), folds=_LONG)
    if report.criteria:
        yield Section("The card", (_READ,), (charts.path(report),) if report.path else (), (tables.card(report),))
    yield from _judged(report)
    if report.worth:
        money = (charts.revenue(report),) if findings.priced(report) else ()
        says = (findings.line(report),) if report.line is not None else ()
        yield Section("What a score is worth", says, (charts.worth(report), *money), (tables.worth(report),))
    if report.excluded:
        yield Section("What was kept out", tables=(tables.excluded(report),))
    if report.behaviours:
        yield Section("All the evidence", tables=(tables.everything(report),))


def _judged(report: DiscoverReport) -> Iterator[Section]:
    if not any(found.roc_auc.value for found in report.judged.values()):
        return
    card = report.judged.get("card")
    drawn = [charts.areas(report)]
    drawn += [charts.reliability(report)] if card is not None and card.reliability else []
    yield Section(f"How well it ranks {told.unseen(report)}", (findings.in_pairs(report),), tuple(drawn), (tables.judged(report),))


def _foot(report: DiscoverReport) -> tuple[str, ...]:
    """Return how the figures were made."""
    case = (
        "A case is an account, or a person without one, at an instant: just before the first conversation with sales, or, if there was "
        "none, at an instant at which it might have been, drawn from those of the won. Only what was known before it counts."
    )
    drawn = f"What is drawn at random is drawn the same each time (seed {report.seed}). A day is a day in UTC. Methods: docs/statistics.md."
    return case, drawn

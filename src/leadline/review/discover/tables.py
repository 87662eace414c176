"""What was learned as tables of text, written once for the terminal and for the page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from leadline.review import phrases
from leadline.review.discover import findings, told
from leadline.review.discover.model import Behaviour, CardCriterion, DiscoverReport, Says
from leadline.review.model import Figure
from leadline.review.tables import Table

SHOWN: Mapping[Says, int] = {Says.WINS: 9, Says.AGAINST: 4, Says.FREQUENT: 4, Says.OPEN: 2}
"""How many behaviours of each kind are shown at once; all of them stand in a folded table."""
AS_ACTIVE = "among those as active"
_MEASURES = ("ROC AUC", "average precision", "lift in the top tenth", "Brier score")


def in_short(report: DiscoverReport) -> tuple[Table, ...]:
    """Return the tables that a terminal shows, the most important first."""
    found = [card(report), judged(report), most_telling(report), current(report), worth(report), excluded(report)]
    return tuple(table for table in found if table.rows)


def card(report: DiscoverReport) -> Table:
    """Return the criteria with their points and the evidence behind them."""
    rows = [(found.group.value, found.words, points(found), *_evidence(told.behind(found, report.behaviours))) for found in report.criteria]
    kinds = told.KINDS[report.goal]
    columns = ("group", "who or what", "points", kinds["won"], kinds["never"], "odds ratio")
    note = (
        "In brackets: 95 % intervals. Where a criterion has steps, the evidence is that of the lowest; where it counts each time, that of "
        "having had it at all."
    )
    return Table(f"The card: {findings.criteria(len(rows)).lower()}", columns, tuple(rows), left=3, note=note)


def points(found: CardCriterion) -> str:
    """Return what a criterion is worth: *20*, *5 each, up to 15*, *5 from 100, 10 from 500*."""
    asked: Mapping[str, Any] = found.criterion
    if "tiers" in asked:
        return ", ".join(f"{_signed(worth)} from {phrases.line(float(bound))}" for bound, worth in asked["tiers"].items())
    if "signal" in asked and not {"at_least", "at_most"} & {*asked}:
        most = f", up to {_signed(asked['max'] if found.points > 0 else -asked['max'])}" if "max" in asked else ""
        fading = ", fading" if {"half_life", "fades_over"} & {*asked} else ""
        return f"{_signed(found.points)} each{most}{fading}"
    return _signed(found.points)


def judged(report: DiscoverReport) -> Table:
    """Return how well the card, the models and the current definition rank the cases that judge."""
    rows = [
        (told.RIVALS[name], told.two(found.roc_auc), told.two(found.pr_auc), phrases.level(found.lift_top_decile), told.two(found.brier))
        for name in told.RIVALS if (found := report.judged.get(name)) is not None
    ]  # fmt: skip
    base = next((found.base_rate for found in report.judged.values()), None)
    note = (
        "ROC AUC: how often, of a case that was won and one that wasn't, the won one ranks higher (0.5 is chance). Average precision "
        f"is read against the share won, {phrases.percent(None if base is None else base.value)}. Lift: how many times as many are won in "
        "the top tenth as in all. Brier score: the mean squared error of the chances given; the lower, the better."
    )
    return Table(f"On {told.unseen(report)}, which weren't fitted on", ("", *_MEASURES), tuple(rows), note=note)


def behaviours(report: DiscoverReport) -> Table:
    """Return the evidence that is shown at once, with what it was among lost and stalled deals."""
    rows = [
        (found.words, found.says.value, ", ".join(map(phrases.words, found.used_by)), *_shares(found.prevalence),
         told.odds(found.odds_ratio), told.odds(found.against_sold), told.odds(found.as_active))
        for found in findings.telling(report, SHOWN)
    ]  # fmt: skip
    kinds = told.KINDS[report.goal]
    columns = ("who or what", "comes to", "counted today as", *kinds.values(), "odds ratio", _sold_to(kinds), AS_ACTIVE)
    note = (
        "Shares of those who had it. Odds ratio: how many times the odds of being won with it are those without it, with a 95 % interval; "
        "then against those alone whom sales spoke with (what wins deals rather than what starts talks), and among those who did about as "
        "much besides, on which the verdict rests: whoever buys does more of everything. Merely easy to track: as frequent among the "
        "others, or no more frequent than among others who did as much."
    )
    return Table("The evidence, of a signal or an attribute the most telling", columns, tuple(rows), left=3, note=note)


def most_telling(report: DiscoverReport) -> Table:
    """Return the evidence as far as a terminal has room for it."""
    rows = [(found.words, found.says.value, *_evidence(found), told.odds(found.as_active)) for found in findings.telling(report, SHOWN)]
    kinds = told.KINDS[report.goal]
    left = len(findings.leading(report)) - len(rows)
    more = f" Of each signal or attribute the most telling; {phrases.count(left)} more stand in the report." if left > 0 else ""
    note = f"Whoever buys does more of everything: the last column compares those who did about as much besides.{more}"
    columns = ("who or what", "comes to", kinds["won"], kinds["never"], "odds ratio", AS_ACTIVE)
    return Table(findings.behaviours(report), columns, tuple(rows), 2, note)


def everything(report: DiscoverReport) -> Table:
    """Return the evidence of all that was tested."""
    rows = [
        (
            found.words,
            found.feature,
            found.says.value,
            *_shares(found.prevalence),
            told.odds(found.odds_ratio),
            _chance(found.q),
            _held(found),
        )
        for found in report.behaviours
    ]
    columns = ("who or what", "name", "comes to", *told.KINDS[report.goal].values(), "odds ratio", "q", "held")
    note = (
        "q: of all that look at least as telling, about this share would by chance alone (Benjamini–Hochberg). Held: in how many "
        "quarters the odds ratio lay on the same side of 1."
    )
    return Table(f"All that was tested: {phrases.count(len(rows))}", columns, tuple(rows), left=3, note=note)


def current(report: DiscoverReport) -> Table:
    """Return how the criteria of the current definition stand."""
    rows = [
        (phrases.words(found.name), found.group, found.standing.value, *_shares(found.prevalence), told.odds(found.odds_ratio))
        for found in report.current
    ]
    columns = ("criterion", "group", "stands", *told.KINDS[report.goal].values(), "odds ratio")
    note = "Whoever has points of it, won against all others. Supported: the odds go the way its points do, and not by chance."
    return Table("The criteria of today's definition", columns, tuple(rows), left=3, note=note)


def worth(report: DiscoverReport) -> Table:
    """Return what a score is worth, the highest band first."""
    kinds = told.KINDS[report.goal]
    rows = [
        (findings.band(found), *(phrases.count(found.cases.get(kind, 0)) for kind in kinds), phrases.rate(found.won_of_sold),
         told.chances(found.per_month), phrases.amount(found.revenue, report.currency))
        for found in reversed(report.worth)
    ]  # fmt: skip
    columns = ("score", *kinds.values(), f"{kinds['won']}, of those sales spoke with", "chance within 30 days", "expected within 30 days")
    note = (
        "Chance: that a conversation that will be won begins within 30 days, for anybody with such a score. It counts how many "
        "people each control stands for. Sales chose whom to speak with, so their share won says nothing about the others."
    )
    return Table("What a score is worth", columns, tuple(rows), note=note)


def excluded(report: DiscoverReport) -> Table:
    """Return what was kept out, and why."""
    reasons = dict.fromkeys(found.why for found in report.excluded)
    rows = [(", ".join(found.feature for found in report.excluded if found.why == why), why) for why in reasons]
    note = "What may tell the outcome because it came after it. Take one in all the same with --include NAME."
    return Table(f"Kept out: {phrases.count(len(report.excluded))}", ("names", "why"), tuple(rows), left=2, note=note)


def _evidence(found: Behaviour | None) -> tuple[str, str, str]:
    if found is None:
        return phrases.NONE, phrases.NONE, phrases.NONE
    won, never = (phrases.percent(told.share(found, kind)) for kind in ("won", "never"))
    return won, never, told.odds(found.odds_ratio)


def _sold_to(kinds: Mapping[str, str]) -> str:
    return f"against {kinds['lost']} and {kinds['stalled']}"


def _shares(prevalence: Mapping[str, Figure]) -> tuple[str, ...]:
    return tuple(
        phrases.percent(prevalence[kind].value) if kind in prevalence else phrases.NONE for kind in ("won", "lost", "stalled", "never")
    )


def _held(found: Behaviour) -> str:
    return phrases.NONE if found.held.value is None else f"{found.held.value:.0f} of {found.held.n}"


def _chance(q: float) -> str:
    return "< 0.001" if q < 0.001 else f"{q:.3f}"


def _signed(value: float) -> str:
    return phrases.line(value).replace("-", "−")

"""Whether criteria still mean what they meant: sentences, dumbbells, a table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import altair as alt

from leadline.review import drawing, phrases
from leadline.review.drawing import Picture
from leadline.review.model import Figure
from leadline.review.page import Section
from leadline.review.page_markdown import escaped
from leadline.review.period.drift import LARGE, MODERATE
from leadline.review.period.model import ReviewReport
from leadline.review.period.parts import Drift, Drifts, Trend
from leadline.review.tables import Table

TITLE = "Whether criteria still mean what they meant"
THEN, NOW = "then", "now"
_MOST = 16
"""Criteria that are drawn."""
_LEAST_POWER, _MOST_POWER = 0.05, 20.0
"""Odds ratios are drawn between these."""


def section(report: ReviewReport) -> Section:
    """Return the section; without anything in it where there is nothing to compare."""
    found = report.drift
    if found is None:
        return Section(TITLE)
    pictures = tuple(picture for picture in (_shares(found), _powers(found)) if picture)
    return Section(TITLE, tuple(_sentences(found)), pictures, (_table(found),))


def _sentences(found: Drifts) -> Iterator[str]:
    for trend, says in _SAYS.items():
        rows = [row for row in found.criteria if row.trend is trend]
        if rows:
            yield says.format(_named(rows))
    if all(row.trend in (Trend.STEADY, Trend.FEW) for row in found.criteria):
        few = sum(row.trend is Trend.FEW for row in found.criteria)
        unknown = f"; of {few} of {len(found.criteria)} there are too few entries to compare what they tell" if few else ""
        yield f"No criterion has changed beyond chance{unknown}."
    yield _of_score(found)


_SAYS: Mapping[Trend, str] = {
    Trend.LOST: "{} no longer tells who becomes an SQL as it did.",
    Trend.GAINED: "{} tells better than it did who becomes an SQL.",
    Trend.MORE: "{} is more frequent among entries than in the year before.",
    Trend.RARER: "{} is rarer among entries than in the year before.",
}


def _named(rows: Sequence[Drift]) -> str:
    names = [f"*{escaped(phrases.words(row.criterion))}*" for row in rows]
    return names[0] if len(names) == 1 else f"Each of {phrases.listed(names)}"


def _of_score(found: Drifts) -> str:
    size = "large" if found.score_psi >= LARGE else "moderate" if found.score_psi >= MODERATE else "no"
    if size != "no" and found.score_p >= 0.05:
        return f"The scores of entries have an index of {found.score_psi:.2f}, which so few entries reach by chance."
    return f"The scores of entries show {size} shift (index {found.score_psi:.2f})."


def _shares(found: Drifts) -> Picture | None:
    """Draw what share of entries has points of each criterion, then and now."""
    rows = [
        {
            "criterion": phrases.words(row.criterion), "side": name, "value": figure.value, "rate": phrases.rate(figure),
            "before": row.then.value, "after": row.now.value, "trend": row.trend.value if row.trend not in _QUIET else "",
        }
        for row in found.criteria[:_MOST] for name, figure in ((THEN, row.then), (NOW, row.now)) if figure.value is not None
    ]  # fmt: skip
    if not rows:
        return None
    tips = drawing.tips(("criterion:N", "criterion", ""), ("side:N", "when", ""), ("rate:N", "have points of it", ""))
    base = alt.Chart(drawing.rows(rows)).encode(y=drawing.labels("criterion:N", sort=_order(found)), tooltip=tips)
    line = base.mark_rule(strokeWidth=2, color=drawing.BOTH).encode(x="before:Q", x2="after:Q")
    dots = base.mark_point(filled=True, size=80, opacity=1).encode(
        x=drawing.share("of entries"), color=drawing.side([THEN, NOW]), shape=_shape()
    )
    texts = base.transform_filter(f"datum.side == '{NOW}'").mark_text(align="left", dx=9, fontSize=11).encode(x="value:Q", text="trend:N")
    note = "Of all entries, how many had points of it. Named where it has changed beyond chance."
    chart = (line + dots + texts).properties(width="container", height={"step": 21})
    return drawing.picture("drift-shares", "What entries are made of, in the year before and now", note, chart, wide=False)


def _powers(found: Drifts) -> Picture | None:
    """Draw how well each criterion tells who becomes an SQL, then and now."""
    rows = [
        {
            "criterion": phrases.words(row.criterion), "side": name, "value": _held(figure.value), "low": _held(figure.low),
            "high": _held(figure.high), "ratio": phrases.level(figure), "n": figure.n,
        }
        for row in found.criteria[:_MOST] for name, figure in ((THEN, row.power_then), (NOW, row.power_now)) if figure.value is not None
    ]  # fmt: skip
    if not rows:
        return None
    tips = drawing.tips(
        ("criterion:N", "criterion", ""), ("side:N", "when", ""), ("ratio:N", "odds ratio", ""), ("n:Q", "that have it", ",d")
    )
    scale = alt.Scale(type="log", domain=[_LEAST_POWER, _MOST_POWER], clamp=True)
    axis = alt.Axis(values=[0.1, 0.3, 1, 3, 10], grid=True)
    base = alt.Chart(drawing.rows(rows)).encode(
        y=drawing.labels("criterion:N", sort=_order(found)), yOffset=alt.YOffset("side:N", sort=[THEN, NOW]), tooltip=tips,
        color=drawing.side([THEN, NOW]),
    )  # fmt: skip
    one = alt.Chart(drawing.rows([{"x": 1}])).mark_rule(color=drawing.SOFT, strokeDash=[3, 3]).encode(x=alt.X("x:Q", scale=scale))
    across = {name: alt.X(f"{name}:Q", title="odds ratio of becoming an SQL", scale=scale, axis=axis) for name in ("low", "value")}
    rule = base.mark_rule(strokeWidth=2).encode(x=across["low"], x2="high:Q")
    dots = base.mark_point(filled=True, size=60, opacity=1).encode(x=across["value"], shape=_shape())
    note = (
        "Among entries that sales worked and that are old enough: the odds of becoming an SQL with the criterion over those without. "
        "Whoever is among them had enough points anyway, so a criterion that carries many over the line looks weaker here than it is."
    )
    chart = (one + rule + dots).properties(width="container", height={"step": 13})
    when = f"until {phrases.day(found.judged_at)} and from then until {phrases.day(found.judged_end_at)}"
    return drawing.picture("drift-power", f"What criteria tell: entries of the year {when}", note, chart, wide=False)


_QUIET = (Trend.STEADY, Trend.FEW)


def _shape() -> alt.Shape:
    return alt.Shape("side:N", scale=alt.Scale(domain=[THEN, NOW], range=["diamond", "circle"]), title=None)


def _held(value: float | None) -> float | None:
    return None if value is None else min(max(value, _LEAST_POWER), _MOST_POWER)


def _order(found: Drifts) -> list[str]:
    return [phrases.words(row.criterion) for row in found.criteria[:_MOST]]


def _table(found: Drifts) -> Table:
    rows = tuple(
        (phrases.words(row.criterion), str(row.trend), phrases.rate(row.then), phrases.rate(row.now), f"{row.psi:.2f}", _chance(row.psi_q),
         _ratio(row.power_then), _ratio(row.power_now), _chance(row.power_q))
        for row in found.criteria
    )  # fmt: skip
    columns = ("criterion", "is", "of entries then", "now", "index", "chance", "odds ratio then", "now", "chance")
    note = (
        f"Then: {phrases.count(found.entries_then)} entries of the year before, now: {phrases.count(found.entries_now)} of the period. "
        f"The index (PSI) is usually read as a shift from {MODERATE:g} on and a large one from {LARGE:g}; the chance is that of so large a "
        "change if nothing had changed, all criteria tested together (Benjamini, Hochberg)."
    )
    return Table("Criteria, then and now", columns, rows, left=2, note=note)


def _ratio(figure: Figure) -> str:
    return phrases.NONE if figure.value is None else phrases.level(figure)


def _chance(value: float | None) -> str:
    if value is None:
        return phrases.NONE
    return "under 0.1 %" if value < 0.001 else phrases.percent(value)

"""The pictures of a review's first half: cohorts, revenue, the audit score, response times."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import altair as alt

from leadline.outcomes.model import Stage
from leadline.review import drawing, phrases
from leadline.review.drawing import Picture
from leadline.review.model import Figure
from leadline.review.period import tables
from leadline.review.period.headline import STAGES
from leadline.review.period.model import Band, ReviewReport


def volume(report: ReviewReport) -> Picture:
    """Draw the entries of each cohort, those worked filled."""
    rows = [
        {"name": one.period.name, "entries": one.entries, "worked": one.worked, "now": one is report.funnel.now}
        for one in report.funnel.cohorts
    ]
    tips = drawing.tips(("name:N", "entered", ""), ("entries:Q", "MQLs", ",d"), ("worked:Q", "worked", ",d"))
    base = alt.Chart(drawing.rows(rows)).encode(x=_names(report), tooltip=tips)
    amount = alt.Y("entries:Q", title=f"MQLs a {report.period.kind.value}", axis=alt.Axis(tickCount=4))
    everybody = base.mark_bar(color=drawing.BOTH, cornerRadius=2).encode(y=amount)
    worked = base.mark_bar(color=drawing.NEW, cornerRadius=2).encode(y="worked:Q")
    label = base.mark_text(dy=-7, fontSize=11).encode(y="entries:Q", text=alt.Text("entries:Q", format=",d"))
    note = "Whole bar: entries by the definitions in force. Filled: those that sales worked."
    chart = (everybody + worked + label).properties(width="container", height=190)
    return drawing.picture("volume", f"{phrases.count(report.funnel.now.entries)} MQLs in {report.period.name}", note, chart)


def conversion(report: ReviewReport) -> Iterator[Picture]:
    """Draw, for SQLs and for wins, the share of each cohort that got there within the horizon."""
    for stage in (Stage.SQL, Stage.WON):
        rows = [
            {"name": one.period.name, "kind": "complete" if found.mature else "its oldest entries", **_figure(found.rate)}
            for one in report.funnel.cohorts
            for found in [one.stage(stage)]
            if found.rate.value is not None
        ]
        days = next((of for found, of in report.funnel.horizons if found is stage), None)
        if not rows or days is None:
            continue
        note = f"Of the entries worked, those that got there within {days:.0f} days; hollow: a cohort not all of which is that old."
        title = f"Share of each cohort that became {_article(stage)}"
        yield drawing.picture(f"cohorts-{stage}", title, note, _dots(report, rows, "of those worked"), wide=False)


def _article(stage: Stage) -> str:
    return "an SQL" if stage is Stage.SQL else f"a customer ({STAGES[stage]})"


def revenue(report: ReviewReport) -> Picture:
    """Draw MQL-sourced revenue by the period in which deals were won."""
    rows = [
        {"name": one.name, "label": phrases.about(found.value, report.currency), **_figure(found)}
        for one, found in report.money.months
        if found.value is not None
    ]
    tips = drawing.tips(
        ("name:N", "won in", ""), ("value:Q", "revenue", drawing.WHOLE), ("low:Q", "at least", drawing.WHOLE),
        ("high:Q", "at most", drawing.WHOLE), ("n:Q", "deals with an amount", ",d"),
    )  # fmt: skip
    base = alt.Chart(drawing.rows(rows)).encode(x=_names(report), tooltip=tips)
    amount = alt.Y("value:Q", title=report.currency or "amount", axis=alt.Axis(format=drawing.SHORT, tickCount=4))
    bar = base.mark_bar(color=drawing.NEW, cornerRadius=2).encode(y=amount)
    interval = base.mark_rule(strokeWidth=1.5, color=drawing.INK).encode(y="low:Q", y2="high:Q")
    note = "Won deals credited to an MQL, by the day they were won. Thin line: 95 % interval."
    chart = (bar + interval).properties(width="container", height=190)
    title = f"MQLs brought {phrases.about(report.money.revenue.value, report.currency)} in {report.period.name}"
    return drawing.picture("revenue", title, note, chart)


def sources(report: ReviewReport) -> Picture | None:
    """Draw a year's MQL-sourced revenue by the first attribute that there is."""
    by = report.money.by[0] if report.money.by else None
    if by is None or not any(row.year_deals for row in by.rows):
        return None
    rows = [{"name": row.label, "deals": row.year_deals, **_figure(row.year_revenue)} for row in by.rows if row.year_deals]
    tips = drawing.tips(
        ("name:N", tables.attribute(by), ""), ("value:Q", "revenue in a year", drawing.WHOLE), ("low:Q", "at least", drawing.WHOLE),
        ("high:Q", "at most", drawing.WHOLE), ("deals:Q", "won deals", ",d"),
    )  # fmt: skip
    base = alt.Chart(drawing.rows(rows)).encode(y=drawing.labels("name:N", sort=[row["name"] for row in rows]), tooltip=tips)
    bar = base.mark_bar(color=drawing.NEW, height=14, cornerRadius=2).encode(x=drawing.money("value:Q", report.currency))
    interval = base.mark_rule(strokeWidth=1.5, color=drawing.INK).encode(x="low:Q", x2="high:Q")
    chart = (bar + interval).properties(width="container", height={"step": 26})
    title = f"Revenue of a year by {tables.attribute(by)}"
    return drawing.picture("sources", title, "Won deals credited to an MQL. Thin line: 95 % interval.", chart)


def audit(report: ReviewReport) -> Picture | None:
    """Draw the audit score above its own past, what was agreed, and what is published."""
    found = report.audit
    if found.now.value is None:
        return None
    rows: list[dict[str, Any]] = [{"name": "now", "kind": "yours", **_figure(found.now)}]
    if found.low is not None:
        rows.append({"name": "your past", "kind": "yours", "value": found.median, "low": found.low, "high": found.high, "n": None})
    if found.target is not None:
        rows.append({"name": "agreed", "kind": "agreed", "value": None, "low": found.target[0], "high": found.target[1], "n": None})
    rows += [
        {"name": _published(band), "kind": "published", "value": None, "low": band.low, "high": band.high, "n": None}
        for band in found.bands
    ]
    names = [row["name"] for row in rows]
    colour = alt.Color(
        "kind:N", title=None, scale=alt.Scale(domain=["yours", "agreed", "published"], range=[drawing.NEW, drawing.OLD, drawing.BOTH])
    )
    tips = drawing.tips(("name:N", "", ""), ("low:Q", "from", ".0%"), ("high:Q", "to", ".0%"), ("value:Q", "value", ".1%"))
    axis = alt.Axis(labelFontSize=12, labelColor=drawing.INK, labelLimit=330, ticks=False, domain=False)
    base = alt.Chart(drawing.rows(rows)).encode(y=alt.Y("name:N", sort=names, title=None, axis=axis), tooltip=tips)
    bar = base.mark_bar(height=9, cornerRadius=4).encode(x=drawing.share("MQL to SQL", "low:Q"), x2="high:Q", color=colour)
    dot = base.mark_point(filled=True, size=90, opacity=1, color=drawing.INK).encode(x="value:Q")
    line = alt.Chart(drawing.rows(rows[:1])).mark_rule(strokeDash=[4, 3], color=drawing.NEW).encode(x="value:Q")
    note = "Now: with its 95 % interval. Your past: eight of ten periods, the dot is the median. The line is where you are now."
    chart = (bar + line + dot).properties(width="container", height={"step": 22})
    return drawing.picture("audit", f"MQL to SQL: {phrases.rate(found.now)}", note, chart)


def _published(band: Band) -> str:
    return f"{band.motion} ({re.split(r', | [(]', band.source)[0]})"


def _names(report: ReviewReport) -> alt.X:
    names = [one.period.name for one in report.funnel.cohorts]
    return alt.X("name:N", sort=names, scale=alt.Scale(domain=names), title=None, axis=alt.Axis(labelAngle=0, labelOverlap=True))


def _dots(report: ReviewReport, rows: list[dict[str, Any]], title: str) -> Any:
    tips = drawing.tips(
        ("name:N", "entered", ""), ("value:Q", "share", ".1%"), ("low:Q", "at least", ".1%"), ("high:Q", "at most", ".1%"),
        ("n:Q", "worked and old enough", ",d"), ("kind:N", "cohort", ""),
    )  # fmt: skip
    base = alt.Chart(drawing.rows(rows)).encode(x=_names(report), tooltip=tips)
    share = alt.Y("value:Q", title=title, axis=alt.Axis(format=drawing.PERCENT, tickCount=4), scale=alt.Scale(zero=True))
    interval = base.mark_rule(strokeWidth=2, color=drawing.NEW).encode(y="low:Q", y2="high:Q")
    fill = alt.condition(alt.datum.kind == "complete", alt.value(drawing.NEW), alt.value("#ffffff"))
    dot = base.mark_point(filled=True, size=80, opacity=1, stroke=drawing.NEW, strokeWidth=2).encode(y=share, fill=fill)
    return (interval + dot).properties(width="container", height=190)


def _figure(figure: Figure) -> dict[str, Any]:
    return {"value": figure.value, "low": figure.low, "high": figure.high, "n": figure.n}

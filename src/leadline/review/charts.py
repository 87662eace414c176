"""The pictures of a plan's two sides: how many enter, what their teams can take, and what came of them.

How the sides differ is drawn by :mod:`leadline.review.change_charts`, the sweep of the line by :mod:`leadline.review.sweep_charts`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import altair as alt

from leadline.review import drawing, findings, phrases
from leadline.review.drawing import Picture
from leadline.review.model import Load, PlanReport, Side, Stage, Week


def weekly(report: PlanReport) -> Picture:
    """Draw the entries of each week by both sides."""
    series = [(side.name, side.total.weeks) for side in _sides(report)]
    title = findings.entries(report)
    return drawing.picture("weekly", title, "Entries of each week; a spell that begins is an entry.", _weeks(report, series))


def teams(report: PlanReport) -> Iterator[Picture]:
    """Draw what each team gets in a week, and what it can take."""
    loads = [{load.team: load for load in side.loads} for side in _sides(report)]
    for team in dict.fromkeys([*loads[1], *loads[0]]):
        old, new = (held.get(team) for held in loads)
        series = [(side.name, load.weeks) for side, load in zip(_sides(report), (old, new), strict=True) if load]
        note = "Entries of each week for this team; the red line is what its reps can take, days off taken out."
        yield drawing.picture(f"team-{team}", findings.workload(team, old, new), note, _weeks(report, series, new or old), wide=False)


def conversion(report: PlanReport) -> Picture:
    """Draw what share of the entries worked came to each stage, with what the others could change."""
    rows = [
        {
            "stage": findings.STAGES[found.stage], "side": side.name, "value": found.rate.value, "low": found.rate.low,
            "high": found.rate.high, "n": found.rate.n, "least": found.least, "most": found.most, "young": found.young,
        }
        for stage in Stage for side in _sides(report) for found in [side.total.stage(stage)] if found.rate.value is not None
    ]  # fmt: skip
    tips = drawing.tips(
        ("stage:N", "stage", ""), ("side:N", "side", ""), ("value:Q", "of those worked", ".1%"), ("low:Q", "at least", ".1%"),
        ("high:Q", "at most", ".1%"), ("n:Q", "worked and old enough", ",d"), ("young:Q", "too young to judge", ",d"),
        ("least:Q", "if no unworked one got there", ".1%"), ("most:Q", "if all unworked ones did", ".1%"),
    )  # fmt: skip
    stages = list(findings.STAGES.values())
    base = alt.Chart(drawing.rows(rows)).encode(
        y=drawing.labels("stage:N", sort=stages), yOffset=alt.YOffset("side:N", sort=_names(report)),
        color=drawing.side(_names(report)), tooltip=tips,
    )  # fmt: skip
    share = drawing.share("share of entries", "least:Q")
    bounds = base.mark_bar(height=14, opacity=0.16, cornerRadius=3).encode(x=share, x2="most:Q")
    interval = base.mark_rule(strokeWidth=3).encode(x="low:Q", x2="high:Q")
    dot = base.mark_point(filled=True, size=90, opacity=1).encode(x="value:Q")
    label = base.mark_text(align="left", dx=7, fontSize=11).encode(x="high:Q", text=alt.Text("value:Q", format=drawing.PERCENT))
    note = (
        "Dot and line: of the entries that sales worked, how many got there, with a 95 % interval. Pale bar: the same share of all "
        "entries, whatever would have become of those never worked."
    )
    chart = (bounds + interval + dot + label).properties(width="container", height={"step": 17})
    return drawing.picture("conversion", findings.conversion(report), note, chart)


def revenue(report: PlanReport) -> Picture:
    """Draw the won revenue that each side caught, with its interval."""
    rows = [
        {
            "side": side.name, "value": side.total.revenue.value, "low": side.total.revenue.low, "high": side.total.revenue.high,
            "deals": f"{len(side.caught)} of {len(side.caught) + len(side.missed)}",
            "label": phrases.about(side.total.revenue.value, report.currency), "all": _won(side),
        }
        for side in _sides(report)
    ]  # fmt: skip
    tips = drawing.tips(
        ("side:N", "side", ""), ("value:Q", "caught", drawing.WHOLE), ("low:Q", "at least", drawing.WHOLE),
        ("high:Q", "at most", drawing.WHOLE), ("deals:N", "won deals", ""), ("all:Q", "all that was won", drawing.WHOLE),
    )  # fmt: skip
    base = alt.Chart(drawing.rows(rows)).encode(y=drawing.labels("side:N", sort=_names(report)), tooltip=tips)
    money = drawing.money("value:Q", report.currency)
    bar = base.mark_bar(height=22, cornerRadius=2).encode(x=money, color=drawing.side(_names(report), symbol=None))
    everything = base.mark_tick(thickness=2, size=34, color=drawing.SOFT).encode(x="all:Q")
    interval = base.mark_rule(strokeWidth=2, color=drawing.INK).encode(x="low:Q", x2="high:Q")
    label = base.mark_text(align="left", dx=1, dy=-19, fontWeight=600).encode(x=alt.datum(0), text="label:N")
    note = "Bar: amount of the won deals credited to an entry. Thin line: 95 % interval. Grey tick: all that was won in this time."
    chart = (bar + interval + everything + label).properties(width="container", height={"step": 50})
    return drawing.picture("revenue", findings.revenue(report), note, chart, wide=False)


def curves(report: PlanReport) -> Iterator[Picture]:
    """Draw, for each stage, what share of the entries worked had reached it by so many days."""
    for stage in Stage:
        rows = [
            {"side": side.name, "days": point.days, "share": point.share, "low": point.low, "high": point.high, "risk": point.at_risk}
            for side in _sides(report)
            for curve in side.total.curves
            if curve.stage is stage
            for point in curve.points
        ]
        if rows:
            yield drawing.picture(
                f"curve-{stage}", findings.curves(report, stage), findings.usual(report, stage), _steps(rows, _names(report)), wide=False
            )


def _weeks(report: PlanReport, series: Sequence[tuple[str, Sequence[Week]]], load: Load | None = None) -> Any:
    """Return lines of entries by week, with what a team can take if it is stated; weeks cut short by the window are left out."""
    names = _names(report)
    rows = [
        {"week": drawing.instant(week.begin_at), "day": phrases.day(week.begin_at), "side": name, "entries": week.entries}
        for name, weeks in series for week in weeks if week.days == 7
    ]  # fmt: skip
    time = alt.X("week:T", scale=alt.Scale(type="utc"), title=None, axis=alt.Axis(format="%b %Y", tickCount=6, labelOverlap=True))
    tips = drawing.tips(("day:N", "week from", ""), ("side:N", "side", ""), ("entries:Q", "entries", ",d"))
    amount = alt.Y("entries:Q", title="entries a week", scale=alt.Scale(zero=True), axis=alt.Axis(tickCount=5))
    lines = alt.Chart(drawing.rows(rows)).encode(x=time, y=amount, color=drawing.side(names, symbol="stroke"), tooltip=tips)
    chart = lines.mark_line(strokeWidth=2).encode(strokeDash=drawing.dash(names)) + lines.mark_point(size=90, opacity=0, filled=True)
    if load is not None and load.capacity:
        room = [
            {"week": drawing.instant(week.begin_at), "room": most, "day": phrases.day(week.begin_at)}
            for week, most in zip(load.weeks, load.capacity, strict=True)
            if week.days == 7
        ]
        told = drawing.tips(("day:N", "week from", ""), ("room:Q", "can take", ".1f"))
        line = alt.Chart(drawing.rows(room)).mark_line(interpolate="step-after", color=drawing.LIMIT, strokeWidth=1.5)
        chart += line.encode(x=time, y="room:Q", tooltip=told)
    return chart.properties(width="container", height=220)


def _steps(rows: Sequence[Mapping[str, Any]], names: Sequence[str]) -> Any:
    """Return curves that rise by steps, with their bands."""
    tips = drawing.tips(
        ("side:N", "side", ""), ("days:Q", "days since entry", ".1f"), ("share:Q", "had got there", ".1%"), ("low:Q", "at least", ".1%"),
        ("high:Q", "at most", ".1%"), ("risk:Q", "still watched", ",d"),
    )  # fmt: skip
    base = alt.Chart(drawing.rows(rows)).encode(x=alt.X("days:Q", title="days since entry", axis=alt.Axis(tickCount=5)), tooltip=tips)
    share = alt.Y("share:Q", title="of those worked", axis=alt.Axis(format=drawing.PERCENT, tickCount=4))
    band = base.mark_area(opacity=0.14, interpolate="step-after").encode(
        y=alt.Y("low:Q"), y2="high:Q", color=drawing.side(names, symbol="stroke")
    )
    line = base.mark_line(interpolate="step-after", strokeWidth=2).encode(
        y=share, color=drawing.side(names, symbol="stroke"), strokeDash=drawing.dash(names)
    )
    return (band + line).properties(width="container", height=190)


def _sides(report: PlanReport) -> tuple[Side, Side]:
    return report.old, report.new


def _names(report: PlanReport) -> list[str]:
    return [report.old.name, report.new.name]


def _won(side: Side) -> float:
    return sum(deal.amount or 0.0 for deal in (*side.caught, *side.missed))

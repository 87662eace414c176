"""The pictures of what was learned: what tells a won deal, how well the card ranks, and what a score is worth."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import altair as alt

from leadline.review import drawing, phrases
from leadline.review.discover import findings, tables, told
from leadline.review.discover.model import Behaviour, DiscoverReport, Says
from leadline.review.drawing import Picture

_COLOURS = {Says.WINS: drawing.NEW, Says.AGAINST: drawing.LIMIT, Says.FREQUENT: drawing.OLD, Says.OPEN: drawing.BOTH}
_RIVALS = {"card": drawing.NEW, "logistic": drawing.BOTH, "boosting": drawing.BOTH, "current": drawing.OLD}
_ROOM = 12.0
"""How many times an odds ratio's interval is drawn up and down."""
_LETTERS = 48
"""Of a line of words beside a chart."""


def behaviours(report: DiscoverReport) -> Picture:
    """Draw the odds ratio of the most telling behaviours, by what they come to."""
    shown = _shown(report)
    kinds = told.KINDS[report.goal]
    rows = [
        {
            "what": name, "words": found.words, "says": found.says.value, "value": found.odds_ratio.value,
            "low": _edge(found.odds_ratio.low, found), "high": _edge(found.odds_ratio.high, found), "odds": told.odds(found.odds_ratio),
            "today": ", ".join(found.used_by) or "no",
            **{kind: phrases.percent(told.share(found, kind)) for kind in kinds},
        }
        for name, found in shown if found.odds_ratio.value
    ]  # fmt: skip
    tips = drawing.tips(
        ("words:N", "who or what", ""), ("says:N", "comes to", ""), ("odds:N", "odds ratio", ""),
        *((f"{kind}:N", words, "") for kind, words in kinds.items()), ("today:N", "counted today as", ""),
    )  # fmt: skip
    domain = [says.value for says in _COLOURS]
    colour = alt.Color(
        "says:N", scale=alt.Scale(domain=domain, range=[*_COLOURS.values()]), title=None, legend=alt.Legend(symbolType="circle")
    )
    ends = [end for row in rows for end in (row["low"], row["high"], row["value"]) if isinstance(end, float)]
    span = [min([0.5, *ends]) / 1.2, max([2.0, *ends]) * 1.2]
    across = alt.X(
        "value:Q",
        scale=alt.Scale(type="log", domain=span, nice=False),
        title=f"odds ratio: {kinds['won']} against all others",
        axis=_odds_axis(),
    )
    base = alt.Chart(drawing.rows(rows)).encode(y=_names("what:N", [name for name, _ in shown]), color=colour, tooltip=tips)
    even = alt.Chart(drawing.rows([{"one": 1}])).mark_rule(color=drawing.SOFT, strokeDash=[3, 3]).encode(x="one:Q")
    chart = (
        even
        + base.mark_rule(strokeWidth=2.5).encode(x="low:Q", x2="high:Q")
        + base.mark_point(filled=True, size=90, opacity=1).encode(x=across)
    )
    note = (
        "Of each signal and attribute the most telling. To the right of the dashed line it is more frequent among the won, to the left "
        "rarer; the line through a dot is its 95 % interval. Merely easy to track is what the won had no more often than others who did as "
        "much."
    )
    chart = chart.properties(width="container", height={"step": _step(shown)})
    return _legend_over_words(drawing.picture("behaviours", findings.behaviours(report), note, chart))


def prevalence(report: DiscoverReport) -> Picture:
    """Draw how many had the most telling behaviours, among the won and among the others."""
    kinds = told.KINDS[report.goal]
    shown = [(name, found) for name, found in _shown(report) if found.says in (Says.WINS, Says.AGAINST, Says.FREQUENT)]
    rows = [
        {"what": name, "words": found.words, "kind": words, "value": told.share(found, kind), "text": phrases.rate(found.prevalence[kind])}
        for name, found in shown for kind, words in kinds.items() if kind in found.prevalence
    ]  # fmt: skip
    tips = drawing.tips(("words:N", "who or what", ""), ("kind:N", "cases", ""), ("text:N", "had it", ""))
    base = alt.Chart(drawing.rows(rows)).encode(y=_names("what:N", [name for name, _ in shown]), tooltip=tips)
    scale = alt.Scale(domain=[*kinds.values()], range=[drawing.NEW, drawing.LIMIT, "#d9a441", drawing.SOFT])
    shapes = alt.Scale(domain=[*kinds.values()], range=["circle", "cross", "triangle-up", "square"])
    legend = alt.Legend()
    dots = base.mark_point(filled=True, size=80, opacity=0.95).encode(
        x=drawing.share("share that had it"), color=alt.Color("kind:N", scale=scale, title=None, legend=legend),
        shape=alt.Shape("kind:N", scale=shapes, title=None, legend=legend),
    )  # fmt: skip
    span = base.mark_rule(color=drawing.LINE, strokeWidth=3).encode(x="min(value):Q", x2="max(value):Q", tooltip=alt.value(None))
    note = f"The further the circle lies from the square, the better it tells who {kinds['won']} from who was {kinds['never']}."
    chart = (span + dots).properties(width="container", height={"step": _step(shown)})
    return _legend_over_words(drawing.picture("prevalence", findings.prevalence(report), note, chart))


def areas(report: DiscoverReport) -> Picture:
    """Draw the area under the ROC curve of the card between the current definition and the models."""
    names = [name for name in ("logistic", "boosting", "card", "current") if name in report.judged and report.judged[name].roc_auc.value]
    rows = [
        {"who": told.RIVALS[name], "name": name, "value": area.value, "low": area.low, "high": area.high, "text": told.two(area)}
        for name in names for area in [report.judged[name].roc_auc]
    ]  # fmt: skip
    tips = drawing.tips(("who:N", "ranked by", ""), ("text:N", "ROC AUC", ""))
    colour = alt.Color("name:N", scale=alt.Scale(domain=[*_RIVALS], range=[*_RIVALS.values()]), legend=None)
    ends = [value for row in rows for value in (row["low"], row["high"], row["value"], 0.5) if isinstance(value, float)]
    across = alt.X(
        "value:Q", title="area under the ROC curve (0.5 is chance)", scale=alt.Scale(domain=[min(ends), 1.0], zero=False),
        axis=alt.Axis(grid=True, tickCount=4, format=".1f", labelOverlap=True),
    )  # fmt: skip
    base = alt.Chart(drawing.rows(rows)).encode(y=_names("who:N", [told.RIVALS[name] for name in names]), tooltip=tips)
    chart = (
        base.mark_rule(strokeWidth=3).encode(x="low:Q", x2="high:Q", color=colour)
        + base.mark_point(filled=True, size=110, opacity=1).encode(x=across, color=colour)
        + base.mark_text(dy=-11, fontSize=11).encode(x="value:Q", text=alt.Text("value:Q", format=".2f"))
    )
    note = "Dot and line: area with its 95 % interval. Models are the ceiling of what these data tell, the current definition is the floor."
    return drawing.picture("areas", findings.areas(report), note, chart.properties(width="container", height={"step": 34}), wide=False)


def reliability(report: DiscoverReport) -> Picture:
    """Draw the share won against the chance that the card gave."""
    found = report.judged["card"]
    rows = [
        {"given": given, "won": share.value, "low": share.low, "high": share.high, "n": share.n}
        for given, share in found.reliability if share.value is not None
    ]  # fmt: skip
    most = min(1.0, max((end for row in rows for end in (row["given"], row["high"]) if end is not None), default=1.0))
    scale = alt.Scale(domain=[0, most], nice=True)
    tips = drawing.tips(
        ("given:Q", "chance given", ".1%"), ("won:Q", "won", ".1%"), ("low:Q", "at least", ".1%"), ("high:Q", "at most", ".1%"),
        ("n:Q", "cases", ",d"),
    )  # fmt: skip
    axis = alt.Axis(format=drawing.PERCENT, tickCount=5, grid=True)
    base = alt.Chart(drawing.rows(rows)).encode(x=alt.X("given:Q", title="chance that the card gave", scale=scale, axis=axis), tooltip=tips)
    share = alt.Y("won:Q", title="share won", scale=scale, axis=axis)
    ideal = alt.Chart(drawing.rows([{"at": 0.0}, {"at": most}])).mark_line(color=drawing.SOFT, strokeDash=[3, 3], strokeWidth=1)
    chart = (
        ideal.encode(x=alt.X("at:Q"), y=alt.Y("at:Q"))
        + base.mark_rule(color=drawing.NEW, strokeWidth=2).encode(y="low:Q", y2="high:Q")
        + base.mark_point(filled=True, color=drawing.NEW, size=80, opacity=1).encode(y=share)
    )
    note = "Each dot: as many of the cases, by the chance that the card gave them. On the dashed line the chances come true."
    return drawing.picture(
        "reliability", findings.reliability(report, found), note, chart.properties(width="container", height=210), wide=False
    )


def worth(report: DiscoverReport) -> Picture:
    """Draw the chance of each band of scores."""
    rows = [
        {**_band(report, at), "value": band.per_month.value, "low": band.per_month.low, "high": band.per_month.high}
        for at, band in enumerate(report.worth)
    ]
    note = "The chance that a conversation that will be won begins within 30 days, with a 95 % interval. Dark: from the proposed line on."
    return drawing.picture("worth", findings.worth(report), note, _bands(report, rows, "chance within 30 days", ".1%"), wide=False)


def revenue(report: DiscoverReport) -> Picture:
    """Draw what is to be expected of each band of scores."""
    rows = [
        {**_band(report, at), "value": band.revenue.value, "low": band.revenue.low, "high": band.revenue.high}
        for at, band in enumerate(report.worth)
    ]
    title = f"{report.currency} within 30 days".lstrip()
    note = "That chance times the amount of a won deal, with a 95 % interval: a way to rank whom to call first."
    return drawing.picture("worth-revenue", findings.revenue(report), note, _bands(report, rows, title, ",.0f"), wide=False)


def path(report: DiscoverReport) -> Picture:
    """Draw how well cards of each size tell cases apart that they haven't seen."""
    rows = [
        {"size": size, "loss": loss, "low": loss - error, "high": loss + error, "chosen": size == len(report.criteria)}
        for size, loss, error in report.path
    ]
    tips = drawing.tips(("size:Q", "criteria", ",d"), ("loss:Q", "log loss", ".4f"), ("low:Q", "less a standard error", ".4f"),
                        ("high:Q", "and one more", ".4f"))  # fmt: skip
    across = alt.X("size:Q", title="criteria", axis=alt.Axis(tickMinStep=1, format="d"))
    base = alt.Chart(drawing.rows(rows)).encode(x=across, tooltip=tips)
    loss = alt.Y("loss:Q", title="log loss, the lower the better", scale=alt.Scale(zero=False), axis=alt.Axis(tickCount=4))
    chart = (
        base.mark_area(color=drawing.NEW, opacity=0.14).encode(y=alt.Y("low:Q", scale=alt.Scale(zero=False)), y2="high:Q")
        + base.mark_line(color=drawing.NEW, strokeWidth=2).encode(y=loss)
        + base.mark_point(filled=True, opacity=1, color=drawing.NEW, size=120).encode(y="loss:Q").transform_filter("datum.chosen")
    )
    note = "By cross-validation, the band a standard error wide. Chosen is the smallest card that can't be told from the best."
    return drawing.picture("path", findings.path(report), note, chart.properties(width="container", height=150))


def _bands(report: DiscoverReport, rows: Sequence[Mapping[str, Any]], title: str, form: str) -> Any:
    order = [findings.band(band) for band in reversed(report.worth)]
    tips = drawing.tips(("band:N", "score", ""), ("value:Q", title, form), ("low:Q", "at least", form), ("high:Q", "at most", form),
                        ("cases:N", "cases", ""))  # fmt: skip
    base = alt.Chart(drawing.rows(rows)).encode(y=_names("band:N", order), tooltip=tips)
    colour = alt.condition("datum.over", alt.value(drawing.NEW), alt.value(drawing.BOTH))
    axis = alt.Axis(grid=True, tickCount=5, format=drawing.PERCENT if form.endswith("%") else drawing.SHORT)
    bars = base.mark_bar(height={"band": 0.62}, cornerRadius=2).encode(x=alt.X("value:Q", title=title, axis=axis), color=colour)
    return (bars + base.mark_rule(color=drawing.INK).encode(x="low:Q", x2="high:Q")).properties(width="container", height={"step": 26})


def _band(report: DiscoverReport, at: int) -> Mapping[str, Any]:
    band = report.worth[at]
    over = report.line is not None and band.low >= report.line.score
    return {"band": findings.band(band), "over": over, "cases": told.counts(band.cases, report.goal)}


def _shown(report: DiscoverReport) -> list[tuple[str, Behaviour]]:
    """Return the behaviours to draw with their words on two lines at most, no two the same, the largest odds ratio first."""
    found: dict[str, Behaviour] = {}
    for behaviour in sorted(findings.telling(report, tables.SHOWN), key=lambda item: -(item.odds_ratio.value or 0.0)):
        words = "\n".join(textwrap.wrap(behaviour.words, _LETTERS, max_lines=2, placeholder=" …", break_on_hyphens=False))
        found[words if words not in found else f"{words} ({len(found)})"] = behaviour
    return [*found.items()]


def _names(field: str, order: Sequence[str]) -> alt.Y:
    """Return words down the side of a chart, with room for a behaviour."""
    raised: Any = {"condition": {"test": "indexof(datum.label, '\\n') > 0", "value": -6.5}, "value": 0}
    axis = alt.Axis(
        labelExpr="split(datum.label, '\\n')", labelFontSize=12, labelColor=drawing.INK, labelLimit=330,
        labelLineHeight=13, labelPadding=9, ticks=False,
        domain=False, labelOffset=raised,
    )  # fmt: skip
    return alt.Y(field, sort=list(order), title=None, axis=axis)


def _step(shown: Sequence[tuple[str, Behaviour]]) -> int:
    return 28 if any("\n" in name for name, _ in shown) else 22


def _legend_over_words(drawn: Picture) -> Picture:
    """Return a chart whose legend ends with it, and so begins over the words at its side: it has no room to the right."""
    config: Mapping[str, Any] = drawn.spec["config"]
    legend = {**config["legend"], "layout": {"top": {"anchor": "end"}}}
    return replace(drawn, spec={**drawn.spec, "config": {**config, "legend": legend}})


def _odds_axis() -> alt.Axis:
    return alt.Axis(
        grid=True, values=[0.001, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000], labelOverlap=True, format="~g"
    )


def _edge(end: float | None, found: Behaviour) -> float | None:
    """Return an end of the interval of an odds ratio, no further off than a picture has room for."""
    middle = found.odds_ratio.value
    return None if end is None or not middle else min(max(end, middle / _ROOM), middle * _ROOM)

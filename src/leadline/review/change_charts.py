"""The pictures of how two sides differ: whom they take, which attributes move, and what each change does alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import altair as alt

from leadline.review import drawing, findings, phrases
from leadline.review.drawing import Picture
from leadline.review.model import Cell, Effect, Effects, PlanReport, Slice

_METRICS: Mapping[str, Callable[[Cell], float]] = {
    "people": lambda cell: cell.people,
    "won deals": lambda cell: cell.won,
    "revenue": lambda cell: cell.revenue.value or 0.0,
}
_NARROW = 0.12
_MOST = 12
"""Changes that are drawn."""
_PLACES = {"only_old": 0, "both": 1, "only_new": 2}


def overlap(report: PlanReport) -> Picture:
    """Draw what part of people, won deals and revenue both sides share."""
    rows = [row for what in _shared(report) for row in what]
    order = [findings.part(report, name) for name in _PLACES]
    colour = alt.Color("who:N", scale=alt.Scale(domain=order, range=[drawing.OLD, drawing.BOTH, drawing.NEW]), title=None)
    tips = drawing.tips(("what:N", "of", ""), ("who:N", "taken", ""), ("text:N", "how many", ""))
    base = alt.Chart(drawing.rows(rows)).encode(y=drawing.labels("what:N", sort=list(_METRICS)), order="at:O", tooltip=tips)
    bars = base.mark_bar(height=24, stroke="white", strokeWidth=1).encode(x=drawing.share("share", stack="normalize"), color=colour)
    middle = drawing.share("share", stack="normalize", bandPosition=0.5)
    ink = alt.condition("datum.at == 1", alt.value(drawing.INK), alt.value("white"))
    texts = base.mark_text(fontSize=11).encode(x=middle, text="label:N", color=ink)
    note = "People by who takes them, and what came of each part. The people are listed below."
    chart = (bars + texts).properties(width="container", height={"step": 40})
    return drawing.picture("overlap", findings.overlap(report), note, chart, wide=False)


def _shared(report: PlanReport) -> Iterator[Sequence[Mapping[str, Any]]]:
    """Yield, for each thing to be shared, a row for each cell; a part too narrow for its figure has no label."""
    cells = sorted(report.cells, key=lambda cell: _PLACES[cell.name])
    for what, count in _METRICS.items():
        if what == "revenue" and not findings.priced(report):
            continue
        values = [count(cell) for cell in cells]
        texts = [phrases.money(value, report.currency) if what == "revenue" else phrases.count(round(value)) for value in values]
        short = [phrases.about(value, "") for value in values] if what == "revenue" else texts
        yield [
            {
                "what": what, "who": findings.part(report, cell.name), "value": value, "text": text, "at": at,
                "label": label if value > _NARROW * sum(values) else "",
            }
            for at, (cell, value, text, label) in enumerate(zip(cells, values, texts, short, strict=True))
        ]  # fmt: skip


def effects(report: PlanReport, found: Effects) -> Iterator[Picture]:
    """Draw what each change alone does to entries, and to revenue."""
    if not found.alone:
        return
    named = [(_place(effect.path), effect) for effect in found.alone[:_MOST]] + [("all together", found.together)]
    rows = [_effect(name, effect) for name, effect in named]
    order = [name for name, _ in named]
    left = len(found.alone) - _MOST
    rest = f" The {left} smallest stand in the table." if left > 0 else ""
    note = f"Each change alone on top of the old definition; hover for its words. Together they needn't add up.{rest}"
    yield drawing.picture("effects-entries", findings.effects(found), note, _bars(rows, order, "entries", "entries"), wide=False)
    if findings.priced(report):
        chart = _bars(rows, order, "revenue", report.currency or "amount")
        yield drawing.picture("effects-revenue", findings.money(report, found), "Thin line: 95 % interval.", chart, wide=False)


def breakdowns(report: PlanReport) -> Picture:
    """Draw the entries of both sides by an attribute that is chosen on the page."""
    fields = [found.by for found in report.breakdowns]
    rows = [
        {"by": found.by, "label": row.label, "at": at, "side": name, **_slice(part)}
        for found in report.breakdowns
        for at, row in enumerate(found.rows)
        for name, part in zip(_names(report), (row.old, row.new), strict=True)
    ]
    chosen = alt.selection_point(
        fields=["by"], name="by", bind=alt.BindRadioSelect("select", options=fields, labels=[*map(phrases.words, fields)], name="by "),
        value=[{"by": fields[0]}],
    )  # fmt: skip
    tips = drawing.tips(
        ("label:N", "is", ""), ("side:N", "side", ""), ("entries:Q", "entries", ",d"), ("sql:N", "SQL, of those worked", ""),
        ("won:Q", "won", ",d"), ("revenue:Q", "revenue", drawing.WHOLE),
    )  # fmt: skip
    chart = alt.Chart(drawing.rows(rows)).mark_bar(height={"band": 0.9}, cornerRadius=1).encode(
        y=drawing.labels("label:N", sort=alt.EncodingSortField("at", op="min")), yOffset=alt.YOffset("side:N", sort=_names(report)),
        x=alt.X("entries:Q", title="entries", axis=alt.Axis(grid=True, tickCount=5)), color=drawing.side(_names(report)), tooltip=tips,
    )  # fmt: skip
    chart = chart.add_params(chosen).transform_filter(chosen).properties(width="container", height={"step": 13})
    title = findings.breakdown(report.breakdowns[0])
    return drawing.picture("breakdowns", title, "As their attributes stood when they entered. Choose an attribute below the chart.", chart)


def _effect(name: str, effect: Effect) -> Mapping[str, Any]:
    return {
        "change": name, "words": phrases.plain(effect.words), "entries": effect.entries, "gained": effect.gained, "lost": effect.lost,
        "won": effect.won, "revenue": effect.revenue.value, "low": effect.revenue.low, "high": effect.revenue.high,
    }  # fmt: skip


def _place(path: str) -> str:
    """Return a place of the definition as a short name.

    >>> _place("groups.engagement.criteria.team_mates"), _place("groups.fit.cap"), _place("tracks.mql")
    ('team mates', 'fit cap', 'track mql')
    """
    parts = path.rsplit(".criteria.", maxsplit=1)[-1].removeprefix("groups.")
    for many in ("tracks", "signals"):
        parts = parts.replace(f"{many}.", f"{many[:-1]}.")
    return phrases.words(parts)


def _bars(rows: Sequence[Mapping[str, Any]], order: Sequence[str], field: str, title: str) -> Any:
    tips = drawing.tips(
        ("words:N", "change", ""), ("entries:Q", "entries", "+,d"), ("gained:Q", "people in", ",d"), ("lost:Q", "people out", ",d"),
        ("won:Q", "won deals", "+,d"), ("revenue:Q", "revenue", "+,.0f"),
    )  # fmt: skip
    base = alt.Chart(drawing.rows(rows)).encode(y=drawing.labels("change:N", sort=order), tooltip=tips)
    colour = alt.condition("datum.change == 'all together'", alt.value(drawing.INK), alt.value(drawing.NEW))
    axis = alt.Axis(grid=True, tickCount=5, format=drawing.SHORT if field == "revenue" else drawing.WHOLE)
    bars = base.mark_bar(height={"band": 0.62}).encode(x=alt.X(f"{field}:Q", title=title, axis=axis), color=colour)
    if field == "revenue":
        bars += base.mark_rule(color=drawing.SOFT).encode(x="low:Q", x2="high:Q")
    return bars.properties(width="container", height={"step": 24})


def _slice(part: Slice) -> Mapping[str, Any]:
    return {"entries": part.entries, "sql": phrases.rate(part.sql), "won": part.won, "revenue": part.revenue.value}


def _names(report: PlanReport) -> list[str]:
    return [report.old.name, report.new.name]

"""The pictures of a line that is moved: what each line would do, and the frontier of volume against results."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import altair as alt

from leadline.review import drawing, findings, phrases
from leadline.review.drawing import INK, LIMIT, NEW, OLD, SOFT, Picture
from leadline.review.model import Figure, PlanReport, Step, Sweep

_HEIGHTS = (170, 130, 130)


def lines(report: PlanReport, found: Sweep) -> Picture:
    """Draw entries, conversion and revenue by where the line lies, with the lines that matter marked."""
    rows = [_row(step) for step in found.steps]
    near = [_near(name) for name in ("volume", "came", "money")]
    base = alt.Chart(drawing.rows(rows)).encode(x=_line(found, last=False))
    foot = alt.Chart(drawing.rows(rows)).encode(x=_line(found, last=True))
    volume = _volume(base, found)
    came = _band(base, "sql", SOFT) + _band(base, "won", NEW) + _ends(rows)
    won = _won(report, foot)
    marks = _marks(found)
    panels = [
        (panel + _rules(marks) + _hover((base, base, foot)[at], near, at)).properties(height=_HEIGHTS[at])
        for at, panel in enumerate((_named(volume, marks), came, won))
    ]
    chart = alt.vconcat(*panels, spacing=14)
    note = (
        "From above: entries a week (the thin line is what the track's own team gets of them); of the entries worked, how many "
        "become SQLs and are won; what is caught of what was won. Bands are 95 % intervals. Hover for the figures of a line."
    )
    return drawing.picture("sweep", findings.sweep(found), note, chart)


def frontier(report: PlanReport, found: Sweep) -> Iterator[Picture]:
    """Draw what is bought with each entry more: revenue, and the share that become SQLs, against volume."""
    ends = [found.steps[0], found.steps[-1]]
    note = f"Each dot is a line; the square is {findings.name(report.old)}."
    if findings.priced(report):
        told = [phrases.about(step.revenue.value, report.currency) for step in ends]
    else:
        told = [f"{step.won} won deals" for step in ends]
    title, field = findings.frontier(found, " to ".join(told)), _counted(report)
    won = _amount(report).scale(zero=False)
    yield drawing.picture(f"frontier-{field}", title, note, _frontier(report, found, won, field), wide=False)
    share = alt.Y("sql:Q", title="SQLs, of those worked", axis=_axis(drawing.PERCENT), scale=alt.Scale(zero=False))
    title = findings.frontier(found, " to ".join(phrases.percent(step.sql.value) for step in ends) + " of those worked become SQLs")
    yield drawing.picture("frontier-sql", title, note, _frontier(report, found, share, "sql"), wide=False)


def _counted(report: PlanReport) -> str:
    """Return what is caught of what was won: money, or deals where no amounts are known."""
    return "revenue" if findings.priced(report) else "deals"


def _amount(report: PlanReport) -> alt.Y:
    title = (report.currency or "amount") if findings.priced(report) else "won deals"
    return alt.Y(f"{_counted(report)}:Q", title=title, axis=_axis("~s"))


def _won(report: PlanReport, base: alt.Chart) -> Any:
    if findings.priced(report):
        return _band(base, "revenue", NEW, _amount(report))
    return base.mark_line(color=NEW, strokeWidth=2).encode(y=_amount(report))


def _frontier(report: PlanReport, found: Sweep, y: alt.Y, field: str) -> Any:
    rows = [_row(step) for step in found.steps]
    named = {found.current: "current", found.proposed: "proposed"}
    labels = [{**row, "text": f"{phrases.line(row['line'])} {named[row['line']]}"} for row in rows if row["line"] in named]
    total = report.old.total
    sql = total.conversion[1].rate
    old = [{"entries": total.per_week.value, "revenue": total.revenue.value, "sql": sql.value, "deals": total.won, "text": report.old.name}]
    x = alt.X("entries:Q", title="entries a week", axis=alt.Axis(tickCount=5), scale=alt.Scale(zero=False, padding=12))
    base = alt.Chart(drawing.rows(rows)).encode(x=x, y=y, order="line:Q", tooltip=_tips())
    path = base.mark_line(color=NEW, strokeWidth=1.5)
    dots = base.mark_point(filled=True, color=NEW, size=45, opacity=1)
    here = alt.Chart(drawing.rows(labels)).encode(x=x, y=y)
    text = here.mark_text(dx=9, dy=-9 if field == "sql" else 11, align="left").encode(text="text:N")
    ring = here.mark_point(size=110, color=INK, strokeWidth=1.5).encode(tooltip=_tips())
    before = alt.Chart(drawing.rows(old if old[0][field] is not None else [])).encode(x=x, y=y)
    square = before.mark_point(filled=True, shape="square", size=110, color=OLD, opacity=1) + before.mark_text(dy=-13, color=OLD).encode(
        text="text:N"
    )
    return (path + dots + ring + text + square).properties(width="container", height=230)


def _row(step: Step) -> dict[str, Any]:
    return {
        "line": step.line, "own": step.load_per_week, "deals": step.won, **_figure("entries", step.per_week), **_figure("sql", step.sql),
        **_figure("won", step.won_rate), **_figure("revenue", step.revenue),
    }  # fmt: skip


def _figure(name: str, figure: Figure) -> dict[str, float | None]:
    return {name: figure.value, f"{name}_low": figure.low, f"{name}_high": figure.high}


def _tips() -> list[alt.Tooltip]:
    return drawing.tips(
        ("line:Q", "line", ""), ("entries:Q", "entries a week", ".1f"), ("own:Q", "of them for the team", ".1f"),
        ("sql:Q", "SQLs, of those worked", ".1%"), ("won:Q", "won, of those worked", ".1%"), ("deals:Q", "won deals", ",d"),
        ("revenue:Q", "revenue", ",.0f"), ("revenue_low:Q", "at least", ",.0f"), ("revenue_high:Q", "at most", ",.0f"),
    )  # fmt: skip


def _line(found: Sweep, *, last: bool) -> alt.X:
    """Return the line along the foot; only the last panel says so."""
    title = f"{phrases.words(found.of)} at which {found.track} begins" if last else None
    ends = [found.steps[0].line, found.steps[-1].line]
    return alt.X("line:Q", title=title, scale=alt.Scale(domain=ends, nice=False), axis=alt.Axis(labels=last, ticks=last, tickCount=8))


def _axis(form: str) -> alt.Axis:
    return alt.Axis(format=form, tickCount=4, minExtent=44)


def _band(base: alt.Chart, field: str, colour: str, y: alt.Y | None = None) -> Any:
    """Return a line with its interval."""
    scale = y or alt.Y(f"{field}:Q", title="of those worked", axis=_axis(drawing.PERCENT))
    area = base.mark_area(opacity=0.15, color=colour).encode(y=alt.Y(f"{field}_low:Q"), y2=f"{field}_high:Q")
    return area + base.mark_line(color=colour, strokeWidth=2).encode(y=scale)


def _volume(base: alt.Chart, found: Sweep) -> Any:
    """Return the entries a week, the team's part of them, and what the team can take."""
    volume = _band(base, "entries", NEW, alt.Y("entries:Q", title="entries a week", axis=_axis("~s"), scale=alt.Scale(zero=True)))
    volume += base.mark_line(color=NEW, strokeWidth=1, strokeDash=[3, 2]).encode(y="own:Q")
    if _limits(found):
        room = [{"room": found.capacity_per_week, "text": f"{found.team or 'the team'} can take {phrases.size(found.capacity_per_week)}"}]
        limit = alt.Chart(drawing.rows(room)).encode(y="room:Q")
        volume += limit.mark_rule(color=LIMIT, strokeWidth=1.5)
        volume += limit.mark_text(color=LIMIT, align="right", dy=-7).encode(x=alt.value("width"), text="text:N")
    return volume


def _ends(rows: Sequence[Mapping[str, Any]]) -> Any:
    """Return the names of the two shares at the ends of their lines."""
    last = next((row for row in reversed(rows) if row["sql"] is not None and row["won"] is not None), None)
    ends = (
        []
        if last is None
        else [{"line": last["line"], "share": last[field], "text": text} for field, text in (("sql", "SQL"), ("won", "won"))]
    )
    return alt.Chart(drawing.rows(ends)).mark_text(align="right", dy=-8).encode(x="line:Q", y="share:Q", text="text:N")


def _marks(found: Sweep) -> list[dict[str, Any]]:
    """Return the lines that matter."""
    keeps_up = found.capacity_line if _limits(found) else None
    known = (
        ("current", found.current, OLD),
        ("proposed", found.proposed, NEW),
        (f"{found.team} keeps up from".strip(), keeps_up, LIMIT),
    )
    return [{"line": line, "text": f"{name} {phrases.line(line)}", "colour": colour} for name, line, colour in known if line is not None]


def _limits(found: Sweep) -> bool:
    """Return whether what the team can take is near enough to the entries to be drawn with them."""
    most = max(step.per_week.value or 0.0 for step in found.steps)
    return found.capacity_per_week is not None and found.capacity_per_week <= 1.5 * most


def _rules(marks: Sequence[Mapping[str, Any]]) -> Any:
    rules = alt.Chart(drawing.rows(marks)).mark_rule(strokeWidth=1.5, strokeDash=[6, 3])
    return rules.encode(x="line:Q", color=alt.Color("colour:N", scale=None))


def _named(panel: Any, marks: Sequence[Mapping[str, Any]]) -> Any:
    """Return a panel with the names of lines, each in a row of its own so that they don't cover each other."""
    for at, mark in enumerate(marks):
        text = alt.Chart(drawing.rows([mark])).mark_text(align="left", dx=5, color=mark["colour"])
        panel += text.encode(x="line:Q", y=alt.value(9 + 15 * at), text="text:N")
    return panel


def _near(panel: str) -> alt.Parameter:
    return alt.selection_point(name=f"near_{panel}", nearest=True, on="pointerover", fields=["line"], empty=False, clear="pointerout")


def _hover(base: alt.Chart, near: Sequence[alt.Parameter], at: int) -> Any:
    """Return the rule that follows the pointer, wherever among the panels it is."""
    here = {"or": [{"param": each.name, "empty": False} for each in near]}
    seen = alt.OpacityValue(0, condition={"test": here, "value": 0.5})
    return base.mark_rule(color=INK, strokeWidth=1).encode(opacity=seen, tooltip=_tips()).add_params(near[at])

"""How our charts look: colours, axes, and the parts that several of them share.

Colours tell apart for colour-blind eyes and in grey; the old side is dashed wherever it is a line. Widths are the page's.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import altair as alt

from leadline import clock

INK, SOFT, LINE = "#24303a", "#61707d", "#dde3e8"
OLD, NEW, BOTH, LIMIT = "#8e6c1f", "#1f6f78", "#b9c4cc", "#b3361e"
FONT = 'system-ui, "Segoe UI", Roboto, "Helvetica Neue", sans-serif'
PERCENT, WHOLE, SHORT = ".0%", ",.0f", "~s"
CONFIG: Mapping[str, Any] = {
    "font": FONT,
    "background": None,
    "view": {"stroke": None},
    "axis": {
        "domainColor": LINE, "gridColor": LINE, "gridOpacity": 0.7, "labelColor": SOFT, "labelFontSize": 12, "tickColor": LINE,
        "titleColor": SOFT, "titleFontSize": 12, "titleFontWeight": "normal", "titlePadding": 8,
    },
    "axisX": {"grid": False},
    "legend": {"orient": "top", "title": None, "labelColor": INK, "labelFontSize": 12, "symbolSize": 160, "symbolStrokeWidth": 2.5},
    "text": {"color": INK, "fontSize": 12},
}  # fmt: skip


@dataclass(frozen=True)
class Picture:
    """A chart for the page.

    Attributes:
        name: Of its place on the page.
        title: What it shows, in a sentence.
        note: How to read it.
        spec: Vega-Lite.
        wide: Takes the whole width of the page.
    """

    name: str
    title: str
    note: str
    spec: Mapping[str, Any]
    wide: bool = True


def rows(values: Sequence[Mapping[str, Any]]) -> alt.Data:
    """Return rows as the data of a chart."""
    return alt.Data(values=[dict(row) for row in values])


def picture(name: str, title: str, note: str, chart: Any, *, wide: bool = True) -> Picture:
    """Return a chart, checked against Vega-Lite's schema, with our look."""
    spec = chart.properties(description=title).to_dict()
    return Picture(name, title, note, {**spec, "config": CONFIG}, wide)


def instant(micros: int) -> int:
    """Return milliseconds, as Vega counts time."""
    return micros // (clock.SECOND // 1000)


def side(names: Sequence[str], *, symbol: Literal["square", "stroke"] | None = "square") -> alt.Color:
    """Return the colour of a side, with a legend unless there is no symbol for it; the second of the names is the new one."""
    scale = alt.Scale(domain=list(names), range=[OLD, NEW])
    legend = None if symbol is None else alt.Legend(symbolType=symbol, symbolOpacity=1)
    return alt.Color("side:N", scale=scale, title=None, legend=legend)


def dash(names: Sequence[str]) -> alt.StrokeDash:
    """Return the dash of a side."""
    return alt.StrokeDash(
        "side:N", scale=alt.Scale(domain=list(names), range=[[5, 3], [1, 0]]), title=None, legend=alt.Legend(symbolType="stroke")
    )


def tips(*fields: tuple[str, str, str]) -> list[alt.Tooltip]:
    """Return the lines of a tooltip: field with type, what it is called, how it is written (or empty)."""
    lines = [(alt.Tooltip(field, title=title), form) for field, title, form in fields]
    return [line.format(form) if form else line for line, form in lines]


def labels(field: str, sort: Any) -> alt.Y:
    """Return names down the side of a chart, without an axis line."""
    axis = alt.Axis(labelFontSize=12, labelColor=INK, labelLimit=176, ticks=False, domain=False)
    return alt.Y(field, sort=sort, title=None, axis=axis)


def share(title: str, field: str = "value:Q", **more: Any) -> alt.X:
    """Return shares along the foot of a chart."""
    return alt.X(field, title=title, axis=alt.Axis(format=PERCENT, grid=True, tickCount=5), **more)


def money(field: str, currency: str) -> alt.X:
    """Return amounts along the foot of a chart."""
    return alt.X(field, title=currency or "amount", axis=alt.Axis(format=SHORT, grid=True, tickCount=5))

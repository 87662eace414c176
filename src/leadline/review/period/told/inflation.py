"""Why there are more or fewer MQLs, and why more or fewer of them convert: sentences, waterfalls, tables."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import altair as alt

from leadline.review import drawing, phrases
from leadline.review.drawing import Picture
from leadline.review.model import Figure
from leadline.review.page import Section
from leadline.review.period.model import ReviewReport
from leadline.review.period.parts import Cause, Contribution, Split
from leadline.review.tables import Table

_WORDS: Mapping[tuple[str, Cause], tuple[str, str]] = {
    ("volume", Cause.TRAFFIC): ("more people", "fewer people"),
    ("volume", Cause.MIX): ("a richer mix of them", "a poorer mix of them"),
    ("volume", Cause.DEFINITION): ("a looser definition", "a tighter definition"),
    ("volume", Cause.BEHAVIOUR): ("what people did", "what people did"),
    ("volume", Cause.SWITCH): ("those let in at once when the definition changed", "those kept out when the definition changed"),
    ("conversion", Cause.MIX): ("a better mix of MQLs", "a poorer mix of MQLs"),
    ("conversion", Cause.DEFINITION): ("a definition that selects better", "a definition that selects worse"),
    ("conversion", Cause.BEHAVIOUR): ("alike MQLs and how sales worked them", "alike MQLs and how sales worked them"),
}
"""What a cause is called where it raises the figure, and where it lowers it."""
_NOTES = {
    "volume": (
        "Traffic is everybody of whom anything is recorded; the mix is from which source and segment they are; behaviour is that alike "
        "people entered more or less often under one definition. What each did is its average over all orders in which they can be "
        "changed (Shapley), so nothing is left over and no order is preferred."
    ),
    "conversion": (
        "The share that became SQLs, of MQLs that sales worked and that are old enough. The mix is from which source and of which "
        "segment they came; behaviour is that alike ones converted more or less often, whether through them or through sales."
    ),
}
_MOST = 20


def section(report: ReviewReport) -> Section:
    """Return the section; one without anything in it where neither change can be divided."""
    splits = [split for split in (report.inflation.volume, report.inflation.conversion) if split]
    return Section(
        "Why the volume changed",
        tuple(sentence(split) for split in splits),
        tuple(_waterfall(split) for split in splits),
        tuple(table for split in splits for table in (_contributions(split), _cells(split))),
    )


def sentence(split: Split) -> str:
    """Say how a figure changed, what each cause did to it, and what of that is more than chance."""
    said = [_part(split, item) for item in split.contributions if _shown(split, item.change.value)]
    because = f": {', '.join(said)}" if said else ""
    same = " The definition is the same in both." if split.same_definition else ""
    return f"{_head(split)}{because}. {_certainty(split)}{same}"


def _head(split: Split) -> str:
    change, before, now = split.change.value or 0.0, split.before.value or 0.0, split.now.value or 0.0
    if split.of == "conversion":
        when = f"of the MQLs from {phrases.day(split.now_at)} to {phrases.day(split.now_end_at)}"
        was = f"{phrases.percent(now)} became SQLs {when}, {phrases.percent(before)} in as much time before"
        return was if not _shown(split, change) else f"{was}, {_written(split, change)}"
    if not _shown(split, change):
        return f"As many MQLs as before: {phrases.count(round(now))}"
    verb = "rose" if change > 0 else "fell"
    return f"MQLs {verb} by {phrases.count(round(abs(change)))}, from {phrases.count(round(before))} to {phrases.count(round(now))}"


def _part(split: Split, item: Contribution) -> str:
    value = item.change.value or 0.0
    return f"{_written(split, value)} by {_WORDS[split.of, item.cause][value < 0]}"


def _certainty(split: Split) -> str:
    sure = [item for item in split.contributions if _sure(item.change)]
    if not sure:
        return "All of it may be chance."
    names = phrases.listed(str(item.cause) for item in sure)
    return (
        f"Beyond chance {'is' if len(sure) == 1 else 'are'} only what {names} did."
        if len(sure) < len(_counted(split))
        else "None is chance."
    )


def _counted(split: Split) -> list[Contribution]:
    """Return the causes that have a part in the change."""
    idle = (Cause.DEFINITION, Cause.SWITCH) if split.same_definition else ()
    return [item for item in split.contributions if item.cause not in idle]


def _sure(figure: Figure) -> bool:
    return figure.low is not None and figure.high is not None and (figure.low > 0 or figure.high < 0)


def _shown(split: Split, value: float | None) -> bool:
    return abs(value or 0.0) >= (0.5 if split.of == "volume" else 0.0005)


def _written(split: Split, value: float) -> str:
    return phrases.signed(round(value)) if split.of == "volume" else f"{phrases.signed(round(100 * value, 1))} points"


def _waterfall(split: Split) -> Picture:
    """Draw the figure before, what each cause did to it, and the figure now."""
    rows = [*_steps(split)]
    order = [row["name"] for row in rows]
    colour = alt.Color(
        "kind:N", scale=alt.Scale(domain=["level", "up", "down"], range=[drawing.BOTH, drawing.NEW, drawing.OLD]), legend=None
    )
    tips = drawing.tips(("name:N", "", ""), ("text:N", "did", ""), ("span:N", "95 % interval", ""))
    across = alt.X("name:N", sort=order, title=None, axis=alt.Axis(labelAngle=0, labelFontSize=12, labelColor=drawing.INK, ticks=False))
    form = drawing.WHOLE if split.of == "volume" else drawing.PERCENT
    up = alt.Y("start:Q", title="MQLs" if split.of == "volume" else "become SQLs", axis=alt.Axis(format=form, tickCount=5))
    base = alt.Chart(drawing.rows(rows)).encode(x=across, tooltip=tips)
    bars = base.mark_bar(width={"band": 0.62}, cornerRadius=1).encode(y=up, y2="end:Q", color=colour)
    texts = base.mark_text(dy=-8, fontSize=12).encode(y="top:Q", text="text:N")
    chart = (bars + texts).properties(width="container", height=230)
    return drawing.picture(
        f"split-{split.of}", _title(split), _NOTES[split.of], chart, wide=split.of == "volume" and not split.same_definition
    )


def _steps(split: Split) -> Iterator[Mapping[str, Any]]:
    """Yield the bars, from left to right."""
    level = split.before.value or 0.0
    yield _level(split, "before", split.before)
    for item in _counted(split):
        value = item.change.value or 0.0
        yield {
            "name": str(item.cause), "start": level, "end": level + value, "top": max(level, level + value),
            "kind": "up" if value >= 0 else "down", "text": _written(split, value).removesuffix(" points"),
            "span": _span(split, item.change),
        }  # fmt: skip
        level += value
    yield _level(split, "now", split.now)


def _level(split: Split, name: str, figure: Figure) -> Mapping[str, Any]:
    value = figure.value or 0.0
    text = phrases.count(round(value)) if split.of == "volume" else phrases.percent(value)
    return {"name": name, "start": 0.0, "end": value, "top": value, "kind": "level", "text": text, "span": _levels(split, figure)}


def _title(split: Split) -> str:
    side = 1 if _value(split) > 0 else -1
    first = max(split.contributions, key=lambda item: side * (item.change.value or 0.0))
    what = (
        f"MQLs {phrases.signed(round(split.change.value or 0.0))}"
        if split.of == "volume"
        else f"Conversion {_written(split, _value(split))}"
    )
    return (
        f"{what}: most of it by {_WORDS[split.of, first.cause][(first.change.value or 0.0) < 0]}" if _shown(split, _value(split)) else what
    )


def _value(split: Split) -> float:
    return split.change.value or 0.0


def _contributions(split: Split) -> Table:
    rows: list[tuple[str, ...]] = [("before", _levels(split, split.before))]
    rows += [(str(item.cause), f"{_written(split, item.change.value or 0.0)}{_span(split, item.change)}") for item in _counted(split)]
    rows += [("now", _levels(split, split.now)), ("change", f"{_written(split, _value(split))}{_span(split, split.change)}")]
    title = "The change in MQLs, divided" if split.of == "volume" else "The change in conversion, divided"
    return Table(title, ("", "MQLs" if split.of == "volume" else "become SQLs"), tuple(rows), note="In brackets: 95 % intervals.")


def _cells(split: Split) -> Table:
    """Return alike people (or MQLs) with what became of them."""
    what, rate = ("people", "entries per 100 people") if split.of == "volume" else ("MQLs", "become SQLs")
    write = _per_hundred if split.of == "volume" else phrases.rate
    rows = [
        (cell.name, phrases.count(cell.before), phrases.count(cell.now), write(cell.rate_before), write(cell.rate_now))
        for cell in split.cells[:_MOST]
    ]
    left = len(split.cells) - len(rows)
    note = f"The largest; {left} more stand in the JSON form." if left > 0 else ""
    columns = ("by source and segment", f"{what} before", f"{what} now", f"{rate}, before", f"{rate}, now")
    return Table("Alike people" if split.of == "volume" else "Alike MQLs", columns, tuple(rows), note=note)


def _per_hundred(figure: Figure) -> str:
    return phrases.NONE if figure.value is None else phrases.number(100 * figure.value)


def _levels(split: Split, figure: Figure) -> str:
    if split.of == "conversion":
        return phrases.rate(figure)
    value, low, high = (phrases.count(round(bound or 0.0)) for bound in (figure.value, figure.low, figure.high))
    return f"{value} ({low}–{high})"


def _span(split: Split, figure: Figure) -> str:
    low, high = (_written(split, value or 0.0).removesuffix(" points") for value in (figure.low, figure.high))
    return f" ({low} to {high})"

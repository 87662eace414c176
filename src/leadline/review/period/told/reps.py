"""Whether reps decide alike: sentences, funnel plots, tables."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any

import altair as alt

from leadline.outcomes import intervals
from leadline.review import drawing, phrases
from leadline.review.drawing import Picture
from leadline.review.page import Section
from leadline.review.page_markdown import escaped
from leadline.review.period.model import ReviewReport
from leadline.review.period.parts import Consistency, RepFigures, Reps, Standing
from leadline.review.period.reps import WIDE
from leadline.review.tables import Table

TITLE = "Whether reps decide alike"
_STEPS = 60
_ROOM = 1.2
"""How much wider than the rep with the most leads the plot is, so that names have room."""
_MET = {"accepted": "accepted", "wasted": "came to nothing"}


def section(report: ReviewReport) -> Section:
    """Return the section; without anything in it where fewer than two reps are recorded."""
    found = report.reps
    if found is None:
        return Section(TITLE)
    parts = [part for part in (found.accepted, found.wasted) if part]
    return Section(TITLE, tuple(_sentences(found)), tuple(map(_funnel, parts)), tuple(map(_table, parts)))


def _sentences(found: Reps) -> Iterator[str]:
    if found.accepted:
        yield _accepted(found.accepted)
    if found.wasted and (outside := found.wasted.outside()):
        told = [f"{escaped(rep.rep)} {_against(rep)}" for rep in outside]
        yield f"Of accepted leads that came to nothing: {'; '.join(told)}."


def _accepted(found: Consistency) -> str:
    outside = found.outside()
    edge = [rep for rep in found.reps if rep.standing is Standing.EDGE]
    few = [rep for rep in found.reps if rep.standing is Standing.FEW]
    told = [f"**{escaped(rep.rep)}** accepted {_against(rep)}" for rep in outside]
    said = f"{'; '.join(told)}." if told else "Nobody accepts more or fewer leads than chance allows, given the leads they got."
    others = f" {_names(edge)} at the edge, where one in twenty is by chance." if edge else ""
    return said + others + (f" Of {_names(few, verb=False)} there are too few leads to tell." if few else "")


def _against(rep: RepFigures) -> str:
    return f"{rep.met} of {rep.leads}, where {phrases.count(round(rep.expected))} were to be expected of the same leads"


def _names(reps: list[RepFigures], *, verb: bool = True) -> str:
    names = phrases.listed(escaped(rep.rep) for rep in reps)
    return f"{names} {'stands' if len(reps) == 1 else 'stand'}" if verb else names


def _funnel(found: Consistency) -> Picture:
    """Draw each rep against the limits of chance, which narrow with the leads."""
    dots = [
        {
            "rep": rep.rep, "weight": rep.weight, "value": rep.ratio.value, "kind": _kind(rep), "leads": rep.leads, "met": rep.met,
            "expected": rep.expected, "share": phrases.rate(rep.share), "standing": str(rep.standing),
        }
        for rep in found.reps
    ]  # fmt: skip
    tips = drawing.tips(
        ("rep:N", "rep", ""), ("leads:Q", "leads", ",d"), ("met:Q", _MET[found.of], ",d"), ("expected:Q", "to be expected", ".1f"),
        ("share:N", "share", ""), ("standing:N", "stands", ""),
    )  # fmt: skip
    colour = alt.Color(
        "kind:N",
        scale=alt.Scale(domain=["as expected", "outside", "too few"], range=[drawing.NEW, drawing.LIMIT, drawing.BOTH]),
        title=None,
    )
    room = alt.Scale(domain=[0, max(rep.weight for rep in found.reps) * _ROOM])
    across = alt.X("weight:Q", title="leads, by how much they tell", scale=room)
    up = alt.Y("value:Q", title=f"{_MET[found.of]}, over what was to be expected", axis=alt.Axis(tickCount=5), scale=alt.Scale(zero=True))
    base = alt.Chart(drawing.rows(dots)).encode(x=across, y=up, tooltip=tips)
    points = base.mark_point(filled=True, size=90, opacity=1).encode(color=colour)
    names = base.mark_text(align="left", dx=8, fontSize=11).encode(text="rep:N")
    limits = alt.Chart(drawing.rows([*_limits(found)])).encode(x=across)
    lines = [
        limits.mark_line(color=drawing.SOFT, strokeWidth=1.2, strokeDash=dash).encode(y=alt.Y(f"{name}:Q"))
        for name, dash in (("near_low", [4, 3]), ("near_high", [4, 3]), ("low", [1, 0]), ("high", [1, 0]))
    ]
    one = alt.Chart(drawing.rows([{"y": 1}])).mark_rule(color=drawing.LINE).encode(y="y:Q")
    note = (
        "One is what was to be expected had the others decided on the same leads (by score, source and track). Within the dashed lines lie "
        "19 of 20 by chance alone, within the full ones 998 of 1000."
    )
    title = {"accepted": "Accepted leads by rep, against what was to be expected",
             "wasted": "Accepted leads that came to nothing, by rep"}[found.of]  # fmt: skip
    chart = alt.layer(one, *lines, points, names).properties(width="container", height=250)
    return drawing.picture(f"reps-{found.of}", title, note, chart, wide=False)


def _limits(found: Consistency) -> Iterator[Mapping[str, Any]]:
    """Yield the limits of chance by how much leads tell."""
    most = max(rep.weight for rep in found.reps) * _ROOM
    for step in range(1, _STEPS + 1):
        weight = most * (step / _STEPS) ** 2
        error = math.sqrt((1 - found.standard) / (found.standard * weight))
        near, wide = intervals.Z * error, WIDE * error
        if wide <= 2:
            yield {"weight": weight, "near_low": max(0.0, 1 - near), "near_high": 1 + near, "low": max(0.0, 1 - wide), "high": 1 + wide}


def _kind(rep: RepFigures) -> str:
    return {Standing.FEW: "too few", Standing.ABOVE: "outside", Standing.BELOW: "outside"}.get(rep.standing, "as expected")


def _table(found: Consistency) -> Table:
    rows = tuple(
        (rep.rep, str(rep.standing), phrases.count(rep.leads), phrases.count(rep.met), phrases.number(rep.expected),
         phrases.rate(rep.share), phrases.NONE if rep.ratio.value is None else f"{rep.ratio.value:.2f}", f"{rep.low:.2f}–{rep.high:.2f}")
        for rep in found.reps
    )  # fmt: skip
    title = {"accepted": "Leads accepted, by rep", "wasted": "Accepted leads without an opportunity after the usual time, by rep"}[found.of]
    columns = ("rep", "stands", "leads", _MET[found.of], "to be expected", "share", "ratio", "by chance")
    note = (
        f"Over all reps {phrases.rate(found.overall)}. To be expected: had those decided who decide alike, of leads with the same score, "
        "source and track. By chance: the limits of 99.8 %, wider with fewer leads."
    )
    return Table(title, columns, rows, left=2, note=note)

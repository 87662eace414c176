"""Why sales rejects leads: sentences, bars, tables."""

from __future__ import annotations

from collections.abc import Iterator

import altair as alt

from leadline.review import drawing, phrases
from leadline.review.drawing import Picture
from leadline.review.page import Section
from leadline.review.page_markdown import escaped
from leadline.review.period.model import ReviewReport
from leadline.review.period.parts import Reason, Reasons
from leadline.review.tables import Table

TITLE = "Why leads are rejected"
NONE = "no usable reason"
BEFORE, NOW = "before", "now"
_MOST = 12
_FEW = 3
"""Reasons that a row of the table tells."""


def section(report: ReviewReport) -> Section:
    """Return the section; without anything in it where nobody gave a verdict."""
    found = report.reasons
    if found is None:
        return Section(TITLE)
    picture = (_bars(found),) if found.reasons else ()
    return Section(TITLE, tuple(_sentences(found)), picture, (_reasons(found), _groups(found)))


def _sentences(found: Reasons) -> Iterator[str]:
    yield _share(found)
    if found.reasons and found.reasons[0].now:
        top = found.reasons[0]
        yield f"The most frequent: {_name(top, mark=True)}, {phrases.rate(top.share_now)} of rejections."
    if found.without.value:
        yield f"{phrases.rate(found.without)} of the rejections come without a usable reason."
    if found.not_agreed:
        names = ", ".join(f"*{escaped(phrases.words(name))}*" for name in found.not_agreed[:_MOST])
        yield f"Not among the agreed reasons: {names}."


def _share(found: Reasons) -> str:
    if found.now.value is None:
        return f"No lead of this period has a verdict yet; before {phrases.rate(found.before)} of them were rejected."
    before = f", {phrases.rate(found.before)} in the period before" if found.before.value is not None else ""
    said = f"Of {phrases.count(found.now.n)} leads with a verdict {phrases.rate(found.now)} were rejected{before}."
    return f"{said} More than half: marketing and sales should look at leads together." if found.calibrate else said


def _name(row: Reason, *, mark: bool = False) -> str:
    name = phrases.words(row.name) or NONE
    return f"*{escaped(name)}*" if mark and row.name else name


def _bars(found: Reasons) -> Picture:
    """Draw the share of each reason, before and now."""
    rows = [
        {"reason": _name(row), "side": side, "value": figure.value, "rate": phrases.rate(figure), "count": count}
        for row in found.reasons[:_MOST]
        for side, figure, count in ((BEFORE, row.share_before, row.before), (NOW, row.share_now, row.now))
        if figure.value is not None
    ]
    tips = drawing.tips(
        ("reason:N", "reason", ""), ("side:N", "when", ""), ("rate:N", "of rejections", ""), ("count:Q", "rejections", ",d")
    )
    chart = alt.Chart(drawing.rows(rows)).mark_bar(height={"band": 0.9}, cornerRadius=1).encode(
        y=drawing.labels("reason:N", sort=[_name(row) for row in found.reasons[:_MOST]]),
        yOffset=alt.YOffset("side:N", sort=[BEFORE, NOW]), x=drawing.share("of rejections"), color=drawing.side([BEFORE, NOW]),
        tooltip=tips,
    )  # fmt: skip
    title = "Reasons for rejecting leads, in the period before and now"
    return drawing.picture("reasons", title, "Shares of all rejections.", chart.properties(width="container", height={"step": 14}))


def _reasons(found: Reasons) -> Table:
    rows = tuple(
        (_name(row), "yes" if row.agreed else "no" if row.usable else "", phrases.count(row.before), phrases.count(row.now),
         phrases.rate(row.share_before), phrases.rate(row.share_now))
        for row in found.reasons
    )  # fmt: skip
    columns = ("reason", "agreed on", "before", "now", "share before", "share now")
    return Table("Reasons", columns, rows, left=2, note="Agreed on: the definition names it.")


def _groups(found: Reasons) -> Table:
    rows = tuple(
        (row.by, row.name, ", ".join(f"{phrases.words(name) or NONE} {count}" for name, count in row.reasons[:_FEW]),
         phrases.count(row.decided), phrases.rate(row.rejected))
        for row in found.groups
    )  # fmt: skip
    return Table("Rejections by source and track", ("by", "", "most frequent reasons", "with a verdict", "rejected"), rows, left=3)

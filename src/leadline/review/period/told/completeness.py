"""What is missing to judge leads by: sentences, dots, a table."""

from __future__ import annotations

from collections.abc import Iterator

import altair as alt

from leadline.review import drawing, phrases
from leadline.review.drawing import Picture
from leadline.review.page import Section
from leadline.review.page_markdown import escaped
from leadline.review.period.completeness import NO_FORM
from leadline.review.period.model import ReviewReport
from leadline.review.period.parts import Completeness, Gaps
from leadline.review.tables import Table

TITLE = "What is missing"
_FEW = 3
"""Attributes that a row of the table tells."""


def section(report: ReviewReport) -> Section:
    """Return the section; without anything in it where there are neither new leads nor deals."""
    found = report.completeness
    if found is None:
        return Section(TITLE)
    return Section(TITLE, tuple(_sentences(found)), tuple(_dots(found)), (_table(found),) if found.total.leads else ())


def _sentences(found: Completeness) -> Iterator[str]:
    total = found.total
    if total.leads and total.unknown.value is not None:
        missing = f", most often {_attributes(total, 2)}" if total.missing else ""
        yield f"Of {phrases.count(total.leads)} new leads {phrases.rate(total.unknown)} lack something that fit is judged by{missing}."
    forms = [gap for gap in found.gaps if gap.by == "form" and gap.name != NO_FORM]
    worst = max(forms, key=lambda gap: gap.unknown.low or 0.0, default=None)
    if worst and worst.unknown.value:
        yield f"Among forms it is worst for *{escaped(worst.name)}*: {phrases.rate(worst.unknown)} of {phrases.count(worst.leads)}."
    if found.silent.n:
        share = phrases.rate(found.silent) if found.silent.value else "None"
        won = f"{share} of the {phrases.count(found.silent.n)} deals won in the year that can be told of"
        yield f"{won} came without any recorded behaviour of the account in the 90 days before the first conversation."


def _attributes(gap: Gaps, most: int) -> str:
    return ", ".join(f"{phrases.words(name)} ({phrases.percent(share)})" for name, share in gap.missing[:most])


def _dots(found: Completeness) -> Iterator[Picture]:
    """Draw for each form, and for each source, the share of new leads whose fit can't be judged."""
    tips = drawing.tips(
        ("name:N", "from", ""), ("leads:Q", "new leads", ",d"), ("value:Q", "can't be judged", ".0%"), ("low:Q", "at least", ".0%"),
        ("high:Q", "at most", ".0%"), ("missing:N", "unknown", ""),
    )  # fmt: skip
    for by in ("form", "source"):
        rows = [
            {
                "name": gap.name, "value": gap.unknown.value, "low": gap.unknown.low, "high": gap.unknown.high, "leads": gap.leads,
                "missing": _attributes(gap, _FEW),
            }
            for gap in found.gaps if gap.by == by
        ]  # fmt: skip
        if rows:
            names = drawing.labels("name:N", sort=[row["name"] for row in rows])
            base = alt.Chart(drawing.rows(rows)).encode(y=names, tooltip=tips)
            rule = base.mark_rule(strokeWidth=2, color=drawing.BOTH).encode(x="low:Q", x2="high:Q")
            dots = base.mark_point(filled=True, size=80, opacity=1, color=drawing.NEW).encode(x=drawing.share("of new leads"))
            note = "At least one attribute that fit criteria read is unknown. Lines: 95 % intervals."
            chart = (rule + dots).properties(width="container", height={"step": 22})
            yield drawing.picture(f"completeness-{by}", f"New leads whose fit can't be judged, by {by}", note, chart, wide=False)


def _table(found: Completeness) -> Table:
    rows = tuple(
        (gap.by, gap.name, _attributes(gap, _FEW), phrases.count(gap.leads), phrases.rate(gap.unknown), phrases.rate(gap.blank))
        for gap in (found.total, *found.gaps)
    )
    columns = ("by", "", "most often unknown", "new leads", "something unknown", "nothing known")
    note = f"Fit criteria read {', '.join(map(phrases.words, found.attributes))}." if found.attributes else "No criterion reads attributes."
    return Table("New leads whose fit can't be judged", columns, rows, left=3, note=note)

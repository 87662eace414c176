"""What to do next: a sentence for each action, with the figure behind it and what it would bring."""

from __future__ import annotations

from leadline.review import phrases
from leadline.review.page import Section
from leadline.review.period.actions import HOURS_A_LEAD
from leadline.review.period.model import ReviewReport
from leadline.review.period.parts import Action
from leadline.review.tables import Table

TITLE = "What to do next"


def section(report: ReviewReport) -> Section:
    """Return the section."""
    if not report.actions:
        return Section(TITLE, ("Nothing stands out beyond chance.",))
    rows = tuple((str(at), action.says, action.figure, _brings(report, action)) for at, action in enumerate(report.actions, 1))
    hours = f" A lead that comes to nothing is taken to cost {HOURS_A_LEAD:g} hours." if any(one.hours for one in report.actions) else ""
    note = f"What they would bring is estimated from the figures of this review: those concerned are taken to fare like the others.{hours}"
    return Section(TITLE, tables=(Table("Actions", ("", "do", "because", "would bring a month"), rows, left=4, note=note),))


def _brings(report: ReviewReport, action: Action) -> str:
    """Return what an action would bring a month, in the units that are known."""
    parts = [f"about {phrases.number(action.sqls)} SQLs"] if action.sqls else []
    parts += [f"about {phrases.about(float(f'{action.revenue:.2g}'), report.currency)}"] if action.revenue else []
    parts += [f"about {phrases.number(action.hours)} hours of work saved"] if action.hours else []
    return ", ".join(parts)

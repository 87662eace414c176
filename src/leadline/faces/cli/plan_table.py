"""A plan for a terminal: the verdict, what to know before it is believed, and the tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

from leadline import clock
from leadline.app import pages
from leadline.faces.cli import report_table

if TYPE_CHECKING:
    from rich.console import RenderableType

    from leadline.app.pages import PlanReport


def planned(report: PlanReport) -> RenderableType:
    """Return the whole plan, the verdict first."""
    begin, end = (clock.write_instant(when)[:10] for when in (report.window.begin_at, report.window.end_at))
    about = f"Entries from {begin} to {end}.\n{report.old.name}: {report.old.title}\nnew: {report.new.title}"
    says = (caution.says for caution in report.cautions)
    hint = "The people behind these figures: --format json; a page with charts: --out plan.html"
    return report_table.told(report.verdict.sentence, about, says, pages.plan_tables(report), hint)

"""A review for a terminal: what it comes to, what to know before it is believed, and the tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

from leadline.app import reviewing
from leadline.faces.cli import report_table

if TYPE_CHECKING:
    from rich.console import RenderableType

    from leadline.app.reviewing import ReviewReport


def reviewed(report: ReviewReport) -> RenderableType:
    """Return the whole review, what it comes to first."""
    titles = ", ".join(f"{one.title} ({one.fingerprint[:12]})" for one in report.definitions)
    about = f"{report.period.name} beside {report.before.name}, by {titles}"
    says = (caution.says for caution in report.cautions)
    hint = "Everything: --format json; a page with charts: --out review.html"
    return report_table.told(report.headline, about, says, reviewing.grids(report), hint)

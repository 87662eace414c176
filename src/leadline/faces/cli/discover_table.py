"""What was learned, for a terminal: the verdict, what to know before it is believed, and the tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

from leadline import clock
from leadline.app import pages
from leadline.faces.cli import report_table

if TYPE_CHECKING:
    from rich.console import RenderableType

    from leadline.app.pages import DiscoverReport


def discovered(report: DiscoverReport) -> RenderableType:
    """Return everything that a terminal shows, the verdict first."""
    window = report.window
    begin, end, later = (clock.write_instant(when)[:10] for when in (window.begin_at, window.end_at, report.judged_from_at))
    about = f"Cases from {begin} to {end}, each looked back on for {report.before_days:g} days; judged on those from {later}."
    says = (caution.says for caution in report.cautions)
    hint = "All that was tested, with its figures, stands in report.html and report.json; with --format json it comes here."
    return report_table.told(pages.discover_verdict(report), about, says, pages.discover_tables(report), hint)

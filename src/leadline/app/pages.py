"""What a plan or a discovery found, for people: as tables, and as one page. Faces ask here, since they don't know the stages."""

from __future__ import annotations

from leadline.review import tables
from leadline.review.discover.model import DiscoverReport
from leadline.review.model import PlanReport
from leadline.review.tables import Table

__all__ = ["DiscoverReport", "PlanReport", "Table", "discover_page", "discover_tables", "discover_verdict", "plan_page", "plan_tables"]


def plan_tables(report: PlanReport) -> tuple[Table, ...]:
    """Return the tables that a terminal shows, the most important first."""
    return tables.in_short(report)


def plan_page(report: PlanReport) -> str:
    """Return one page of HTML that needs nothing else: the verdict, the pictures, the tables."""
    from leadline.review import report as page

    return page.to_html(report)


def discover_verdict(report: DiscoverReport) -> str:
    """Return what was learned, and how well it ranks, in a sentence; or why nothing is proposed."""
    from leadline.review.discover import findings

    return findings.verdict(report)


def discover_tables(report: DiscoverReport) -> tuple[Table, ...]:
    """Return the tables that a terminal shows, the most important first."""
    from leadline.review.discover import tables

    return tables.in_short(report)


def discover_page(report: DiscoverReport) -> str:
    """Return one page of HTML that needs nothing else."""
    from leadline.review.discover import report as page

    return page.to_html(report)

"""The second half of a review as sections of a page: what to do, then inflation, drift, reps, reasons, completeness.

What belongs here: sentences, charts and tables over the figures of :mod:`leadline.review.period.parts`. What doesn't: figures.
"""

from __future__ import annotations

from leadline.review.page import Section
from leadline.review.period.model import ReviewReport
from leadline.review.period.told import actions, completeness, drift, inflation, reasons, reps


def first(report: ReviewReport) -> Section:
    """Return what to do next, which stands before everything else."""
    return actions.section(report)


def sections(report: ReviewReport) -> tuple[Section, ...]:
    """Return the other sections, from why the volume changed to what is missing; one without anything to tell has nothing in it."""
    parts = (inflation, drift, reps, reasons, completeness)
    return tuple(part.section(report) for part in parts)

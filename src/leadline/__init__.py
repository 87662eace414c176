"""Leadline: the agreement on what a marketing qualified lead is, as a definition that a machine can evaluate.

The flow, which is also the order of the folders: *facts* (what happened) → *definition* (what qualifies) → *engine*
(who qualifies, and when). One sentence holds it together: a definition is a pure function from facts and an instant to
scores.

>>> from leadline import Project
>>> table = Project("demo").score("2026-09-30")  # doctest: +SKIP
>>> print(Project("demo").explain("p00042", "2026-09-30").lines)  # doctest: +SKIP

Everything public is named here; heavy libraries are loaded when a name is first used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from leadline.errors import (
    DefinitionRefused,
    FactsRefused,
    LeadlineError,
    Place,
    Problem,
    ProjectRefused,
    Refused,
    ServiceFailed,
    Severity,
    Unsupported,
    UsageError,
)

if TYPE_CHECKING:
    from leadline.app.wiring import Project

__all__ = [
    "DefinitionRefused",
    "FactsRefused",
    "LeadlineError",
    "Place",
    "Problem",
    "Project",
    "ProjectRefused",
    "Refused",
    "ServiceFailed",
    "Severity",
    "Unsupported",
    "UsageError",
]


def __getattr__(name: str) -> object:
    """Load :class:`Project` when it is first asked for: importing leadline must cost nothing."""
    if name == "Project":
        from leadline.app.wiring import Project

        return Project
    raise AttributeError(name)

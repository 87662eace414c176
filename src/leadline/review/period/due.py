"""What the agreement expects against what came, and what of it is overdue. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from leadline.errors import Problem
from leadline.outcomes import intervals
from leadline.outcomes.model import Stage
from leadline.review import figures
from leadline.review.model import Figure
from leadline.review.period import cohorts, periods
from leadline.review.period.material import Material
from leadline.review.period.model import Due, Met, Period, Target

_STAGES = {
    "accepted": Stage.ACCEPTED, "sal": Stage.ACCEPTED, "sql": Stage.SQL, "opportunity": Stage.OPPORTUNITY, "opp": Stage.OPPORTUNITY,
    "won": Stage.WON, "customer": Stage.WON,
}  # fmt: skip
_SHARE = re.compile(r"mql_to_(\w+)")
_COUNT = re.compile(r"(\w+?)s?_per_(week|month|quarter)")
_WEEKS = {"week": 1.0, "month": 365 / 12 / 7, "quarter": 365 / 4 / 7}


def due(problems: Sequence[Problem]) -> tuple[Due, ...]:
    """Return what is overdue or missing in the agreement, as the checks of the definition found it."""
    return tuple(Due(problem.code, str(problem.where), problem.says, problem.fix) for problem in problems)


def targets(found: Material, audit: Figure, past: Figure) -> tuple[Target, ...]:
    """Return each target of the agreement against the period.

    Args:
        found: What the review is made of.
        audit: The audit score, which the target of MQL to SQL is held against: that of the period itself isn't old enough yet.
        past: That of the span before.
    """
    return tuple(_target(found, name, wanted, (audit, past)) for name, wanted in found.targets.items())


def _target(found: Material, name: str, wanted: float | tuple[float, float], audit: tuple[Figure, Figure]) -> Target:
    low, high = wanted if isinstance(wanted, tuple) else (wanted, None)
    now, before = _measured(found, name, audit)
    return Target(name, low, high, now, before, met(now, low, high))


def met(figure: Figure, low: float, high: float | None) -> Met:
    """Return whether a figure meets a target.

    It is met if the figure lies within it, and *unclear* if it doesn't and the interval does; one-sided targets likewise.
    """
    if figure.value is None:
        return Met.UNKNOWN
    top = float("inf") if high is None else high
    if low <= figure.value <= top:
        return Met.YES
    reaches = figure.low is not None and figure.high is not None and figure.low <= top and figure.high >= low
    return Met.UNCLEAR if reaches else Met.NO


def _measured(found: Material, name: str, audit: tuple[Figure, Figure]) -> tuple[Figure, Figure]:
    nothing = Figure(None, None, None, 0)
    share, count = _SHARE.fullmatch(name), _COUNT.fullmatch(name)
    if share and _STAGES.get(share[1]) is Stage.SQL:
        return audit
    if share and share[1] in _STAGES:
        return _both(found, lambda one: cohorts.rate(found, _STAGES[share[1]], one.begin_at, one.end_at))
    if count and (count[1] == "mql" or count[1] in _STAGES):
        stage = _STAGES.get(count[1])
        return _both(found, lambda one: _per(found, stage, one, _WEEKS[count[2]]))
    return nothing, nothing


def _both(found: Material, measure: Callable[[Period], Figure]) -> tuple[Figure, Figure]:
    return measure(found.period), measure(periods.before(found.period))


def _per(found: Material, stage: Stage | None, period: Period, weeks: float) -> Figure:
    """Return how many entered (or reached a stage) in a period, per so many weeks."""
    entered = found.entered
    at = entered.entered if stage is None else entered.came.reached(stage)
    count = int(((at >= period.begin_at) & (at < period.end_at)).sum())
    return figures.figure(intervals.rate(count, periods.weeks(period) / weeks))

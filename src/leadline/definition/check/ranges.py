"""Which values a criterion, a group and the score can take at all, whoever the person is and whatever they did."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from leadline import clock
from leadline.definition.model import (
    AbsenceCriterion,
    AttributeCriterion,
    Bucket,
    Criterion,
    Definition,
    Group,
    SignalCriterion,
    TierCriterion,
)

_SHORTEST = {Bucket.HOUR: clock.HOUR, Bucket.DAY: clock.DAY, Bucket.WEEK: clock.WEEK, Bucket.MONTH: 28 * clock.DAY}


@dataclass(frozen=True, slots=True)
class Range:
    """A closed interval of numbers; ``low > high`` is the empty one."""

    low: float = -math.inf
    high: float = math.inf

    def __add__(self, other: Range) -> Range:
        """Return where sums lie."""
        return Range(self.low + other.low, self.high + other.high)

    def rounded(self) -> Range:
        """Return the range in whole millionths, as points are counted, so that 0.7 + 0.1 reaches 0.8."""
        return Range(round(self.low, 6), round(self.high, 6))

    def hull(self, *others: Range) -> Range:
        """Return the smallest range that holds all."""
        return Range(min(self.low, *(other.low for other in others)), max(self.high, *(other.high for other in others)))

    def held(self, floor: float | None, cap: float | None) -> Range:
        """Return the range after holding every value between ``floor`` and ``cap``."""
        low, high = (-math.inf if floor is None else floor), (math.inf if cap is None else cap)
        return Range(min(max(self.low, low), high), min(max(self.high, low), high))

    def times(self, factor: float) -> Range:
        """Return the range after multiplying every value."""
        ends = [0.0 if factor == 0 else end * factor for end in (self.low, self.high)]
        return Range(min(ends), max(ends))

    def __str__(self) -> str:
        """Return the form that problems show."""
        if self.low == self.high:
            return f"always {self.low:g}"
        low, high = (f"{end:g}" if math.isfinite(end) else "" for end in (self.low, self.high))
        return f"{low} to {high}" if low and high else f"at least {low}" if low else f"at most {high}" if high else "anything"


ANYTHING = Range()
NOTHING = Range(0.0, 0.0)


@dataclass(frozen=True)
class Ranges:
    """The ranges of every number that a rule can name."""

    criteria: Mapping[str, Range]
    groups: Mapping[str, Range]
    score: Range

    def by_name(self) -> dict[str, Range]:
        """Return all of them by the names that rules use."""
        return {**self.criteria, **self.groups, "score": self.score}


def ranges(definition: Definition, dead: frozenset[str] = frozenset(), *, silent: bool = False) -> Ranges:
    """Return the ranges of a definition's numbers.

    Args:
        definition: The definition.
        dead: Criteria on attributes whose condition is known to hold for nobody.
        silent: Only look at people without any activity.
    """
    criteria = {
        name: NOTHING if name in dead else criterion_range(element, silent=silent).rounded() for _, name, element in definition.criteria()
    }
    groups = {name: group_range(group, [criteria[one] for one in group.criteria]) for name, group in definition.groups.items()}
    score = sum((groups[name] for name, group in definition.groups.items() if group.in_score), NOTHING)
    return Ranges(criteria, groups, score.rounded())


def group_range(group: Group, criteria: list[Range]) -> Range:
    """Return the range of a group's points from those of its criteria."""
    total = sum(criteria, NOTHING).rounded()
    if group.scale:
        total = total.hull(total.times(group.scale.by).rounded())
    return total.held(group.floor, group.cap)


def criterion_range(criterion: Criterion, *, silent: bool = False) -> Range:
    """Return the range of a criterion's points."""
    match criterion:
        case TierCriterion(tiers=tiers):
            return Range(min(0.0, *tiers.values()), max(0.0, *tiers.values()))
        case SignalCriterion():
            return _signal_range(criterion, silent=silent)
        case AbsenceCriterion(every=every, max=most) if every:
            return Range(0.0, math.inf).times(criterion.points).held(*_most(most))
        case AttributeCriterion() | AbsenceCriterion():
            return _either(criterion.points)
        case _:
            return NOTHING if silent else _either(criterion.points)


def _signal_range(criterion: SignalCriterion, *, silent: bool) -> Range:
    amount = NOTHING if silent else _amount(criterion)
    if criterion.at_least is None and criterion.at_most is None:
        return amount.times(criterion.points).held(*_most(criterion.max))
    wanted = Range(*(_or(criterion.at_least, -math.inf), _or(criterion.at_most, math.inf)))
    if wanted.low <= amount.low and amount.high <= wanted.high:
        return Range(criterion.points, criterion.points)
    return _either(criterion.points) if wanted.low <= amount.high and amount.low <= wanted.high else NOTHING


def _amount(criterion: SignalCriterion) -> Range:
    if criterion.sum:
        return Range()
    if criterion.within is None:
        return Range(0.0)
    window, most = criterion.within - (criterion.wait or 0), math.inf
    if criterion.cooldown:
        most = -(-window // criterion.cooldown)
    if criterion.once_per:
        most = min(most, window // _SHORTEST[criterion.once_per] + 2)
    return Range(0.0, most)


def _either(points: float) -> Range:
    return Range(min(0.0, points), max(0.0, points))


def _most(most: float | None) -> tuple[float | None, float | None]:
    return (None, None) if most is None else (-most, most)


def _or(value: float | None, default: float) -> float:
    return default if value is None else value

"""Signals counted twice: one activity that feeds two criteria of a group."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from leadline.definition import signals
from leadline.definition.check.feasible import NOT_TRUE, TRUE, possible
from leadline.definition.check.subject import Subject
from leadline.definition.model import SignalCriterion
from leadline.errors import Problem


def check_overlap(subject: Subject) -> Iterator[Problem]:
    """Yield pairs of criteria in a group that give points for each of the same activities.

    Criteria with ``at_least`` or ``at_most`` are left out: a second step on the same signal is how thresholds are built.
    """
    for group, element in subject.definition.groups.items():
        counting = [
            (name, criterion) for name, criterion in element.criteria.items()
            if isinstance(criterion, SignalCriterion) and criterion.at_least is None and criterion.at_most is None
        ]  # fmt: skip
        for (first, one), (second, other) in combinations(counting, 2):
            if one.points * other.points > 0 and (shared := _shared(subject, one, other)):
                says = f"every activity of '{shared}' counts for '{first}' and for '{second}'."
                path = ("groups", group, "criteria", second)
                yield subject.warning("counted-twice", path, says, "Exclude it from one of them, or give the points once.")


def _shared(subject: Subject, one: SignalCriterion, other: SignalCriterion) -> str:
    """Return a signal all of whose activities of some type count for both criteria, if there is one."""
    for name, signal in signals.members(subject.definition, one.signal):
        for also, same in signals.members(subject.definition, other.signal):
            if set(signal.activity) & set(same.activity):
                if name == also or _implies(subject, name, also):
                    return name
                if _implies(subject, also, name):
                    return also
    return ""


def _implies(subject: Subject, name: str, also: str) -> bool:
    """Return whether an activity of a shared type that is ``name`` must also be ``also``."""
    texts = [subject.definition.signals[signal].where for signal in (name, also)]
    left, right = (subject.conditions.get(("signals", signal, "where")) for signal in (name, also))
    if any(text and not read for text, read in zip(texts, (left, right), strict=True)):
        return False  # it couldn't be read, which is a problem of its own
    return right is None or not possible([*([(left.tree, TRUE)] if left else []), (right.tree, NOT_TRUE)], {})

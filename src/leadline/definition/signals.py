"""Which signals a definition asks for, and what a signal comes down to once ``any_of`` is opened."""

from __future__ import annotations

from collections.abc import Iterator

from leadline.definition.model import (
    ANY,
    AbsenceCriterion,
    Criterion,
    Definition,
    SequenceCriterion,
    Signal,
    SignalCriterion,
    TogetherCriterion,
)


def asked(criterion: Criterion) -> tuple[str, ...]:
    """Return the signals that a criterion names, in its order; not ``any``."""
    match criterion:
        case SignalCriterion(signal=name):
            return (name,)
        case TogetherCriterion(together=counts):
            return tuple(counts)
        case SequenceCriterion(in_order=names):
            return names
        case AbsenceCriterion(absent=name) if name != ANY:
            return (name,)
        case _:
            return ()


def used(definition: Definition) -> frozenset[str]:
    """Return the signals that some criterion or scale uses, directly or as a member of another signal."""
    found = set[str]()
    for _, _, criterion in definition.criteria():
        for name in asked(criterion):
            found.update(closure(definition, name))
    for group in definition.groups.values():
        if group.scale:
            found.update(closure(definition, group.scale.absent))
    return frozenset(found)


def closure(definition: Definition, name: str) -> frozenset[str]:
    """Return a signal and all that it comes down to by ``any_of``, as far as they exist; cycles do no harm."""
    found, ahead = set[str](), [name]
    while ahead:
        name = ahead.pop()
        if name not in found and name in definition.signals:
            found.add(name)
            ahead += definition.signals[name].any_of
    return frozenset(found)


def members(definition: Definition, name: str) -> Iterator[tuple[str, Signal]]:
    """Yield the signals of activities (name, signal) that a signal comes down to."""
    for inner in sorted(closure(definition, name)):
        if definition.signals[inner].activity:
            yield inner, definition.signals[inner]

"""What the criteria of a definition look at: which kinds of activity, and which attributes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from leadline.definition.model import Definition
    from leadline.engine.model import Program
    from leadline.review.discover.candidates import Defined


def defined(definition: Definition) -> Iterator[Defined]:
    """Yield the signals that criteria count, each of one type: of a signal of several types one for each, called after both."""
    from leadline.definition import signals
    from leadline.review.discover.candidates import Defined

    for name in sorted(signals.used(definition)):
        signal = definition.signals[name]
        for kind in signal.activity:
            yield Defined(_called(name, kind, len(signal.activity)), kind, signal.where or "")


def used(definition: Definition, program: Program) -> dict[str, tuple[str, ...]]:
    """Return, by signal (as :func:`defined` calls it) or attribute, the criteria that look at it."""
    from leadline.definition import signals

    found: dict[str, list[str]] = {}
    for _, criterion, element in definition.criteria():
        for asked in signals.asked(element):
            for name, signal in signals.members(definition, asked):
                for kind in signal.activity:
                    found.setdefault(_called(name, kind, len(signal.activity)), []).append(criterion)
    for item in program.attributes:
        for name in sorted({name for when, _ in item.steps for name in when.names}):
            found.setdefault(name, []).append(item.name)
    return {name: tuple(dict.fromkeys(criteria)) for name, criteria in found.items()}


def _called(name: str, kind: str, kinds: int) -> str:
    return name if kinds == 1 else f"{name}_{kind}"

"""Keys of the definition and their values as phrases: "the window of {}", "30 days". For sentences about a change.

What belongs here: phrases for a key and its value, which need no other element. Whole elements are :mod:`.words`'.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from leadline.definition import english
from leadline.definition.model import Signature

CRITERION = {
    "max": "the most that {} can earn or cost", "within": "the window of {}", "wait": "the wait of {}",
    "once_per": "how often {} counts", "cooldown": "the cooldown of {}", "half_life": "the half-life of {}",
    "fades_over": "the time in which {} fades", "sum": "what {} adds up", "at_least": "the least amount for {}",
    "at_most": "the greatest amount for {}", "of": "whose activities count for {}", "when": "the condition of {}",
    "value": "the value that {} goes by", "tiers": "the tiers of {}", "signal": "the signal of {}",
    "together": "what has to come together for {}", "span": "the span of {}", "in_order": "the order of {}",
    "absent": "what has to be absent for {}", "for_": "the silence that {} asks for", "every": "the step of {}",
}  # fmt: skip
TRACK = {
    "to": "the team that gets track {}", "respond_within": "the time to respond on track {}",
    "counts_as": "what track {} counts as", "per": "what a handoff of track {} is for",
}  # fmt: skip


def value(key: str, held: object) -> str | None:
    """Return the value that a key holds, in words; conditions as code; nothing for nothing."""
    return None if held is None else _VALUES.get(key, _plain)(held)


def row(labels: Sequence[str] | None) -> str | None:
    """Return labels in their order."""
    return ", ".join(map(english.escaped, labels)) if labels else None


def bands(bounds: Mapping[str, float] | None) -> str | None:
    """Return labels with their bounds, from the highest."""
    if not bounds:
        return None
    rungs = sorted(bounds.items(), key=lambda item: -item[1])
    return ", ".join(f"{english.escaped(label)}: {english.number(bound)}" for label, bound in rungs)


def signature(held: Signature | None) -> str | None:
    """Return who signed, when, and which contract."""
    if held is None:
        return None
    signed = f", signed {held.signed}" if held.signed else ", not signed"
    return f"{english.escaped(held.owner)}{signed}" + (f", contract {english.code(held.fingerprint)}" if held.fingerprint else "")


def _tiers(tiers: Mapping[float, float]) -> str:
    return english.listed([f"{english.counted(points, 'point')} from {english.number(bound)}" for bound, points in sorted(tiers.items())])


def _counts(counts: Mapping[str, int]) -> str:
    return english.listed([f"{count} × *{english.spoken(name)}*" for name, count in counts.items()])


def _steps(names: Sequence[str]) -> str:
    return ", then ".join(f"*{english.spoken(name)}*" for name in names)


def _plain(held: object) -> str:
    return english.spoken(str(held))


_VALUES: dict[str, Callable[..., str]] = {
    "tiers": _tiers, "together": _counts, "in_order": _steps, "respond_within": str,
    **dict.fromkeys(("when", "value", "sum"), english.code),
    **dict.fromkeys(("max", "at_least", "at_most"), english.number),
    **dict.fromkeys(("within", "wait", "cooldown", "half_life", "fades_over", "span", "for_", "every"), english.duration),
}  # fmt: skip

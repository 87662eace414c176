"""What a proposed definition takes over from the current one: rules that keep people out, with what these rules look at.

The current definition comes as its file says it, in plain data, so that what is taken over reads as its authors wrote it. A rule that
speaks of the old score, or of groups, isn't taken over: its numbers would mean something else; it is named instead.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, cast

RULES = ("suspend", "disqualify", "nurture")
_TEXT = re.compile(r"'(?:[^']|'')*'")
_NAME = re.compile(r'"((?:[^"]|"")+)"|((?:[^\W\d]\w*)(?:\s*\.\s*[^\W\d]\w*)*)')
_SCORES = frozenset({"score", "grade"})


@dataclass(frozen=True)
class Carried:
    """What is taken over.

    Attributes:
        rules: For each of :data:`RULES`, its named conditions.
        criteria: Criteria of the current definition that these rules look at, by name; they give no points to the score.
        signals: What these criteria count.
        left: The rules that aren't taken over, by their places: ``disqualify.cold``.
    """

    rules: Mapping[str, Mapping[str, str]]
    criteria: Mapping[str, Any]
    signals: Mapping[str, Any]
    left: tuple[str, ...]


def carried(current: Mapping[str, Any], groups: Iterable[str]) -> Carried:
    """Return what is taken over from a definition.

    Args:
        current: The definition, as plain data; empty if there is none.
        groups: The groups of the proposed one, whose names mean these from now on.
    """
    held = part(current, "groups")
    criteria: dict[str, Mapping[str, Any]] = {name: asked for group in held.values() for name, asked in part(group, "criteria").items()}
    unfit = _SCORES | {*held, *groups}
    rules: dict[str, Mapping[str, str]] = {section: part(current, section) for section in RULES}
    named = {(section, name): {*names(str(text))} for section, of in rules.items() for name, text in of.items()}
    left = {place for place, found in named.items() if found & unfit or any(name.startswith("band.") for name in found)}
    wanted = [name for name in criteria if any(name in found for place, found in named.items() if place not in left)]
    return Carried(
        rules={section: {name: text for name, text in of.items() if (section, name) not in left} for section, of in rules.items()},
        criteria={name: criteria[name] for name in wanted},
        signals=_closure(part(current, "signals"), [signal for name in wanted for signal in signals_of(criteria[name])]),
        left=tuple(".".join(place) for place in named if place in left),
    )


def part(plain: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """Return a mapping that stands in plain data; an empty one if it doesn't."""
    found = plain.get(name)
    return cast("Mapping[str, Any]", found) if isinstance(found, Mapping) else {}


def names(condition: str) -> Iterator[str]:
    """Yield the names that a condition may refer to, words of SQL among them.

    >>> [*names("person.country = 'score' and unsubscribed > 0")]
    ['person.country', 'and', 'unsubscribed']
    """
    for quoted, bare in _NAME.findall(_TEXT.sub(" ", condition)):
        yield quoted.replace('""', '"') if quoted else re.sub(r"\s+", "", bare)


def signals_of(criterion: Mapping[str, Any]) -> list[str]:
    """Return the signals that a criterion names.

    >>> signals_of({"together": {"webinar": 1, "visit": 2}}), signals_of({"absent": "any", "for": "14d"})
    (['webinar', 'visit'], [])
    """
    found = [criterion[key] for key in ("signal", "absent") if key in criterion]
    return [name for name in (*found, *criterion.get("together", ()), *criterion.get("in_order", ())) if name != "any"]


def with_signals(criterion: Mapping[str, Any], called: Mapping[str, str]) -> dict[str, Any]:
    """Return a criterion with its signals under other names."""
    changed: dict[str, Any] = {key: called.get(criterion[key], criterion[key]) for key in ("signal", "absent") if key in criterion}
    if "together" in criterion:
        changed["together"] = {called.get(name, name): count for name, count in criterion["together"].items()}
    if "in_order" in criterion:
        changed["in_order"] = [called.get(name, name) for name in criterion["in_order"]]
    return {**criterion, **changed}


def _closure(signals: Mapping[str, Any], wanted: Iterable[str]) -> dict[str, Any]:
    """Return the signals wanted, with those that they are made of, in the order of the file."""
    found = list[str]()
    waiting: list[str] = [*wanted]
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.append(name)
            waiting += part(signals, name).get("any_of", ())
    return {name: asked for name, asked in signals.items() if name in found}

"""What a condition can come to while some of its names aren't fixed: numbers between bounds, and labels out of a few.

For the oracle of replays alone: it has to know that nothing changes between two instants without asking at each microsecond.
Too much may be thought possible, never too little.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from itertools import product
from typing import TypeAlias

from tests.oracle.trees import Arithmetic, Between, Call, Compare, In, IsNull, Join, Name, Negate, Node, Not
from tests.oracle.values import Env, Value, both, either, opposite


@dataclass(frozen=True)
class Range:
    """A number between two, or perhaps unknown."""

    low: float
    high: float
    unknown: bool = False


Choice: TypeAlias = frozenset[Value]
Loose: TypeAlias = Mapping[str, Range | Choice]
ANYTHING = Range(-math.inf, math.inf, unknown=True)


@cache
def names(node: Node) -> frozenset[str]:
    """Return the names that a condition asks for."""
    own = {node.name} if isinstance(node, Name) else set[str]()
    return frozenset(own.union(*map(names, inside(node))))


def inside(node: Node) -> Iterator[Node]:
    """Yield the parts of a condition."""
    for held in vars(node).values():
        yield from (part for part in (held if isinstance(held, tuple) else (held,)) if isinstance(part, Node))


def outcomes(node: Node, env: Env, loose: Loose) -> Range | Choice:
    """Return what a condition can be: a choice of values, or a number between bounds; ``env`` says what is fixed."""
    asked = sorted(names(node) & loose.keys())
    choices = {name: held for name in asked if isinstance(held := loose[name], frozenset)}
    if len(choices) == len(asked):
        picks = (dict(zip(choices, pick, strict=True)) for pick in product(*choices.values()))
        return frozenset(node.value(replace(env, values={**env.values, **pick})) for pick in picks)
    if isinstance(node, Name):
        return loose[node.name]
    return _joined(node, [outcomes(part, env, loose) for part in inside(node)])


def _joined(node: Node, parts: list[Range | Choice]) -> Range | Choice:
    """Return what a condition can be by what its parts can be."""
    if isinstance(node, Join):
        return _each(both if node.word == "and" else either, *parts)
    if isinstance(node, Compare):
        return _compared(node.sign, *parts)
    if not isinstance(node, Not | Between | In | IsNull):
        return _number(node, [_range(part) for part in parts])
    truth = _plainly(node, parts)
    return _each(opposite, truth) if isinstance(node, Not) or node.negated else truth


def _plainly(node: Not | Between | In | IsNull, parts: list[Range | Choice]) -> Choice:
    """Return what a condition can be without its ``not``."""
    if isinstance(node, Not):
        return _choice(parts[0])
    if isinstance(node, IsNull):
        return frozenset([True, False] if _range(parts[0]).unknown else [False])
    if isinstance(node, Between):
        return _each(both, _compared(">=", parts[0], parts[1]), _compared("<=", parts[0], parts[2]))
    found: Choice = frozenset([False])
    for item in parts[1:]:
        found = _each(either, found, _compared("=", parts[0], item))
    return found


def _number(node: Node, parts: list[Range]) -> Range:
    if isinstance(node, Negate):
        return Range(-parts[0].high, -parts[0].low, parts[0].unknown)
    if isinstance(node, Arithmetic):
        return _computed(node.sign, *parts)
    if isinstance(node, Call) and node.function == "coalesce":
        numbers = [part for part in parts if part.low <= part.high]
        unknown = all(part.unknown for part in parts)
        return Range(min(part.low for part in numbers), max(part.high for part in numbers), unknown)
    message = f"no bounds for {node!r}"
    raise TypeError(message)


def _range(held: Range | Choice) -> Range:
    """Return numbers as bounds; if there is only the unknown, the least is above the most."""
    if isinstance(held, Range):
        return held
    numbers = [float(value) for value in held if isinstance(value, int | float)]
    return Range(min(numbers, default=math.inf), max(numbers, default=-math.inf), None in held)


def _computed(sign: str, left: Range, right: Range) -> Range:
    unknown = left.unknown or right.unknown
    if left.low > left.high or right.low > right.high:
        return Range(math.inf, -math.inf, unknown=True)
    if sign == "/" and right.low <= 0 <= right.high:
        return ANYTHING
    ways = {"+": lambda a, b: a + b, "-": lambda a, b: a - b, "*": lambda a, b: a * b, "/": lambda a, b: a / b}
    corners = [ways[sign](a, b) for a in (left.low, left.high) for b in (right.low, right.high)]
    return Range(min(corners), max(corners), unknown)


def _each(how: object, *parts: Range | Choice) -> Choice:
    return frozenset(how(*pick) for pick in product(*map(_choice, parts)))  # type: ignore[operator]  # a function of truths


def _choice(held: Range | Choice) -> Choice:
    if isinstance(held, Range):
        message = f"a number is no truth: {held}"
        raise TypeError(message)
    return held


def _compared(sign: str, one: Range | Choice, other: Range | Choice) -> Choice:
    left, right = _range(one), _range(other)
    found = set[Value]([None] if left.unknown or right.unknown else [])
    if left.low <= left.high and right.low <= right.high:
        found |= set(_told(sign, left, right))
    return frozenset(found)


def _told(sign: str, left: Range, right: Range) -> Iterable[bool]:
    less, same, more = left.low < right.high, left.low <= right.high and right.low <= left.high, left.high > right.low
    ways = {"<": (less, same or more), "<=": (less or same, more), "=": (same, less or more)}
    yes, no = ways[sign] if sign in ways else ways[{"<>": "=", ">": "<=", ">=": "<"}[sign]][::-1]
    return [truth for truth, possible in ((True, yes), (False, no)) if possible]

"""Which kinds of activity are worth looking at: all types, their frequent values, groups of pages, and numbers above a bound. Pure.

Chosen by how many cases had them, never by what became of those cases: a signal that was chosen for its outcome would seem to tell more
than it does.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple, TypeAlias

from leadline.review import phrases
from leadline.review.discover import naming
from leadline.review.discover.model import Signal
from leadline.review.model import Caution

EQUAL, PREFIX, AT_LEAST, ABOVE = "=", "prefix", ">=", ">"
LEAST_CASES, LEAST_SHARE = 20, 0.01
"""A value is frequent if so many cases have it, and such a share of all."""
PER_PROPERTY = 12
"""At most so many values of a property of a type, the most frequent."""
BOUNDS = 4
"""At most so many bounds of a number."""
MOST = 300
"""Signals in all."""
ALIKE = 0.95
"""A group of pages that holds so much of the group above it is left out, and so is a bound that holds so much of a lower one."""
UNTELLING = re.compile(r"(^|_)(referr?er|url|uri|href|ip|user_agent|session|cookie|token|message)(_id)?$|(^|_)id$")
"""Properties that no criterion should hang on: links and keys. Where people came from is told by their attributes."""
_DONE_TO_THEM = re.compile(r"(^|_)(sent|delivered|bounced?|dropped|processed|deferred|queued)$")
_Value: TypeAlias = str | float | bool
_WORD_LEFT_OUT = "content"  # of content_download: it says nothing beside what was downloaded


class Count(NamedTuple):
    """How many cases had an activity before their instants.

    Attributes:
        type: The type of activity.
        side: Whose it is.
        property: The property that is looked at; empty for the whole type.
        test: ``=``, ``prefix`` (of a path: ``/docs/integrations``), ``>=``, ``>``; empty for the whole type.
        value: What the property is compared with: text, a number, or a bool for a property that is true or false.
        cases: So many cases had it.
        won: So many of them were won.
    """

    type: str
    side: str
    property: str
    test: str
    value: _Value
    cases: int
    won: int


class Defined(NamedTuple):
    """A signal of the current definition that is of one type: its name, the type, and the condition, empty for the whole type."""

    name: str
    type: str
    where: str


@dataclass(frozen=True)
class Chosen:
    """What was counted, by whether it is worth a signal.

    Attributes:
        kept: In the order of the signals.
        cut: What is frequent enough, and was left out because there was more than fits.
    """

    kept: tuple[Count, ...]
    cut: tuple[Count, ...]


def signals(counts: Sequence[Count], current: Sequence[Defined], of: int | None = None) -> tuple[Signal, ...]:
    """Return the signals to look at: types first, then those of the current definition, then values and groups by how many cases have them.

    Of signals that turn out to be the same for every case the first stays, so the definition's own names do.

    Args:
        counts: What was counted.
        current: Signals of the current definition; where one is a candidate too, the candidate takes its name.
        of: How many cases there are; if not given, as many as had the most frequent type.
    """
    called = {(item.type, _spaced(item.where)): item.name for item in current}
    names = naming.Names(item.name for item in current)
    found: dict[tuple[str, str], Signal] = {}
    for count in chosen(counts, of).kept:
        where = _where(count)
        name = called.get((count.type, where)) or names.give(_wanted(count, {item.name for item in current}))
        found[count.type, where] = Signal(name, count.type, where, count.side, _words(count), count.cases)
    sides = {count.type: count.side for count in counts}
    for item in current:
        if item.type in sides:
            own = Signal(item.name, item.type, item.where, sides[item.type], phrases.words(item.name), 0)
            found.setdefault((item.type, _spaced(item.where)), own)
    return tuple(sorted(found.values(), key=lambda signal: (bool(signal.where), signal.name not in called.values())))


def cautions(counts: Sequence[Count], of: int | None = None) -> Iterator[Caution]:
    """Yield what was left out although many cases have it."""
    cut = chosen(counts, of).cut
    if cut:
        largest = max(cut, key=lambda count: count.cases)
        says = (
            f"{len(cut):,} more values of properties are frequent enough to be looked at, and were left out for there being so many; the "
            f"most frequent of them is {_words(largest)}. A signal of the current definition is always looked at."
        )
        yield Caution("signals-cut", says)


def chosen(counts: Sequence[Count], of: int | None = None) -> Chosen:
    """Return which counts make signals."""
    types = sorted((count for count in counts if not count.test and naming.is_writable(count.type)), key=lambda count: count.type)
    least = max(LEAST_CASES, LEAST_SHARE * (of or max((count.cases for count in types), default=0)))
    frequent = [count for count in counts if count.test and count.cases >= least and _can_be_written(count) and _can_tell(count)]
    groups = {(count.type, count.property, count.value) for count in frequent if count.test == PREFIX}
    frequent = [count for count in frequent if count.test != EQUAL or (count.type, count.property, count.value) not in groups]
    kept: list[Count] = []
    cut: list[Count] = []
    for group in _by_property(frequent):
        distinct = list(_distinct(group))
        most = BOUNDS if distinct and distinct[0].test in {AT_LEAST, ABOVE} else PER_PROPERTY
        kept += distinct[:most]
        cut += distinct[most:]
    kept.sort(key=_rank)
    room = max(MOST - len(types), 0)
    return Chosen((*types, *kept[:room]), tuple(sorted([*cut, *kept[room:]], key=_rank)))


def _rank(count: Count) -> tuple[object, ...]:
    return (-count.cases, count.type, count.property, count.test, str(count.value))


def _by_property(counts: Iterable[Count]) -> Iterator[list[Count]]:
    """Yield the counts of each property of each type by kind of test, the most frequent first."""
    groups: dict[tuple[str, str, str], list[Count]] = {}
    for count in sorted(counts, key=_rank):
        test = AT_LEAST if count.test == ABOVE else count.test
        groups.setdefault((count.type, count.property, test), []).append(count)
    yield from (groups[key] for key in sorted(groups))


def _distinct(group: list[Count]) -> Iterator[Count]:
    """Yield the counts of a group without those that are nearly the same as one above: a part of its pages, or a lower bound."""
    kept: list[Count] = []
    for count in group:
        above = [other for other in kept if _holds(other, count)]
        if not any(count.cases >= ALIKE * other.cases for other in above):
            kept.append(count)
            yield count


def _holds(wider: Count, count: Count) -> bool:
    if count.test == PREFIX:
        return str(count.value).startswith(f"{wider.value}")
    return count.test in {AT_LEAST, ABOVE}


def is_done_to_them(kind: str) -> bool:
    """Return whether an activity of a type is none of the person's own doing.

    >>> is_done_to_them("email_sent"), is_done_to_them("email_click")
    (True, False)
    """
    return bool(_DONE_TO_THEM.search(kind))


def _can_tell(count: Count) -> bool:
    return not UNTELLING.search(count.property.lower()) and not is_done_to_them(count.type)


def _can_be_written(count: Count) -> bool:
    if not naming.is_writable(count.value) or not naming.is_writable(count.property):
        return False
    return count.test != PREFIX or ("%" not in str(count.value) and str(count.value).strip("/") != "")


def _where(count: Count) -> str:
    """Return the condition that a count stands for."""
    if not count.test:
        return ""
    name = naming.reference(count.property)
    if count.test == PREFIX:  # `_` is any one character to `like`, which for paths is near enough
        return f"{name} like {naming.literal(f'{count.value}%')}"
    if isinstance(count.value, bool):
        return name if count.value else f"not {name}"
    return f"{name} {count.test} {naming.literal(count.value)}"


def _spaced(where: str) -> str:
    return " ".join(where.split())


def _wanted(count: Count, taken: Collection[str]) -> str:
    """Return the name that a signal would have if no other signal had it; ``taken`` are names of the current definition."""
    if not count.test:
        return naming.name(["any", count.type] if naming.name([count.type]) in taken else [count.type])
    value = _plain(count)
    if count.property == "path" and count.type == "page_view":
        return naming.name([value if naming.slug(value) else "home", "page"])
    parts = naming.slug(count.type).split("_")
    if isinstance(count.value, str) and naming.slug(count.property) in parts:
        return naming.name([value, *(part for part in parts if part != _WORD_LEFT_OUT)])
    if isinstance(count.value, bool):
        return naming.name([count.type, "" if count.value else "not", count.property])
    if count.test == ABOVE and not count.value:
        return naming.name([count.type, "with", count.property])
    return naming.name([count.type, count.property, value])


def _plain(count: Count) -> str:
    return count.value if isinstance(count.value, str) else naming.number(count.value)


def _words(count: Count) -> str:
    """Return for people what was counted."""
    kind = phrases.words(count.type)
    if not count.test:
        return kind
    if count.test == PREFIX:
        return f"{kind} of {count.value}…"
    if isinstance(count.value, bool):
        return f"{kind} with {'' if count.value else 'no '}{phrases.words(count.property)}"
    if count.property == "path":
        return f"{kind} of {count.value}"
    said = {EQUAL: "", AT_LEAST: "at least ", ABOVE: "above "}[count.test]
    return f"{kind} with {phrases.words(count.property)} {said}{_plain(count)}"

"""Values that may be unknown, and what three-valued logic makes of them."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

DAY = 86_400_000_000
EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


@dataclass(frozen=True, order=True)
class Instant:
    """A point in time, so that a time is never taken for a number."""

    micros: int

    @classmethod
    def read(cls, text: str) -> Instant:
        """Return the instant of an ISO 8601 text; without a zone it is UTC."""
        moment = dt.datetime.fromisoformat(text)
        moment = moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)
        return cls((moment - EPOCH) // dt.timedelta(microseconds=1))


Value: TypeAlias = bool | float | str | Instant | None


@dataclass(frozen=True)
class Env:
    """What names stand for, at an instant. A name that is missing is unknown; ``orders`` lists labels from low to high."""

    values: Mapping[str, Value]
    as_of: int = 0
    orders: Mapping[str, Sequence[str]] = field(default_factory=dict)


def both(left: Value, right: Value) -> bool | None:
    """Return ``and``: false wins over unknown."""
    if left is False or right is False:
        return False
    return None if left is None or right is None else True


def either(left: Value, right: Value) -> bool | None:
    """Return ``or``: true wins over unknown."""
    if left is True or right is True:
        return True
    return None if left is None or right is None else False


def opposite(held: Value) -> bool | None:
    """Return ``not``: unknown stays unknown."""
    return None if held is None else not held


def compare(sign: str, left: Value, right: Value, order: Sequence[str] | None = None) -> bool | None:
    """Return whether the comparison holds. Labels compare by ``order``, times with texts as times, texts by code points."""
    if order is not None:
        left, right = (order.index(x) if isinstance(x, str) and x in order else None for x in (left, right))
    if left is None or right is None:
        return None
    if isinstance(left, Instant) or isinstance(right, Instant):
        left, right = as_instant(left), as_instant(right)
    if isinstance(left, bool) != isinstance(right, bool) or isinstance(left, str) != isinstance(right, str):
        message = f"{left!r} and {right!r} don't compare"
        raise TypeError(message)
    less, same = left < right, left == right  # type: ignore[operator]  # of one type by now
    return {"=": same, "<>": not same, "<": less, "<=": less or same, ">": not less and not same, ">=": not less}[sign]


def fits(text: str, pattern: str) -> bool:
    """Return whether a ``like`` pattern covers the whole text."""
    regex = "".join({"%": ".*", "_": "."}.get(letter, re.escape(letter)) for letter in pattern)
    return re.fullmatch(regex, text, re.DOTALL) is not None


def as_number(held: Value) -> float:
    """Return the number that a value must be."""
    if isinstance(held, bool) or not isinstance(held, int | float):
        message = f"{held!r} is not a number"
        raise TypeError(message)
    return float(held)


def as_text(held: Value) -> str:
    """Return the text that a value must be."""
    if not isinstance(held, str):
        message = f"{held!r} is not a text"
        raise TypeError(message)
    return held


def as_instant(held: Value) -> int:
    """Return the microseconds of the time, or of the ISO text, that a value must be."""
    held = Instant.read(held) if isinstance(held, str) else held
    if not isinstance(held, Instant):
        message = f"{held!r} is not a time"
        raise TypeError(message)
    return held.micros

"""Small cases, events and attributes, written by hand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from leadline import clock
from leadline.outcomes.model import NONE
from leadline.review.discover.model import Attribute, Cases, Events, Feature, Features, Group, Kind, Signal

DAY = clock.DAY
AT = clock.parse_instant("2026-04-01")


def cases(kinds: Sequence[Kind], *, at: Sequence[int] | int = AT, **columns) -> Cases:
    """Return a case of each kind, at accounts of their own."""
    n = len(kinds)
    made = Cases(
        account=np.arange(n), person=np.arange(n), at=np.broadcast_to(np.array(at, np.int64), n).copy(), kind=np.array(kinds, np.int64),
        amount=np.full(n, np.nan), stands_for=np.zeros(n), fold=np.arange(n) % 5, later=np.zeros(n, np.bool_),
    )  # fmt: skip
    return replace(made, **columns)


def nobody_at_an_account(n: int) -> np.ndarray:
    return np.full(n, NONE)


def signal(name: str, where: str = "", side: str = "marketing", type: str = "") -> Signal:  # noqa: A002 - as the field is called
    return Signal(name, type or name, where, side, name.replace("_", " "), 0)


def events(signals: Sequence[Signal], rows: Sequence[tuple[int, str, float]], person: Sequence[int] | None = None) -> Events:
    """Return events of rows (case, signal's name, age in days), each done by the person of the case's number unless told."""
    names = [item.name for item in signals]
    columns = [(case, names.index(name), round(age * DAY)) for case, name, age in rows]
    case, at, age = (np.array(column, np.int64) for column in (zip(*columns, strict=True) if columns else ((), (), ())))
    return Events(tuple(signals), case, at, age, case.copy() if person is None else np.array(person, np.int64))


def attribute(name: str, values: Sequence[object], later: Sequence[object] | None = None, *, undated=False, order=()) -> Attribute:
    return Attribute(name, np.array([*values, None], object)[:-1], np.array([*(later or values), None], object)[:-1], undated, order)


def features(columns: dict[str, Sequence[float]], *, group=Group.ENGAGEMENT, source: str = "") -> Features:
    """Return features by name with their values; each is its own source unless told."""
    made = tuple(Feature(name, name, group, source or name, {"signal": name}) for name in columns)
    return Features(made, np.array(list(columns.values()), np.float32).T)

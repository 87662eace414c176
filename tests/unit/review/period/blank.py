"""Reports in which nothing stands out, for tests to put in what should: every field as empty as its type allows."""

from __future__ import annotations

import dataclasses
import types
import typing
from collections.abc import Mapping
from enum import Enum

from leadline.outcomes.model import Stage
from leadline.review.model import Figure
from leadline.review.period import model, parts
from leadline.review.period.model import Kind, Period, ReviewReport
from leadline.review.period.parts import Cause, Contribution, Inflation, Split

NONE = Figure(None, None, None, 0)
PERIOD = Period(Kind.MONTH, "2026-09", 0, 1, 2)


def blank(kind, **given):
    """Return a frozen value with nothing in it but what is given."""
    hints = typing.get_type_hints(kind)
    return kind(**{field.name: given.get(field.name, empty(hints[field.name])) for field in dataclasses.fields(kind)})


def empty(hint):
    origin = typing.get_origin(hint)
    if origin in (types.UnionType, typing.Union) and type(None) in typing.get_args(hint):
        return None
    if origin is tuple and Ellipsis not in typing.get_args(hint):
        return tuple(map(empty, typing.get_args(hint)))
    for sort, value in ((origin is tuple, ()), (origin in (dict, Mapping), {}), (hint is Figure, NONE), (hint is Period, PERIOD)):
        if sort:
            return value
    if dataclasses.is_dataclass(hint):
        return blank(hint)
    return next(iter(hint)) if issubclass(hint, Enum) else hint()


def report(**given) -> ReviewReport:
    cohort = blank(model.Cohort, stages=tuple(blank(model.Reached, stage=stage) for stage in Stage))
    return blank(model.ReviewReport, **{"funnel": blank(model.Funnel, cohorts=(cohort,)), **given})


def split(of="volume", *, same=False, before=(100.0, 90.0, 110.0), now=(141.0, 130.0, 150.0), cells=(), **changes):
    """Changes by cause, each a figure as (value, low, high)."""
    causes = {Cause(name): Figure(*values, 500) for name, values in changes.items()}
    wanted = [cause for cause in Cause if of == "volume" or cause not in (Cause.TRAFFIC, Cause.SWITCH)]
    contributions = tuple(Contribution(cause, causes.get(cause, Figure(0.0, -1.0, 1.0, 500))) for cause in wanted)
    change = Figure(now[0] - before[0], now[1] - before[2], now[2] - before[1], 500)
    return Split(of, 0, 1, 1, 2, Figure(*before, 500), Figure(*now, 500), change, contributions, same, tuple(cells))


def inflation(volume=None, conversion=None):
    return Inflation(volume, conversion)


def rep(name, leads, met, expected, standing, ratio=None):
    value = met / expected if ratio is None else ratio
    return parts.RepFigures(
        name, leads, met, expected, Figure(met / leads, met / leads - 0.05, met / leads + 0.05, leads),
        Figure(value, 0.8, 1.2, leads), float(leads), 0.7, 1.3, standing,
    )  # fmt: skip

"""What cases were, as features: categories, bounds of numbers, steps of an order, and what isn't known, apart. Pure."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from leadline.review import phrases
from leadline.review.discover import naming
from leadline.review.discover.model import Attribute, Feature, Group

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from leadline.outcomes.model import Flags, Real

Made: TypeAlias = "tuple[Feature, NDArray[np.float32]]"

CATEGORIES, LEAST_SHARE = 12, 0.02
"""At most so many values of an attribute, each of such a share of the cases at least."""
FEW = 6
"""So many different numbers, or fewer, are bounds themselves."""
QUANTILES = (0.1, 0.25, 0.5, 0.75, 0.9, 0.97)
WIDE = 10.0
"""Numbers whose quantiles differ by such a factor get bounds of 1, 2 and 5 times a power of ten; others get bounds of even distance."""
UNKNOWN = "unknown"
IDENTIFYING = re.compile(r"(^|_)(id|name|e?mail|domain|phone|mobile|address|street|url|website|linkedin|twitter)$")
"""Attributes that tell one from another, and so nothing about the next one."""


def made(attributes: Iterable[Attribute]) -> Iterator[Made]:
    """Yield the features of attributes with their values."""
    for attribute in attributes:
        known = np.array([is_known(value) for value in _listed(attribute.values)], np.bool_)
        own = attribute.name.partition(".")[2].lower()
        if IDENTIFYING.search(own) or not naming.is_writable(attribute.name) or not known.any():
            continue
        held = attribute.values[known]
        yield _feature(attribute, UNKNOWN, f"{naming.reference(attribute.name)} is null", UNKNOWN), (~known).astype(np.float32)
        if attribute.order:
            found = _steps(attribute, held)
        elif all(isinstance(value, bool | np.bool_) for value in _listed(held)):
            found = _flag(attribute, held)
        elif all(isinstance(value, int | float) for value in _listed(held)):
            found = _bounds(attribute, held.astype(np.float64))
        else:
            found = _categories(attribute, held)
        for feature, holds in found:
            row = np.zeros(len(known), np.float32)
            row[known] = holds
            yield feature, row


def _listed(values: NDArray[Any]) -> list[Any]:
    return values.tolist()


def is_known(value: object) -> bool:
    """Return whether a value says anything."""
    return value is not None and value != "" and not (isinstance(value, float) and math.isnan(value))


def _feature(attribute: Attribute, key: str, when: str, words: str) -> Feature:
    said = f"{phrases.words(attribute.name)} {words}"
    return Feature(f"{attribute.name}.{naming.slug(key) or 'other'}", said, Group.FIT, attribute.name, {"when": when})


def _flag(attribute: Attribute, held: NDArray[Any]) -> Iterator[tuple[Feature, Flags]]:
    said = phrases.words(attribute.name)
    yield Feature(attribute.name, said, Group.FIT, attribute.name, {"when": naming.reference(attribute.name)}), held.astype(np.bool_)


def _categories(attribute: Attribute, held: NDArray[Any]) -> Iterator[tuple[Feature, Flags]]:
    """Yield the frequent values of a text."""
    texts = [str(value) for value in _listed(held)]
    frequent = sorted(Counter(texts).items(), key=lambda item: (-item[1], item[0]))[:CATEGORIES]
    for value, count in frequent:
        if count >= LEAST_SHARE * len(attribute.values) and naming.is_writable(value):
            when = f"{naming.reference(attribute.name)} = {naming.literal(value)}"
            yield _feature(attribute, value, when, f"is {value}"), np.array([text == value for text in texts], np.bool_)


def _steps(attribute: Attribute, held: NDArray[Any]) -> Iterator[tuple[Feature, Flags]]:
    """Yield for each place in an order but the lowest whether it is reached; a value that isn't in it reaches none."""
    places = {label: place for place, label in enumerate(attribute.order)}
    ranks = np.array([places.get(str(value), -1) for value in _listed(held)], np.int64)
    for place, label in enumerate(attribute.order):
        if place and naming.is_writable(label):
            when = f"{naming.reference(attribute.name)} >= {naming.literal(label)}"
            yield _feature(attribute, f"from {label}", when, f"at least {phrases.words(label)}"), ranks >= place


def _bounds(attribute: Attribute, held: Real) -> Iterator[tuple[Feature, Flags]]:
    for bound in bounds(held[np.isfinite(held)]):
        written = naming.number(bound)
        when = f"{naming.reference(attribute.name)} >= {written}"
        key = f"minus_{written}" if bound < 0 else written
        yield _feature(attribute, f"from {key}", when, f"at least {phrases.size(bound)}"), held >= bound


def bounds(values: Real) -> list[float]:
    """Return a few round bounds near quantiles, rising; the lowest value is none, since everybody reaches it.

    >>> bounds(np.array([1.0, 12, 40, 45, 180, 230, 900, 6000]))
    [10.0, 50.0, 100.0, 500.0, 2000.0, 5000.0]
    >>> bounds(np.array([2015.0, 2016, 2018, 2019, 2020, 2021, 2022, 2023, 2024]))
    [2016.0, 2018.0, 2020.0, 2022.0, 2023.0, 2024.0]
    """
    different = np.unique(values)
    if len(different) <= FEW:
        return [float(value) for value in different[1:].tolist()]
    at = np.quantile(values, QUANTILES)
    wide = at[0] > 0 and at[-1] >= WIDE * at[0]
    rounded = [_round(value) for value in at.tolist()] if wide else _evenly(at)
    return sorted({bound for bound in rounded if bound > different[0]})


def _round(value: float) -> float:
    """Return the nearest of 1, 2 and 5 times a power of ten, by ratio."""
    power = 10.0 ** math.floor(math.log10(value))
    return float(min((power * digit for digit in (1, 2, 5, 10)), key=lambda bound: abs(math.log(bound / value))))


def _evenly(at: Real) -> list[float]:
    """Return quantiles rounded to a step that is round itself, about an eighth of what lies between the outer ones."""
    apart = float(at[-1] - at[0])
    step = _round(apart / 8) if apart > 0 else 1.0
    return [round(round(value / step) * step, 10) for value in at.tolist()]

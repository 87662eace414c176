"""How features become criteria: steps of one attribute make tiers, its categories make a list. Pure.

A *term* is one or several features that share a coefficient, so that a case's value of it is the sum of theirs: a single feature, or
categories of one attribute, of which a case has one at most. A *selection* is the terms of a card, in the order in which they were
taken.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from leadline.review import phrases
from leadline.review.discover import naming
from leadline.review.discover.model import CardCriterion, Feature

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from leadline.outcomes.model import Real

Term: TypeAlias = tuple[int, ...]
Selection: TypeAlias = tuple[Term, ...]

_OF = r'(?P<of>(?:person|account)\.(?:\w+|"(?:[^"]|"")*"))'
_STEP = re.compile(_OF + r" >= (?P<bound>-?\d+(?:\.\d+)?)")
_CATEGORY = re.compile(_OF + r" = (?P<value>'(?:[^']|'')*')")


class Form(StrEnum):
    """What a feature is beside others of its source."""

    ALONE = "alone"
    STEP = "step"
    """The attribute reaches a bound."""
    CATEGORY = "category"
    """The attribute has a value."""


@dataclass(frozen=True)
class Shape:
    """A feature's form, the attribute it looks at, and the bound or the value as the language writes it."""

    form: Form
    of: str
    at: str


def shape(feature: Feature) -> Shape:
    """Return a feature's form, as its criterion tells.

    >>> from leadline.review.discover.model import Group
    >>> size = Feature("size.100", "at least 100 people", Group.FIT, "account.employees", {"when": "account.employees >= 100"})
    >>> shape(size)
    Shape(form=<Form.STEP: 'step'>, of='account.employees', at='100')
    """
    asked = feature.criterion
    if set(asked) == {"value", "tiers"} and len(asked["tiers"]) == 1:
        return Shape(Form.STEP, str(asked["value"]), f"{next(iter(asked['tiers'])):g}")
    when = str(asked["when"]) if set(asked) == {"when"} else ""
    if found := _STEP.fullmatch(when):
        return Shape(Form.STEP, found["of"], found["bound"])
    if found := _CATEGORY.fullmatch(when):
        return Shape(Form.CATEGORY, found["of"], found["value"])
    return Shape(Form.ALONE, feature.name, "")


def with_feature(selection: Selection, index: int, shapes: Sequence[Shape], like: Sequence[bool]) -> Selection:
    """Return a selection with one feature more.

    Args:
        selection: So far.
        index: The feature.
        shapes: Of all features.
        like: Of each term, whether it counts in the same direction as the feature: a category joins categories of the same direction.
    """
    own = shapes[index]
    for place, term in enumerate(selection):
        if own.form is Form.CATEGORY and shapes[term[0]] == Shape(own.form, own.of, shapes[term[0]].at) and like[place]:
            return (*selection[:place], (*term, index), *selection[place + 1 :])
    return (*selection, (index,))


def criteria(selection: Selection, shapes: Sequence[Shape]) -> list[list[int]]:
    """Return which terms make a criterion together, by their places: all steps of one attribute do."""
    found: dict[tuple[str, ...], list[int]] = {}
    for place, term in enumerate(selection):
        own = shapes[term[0]]
        key = ("step", own.of) if own.form is Form.STEP else ("term", str(place))
        found.setdefault(key, []).append(place)
    return list(found.values())


def columns(values: NDArray[Any], selection: Selection) -> Real:
    """Return the value of each case (rows) of each term (columns)."""
    if not selection:
        return np.zeros((len(values), 0))
    return np.column_stack([values[:, list(term)].sum(axis=1, dtype=np.float64) for term in selection])


def criterion(terms: Sequence[Sequence[Feature]], points: Sequence[int], coefficients: Sequence[float]) -> CardCriterion:
    """Return the criterion that terms make together: steps of one attribute, or a single term.

    Args:
        terms: The features of each term.
        points: Of each term.
        coefficients: Likewise, of the log-odds.
    """
    first = terms[0][0]
    features = tuple(feature.name for term in terms for feature in term)
    if len(terms) > 1:
        asked, most = _tiers([term[0] for term in terms], points)
        bounds = phrases.listed((phrases.size(float(bound)) for bound in asked["tiers"]), "or")
        words = f"{phrases.words(first.source)} of at least {bounds}"
        return CardCriterion(_name(first.source), first.group, words, asked, most, features, sum(coefficients))
    if len(terms[0]) > 1:
        told = sorted((shape(feature) for feature in terms[0]), key=lambda item: item.at)
        asked = {"when": f"{told[0].of} in ({', '.join(item.at for item in told)})"}
        words = f"{phrases.words(first.source)} is {phrases.listed([item.at[1:-1].replace(_TWO, _ONE) for item in told], 'or')}"
        return CardCriterion(_name(first.source), first.group, words, asked, points[0], features, coefficients[0])
    return CardCriterion(_name(first.name), first.group, first.words, _worth(first, points[0]), points[0], features, coefficients[0])


_ONE, _TWO = "'", "''"


def _tiers(steps: Sequence[Feature], points: Sequence[int]) -> tuple[Mapping[str, Any], int]:
    """Return the tiers, whose points add up from the lowest bound, and the points of the one that is worth most."""
    told = sorted((float(shape(step).at), worth) for step, worth in zip(steps, points, strict=True))
    reached = np.cumsum([worth for _, worth in told]).tolist()
    bounds = [int(bound) if bound.is_integer() else bound for bound, _ in told]
    return {"value": shape(steps[0]).of, "tiers": dict(zip(bounds, reached, strict=True))}, max(reached, key=abs)


def _worth(feature: Feature, points: int) -> Mapping[str, Any]:
    """Return a feature's criterion for so many points: its ``max``, told for points of 1, grows with them, and so do tiers."""
    asked = dict(feature.criterion)
    if "max" in asked:
        asked["max"] = asked["max"] * abs(points)
    if "tiers" in asked:
        asked["tiers"] = {bound: worth * points for bound, worth in asked["tiers"].items()}
    return asked


def _name(name: str) -> str:
    """Return the name of a feature or a source as the name of a criterion; *once* goes without saying.

    >>> _name("pricing.1.30d"), _name("pricing.2.30d"), _name("account.employees")
    ('pricing_30d', 'pricing_2_30d', 'employees')
    """
    own = name.removeprefix("person.").removeprefix("account.")
    return naming.name([re.sub(r"\.1\.(?=\w+$)", ".", own)])

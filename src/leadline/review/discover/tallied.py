"""How many cases have each feature, thousands of features at once: by kind, by quarter, and among cases that did about as much. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from leadline.outcomes.model import NONE
from leadline.review.discover import activity_features
from leadline.review.discover.model import Cases, Feature, Features, Group, Kind
from leadline.review.discover.odds import Stratified
from leadline.review.discover.pair_features import BESIDE

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from leadline.outcomes.model import Flags, Real, Whole

    _Counts: TypeAlias = NDArray[np.float32]

KINDS = tuple(Kind)
PARTS, FEWEST = 5, 7
"""Cases that did about as much: bounded by fifths of the won and of the others, or by fewer parts if these would hold fewer cases."""
_STRATA = 2 * PARTS - 1
_NO_SIGNALS = frozenset({activity_features.SILENCE, activity_features.PEOPLE})


@dataclass(frozen=True)
class Tallied:
    """How many cases have each feature (rows), and how many there are: by kind, and by quarter, won and others in turn (columns)."""

    kinds: Whole
    of_kinds: Whole
    quarters: Whole
    of_quarters: Whole


def by_kind_and_quarter(cases: Cases, features: Features) -> Tallied:
    """Return the counts of each feature.

    People without an account aren't asked what an account did or was: they would seem not to have done it, and all that is known of
    accounts would seem to win deals.
    """
    quarters, split = _quarter_of(cases), len(KINDS)
    columns = np.concatenate([_kinds(cases.kind), _in_turn(cases, quarters, np.unique(quarters))], axis=1)
    asked = _asked(cases, features.features)
    counts, totals = _summed((features.values.T != 0) & asked, columns), _summed(asked, columns)
    return Tallied(counts[:, :split], totals[:, :split], counts[:, split:], totals[:, split:])


def by_kind(cases: Cases, holds: Flags) -> tuple[Whole, Whole]:
    """Return of how many cases of each kind (columns) each row holds, and how many there are."""
    kinds = _kinds(cases.kind)
    return _summed(holds, kinds), _summed(np.ones(holds.shape, np.bool_), kinds)


def _asked(cases: Cases, features: Sequence[Feature]) -> Flags:
    """Return which cases (columns) each feature (rows) is asked of."""
    of_account = np.array([_asks_account(feature) for feature in features], np.bool_)[:, None]
    return ~of_account | (cases.account != NONE)


def as_active(cases: Cases, features: Features) -> Stratified:
    """Return the tables of each feature among cases that did about as much, told by how many other things they did."""
    did: dict[str, Flags] = {}
    places: dict[str, list[int]] = {}
    for at, (feature, row) in enumerate(zip(features.features, features.values.T, strict=True)):
        places.setdefault(feature.source, []).append(at)
        if is_done(feature) and BESIDE not in feature.source and feature.source not in _NO_SIGNALS:
            did[feature.source] = did.get(feature.source, np.zeros(len(cases), np.bool_)) | (row != 0)
    different = np.zeros(len(cases), np.int64)
    for has in did.values():
        different += has
    tables = np.zeros((4, len(features), _STRATA), np.int64)
    for source, own in places.items():
        others = different - sum(did.get(part, np.zeros(1, np.bool_)).astype(np.int64) for part in source.split(BESIDE))
        columns = _in_turn(cases, _strata(others, cases.won), np.arange(_STRATA))
        asked = _asked(cases, [features.features[at] for at in own])
        counts, totals = _summed((features.values.T[own] != 0) & asked, columns), _summed(asked, columns)
        tables[:, own] = counts[:, ::2], totals[:, ::2], counts[:, 1::2], totals[:, 1::2]
    return Stratified(*tables)


def _strata(different: Whole, won: Flags) -> Whole:
    """Return a stratum for each case."""
    bounds = np.unique(np.concatenate([_bounds(different[won]), _bounds(different[~won])]))
    return np.searchsorted(bounds, different, side="right").astype(np.int64)


def _bounds(counts: Whole) -> Real:
    parts = min(PARTS, max(len(counts) // FEWEST, 1))
    return np.quantile(counts, np.arange(1, parts) / parts) if parts > 1 else np.zeros(0)


def is_done(feature: Feature) -> bool:
    """Return whether a feature is of what cases did, and not of what they were."""
    return feature.group is not Group.FIT


def _summed(holds: Flags, columns: _Counts) -> Whole:
    """Return for how many cases of each column each row holds; whole numbers of this size are exact as floats."""
    found: _Counts = np.dot(holds.astype(np.float32), columns)
    return np.rint(found).astype(np.int64)


def _asks_account(feature: Feature) -> bool:
    if feature.source.startswith("account."):
        return True
    return feature.criterion.get("of") == "account" or feature.source == activity_features.PEOPLE


def _kinds(kind: Whole) -> _Counts:
    return (kind[:, None] == np.array(KINDS)).astype(np.float32)


def _quarter_of(cases: Cases) -> Whole:
    """Return the number of each case's quarter, from 1970 on."""
    return cases.at.astype("datetime64[us]").astype("datetime64[M]").astype(np.int64) // 3


def quarters(cases: Cases) -> tuple[str, ...]:
    """Return the names of the quarters in which cases lie."""
    return tuple(f"{1970 + number // 4}Q{number % 4 + 1}" for number in np.unique(_quarter_of(cases)).tolist())


def _in_turn(cases: Cases, numbers: Whole, among: Whole) -> _Counts:
    """Return for each of some numbers a column of the won cases that have it, and one of the others."""
    inside = numbers[:, None] == among
    return np.stack([inside & cases.won[:, None], inside & ~cases.won[:, None]], axis=2).reshape(len(cases), -1).astype(np.float32)

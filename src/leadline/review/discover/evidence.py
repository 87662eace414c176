"""What speaks for each behaviour and attribute: how often won cases had it and others hadn't, and how sure that is. Pure.

What evidence comes to follows rules that are written down in docs/statistics.md, so that nobody's gut decides.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from leadline.outcomes.model import NONE
from leadline.review import figures
from leadline.review.discover import activity_features, odds
from leadline.review.discover.model import Behaviour, Cases, Current, Feature, Features, Kind, Quarter, Says, Standing
from leadline.review.discover.odds import Ratios, Tables
from leadline.review.model import Figure

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from leadline.outcomes.model import Flags, Real, Whole

    _Counts: TypeAlias = NDArray[np.float32]

LEVEL = 0.05
"""Of those that are said to win deals or to speak against, about so many are expected to be false."""
ALIKE = (0.8, 1.25)
"""An odds ratio whose interval lies within is as good as 1."""
PREVALENT, LOOSELY_ALIKE = 0.2, (0.5, 2.0)
"""Of what so many others have, a wider interval does, if it holds 1."""
FEW = 10
"""A criterion of which fewer cases have points is hardly ever met."""
_KINDS = tuple(Kind)
_ORDER = {Says.WINS: 0, Says.AGAINST: 1, Says.FREQUENT: 2, Says.OPEN: 3}


def behaviours(cases: Cases, features: Features, used: Mapping[str, Sequence[str]]) -> tuple[Behaviour, ...]:
    """Return the evidence about each feature that holds or doesn't, most telling first.

    The best of each source come first, by what they come to; then the others in the same order. So the first of a source is its best.
    Features that count are left out: they hold for the same cases as those that ask for at least one.

    Args:
        cases: All cases.
        features: Of all cases.
        used: Source → the criteria of the current definition that look at it.
    """
    held = features.only(np.array([index for index, feature in enumerate(features.features) if not feature.counts], np.int64))
    if not len(cases) or not len(held):
        return ()
    crossed = _Crossed(_counted(cases, held), _quarters(cases))
    found = [crossed.behaviour(at, feature, tuple(used.get(feature.source, ()))) for at, feature in enumerate(held.features)]
    found.sort(key=_rank)
    best = {behaviour.source: behaviour.feature for behaviour in reversed(found)}
    return tuple(sorted(found, key=lambda behaviour: best[behaviour.source] != behaviour.feature))


def current(cases: Cases, names: Mapping[str, str], points: Real) -> tuple[Current, ...]:
    """Return how the criteria of the current definition stand.

    Args:
        cases: All cases.
        names: Criterion → group, in the order of the columns.
        points: Case × criterion: the points at the case's instant.
    """
    if not len(cases) or not names:
        return ()
    kinds = _kinds(cases.kind)
    counts = _summed((points != 0).T, kinds)
    totals = _summed(np.ones((len(names), len(cases)), np.bool_), kinds)
    tables = _against(counts, totals, _KINDS[1:])
    ratios, chances = tables.odds_ratios(), tables.chances()
    q = odds.adjusted(chances)
    upward = points.sum(axis=0) >= 0
    return tuple(
        Current(name, group, _prevalence(counts[at], totals[at]), ratios.figure(at), float(chances[at]), standing)
        for at, (name, group) in enumerate(names.items())
        for standing in [_standing(int(counts[at].sum()), float(q[at]), bool((ratios.value[at] > 1) == upward[at]))]
    )


def _standing(cases: int, q: float, agrees: bool) -> Standing:  # noqa: FBT001 - what was found, not a switch
    if cases < FEW:
        return Standing.UNSEEN
    if q > LEVEL:
        return Standing.UNSUPPORTED
    return Standing.SUPPORTED if agrees else Standing.HARMFUL


@dataclass(frozen=True)
class _Counted:
    """How many cases have each feature (rows), and how many there are: by kind, and by quarter and whether they were won (columns)."""

    kinds: Whole
    of_kinds: Whole
    quarters: Whole
    of_quarters: Whole


def _counted(cases: Cases, features: Features) -> _Counted:
    """Count; people without an account aren't asked what only an account can have, for they would seem not to have done it."""
    columns = np.concatenate([_kinds(cases.kind), _by_quarter(cases)], axis=1)
    of_account = np.array([_asks_account(feature) for feature in features.features], np.bool_)[:, None]
    asked = ~of_account | (cases.account != NONE)
    counts, totals = _summed((features.values.T != 0) & asked, columns), _summed(asked, columns)
    split = len(_KINDS)
    return _Counted(counts[:, :split], totals[:, :split], counts[:, split:], totals[:, split:])


def _summed(holds: Flags, columns: _Counts) -> Whole:
    """Return for how many cases of each column each row holds; whole numbers of this size are exact as floats."""
    found: _Counts = np.dot(holds.astype(np.float32), columns)
    return np.rint(found).astype(np.int64)


def _asks_account(feature: Feature) -> bool:
    return feature.criterion.get("of") == "account" or feature.source == activity_features.PEOPLE


def _kinds(kind: Whole) -> _Counts:
    return (kind[:, None] == np.array(_KINDS)).astype(np.float32)


def _quarter_of(cases: Cases) -> Whole:
    """Return the number of each case's quarter, from 1970 on."""
    return cases.at.astype("datetime64[us]").astype("datetime64[M]").astype(np.int64) // 3


def _quarters(cases: Cases) -> tuple[str, ...]:
    return tuple(f"{1970 + number // 4}Q{number % 4 + 1}" for number in np.unique(_quarter_of(cases)).tolist())


def _by_quarter(cases: Cases) -> _Counts:
    """Return for each quarter a column of its won cases, and one of its others."""
    numbers = _quarter_of(cases)
    inside = numbers[:, None] == np.unique(numbers)
    return np.stack([inside & cases.won[:, None], inside & ~cases.won[:, None]], axis=2).reshape(len(cases), -1).astype(np.float32)


def _against(counts: Whole, totals: Whole, others: Sequence[Kind]) -> Tables:
    """Return tables of the won against other kinds."""
    at = [int(kind) for kind in others]
    return Tables(counts[:, Kind.WON], totals[:, Kind.WON], counts[:, at].sum(axis=1), totals[:, at].sum(axis=1))


def _prevalence(counts: Whole, totals: Whole) -> dict[str, Figure]:
    return {kind.name.lower(): figures.share(int(counts[kind]), int(totals[kind])) for kind in _KINDS}


class _Crossed:
    """All features against all kinds and quarters."""

    def __init__(self, counted: _Counted, quarters: tuple[str, ...]) -> None:
        """Work out what is worked out for all features at once."""
        self.counted, self.quarters = counted, quarters
        tables = _against(counted.kinds, counted.of_kinds, _KINDS[1:])
        self.ratios, self.lifts, self.p = tables.odds_ratios(), tables.lifts(), tables.chances()
        self.q = odds.adjusted(self.p)
        self.sold = _against(counted.kinds, counted.of_kinds, (Kind.LOST, Kind.STALLED)).odds_ratios()
        self.others = tables.others_had / np.maximum(tables.others, 1)
        self.by_quarter = [self._quarter(at) for at in range(len(quarters))]

    def _quarter(self, at: int) -> tuple[Tables, Ratios]:
        counts, totals = self.counted.quarters, self.counted.of_quarters
        tables = Tables(counts[:, 2 * at], totals[:, 2 * at], counts[:, 2 * at + 1], totals[:, 2 * at + 1])
        return tables, tables.odds_ratios()

    def behaviour(self, at: int, feature: Feature, used_by: tuple[str, ...]) -> Behaviour:
        """Return the evidence about one feature."""
        held = self._held(at)
        return Behaviour(
            feature.name, feature.words, feature.group, feature.source, feature.criterion,
            _prevalence(self.counted.kinds[at], self.counted.of_kinds[at]), self.lifts.figure(at), self.ratios.figure(at),
            self.sold.figure(at), float(self.p[at]), float(self.q[at]), self._told_quarters(at), held, self._says(at, held), used_by,
        )  # fmt: skip

    def _told_quarters(self, at: int) -> tuple[Quarter, ...]:
        return tuple(
            Quarter(name, ratios.figure(at), int(tables.won[at]))
            for name, (tables, ratios) in zip(self.quarters, self.by_quarter, strict=True)
            if tables.won[at]
        )

    def _held(self, at: int) -> Figure:
        """Return in how many of the quarters in which won cases lie, and anybody had it, it counted the same way."""
        told = [
            bool((ratios.value[at] > 1) == (self.ratios.value[at] > 1))
            for tables, ratios in self.by_quarter
            if tables.won[at] and tables.others[at] and tables.had[at] + tables.others_had[at]
        ]
        return Figure(float(sum(told)) if told else None, None, None, len(told))

    def _says(self, at: int, held: Figure) -> Says:
        ratio, low, high = (float(column[at]) for column in (self.ratios.value, self.ratios.low, self.ratios.high))
        against_sold = float(self.sold.value[at])
        upward = ratio > 1
        clear = self.q[at] <= LEVEL and (low > 1 or high < 1)
        lasts = held.value is None or 2 * held.value >= held.n
        contradicted = against_sold < 1 if upward else against_sold > 1  # not if nothing is known of them
        if clear and lasts and not contradicted:
            return Says.WINS if upward else Says.AGAINST
        loosely = self.others[at] >= PREVALENT and low <= 1 <= high and LOOSELY_ALIKE[0] <= low and high <= LOOSELY_ALIKE[1]
        return Says.FREQUENT if loosely or (ALIKE[0] <= low and high <= ALIKE[1]) else Says.OPEN


def _rank(behaviour: Behaviour) -> tuple[int, float, str]:
    """Return what behaviours are sorted by: what they come to, then how strong that is."""
    ratio = behaviour.odds_ratio
    strength = {
        Says.WINS: ratio.low or 0.0,
        Says.AGAINST: 1 / (ratio.high or np.inf),
        Says.FREQUENT: behaviour.prevalence["never"].value or 0.0,
        Says.OPEN: 1 - behaviour.p,
    }
    return _ORDER[behaviour.says], -round(strength[behaviour.says], 9), behaviour.feature

"""What speaks for each behaviour and attribute: how often won cases had it and others hadn't, and how sure that is. Pure.

What evidence comes to follows rules that are written down in docs/statistics.md, so that nobody's gut decides.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from leadline.review import figures
from leadline.review.discover import odds, tallied
from leadline.review.discover.model import UNTOLD, Behaviour, Cases, Current, Feature, Features, Kind, Quarter, Says, Standing
from leadline.review.discover.odds import Ratios, Stratified, Tables
from leadline.review.discover.pair_features import BESIDE
from leadline.review.discover.tallied import Tallied
from leadline.review.model import Figure

if TYPE_CHECKING:
    from leadline.outcomes.model import Real, Whole

LEVEL = 0.05
"""Of those that are said to win deals or to speak against, about so many are expected to be false."""
ALIKE = (0.8, 1.25)
"""An odds ratio whose interval lies within is as good as 1."""
PREVALENT, LOOSELY_ALIKE = 0.2, (0.5, 2.0)
"""Of what so many others have, a wider interval does, if it holds 1."""
AS_ACTIVE = 1.645
"""By so many standard deviations won cases had it more often than others that did as much: one-sided, 5 %."""
FEW = 10
"""A criterion of which fewer cases have points is hardly ever met."""
_TELLING = frozenset({Says.WINS, Says.AGAINST})
_ORDER = {Says.WINS: 0, Says.AGAINST: 1, Says.FREQUENT: 2, Says.OPEN: 3}


def behaviours(cases: Cases, features: Features, used: Mapping[str, Sequence[str]]) -> tuple[Behaviour, ...]:
    """Return the evidence about each feature that holds or doesn't, most telling first.

    The best of each source come first, by what they come to; then the others in the same order. So the first of a source is its best:
    the strongest that wins deals or speaks against, or if none does, the simplest.
    Features that count are left out: they hold for the same cases as those that ask for at least one.

    Args:
        cases: All cases.
        features: Of all cases.
        used: Source → the criteria of the current definition that look at it.
    """
    held = features.only(np.array([index for index, feature in enumerate(features.features) if not feature.counts], np.int64))
    if not len(cases) or not len(held):
        return ()
    crossed = _Crossed(tallied.by_kind_and_quarter(cases, held), tallied.as_active(cases, held), tallied.quarters(cases))
    found = [crossed.behaviour(at, feature, tuple(used.get(feature.source, ()))) for at, feature in enumerate(held.features)]
    best = _best(found)
    found = [replace(item, says=Says.OPEN) if _is_no_more(item, best) else item for item in found]
    best = _best(found)
    return tuple(sorted(found, key=lambda behaviour: (best[behaviour.source] is not behaviour, *_rank(behaviour))))


def _best(found: Sequence[Behaviour]) -> dict[str, Behaviour]:
    """Return the best of each source."""
    best: dict[str, Behaviour] = {}
    for behaviour in found:
        if behaviour.source not in best or _is_better(behaviour, best[behaviour.source]):
            best[behaviour.source] = behaviour
    return best


def _is_no_more(behaviour: Behaviour, best: Mapping[str, Behaviour]) -> bool:
    """Return whether a pair is said to win deals, though one of its two signals alone tells as much."""
    parts = behaviour.source.split(BESIDE)
    if behaviour.says is not Says.WINS or len(parts) == 1:
        return False
    return any((best[part].odds_ratio.value or 0) >= (behaviour.odds_ratio.value or 0) for part in parts if part in best)


def _is_better(one: Behaviour, other: Behaviour) -> bool:
    """Return whether a behaviour is better than a simpler one of its source: only if it tells something."""
    return one.says in _TELLING and _rank(one) < _rank(other)


def current(cases: Cases, names: Mapping[str, str], points: Real) -> tuple[Current, ...]:
    """Return how the criteria of the current definition stand.

    Args:
        cases: All cases.
        names: Criterion → group, in the order of the columns.
        points: Case × criterion: the points at the case's instant.
    """
    if not len(cases) or not names:
        return ()
    counts, totals = tallied.by_kind(cases, (points != 0).T)
    tables = _against(counts, totals, tallied.KINDS[1:])
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


def _against(counts: Whole, totals: Whole, others: Sequence[Kind]) -> Tables:
    """Return tables of the won against other kinds."""
    at = [int(kind) for kind in others]
    return Tables(counts[:, Kind.WON], totals[:, Kind.WON], counts[:, at].sum(axis=1), totals[:, at].sum(axis=1))


def _prevalence(counts: Whole, totals: Whole) -> dict[str, Figure]:
    return {kind.name.lower(): figures.share(int(counts[kind]), int(totals[kind])) for kind in tallied.KINDS}


class _Crossed:
    """All features against all kinds and quarters."""

    def __init__(self, counted: Tallied, as_active: Stratified, quarters: tuple[str, ...]) -> None:
        """Work out what is worked out for all features at once."""
        self.counted, self.quarters = counted, quarters
        tables = _against(counted.kinds, counted.of_kinds, tallied.KINDS[1:])
        self.ratios, self.lifts, self.p = tables.odds_ratios(), tables.lifts(), tables.chances()
        self.q = odds.adjusted(self.p)
        self.sold = _against(counted.kinds, counted.of_kinds, (Kind.LOST, Kind.STALLED)).odds_ratios()
        self.others = tables.others_had / np.maximum(tables.others, 1)
        self.beyond, self.common = as_active.deviations(), as_active.odds_ratios()
        self.by_quarter = [self._quarter(at) for at in range(len(quarters))]

    def _quarter(self, at: int) -> tuple[Tables, Ratios]:
        counts, totals = self.counted.quarters, self.counted.of_quarters
        tables = Tables(counts[:, 2 * at], totals[:, 2 * at], counts[:, 2 * at + 1], totals[:, 2 * at + 1])
        return tables, tables.odds_ratios()

    def behaviour(self, at: int, feature: Feature, used_by: tuple[str, ...]) -> Behaviour:
        """Return the evidence about one feature."""
        held = self._held(at)
        return Behaviour(
            feature=feature.name,
            words=feature.words,
            group=feature.group,
            source=feature.source,
            criterion=feature.criterion,
            prevalence=_prevalence(self.counted.kinds[at], self.counted.of_kinds[at]),
            lift=self.lifts.figure(at),
            odds_ratio=self.ratios.figure(at),
            against_sold=self.sold.figure(at),
            p=float(self.p[at]),
            q=float(self.q[at]),
            quarters=self._told_quarters(at),
            held=held,
            says=self._says(at, feature, held),
            used_by=used_by,
            as_active=self.common.figure(at) if tallied.is_done(feature) else UNTOLD,
        )

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

    def _says(self, at: int, feature: Feature, held: Figure) -> Says:
        ratio, low, high = (float(column[at]) for column in (self.ratios.value, self.ratios.low, self.ratios.high))
        upward = 1 if ratio > 1 else -1
        clear = self.q[at] <= LEVEL and (low > 1 or high < 1)
        beyond = upward * float(self.beyond[at]) if tallied.is_done(feature) else np.inf
        if clear and beyond >= AS_ACTIVE and self._is_much(at, feature) and self._holds(at, upward, held):
            return Says.WINS if upward > 0 else Says.AGAINST
        loosely = self.others[at] >= PREVALENT and low <= 1 <= high and LOOSELY_ALIKE[0] <= low and high <= LOOSELY_ALIKE[1]
        goes_along = clear and upward > 0 and beyond <= 0 and self.common.high[at] <= LOOSELY_ALIKE[1]
        alike = loosely or goes_along or (ALIKE[0] <= low and high <= ALIKE[1])
        return Says.FREQUENT if alike else Says.OPEN

    def _is_much(self, at: int, feature: Feature) -> bool:
        """Return whether it makes a difference worth the name among those that did about as much; what they did is known only roughly."""
        return not tallied.is_done(feature) or not ALIKE[0] <= self.common.value[at] <= ALIKE[1]

    def _holds(self, at: int, upward: int, held: Figure) -> bool:
        """Return whether it counts the same way in at least half of the quarters, and not the other way against lost and stalled ones."""
        lasts = held.value is None or 2 * held.value >= held.n
        against_sold = float(self.sold.value[at])  # unknown where nobody was
        return lasts and not upward * against_sold < upward


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

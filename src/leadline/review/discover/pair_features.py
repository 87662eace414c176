"""What cases did within 72 hours of something else, as features: pairs of the most telling signals. Pure.

Which signals tell most is asked of the cases that aren't later ones alone, so that the later ones can judge.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np

from leadline import clock
from leadline.review.discover.activity_features import Did, Made, Row, days, group, written
from leadline.review.discover.model import Feature, Group

if TYPE_CHECKING:
    from leadline.outcomes.model import Whole

SPAN = 72 * clock.HOUR
WITHIN = (60 * clock.DAY, 30 * clock.DAY, 14 * clock.DAY)
"""The last of the two lies in the longest of these of which the first can't have been overlooked."""
PAIRED = 12
"""So many signals, the most telling by themselves, are looked at in pairs."""
BESIDE = " + "
"""Between the two signals of a pair, in the name of its source."""


def made(did: Did) -> Iterator[Made]:
    """Yield the pairs with their values."""
    within = next((window for window in WITHIN if window + SPAN <= did.before), None)
    if within is None:
        return
    for one, other in combinations(_telling(did), 2):
        if not _nested(did, one, other):
            yield _feature(did, one, other, within), _together(did, one, other, within)


def _telling(did: Did) -> list[int]:
    """Return the signals that won cases had most clearly more often than others (by the test of two shares)."""
    fitted = ~did.cases.later
    won = did.cases.won[fitted]
    had = did.counts[did.before][:, fitted] > 0
    if not won.any() or won.all():
        return []
    share = had.mean(axis=1)
    apart = had[:, won].mean(axis=1) - had[:, ~won].mean(axis=1)
    strength = np.divide(apart, np.sqrt(share * (1 - share)), out=np.zeros(len(had)), where=(share > 0) & (share < 1))
    order: list[int] = np.argsort(-np.round(strength, 9), kind="stable").tolist()
    return [index for index in order if strength[index] > 0 and did.tells(did.events.signals[index].name)][:PAIRED]


def _nested(did: Did, one: int, other: int) -> bool:
    """Return whether whatever fits one of two signals fits the other, as far as can be seen."""
    if did.events.signals[one].type != did.events.signals[other].type:
        return False
    first, second = did.counts[did.before][[one, other]]
    return bool((first >= second).all() or (second >= first).all())


def _feature(did: Did, one: int, other: int, within: int) -> Feature:
    first, second = sorted((did.events.signals[one], did.events.signals[other]), key=lambda signal: signal.name)
    asked = {"together": {first.name: 1, second.name: 1}, "span": "72h", "within": written(within)}
    words = f"{first.words} and {second.words} within 72 hours, in the last {days(within)}"
    where = group(first) if group(first) == group(second) else Group.ENGAGEMENT
    return Feature(f"{first.name}_and_{second.name}.72h", words, where, f"{first.name}{BESIDE}{second.name}", did.whose(asked))


def _together(did: Did, one: int, other: int, within: int) -> Row:
    """Return which cases had two signals no more than the span apart, the later one within a window."""
    apart = 2 * (did.before + SPAN) + 1  # so far apart that cases can't touch
    first, second = (_placed(did, signal, apart) for signal in (one, other))
    row = np.zeros(len(did.cases), np.float32)
    if len(second):
        next_to = np.searchsorted(second, first - SPAN)  # of those near enough, the latest: ages rise
        near = np.append(second, (len(did.cases) + 1) * apart)[next_to]
        lately = np.minimum(first % apart, near % apart) <= within
        row[first[(near <= first + SPAN) & lately] // apart] = 1
    return row


def _placed(did: Did, signal: int, apart: int) -> Whole:
    """Return the activities of a signal as numbers that rise by case and age."""
    own = did.events.signal == signal
    return np.sort(did.events.case[own] * apart + did.events.age[own])

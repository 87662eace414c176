"""Never-sold units at the instants of won ones, and how much time each stands for. Pure; drawn from a seed.

Sampling from those at risk at each case's instant (*incidence density sampling*) keeps season and age from posing as signal, and makes
the odds between cases and controls an estimate of rates: Greenland, Thomas 1982, *Am. J. Epidemiol.* 116, 547. The formula of
``stands_for`` is in ``docs/statistics.md``, *Cases and controls*.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from leadline import clock

if TYPE_CHECKING:
    from leadline.outcomes.model import Flags, Real, Whole
    from leadline.review.model import Window

PER_WON, IN_ALL = 4, 3000
"""Controls for each won case, and of how many cases they are at least to make up the number: of few cases a card could only be small."""
SLOT = 30 * clock.DAY
"""The stretches of time within which a control stands for the others."""
_TRIES = 64


@dataclass(frozen=True)
class AtRisk:
    """Units that sales might speak with, as columns (u units).

    Attributes:
        unit: Its key.
        since: When it exists from.
        contact: When sales first spoke with it; ``NOT_YET`` if never.
        free: Whether it may be drawn: it is no case itself.
    """

    unit: Whole
    since: Whole
    contact: Whole
    free: Flags


@dataclass(frozen=True)
class Controls:
    """Drawn units as columns: keys, instants, and how many unit-days each stands for."""

    unit: Whole
    at: Whole
    stands_for: Real


@dataclass(frozen=True)
class Wanted:
    """Whom to draw.

    Attributes:
        won_at: The instants of won cases.
        cases: How many cases there are that aren't controls.
        lag: Sales speaks with nobody drawn for so long after.
        window: What ``stands_for`` shares out.
        seed: Of the draw.
    """

    won_at: Whole
    cases: int
    lag: int
    window: Window
    seed: int


def draw(risk: AtRisk, wanted: Wanted) -> Controls:
    """Return never-sold units at the instants of won ones, each unit at most once; fewer than wanted if nobody is left."""
    rng = np.random.default_rng(wanted.seed)
    won, least = wanted.won_at, wanted.won_at[:0]
    number = max(PER_WON * len(won), IN_ALL - wanted.cases) if len(won) else 0
    rounds = [rng.permutation(won) for _ in range(-(-number // max(len(won), 1)))]
    free = np.flatnonzero(risk.free)
    places, at = _drawn(rng, risk.since[free], risk.contact[free] - wanted.lag, np.concatenate([least, *rounds])[:number])
    return Controls(risk.unit[free[places]], at, _shares(risk, at, wanted.window))


def _drawn(rng: np.random.Generator, since: Whole, until: Whole, instants: Whole) -> tuple[Whole, Whole]:
    """Return, for each instant at which anybody is left, somebody who exists then and isn't spoken with until ``until``."""
    used = np.zeros(len(since), np.bool_)
    places: list[int] = []
    at: list[int] = []
    for when in map(int, instants if len(since) else instants[:0]):
        tried = rng.integers(0, len(since), _TRIES)
        fits = tried[(since[tried] < when) & (until[tried] > when) & ~used[tried]]
        if not len(fits):  # few are left: look at them all
            fits = np.flatnonzero((since < when) & (until > when) & ~used)
            fits = fits[rng.permutation(len(fits))[:1]]
        if len(fits):
            used[fits[0]] = True
            places.append(int(fits[0]))
            at.append(when)
    return np.array(places, np.int64), np.array(at, np.int64)


def _shares(risk: AtRisk, at: Whole, window: Window) -> Real:
    """Return the unit-days that each control stands for: those of its slot of time, shared out among the controls in it."""
    edges = np.append(np.arange(window.begin_at, window.end_at, SLOT), window.end_at)
    days = np.array([_days(risk, begin, end) for begin, end in pairwise(edges.tolist())])
    slot = np.searchsorted(edges, at, side="right") - 1
    drawn = np.bincount(slot, minlength=len(days))
    seen = float(days[drawn > 0].sum())
    scale = float(days.sum()) / seen if seen else 0.0
    return scale * days[slot] / drawn[slot]


def _days(risk: AtRisk, begin: int, end: int) -> float:
    """Return for how many days between two instants units existed without a word of sales, all together."""
    spans = np.minimum(risk.contact, end) - np.maximum(risk.since, begin)
    return float(np.maximum(spans, 0).sum()) / clock.DAY

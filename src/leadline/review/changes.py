"""What each change of a definition does, taken alone on top of the old one, and what all do together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from leadline.review import figures, results
from leadline.review.entries import Entries
from leadline.review.model import Effect, Effects, Figure, Skipped
from leadline.review.results import Setting

if TYPE_CHECKING:
    from leadline.engine.terms import Real

ALL_TOGETHER = "All changes together."


@dataclass(frozen=True)
class Trial:
    """The old definition with one change: where, what, and its entries."""

    path: str
    words: str
    entries: Entries


def effects(old: Entries, new: Entries, trials: Sequence[Trial], skipped: Sequence[Skipped], setting: Setting) -> Effects:
    """Return the effect of each trial and that of all changes, the new definition; the largest first."""
    every = [*trials, Trial("", ALL_TOGETHER, new)]
    money = figures.totals(np.array([gained(old, trial.entries, setting) for trial in every]))
    *alone, together = (_effect(old, trial, revenue, setting) for trial, revenue in zip(every, money, strict=True))
    return Effects(
        alone=tuple(sorted(alone, key=lambda effect: (-abs(effect.entries), -abs(effect.won), effect.path))),
        together=together,
        remainder=together.entries - sum(effect.entries for effect in alone),
        remainder_won=together.won - sum(effect.won for effect in alone),
        skipped=tuple(skipped),
    )


def gained(old: Entries, new: Entries, setting: Setting) -> Real:
    """Return the amounts of the deals that only one of two catches, those that only the old one catches negative, NaN for the others."""
    change = results.catches(new, setting).astype(np.float64) - results.catches(old, setting)
    return np.where(change != 0, setting.amounts * change, np.nan)


def _effect(old: Entries, trial: Trial, revenue: Figure, setting: Setting) -> Effect:
    before, after = old.people(), trial.entries.people()
    more = int(trial.entries.inside.sum()) - int(old.inside.sum())
    return Effect(
        path=trial.path,
        words=trial.words,
        entries=more,
        per_week=more / setting.window.weeks,
        gained=len(np.setdiff1d(after, before, assume_unique=True)),
        lost=len(np.setdiff1d(before, after, assume_unique=True)),
        won=int(results.catches(trial.entries, setting).sum()) - int(results.catches(old, setting).sum()),
        revenue=revenue,
    )

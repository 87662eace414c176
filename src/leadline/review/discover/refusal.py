"""When there is too little to learn from: then no weights are proposed, and it is said about how much more it would take. Pure."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from leadline.review.discover import card, ranking
from leadline.review.discover.card import Learned
from leadline.review.discover.model import CardCriterion, Cases, Features, Refusal

if TYPE_CHECKING:
    from leadline.review.model import Figure

LEAST = 30
"""Won cases to fit on, and others."""
CHANCE = 0.5
"""The area under the ROC curve of whoever throws dice."""
LEAST_AUC = 0.55
"""What the area by cross-validation must be above, for all we know."""
HOPE = 0.01
"""An area that isn't even so far above :data:`LEAST_AUC` gives no hope that more of the same would help."""
MOST_NEEDED = 50
"""Nor does one that would take so many times the cases at hand."""
_AGAINST = "All that tells these cases apart speaks against a deal, so no points would qualify anybody; other signals might."


def refusal(cases: Cases, features: Features, learned: Learned | None = None) -> Refusal | None:
    """Return why no weights should be proposed; ``None`` if they may be.

    Args:
        cases: All cases; those that judge have no part in it.
        features: Of all cases.
        learned: The card with its cross-validation, where it is there already: finding it is what takes long here.
    """
    to_fit = cases.where(~cases.later)
    won = int(to_fit.won.sum())
    others = len(to_fit) - won
    if min(won, others) < LEAST:
        return _too_few(won, others)
    found = learned or card.learn(cases, features)
    area = ranking.roc_auc(np.nan_to_num(found.held_out[~cases.later]), to_fit.won, ranking.units(to_fit))
    if area.low is None or area.low < LEAST_AUC:
        return _unsure(won, area)
    return None if any(_gives(criterion) for criterion in found.card.criteria) else Refusal(_AGAINST, won, None)


def needed(won: int, area: Figure) -> int | None:
    """Return about how many won cases it takes until the interval of an area ends above what is asked; ``None`` if more won't help.

    The width of an interval falls with the root of the number of cases, if the share of won ones stays.

    >>> from leadline.review.model import Figure
    >>> needed(40, Figure(0.62, 0.5, 0.74, 400)), needed(40, Figure(0.51, 0.4, 0.62, 400))
    (120, None)
    """
    if area.value is None or area.low is None or area.value < LEAST_AUC + HOPE:
        return None
    factor = ((area.value - area.low) / (area.value - LEAST_AUC)) ** 2
    return max(LEAST, math.ceil(won * factor / 10) * 10) if factor <= MOST_NEEDED else None


def _gives(criterion: CardCriterion) -> bool:
    return max(criterion.criterion.get("tiers", {}).values(), default=criterion.points) > 0


def _too_few(won: int, others: int) -> Refusal:
    """Return the refusal of cases that are fewer than anything could be learned from."""
    if won >= LEAST:
        says = f"There are only {others} cases that weren't won to set the {won} won ones against; it takes {LEAST} at the very least."
        return Refusal(says, won, None)
    says = (
        f"{won} won case{'' if won == 1 else 's'} to learn from {'is' if won == 1 else 'are'} too few: weights drawn from under {LEAST} "
        "are chance. The evidence is shown without them."
    )
    return Refusal(says, won, LEAST)


def _unsure(won: int, area: Figure) -> Refusal:
    """Return the refusal of a card that can't be told from chance, or hardly."""
    if area.value is None or area.low is None or area.high is None:
        return Refusal("What these cases did and were doesn't set any of them apart, so there are no weights to propose.", won, None)
    than = "can't be told from chance" if area.low <= CHANCE else "is hardly better than chance"
    enough = needed(won, area)
    more = (
        f"If it is as good as it looks, about {enough:,} won cases would show it."
        if enough is not None
        else "More cases of the same would hardly help; other signals might."
    )
    says = (
        f"A card learned from these {won} won cases {than} on cases it hasn't seen: its ROC AUC is {area.value:.2f} "
        f"({area.low:.2f}–{area.high:.2f}), where chance has 0.50 and {LEAST_AUC:.2f} is the least that is worth having. {more}"
    )
    return Refusal(says, won, enough)

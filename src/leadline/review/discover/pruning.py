"""Two terms of one source stay on a card only if both help with cases that weren't fitted on. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from leadline.review.discover import logit, shapes
from leadline.review.discover.path import Pool
from leadline.review.discover.shapes import Form, Selection, Term

if TYPE_CHECKING:
    from leadline.outcomes.model import Flags, Real, Whole


def pruned(pooled: Pool, aims: Real, cases: tuple[Flags, Whole], selection: Selection) -> Selection:
    """Return a selection without terms that only say again what another one of their source says.

    Args:
        pooled: What the selection is made of.
        aims: The chances that it follows.
        cases: What came of the cases, and their folds.
        selection: Of one term at least.
    """
    held = selection
    while doubled := [term for term in held if _has_twin(pooled, held, term)]:
        before = _loss(pooled, aims, cases, held)
        tried = [(_loss(pooled, aims, cases, rest), rest) for rest in (_without(held, term) for term in doubled)]
        loss, rest = min(tried, key=lambda item: round(item[0], 12))
        if loss > before:
            return held
        held = rest
    return held


def _has_twin(pooled: Pool, selection: Selection, term: Term) -> bool:
    """Return whether another term has the same source; the steps and the categories of an attribute don't count as such."""
    own = term[0]
    if pooled.shapes[own].form is not Form.ALONE:
        return False
    return any(other is not term and pooled.sources[other[0]] == pooled.sources[own] for other in selection)


def _without(selection: Selection, term: Term) -> Selection:
    return tuple(other for other in selection if other is not term)


def _loss(pooled: Pool, aims: Real, cases: tuple[Flags, Whole], selection: Selection) -> float:
    """Return the log loss of what came of the cases, each told by a fit without its fold."""
    won, fold = cases
    columns = shapes.columns(pooled.values, selection)
    log_odds = np.zeros(len(won))
    numbers: list[int] = np.unique(fold).tolist()
    for out in (fold == number for number in numbers):
        if not out.all():
            found = logit.fit(columns[~out], aims[~out])
            log_odds[out] = found[0] + columns[out] @ found[1:]
    return float(logit.losses(log_odds, won).mean())

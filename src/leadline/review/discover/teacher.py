"""The model that a card is taught by: logistic regression on many features at once, none of which may weigh much. Pure.

What came of a case is one throw of dice; what a good model of many features says of it is the chance behind the throw, with most of the
noise gone. Few features that follow the model's chances are found more surely, above all where few cases were won, than few features that
follow the throws (*projection*: Goutis, Robert 1998; Piironen, Vehtari 2017).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from leadline.review.discover import learners, logit, path

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from leadline.outcomes.model import Flags, Real, Whole

STRENGTHS = (0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0)
"""Of the fit (scikit-learn's C), from the most held back."""
LOOKED_AT = 1000
"""Features, the most telling by themselves."""


def strength(values: NDArray[np.float32], won: Flags, fold: Whole) -> float:
    """Return how strong the fit may be: the weakest that can't be told from the best on folds left out (by one standard error)."""
    losses: list[Real] = []
    numbers: list[int] = np.unique(fold).tolist()
    for tried in STRENGTHS:
        log_odds = np.zeros(len(won))
        for out in (fold == number for number in numbers):
            if won[~out].any() and not won[~out].all():
                log_odds[out] = _log_odds(values[~out], won[~out], values[out], tried)
        losses.append(logit.losses(log_odds, won))
        if len(losses) > 2 and losses[-1].mean() > losses[-2].mean() > losses[-3].mean():
            break
    worse = np.array(losses) - losses[int(np.argmin([loss.mean() for loss in losses]))]
    unsure = worse.std(axis=1) / np.sqrt(len(won))
    return STRENGTHS[int(np.flatnonzero(worse.mean(axis=1) <= unsure)[0])]


def aims(values: NDArray[np.float32], won: Flags, strength: float) -> Real:
    """Return the chance of being won of each case, which a card is to follow."""
    return logit.chance(_log_odds(values, won, values, strength))


def _log_odds(values: NDArray[np.float32], won: Flags, asked: NDArray[np.float32], strength: float) -> Real:
    telling = np.argsort(-np.round(path.scores(values, won), 6), kind="stable")[:LOOKED_AT]
    return learners.ridge(values[:, telling], won, strength)(asked[:, telling])

"""What scikit-learn fits. It comes without types and takes a second to import, so it is named here alone, and inside functions."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from contextlib import AbstractContextManager
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, Any, TypeAlias, cast

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from leadline.outcomes.model import Flags, Real

SEED = 20261124
"""Of whatever a learner draws."""

LogOdds: TypeAlias = Callable[["NDArray[np.float32]"], "Real"]
"""A fitted model: from the values of cases (n × f) to the log-odds of being won."""


def one_thread() -> AbstractContextManager[Any]:
    """Return a context in which nobody computes on several threads.

    Fits of this size gain nothing by them, and on a busy machine threads that wait for each other by spinning take twenty times as long.
    Besides, sums come out the same to the last bit, however many cores there are.
    """
    return _threads().limit(limits=1)


@cache
def _threads() -> Any:
    """Return what knows the libraries that compute on several threads, once those that we use are loaded."""
    import threadpoolctl  # pyright: ignore[reportMissingTypeStubs]

    for name in ("ensemble", "linear_model"):
        import_module(f"sklearn.{name}")
    return cast("Any", threadpoolctl).ThreadpoolController()


def ridge(values: NDArray[np.float32], won: Flags, strength: float) -> LogOdds:
    """Return a logistic regression on all columns, standardised, under an L2 penalty; ``strength`` is scikit-learn's C."""
    from sklearn import linear_model  # pyright: ignore[reportMissingTypeStubs]

    middle, spread = values.mean(axis=0), values.std(axis=0)
    spread = np.where(spread > 0, spread, 1.0).astype(np.float32)
    learner: Any = cast("Any", linear_model).LogisticRegression(C=strength, tol=1e-3, max_iter=300)
    _fitted(learner, (values - middle) / spread, won)
    return lambda asked: np.asarray(learner.decision_function((asked - middle) / spread), dtype=np.float64)


def boosted(values: NDArray[np.float32], won: Flags, asked: NDArray[np.float32], rounds: int) -> Real:
    """Return the log-odds by gradient boosting of the cases asked for: a row for each number of trees of :func:`after`."""
    from sklearn import ensemble  # pyright: ignore[reportMissingTypeStubs]

    learner: Any = cast("Any", ensemble).HistGradientBoostingClassifier(
        learning_rate=0.1, max_iter=rounds, max_leaf_nodes=8, min_samples_leaf=max(5, min(20, len(won) // 20)),
        l2_regularization=1.0, max_features=0.5, early_stopping=False, random_state=SEED,
    )  # fmt: skip
    stages: list[Any] = list(_fitted(learner, values, won).staged_predict_proba(asked))
    chances = np.array([stages[trees - 1][:, 1] for trees in after(rounds)], dtype=np.float64)
    held = np.clip(chances, 1e-9, 1 - 1e-9)
    return np.log(held / (1 - held))


def after(rounds: int) -> list[int]:
    """Return the numbers of trees after which boosting is looked at: every ten, and the last."""
    return [*range(10, rounds, 10), rounds]


def _fitted(learner: Any, values: NDArray[Any], won: Flags) -> Any:
    """Return the learner, fitted; one that stopped a little early is as good for us."""
    from sklearn import exceptions  # pyright: ignore[reportMissingTypeStubs]

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", cast("Any", exceptions).ConvergenceWarning)
        return learner.fit(values, won)

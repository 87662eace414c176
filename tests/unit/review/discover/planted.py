"""Made-up cases with a planted truth: who is won follows from a few features, and the others are noise around them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from leadline import clock
from leadline.review.discover.model import Card, Cases, Feature, Features, Group, Kind

BASE = 3.0
TRUTH = {
    "pricing.1.30d": 1.6,
    "demo.1.30d": 2.2,
    "webinar.1.90d": 1.3,
    "account.employees.100": 1.0,
    "account.employees.1000": 1.6,
    "person.function.sales": 0.9,
    "person.function.marketing": 0.9,
    "person.email_is_free": -1.5,
}
SIGNALS = ("pricing", "demo", "webinar", "blog", "newsletter", "docs", "careers", "ebook", "status", "login")
FUNCTIONS = ("sales", "marketing", "it", "finance", "other")
BOUNDS = (10, 50, 100, 500, 1000)


@dataclass(frozen=True)
class World:
    cases: Cases
    features: Features
    log_odds: np.ndarray


def world(n: int = 2000, seed: int = 1, *, truth=None, more: int = 0) -> World:
    """Return cases; ``truth`` gives the coefficients of features by name, and ``more`` adds signals that mean nothing."""
    rng = np.random.default_rng(seed)
    truth = TRUTH if truth is None else truth
    features = _features(rng, n, (*SIGNALS, *(f"noise_{index}" for index in range(more))))
    names = [feature.name for feature in features.features]
    log_odds = -BASE + features.values[:, [names.index(name) for name in truth]].astype(float) @ np.array(list(truth.values()), dtype=float)
    won = rng.random(n) < 1 / (1 + np.exp(-log_odds))
    return World(_cases(rng, won), features, log_odds)


def _features(rng, n, signals) -> Features:
    found: list[tuple[Feature, np.ndarray]] = []
    for signal in signals:
        ages = np.where(rng.random((n, 6)) < rng.uniform(0.1, 0.3), rng.uniform(0, 90, (n, 6)), np.inf)
        for days in (7, 30, 90):
            for count in (1, 2, 3):
                name = f"{signal}.{count}.{days}d"
                asked = {"signal": signal, "at_least": count, "within": f"{days}d"}
                found.append((Feature(name, name, Group.ENGAGEMENT, signal, asked), (ages < days).sum(axis=1) >= count))
        counted = Feature(
            f"{signal}.each.90d", "each", Group.ENGAGEMENT, signal, {"signal": signal, "max": 3, "within": "90d"}, counts=True
        )
        found.append((counted, np.minimum((ages < 90).sum(axis=1), 3)))
    size = np.exp(rng.normal(4.5, 2, n))
    for bound in BOUNDS:
        asked = {"when": f"account.employees >= {bound}"}
        found.append((Feature(f"account.employees.{bound}", f">= {bound}", Group.FIT, "account.employees", asked), size >= bound))
    function = rng.integers(0, len(FUNCTIONS), n)
    for index, name in enumerate(FUNCTIONS):
        asked = {"when": f"person.function = '{name}'"}
        found.append((Feature(f"person.function.{name}", name, Group.FIT, "person.function", asked), function == index))
    free = Feature("person.email_is_free", "free", Group.FIT, "person.email_is_free", {"when": "person.email_is_free"})
    found.append((free, rng.random(n) < 0.3))
    return Features(tuple(feature for feature, _ in found), np.column_stack([values for _, values in found]).astype(np.float32))


def _cases(rng, won) -> Cases:
    n = len(won)
    kind = np.where(won, Kind.WON, np.where(rng.random(n) < 0.15, Kind.LOST, Kind.NEVER))
    return Cases(
        account=np.arange(n),
        person=np.arange(n) + 10_000,
        at=rng.integers(0, 360, n) * clock.DAY,
        kind=kind.astype(np.int64),
        amount=np.where(won, np.round(np.exp(rng.normal(9, 0.5, n))), np.nan),
        stands_for=np.where(kind == Kind.NEVER, 300.0, 0.0),
        fold=rng.integers(0, 5, n),
        later=rng.random(n) < 0.25,
    )


def score(found: Card, features: Features) -> np.ndarray:
    """Return the score that a card gives each case, as the engine would."""
    at = {feature.name: index for index, feature in enumerate(features.features)}
    total = np.zeros(len(features.values))
    for item in found.criteria:
        values = features.values[:, [at[name] for name in item.features]].astype(float)
        if "tiers" in item.criterion:
            total += _tier(item.criterion, features, at)
        else:
            total += item.points * values.sum(axis=1)
    return total


def _tier(criterion, features: Features, at) -> np.ndarray:
    reached = np.zeros(len(features.values))
    for bound, points in criterion["tiers"].items():
        reached = np.where(features.values[:, at[f"{criterion['value']}.{bound}"]] > 0, points, reached)
    return reached

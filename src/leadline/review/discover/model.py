"""What is learned from, and what was learned: cases, candidates, evidence, cards. Frozen types, no I/O.

A *case* is an account (or a person who has none) at an instant: just before the first sales conversation of its deal, or, if sales
never spoke with it, at an instant at which it might have been. Only what was known strictly before that instant counts. A *feature*
is something that a case did or was, written as a criterion of the definition language where that can say it. Instants and ages are
microseconds, money is in the report's currency, and a :class:`~leadline.review.model.Figure` carries its 95 % interval and its count.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, cast

from leadline.review.discover.observed import Attribute, Cases, Events, Feature, Features, Goal, Group, Kind, Signal
from leadline.review.model import Caution, Figure, Window, plain

__all__ = [
    "Attribute", "Behaviour", "Card", "CardCriterion", "Cases", "Current", "DiscoverReport", "Events", "Excluded", "Feature", "Features",
    "Goal", "Group", "Judged", "Kind", "Line", "Quarter", "Refusal", "Says", "Signal", "Standing", "Worth",
]  # fmt: skip
UNTOLD = Figure(None, None, None, 0)
"""What isn't told."""


class Says(StrEnum):
    """What evidence comes to, in the words of a report."""

    WINS = "wins deals"
    AGAINST = "speaks against"
    FREQUENT = "merely easy to track"
    """As frequent where nothing was won, or among the won only since they do more of everything; known well enough to say so."""
    OPEN = "can't be told"


class Standing(StrEnum):
    """How a criterion of the current definition stands."""

    SUPPORTED = "supported"
    UNSUPPORTED = "unsupported"
    HARMFUL = "harmful"
    UNSEEN = "hardly ever met"


@dataclass(frozen=True)
class Quarter:
    """What a behaviour was worth in one quarter: ``name`` as in ``2026Q1``."""

    name: str
    odds_ratio: Figure
    won: int


@dataclass(frozen=True)
class Behaviour:
    """The evidence about one feature, over all cases.

    Attributes:
        feature: Its name.
        words: For people.
        group: Where it belongs.
        source: The signal or the attribute.
        criterion: As in :class:`Feature`.
        prevalence: By kind (``won``, ``lost``, ``stalled``, ``never``): the share that has it.
        lift: Prevalence among won over prevalence among all others.
        odds_ratio: Won against all others (Haldane–Anscombe where a cell is empty); ``n`` is the won that have it.
        against_sold: Won against lost and stalled alone: what wins deals rather than starts talks.
        p: Fisher's exact test, two-sided, won against all others.
        q: After Benjamini and Hochberg, over all features tested.
        quarters: The odds ratio in each quarter that has won cases.
        held: In how many of these the odds ratio lay on the same side of 1 as the whole; ``n`` is the quarters.
        says: What it comes to.
        used_by: Criteria of the current definition that look at the same signal or attribute.
        as_active: Of what cases did: the odds ratio among those that did about as much, since whoever buys does more of everything
            (Mantel–Haenszel); nothing for what they were.
    """

    feature: str
    words: str
    group: Group
    source: str
    criterion: Mapping[str, Any]
    prevalence: Mapping[str, Figure]
    lift: Figure
    odds_ratio: Figure
    against_sold: Figure
    p: float
    q: float
    quarters: tuple[Quarter, ...]
    held: Figure
    says: Says
    used_by: tuple[str, ...] = ()
    as_active: Figure = UNTOLD


@dataclass(frozen=True)
class Current:
    """How a criterion of the current definition stands against the evidence: whoever has points of it, won against all others."""

    name: str
    group: str
    prevalence: Mapping[str, Figure]
    odds_ratio: Figure
    p: float
    standing: Standing


@dataclass(frozen=True)
class Excluded:
    """A feature, a signal or an attribute that was kept out, and why; ``code`` is stable, ``feature`` is what ``--include`` takes."""

    feature: str
    why: str
    code: str


@dataclass(frozen=True)
class CardCriterion:
    """A criterion of the card: its name in the definition, with its points (whole; of a counting one, for each).

    ``{"points": points, **criterion}`` is the criterion as a definition has it: a ``max`` is that of its points already. Of ``tiers``,
    which hold their points themselves, ``points`` are those of the tier worth most.
    """

    name: str
    group: Group
    words: str
    criterion: Mapping[str, Any]
    points: int
    features: tuple[str, ...]
    coefficient: float


@dataclass(frozen=True)
class Card:
    """Few criteria with whole points.

    Attributes:
        criteria: The criteria.
        scale: Points for one unit of log-odds.
        intercept: Of the log-odds of a case being won, given ``score / scale``, among the cases it was fitted on.
        path: For each size tried: how many criteria, and the log loss by cross-validation with its standard error.
    """

    criteria: tuple[CardCriterion, ...]
    scale: float
    intercept: float
    path: tuple[tuple[int, float, float], ...] = ()


@dataclass(frozen=True)
class Judged:
    """How well something ranks the cases of the later period.

    Attributes:
        roc_auc: Area under the ROC curve; its interval by bootstrap over accounts.
        pr_auc: Average precision, likewise; read it against the share of won cases, ``base_rate``.
        lift_top_decile: Share won in the top tenth over the share won in all.
        brier: Mean squared error of the probability; ``None`` where there is none.
        base_rate: Share won among the cases judged.
        reliability: (mean predicted, share won, cases) in bins of equal size, for a reliability curve.
    """

    roc_auc: Figure
    pr_auc: Figure
    lift_top_decile: Figure
    brier: Figure
    base_rate: Figure
    reliability: tuple[tuple[float, Figure], ...] = ()


@dataclass(frozen=True)
class Worth:
    """What a score is worth.

    Attributes:
        low, high: The band of scores, both inside it; ``high`` is ``None`` for the last.
        cases: By kind, how many cases lie in it.
        won_of_sold: Of those that sales spoke with, the share won.
        per_month: The chance that a conversation that will be won begins within 30 days.
        revenue: What is to be expected of it within 30 days: that chance times the amount of a won deal.
    """

    low: float
    high: float | None
    cases: Mapping[str, int]
    won_of_sold: Figure
    per_month: Figure
    revenue: Figure


@dataclass(frozen=True)
class Line:
    """The line proposed for the track, and why.

    Attributes:
        score: The line.
        why: ``capacity``, ``cost``, or ``cases`` where neither is stated: where the cases tell the two apart best (Youden).
        says: The same in a sentence.
        per_week: Entries a week at it, replayed over the later period; ``None`` if not replayed.
        capacity_per_week: Of the team; ``None`` if not stated.
    """

    score: float
    why: str
    says: str
    per_week: float | None = None
    capacity_per_week: float | None = None


@dataclass(frozen=True)
class Refusal:
    """Why no weights are proposed, and how much more it would take.

    Attributes:
        says: A sentence.
        won: Won cases at hand.
        needed: About how many it would take, from the width of the intervals; ``None`` if more of the same wouldn't help.
    """

    says: str
    won: int
    needed: int | None


@dataclass(frozen=True)
class DiscoverReport:
    """What was learned.

    Attributes:
        title: Of the proposed definition.
        goal: What a success is.
        window: The cases' instants lie in it; outcomes are known until ``until_at``.
        judged_from_at: From here on cases judge, before they fit.
        before_days: How far back a case looks.
        seed: Of everything that is drawn.
        currency: Of money.
        counts: By kind, how many cases there are, fitted on and judged on: ``{"fit": {"won": …}, "judge": {…}}``.
        judged: By ``card``, ``logistic``, ``boosting``, ``current``; without those that couldn't be made.
        behaviours: The evidence, most telling first.
        criteria: The card; empty if refused.
        current: How the criteria of the current definition stand.
        excluded: What was kept out.
        worth: What a score is worth, from the lowest band.
        line: The proposed line.
        cautions: What to know before it is believed.
        refused: Why no weights are proposed; ``None`` if they are.
    """

    title: str
    goal: Goal
    window: Window
    judged_from_at: int
    before_days: float
    seed: int
    currency: str
    counts: Mapping[str, Mapping[str, int]]
    judged: Mapping[str, Judged]
    behaviours: tuple[Behaviour, ...]
    criteria: tuple[CardCriterion, ...]
    current: tuple[Current, ...]
    excluded: tuple[Excluded, ...]
    worth: tuple[Worth, ...]
    line: Line | None
    cautions: tuple[Caution, ...]
    refused: Refusal | None
    path: tuple[tuple[int, float, float], ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Return the report as plain values for JSON, instants as ISO 8601."""
        return cast("dict[str, Any]", plain(self))

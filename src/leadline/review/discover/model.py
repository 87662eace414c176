"""What is learned from, and what was learned: cases, candidates, evidence, cards. Frozen types, no I/O.

A *case* is an account (or a person who has none) at an instant: just before the first sales conversation of its deal, or, if sales
never spoke with it, at an instant at which it might have been. Only what was known strictly before that instant counts. A *feature*
is something that a case did or was, written as a criterion of the definition language where that can say it. Instants and ages are
microseconds, money is in the report's currency, and a :class:`~leadline.review.model.Figure` carries its 95 % interval and its count.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum, StrEnum
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from leadline.review.model import Caution, Figure, Window, plain

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from leadline.outcomes.model import Flags, Real, Whole


UNTOLD = Figure(None, None, None, 0)
"""What isn't told."""


class Goal(StrEnum):
    """What a case is a success for."""

    WON = "won"
    SQL = "sql"


class Kind(IntEnum):
    """What became of a case. ``WON`` is the success whatever the goal: of goal ``sql`` it reads *became an SQL*."""

    WON = 0
    LOST = 1
    """Lost; of goal ``sql``: rejected."""
    STALLED = 2
    """Open for longer than nine in ten won deals took."""
    NEVER = 3
    """Never sold to until the instant, nor within the usual lag after it."""


class Group(StrEnum):
    """Where in a definition a feature belongs."""

    FIT = "fit"
    ENGAGEMENT = "engagement"
    USAGE = "usage"
    INTENT = "intent"


@dataclass(frozen=True)
class Cases:
    """Cases as columns that run in parallel (n cases), by instant.

    Attributes:
        account: Code of the account, -1 for a person without one.
        person: Code of the person who stands for the case: the deal's, else whoever of the account did most before the instant. A
            definition scores this person, whose attributes count.
        at: The instant; what happened at it or later isn't known yet.
        kind: A :class:`Kind`.
        amount: What a won deal brought; NaN if nothing, unknown, or in another currency.
        stands_for: How many account-days of the time looked at a ``NEVER`` stands for; 0 for the others, who are all there.
        fold: Cases of one account have one fold (0 … 4), and of one person.
        later: Whether it lies in the period that the card is judged on; fitted is on the others alone. No account is in both.
    """

    account: Whole
    person: Whole
    at: Whole
    kind: Whole
    amount: Real
    stands_for: Real
    fold: Whole
    later: Flags

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self.at)

    @property
    def won(self) -> Flags:
        """Return which are successes."""
        return self.kind == Kind.WON

    def where(self, chosen: NDArray[Any]) -> Cases:
        """Return the cases that a mask or indices choose."""
        return Cases(**{name: array[chosen] for name, array in vars(self).items()})


@dataclass(frozen=True)
class Signal:
    """A kind of activity that a criterion may count.

    Attributes:
        name: Of the signal in a definition: ``pricing_page``.
        type: The type of activity.
        where: The condition, in the definition language; empty for all of the type.
        side: ``marketing``, ``product``, ``third_party``; activities of side ``sales`` are never looked at.
        words: For people: *page view of /pricing…*.
        cases: How many cases had it in the time looked back.
    """

    name: str
    type: str
    where: str
    side: str
    words: str
    cases: int


@dataclass(frozen=True)
class Events:
    """What the people of the cases did before their instants, as columns (m events: an activity counts for each signal that it fits).

    Attributes:
        signals: What ``signal`` indexes.
        case: Index of the case.
        signal: Index of the signal.
        age: Microseconds from the activity to the case's instant; more than 0, at most the time looked back.
        person: Code of the person who did it, -1 if only the account is known.
    """

    signals: tuple[Signal, ...]
    case: Whole
    signal: Whole
    age: Whole
    person: Whole


@dataclass(frozen=True)
class Attribute:
    """An attribute as the cases had it at their instants.

    Attributes:
        name: As in ``account.employees``.
        values: n, objects: text, bool, float, or ``None`` for unknown.
        later: n, likewise, what stands there at the end of the facts: to see what was filled in afterwards.
        undated: The data has no history of it, so ``values`` may have been filled in after the outcome.
        order: The values from low to high, if a definition or the data orders them; else empty.
    """

    name: str
    values: NDArray[Any]
    later: NDArray[Any]
    undated: bool
    order: tuple[str, ...] = ()


@dataclass(frozen=True)
class Feature:
    """Something that cases did or were.

    Attributes:
        name: A key that stays the same from run to run: ``pricing_page.2.30d``.
        words: For people: *visited /pricing… at least twice within 30 days*.
        group: Where it belongs.
        source: The signal's or the attribute's name: features of one source say much the same.
        criterion: The criterion in the definition language without its points, such as ``{"signal": "pricing_page", "at_least": 2,
            "within": "30d"}``; empty where the language can't say it, and then it is evidence only.
        counts: Its values aren't just 0 and 1: points are given for each, up to its largest value.
    """

    name: str
    words: str
    group: Group
    source: str
    criterion: Mapping[str, Any] = field(default_factory=dict[str, Any])
    counts: bool = False


@dataclass(frozen=True)
class Features:
    """Features with their values: ``values`` is case × feature (n × f, float32), 0 where it doesn't hold."""

    features: tuple[Feature, ...]
    values: NDArray[np.float32]

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self.features)

    def only(self, chosen: NDArray[Any]) -> Features:
        """Return the features that a mask or indices choose."""
        at: list[int] = np.arange(len(self.features))[chosen].tolist()
        return Features(tuple(self.features[index] for index in at), self.values[:, at])


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
    """A criterion of the card: its name in the definition, with its points (whole; of a counting one, for each)."""

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

"""The types of :mod:`.model` that hold what is looked at: cases, signals, events, attributes, features. Read them from there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum, StrEnum
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from leadline.outcomes.model import Flags, Real, Whole


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

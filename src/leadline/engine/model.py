"""The program: what a definition means for an engine, as frozen values.

A program is made by :mod:`leadline.engine.compile` and read by everything else in the engine. Points are integer
*micro-points* (millionths), so that the lines of a receipt add up exactly; times and durations are microseconds.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING

from leadline import clock

if TYPE_CHECKING:  # kept out at run time: whoever runs a plan needs neither SQLGlot nor pydantic
    from leadline.definition.conditions import Condition
    from leadline.definition.model import Of
    from leadline.facts.model import Column

MICRO = 1_000_000
FOREVER = 1 << 60
"""A duration longer than any history: what 'unbounded' means to the kernel."""
BITS = 62
"""Bits of one mask column; 62 fit a signed 64-bit integer in every engine."""


def micro(points: float) -> int:
    """Return micro-points of points, ties away from zero, with the guard against running noise (design.md §3)."""
    size = int(abs(points) * MICRO + 0.501)
    return size if points >= 0 else -size


class Kind(IntEnum):
    """How the kernel treats a term."""

    PLAIN = 0
    """Every activity of the signal counts."""
    KEPT = 1
    """Only those that ``once_per`` and ``cooldown`` let stand count."""
    TOGETHER = 2
    IN_ORDER = 3
    ABSENT = 4


class Fade(IntEnum):
    """How an activity loses weight with age."""

    NONE = 0
    HALF_LIFE = 1
    LINEAR = 2


BUCKETS = {"hour": 1, "day": 2, "week": 3, "month": 4}
LONGEST_BUCKET = (0, clock.HOUR, clock.DAY, clock.WEEK, 31 * clock.DAY)


@dataclass(frozen=True, slots=True)
class Member:
    """One kind of activity that sets a bit: its types, what must hold for its properties, and whose activities count.

    Without types it is ``any``: every non-machine activity of side marketing or product.
    """

    types: tuple[str, ...]
    where: Condition | None
    machines: bool
    of: Of


@dataclass(frozen=True, slots=True)
class Bit:
    """A signal as the kernel sees it: one bit of an activity's mask, set by any of its members."""

    signal: str
    members: tuple[Member, ...]


@dataclass(frozen=True, slots=True)
class Term:
    """One thing to measure on a person's timeline: a criterion on activities, or the absence that scales a group.

    ``bits`` and ``counts`` run in parallel: what is asked for and how many (for ``IN_ORDER``: 1 if the step must come
    strictly later than the one before). ``value`` indexes :attr:`Program.values`, -1 where each activity counts one.
    """

    name: str
    kind: Kind
    points: float
    bits: tuple[int, ...]
    counts: tuple[int, ...] = ()
    limit: float = float("inf")
    within: int = FOREVER
    wait: int = 0
    fade: Fade = Fade.NONE
    fades: int = 1
    bucket: int = 0
    cooldown: int = 0
    value: int = -1
    at_least: float = float("-inf")
    at_most: float = float("inf")
    counted: bool = False
    span: int = FOREVER
    every: int = 0

    @property
    def reach(self) -> int:
        """How far back an activity can still matter; ``FOREVER`` for what is unbounded, cooled down or counts silences."""
        spanning = self.kind in {Kind.TOGETHER, Kind.IN_ORDER}
        if self.cooldown or self.every or self.within == FOREVER or (spanning and self.span == FOREVER):
            return FOREVER
        return self.within + LONGEST_BUCKET[self.bucket] + (self.span if spanning else 0)


@dataclass(frozen=True, slots=True)
class Attribute:
    """A criterion on attributes: steps of (condition, micro-points), of which the first that holds counts."""

    name: str
    steps: tuple[tuple[Condition, int], ...]


@dataclass(frozen=True, slots=True)
class GroupPlan:
    """How a group's points come together. ``criteria`` index :attr:`Program.criteria`; ``scale`` indexes terms."""

    name: str
    criteria: tuple[int, ...]
    floor: int | None
    cap: int | None
    scale: int | None
    scale_by: float
    in_score: bool


@dataclass(frozen=True, slots=True)
class Band:
    """Labels of a score or a group, highest bound first, with bounds in points."""

    of: str
    bounds: tuple[tuple[str, float], ...]


@dataclass(frozen=True, slots=True)
class Rule:
    """A named condition over scores and attributes."""

    name: str
    when: Condition


@dataclass(frozen=True, slots=True)
class TrackRule(Rule):
    """The rule of a track. A spell ends when ``leave`` becomes true; without it, when ``when`` becomes false."""

    leave: Condition | None = None


@dataclass(frozen=True, slots=True)
class Program:
    """A definition, compiled against a schema.

    Attributes:
        fingerprint: The definition's.
        bits: The signals that activities are classified into.
        values: Properties that are summed up, each a column of numbers.
        properties: Types of the properties that conditions use, by name.
        terms: What the kernel measures; scales stand behind the criteria.
        attributes: Criteria on attributes.
        criteria: For every criterion in the order of the file: its name, and the index of its term or, if negative,
            ``-1 - index`` of its attribute criterion.
        groups, bands, grade: How points become scores and labels.
        only, disqualify, suspend, tracks: The rules.
        person, account: Attributes that the conditions use, with their types.
    """

    fingerprint: str
    bits: tuple[Bit, ...]
    values: tuple[str, ...]
    properties: Mapping[str, Column]
    terms: tuple[Term, ...]
    attributes: tuple[Attribute, ...]
    criteria: tuple[tuple[str, int], ...]
    groups: tuple[GroupPlan, ...]
    bands: tuple[Band, ...]
    grade: tuple[str, ...]
    only: Condition | None
    disqualify: tuple[Rule, ...]
    suspend: tuple[Rule, ...]
    tracks: tuple[TrackRule, ...]
    person: Mapping[str, Column]
    account: Mapping[str, Column]

    @property
    def words(self) -> int:
        """Mask columns that the bits need."""
        return max(1, -(-len(self.bits) // BITS))

    def absences(self) -> tuple[int, ...]:
        """Return the terms that only ask when something last happened."""
        return tuple(k for k, term in enumerate(self.terms) if term.kind is Kind.ABSENT)

    def windows(self, *, absences: bool) -> tuple[int, ...]:
        """Return for every bit how far back its activities matter: 0 if nobody asks for it.

        Args:
            absences: Whether to count what only absences ask for.
        """
        asked = [term for term in self.terms if absences or term.kind is not Kind.ABSENT]
        return tuple(max((term.reach for term in asked if bit in term.bits), default=0) for bit in range(len(self.bits)))

    def of_account(self) -> bool:
        """Return whether activities of accounts matter."""
        return any(member.of == "account" for bit in self.bits for member in bit.members)

    def rule_names(self) -> frozenset[str]:
        """Return every name that asking disqualify, suspend and tracks at one instant refers to: not what only ``leave`` does."""
        rules = (*self.disqualify, *self.suspend, *self.tracks)
        return frozenset(name for rule in rules for name in rule.when.names)

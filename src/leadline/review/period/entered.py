"""Everything about entries that the parts of a review need, as arrays that run in parallel; and who was active.

Entries are of the definitions in force: at each instant the one that was adopted then. They reach back to the first fact, so a part
chooses those of its period by :meth:`Entered.within`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from leadline import clock
from leadline.engine.rehearsal import ALWAYS
from leadline.outcomes import maturity
from leadline.outcomes.model import NONE, NOT_YET, Credited, Lag, Stage

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from leadline.outcomes.model import Flags, Real, Whole


@dataclass(frozen=True)
class Label:
    """An attribute at entry (or of people).

    Attributes:
        by: ``person.source``, ``account.employees``, ``content``; empty if the facts have no such attribute.
        undated: Its values may have been filled in later.
        names: What it can be.
        codes: Index of ``names``; -1 where it is unknown.
    """

    by: str
    undated: bool
    names: tuple[str, ...]
    codes: Whole

    def where(self, chosen: NDArray[Any]) -> Label:
        """Return the labels that a mask or indices choose."""
        return Label(self.by, self.undated, self.names, self.codes[chosen])


@dataclass(frozen=True)
class Era:
    """A definition that was in force.

    Attributes:
        since: From when on; ``ALWAYS`` for the first.
        title: Its name.
        fingerprint: The definition's.
        criteria: The names of its criteria.
    """

    since: int
    title: str
    fingerprint: str
    criteria: tuple[str, ...]


@dataclass(frozen=True)
class Entered:
    """The entries of the definitions in force, by person and time (n entries).

    Attributes:
        person, account: Codes; -1 for no account.
        entered: When; ``ALWAYS`` if before the first fact.
        left: When the entry ended; ``STILL`` if it has not.
        again: Whether the person had entered before.
        track: Index of ``tracks``: the track that came first.
        tracks: Their names, in the order of urgency.
        era: Index of ``eras``: the definition in force at entry.
        eras: In the order of time.
        source, campaign, content, segment: Attributes at entry; ``content`` is the last content, form or campaign before it.
        score: At entry, in points.
        criteria: The names of all criteria of all eras.
        points: n × criterion, at entry; NaN where the definition of then had no such criterion.
        came: What came of each; its ``spell`` and ``apart`` are indices of entries.
        reasons: What ``came.reason`` indexes.
        rep: Index of ``reps``: who gave the verdict, else who touched the person first; -1 if unknown.
        reps: As in the data, sorted.
        touched: First touch by sales from entry on (an activity of side sales, or a verdict) before the person's next entry;
            ``NOT_YET`` if there is none.
        horizons: By stage, the time after entry within which it counts as reached, so that early and late entries can be compared:
            three in four of those who ever get there do so within it. A stage that is missing has none.
    """

    person: Whole
    account: Whole
    entered: Whole
    left: Whole
    again: Flags
    track: Whole
    tracks: tuple[str, ...]
    era: Whole
    eras: tuple[Era, ...]
    source: Label
    campaign: Label
    content: Label
    segment: Label
    score: Real
    criteria: tuple[str, ...]
    points: Real
    came: Credited
    reasons: tuple[str, ...]
    rep: Whole
    reps: tuple[str, ...]
    touched: Whole
    horizons: Mapping[Stage, Lag | None] = field(default_factory=dict[Stage, "Lag | None"])

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self.entered)

    def within(self, begin: int, end: int) -> Flags:
        """Return which entries began in [``begin``, ``end``)."""
        return (self.entered > ALWAYS) & (self.entered >= begin) & (self.entered < end)

    @property
    def fit_to_judge(self) -> Flags:
        """Return which entries a rate can be made of: worked, not beside a conversation or an open deal, and with an age."""
        return self.came.worked & ~self.came.beside & (self.entered > ALWAYS)

    def mature(self, stage: Stage, lags: Mapping[Stage, Lag | None], until: int) -> Flags:
        """Return which entries are old enough to judge whether they reached a stage."""
        return maturity.old_enough(self.entered, until, lags[stage])

    def reached(self, stage: Stage, until: int) -> Flags:
        """Return which entries had reached a stage by an instant, and within its horizon."""
        horizon = self.horizons.get(stage)
        took = self.came.reached(stage) - np.maximum(self.entered, 0)
        in_time = took <= round(horizon.days * clock.DAY) if horizon else np.True_
        return (self.came.reached(stage) <= until) & in_time

    @property
    def verdict(self) -> Flags:
        """Return which entries were accepted or rejected."""
        return (self.came.accepted < NOT_YET) | (self.came.rejected < NOT_YET)

    @property
    def refused(self) -> Flags:
        """Return which entries were rejected and never accepted."""
        return (self.came.rejected < NOT_YET) & (self.came.accepted == NOT_YET)


@dataclass(frozen=True)
class Active:
    """People who did anything in a span of time (activities of side marketing or product, machines left out).

    Attributes:
        person: Codes, rising.
        source, segment: As they were when the span began, or when they were created if that is later.
    """

    person: Whole
    source: Label
    segment: Label

    def index(self, people: Whole) -> Whole:
        """Return the place of each person among the active, -1 for who isn't."""
        if not len(self.person):
            return np.full(len(people), NONE, np.int64)
        at = np.minimum(np.searchsorted(self.person, people), len(self.person) - 1)
        return np.where(self.person[at] == people, at, NONE).astype(np.int64)


@dataclass(frozen=True)
class Both:
    """What changes are divided by: who was active in both periods, and the entries of both definitions over all of history.

    Attributes:
        before, now: Who was active in the period before, and in this one; the names of their labels are the same. Whoever enters in a
            period by one of the definitions is among its active.
        old: Entries of the definition that was in force at the end of the period before, as if it had always been.
        new: Those of the one in force at the end of this one; the same values where it is the same definition.
        same: It is the same.
    """

    before: Active
    now: Active
    old: Entered
    new: Entered
    same: bool

"""What the second half of a review finds, as frozen values that sections, tables, charts and JSON read. No I/O, no arrays.

Inflation, drift, reps, reasons, completeness, actions. A :class:`~leadline.review.model.Figure` carries its 95 % interval and its count;
shares lie between 0 and 1; instants are microseconds in fields that end in ``_at``.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from leadline.review.model import Figure


class Cause(StrEnum):
    """What makes a volume or a conversion differ between two periods."""

    TRAFFIC = "traffic"
    """More or fewer people who did anything."""
    MIX = "mix"
    """Other people: from other sources, of other segments."""
    DEFINITION = "definition"
    """The definition is another one."""
    BEHAVIOUR = "behaviour"
    """Alike people under the same definition did other things; of a conversion: or sales did."""
    SWITCH = "switch"
    """Who was let in, or kept out, at once when the definition changed."""


@dataclass(frozen=True)
class Contribution:
    """What one cause did: ``change`` in entries, or in the share; ``change.n`` is the people (or entries) that it rests on."""

    cause: Cause
    change: Figure


@dataclass(frozen=True)
class Cell:
    """Alike people (or entries) of a split: how many there were, and what share of them entered (or converted), before and now."""

    name: str
    before: int
    now: int
    rate_before: Figure
    rate_now: Figure


@dataclass(frozen=True)
class Split:
    """A change divided exactly: the contributions add up to ``change.value``.

    Attributes:
        of: ``volume`` or ``conversion``.
        before_at, before_end_at: The earlier period.
        now_at, now_end_at: The later one; of a conversion the last two whose entries are old enough to judge.
        before: Entries, or the share that converted.
        now: Likewise.
        change: The difference.
        contributions: What each cause did; one definition in both periods has no part in it.
        same_definition: One definition was in force in both periods.
        cells: The people (or entries) by source and segment, the largest first.
    """

    of: str
    before_at: int
    before_end_at: int
    now_at: int
    now_end_at: int
    before: Figure
    now: Figure
    change: Figure
    contributions: tuple[Contribution, ...]
    same_definition: bool
    cells: tuple[Cell, ...]

    def by(self, cause: Cause) -> Figure:
        """Return what one cause did."""
        return next(item.change for item in self.contributions if item.cause is cause)


@dataclass(frozen=True)
class Inflation:
    """Why there are more or fewer entries than in the period before, and why more or fewer of them convert.

    Attributes:
        volume: Of the entries; ``None`` where nobody was active in one of the periods.
        conversion: Of the share that became SQLs; ``None`` with too few entries old enough to judge.
    """

    volume: Split | None
    conversion: Split | None


class Trend(StrEnum):
    """What became of a criterion."""

    STEADY = "steady"
    MORE = "more frequent"
    RARER = "rarer"
    LOST = "lost its power"
    GAINED = "gained"
    FEW = "too few"


@dataclass(frozen=True)
class Drift:
    """A criterion, then and now.

    Attributes:
        criterion: Its name.
        then: Of the entries then, the share that had points of it.
        now: Likewise.
        psi: Population stability index of having it or not.
        psi_q: The chance of so large an index if nothing had changed, after Benjamini and Hochberg.
        power_then: Odds ratio of becoming an SQL with and without it, among the worked entries of then that are old enough; ``n`` is
            those that have it.
        power_now: Likewise.
        power_q: The chance of so large a difference of the two if nothing had changed, after Benjamini and Hochberg; ``None`` where one
            is unknown.
        trend: What it comes to.
    """

    criterion: str
    then: Figure
    now: Figure
    psi: float
    psi_q: float
    power_then: Figure
    power_now: Figure
    power_q: float | None
    trend: Trend


@dataclass(frozen=True)
class Drifts:
    """Criteria and the score, then and now.

    Attributes:
        then_at, then_end_at: Entries of then; those of now lie in [``now_at``, ``now_end_at``).
        judged_from_at, judged_at, judged_end_at: The power of then is that of entries in [``judged_from_at``, ``judged_at``), that of now
            of those in [``judged_at``, ``judged_end_at``).
        entries_then, entries_now: How many there are.
        criteria: Those that changed first.
        score_psi: Of the score itself, in tenths of then.
        score_p: The chance of so large an index if nothing had changed.
    """

    then_at: int
    then_end_at: int
    now_at: int
    now_end_at: int
    judged_from_at: int
    judged_at: int
    judged_end_at: int
    entries_then: int
    entries_now: int
    criteria: tuple[Drift, ...]
    score_psi: float
    score_p: float


class Standing(StrEnum):
    """How a rep stands among the others."""

    INSIDE = "inside"
    EDGE = "at the edge"
    """Outside the limits of 95 %, inside those of 99.8 %: one in twenty is by chance."""
    ABOVE = "above"
    BELOW = "below"
    FEW = "too few"


@dataclass(frozen=True)
class RepFigures:
    """A rep against what was to be expected of the same leads.

    Attributes:
        rep: As in the data.
        leads: How many.
        met: How many of them were accepted (or came to nothing).
        expected: How many would have been, had the others decided.
        share: ``met`` of ``leads``.
        ratio: ``met / expected``, with the 95 % limits within which it lies by chance alone.
        weight: How much it tells: so many leads of average difficulty.
        low, high: The limits of 99.8 %.
        standing: How the rep stands.
    """

    rep: str
    leads: int
    met: int
    expected: float
    share: Figure
    ratio: Figure
    weight: float
    low: float
    high: float
    standing: Standing


@dataclass(frozen=True)
class Consistency:
    """How alike reps decide: one share over all of them, and each against it.

    Attributes:
        of: ``accepted``, or ``wasted``: accepted, and never an opportunity within the usual lag.
        overall: The share over all of them.
        standard: The share among those who decide alike, which sets what is expected.
        reps: By name.
    """

    of: str
    overall: Figure
    standard: float
    reps: tuple[RepFigures, ...]

    def outside(self) -> tuple[RepFigures, ...]:
        """Return who stands outside the limits of 99.8 %."""
        return tuple(rep for rep in self.reps if rep.standing in (Standing.ABOVE, Standing.BELOW))


@dataclass(frozen=True)
class Reps:
    """Rep consistency over the leads of [``begin_at``, ``end_at``); ``None`` where no rep, or only one, is recorded."""

    begin_at: int
    end_at: int
    accepted: Consistency | None
    wasted: Consistency | None


@dataclass(frozen=True)
class Reason:
    """Why leads were rejected: so many before and now, and the shares of all rejections; without a name where no usable reason is given."""

    name: str
    before: int
    now: int
    share_before: Figure
    share_now: Figure
    agreed: bool
    usable: bool


@dataclass(frozen=True)
class Rejected:
    """Rejections of the leads of one source or track."""

    by: str
    name: str
    decided: int
    rejected: Figure
    reasons: tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class Reasons:
    """Why sales rejects leads.

    Attributes:
        before: Of the leads with a verdict, the share rejected in the period before.
        now: Likewise, in this one.
        reasons: The most frequent first.
        groups: By source and by track.
        not_agreed: Reasons that the definition doesn't name.
        without: Of the rejections now, the share without a usable reason.
        calibrate: More than half are rejected: marketing and sales don't mean the same.
    """

    before: Figure
    now: Figure
    reasons: tuple[Reason, ...]
    groups: tuple[Rejected, ...]
    not_agreed: tuple[str, ...]
    without: Figure
    calibrate: bool


@dataclass(frozen=True)
class Gaps:
    """New leads of one form or source whose fit can't be judged.

    Attributes:
        by: ``form`` or ``source``.
        name: Which.
        leads: New people.
        unknown: The share of whom at least one attribute is unknown that fit criteria read.
        blank: The share of whom none of them is known.
        missing: By attribute, the share of whom it is unknown; the most missed first.
    """

    by: str
    name: str
    leads: int
    unknown: Figure
    blank: Figure
    missing: tuple[tuple[str, float], ...]


@dataclass(frozen=True)
class Completeness:
    """What is missing.

    Attributes:
        attributes: What fit criteria read.
        total: Of all new leads.
        gaps: By form and by source.
        silent: Of the deals won, the share with no recorded behaviour of the account in the 90 days before the first conversation.
    """

    attributes: tuple[str, ...]
    total: Gaps
    gaps: tuple[Gaps, ...]
    silent: Figure


@dataclass(frozen=True)
class Action:
    """Something to do.

    Attributes:
        code: Of the rule, which is stable.
        says: What to do, and why, in plain text.
        figure: The figure behind it, in words.
        sqls: What it would bring a month in SQLs, as far as that can be told.
        revenue: Likewise in revenue.
        hours: Likewise in hours of work saved.
    """

    code: str
    says: str
    figure: str
    sqls: float | None = None
    revenue: float | None = None
    hours: float | None = None

"""What a plan finds, as frozen values that people, tables, charts and JSON read. No I/O, no arrays.

Instants are microseconds in fields that end in ``_at``; :meth:`PlanReport.to_json` writes them as ISO 8601. Durations are
days. Money is in the report's currency. A *side* is one of the two that are compared: the old definition (or what the CRM
recorded) and the new one. An *entry* is a spell that begins inside the window; spells of one person that overlap, in several
tracks of a side, are one entry, in the track that came first.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from enum import StrEnum
from functools import cache
from typing import Any, cast

from leadline import clock
from leadline.outcomes.model import Stage
from leadline.review.measured import Conversion, Curve, Figure, LeadTime, Point, Results, Week, Window, WonDeal

__all__ = [
    "Breakdown", "BreakdownRow", "Caution", "Cell", "Choice", "Conversion", "Curve", "Effect", "Effects", "Entrant", "Figure", "LeadTime",
    "Load", "PlanReport", "Point", "Results", "Side", "Skipped", "Slice", "Stage", "Step", "Sweep", "Verdict", "Week", "Window", "WonDeal",
]  # fmt: skip


class Choice(StrEnum):
    """What a plan comes to."""

    NEW = "new"
    OLD = "old"
    SAME = "same"
    """Both catch the same deals with the same entries."""
    UNCLEAR = "unclear"
    """The history can't tell."""


@dataclass(frozen=True)
class Load:
    """What a team gets against what it can take.

    Attributes:
        team: The team; empty where tracks name none: everybody who works leads.
        tracks: The tracks that hand over to it.
        entries_per_week: What it would have got: an entry goes to the team of the track that came first, and of a track that is
            ``per: account`` those of colleagues that overlap are one.
        capacity_per_week: What its reps state, added up; ``None`` if any of them states no limit.
        weeks: The entries of each week.
        capacity: The team's capacity in each of these weeks, days off taken out, shorter weeks in proportion; empty if not stated.
        weeks_over: Weeks with more entries than capacity.
    """

    team: str
    tracks: tuple[str, ...]
    entries_per_week: float
    capacity_per_week: float | None
    weeks: tuple[Week, ...]
    capacity: tuple[float, ...]
    weeks_over: int


@dataclass(frozen=True)
class Side:
    """One of the two that are compared.

    Attributes:
        name: ``old``, ``new`` or ``recorded``.
        title: The definition's name.
        fingerprint: The definition's; empty for what the CRM recorded.
        total: All tracks together.
        tracks: Each track alone; a person in two tracks counts in both.
        loads: By team.
        caught: Won deals of the window that were credited to an entry.
        missed: The others. ``caught`` and ``missed`` together are the same deals for both sides.
    """

    name: str
    title: str
    fingerprint: str
    total: Results
    tracks: tuple[Results, ...]
    loads: tuple[Load, ...]
    caught: tuple[WonDeal, ...]
    missed: tuple[WonDeal, ...]


@dataclass(frozen=True)
class Entrant:
    """A person in a cell of the overlap: their first entry in the window by each side, and won deals of the window credited to them.

    The deals are those of the cell's side (of the new one for both), so a deal that both sides catch through two people shows at both.
    """

    person_id: str
    account_id: str | None
    old_entered_at: int | None
    new_entered_at: int | None
    won: int
    revenue: float


@dataclass(frozen=True)
class Cell:
    """People whom both sides take, or only one of them.

    Attributes:
        name: ``both``, ``only_old`` or ``only_new``.
        people: How many.
        old_entries: Their entries by the old side.
        new_entries: Their entries by the new side.
        conversion: What came of their entries: by the new side, or by the old one where the new one has none.
        won: Won deals of the window that both sides catch, or only that one, whoever of the account they are credited to. Over the
            three cells these add up to what the two sides catch.
        revenue: Their amount.
        earlier_days: For both: by how many days the new side enters them earlier (median); negative is later.
        already: Of those taken by one side only: whom the other had inside a spell already when the window began.
        entrants: Everybody, the largest revenue first, then by entry.
    """

    name: str
    people: int
    old_entries: int
    new_entries: int
    conversion: tuple[Conversion, ...]
    won: int
    revenue: Figure
    earlier_days: float | None
    already: int
    entrants: tuple[Entrant, ...]


@dataclass(frozen=True)
class Slice:
    """A side's entries with one value of an attribute."""

    entries: int
    people: int
    sql: Figure
    won_rate: Figure
    won: int
    revenue: Figure


@dataclass(frozen=True)
class BreakdownRow:
    """One value of an attribute at entry, by both sides; ``label`` is ``unknown`` for none and ``other`` for the rare ones together."""

    label: str
    old: Slice
    new: Slice


@dataclass(frozen=True)
class Breakdown:
    """Entries by an attribute at entry.

    Attributes:
        by: ``person.source``, ``account.employees``, …, or ``track``.
        undated: Its values may have been filled in later.
        rows: Largest first.
    """

    by: str
    undated: bool
    rows: tuple[BreakdownRow, ...]


@dataclass(frozen=True)
class Effect:
    """What a change does, taken alone on top of the old definition (or all of them together).

    Attributes:
        path: Where in the definition; empty for all together and for what remains.
        words: The change in a sentence, in Markdown.
        entries: By how many entries it changes the old side's.
        per_week: The same a week.
        gained: People whom it brings in.
        lost: People whom it leaves out.
        won: By how many won deals it changes what is caught.
        revenue: By how much money; ``n`` is the deals gained or lost.
    """

    path: str
    words: str
    entries: int
    per_week: float
    gained: int
    lost: int
    won: int
    revenue: Figure


@dataclass(frozen=True)
class Skipped:
    """A change that can't be tried alone, and why."""

    path: str
    words: str
    why: str


@dataclass(frozen=True)
class Effects:
    """The effect of every change.

    Attributes:
        alone: Each change alone, the largest effect on entries first.
        together: All at once: new minus old.
        remainder: What the changes do only in company: ``together`` minus the sum of ``alone``, in entries and won deals.
        remainder_won: Likewise in won deals.
        skipped: Changes that can't be tried alone.
    """

    alone: tuple[Effect, ...]
    together: Effect
    remainder: int
    remainder_won: int
    skipped: tuple[Skipped, ...]


@dataclass(frozen=True)
class Step:
    """The new definition with another line.

    Attributes:
        line: The line.
        entries: Of the whole side, all tracks.
        per_week: The same a week.
        load_per_week: Of them, what the swept track's team gets in a week.
        sql: Of worked entries old enough, how many became SQLs.
        won_rate: Likewise won.
        won: Won deals of the window caught.
        revenue: Their amount.
    """

    line: float
    entries: int
    per_week: Figure
    load_per_week: float
    sql: Figure
    won_rate: Figure
    won: int
    revenue: Figure


@dataclass(frozen=True)
class Sweep:
    """The line of a track of the new definition, moved. Entries needn't fall as the line rises: a higher line can split one spell in two.

    Attributes:
        track: The track.
        of: What the line compares: ``score`` or a group.
        steps: From the lowest line.
        current: The old definition's line for the same track; ``None`` if it has none.
        proposed: The new definition's line.
        team: Who works the track.
        capacity_per_week: What the team can take; ``None`` if not stated.
        capacity_line: The lowest line at which the team can keep up, where it can't at a lower one; ``None`` if it can at all lines
            tried, at none, or states no capacity.
        equal_line: The line at which the new definition makes as many entries as the old side, as nearly as the steps allow; ``None``
            if none comes within a quarter of them.
    """

    track: str
    of: str
    steps: tuple[Step, ...]
    current: float | None
    proposed: float
    team: str
    capacity_per_week: float | None
    capacity_line: float | None
    equal_line: float | None

    def at(self, line: float | None) -> Step | None:
        """Return the step at a line."""
        return next((step for step in self.steps if step.line == line), None)


@dataclass(frozen=True)
class Caution:
    """Something to know before the figures are believed: a stable code and a sentence."""

    code: str
    says: str


@dataclass(frozen=True)
class Verdict:
    """What a plan comes to.

    Attributes:
        choice: Which side catches more revenue.
        sentence: The same for people, with the workload, honest about uncertainty.
        revenue: New minus old revenue caught, or deals where no amounts are known; ``n`` is the deals that only one side catches.
        per_week: New minus old entries a week.
    """

    choice: Choice
    sentence: str
    revenue: Figure
    per_week: Figure


@dataclass(frozen=True)
class PlanReport:
    """Two sides compared over one window.

    Attributes:
        currency: Of all money; empty if deals name none.
        credited_days: A deal is credited to an entry at most so many days older than itself.
        cells: Both, only old, only new.
    """

    verdict: Verdict
    window: Window
    currency: str
    credited_days: float
    old: Side
    new: Side
    cells: tuple[Cell, ...]
    breakdowns: tuple[Breakdown, ...]
    effects: Effects | None
    sweep: Sweep | None
    cautions: tuple[Caution, ...]

    def to_json(self) -> dict[str, Any]:
        """Return the report as plain values for JSON, instants as ISO 8601."""
        return cast("dict[str, Any]", plain(self))


def plain(value: object) -> Any:
    """Return frozen values as plain ones for JSON: instants as ISO 8601, NaN as nothing."""
    if is_dataclass(value):
        parts = ((name, getattr(value, name)) for name in _names(type(value)))
        return {name: _instant(part) if name.endswith("_at") else plain(part) for name, part in parts}
    if isinstance(value, Mapping):
        return {str(key): plain(part) for key, part in cast("Mapping[object, object]", value).items()}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [plain(part) for part in cast("Sequence[object]", value)]
    return None if isinstance(value, float) and math.isnan(value) else value


@cache
def _names(kind: type[Any]) -> tuple[str, ...]:
    return tuple(field.name for field in fields(kind))


def _instant(micros: int | None) -> str | None:
    return None if micros is None else clock.write_instant(micros)

"""Whom both sides take, and whom only one of them, with the people behind each cell."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from leadline import clock
from leadline.outcomes.model import NONE
from leadline.review import figures, results
from leadline.review.entries import Entries
from leadline.review.model import Cell, Entrant
from leadline.review.results import Setting

if TYPE_CHECKING:
    from leadline.engine.terms import Real, Whole
    from leadline.outcomes.model import Flags

BOTH, ONLY_OLD, ONLY_NEW = "both", "only_old", "only_new"


@dataclass(frozen=True)
class Ids:
    """What codes stand for, as far as somebody asked."""

    people: Mapping[int, str]
    accounts: Mapping[int, str]


def cells(old: Entries, new: Entries, setting: Setting, ids: Ids) -> tuple[Cell, ...]:
    """Return the three cells of the overlap, by people who entered in the window."""
    before, after = old.people(), new.people()
    one, two = results.catches(old, setting), results.catches(new, setting)
    overlap = _Overlap(old, new, setting, ids)
    return (
        overlap.cell(BOTH, np.intersect1d(before, after), one & two),
        overlap.cell(ONLY_OLD, np.setdiff1d(before, after), one & ~two),
        overlap.cell(ONLY_NEW, np.setdiff1d(after, before), two & ~one),
    )


@dataclass(frozen=True)
class _Overlap:
    """Two sides over one window."""

    old: Entries
    new: Entries
    setting: Setting
    ids: Ids

    def cell(self, name: str, people: Whole, deals: Flags) -> Cell:
        shown, other = (self.old, self.new) if name == ONLY_OLD else (self.new, self.old)
        first = _first_entry(self.old, people), _first_entry(self.new, people)
        return Cell(
            name=name,
            people=len(people),
            old_entries=int(self.old.of(people).sum()),
            new_entries=int(self.new.of(people).sum()),
            conversion=results.conversions(shown, shown.of(people), self.setting),
            won=int(deals.sum()),
            revenue=figures.total(self.setting.amounts, deals),
            earlier_days=float(np.median(first[0] - first[1])) / clock.DAY if name == BOTH and len(people) else None,
            already=0 if name == BOTH else _already(other, people, self.setting.window.begin_at),
            entrants=self.entrants(people, first, shown),
        )

    def entrants(self, people: Whole, first: tuple[Whole, Whole], shown: Entries) -> tuple[Entrant, ...]:
        """Return the people of a cell, the largest revenue first, then by entry."""
        won, revenue = _won_by_person(people, shown, self.setting)
        order = np.lexsort((people, np.maximum(*first), -won, -revenue))
        columns = (people, _account_at_entry(shown, people), *first, won, revenue)
        rows = zip(*(column[order].tolist() for column in columns), strict=True)
        return tuple(
            Entrant(self.ids.people[person], self.ids.accounts.get(account), before or None, after or None, deals, amount)
            for person, account, before, after, deals, amount in rows
        )


def _first_entry(entries: Entries, people: Whole) -> Whole:
    """Return when each of some people first entered in the window; 0 for those who did not."""
    rows = np.flatnonzero(entries.inside)
    entered, index = np.unique(entries.spells.person[rows], return_index=True)  # entries stand by person and time
    at = np.searchsorted(entered, people)
    found = np.minimum(at, max(len(entered) - 1, 0))
    if not len(entered):
        return np.zeros(len(people), np.int64)
    return np.where(entered[found] == people, entries.spells.entered[rows[index[found]]], 0)


def _already(entries: Entries, people: Whole, begin: int) -> int:
    """Return how many of some people were inside a spell when the window began."""
    spells = entries.spells
    inside = (spells.entered < begin) & (spells.left > begin)
    return len(np.intersect1d(spells.person[inside], people))


def _account_at_entry(entries: Entries, people: Whole) -> Whole:
    rows = np.flatnonzero(entries.inside)
    _, index = np.unique(entries.spells.person[rows], return_index=True)
    entered = rows[index]
    return entries.spells.account[entered[np.isin(entries.spells.person[entered], people)]]


def _won_by_person(people: Whole, shown: Entries, setting: Setting) -> tuple[Whole, Real]:
    """Return how many won deals are credited to each person, and how much money."""
    spell = shown.came.spell[setting.wins]
    caught = np.flatnonzero(spell != NONE)
    at = np.searchsorted(people, shown.spells.person[spell[caught]])
    mine = at < len(people)
    mine[mine] = people[at[mine]] == shown.spells.person[spell[caught[mine]]]
    weights = np.nan_to_num(setting.amounts[caught[mine]])
    won = np.bincount(at[mine], minlength=len(people))
    return won, np.bincount(at[mine], weights=weights, minlength=len(people)).astype(np.float64)

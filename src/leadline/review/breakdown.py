"""Entries and what came of them by an attribute at entry: source, campaign, segment, country, track."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from leadline.outcomes.model import NONE, Stage
from leadline.review import figures, results
from leadline.review.contender import Contender
from leadline.review.entries import Entries
from leadline.review.model import Breakdown, BreakdownRow, Figure, Slice
from leadline.review.results import Setting

if TYPE_CHECKING:
    from leadline.engine.terms import Whole
    from leadline.outcomes.model import Flags

UNKNOWN, OTHER, TRACK = "unknown", "other", "track"
MOST_ROWS = 12


@dataclass(frozen=True)
class Labels:
    """An attribute at entry, for all entries of both sides.

    Attributes:
        by: ``person.source``, ``account.employees``, …
        undated: Its values may have been filled in later.
        names: What it can be.
        old: Index of ``names`` by entry of the old side; -1 where it is unknown.
        new: Likewise by entry of the new side.
    """

    by: str
    undated: bool
    names: tuple[str, ...]
    old: Whole
    new: Whole


def breakdown(old: Contender, new: Contender, attributes: Sequence[Labels], setting: Setting) -> tuple[Breakdown, ...]:
    """Return the entries of both sides by each attribute, and by track; an attribute of which nothing is known is left out."""
    tables = [_table(labels, old.entries, new.entries) for labels in (*attributes, _tracks(old, new))]
    sides = [(old.entries, [table.old for table in tables]), (new.entries, [table.new for table in tables])]
    before, after = (_slices(entries, rows, [len(table.names) for table in tables], setting) for entries, rows in sides)
    found = (_breakdown(*parts) for parts in zip(tables, before, after, strict=True))
    return tuple(item for item in found if any(row.label != UNKNOWN for row in item.rows))


@dataclass(frozen=True)
class _Table:
    """The rows of a breakdown: their names, and the row of each entry of both sides."""

    labels: Labels
    names: tuple[str, ...]
    old: Whole
    new: Whole


def _tracks(old: Contender, new: Contender) -> Labels:
    names = tuple(dict.fromkeys([*new.names.values(), *old.names.values()]))
    return Labels(TRACK, undated=False, names=names, old=_track_codes(old, names), new=_track_codes(new, names))


def _track_codes(side: Contender, names: tuple[str, ...]) -> Whole:
    codes = np.full(max(side.names, default=0) + 1, NONE, np.int64)
    for index, name in side.names.items():
        codes[index] = names.index(name)
    return codes[side.entries.spells.track]


def _table(labels: Labels, old: Entries, new: Entries) -> _Table:
    rows, size = _rows(labels, old, new)
    return _Table(labels, _row_names(labels, rows, size), rows[labels.old], rows[labels.new])


def _breakdown(table: _Table, old: Sequence[Slice], new: Sequence[Slice]) -> Breakdown:
    found = (BreakdownRow(*row) for row in zip(table.names, old, new, strict=True))
    shown = tuple(row for row in found if row.old.entries or row.new.entries or row.old.won or row.new.won)
    return Breakdown(table.labels.by, table.labels.undated, shown)


def _rows(labels: Labels, old: Entries, new: Entries) -> tuple[Whole, int]:
    """Return the row of each name, the largest first, then that of the rare ones and of the unknown; and how many there are."""
    counted = np.concatenate([labels.old[old.inside], labels.new[new.inside]])
    counts = np.bincount(counted[counted != NONE], minlength=len(labels.names))
    order = np.argsort(-counts, kind="stable")
    shown = min(len(order), MOST_ROWS if len(order) > MOST_ROWS + 1 else len(order))
    rows = np.full(len(labels.names) + 1, shown, np.int64)
    rows[order[:shown]] = np.arange(shown)
    rows[NONE] = shown + 1
    return rows, shown + 2


def _row_names(labels: Labels, rows: Whole, size: int) -> tuple[str, ...]:
    names = [OTHER] * (size - 1) + [UNKNOWN]
    for name, row in zip(labels.names, rows[:-1].tolist(), strict=True):
        if row < size - 2:
            names[row] = name
    return tuple(names)


def _slices(entries: Entries, rows: Sequence[Whole], sizes: Sequence[int], setting: Setting) -> list[list[Slice]]:
    """Return a side's entries by row, for each breakdown; money is drawn for all of them at once."""
    caught = [_caught(entries, row, size, setting) for row, size in zip(rows, sizes, strict=True)]
    revenue = iter(figures.totals(np.where(np.concatenate(caught), setting.amounts, np.nan)))
    found: list[list[Slice]] = []
    for row, size, deals in zip(rows, sizes, caught, strict=True):
        counts, people = _counts(entries, row, size)
        rates = [_rates(entries, row, size, setting, stage) for stage in (Stage.SQL, Stage.WON)]
        money = [next(revenue) for _ in range(size)]
        found.append([Slice(*part) for part in zip(counts, people, *rates, deals.sum(axis=1).tolist(), money, strict=True)])
    return found


def _counts(entries: Entries, row: Whole, size: int) -> tuple[list[int], list[int]]:
    """Return by row the entries of the window and the people behind them."""
    inside = row[entries.inside]
    pairs = np.unique(inside + entries.spells.person[entries.inside].astype(np.int64) * size) % size
    return np.bincount(inside, minlength=size).tolist(), np.bincount(pairs, minlength=size).tolist()


def _caught(entries: Entries, row: Whole, size: int, setting: Setting) -> Flags:
    """Return by row and deal whether the deal is credited to an entry in that row."""
    spell = entries.came.spell[setting.wins]
    source = np.where(spell == NONE, NONE, row[spell]) if len(row) else spell
    return source == np.arange(size).reshape(-1, 1)


def _rates(entries: Entries, row: Whole, size: int, setting: Setting, stage: Stage) -> list[Figure]:
    """Return by row what share of the worked entries that are old enough came to a stage."""
    until = setting.window.until_at
    judged = results.rated(entries, setting, stage)
    there = judged & (entries.came.reached(stage) <= until)
    of, hits = (np.bincount(row[chosen], minlength=size).tolist() for chosen in (judged, there))
    return [figures.share(*pair) for pair in zip(hits, of, strict=True)]

"""What to know before the figures are believed: undated attributes, the future leaking in, small numbers, young cohorts, capacity."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from leadline import clock
from leadline.engine.rehearsal import ALWAYS
from leadline.facts.model import Column
from leadline.outcomes.model import Stage
from leadline.review import phrases
from leadline.review.contender import Contender
from leadline.review.model import Caution, Cell, Side, Skipped
from leadline.review.overlap import ONLY_NEW
from leadline.review.results import Setting

if TYPE_CHECKING:
    from leadline.outcomes.model import Note

FEW = 10
"""Outcomes below which a rate says little."""
_BY_SALES = re.compile(r"(^|_)(status|stage|lifecycle\w*|owner|rep|csm|converted|disposition|opportunity)(_|$)")


def of_attributes(used: Mapping[str, Column]) -> Iterator[Caution]:
    """Yield what there is to know of the attributes that a definition looks at, called as in ``person.title``."""
    undated = [name for name, column in used.items() if column.undated]
    if undated:
        names = phrases.listed(undated)
        says = f"{names} carry no dates, so history is judged by their present values: they may have been filled in after a deal."
        yield Caution("undated-attributes", says)
    by_sales = [name for name in used if _BY_SALES.search(name.partition(".")[2])]
    if by_sales:
        says = f"{phrases.listed(by_sales)} look like what sales fills in later, so a definition that uses them knows how it ended."
        yield Caution("assigned-by-sales", says)


def of_data(notes: Sequence[Note], begins_at: int | None, setting: Setting) -> Iterator[Caution]:
    """Yield what there is to know of the facts; ``begins_at`` is the first activity."""
    yield from (Caution(note.code, note.says) for note in notes)
    if begins_at is not None and begins_at > setting.window.begin_at:
        days = (begins_at - setting.window.begin_at) / clock.DAY
        yield Caution(
            "window-before-facts", f"The facts begin {days:.0f} days after the window, so entries in the time before are missing."
        )
    if not len(setting.wins):
        yield Caution("nothing-won", "No deal that was created in the window has been won, so there is no revenue to catch.")


def of_sides(old: Side, new: Side, cells: Sequence[Cell]) -> Iterator[Caution]:
    """Yield what there is to know of the figures."""
    for side in (old, new):
        yield from _of_side(side)
    yield from _selection(cells)


def of_entries(side: Contender, setting: Setting) -> Iterator[Caution]:
    """Yield how many were inside all along, if they are more than those who enter: what happened to them is in no figure."""
    spells, begin = side.entries.spells, setting.window.begin_at
    inside = int(((spells.entered < begin) & (spells.left > begin)).sum())
    always = int(((spells.entered == ALWAYS) & (spells.left > begin)).sum())
    if inside > side.entries.inside.sum():
        since = f", {always:,} of them before the first fact (give people a created_at)" if always else ""
        who = "1 person was" if inside == 1 else f"{inside:,} people were"
        says = f"{who} inside a spell of the {side.name} side already when the window began{since}. They count as no entries."
        yield Caution("inside-already", says)


def _of_side(side: Side) -> Iterator[Caution]:
    total = side.total
    if not total.entries:
        yield Caution("no-entries", f"Nobody enters by the {side.name} side in the window.")
        return
    if total.beside:
        says = (
            f"{total.beside:,} of {total.entries:,} entries of the {side.name} side began after a first conversation or beside an open "
            "deal. They are work, but nothing is credited to them."
        )
        yield Caution("beside-deals", says)
    few = [f"{total.stage(stage).reached} {words}" for stage, words in _FEW.items() if total.stage(stage).reached < FEW]
    if few:
        yield Caution(
            "small-numbers", f"Of the entries of the {side.name} side only {' and '.join(few)}: read the intervals, not the rates."
        )
    young = [f"{total.stage(stage).young:,} to become {words}" for stage, words in _YOUNG.items() if total.stage(stage).young]
    if young:
        says = f"Of {total.entries:,} entries of the {side.name} side some are too young, {', '.join(young)}; they are in no rate."
        yield Caution("young-entries", says)
    for load in side.loads:
        if load.capacity_per_week is None:
            team = f"The team '{load.team}'" if load.team else "Whoever works leads"
            yield Caution("no-capacity", f"{team} states no capacity a week in the file of reps, so workload can't be judged.")


_FEW = {Stage.SQL: "became SQLs", Stage.WON: "were won"}
_YOUNG = {Stage.SQL: "an SQL", Stage.WON: "a customer"}


def _selection(cells: Sequence[Cell]) -> Iterator[Caution]:
    cell = next((cell for cell in cells if cell.name == ONLY_NEW), None)
    won = next((item for item in cell.conversion if item.stage is Stage.WON), None) if cell else None
    if not cell or not won or won.least is None or won.most is None or won.most <= won.least:
        return
    says = f"Of the {cell.new_entries:,} entries that only the new side makes some were never worked by sales, so nobody knows "
    nothing = won.least == 0 and won.most == 1
    says += "what would have come of them." if nothing else f"more than that {won.least:.1%} to {won.most:.1%} of them would have been won."
    yield Caution("never-worked", says)


def of_changes(skipped: Sequence[Skipped]) -> Iterator[Caution]:
    """Yield which changes could not be tried alone."""
    if skipped:
        says = f"{phrases.listed([change.path for change in skipped])} can't be tried alone, since other changes belong to them."
        yield Caution("changes-not-alone", says)

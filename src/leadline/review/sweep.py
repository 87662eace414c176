"""The line of a track, moved: how many entries, how many of them convert, which deals are caught, at every line."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from leadline.outcomes.model import Stage
from leadline.review import figures, results, workload
from leadline.review.contender import Contender
from leadline.review.entries import Entries
from leadline.review.model import Figure, Step, Sweep
from leadline.review.results import Setting
from leadline.review.workload import Rep

MOST_STEPS = 24
NEAR = 0.25
"""How far, as a share of the old side's entries, a step may be from them and still count as many."""


@dataclass(frozen=True)
class Swept:
    """A track of the new definition with its lines tried.

    Attributes:
        track: The track.
        of: What the line compares.
        current: The old definition's line; ``None`` if it has none.
        proposed: The new definition's.
        steps: (line, the entries of the whole definition with it), from the lowest.
    """

    track: str
    of: str
    current: float | None
    proposed: float
    steps: tuple[tuple[float, Entries], ...]


def lines(proposed: float, also: Iterable[float]) -> list[float]:
    """Return the lines to try, rising: round numbers from half of the proposed one to half as much again, it and others among them.

    >>> lines(75, [50])[:5]
    [40.0, 45.0, 50.0, 55.0, 60.0]
    >>> len(lines(75, [50])), len(lines(0, []))
    (15, 21)
    """
    size = abs(proposed) or 20.0
    width = next(step for step in _round_numbers(size / MOST_STEPS / 10) if size / step <= MOST_STEPS)
    first, last = math.ceil((proposed - size / 2) / width), math.floor((proposed + size / 2) / width)
    return sorted({*(round(at * width, 6) for at in range(first, last + 1)), float(proposed), *map(float, also)})


def _round_numbers(least: float) -> Iterable[float]:
    power = 10.0 ** math.floor(math.log10(least))
    while True:
        yield from (power, 2 * power, 2.5 * power, 5 * power)
        power *= 10


def sweep(swept: Swept, old: Contender, new: Contender, reps: Sequence[Rep], setting: Setting) -> Sweep:
    """Return what each line comes to, with the lines that matter marked."""
    team = new.routes[swept.track].team
    money = figures.totals(np.array([np.where(results.catches(tried, setting), setting.amounts, np.nan) for _, tried in swept.steps]))
    loads = [int(workload.handed_over(tried, new, team).sum()) / setting.window.weeks for _, tried in swept.steps]
    steps = tuple(
        _step(line, tried, load, revenue, setting) for (line, tried), load, revenue in zip(swept.steps, loads, money, strict=True)
    )
    capacity = workload.capacity_per_week(reps, team)
    return Sweep(
        track=swept.track,
        of=swept.of,
        steps=steps,
        current=swept.current,
        proposed=swept.proposed,
        team=team,
        capacity_per_week=capacity,
        capacity_line=_capacity_line(steps, capacity),
        equal_line=_equal_line(steps, int(old.entries.inside.sum())),
    )


def _step(line: float, tried: Entries, load: float, revenue: Figure, setting: Setting) -> Step:
    entries = int(tried.inside.sum())
    return Step(
        line=line,
        entries=entries,
        per_week=results.per_week(entries, setting.window),
        load_per_week=load,
        sql=results.rate(tried, setting, Stage.SQL),
        won_rate=results.rate(tried, setting, Stage.WON),
        won=int(results.catches(tried, setting).sum()),
        revenue=revenue,
    )


def _capacity_line(steps: Sequence[Step], capacity: float | None) -> float | None:
    """Return the lowest line at which the team keeps up, if it can't at a lower one."""
    if capacity is None or all(step.load_per_week <= capacity for step in steps):
        return None
    return next((step.line for step in steps if step.load_per_week <= capacity), None)


def _equal_line(steps: Sequence[Step], entries: int) -> float | None:
    nearest = min(steps, key=lambda step: abs(step.entries - entries), default=None)
    return nearest.line if nearest and abs(nearest.entries - entries) <= NEAR * entries else None

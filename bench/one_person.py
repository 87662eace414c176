"""How long one person takes whose activities are in memory: the points of all criteria, by the compiled kernel.

    python -m bench.one_person PROJECT AS_OF

Prints the median and the 99th percentile over people, in seconds, as JSON. Groups, bands and tracks, which follow from
the points by a few sums and comparisons, aren't in it.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

PEOPLE, TIMES = 500, 21


def measure(project: Path, as_of: int) -> dict[str, float]:
    """Return seconds a person: ``median`` and ``p99`` over a sample of people, each the median of some turns."""
    rescore = sample(project, as_of)
    taken = sorted(float(np.median([_seconds(one) for _ in range(TIMES)])) for one in rescore)
    return {"median": taken[len(taken) // 2], "p99": taken[int(len(taken) * 0.99)]}


def _seconds(one: Callable[[], None]) -> float:
    begin = time.perf_counter()
    one()
    return time.perf_counter() - begin


def sample(folder: Path, as_of: int) -> list[Callable[[], None]]:
    """Return a function for each person of a sample, which scores them anew from arrays in memory."""
    from leadline.app.wiring import Project
    from leadline.engine import native
    from leadline.engine.backends import duckdb as backend

    project = Project(folder)
    plan, engine = project._plan, project.backend  # noqa: SLF001  not public yet: the live service will ask this way
    connection = engine._connect(as_of)  # noqa: SLF001
    connection.execute(f"create table people_at as {plan.texts['people']}")
    crowd = backend.crowd_of(connection, plan)
    span = next(backend.person_spans(project.mirror))
    lines = engine._timelines(connection.cursor(), plan, as_of, span)  # noqa: SLF001
    codes, created, latest = np.array(crowd.codes), np.array(crowd.created), crowd.latest.numpy()
    person, columns = np.array(lines.person), (np.array(lines.times), lines.masks.numpy(), lines.values.numpy())
    within = np.flatnonzero(codes <= span[1])
    chosen = np.random.default_rng(1).choice(within, min(PEOPLE, len(within)), replace=False)
    absences = np.array(plan.absences, np.int64)

    def of(at: int) -> Callable[[], None]:
        first, last = np.searchsorted(person, [codes[at], codes[at] + 1])
        timeline = tuple(np.ascontiguousarray(column[first:last]) for column in columns)
        people = (np.zeros(1, np.int64), np.array([last - first]), created[at : at + 1], absences, latest[at : at + 1])
        points = np.zeros((1, plan.count()), np.int64)
        return lambda: native.score_people(plan.table, timeline, people, as_of, points)

    return [of(int(at)) for at in chosen]


if __name__ == "__main__":
    print(json.dumps(measure(Path(sys.argv[1]), int(sys.argv[2]))))

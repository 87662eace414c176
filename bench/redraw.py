"""How long a plan takes in a process that has made one already, when a line alone or a weight alone was changed.

    python -m bench.redraw PROJECT FROM TO

Writes the seconds of some turns of each beside the project as ``redraw.json``, and prints them. The first plan, which reads
history, isn't counted; changes aren't tried one by one, as on a page that follows somebody's hand.
"""

from __future__ import annotations

import json
import statistics
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

TURNS = 5
LINE, POINTS = 80, 15


def measure(folder: Path, since: str, until: str) -> dict[str, float]:
    """Return the seconds of a plan from memory, the medians of each kind of change with its processor time.

    ``median`` is the worse of a line and a weight, each with the whole sweep; ``sides`` a weight without the sweep; ``first`` the plan
    that reads history.
    """
    from leadline.app.planning import Planning, Tried
    from leadline.app.wiring import Project
    from leadline.definition import load

    old, written = load.load(folder / "definition.yaml"), (folder / "definition-next.yaml").read_text(encoding="utf-8")
    planning = Planning(Project(folder), keeps=True)

    def plan(line: int, points: int, tried: Tried = Tried.LINES) -> None:
        changed = written.replace(f"score >= {LINE}", f"score >= {line}").replace(f"points: {POINTS}", f"points: {points}", 1)
        planning.plan(load.parse(changed), old, (since, until), tried=tried)

    first, _ = _seconds(plan, [(LINE, POINTS)])
    line, line_cpu = _seconds(plan, [(LINE + 1 + turn, POINTS) for turn in range(TURNS)])
    weight, weight_cpu = _seconds(plan, [(LINE + TURNS, POINTS + 1 + turn) for turn in range(TURNS)])
    sides, sides_cpu = _seconds(plan, [(LINE + TURNS, POINTS - 1 - turn, Tried.NOTHING) for turn in range(TURNS)])
    found = {"line": line, "line_cpu": line_cpu, "weight": weight, "weight_cpu": weight_cpu, "sides": sides, "sides_cpu": sides_cpu}
    return {"median": max(line, weight), "first": first, **found}


def _seconds(plan: Callable[..., None], turns: Iterable[tuple[Any, ...]]) -> tuple[float, float]:
    """Return the medians of the seconds and of the processor's seconds that plans take."""
    taken: list[tuple[float, float]] = []
    for turn in turns:
        begin, cpu = time.perf_counter(), time.process_time()
        plan(*turn)
        taken.append((time.perf_counter() - begin, time.process_time() - cpu))
    return statistics.median(wall for wall, _ in taken), statistics.median(cpu for _, cpu in taken)


if __name__ == "__main__":
    project = Path(sys.argv[1])
    found = json.dumps(measure(project, *sys.argv[2:4]))
    project.with_name("redraw.json").write_text(found, encoding="utf-8")
    print(found)

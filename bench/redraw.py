"""How long a plan takes in a process that has made one already, when a line and a weight were changed.

    python -m bench.redraw PROJECT FROM TO

Writes the median of some turns, in seconds, beside the project as ``redraw.json``, and prints it. The first plan, which reads
history, isn't counted; changes aren't tried one by one, as on a page that follows somebody's hand.
"""

from __future__ import annotations

import json
import statistics
import sys
import time
from pathlib import Path

TURNS = 7


def measure(folder: Path, since: str, until: str) -> dict[str, float]:
    """Return the seconds of a plan from memory: ``median``, and of the ``first`` one."""
    from leadline.app.planning import Planning
    from leadline.app.wiring import Project
    from leadline.definition import load

    project = Project(folder)
    old, written = load.load(folder / "definition.yaml"), (folder / "definition-next.yaml").read_text(encoding="utf-8")
    planning = Planning(project, keeps=True)

    def seconds(line: int, points: int) -> float:
        changed = written.replace("score >= 80", f"score >= {line}").replace("points: 15", f"points: {points}", 1)
        begin = time.perf_counter()
        planning.plan(load.parse(changed), old, (since, until), alone=False)
        return time.perf_counter() - begin

    first = seconds(80, 15)
    return {"median": statistics.median(seconds(81 + turn, 16 + turn) for turn in range(TURNS)), "first": first}


if __name__ == "__main__":
    project = Path(sys.argv[1])
    found = json.dumps(measure(project, *sys.argv[2:4]))
    project.with_name("redraw.json").write_text(found, encoding="utf-8")
    print(found)

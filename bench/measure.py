"""The run of a process from start to end: wall time, processor time and the peak of its memory.

A process begins as a copy of its parent, and the peak of its memory counts from there. So it is started by a small
parent: this file again, as a script, which loads nothing large.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path


class Failed(Exception):
    """A contender ended with an error; the text is the end of what it wrote."""


@dataclass(frozen=True)
class Run:
    """What one run took: seconds of wall and processor time, and the largest resident set in bytes."""

    seconds: float
    cpu: float
    memory: int


def run(command: Sequence[str], log: Path) -> Run:
    """Return what a process took, children that it waited for included; what it wrote goes to ``log``.

    Raises:
        Failed: If it ended with an error.
    """
    parent = [sys.executable, "-I", "-S", __file__, str(log), *command]
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}  # both sides, as when installed
    found = json.loads(subprocess.run(parent, check=True, capture_output=True, env=kept).stdout)
    if found.pop("code"):
        raise Failed(log.read_text(encoding="utf-8", errors="replace")[-4000:] or "ended with an error")
    return Run(**found)


def _run(log: str, command: Sequence[str]) -> dict[str, float]:
    with Path(log).open("wb") as out:
        begin = time.perf_counter()
        child = subprocess.Popen(command, stdout=out, stderr=subprocess.STDOUT)
        _, status, usage = os.wait4(child.pid, 0)
        seconds = time.perf_counter() - begin
    child.returncode = os.waitstatus_to_exitcode(status)
    cpu = usage.ru_utime + usage.ru_stime
    return {"code": child.returncode, "seconds": seconds, "cpu": cpu, "memory": usage.ru_maxrss * 1024}


if __name__ == "__main__":
    print(json.dumps(_run(sys.argv[1], sys.argv[2:])))

"""The run of a process from start to end: wall time, processor time and the peak of its memory."""

from __future__ import annotations

import os
import subprocess
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path


class Failed(Exception):  # noqa: N818
    """A contender ended with an error; the text is the end of what it wrote."""


@dataclass(frozen=True)
class Run:
    """What one run took: seconds of wall and processor time, and the largest resident set in bytes."""

    seconds: float
    cpu: float
    memory: int


def run(command: Sequence[str], log: Path, *, expect: Sequence[int] = (0,), env: Mapping[str, str] | None = None) -> Run:
    """Return what a process took, children it waited for included; what it wrote goes to ``log``.

    Raises:
        Failed: If its exit code is none of ``expect``.
    """
    with log.open("wb") as out:
        begin = time.perf_counter()
        child = subprocess.Popen(command, stdout=out, stderr=subprocess.STDOUT, env={**os.environ, **(env or {})})
        _, status, usage = os.wait4(child.pid, 0)
        seconds = time.perf_counter() - begin
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode not in expect:
        raise Failed(f"{' '.join(command)} ended with {child.returncode}: {log.read_text(errors='replace')[-2000:]}")
    return Run(seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024)

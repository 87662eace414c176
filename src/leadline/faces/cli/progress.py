"""A bar on stderr for work that takes longer than a second; silent where stderr is no terminal."""

from __future__ import annotations

import sys
import time
from typing import Any

PATIENCE = 1.0
"""Seconds before a bar appears."""


class Progress:
    """Called with a stage and the share of it that is done (0 to 1)."""

    def __init__(self) -> None:
        """Note when the work began; nothing is drawn yet."""
        self._began = time.monotonic()
        self._bar: Any = None
        self._stages: dict[str, Any] = {}

    def __call__(self, stage: str, done: float) -> None:
        """Show that ``done`` of ``stage`` is finished."""
        if not sys.stderr.isatty():
            return
        if self._bar is None:
            if time.monotonic() - self._began < PATIENCE:
                return
            self._bar = _bar()
            self._bar.start()
        if stage not in self._stages:
            self._stages[stage] = self._bar.add_task(stage, total=1.0)
        self._bar.update(self._stages[stage], completed=done)

    def close(self) -> None:
        """Take the bar away."""
        if self._bar is not None:
            self._bar.stop()
            self._bar = None


def _bar() -> Any:
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.percentage:>3.0f} %"), TimeElapsedColumn())
    return Progress(*columns, console=Console(stderr=True), transient=True)

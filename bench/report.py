"""What was measured, as rows, as a Markdown table, and in ``docs/benchmarks.md``."""

from __future__ import annotations

import json
import os
import platform
import re
import statistics
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from importlib import metadata
from pathlib import Path

from bench.contenders import Contender
from bench.generate import Size
from bench.measure import Run

PAGE = Path(__file__).parents[1] / "docs" / "benchmarks.md"
LIBRARIES = ("duckdb", "numpy", "pandas", "polars", "pyspark")
HEAD = "| work | who | median | × | asked | processor | peak memory | runs | |\n|---|---|--:|--:|---|--:|--:|--:|---|\n"


@dataclass(frozen=True)
class Row:
    """One line of the table; seconds and bytes, ``None`` where nothing was measured.

    Attributes:
        ratio: Median by the median of ``against``.
        missed: What was asked and not reached, in words.
    """

    task: str
    name: str
    median: float | None
    low: float | None
    high: float | None
    cpu: float | None
    memory: int | None
    runs: int
    against: str
    ratio: float | None
    asked: str
    missed: str
    says: str


def median(runs: Sequence[Run]) -> float:
    """Return the median of the wall times."""
    return statistics.median(run.seconds for run in runs)


def row(line: Contender, runs: Sequence[Run], medians: Mapping[str, float], failed: str | None) -> Row:
    """Return the row of one contender; ``medians`` are those of all that ran with it."""
    if not runs:
        says = f"failed: {failed.splitlines()[-1][:120]}" if failed else line.says
        return Row(line.task, line.name, None, None, None, None, None, 0, line.against, None, _asked(line), "", says)
    seconds, memory = medians[line.name], max(run.memory for run in runs)
    ratio = seconds / medians[line.against] if line.against in medians else None
    return Row(
        line.task, line.name, seconds, min(run.seconds for run in runs), max(run.seconds for run in runs),
        statistics.median(run.cpu for run in runs), memory, len(runs), line.against, ratio,
        _asked(line), _missed(line, seconds, ratio, memory), line.says,
    )  # fmt: skip


def _asked(line: Contender) -> str:
    times = f"≤ {line.most:g} × {line.against}" if line.most else f"≥ {line.fewest:g} × {line.against}" if line.fewest else ""
    seconds = f"≤ {_time(line.seconds)}" if line.seconds else ""
    return ", ".join(part for part in (times, seconds, f"≤ {_memory(line.memory)}" if line.memory else "") if part)


def _missed(line: Contender, seconds: float, ratio: float | None, memory: int) -> str:
    too = {
        "not so much": bool(line.fewest and ratio and ratio < line.fewest),
        "too slow": bool((line.most and ratio and ratio > line.most) or (line.seconds and seconds > line.seconds)),
        "too much memory": bool(line.memory and memory > line.memory),
    }
    return ", ".join(word for word, holds in too.items() if holds)


def _time(seconds: float) -> str:
    return f"{seconds * 1e6:.0f} µs" if seconds < 1e-3 else f"{seconds:.2f} s"


def _memory(size: int) -> str:
    return f"{size / 2**30:.1f} GB" if size >= 2**30 else f"{size / 2**20:.0f} MB"


def table(rows: Iterable[Row]) -> str:
    """Return the rows as a Markdown table."""
    return HEAD + "\n".join(
        "| " + " | ".join((
            row.task, row.name, f"{_time(row.median)} ({_time(row.low or 0)} – {_time(row.high or 0)})" if row.median else "–",
            f"{row.ratio:.2f}" if row.ratio else "", f"{row.asked}: {row.missed or 'yes'}" if row.asked and row.runs else row.asked,
            _time(row.cpu) if row.cpu else "–", _memory(row.memory) if row.memory else "–", str(row.runs), row.says,
        )) + " |"
        for row in rows
    )  # fmt: skip


def machine() -> dict[str, str]:
    """Return what the figures depend on."""
    facts = Path("/proc/cpuinfo")
    cpu = re.search(r"model name\s*: (.*)", facts.read_text(encoding="utf-8")) if facts.exists() else None
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return {
        "processor": f"{cpu[1] if cpu else platform.machine()}, {os.cpu_count()} cores",
        "memory": _memory(memory),
        "system": f"{platform.system()} {platform.release()}, Python {platform.python_version()}",
        "libraries": ", ".join(f"{name} {metadata.version(name)}" for name in LIBRARIES if _has(name)),
        "load before": " ".join(f"{load:.1f}" for load in os.getloadavg()),
    }


def _has(name: str) -> bool:
    try:
        return bool(metadata.version(name))
    except metadata.PackageNotFoundError:
        return False


def keep(file: Path, size: Size, rows: Sequence[Row]) -> list[Row]:
    """Write the rows to a JSON file, in place of older ones of the same work and name, and return all that it holds."""
    old = [Row(**entry) for entry in json.loads(file.read_text(encoding="utf-8"))["rows"]] if file.exists() else []
    new = {(row.task, row.name): row for row in rows}
    merged = [new.pop((row.task, row.name), row) for row in old] + list(new.values())
    file.parent.mkdir(parents=True, exist_ok=True)
    content = {"size": asdict(size), "machine": machine(), "rows": [asdict(row) for row in merged]}
    file.write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return merged


def publish(size: Size, rows: Sequence[Row], page: Path = PAGE) -> None:
    """Put the table between the page's markers for this size, with the facts of the machine; no markers, no change."""
    text = page.read_text(encoding="utf-8")
    begin, end = f"<!-- begin {size.name} -->", f"<!-- end {size.name} -->"
    facts = "\n".join(f"- {name}: {fact}" for name, fact in machine().items())
    block = f"{begin}\n{table(rows)}\n\n{facts}\n{end}"
    page.write_text(re.sub(re.escape(begin) + ".*?" + re.escape(end), lambda _: block, text, flags=re.DOTALL), encoding="utf-8")

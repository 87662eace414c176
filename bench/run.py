"""Measures all contenders at one size, compares their answers, and writes the table of ``docs/benchmarks.md``.

Contenders take turns, so that whatever else the machine does hits all of them. Run as ``python -m bench.run``; the
options are in ``--help``.
"""

from __future__ import annotations

import argparse
import contextlib
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from bench import compare, contenders, definitions, generate, measure, mirror_shape, report
from bench.contenders import Contender, Places

HERE = Path(__file__).parent
GIGABYTE = 2**30
MOST_MEMORY = 8 * GIGABYTE
TASKS = ("mirror", "hundred", "raw", "prompt", "person")


def prepare(size: generate.Size, folder: Path) -> Places:
    """Make the data and the project unless they are there, and return where they are."""
    if not (folder / "activities").is_dir():
        say(f"generating {size.people:,} people with {size.activities:,} activities")
        generate.write_raw(folder, size)
    places = Places(folder, folder / "project", folder / "shape", folder / "answers")
    definitions.write_project(places.raw, places.project)
    places.answers.mkdir(exist_ok=True)
    return places


def with_mirror(places: Places, log: Path) -> Places:
    """Return the places with the mirror that Leadline built, so that both sides read the same files."""
    found = built(places.project)
    if not found:
        line = next(line for line in contenders.from_raw(places, MOST_MEMORY) if line.name == "leadline-first")
        with contextlib.suppress(measure.Failed, FileNotFoundError):
            measure.run(line.command, log)
        found = built(places.project)
    if found:
        return Places(places.raw, places.project, found, places.answers)
    say("no mirror by Leadline: the rival reads one made by bench.mirror_shape")
    if not places.mirror.is_dir():
        mirror_shape.write_mirror(places.raw, places.mirror)
    return places


def built(project: Path) -> Path | None:
    """Return the folder of the project's mirror, if there is one."""
    return next(iter(sorted((project / ".leadline").glob("mirror-*/people.parquet"))), Path()).parent if project.is_dir() else None


def measured(lines: Sequence[Contender], runs: int, log: Path) -> Iterator[report.Row]:
    """Run the contenders in turns and yield a row each; one that fails says so in its row."""
    taken: dict[str, list[measure.Run]] = {line.name: [] for line in lines}
    failed: dict[str, str] = {}
    for turn in range(runs + 1):
        for line in lines:
            if line.name in failed or turn > min(runs, line.runs or runs):
                continue
            if line.before:
                line.before()
            try:
                run = measure.run(line.command, log)
            except (measure.Failed, FileNotFoundError) as error:
                failed[line.name] = str(error)
                say(f"{line.name} failed: {error}")
                continue
            say(f"{line.task}: {line.name} {run.seconds:.2f} s, {run.memory / 2**20:.0f} MB{'' if turn else ' (warming up)'}")
            if turn:
                taken[line.name].append(run)
    medians = {name: report.median(runs) for name, runs in taken.items() if runs}
    for line in lines:
        yield report.row(line, taken[line.name], medians, failed.get(line.name))


def answers_differ(places: Places, lines: Sequence[Contender]) -> list[str]:
    """Return what differs between the answers of one task and that of its first line."""
    first, *others = (line.name for line in lines if places.answer(line.name).exists())
    return [
        f"{name} and {first}: {found}" for name in others for found in compare.differences(places.answer(first), places.answer(name))
    ]

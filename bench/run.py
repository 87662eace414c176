"""Measures all contenders at one size, compares their answers, and writes the table of ``docs/benchmarks.md``.

Contenders take turns, so that whatever else the machine does hits all of them. Run as ``python -m bench.run``; the
options are in ``--help``.
"""

from __future__ import annotations

import argparse
import contextlib
import dataclasses
import json
import shutil
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from bench import compare, contenders, definitions, generate, measure, mirror_shape, report
from bench.contenders import Contender, Places

HERE = Path(__file__).parent
GIGABYTE = 2**30
MOST_MEMORY = 8 * GIGABYTE
WORK = ("mirror", "raw", "history", "learn", "prompt", "person")
MOST_FOR_HISTORY = 12 * GIGABYTE


def prepare(size: generate.Size, folder: Path) -> Places:
    """Make the data and the project unless they are there, and return where they are."""
    if not (folder / "activities").is_dir():
        say(f"generating {size.people:,} people with {size.activities:,} activities")
        generate.write_raw(folder, size)
    places = Places(folder, folder / "project", folder / "shape", folder / "answers")
    definitions.write_project(places.raw, places.project)
    shutil.rmtree(places.answers, ignore_errors=True)
    places.answers.mkdir()
    return places


def with_mirror(places: Places, log: Path) -> Places:
    """Return the places with the mirror that Leadline built, so that both sides read the same files."""
    found = built(places.project)
    if not found:
        line = next(line for line in contenders.from_raw(places, MOST_MEMORY) if line.name == "leadline-first")
        with contextlib.suppress(measure.Failed):
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
    return next((file.parent for file in (project / ".leadline").glob("mirror-*/people.parquet")), None)


def measured(lines: Sequence[Contender], runs: int, log: Path) -> Iterator[report.Row]:
    """Run the contenders in turns and yield a row each; one that fails says so in its row."""
    taken: dict[str, list[measure.Run]] = {line.name: [] for line in lines}
    failed: dict[str, str] = {}
    for turn in range(0 if runs > 1 else 1, runs + 1):
        for line in lines:
            if line.name in failed or turn > (line.runs or runs):
                continue
            if line.before:
                line.before()
            try:
                run = measure.run(line.command, log)
            except measure.Failed as error:
                failed[line.name] = str(error)
                say(f"{line.name} failed: {error}")
                continue
            spent = f"{run.seconds:.2f} s, {run.cpu:.2f} s of processor, {run.memory / 2**20:.0f} MB"
            say(f"{line.task}: {line.name} {spent}{'' if turn else ' (warming up)'}")
            if turn:
                taken[line.name].append(run)
    medians = {name: report.median(runs) for name, runs in taken.items() if runs}
    for line in lines:
        yield report.row(line, taken[line.name], medians, failed.get(line.name))


def answers_differ(places: Places, lines: Sequence[Contender]) -> list[str]:
    """Return what differs between the answers of one task and that of its first line."""
    first, *others = [line.name for line in lines if places.answer(line.name).exists()] or [""]
    return [f"{name} and {first}: {found}" for name in others for found in compare.differences(places.answer(first), places.answer(name))]


def compete(size: generate.Size, folder: Path, work: Sequence[str], skip: Sequence[str]) -> tuple[list[report.Row], list[str]]:
    """Return the rows of the work asked for, and what differs between answers that ought to be the same."""
    log = folder / "log"
    places = with_mirror(prepare(size, folder), log)
    rows: list[report.Row] = []
    wrong: list[str] = []
    with contextlib.ExitStack() as stack:
        uri = stack.enter_context(postgres(places)) if "mirror" in work and "postgres" not in skip else None
        for name, lines in {
            "mirror": [*contenders.from_mirror(places, uri, MOST_MEMORY), *contenders.hundred(places, MOST_MEMORY)],
            "raw": contenders.from_raw(places, MOST_MEMORY),
            "history": contenders.through_time(places, MOST_FOR_HISTORY),
            "learn": contenders.learned(places),
            "prompt": contenders.commands(places),
        }.items():
            chosen = [line for line in lines if line.name not in skip] if name in work else []
            rows += measured(chosen, size.runs, log)
            alike = [line for line in chosen if line.task == chosen[0].task]
            wrong += answers_differ(places, alike) if name in {"mirror", "raw"} else []
            rows = [told(places, row) for row in rows]
    if "person" in work:
        rows.append(one_person(places, log))
    return rows, wrong


def told(places: Places, row: report.Row) -> report.Row:
    """Return a row with what its answer shows beside its time."""
    if row.name == "rival-weekly" and row.median:
        crossed, seen = compare.seen_weekly(places.answer("replay"), places.answer("rival-weekly"), "mql")
        says = f"DuckDB SQL by hand, 52 times: misses {1 - seen / crossed:.1%} of the {crossed:,} people who became an mql"
        return dataclasses.replace(row, says=says)
    if row.name == "leadline-redraw" and row.median:
        found = json.loads((places.raw / "redraw.json").read_text(encoding="utf-8"))
        seconds, missed = found["median"], "" if found["median"] <= 1.0 else "too slow"
        taken = (f"{found[name]:.2f} s" for name in ("line", "weight", "sides"))
        says = "{}: another line {}, other points {}, of these both sides without the sweep {}".format(row.says, *taken)
        return dataclasses.replace(row, median=seconds, low=seconds, high=seconds, cpu=None, missed=missed, says=says)
    return row


def one_person(places: Places, log: Path) -> report.Row:
    """Return the row of one person scored from memory, measured inside a process."""
    line = contenders.one_person(places)
    try:
        measure.run(line.command, log)
    except measure.Failed as error:
        return report.row(line, [], {}, str(error))
    found = json.loads(log.read_text(encoding="utf-8"))
    line = dataclasses.replace(line, says=f"{line.says}; one in a hundred takes {found['p99'] * 1e6:.0f} µs or more")
    return report.row(line, [measure.Run(found["median"], 0, 0)], {line.name: found["median"]}, None)


@contextlib.contextmanager
def postgres(places: Places) -> Iterator[str]:
    """Run a PostgreSQL that holds the facts."""
    from bench import postgres_user

    with postgres_user.serve() as uri:
        say("loading PostgreSQL")
        postgres_user.load(uri, places.mirror)
        yield uri


def say(what: str) -> None:
    """Tell on stderr how far it is."""
    print(what, file=sys.stderr, flush=True)


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print the table, keep it; return 1 if answers differ."""
    parser = argparse.ArgumentParser(prog="python -m bench.run", description=__doc__.splitlines()[0])
    parser.add_argument("--size", choices=generate.SIZES, default="small", help="how much data [default: %(default)s]")
    parser.add_argument("--only", nargs="+", choices=WORK, default=WORK, metavar="WORK", help=f"of {', '.join(WORK)} [default: all]")
    parser.add_argument("--skip", nargs="+", default=[], metavar="NAME", help="contenders to leave out, such as spark postgres pandas")
    parser.add_argument("--runs", type=int, help="runs of each contender, after one to warm up [default: by size]")
    parser.add_argument("--data", type=Path, help="where the data is, or is to be [default: bench/data/SIZE]")
    parser.add_argument("--no-publish", action="store_true", help="only print")
    chosen = parser.parse_args(arguments)
    size = generate.SIZES[chosen.size]
    size = dataclasses.replace(size, runs=chosen.runs) if chosen.runs else size
    rows, wrong = compete(size, chosen.data or HERE / "data" / size.name, chosen.only, chosen.skip)
    print(report.table(rows))
    for difference in wrong:
        print(f"DIFFERENT ANSWERS: {difference}")
    if not wrong and not chosen.no_publish:
        report.publish(size, report.keep(HERE / "results" / f"{size.name}.json", size, rows))
    return int(bool(wrong))


if __name__ == "__main__":
    sys.exit(main())

"""Who runs against whom: a command each, what it has to stay under, and what has to be so before it starts."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from bench import learn
from bench.generate import AS_OF, AS_OF_TEXT, YEAR_BEFORE_TEXT

LEADLINE = str(Path(sys.executable).with_name("leadline"))
SLOW = 3


@dataclass(frozen=True)
class Contender:
    """One line of the table.

    Attributes:
        name: The line's name, and the file of its answer.
        command: The process, from start to written result.
        task: Which work it does; lines of one task give the same answer.
        against: The line that its time is divided by.
        most: How many times the other's time it may take.
        fewest: How many times the other's time it takes at least, if what is shown is the other's advantage.
        seconds: How many seconds it may take.
        memory: How many bytes it may need.
        runs: At most so many runs, for the slow ones.
        before: Called before each run, untimed.
        says: A remark for the table.
    """

    name: str
    command: tuple[str, ...]
    task: str
    against: str = ""
    most: float | None = None
    fewest: float | None = None
    seconds: float | None = None
    memory: int | None = None
    runs: int | None = None
    before: Callable[[], object] | None = None
    says: str = ""


@dataclass(frozen=True)
class Places:
    """Where things are: the raw files, the project, the mirror that the rival reads, and answers."""

    raw: Path
    project: Path
    mirror: Path
    answers: Path

    def answer(self, name: str) -> Path:
        """Return the file that a contender's answer goes to."""
        return self.answers / f"{name}.parquet"


def from_mirror(places: Places, uri: str | None, limit: int) -> list[Contender]:
    """Return those who score everybody from facts that are clustered by person and free of copies."""
    facts, task = str(places.mirror), "score from the mirror"
    lines = [
        Contender("rival", _script(places, "rival", "mirror", facts, name="rival"), task, says="DuckDB SQL by hand"),
        Contender("leadline", _leadline(places, "leadline"), task, "rival", most=1.0, memory=limit),
        Contender("polars", _script(places, "polars_user", facts, name="polars"), task, "rival"),
        Contender("pandas", _script(places, "pandas_user", facts, name="pandas"), task, "rival", runs=SLOW),
        Contender("spark", _script(places, "spark_user", facts, name="spark"), task, "rival", runs=SLOW, says="Spark SQL by hand"),
    ]
    if uri:
        command, says = _script(places, "postgres_user", uri, name="postgres"), "SQL by hand on loaded tables; memory is the client's"
        lines.append(Contender("postgres", command, task, "rival", runs=SLOW, says=says))
    return lines


def hundred(places: Places, limit: int) -> list[Contender]:
    """Return Leadline with four times the criteria."""
    more = str(places.project / "definition-100.yaml")
    command = _leadline(places, "leadline-100", "--definition", more)
    return [Contender("leadline-100", command, "100 criteria", "leadline", most=3.0, memory=limit)]


def from_raw(places: Places, limit: int) -> list[Contender]:
    """Return those who score everybody from the files as they came."""
    raw, task = str(places.raw), "first run, from raw files"

    def forget() -> None:
        shutil.rmtree(places.project / ".leadline", ignore_errors=True)

    once, alike = (f"rival-{word}" for word in ("each-once", "copies-alike"))
    return [
        Contender(once, _script(places, "rival", "files+each_once", raw, name=once), task, says="copies dropped before all else"),
        Contender(
            alike, _script(places, "rival", "files+copies_alike", raw, name=alike), task, once,
            says="filters first: right only where copies are identical",
        ),
        Contender(
            "leadline-first", _leadline(places, "leadline-first"), task, once, most=4.0, memory=limit, before=forget,
            says="builds the mirror",
        ),
    ]  # fmt: skip


def through_time(places: Places, limit: int) -> list[Contender]:
    """Return those who ask history: exact replay, what SQL can do of it, and a plan."""
    project, task = str(places.project), "a year of history"
    weeks = _script(places, "weekly", str(places.mirror), name="rival-weekly")
    span = ("--from", YEAR_BEFORE_TEXT, "--to", AS_OF_TEXT)
    replay = (LEADLINE, "replay", "--project", project, *span, "--format", "parquet", "--out", str(places.answer("replay")))
    new = str(places.project / "definition-next.yaml")
    plan = (LEADLINE, "plan", new, "--project", project, *span, "--format", "json", "--out", str(places.answers / "plan.json"))
    redraw = (sys.executable, "-m", "bench.redraw", project, YEAR_BEFORE_TEXT, AS_OF_TEXT)
    return [
        Contender("leadline", _leadline(places, "leadline"), task, says="one score, to compare with"),
        Contender("leadline-replay", replay, task, "leadline", most=3.0, memory=limit, says="every spell, to the microsecond"),
        Contender("rival-weekly", weeks, task, "leadline-replay", fewest=10.0, runs=SLOW),
        Contender(
            "leadline-plan", plan, task, "leadline-replay", most=2.0, memory=limit,
            says="two definitions, a sweep of 20 lines, each change alone",
        ),
        Contender("leadline-redraw", redraw, task, says="from a warm process", seconds=1.0),
    ]  # fmt: skip


def learned(places: Places) -> list[Contender]:
    """Return what is learned from deals; where there is too little to learn from (1), that is an answer."""
    folder, task = places.raw / "learn", "deals"

    def prepare() -> None:
        learn.write_project(places.raw, folder, places.project / "definition.yaml")

    discover = f"'{LEADLINE}' discover --project '{folder}' --out '{folder / 'discovered'}' --format json || [ $? -eq 1 ]"
    review = (LEADLINE, "review", "--quarter", "2025Q3", "--project", str(folder), "--format", "json", "--out", str(folder / "review.json"))
    return [
        Contender(
            "leadline-discover", ("sh", "-c", discover), task, seconds=120.0, memory=6 * 2**30, runs=SLOW, before=prepare,
            says="2,000 won deals: evidence, a card, two models beside it, its definition scored and replayed",
        ),
        Contender("leadline-review", review, task, seconds=20.0, runs=SLOW, before=prepare, says="a quarter, against the one before"),
    ]  # fmt: skip


def commands(places: Places) -> list[Contender]:
    """Return the commands that people wait for at a prompt."""
    check = (LEADLINE, "check", "--project", str(places.project))
    return [
        Contender("help", (LEADLINE, "--help"), "at the prompt", seconds=0.25),
        Contender("check", check, "at the prompt", seconds=0.7),
    ]


def one_person(places: Places) -> Contender:
    """Return the measurement of one person whose activities are in memory; it prints its figures."""
    command = (sys.executable, "-m", "bench.one_person", str(places.project), str(AS_OF))
    return Contender("one-person", command, "one person, from memory", seconds=200e-6, says="points of all criteria")


def _script(places: Places, module: str, *arguments: str, name: str) -> tuple[str, ...]:
    return (sys.executable, "-m", f"bench.{module}", *arguments, str(AS_OF), str(places.answer(name)))


def _leadline(places: Places, name: str, *options: str) -> tuple[str, ...]:
    out = str(places.answer(name))
    return (LEADLINE, "score", "--project", str(places.project), "--as-of", AS_OF_TEXT, "--format", "parquet", "--out", out, *options)

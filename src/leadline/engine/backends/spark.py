"""Spark, for those who outgrow a machine: it classifies activities, and the kernel runs inside its executors.

Nothing is collected: people and accounts come from the mirror, which the executors read as Parquet, and scored rows go
back into ``.leadline/``. So a cluster needs the project's folder at the same path everywhere, and Leadline installed on
its machines. A session that the caller already has is used, its settings left as they were.
"""

from __future__ import annotations

import contextlib
import shutil
import weakref
from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import uuid4

from leadline.engine.backends import duckdb
from leadline.engine.backends.spark_views import ACCOUNTS, ACTIVITIES, AT, DESCRIBED, PARTS, PEOPLE, WHOSE
from leadline.engine.receipt import PersonFacts
from leadline.engine.scored import Scored
from leadline.errors import ServiceFailed, Unsupported
from leadline.facts import spark
from leadline.facts.model import Remote

if TYPE_CHECKING:
    from pathlib import Path

    from pyspark.sql import DataFrame, SparkSession

    from leadline.engine.backends import Progress
    from leadline.engine.backends.warehouse import Source
    from leadline.engine.model import Program
    from leadline.engine.plan import Layout, Plan
    from leadline.engine.receipt import Evidence
    from leadline.engine.rehearsal import Bundle, History, Rehearsal, Segments, Spells


@dataclass(frozen=True)
class Spark(duckdb.DuckDB):
    """The back end: people of a mirror, activities of Spark.

    Attributes:
        engine: The engine as the project names it: ``spark://host:port``, ``spark://local[2]``.
        work: A folder that driver and executors share.
    """

    engine: str
    work: Path

    def plan(self, program: Program, title: str) -> Plan:
        """Return the plan of a program.

        Raises:
            Unsupported: If the program asks for what follows from activities that the mirror doesn't have.
        """
        from leadline.engine.backends import spark_plan

        return spark_plan.plan(program, title, self._sources(program), self.mirror.schema.properties)

    def rehearsal(self, bundle: Bundle, titles: Sequence[Sequence[str]]) -> Rehearsal:
        """Return a bundle as this back end runs it.

        Raises:
            Unsupported: As :meth:`plan`, and if the bundle can't be followed through time.
        """
        from leadline.engine.backends import spark_rehearsal

        return spark_rehearsal.rehearsal(bundle, titles, self._sources(bundle.program))

    def _sources(self, program: Program) -> list[Source]:
        from leadline.engine.backends import spark_plan
        from leadline.engine.backends.warehouse import Source

        remote = self.mirror.remote or Remote(())
        missing = sorted(f"person.{name}" for name in remote.missing if name in program.person)
        if missing:
            says = f"{', '.join(missing)} would have to be derived from all activities, which stay in Spark."
            raise Unsupported(says, "Give people a column of that name, or set engine: duckdb.")
        return [Source.of(source, spark_plan.DIALECT) for source in remote.sources]

    def score(self, plan: Plan, as_of: int, progress: Progress) -> Scored:
        """Return everybody who exists at ``as_of``, best first."""
        progress("score", 0.0)
        folder = self.work / f"scored-{uuid4().hex}"
        try:
            with self._asked(plan, as_of, None) as ask:
                people = _write(ask("rows"), plan, as_of, folder)
            scored = _read(plan.layout, as_of, folder, people)
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise
        weakref.finalize(scored, shutil.rmtree, folder, ignore_errors=True)
        progress("score", 1.0)
        return scored

    def person_facts(self, plan: Plan, as_of: int, person: str) -> PersonFacts | None:
        """Return what a receipt needs of one person, or ``None`` if they aren't scored at ``as_of``."""
        from leadline.engine.backends.spark_executor import Task, timelines

        con = self._connect(as_of, person)
        people = duckdb.dicts(con.sql(plan.texts["people"]))
        if not people:
            return None
        with self._asked(plan, as_of, person) as ask:
            rows = ask("rows").orderBy("occurred").toArrow()
            line = ask("stories").toArrow()
        stories = line.drop_columns(line.column_names[1 : 1 + plan.words + plan.values]).to_pylist()

        def describe(at: int, share: float | None) -> Evidence:
            return duckdb.evidence(stories[at], share, person)

        row = Task(plan, as_of, tuple(rows.column_names)).score(rows).to_pylist()[0]
        attributes = duckdb.dicts(con.sql(plan.texts["attributes"]))[0]
        return PersonFacts(row, attributes, people[0]["created"], *timelines(line, plan, at=0), describe)

    def rehearse(self, rehearsal: Rehearsal, until: int, progress: Progress) -> Spells:
        """Return the spells of everybody, as far as they are known at ``until``; the executors follow people, spells are collected."""
        from leadline.engine import replay
        from leadline.engine.backends import spark_replay

        progress("replay", 0.0)
        with self._followed(rehearsal, until) as ask:
            rows = ask("segments").unionByName(ask("history"), allowMissingColumns=True).repartition("person_code")
            task = spark_replay.Task(rehearsal, until, tuple(rows.columns))
            nobody = task.follow(rows.limit(0).toArrow())
            ordered = rows.sortWithinPartitions("person_code", "occurred", "begins")  # NULL comes first
            found = ordered.mapInArrow(task.run, spark_replay.schema(nobody)).toArrow()
        progress("replay", 1.0)
        return replay.join([nobody, spark_replay.from_arrow(found, nobody)])

    def segments(self, rehearsal: Rehearsal, until: int) -> Segments:
        """Return everybody's segments that begin at ``until`` or before."""
        from leadline.engine.backends import spark_replay

        with self._followed(rehearsal, until) as ask:
            return spark_replay.as_segments(ask("segments").orderBy("person_code", "begins").toArrow(), rehearsal)

    def history(self, rehearsal: Rehearsal, until: int) -> History:
        """Return everybody's activities that are known at ``until``."""
        from leadline.engine.backends import spark_replay

        with self._followed(rehearsal, until) as ask:
            return spark_replay.as_history(ask("history").toArrow(), rehearsal)

    @contextlib.contextmanager
    def _followed(self, rehearsal: Rehearsal, until: int) -> Generator[Callable[[str], DataFrame]]:
        """Yield what answers a text of a rehearsal."""
        with self._views() as (session, view):
            given = {"until": until}
            view(ACTIVITIES, session.sql(rehearsal.texts["activities"], given))
            yield lambda text: session.sql(rehearsal.texts[text], given)

    @contextlib.contextmanager
    def _asked(self, plan: Plan, as_of: int, person: str | None) -> Generator[Callable[[str], DataFrame]]:
        """Yield what answers a text of the plan, for one person or (``None``) for everybody."""
        with self._views() as (session, view):
            given = {"as_of": as_of, "person": person}
            for name, text in ((ACTIVITIES, "activities"), (AT, "at"), *([] if person is None else [(DESCRIBED, "described")])):
                view(name, session.sql(plan.texts[text], given))
            yield lambda text: session.sql(plan.texts[text], given)

    @contextlib.contextmanager
    def _views(self) -> Generator[tuple[SparkSession, Callable[[str, DataFrame], None]]]:
        """Yield a session that sees the mirror, and what adds a view to it; all are gone in the end."""
        with spark.session(self.engine) as session, contextlib.ExitStack() as views:

            def view(name: str, frame: DataFrame) -> None:
                frame.createOrReplaceTempView(name)
                views.callback(session.catalog.dropTempView, name)

            files = {PEOPLE: ["people.parquet"], ACCOUNTS: ["accounts.parquet"], PARTS: [part.file for part in self.mirror.parts]}
            for name, parts in files.items():
                view(name, session.read.parquet(*(spark.address(self.mirror.path / part) for part in parts)))
            yield session, view


def _write(rows: DataFrame, plan: Plan, as_of: int, folder: Path) -> int:
    """Let the executors score everybody and write Parquet into ``folder``; return how many people they scored."""
    from pyspark.sql import Observation, functions

    from leadline.engine.backends.spark_executor import Task

    ordered = rows.repartition(WHOSE).sortWithinPartitions(WHOSE, "occurred")
    plain = ordered.toDF(*(f"column_{at}" for at in range(len(rows.columns))))  # mapInArrow stumbles over dots in names
    scored = plain.mapInArrow(Task(plan, as_of, tuple(rows.columns)).run, _schema(plan.layout))
    count = Observation()
    scored.observe(count, functions.count(functions.lit(1)).alias("people")).write.parquet(f"file://{folder}")
    return count.get["people"]


def _schema(layout: Layout) -> str:
    numbers = {"score", *layout.groups, *layout.criteria}
    kinds = ("array<string>" if name == "tracks" else "double" if name in numbers else "string" for name in layout.columns())
    return ", ".join(f"`{name}` {kind}" for name, kind in zip(layout.columns(), kinds, strict=True))


def _read(layout: Layout, as_of: int, folder: Path, people: int) -> Scored:
    """Return scored rows that the executors wrote."""
    con = duckdb.connect()
    files = [str(file) for file in folder.glob("*.parquet")]
    seen = con.read_parquet(files).aggregate("count(*)").fetchall()[0][0] if files else -1
    if seen != people:
        says = f"Spark scored {people:,} people, but {max(seen, 0):,} can be read in {folder}."
        raise ServiceFailed(says, "The executors have to share this folder, at the same path.")
    return Scored(layout, as_of, con, con.read_parquet(files).order("score desc, person_id"))

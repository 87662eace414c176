"""PostgreSQL: activities stay there and are classified there; people and accounts are in the mirror.

Rows come through ADBC as Arrow, straight into DuckDB, which goes on as :mod:`leadline.engine.backends.duckdb` does. One score
reads one snapshot (repeatable read, read only). Nothing is written there, not even a temporary table.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Generator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Any

import duckdb

from leadline.engine.backends.duckdb import DuckDB, crowd_of, dicts, load_kernel, settled
from leadline.engine.backends.duckdb_replay import SHARES
from leadline.errors import ServiceFailed, Unsupported, UsageError
from leadline.facts.model import Remote
from leadline.project import concealed

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from leadline.engine.backends import Progress
    from leadline.engine.backends.duckdb import Span
    from leadline.engine.backends.warehouse import Source
    from leadline.engine.model import Program
    from leadline.engine.plan import Plan
    from leadline.engine.rehearsal import Bundle, Rehearsal
    from leadline.engine.scored import Scored

PEOPLE_AT_ONCE = 250_000
WORK_MEMORY = "64MB"
"""For each sort there, since the default of 4 MB makes them go to disk."""
_FIX = "Look at engine: in leadline.yaml, and whether the database is there."
_LAST = "select coalesce(max(person_code), 0) from read_parquet(getvariable('folder') || '/people.parquet')"
_WITH_PEOPLE = """
select x.* replace (p.person_id as person_id)
from incoming x
left join (select distinct person_id from read_parquet(getvariable('folder') || '/people.parquet')) p using (person_id)
"""


@dataclass(frozen=True)
class PostgreSQL(DuckDB):
    """The back end over a mirror of people and accounts, and activities in PostgreSQL.

    Attributes:
        engine: The database, ``postgresql://…``.
    """

    engine: str

    def plan(self, program: Program, title: str) -> Plan:
        """Return the plan of a program.

        Raises:
            Unsupported: If the program asks for what follows from activities that the mirror doesn't have.
        """
        from leadline.engine.backends import postgres_plan

        return postgres_plan.plan(program, title, self._sources(program), self.mirror.schema.properties)

    def rehearsal(self, bundle: Bundle, titles: Sequence[Sequence[str]]) -> Rehearsal:
        """Return a bundle as this back end runs it.

        Raises:
            Unsupported: As :meth:`plan`, and if the bundle can't be followed through time.
        """
        from leadline.engine.backends import postgres_rehearsal

        return postgres_rehearsal.rehearsal(bundle, titles, self._sources(bundle.program))

    def _sources(self, program: Program) -> list[Source]:
        from leadline.engine.backends import postgres_plan
        from leadline.engine.backends.warehouse import Source

        remote = self.mirror.remote or Remote(())
        missing = sorted(f"person.{name}" for name in remote.missing if name in program.person)
        if missing:
            says = f"{', '.join(missing)} would have to be derived from all activities, which stay in PostgreSQL."
            raise Unsupported(says, "Give people a column of that name, or set engine: duckdb and read the activities from files.")
        return [Source.of(source, postgres_plan.DIALECT) for source in remote.sources]

    def score(self, plan: Plan, as_of: int, progress: Progress) -> Scored:
        """Return everybody who exists at ``as_of``, best first."""
        con = self._connect(as_of)
        with ThreadPoolExecutor(1) as pool:
            kernel = pool.submit(load_kernel)  # while the database is at work
            progress("score", 0.0)
            self._prepare(con, plan)
            crowd = crowd_of(con, plan)
            for first in range(0, len(crowd.codes), PEOPLE_AT_ONCE):
                codes = crowd.codes[first : first + PEOPLE_AT_ONCE]
                span = codes[0], codes[-1]
                found = self._timelines(con, plan, as_of, span)
                kernel.result()
                crowd.measure(plan, span, found, as_of)
                progress("score", min(1.0, (first + PEOPLE_AT_ONCE) / len(crowd.codes)))
        return settled(con, plan, crowd.points, as_of)

    def _prepare(self, con: DuckDBPyConnection, plan: Plan, activities: str = "") -> None:
        """Make ``people_at``, and bring the rows of activities that matter; of one person if ``activities`` says so."""
        super()._prepare(con, plan)
        as_of, person = con.execute("select getvariable('as_of'), getvariable('person')").fetchall()[0]
        own = "own_story" if activities == "account_stories" else "own"
        with session(self.engine, as_of=as_of, person=person or "") as there:
            keep(con, there, plan.texts[own], f"create table own_activities as {plan.texts['keep_own']}")
            if "seen" in plan.texts:
                keep(con, there, plan.texts["seen"], f"create table own_last_seen as {plan.texts['keep_seen']}")
            if "theirs" in plan.texts:
                keep(con, there, plan.texts["theirs"], f"create table account_activities as {plan.texts['keep_theirs']}")

    def _bring(self, con: DuckDBPyConnection, rehearsal: Rehearsal, until: int) -> None:
        """Bring the rows of all activities that matter."""
        super()._bring(con, rehearsal, until)
        with session(self.engine, until=until) as there:
            keep(con, there, rehearsal.texts["there"], f"create table all_activities as {rehearsal.texts['keep_history']}")

    def _spans(self) -> list[Span]:
        people = self._connect(0).execute(_LAST).fetchall()[0][0]
        size = min(PEOPLE_AT_ONCE, people // SHARES + 1)
        return [(first, first + size - 1) for first in range(0, people + 1, size)]

    def _stories(self, con: DuckDBPyConnection, plan: Plan, ids: Sequence[str]) -> dict[str, dict[str, Any]]:
        listed = json.dumps(sorted(set(ids)))
        with session(self.engine, ids=listed) as there:
            keep(con, there, plan.texts["stories_of"], f"create table stories as {_WITH_PEOPLE}")
        return {row["activity_id"]: row for row in dicts(con.table("stories"))}


def keep(con: DuckDBPyConnection, there: Any, text: str, into: str) -> None:
    """Run a query there, and a statement here that finds its rows as ``incoming``."""
    there.execute(text)
    with there.fetch_record_batch() as rows:
        con.register("incoming", rows)
        try:
            con.execute(into)
        except (duckdb.InvalidInputException, duckdb.IOException) as error:  # what reading the stream raises
            raise ServiceFailed(f"The rows of PostgreSQL broke off: {error}", _FIX) from error
        finally:
            con.unregister("incoming")


@contextlib.contextmanager
def session(engine: str, **settings: object) -> Generator[Any]:
    """Yield a cursor of a transaction that only reads and sees one state, with settings ``leadline.<name>``.

    Raises:
        UsageError: If the driver is not installed.
        ServiceFailed: If the database can't be reached, or can't answer.
    """
    try:
        dbapi: Any = import_module("adbc_driver_postgresql.dbapi")
    except ImportError as error:
        raise UsageError("The engine postgresql needs a driver.", "Install it: pip install 'leadline[postgres]'.") from error
    try:
        with dbapi.connect(engine) as connection, connection.cursor() as cursor:
            cursor.execute("set transaction isolation level repeatable read, read only")
            cursor.execute(f"set local work_mem = '{WORK_MEMORY}'")
            for name, value in settings.items():
                cursor.execute("select set_config($1, $2, false)", parameters=(f"leadline.{name}", str(value)))
                cursor.fetchall()
            yield cursor
    except dbapi.Error as error:
        says = next(iter(concealed(str(error), engine).splitlines()), type(error).__name__)  # what follows repeats the query
        raise ServiceFailed(f"PostgreSQL says: {says}", _FIX) from error

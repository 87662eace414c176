"""DuckDB over the mirror: the default back end. Runs a :class:`~leadline.engine.plan.Plan`; decides nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import duckdb

from leadline.engine import arrow, native
from leadline.engine.backends.crowd import Crowd, Span, Timelines, crowd_of, story_of, timelines_of
from leadline.engine.grids import Grid
from leadline.engine.scored import Scored

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection, DuckDBPyRelation

    from leadline.engine.backends import Progress
    from leadline.engine.backends.duckdb_replay import Reader
    from leadline.engine.model import Program
    from leadline.engine.plan import Plan
    from leadline.engine.receipt import Evidence, PersonFacts
    from leadline.engine.rehearsal import Bundle, History, Rehearsal, Segments, Spells
    from leadline.facts.mirror import Mirror

THREADS = 2
LAST = 2**31 - 1


@dataclass(frozen=True)
class DuckDB:
    """The back end over a mirror."""

    mirror: Mirror

    def plan(self, program: Program, title: str) -> Plan:
        """Return the plan of a program."""
        from leadline.engine.backends import duckdb_plan

        return duckdb_plan.plan(program, title, **self._told())

    def score(self, plan: Plan, as_of: int, progress: Progress) -> Scored:
        """Return everybody who exists at ``as_of``, best first."""
        con = self._connect(as_of)
        spans = list(person_spans(self.mirror))
        crowd = Future[Crowd]()
        with ThreadPoolExecutor(THREADS + 1) as pool:
            kernel = pool.submit(load_kernel)  # while the mirror is being read

            def measure(span: Span, con: DuckDBPyConnection) -> None:
                found = self._timelines(con, plan, as_of, span)
                kernel.result()
                crowd.result().measure(plan, span, found, as_of)

            try:
                if plan.of_account:  # then timelines need to know who is at which account
                    self._prepare(con, plan, "account_activities")
                jobs = [pool.submit(measure, span, con.cursor()) for span in spans]
                if not plan.of_account:
                    self._prepare(con, plan)
                crowd.set_result(crowd_of(con, plan))
            except BaseException as error:
                crowd.set_exception(error)  # or the jobs would wait for ever
                raise
            for done, job in enumerate(as_completed(jobs), 1):
                job.result()
                progress("score", done / len(spans))
        return settled(con, plan, crowd.result().points, as_of)

    def person_facts(self, plan: Plan, as_of: int, person: str) -> PersonFacts | None:
        """Return what a receipt needs of one person, or ``None`` if they aren't scored at ``as_of``."""
        from leadline.engine.receipt import PersonFacts

        con = self._connect(as_of, person)
        self._prepare(con, plan, "account_stories")
        people = dicts(con.table("people_at"))
        if not people:
            return None
        code = people[0]["person_code"]
        self._aim(con, (code, code))
        ids, line = story_of(con, plan)
        crowd = crowd_of(con, plan)
        crowd.measure(plan, (code, code), line, as_of)
        row = next(settled(con, plan, crowd.points, as_of).rows())
        attributes = dicts(con.sql(plan.texts["attributes"]))[0]
        stories = self._stories(con, plan, ids)

        def describe(at: int, share: float | None) -> Evidence:
            return evidence(stories[ids[at]], share, person)

        times, masks, values = Grid(line.times).numpy().ravel(), line.masks.numpy(), line.values.numpy()
        return PersonFacts(row, attributes, people[0]["created"], times, masks, values, describe)

    def rehearsal(self, bundle: Bundle, titles: Sequence[Sequence[str]]) -> Rehearsal:
        """Return a bundle as this back end runs it."""
        from leadline.engine.backends import duckdb_rehearsal

        return duckdb_rehearsal.rehearsal(bundle, titles, **self._told())

    def rehearse(self, rehearsal: Rehearsal, until: int, progress: Progress) -> Spells:
        """Return the spells of everybody, as far as they are known at ``until``."""
        return self._reader(rehearsal, until).follow(self._spans(), progress)

    def segments(self, rehearsal: Rehearsal, until: int) -> Segments:
        """Return everybody's segments that begin at ``until`` or before."""
        return self._reader(rehearsal, until).segments()

    def history(self, rehearsal: Rehearsal, until: int) -> History:
        """Return everybody's activities that are known at ``until``."""
        return self._reader(rehearsal, until).history((0, LAST))

    def known_people(self, like: str) -> list[str]:
        """Return ids of people: ``like`` itself if it is one, and some that look like it."""
        return [row["person_id"] for row in dicts(self._connect(0).sql(KNOWN, params={"like": like}))]

    def ids(self, of: str) -> dict[int, str]:
        """Return the ids of ``person`` or ``account`` by code."""
        from leadline.engine import spelled

        return spelled.ids(self.mirror.path, of)

    def names_of(self, people: Sequence[str], as_of: int) -> dict[str, str]:
        """Return, by person, their title and the name of their account as of an instant, as far as the data has them."""
        title = "p.title" if "title" in self.mirror.schema.person else "null"
        name = next((f"a.{column}" for column in ("name", "domain") if column in self.mirror.schema.account), "null")
        text = NAMES.replace("$title", title).replace("$name", name)
        return {row["person_id"]: row["who"] for row in dicts(self._connect(as_of).sql(text, params={"people": list(people)}))}

    def _told(self) -> dict[str, bool]:
        """Return what the report on the facts says of activities: whether some may be known late, or be a machine's."""
        from leadline.facts.model import Relation

        report = self.mirror.report
        activities = report.relations.get(Relation.ACTIVITIES)
        late = activities is None or any(column.name == "received_at" for column in activities.columns)
        return {"late": late, "machines": report.machine_activities > 0}

    def _connect(self, as_of: int, person: str | None = None) -> DuckDBPyConnection:
        con = connect()
        _set(con, as_of=as_of, folder=str(self.mirror.path), everything=self._files(None), person=person)
        return con

    def _prepare(self, con: DuckDBPyConnection, plan: Plan, activities: str = "") -> None:
        con.execute(f"create table people_at as {plan.texts['people']}")
        if activities in plan.texts:
            con.execute(f"create table account_activities as {plan.texts[activities]}")

    def _reader(self, rehearsal: Rehearsal, until: int) -> Reader:
        from leadline.engine.backends.duckdb_replay import Reader

        con = connect()
        self._bring(con, rehearsal, until)

        def aim(con: DuckDBPyConnection, span: Span) -> None:
            _set(con, until=until, folder=str(self.mirror.path), files=self._files(span), first=span[0], last=span[1])

        return Reader(con, rehearsal, until, aim)

    def _bring(self, con: DuckDBPyConnection, rehearsal: Rehearsal, until: int) -> None:
        """Make the tables that the texts of a rehearsal refer to."""
        _set(con, until=until, folder=str(self.mirror.path), everything=self._files(None))
        if "account_activities" in rehearsal.texts:
            con.execute(f"create table account_activities as {rehearsal.texts['account_activities']}")

    def _spans(self) -> list[Span]:
        from leadline.engine.backends import duckdb_replay

        return duckdb_replay.spans(self.mirror.parts)

    def _files(self, span: Span | None) -> list[str]:
        parts = [part for part in self.mirror.parts if span is None or _overlaps(part.first_code, part.last_code, span)]
        return [str(self.mirror.path / part.file) for part in parts or self.mirror.parts[:1]]

    def _aim(self, con: DuckDBPyConnection, span: Span) -> None:
        _set(con, files=self._files(span), first=span[0], last=span[1])

    def _timelines(self, con: DuckDBPyConnection, plan: Plan, as_of: int, span: Span) -> Timelines:
        _set(con, as_of=as_of, files=self._files(span), first=span[0], last=span[1])
        return timelines_of(con, plan)

    def _stories(self, con: DuckDBPyConnection, plan: Plan, ids: Sequence[str]) -> dict[str, dict[str, Any]]:
        del plan
        return {row["activity_id"]: row for row in dicts(con.sql(STORIES, params={"ids": sorted(set(ids))}))}


KNOWN = """
select distinct person_id from read_parquet(getvariable('folder') || '/people.parquet')
order by person_id <> $like, jaro_winkler_similarity(person_id, $like) desc, person_id limit 12
"""
NAMES = """
select p.person_id, concat_ws(', ', $title, $name) as who
from read_parquet(getvariable('folder') || '/people.parquet') p
left join read_parquet(getvariable('folder') || '/accounts.parquet') a
    on a.account_code = p.account_code and a.valid_from <= getvariable('as_of') and a.valid_to > getvariable('as_of')
where p.valid_from <= getvariable('as_of') and p.valid_to > getvariable('as_of') and p.person_id in (select unnest($people))
"""
STORIES = """
select x.*, p.person_id
from read_parquet(getvariable('everything')) x
left join (select distinct person_code, person_id from read_parquet(getvariable('folder') || '/people.parquet')) p using (person_code)
where x.activity_id in (select unnest($ids))
"""
PLUMBING = frozenset(
    {"activity_id", "person_code", "account_code", "occurred", "known", "type", "side", "machine", "starts_visit", "person_id"}
)


def connect() -> DuckDBPyConnection:
    """Return a connection in memory that never reaches for the network."""
    return duckdb.connect(config={"autoinstall_known_extensions": False, "autoload_known_extensions": False})


def _set(con: DuckDBPyConnection, **variables: object) -> None:
    for name, value in variables.items():
        con.execute(f"set variable {name} = $value", {"value": value})


def load_kernel() -> None:
    """Link the kernel, or compile it."""
    for name in ("bounds", "score"):
        native.entry(name)


def person_spans(mirror: Mirror) -> Iterator[Span]:
    """Yield ranges of person codes that cover everybody, one for each part of the mirror that holds people."""
    first = 0
    ends = [part.last_code for part in mirror.parts if part.last_code is not None]
    for last in [*ends[:-1], LAST]:
        yield first, last
        first = last + 1


def _overlaps(first: int | None, last: int | None, span: Span) -> bool:
    return first is not None and last is not None and first <= span[1] and last >= span[0]


def settled(con: DuckDBPyConnection, plan: Plan, points: Grid, as_of: int) -> Scored:
    """Return the people of ``people_at`` with what their points come to: micro-points, person × term."""
    if points.columns:
        con.register("points", arrow.Table({f"term_{k}": points.column(k) for k in range(points.columns)}))
    else:
        con.execute("create view points as select 0 as nothing from people_at")
    return Scored(plan.layout, as_of, con, con.sql(plan.texts["settled"]))


def evidence(story: dict[str, Any], share: float | None, person: str) -> Evidence:
    """Return an activity of the mirror as evidence, naming who did it if it wasn't the person."""
    from leadline.engine.receipt import Evidence

    properties = {name: value for name, value in story.items() if name not in PLUMBING and value is not None}
    by = None if story["person_id"] == person else story["person_id"] or "the account"
    return Evidence(story["activity_id"], story["occurred"], story["type"], properties, by, share)


def dicts(relation: DuckDBPyRelation) -> list[dict[str, Any]]:
    """Return all rows as mappings."""
    return relation.to_dicts()

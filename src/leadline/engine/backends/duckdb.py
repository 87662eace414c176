"""DuckDB over the mirror: the default back end."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

import duckdb
import numpy as np
from sqlglot import exp

from leadline.definition import conditions
from leadline.definition.model import Of
from leadline.engine import gather, settle
from leadline.engine.gather import mask_name, value_name
from leadline.engine.receipt import Evidence, PersonFacts
from leadline.engine.scored import Scored

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection, DuckDBPyRelation
    from numpy.typing import NDArray

    from leadline.engine.backends import Progress
    from leadline.engine.model import Program
    from leadline.facts.mirror import Mirror

THREADS = 2
Kernel: TypeAlias = "tuple[Callable[..., None], tuple[NDArray[Any], ...], NDArray[np.int64], int]"
EVERYBODY = (0, 2**31 - 1)


@dataclass(frozen=True)
class Timelines:
    """Activities of people, clustered by person (codes) and ordered by time, as the kernel reads them."""

    person: NDArray[np.int32]
    times: NDArray[np.int64]
    masks: NDArray[np.int64]
    values: NDArray[np.float64]


def connect() -> DuckDBPyConnection:
    """Return a connection in memory that never reaches for the network."""
    return duckdb.connect(config={"autoinstall_known_extensions": False, "autoload_known_extensions": False})


@dataclass(frozen=True)
class DuckDB:
    """The back end over a mirror."""

    mirror: Mirror

    def score(self, program: Program, as_of: int, progress: Progress) -> Scored:
        """Return everybody who exists at ``as_of``, best first."""
        con = connect()
        with ThreadPoolExecutor(THREADS + 1) as pool:
            # Loading the compiled kernel takes as long as reading the mirror, so both happen at once.
            kernel = pool.submit(_kernel, program)
            prepare(con, self.mirror, program, as_of)
            spans = list(person_spans(self.mirror))
            loading = [pool.submit(timelines, con.cursor(), self.mirror, program, as_of, span) for span in spans]
            crowd = _crowd(con, self.mirror, program, as_of)
            running = []
            for done, (span, loaded) in enumerate(zip(spans, loading, strict=True), 1):
                running.append(pool.submit(crowd.measure, kernel, span, loaded.result(), as_of))
                progress("score", done / len(spans))
            for job in running:
                job.result()
        return Scored(program, as_of, con, settle.settle(con, program, crowd.points, as_of))

    def person_facts(self, program: Program, as_of: int, person: str) -> PersonFacts | None:
        """Return what a receipt needs of one person, or ``None`` if they aren't scored at ``as_of``."""
        return person_facts(self.mirror, program, as_of, person)


@dataclass(frozen=True)
class _Crowd:
    """The people of ``people_at``, in its order, with their points as they are measured."""

    codes: NDArray[np.int32]
    created: NDArray[Any]
    latest: Sequence[NDArray[Any]]
    points: NDArray[np.int64]

    def measure(self, kernel: Future[Kernel], span: tuple[int, int], found: Timelines, as_of: int) -> None:
        """Fill in the points of the people in a range of codes."""
        score_people, table, absent, never = kernel.result()
        first, last = np.searchsorted(self.codes, span[0]), np.searchsorted(self.codes, span[1], side="right")
        codes = self.codes[first:last]
        begins, ends = np.searchsorted(found.person, codes), np.searchsorted(found.person, codes, side="right")
        created = np.ma.filled(self.created[first:last], never).astype(np.int64)
        latest = np.full((len(codes), len(self.latest)), never, np.int64)
        for at, column in enumerate(self.latest):
            latest[:, at] = np.ma.filled(column[first:last], never)
        score_people(
            table, found.times, found.masks, found.values, begins, ends, created, absent, latest, as_of, self.points[first:last]
        )


def _crowd(con: DuckDBPyConnection, mirror: Mirror, program: Program, as_of: int) -> _Crowd:
    """Return the people to measure, with the instants at which absences' signals were last seen."""
    absences = program.absences()
    query = exp.select("people_at.person_code", "people_at.created").from_("people_at")
    if absences:
        lasts = {key: gather.latest(_ask(program, of, as_of), _activities(mirror), key).subquery(name) for key, name, of in _OWNERS}
        for key, name, of in _OWNERS:
            if of is Of.PERSON or program.of_account():
                query = query.join(lasts[key], on=exp.column(key, name).eq(exp.column(key, "people_at")), join_type="left")
        of_whom = [name for _, name, of in _OWNERS if of is Of.PERSON or program.of_account()]
        for k in absences:
            first, *more = [exp.column(gather.last_name(k), name) for name in of_whom]
            query = query.select((exp.Greatest(this=first, expressions=more) if more else first).as_(gather.last_name(k)))
    people = con.sql(query.order_by("people_at.person_code").sql("duckdb")).fetchnumpy()
    points = np.zeros((len(people["person_code"]), len(program.terms)), np.int64)
    return _Crowd(people["person_code"], people["created"], [people[gather.last_name(k)] for k in absences], points)


_OWNERS = (("person_code", "own", Of.PERSON), ("account_code", "theirs", Of.ACCOUNT))


def _ask(program: Program, of: Of, as_of: int, *, absences: bool = False) -> gather.Ask:
    properties = {name: exp.column(name, quoted=True) for name in program.properties}
    return gather.Ask(program, of, as_of, program.windows(absences=absences), properties)


def _activities(mirror: Mirror) -> exp.Expr:
    return _parquet(mirror, "x", *(part.file for part in mirror.parts))


def _kernel(program: Program) -> Kernel:
    from leadline.engine import kernel

    return kernel.score_people, kernel.table_of(program), np.array(program.absences(), np.int64), kernel.NEVER


def person_spans(mirror: Mirror) -> Iterator[tuple[int, int]]:
    """Yield ranges of person codes that cover everybody, one for each part of the mirror that holds people."""
    first = 0
    ends = [part.last_code for part in mirror.parts if part.last_code is not None]
    for last in [*ends[:-1], EVERYBODY[1]]:
        yield first, last
        first = last + 1


def prepare(con: DuckDBPyConnection, mirror: Mirror, program: Program, as_of: int, person: str | None = None) -> None:
    """Create ``people_at``, the people who exist at ``as_of`` with what rules and criteria need of their attributes.

    If activities of accounts matter, ``account_activities`` is created too.
    """
    at = gather.number(as_of)
    con.execute(f"create temp table people_at as {people_query(mirror, program, at, person).sql('duckdb')}")
    if program.of_account():
        ask = _ask(program, Of.ACCOUNT, as_of, absences=person is not None)
        query = gather.classified(ask, _activities(mirror), ("account_code", "person_code", "activity_id"))
        con.execute(f"create temp table account_activities as {query.where('account_code is not null').sql('duckdb')}")


def people_query(
    mirror: Mirror, program: Program, as_of: exp.Expr, person: str | None = None, carry: Collection[str] | None = None
) -> exp.Select:
    """Return the query behind ``people_at``; ``carry`` names the attributes to bring along (those of the rules if not given)."""
    carry = program.rule_names() if carry is None else carry
    names = {f"person.{name}": exp.column(name, table="p", quoted=True) for name in program.person}
    names |= {f"account.{name}": exp.column(name, table="a", quoted=True) for name in program.account}
    points = [gather.attribute_points(item, names, as_of).as_(item.name, quoted=True) for item in program.attributes]
    carried = [names[name].as_(name, quoted=True) for name in sorted(carry) if name in names]
    keys = [exp.column(name, table="p") for name in ("person_code", "person_id", "account_id", "account_code", "created")]
    query = exp.select(*keys, *points, *carried).from_(_parquet(mirror, "p", "people.parquet"))
    if program.account:
        on = exp.and_(exp.column("account_code", "a").eq(exp.column("account_code", "p")), *_holds("a", as_of))
        query = query.join(_parquet(mirror, "a", "accounts.parquet"), on=on, join_type="left")
    created = exp.column("created", "p")
    query = query.where(*_holds("p", as_of), exp.or_(created.is_(exp.null()), exp.LTE(this=created, expression=as_of)))
    if program.only:
        query = query.where(conditions.to_sql(program.only, names, as_of))
    if person is not None:
        query = query.where(exp.column("person_id", "p").eq(exp.Literal.string(person)))
    return query.order_by(exp.column("person_code", "p"))


def _holds(table: str, as_of: exp.Expr) -> tuple[exp.Expr, exp.Expr]:
    return (
        exp.LTE(this=exp.column("valid_from", table), expression=as_of.copy()),
        exp.GT(this=exp.column("valid_to", table), expression=as_of.copy()),
    )


def timelines(con: DuckDBPyConnection, mirror: Mirror, program: Program, as_of: int, span: tuple[int, int]) -> Timelines:
    """Return the classified activities of the people in a range of codes."""
    return _as_timelines(con.execute(timeline_query(mirror, program, as_of, span).sql("duckdb")).fetchnumpy(), program)


def _as_timelines(found: dict[str, NDArray[Any]], program: Program) -> Timelines:
    rows = len(found["occurred"])
    masks = np.empty((rows, program.words), np.int64)
    for word in range(program.words):
        masks[:, word] = found[mask_name(word)]
    values = np.empty((rows, len(program.values)), np.float64)
    for at in range(len(program.values)):
        values[:, at] = found[value_name(at)]
    return Timelines(found["person_code"], found["occurred"], masks, values)


def timeline_query(mirror: Mirror, program: Program, as_of: int, span: tuple[int, int], *, describing: bool = False) -> exp.Select:
    """Return the query for the timelines of a range of people, in the order that the kernel needs."""
    files = [part.file for part in mirror.parts if _overlaps(part.first_code, part.last_code, span)]
    own_keep = ("person_code", "activity_id") if program.of_account() or describing else ("person_code",)
    own = gather.classified(_ask(program, Of.PERSON, as_of, absences=describing), _parquet(mirror, "x", *files), own_keep)
    own = own.where(exp.column("person_code").between(gather.number(span[0]), gather.number(span[1])))
    order = (exp.column("person_code"), exp.column("occurred"))
    if not program.of_account():
        # A single part is stored in this order already; DuckDB keeps the order in which it reads.
        return own if len(files) == 1 else own.order_by(*order)
    carried = [exp.column(name, "x") for name in ("activity_id", "occurred", *_measures(program))]
    person = exp.column("person_code", "people_at")
    others = (
        exp.select(person, *carried)
        .from_(exp.to_table("account_activities").as_("x"))
        .join("people_at", on=exp.column("account_code", "people_at").eq(exp.column("account_code", "x")))
        .where(person.between(gather.number(span[0]), gather.number(span[1])))
    )
    masks = [exp.BitwiseOrAgg(this=exp.column(mask_name(word))).as_(mask_name(word)) for word in range(program.words)]
    values = [exp.Max(this=exp.column(value_name(at))).as_(value_name(at)) for at in range(len(program.values))]
    keys = [exp.column(name) for name in ("person_code", "activity_id", "occurred")]
    merged = exp.select(*keys, *masks, *values).from_(exp.union(own, others, distinct=False).subquery("both"))
    return merged.group_by(*keys).order_by(*order)


def _measures(program: Program) -> list[str]:
    return [*map(mask_name, range(program.words)), *map(value_name, range(len(program.values)))]


def _overlaps(first: int | None, last: int | None, span: tuple[int, int]) -> bool:
    return first is not None and last is not None and first <= span[1] and last >= span[0]


def _parquet(mirror: Mirror, alias: str, *files: str) -> exp.Expr:
    paths = [exp.Literal.string(str(mirror.path / file)) for file in files]
    table = exp.Table(this=exp.Anonymous(this="read_parquet", expressions=[exp.Array(expressions=paths)]))
    return exp.alias_(table, alias, table=True)


def person_facts(mirror: Mirror, program: Program, as_of: int, person: str) -> PersonFacts | None:
    """Return everything about one person that a receipt needs, or ``None`` if they aren't scored at ``as_of``."""
    con = connect()
    prepare(con, mirror, program, as_of, person)
    people = _dicts(con.sql("select * from people_at"))
    if not people:
        return None
    code = people[0]["person_code"]
    query = timeline_query(mirror, program, as_of, (code, code), describing=True)
    found = con.sql(query.sql("duckdb")).fetchnumpy()
    line = _as_timelines(found, program)
    crowd = _crowd(con, mirror, program, as_of)
    kernel = Future[Kernel]()
    kernel.set_result(_kernel(program))
    crowd.measure(kernel, EVERYBODY, line, as_of)
    rows = _dicts(settle.settle(con, program, crowd.points, as_of))
    names = {f"person.{name}" for name in program.person} | {f"account.{name}" for name in program.account}
    attributes = _dicts(con.sql(people_query(mirror, program, gather.number(as_of), person, names).sql("duckdb")))[0]
    stories = _stories(con, mirror, found["activity_id"])

    def describe(at: int, share: float | None) -> Evidence:
        return _evidence(stories[str(found["activity_id"][at])], share, person)

    return PersonFacts(rows[0], attributes, people[0]["created"], line.times, line.masks, line.values, describe)


def _stories(con: DuckDBPyConnection, mirror: Mirror, ids: NDArray[Any]) -> dict[str, dict[str, Any]]:
    con.register("wanted", {"activity_id": np.unique(ids)} if len(ids) else {"activity_id": np.array([""], dtype=object)})
    query = exp.select("x.*", "p.person_id").from_(_parquet(mirror, "x", *(part.file for part in mirror.parts)))
    query = query.join("wanted", on="x.activity_id = wanted.activity_id", join_type="semi")
    people = exp.select("person_code", exp.func("any_value", exp.column("person_id")).as_("person_id"))
    people = people.from_(_parquet(mirror, "q", "people.parquet")).group_by("person_code").subquery("p")
    query = query.join(people, on="p.person_code = x.person_code", join_type="left")
    return {row["activity_id"]: row for row in _dicts(con.sql(query.sql("duckdb")))}


_PLUMBING = frozenset(
    {"activity_id", "person_code", "account_code", "occurred", "known", "type", "side", "machine", "starts_visit", "person_id"}
)


def _evidence(story: dict[str, Any], share: float | None, person: str) -> Evidence:
    properties = {name: value for name, value in story.items() if name not in _PLUMBING and value is not None}
    by = None if story["person_id"] == person else story["person_id"] or "the account"
    return Evidence(story["activity_id"], story["occurred"], story["type"], properties, by, share)


def _dicts(relation: DuckDBPyRelation) -> list[dict[str, Any]]:
    return [dict(zip(relation.columns, row, strict=True)) for row in relation.fetchall()]


def known_people(mirror: Mirror, like: str) -> list[str]:
    """Return ids of people: ``like`` itself if it is one, else some that look like it."""
    ids = exp.select("person_id").distinct().from_(_parquet(mirror, "p", "people.parquet"))
    same = exp.column("person_id").eq(exp.Literal.string(like))
    near = exp.func("jaro_winkler_similarity", exp.column("person_id"), exp.Literal.string(like))
    best = (exp.Ordered(this=same, desc=True), exp.Ordered(this=near, desc=True))
    query = exp.select("person_id").from_(ids.subquery("p")).order_by(*best).limit(12)
    return [row["person_id"] for row in _dicts(connect().sql(query.sql("duckdb")))]


def names_of(mirror: Mirror, people: Sequence[str], as_of: int) -> dict[str, str]:
    """Return, by person, their title and account's name as of an instant, as far as the data has them."""
    at = gather.number(as_of)
    parts = [exp.column("title", "p", quoted=True)] if "title" in mirror.schema.person else []
    name = next((name for name in ("name", "domain") if name in mirror.schema.account), None)
    parts += [exp.column(name, "a", quoted=True)] if name else []
    if not parts or not people:
        return {}
    query = exp.select(exp.column("person_id", "p"), exp.func("concat_ws", exp.Literal.string(", "), *parts).as_("who"))
    query = query.from_(_parquet(mirror, "p", "people.parquet"))
    if name:
        on = exp.and_(exp.column("account_code", "a").eq(exp.column("account_code", "p")), *_holds("a", at))
        query = query.join(_parquet(mirror, "a", "accounts.parquet"), on=on, join_type="left")
    wanted = exp.column("person_id", "p").isin(*map(exp.Literal.string, people))
    return {row["person_id"]: row["who"] for row in _dicts(connect().sql(query.where(wanted, *_holds("p", at)).sql("duckdb")))}

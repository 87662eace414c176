"""The plan for PostgreSQL: its own texts classify activities there; DuckDB's go on from the rows that came.

Texts of PostgreSQL are bound by settings of the session: ``leadline.as_of`` (µs), ``leadline.person`` (an id) and
``leadline.ids`` (a JSON list). They are ``own``, ``own_story`` and ``theirs`` (classified activities), ``seen`` (when people's
absences' signals were last seen) and ``stories`` (activities as they are). DuckDB finds their rows as ``incoming`` and keeps
them by the texts ``keep_…``. Pure: nothing is executed here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from sqlglot import exp

from leadline.definition.model import Of
from leadline.engine import gather
from leadline.engine.backends import duckdb_plan, warehouse
from leadline.engine.backends.warehouse import Needs, Only, Source
from leadline.engine.gather import last_name, mask_name, value_name
from leadline.engine.model import BITS, FOREVER, Program
from leadline.engine.plan import Plan
from leadline.facts.model import Column

DIALECT = "postgres"
OWN, SEEN, THEIRS = "own_activities", "own_last_seen", "account_activities"


def setting(name: str, kind: str) -> exp.Select:
    """Return a setting of the session, as a query of its own so that it is read once and not for every row."""
    read = exp.Anonymous(this="current_setting", expressions=[exp.Literal.string(f"leadline.{name}")])
    return exp.select(exp.cast(read, kind))


AS_OF, PERSON = setting("as_of", "BIGINT").subquery(), Only("person_id", setting("person", "TEXT"))


def plan(program: Program, title: str, sources: Sequence[Source], properties: Mapping[str, Column]) -> Plan:
    """Return the plan of a program.

    Args:
        program: The program.
        title: The definition's name.
        sources: Where activities are.
        properties: All properties that they have, for receipts.
    """
    base = duckdb_plan.plan(program, title)
    there = {"own": _own(program, sources), "own_story": _own_story(program, sources), "stories_of": _stories(sources, properties)}
    here = {"keep_own": _keep_own(program), "timelines": timelines(program), "stories": timelines(program), "latest": _latest(program)}
    if program.absences():
        there["seen"], here["keep_seen"] = _seen(program, sources), _keep_seen(program)
    if program.of_account():
        there["theirs"], here["keep_theirs"] = _theirs(program, sources), _keep_theirs(program)
    texts = {name: query.sql(DIALECT) for name, query in there.items()} | {name: query.sql("duckdb") for name, query in here.items()}
    kept = {name: base.texts[name] for name in ("people", "attributes", "settled")}
    return replace(base, texts=kept | texts)


def _own(program: Program, sources: Sequence[Source]) -> exp.Select:
    """Return the activities that matter, with the person of each."""
    ask = _ask(program, Of.PERSON, program.windows(absences=False))
    found = gather.classified(ask, _canonical(ask, sources), ("person_id", "activity_id"))
    return found.where("person_id is not null")


def _own_story(program: Program, sources: Sequence[Source]) -> exp.Select:
    ask = _ask(program, Of.PERSON, program.windows(absences=True))
    return gather.classified(ask, _canonical(ask, sources, PERSON), ("person_id", "activity_id"))


def _theirs(program: Program, sources: Sequence[Source]) -> exp.Select:
    """Return the activities that matter to accounts; where no account is given, it is their person's at that time."""
    ask = _ask(program, Of.ACCOUNT, program.windows(absences=True))
    return gather.classified(ask, _canonical(ask, sources), ("person_id", "account_id", "activity_id"))


def _seen(program: Program, sources: Sequence[Source]) -> exp.Select:
    asked = {bit for k in program.absences() for bit in program.terms[k].bits}
    ask = _ask(program, Of.PERSON, [FOREVER if bit in asked else 0 for bit in range(len(program.bits))])
    return gather.latest(ask, _canonical(ask, sources), "person_id").where("person_id is not null")


def _stories(sources: Sequence[Source], properties: Mapping[str, Column]) -> exp.Select:
    needs = Needs(None, bursts=False, visits=False, properties=properties)
    listed = exp.Anonymous(this="jsonb_array_elements_text", expressions=[setting("ids", "JSONB").subquery()])
    some = Only("activity_id", exp.select(listed))
    columns = [*map(exp.column, ("activity_id", "person_id", "occurred", "type")), *(exp.column(name, quoted=True) for name in properties)]
    return exp.select(*columns).from_(warehouse.canonical(sources, needs, DIALECT, some).subquery("x"))


def _canonical(ask: gather.Ask, sources: Sequence[Source], only: Only | None = None) -> exp.Expr:
    return warehouse.canonical(sources, Needs.of_ask(ask), DIALECT, only).subquery("x")


def _ask(program: Program, of: Of, windows: Sequence[int]) -> gather.Ask:
    properties: dict[str, exp.Expr] = {name: exp.column(name, quoted=True) for name in program.properties}
    return gather.Ask(program, of, AS_OF, windows, properties, DIALECT)


def _measured(program: Program) -> list[str]:
    return [*map(mask_name, range(program.words)), *map(value_name, range(len(program.values)))]


def _columns(table: str, names: Iterable[str]) -> list[exp.Expr]:
    return [exp.column(name, table) for name in names]


def _keep_own(program: Program) -> exp.Select:
    """Return the rows of people who exist, by their codes."""
    return _incoming(exp.column("person_code", "p"), *_columns("x", ("activity_id", "occurred", *_measured(program))))


def _keep_seen(program: Program) -> exp.Select:
    return _incoming(exp.column("person_code", "p"), *_columns("x", map(last_name, program.absences())))


def _incoming(*columns: exp.Expr) -> exp.Select:
    return exp.select(*columns).from_("incoming as x").join("people_at as p", on="p.person_id = x.person_id")


def _keep_theirs(program: Program) -> exp.Select:
    """Return the rows of accounts that we know, by their codes."""
    query = exp.select(account_then(), *_columns("x", ("activity_id", "occurred", *_measured(program)))).from_("incoming as x")
    query = with_accounts_then(query)
    return exp.select("*").from_(query.subquery("placed")).where("account_code is not null")


def account_then() -> exp.Expr:
    """Return the code of the account that an incoming activity belongs to: its own, else its person's at that time."""
    given, held = exp.column("account_code", "a"), exp.column("account_code", "v")
    return exp.Case(ifs=[exp.If(this=exp.column("account_id", "x").is_(exp.null()), true=held)], default=given).as_("account_code")


def with_accounts_then(query: exp.Select) -> exp.Select:
    """Return a query over ``incoming`` as ``x`` with what :func:`account_then` looks at."""
    codes = exp.select("account_id", "account_code").distinct().from_(duckdb_plan.parquet("accounts", "a")).subquery("a")
    held = "v.person_id = x.person_id and v.valid_from <= x.occurred and v.valid_to > x.occurred"
    query = query.join(codes, on="a.account_id = x.account_id", join_type="left")
    return query.join(duckdb_plan.parquet("people", "v"), on=held, join_type="left")


def timelines(program: Program) -> exp.Select:
    """Return the timelines of the people from ``first`` to ``last``, in the order that the kernel needs."""
    own = exp.select("person_code", "activity_id", "occurred", *_measured(program)).from_(OWN)
    own = own.where("person_code between getvariable('first') and getvariable('last')")
    if program.of_account():
        return duckdb_plan.with_accounts(program, own)
    return own.order_by("person_code", "occurred", "activity_id")


def _latest(program: Program) -> exp.Select:
    seen: dict[str, exp.Query] = {}
    if program.absences():
        seen["person_code"] = exp.select("*").from_(SEEN)
        if program.of_account():
            seen["account_code"] = _seen_of_accounts(program)
    return duckdb_plan.last_seen(program, seen)


def _seen_of_accounts(program: Program) -> exp.Select:
    """Return when accounts' absences' signals were last seen, from the masks of their activities."""
    columns: list[exp.Expr] = []
    for k in program.absences():
        hits = [_has(bit) for bit in program.terms[k].bits]
        columns.append(exp.Max(this=exp.Case(ifs=[exp.If(this=exp.or_(*hits), true=exp.column("occurred"))])).as_(last_name(k)))
    return exp.select("account_code", *columns).from_(THEIRS).group_by("account_code")


def _has(bit: int) -> exp.Expr:
    held = exp.BitwiseAnd(this=exp.column(mask_name(bit // BITS)), expression=gather.number(1 << bit % BITS))
    return exp.NEQ(this=exp.paren(held), expression=gather.number(0))

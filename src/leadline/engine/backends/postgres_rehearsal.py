"""What a replay asks: PostgreSQL classifies all activities that matter; DuckDB goes on from the rows that came.

PostgreSQL's text is bound by the setting ``leadline.until`` (µs) of the session. DuckDB finds its rows as ``incoming``, keeps
them by ``keep_history``, and reads segments from the mirror. Pure: nothing is executed here.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlglot import exp

from leadline.engine import rehearsed
from leadline.engine.backends import duckdb_plan, duckdb_rehearsal, postgres_plan, warehouse
from leadline.engine.backends.warehouse import Needs, Source
from leadline.engine.model import Program
from leadline.engine.rehearsal import Bundle, Rehearsal

UNTIL = postgres_plan.setting("until", "BIGINT").subquery()
BROUGHT = "all_activities"


def rehearsal(bundle: Bundle, titles: Sequence[Sequence[str]], sources: Sequence[Source]) -> Rehearsal:
    """Return a bundle as PostgreSQL and DuckDB run it.

    Args:
        bundle: Courses put together.
        titles: By course and program, the name of the definition.
        sources: Where activities are.
    """
    program = bundle.program
    here = {"segments": duckdb_rehearsal.segments(bundle), "keep_history": _keep(program)}
    placed = duckdb_rehearsal.table(BROUGHT)
    here["history"] = duckdb_rehearsal.own(program, placed).order_by("person_code", "occurred")
    if program.of_account():
        here["account_history"] = duckdb_rehearsal.others(program, placed)
    texts = {"there": _there(program, sources).sql(postgres_plan.DIALECT)} | {name: query.sql("duckdb") for name, query in here.items()}
    return rehearsed.rehearsal(bundle, titles, texts)


def _there(program: Program, sources: Sequence[Source]) -> exp.Select:
    """Return the activities that matter, with the ids of their person and account."""
    ask = rehearsed.asked(program, UNTIL, postgres_plan.DIALECT)
    source = warehouse.canonical(sources, Needs.of_ask(ask), postgres_plan.DIALECT).subquery("x")
    found = rehearsed.classified(ask, source, ("person_id", "account_id") if program.of_account() else ("person_id",))
    return found if program.of_account() else found.where("person_id is not null")


def _keep(program: Program) -> exp.Select:
    """Return the rows by the codes of their person and account; where no account is given, it is their person's at that time."""
    measured = [exp.column(name, "x") for name in ("occurred", "known", *rehearsed.measured(program))]
    people = exp.select("person_id", "person_code").distinct().from_(duckdb_plan.parquet("people", "p")).subquery("p")
    query = exp.select("p.person_code", *measured).from_("incoming as x")
    if not program.of_account():
        return query.join(people, on="p.person_id = x.person_id")
    query = query.select(postgres_plan.account_then()).join(people, on="p.person_id = x.person_id", join_type="left")
    return postgres_plan.with_accounts_then(query)

"""What a replay asks of DuckDB over the mirror, bound by variables of the connection.

Variables: ``until`` (µs), ``folder`` (of the mirror), ``files`` (of activities of some people), ``everything`` (all files of
activities), ``first`` and ``last`` (codes of people). Pure: nothing is executed here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sqlglot import exp

from leadline.definition.model import Of
from leadline.engine import rehearsed
from leadline.engine.backends.duckdb_plan import parquet, spared, variable
from leadline.engine.gather import Ask
from leadline.engine.model import Program
from leadline.engine.rehearsal import Bundle, Rehearsal

UNTIL = variable("until")
THEIRS = "account_activities"


def rehearsal(bundle: Bundle, titles: Sequence[Sequence[str]], *, late: bool = True, machines: bool = True) -> Rehearsal:
    """Return a bundle as DuckDB runs it.

    Args:
        bundle: Courses put together.
        titles: By course and program, the name of the definition.
        late: Whether some activities may be known later than they occurred.
        machines: Whether some may be a machine's.
    """
    program, ask = bundle.program, rehearsed.asked(bundle.program, UNTIL)
    given = ({} if late else {"known": exp.column("occurred")}) | ({} if machines else {"machine": exp.false()})
    times = rehearsed.TIMES if late else ("occurred",)
    keep = ("person_code", "account_code") if program.of_account() else ("person_code",)
    placed = rehearsed.classified(ask, _activities("files"), keep, _in_span("person_code"), times=times)
    queries = {"segments": segments(bundle), "history": rehearsed.own(program, placed.subquery("x"), times)}
    if program.of_account():
        queries |= {"account_activities": theirs(ask, times)}
        queries |= {"account_history": others(program, table(THEIRS), times)}
    return rehearsed.rehearsal(bundle, titles, {name: query.transform(spared, given).sql("duckdb") for name, query in queries.items()})


def segments(bundle: Bundle) -> exp.Select:
    """Return everybody's segments."""
    people, accounts = (exp.Table(this=exp.func("read_parquet", _file(name))) for name in ("people", "accounts"))
    return rehearsed.segments(bundle, rehearsed.Versions(people, accounts, UNTIL))


def own(program: Program, placed: exp.Expr) -> exp.Select:
    """Return the own activities of the people from ``first`` to ``last`` from a table of classified ones."""
    return rehearsed.own(program, placed).where(_in_span("person_code"))


def theirs(ask: Ask, times: Sequence[str]) -> exp.Select:
    """Return the activities that matter to accounts."""
    keep = ("person_code", "account_code")
    return rehearsed.classified(replace(ask, of=Of.ACCOUNT), _activities("everything"), keep, "account_code is not null", times=times)


def others(program: Program, placed: exp.Expr, times: Sequence[str] = rehearsed.TIMES) -> exp.Select:
    """Return, for the people from ``first`` to ``last``, what others did at their accounts, in the order that a replay needs."""
    members = rehearsed.members(parquet("people", "p")).where(_in_span("person_code"))
    return rehearsed.others(program, placed, members, times).order_by("m.person_code", "x.occurred")


def table(name: str) -> exp.Expr:
    """Return a table of classified activities, as :func:`leadline.engine.rehearsed.own` and ``others`` read it."""
    return exp.alias_(exp.to_table(name), "x", table=True)


def _in_span(column: str) -> str:
    return f"{column} between getvariable('first') and getvariable('last')"


def _file(name: str) -> exp.Expr:
    return exp.DPipe(this=variable("folder"), expression=exp.Literal.string(f"/{name}.parquet"))


def _activities(which: str) -> exp.Expr:
    return exp.alias_(exp.Table(this=exp.func("read_parquet", variable(which))), "x", table=True)

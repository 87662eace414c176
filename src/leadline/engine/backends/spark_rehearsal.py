"""What a replay asks of Spark: SQL over views of the session, bound by the parameter ``until`` (µs).

The views are those of :mod:`leadline.engine.backends.spark_views`; activities come by ids and leave by the mirror's codes.
Pure: nothing is executed here.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlglot import exp

from leadline.engine import rehearsed
from leadline.engine.backends import spark_plan, warehouse
from leadline.engine.backends.spark_views import ACCOUNTS, ACTIVITIES, PEOPLE
from leadline.engine.backends.warehouse import Needs, Source
from leadline.engine.model import Program
from leadline.engine.rehearsal import Bundle, Rehearsal

UNTIL = exp.cast(exp.Placeholder(this="until"), "BIGINT")
PLACED = "placed"


def rehearsal(bundle: Bundle, titles: Sequence[Sequence[str]], sources: Sequence[Source]) -> Rehearsal:
    """Return a bundle as Spark runs it.

    Args:
        bundle: Courses put together.
        titles: By course and program, the name of the definition.
        sources: Where activities stay; none if the mirror has them.
    """
    program = bundle.program
    activities = warehouse.canonical(sources, Needs.of(program), spark_plan.DIALECT) if sources else spark_plan.mirrored()
    versions = rehearsed.Versions(exp.to_table(PEOPLE), exp.to_table(ACCOUNTS), UNTIL, spark_plan.DIALECT)
    queries = {"segments": rehearsed.segments(bundle, versions), "history": history(program)}
    texts = {name: query.transform(spark_plan.one_for_one).sql(spark_plan.DIALECT) for name, query in queries.items()}
    return rehearsed.rehearsal(bundle, titles, texts | {"activities": activities.sql(spark_plan.DIALECT)})


def history(program: Program) -> exp.Query:
    """Return everybody's activities, as :func:`leadline.engine.rehearsed.own` and ``others`` do."""
    ask = rehearsed.asked(program, UNTIL, spark_plan.DIALECT)
    own = rehearsed.own(program, exp.to_table(PLACED)).where("person_code is not null")
    if not program.of_account():
        return own.with_(PLACED, as_=_placed(rehearsed.classified(ask, exp.to_table(ACTIVITIES).as_("x"), ("person_id",))))
    others = rehearsed.others(program, exp.to_table(PLACED).as_("x"), rehearsed.members(exp.to_table(PEOPLE)))
    found = _placed(rehearsed.classified(ask, exp.to_table(ACTIVITIES).as_("x"), ("person_id", "account_id")), of_account=True)
    return exp.union(own, others, distinct=False).with_(PLACED, as_=found)


def _placed(found: exp.Select, *, of_account: bool = False) -> exp.Select:
    """Return classified activities by the codes of their person and account; without one of its own, its person's at that time."""
    people = exp.select("person_id", "person_code").distinct().from_(PEOPLE).subquery("p")
    query = exp.select("x.*", "p.person_code").from_(found.subquery("x")).join(people, on="p.person_id = x.person_id", join_type="left")
    if not of_account:
        return query
    accounts = exp.select("account_id", "account_code").distinct().from_(ACCOUNTS).subquery("a")
    held = "v.person_id = x.person_id and v.valid_from <= x.occurred and v.valid_to > x.occurred"
    query = query.join(accounts, on="a.account_id = x.account_id", join_type="left")
    query = query.join(exp.to_table(PEOPLE).as_("v"), on=held, join_type="left")
    then = exp.Case(ifs=[exp.If(this=exp.column("account_id", "x").is_(exp.null()), true=exp.column("account_code", "v"))])
    then.set("default", exp.column("account_code", "a"))
    return query.select(then.as_("account_code"))

"""The plan for Spark: SQL over views of the session, bound by the parameters ``as_of`` (µs) and ``person`` (an id, or NULL).

The views are those of :mod:`leadline.engine.backends.spark_views`. Everything goes by ids, since activities that stay away
never saw the mirror's codes. Pure: nothing is executed here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import sqlglot
from sqlglot import exp

from leadline.definition import conditions
from leadline.definition.model import Of
from leadline.engine import gather
from leadline.engine.backends import duckdb_plan, warehouse
from leadline.engine.backends.spark_views import ACCOUNTS, ACTIVITIES, AT, DESCRIBED, PARTS, PEOPLE, WHOSE
from leadline.engine.backends.warehouse import Needs, Source
from leadline.engine.gather import attribute_name, last_name, mask_name, value_name
from leadline.engine.model import Program
from leadline.engine.plan import Plan
from leadline.facts.model import Column

DIALECT = "spark"
AS_OF = exp.cast(exp.Placeholder(this="as_of"), "BIGINT")
ONLY = exp.cast(exp.Placeholder(this="person"), "TEXT")
_INNER = ("person_id", "account_id", "created")


def plan(program: Program, title: str, sources: Sequence[Source], properties: Mapping[str, Column]) -> Plan:
    """Return the plan of a program.

    Besides Spark's own texts it holds those of DuckDB that rule over scored rows and look up one person in the mirror.

    Args:
        program: The program.
        title: The definition's name.
        sources: Where activities stay; none if the mirror has them.
        properties: All properties that they have, for receipts.
    """
    local = duckdb_plan.plan(program, title)
    described = Needs(None, bursts=False, visits=False, properties=properties)
    given = {
        "activities": warehouse.canonical(sources, Needs.of(program), DIALECT) if sources else mirrored(),
        "described": warehouse.canonical(sources, described, DIALECT) if sources else exp.select("*").from_(ACTIVITIES),
    }
    queries = {"at": people(program), "rows": rows(program), "stories": stories(program, properties)}
    texts = {name: query.sql(DIALECT) for name, query in given.items()}
    texts |= {name: query.transform(one_for_one).sql(DIALECT) for name, query in queries.items()}
    return replace(local, texts={name: local.texts[name] for name in ("people", "attributes", "settled")} | texts)


def mirrored() -> exp.Select:
    """Return the activities of the mirror by ids."""
    query = exp.select("x.*", "p.person_id", "a.account_id").from_(f"{PARTS} as x")
    for view, code, name, alias in ((PEOPLE, "person_code", "person_id", "p"), (ACCOUNTS, "account_code", "account_id", "a")):
        ids = exp.select(code, name).distinct().from_(view).subquery(alias)
        query = query.join(ids, on=f"{alias}.{code} = x.{code}", join_type="left")
    return query


def people(program: Program) -> exp.Select:
    """Return the people who exist at ``as_of``, with the points of attributes and the attributes that rules refer to."""
    names = {f"person.{name}": exp.column(name, table="p", quoted=True) for name in program.person}
    names |= {f"account.{name}": exp.column(name, table="a", quoted=True) for name in program.account}
    points = [gather.attribute_points(item, names, AS_OF).as_(attribute_name(at)) for at, item in enumerate(program.attributes)]
    carried = [names[name].as_(name, quoted=True) for name in _carried(program)]
    query = exp.select(*(exp.column(name, table="p") for name in _INNER), *points, *carried).from_(exp.to_table(PEOPLE).as_("p"))
    if program.account:
        on = exp.and_(exp.column("account_id", "a").eq(exp.column("account_id", "p")), *_holds("a"))
        query = query.join(exp.to_table(ACCOUNTS).as_("a"), on=on, join_type="left")
    created = exp.column("created", "p")
    query = query.where(*_holds("p"), exp.or_(created.is_(exp.null()), exp.LTE(this=created.copy(), expression=AS_OF.copy())))
    query = query.where(_wanted(exp.column("person_id", "p")))
    return query.where(conditions.to_sql(program.only, names, AS_OF, DIALECT)) if program.only else query


def _carried(program: Program) -> list[str]:
    return sorted(name for name in program.rule_names() if name.startswith(("person.", "account.")))


def _wanted(person: exp.Expr) -> exp.Expr:
    return exp.or_(ONLY.copy().is_(exp.null()), person.eq(ONLY.copy()))


def _holds(table: str, at: exp.Expr = AS_OF) -> tuple[exp.Expr, exp.Expr]:
    return (
        exp.LTE(this=exp.column("valid_from", table), expression=at.copy()),
        exp.GT(this=exp.column("valid_to", table), expression=at.copy()),
    )


def rows(program: Program) -> exp.Query:
    """Return what the executors read: of each person a first row with what is known of them, and rows of activities.

    Columns: ``whose`` (a person's id), ``occurred`` (NULL in a first row), masks, values, then those of ``leadline_at`` and the
    instants of :func:`leadline.engine.gather.latest`, NULL in rows of activities.
    """
    measured, columns = _measured(program), _columns(program)
    heads = exp.select(exp.column("person_id", AT).as_(WHOSE), exp.cast(exp.null(), "BIGINT").as_("occurred"))
    heads = heads.select(*(exp.cast(gather.number(0), kind).as_(name) for name, kind in measured.items()))
    heads = _with_latest(program, heads.from_(AT).select(*(exp.column(name, AT, quoted=True) for name in columns)))
    nothing = [exp.null().as_(name, quoted=True) for name in (*columns, *map(last_name, program.absences()))]
    lines = exp.select(exp.column("person_id").as_(WHOSE), "occurred", *measured, *nothing)
    return exp.union(heads, lines.from_(timelines(program, describing=False).subquery("timelines")), distinct=False)


def _measured(program: Program) -> dict[str, str]:
    masks = {mask_name(word): "BIGINT" for word in range(program.words)}
    return masks | {value_name(at): "DOUBLE" for at in range(len(program.values))}


def _columns(program: Program) -> list[str]:
    return [*_INNER, *map(attribute_name, range(len(program.attributes))), *_carried(program)]


def _with_latest(program: Program, heads: exp.Select) -> exp.Select:
    owners = [("person_id", "own", Of.PERSON)] + ([("account_id", "theirs", Of.ACCOUNT)] if program.of_account() else [])
    absences = program.absences()
    for key, name, of in owners if absences else []:
        seen = gather.latest(_ask(program, of, absences=True), _activities(of), key).where(f"{key} is not null")
        heads = heads.join(seen.subquery(name), on=f"{name}.{key} = {AT}.{key}", join_type="left")
    for k in absences:
        first, *more = [exp.column(last_name(k), name) for _, name, _ in owners]
        heads = heads.select((exp.Greatest(this=first, expressions=more, ignore_nulls=True) if more else first).as_(last_name(k)))
    return heads


def timelines(program: Program, *, describing: bool) -> exp.Select:
    """Return the activities that matter with whose they are, masks and values.

    Args:
        program: What to look for.
        describing: Whether to say which activity a row is, and to include what only absences ask for.
    """
    named = program.of_account() or describing
    keep = ("person_id", "activity_id") if named else ("person_id",)
    own = gather.classified(_ask(program, Of.PERSON, absences=describing), _activities(Of.PERSON), keep)
    own = own.where("person_id is not null", _wanted(exp.column("person_id")))
    if not program.of_account():
        return own
    measured = _measured(program)
    theirs = gather.classified(_ask(program, Of.ACCOUNT, absences=describing), _activities(Of.ACCOUNT), ("account_id", "activity_id"))
    others = exp.select(f"{AT}.person_id", *(f"x.{name}" for name in ("activity_id", "occurred", *measured)))
    others = others.from_(theirs.subquery("x")).join(AT, on=f"{AT}.account_id = x.account_id")
    return _merged(program, exp.union(own, others, distinct=False))


def _merged(program: Program, both: exp.Query) -> exp.Select:
    """Return each activity of a person once, whether it is theirs, their account's, or both."""
    once = ("person_id", "activity_id", "occurred")
    merged = exp.select(*once, *(exp.func("bit_or", exp.column(mask_name(word))).as_(mask_name(word)) for word in range(program.words)))
    merged = merged.select(*(exp.Max(this=exp.column(value_name(at))).as_(value_name(at)) for at in range(len(program.values))))
    return merged.from_(both.subquery("both")).group_by(*once)


def stories(program: Program, properties: Mapping[str, Column]) -> exp.Select:
    """Return the timeline of one person with everything that is known of its activities, in the order of time."""
    line = timelines(program, describing=True).subquery("line")
    known = exp.select("person_id").distinct().from_(PEOPLE).subquery("p")
    columns = [exp.column(name, "x", quoted=True) for name in ("activity_id", "type", *properties)]
    query = exp.select(*(exp.column(name, "line") for name in ("occurred", *_measured(program))), *columns, "p.person_id").from_(line)
    query = query.join(exp.to_table(DESCRIBED).as_("x"), on="x.activity_id = line.activity_id")
    return query.join(known, on="p.person_id = x.person_id", join_type="left").order_by("line.occurred", "x.activity_id")


def _activities(of: Of) -> exp.Expr:
    """Return the activities; those of accounts with the account that their person was at then, unless they have one of their own."""
    table = exp.to_table(ACTIVITIES)
    if of is Of.PERSON:
        return table.as_("x")
    account = exp.func("coalesce", exp.column("account_id", "x"), exp.column("account_id", "v"))
    star = exp.Column(this=exp.Star(except_=[exp.to_identifier("account_id")]), table=exp.to_identifier("x"))
    on = exp.and_("v.person_id = x.person_id", *_holds("v", exp.column("occurred", "x")))
    query = exp.select(star, account.as_("account_id")).from_(table.as_("x"))
    return query.join(exp.to_table(PEOPLE).as_("v"), on=on, join_type="left").subquery("x")


def _ask(program: Program, of: Of, *, absences: bool) -> gather.Ask:
    properties: dict[str, exp.Expr] = {name: exp.column(name, quoted=True) for name in program.properties}
    return gather.Ask(program, of, AS_OF, program.windows(absences=absences), properties, DIALECT)


_FOLDED: dict[type[exp.Expr], str] = {
    exp.Lower: """
        case when octet_length(given) = length(given) then lower(given)
        else array_join(transform(split(given, ''), sign -> case when sign = 'İ' then 'i' else lower(sign) end), '') end
    """,
    exp.Upper: """
        case when octet_length(given) = length(given) then upper(given)
        else array_join(transform(split(given, ''), sign -> case when length(upper(sign)) = 1 then upper(sign) when sign = 'ß' then 'ẞ'
                                                            when length(initcap(sign)) = 1 then initcap(sign) else sign end), '') end
    """,
}


def one_for_one(node: exp.Expr) -> exp.Expr:
    """Return ``lower`` and ``upper`` as the other engines have them: one code point for one code point.

    Spark's own make two of 'ß' and look at the end of a word for 'Σ'. ASCII takes the short way.
    """
    if not isinstance(node, exp.Lower | exp.Upper):
        return node
    given = node.this.transform(one_for_one)
    folded = sqlglot.parse_one(_FOLDED[type(node)], dialect=DIALECT)
    for part in list(folded.find_all(exp.Column)):
        if part.name == "given":
            part.replace(given.copy())
    return exp.paren(folded)

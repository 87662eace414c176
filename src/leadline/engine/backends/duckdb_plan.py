"""The plan for DuckDB over the mirror: one text for each question, bound by variables of the connection.

Variables: ``as_of`` (µs), ``folder`` (of the mirror), ``files`` (of activities for some
people), ``everything`` (all files of activities), ``first`` and ``last``
(codes of people), ``person`` (an id, or NULL for everybody). Pure: nothing is executed here.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

from sqlglot import exp

from leadline.definition import conditions
from leadline.definition.model import Of
from leadline.engine import gather, settle, terms
from leadline.engine.gather import mask_name, value_name
from leadline.engine.model import Program
from leadline.engine.plan import Plan, packed


def variable(name: str) -> exp.Expr:
    """Return a variable of the connection."""
    return exp.func("getvariable", exp.Literal.string(name))


AS_OF = variable("as_of")


def plan(program: Program, title: str, *, late: bool = True, machines: bool = True) -> Plan:
    """Return the plan of a program.

    Args:
        program: What is asked.
        title: The definition's name.
        late: Whether some activities may be known later than they occurred.
        machines: Whether some may be a machine's.
    """
    queries = {
        "people": people(program, program.rule_names()),
        "attributes": people(program, {f"person.{name}" for name in program.person} | {f"account.{name}" for name in program.account}),
        "timelines": timelines(program, describing=False),
        "stories": timelines(program, describing=True),
        "latest": latest(program),
        "settled": settle.query(program, AS_OF),
    }
    if program.of_account():
        queries |= {
            "account_activities": account_activities(program, absences=False),
            "account_stories": account_activities(program, absences=True),
        }
    known = ({} if late else {"known": exp.column("occurred")}) | ({} if machines else {"machine": exp.false()})
    return Plan(
        settle.layout(program, title),
        {name: query.transform(spared, known).sql("duckdb") for name, query in queries.items()},
        packed(terms.table_of(program)),
        program.words,
        len(program.values),
        program.absences(),
        program.of_account(),
    )


def spared(node: exp.Expr, known: Mapping[str, exp.Expr]) -> exp.Expr:
    """Return what is known of a column instead of reading it; what users name is quoted, and stays."""
    spared = isinstance(node, exp.Column) and not node.this.quoted and node.name in known
    return known[node.name].copy() if spared else node


def people(program: Program, carry: Collection[str]) -> exp.Select:
    """Return the people who exist at ``as_of``, by code, with the points of attributes and the attributes in ``carry``."""
    names = {f"person.{name}": exp.column(name, table="p", quoted=True) for name in program.person}
    names |= {f"account.{name}": exp.column(name, table="a", quoted=True) for name in program.account}
    points = [gather.attribute_points(item, names, AS_OF).as_(gather.attribute_name(at)) for at, item in enumerate(program.attributes)]
    carried = [names[name].as_(name, quoted=True) for name in sorted(carry) if name in names]
    keys = [exp.column(name, table="p") for name in ("person_code", "person_id", "account_id", "account_code", "created")]
    query = exp.select(*keys, *points, *carried).from_(parquet("people", "p"))
    if program.account:
        on = exp.and_(exp.column("account_code", "a").eq(exp.column("account_code", "p")), *_holds("a"))
        query = query.join(parquet("accounts", "a"), on=on, join_type="left")
    query = query.where(*_holds("p"), "p.created is null or p.created <= getvariable('as_of')")
    query = query.where("getvariable('person') is null or p.person_id = getvariable('person')")
    if program.only:
        query = query.where(conditions.to_sql(program.only, names, AS_OF))
    return query.order_by("p.person_code")


def _holds(table: str) -> tuple[exp.Expr, exp.Expr]:
    return (
        exp.LTE(this=exp.column("valid_from", table), expression=AS_OF.copy()),
        exp.GT(this=exp.column("valid_to", table), expression=AS_OF.copy()),
    )


def account_activities(program: Program, *, absences: bool) -> exp.Select:
    """Return the activities of accounts that matter."""
    ask, keep = _ask(program, Of.ACCOUNT, absences=absences), ("account_code", "activity_id")
    return gather.classified(ask, _activities("everything"), keep, "account_code is not null")


def timelines(program: Program, *, describing: bool) -> exp.Select:
    """Return the timelines of the people from ``first`` to ``last``, in the order that the kernel needs.

    Args:
        program: What to look for.
        describing: Whether to say which activity a row is, and to include what only absences ask for.
    """
    named = program.of_account() or describing
    ask, keep = _ask(program, Of.PERSON, absences=describing), ("person_code", "activity_id") if named else ("person_code",)
    own = gather.classified(ask, _activities("files"), keep, "person_code between getvariable('first') and getvariable('last')")
    if not program.of_account():
        # A part is stored in this order already; the back end looks whether DuckDB kept it.
        return own.order_by("occurred", "activity_id") if describing else own
    return with_accounts(program, own)


def with_accounts(program: Program, own: exp.Query) -> exp.Select:
    """Return timelines of people's own activities and those of their accounts, each activity once."""
    masks, values = [mask_name(word) for word in range(program.words)], [value_name(at) for at in range(len(program.values))]
    others = exp.select("people_at.person_code", *(f"x.{name}" for name in ("activity_id", "occurred", *masks, *values)))
    others = others.from_("account_activities as x").join("people_at", on="people_at.account_code = x.account_code")
    others = others.where("people_at.person_code between getvariable('first') and getvariable('last')")
    merged = exp.select("person_code", "activity_id", "occurred", *(f"bit_or({name}) as {name}" for name in masks))
    merged = merged.select(*(f"max({name}) as {name}" for name in values)).from_(exp.union(own, others, distinct=False).subquery("both"))
    return merged.group_by("person_code", "activity_id", "occurred").order_by("person_code", "occurred", "activity_id")


def latest(program: Program) -> exp.Select:
    """Return, by person in the order of ``people_at``, when they were created and when absences' signals were last seen."""
    keys = {"person_code": Of.PERSON, "account_code": Of.ACCOUNT} if program.of_account() else {"person_code": Of.PERSON}
    asked = keys if program.absences() else {}
    return last_seen(
        program, {key: gather.latest(_ask(program, of, absences=True), _activities("everything"), key) for key, of in asked.items()}
    )


def last_seen(program: Program, seen: Mapping[str, exp.Query]) -> exp.Select:
    """Return the same from queries that give, by ``person_code`` or ``account_code``, when each absence's signal was last seen."""
    never = gather.number(terms.NEVER)
    created = exp.func("coalesce", exp.column("created", "people_at"), never.copy())
    query = exp.select("people_at.person_code", created.as_("created")).from_("people_at")
    for key, found in seen.items():
        query = query.join(found.subquery(f"by_{key}"), on=f"by_{key}.{key} = people_at.{key}", join_type="left")
    for k in program.absences():
        first, *more = [exp.column(gather.last_name(k), f"by_{key}") for key in seen]
        last = exp.Greatest(this=first, expressions=more, ignore_nulls=True) if more else first
        query = query.select(exp.func("coalesce", last, never.copy()).as_(gather.last_name(k)))
    return query.order_by("people_at.person_code")


def _ask(program: Program, of: Of, *, absences: bool) -> gather.Ask:
    properties: dict[str, exp.Expr] = {name: exp.column(name, quoted=True) for name in program.properties}
    return gather.Ask(program, of, AS_OF, program.windows(absences=absences), properties)


def parquet(name: str, alias: str) -> exp.Expr:
    """Return a relation of the mirror."""
    path = exp.DPipe(this=variable("folder"), expression=exp.Literal.string(f"/{name}.parquet"))
    return _read(path, alias)


def _activities(which: str) -> exp.Expr:
    return _read(variable(which), "x")


def _read(path: exp.Expr, alias: str) -> exp.Expr:
    return exp.alias_(exp.Table(this=exp.func("read_parquet", path)), alias, table=True)

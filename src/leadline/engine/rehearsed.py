"""What a replay asks of a database: everything that ever happened, and the segments of everybody's attributes.

Pure: SQLGlot nodes, nothing is executed here. What runs them and makes arrays of their rows is a back end.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from sqlglot import exp

from leadline.definition import conditions
from leadline.definition.conditions import Condition
from leadline.definition.model import Of
from leadline.engine import gather, settle, terms
from leadline.engine.gather import Ask, attribute_name, mask_name, number, value_name
from leadline.engine.model import FOREVER, Program
from leadline.engine.rehearsal import ALWAYS, Bundle, Rehearsal
from leadline.errors import Unsupported
from leadline.facts.model import Type

VERSIONS, CUTS = "versions", "cuts"
TIMES = ("occurred", "known")
"""When activities happened and became known; ``known`` is left out where both are the same for all."""


def account_mask_name(word: int) -> str:
    """Return the name of a mask column of the signals of accounts."""
    return f"account_mask_{word}"


def slot_name(slot: int) -> str:
    """Return the name of the column of a slot."""
    return f"slot_{slot}"


def rehearsal(bundle: Bundle, titles: Sequence[Sequence[str]], texts: Mapping[str, str]) -> Rehearsal:
    """Return a bundle as a back end runs it.

    Args:
        bundle: Courses put together.
        titles: By course and program, the name of the definition.
        texts: What the back end's database is asked.
    """
    program = bundle.program
    layouts = tuple(
        tuple(settle.layout(each, title) for (_, each), title in zip(course.programs, names, strict=True))
        for course, names in zip(bundle.courses, titles, strict=True)
    )
    return Rehearsal(
        texts,
        terms.table_of(program),
        bundle.rules,
        bundle.tracks,
        layouts,
        tuple(tuple(since for since, _ in course.programs) for course in bundle.courses),
        tuple(
            tuple(tuple(registers[name] for name in layout.criteria) for layout, registers in zip(row, named, strict=True))
            for row, named in zip(layouts, bundle.registers, strict=True)
        ),
        tuple(item.name for item in (*program.terms, *program.attributes)),
        program.words,
        len(program.values),
        program.of_account(),
        len(program.attributes),
        len(bundle.slots),
    )


@dataclass(frozen=True)
class Versions:
    """Where attributes are, and how one asks for them.

    Attributes:
        people, accounts: The mirror's, every version.
        until: The instant at which history ends, in microseconds.
        dialect: SQLGlot's name of the database.
    """

    people: exp.Expr
    accounts: exp.Expr
    until: exp.Expr
    dialect: str = "duckdb"


def segments(bundle: Bundle, found: Versions) -> exp.Select:
    """Return everybody's segments, by person and time, points and slots as of the begin of each.

    A segment begins with a version of the person or of their account, when the person was created, and when the age of an
    attribute reaches or passes a bound.

    Returns:
        A select of ``person_code``, ``begins``, ``created`` (``NEVER`` if unknown), ``present``, ``account`` (-1 for none),
        then a column of micro-points for each criterion on attributes, and one for each slot, NULL for unknown.
    """
    used = _conditions(bundle)
    names = {name: exp.column(name, quoted=True) for condition in used for name in condition.names}
    at = exp.column("cut")
    points = [gather.attribute_points(item, names, at).as_(attribute_name(k)) for k, item in enumerate(bundle.program.attributes)]
    slots = [_slot(condition, names, at, found.dialect).as_(slot_name(k)) for k, condition in enumerate(bundle.slots)]
    created = exp.column("created")
    exists = exp.or_(created.is_(exp.null()), exp.LTE(this=created.copy(), expression=at.copy()))
    query = exp.select(
        "person_code",
        at.as_("begins"),
        exp.func("coalesce", created.copy(), number(terms.NEVER)).as_("created"),
        exp.cast(exp.Case(ifs=[exp.If(this=exists, true=number(1))], default=number(0)), "BIGINT").as_("present"),
        exp.cast(exp.func("coalesce", exp.column("account_code"), number(-1)), "BIGINT").as_("account"),
        *points,
        *slots,
    ).from_(CUTS)
    query = query.with_(VERSIONS, as_=_versions(sorted(names), found)).with_(CUTS, as_=_cuts(used, found.until))
    return query.order_by("person_code", "begins")


def _conditions(bundle: Bundle) -> list[Condition]:
    steps = [condition for item in bundle.program.attributes for condition, _ in item.steps]
    return [*steps, *bundle.slots]


def _versions(names: Iterable[str], found: Versions) -> exp.Select:
    """Return for how long each version of a person met each version of their account."""
    begins = exp.Greatest(
        this=exp.column("valid_from", "p"), expressions=[exp.column("valid_from", "a"), number(ALWAYS)], ignore_nulls=True
    )
    ends = exp.Least(this=exp.column("valid_to", "p"), expressions=[exp.column("valid_to", "a")], ignore_nulls=True)
    codes = [exp.column(name, "p") for name in ("person_code", "account_code", "created")]
    query = exp.select(*codes, begins.as_("begins"), ends.as_("ends"), *map(_attribute, names)).from_(_named(found.people, "p"))
    on = exp.and_("a.account_code = p.account_code", "a.valid_from < p.valid_to", "a.valid_to > p.valid_from")
    return query.join(_named(found.accounts, "a"), on=on, join_type="left")


def _attribute(name: str) -> exp.Expr:
    owner, _, column = name.partition(".")
    return exp.column(column, owner[0], quoted=True).as_(name, quoted=True)


def _named(table: exp.Expr, name: str) -> exp.Expr:
    return exp.alias_(table.copy(), name, table=True)


def _cuts(used: Sequence[Condition], until: exp.Expr) -> exp.Select:
    """Return the versions, each as often as a segment begins in it."""
    instants: list[exp.Expr] = [exp.column("begins"), exp.column("created"), *_ages(used)]
    inside = exp.and_("cut >= begins", "cut < ends", exp.LTE(this=exp.column("cut"), expression=until.copy()))
    held = exp.ArrayFilter(this=exp.Array(expressions=instants), expression=exp.Lambda(this=inside, expressions=[exp.to_identifier("cut")]))
    return exp.select("*", exp.Explode(this=exp.ArrayDistinct(this=held)).as_("cut")).from_(VERSIONS)


def _ages(used: Sequence[Condition]) -> Iterator[exp.Expr]:
    """Yield when an answer may change because a time has become so old; ages beyond all history never come."""
    for name, age in sorted({pair for condition in used for pair in condition.ages}):
        if abs(age) < FOREVER:
            for passed in (age, age + 1):
                yield exp.Add(this=exp.column(name, quoted=True), expression=number(passed))


def _slot(condition: Condition, names: Mapping[str, exp.Expr], at: exp.Expr, dialect: str) -> exp.Expr:
    found = conditions.to_sql(condition, names, at, dialect)
    if condition.type is Type.BOOLEAN:
        ifs = [exp.If(this=found, true=number(1)), exp.If(this=exp.not_(exp.paren(found.copy())), true=number(0))]
        found = exp.Case(ifs=ifs)
    return exp.cast(found, "DOUBLE")


# --- everything that ever happened -----------------------------------------------------------------------------------


def asked(program: Program, until: exp.Expr, dialect: str = "duckdb") -> Ask:
    """Return the question for all activities, of people and of accounts, that any term ever looks at.

    Raises:
        Unsupported: If which signal an activity belongs to depends on the instant at which one asks.
    """
    aging = sorted({bit.signal for bit in program.bits for member in bit.members if member.where and member.where.ages})
    if aging:
        says = f"A replay can't follow signals whose activities age in and out of them: {', '.join(aging)} asks days_since of a property."
        raise Unsupported(says, "Say it with 'within' or 'wait' on the criterion, or compare the property with a date.")
    windows = [FOREVER if window else 0 for window in program.windows(absences=True)]
    return Ask(program, None, until, windows, {name: exp.column(name, quoted=True) for name in program.properties}, dialect)


def classified(ask: Ask, source: exp.Expr, keep: Sequence[str], *only: str, times: Sequence[str] = TIMES) -> exp.Select:
    """Return the activities that matter: the columns of ``keep`` and ``times``, masks and values.

    Args:
        ask: What is asked.
        source: The activities.
        keep: Columns to keep.
        only: Further conditions on activities.
        times: ``TIMES``, or fewer.
    """
    program, masks = ask.program, dict[str, exp.Expr]()
    if ask.of is not Of.ACCOUNT:
        masks = {mask_name(word): gather.mask(replace(ask, of=Of.PERSON), word) for word in range(program.words)}
    if ask.of is not Of.PERSON and program.of_account():
        masks |= {account_mask_name(word): gather.mask(replace(ask, of=Of.ACCOUNT), word) for word in range(program.words)}
    values = [gather.value(ask.properties[name]).as_(value_name(at)) for at, name in enumerate(program.values)]
    inner = exp.select(*map(exp.column, (*keep, *times)), *(mask.as_(name) for name, mask in masks.items()), *values)
    inner = inner.from_(source).where(*gather.wanted(ask), *only)
    if ask.dialect != "duckdb":
        return exp.select("*").from_(inner.subquery("classified")).where(_some(masks))
    # DuckDB would move the condition on masks below them, and so make each mask twice.
    return exp.select("*").with_("classified", as_=inner, materialized=True).from_("classified").where(_some(masks))


def _some(masks: Iterable[str]) -> exp.Expr:
    return exp.or_(*(exp.NEQ(this=exp.column(name), expression=number(0)) for name in masks))


def measured(program: Program) -> list[str]:
    """Return the columns of masks and values that :func:`classified` gives for activities of both kinds."""
    words = range(program.words)
    theirs = map(account_mask_name, words) if program.of_account() else ()
    return [*map(mask_name, words), *theirs, *map(value_name, range(len(program.values)))]


def own(program: Program, placed: exp.Expr, times: Sequence[str] = TIMES) -> exp.Select:
    """Return people's own activities from classified ones with the codes of their person and account.

    Returns:
        A select of ``person_code``, ``times``, the masks; if accounts matter, their masks and ``account`` (-1 for
        none); and the values.
    """
    if not program.of_account():
        return exp.select("person_code", *times, *measured(program)).from_(placed)
    account = exp.column("account_code")
    nowhere = [exp.If(this=account.is_(exp.null()), true=number(0))]
    theirs = {name: exp.Case(ifs=nowhere, default=exp.column(name)) for name in map(account_mask_name, range(program.words))}
    some = exp.or_(_some(map(mask_name, range(program.words))), exp.and_(exp.not_(account.is_(exp.null())), _some(theirs)))
    columns = [theirs[name].as_(name) if name in theirs else exp.column(name) for name in measured(program)]
    code = exp.cast(exp.func("coalesce", account.copy(), number(-1)), "BIGINT").as_("account")
    return exp.select("person_code", *times, *columns, code).from_(placed).where(some)


def others(program: Program, placed: exp.Expr, members: exp.Query, times: Sequence[str] = TIMES) -> exp.Select:
    """Return, by person, what others and nobody in particular did at the accounts that they were ever at.

    Args:
        program: What is looked for.
        placed: As for :func:`own`, under the alias ``x``.
        members: ``person_code`` and ``account_code``, each pair once.
        times: ``TIMES``, or fewer.
    """
    masks = {mask_name(word): exp.cast(number(0), "BIGINT") for word in range(program.words)}
    columns = [masks[name].as_(name) if name in masks else exp.column(name, "x") for name in measured(program)]
    account = exp.cast(exp.column("account_code", "x"), "BIGINT").as_("account")
    query = exp.select("m.person_code", *(exp.column(name, "x") for name in times), *columns, account).from_(placed)
    query = query.join(members.subquery("m"), on="m.account_code = x.account_code")
    somebody_else = exp.or_("x.person_code is null", "x.person_code <> m.person_code")
    return query.where(somebody_else, _some(map(account_mask_name, range(program.words))))


def members(people: exp.Expr) -> exp.Select:
    """Return who was ever at which account."""
    return exp.select("person_code", "account_code").distinct().from_(people).where("account_code is not null")

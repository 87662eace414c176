"""What a back end asks its database: SQLGlot nodes that classify activities and judge attributes, for every dialect.

Pure: nothing is executed here. A mask has a bit for each signal that an activity belongs to; bits lie in columns of 62,
so that every engine can hold them in a signed 64-bit integer. Conditions on properties are evaluated only on activities
of the types that the signal names.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import reduce

from sqlglot import exp

from leadline.definition import conditions
from leadline.definition.model import Of
from leadline.engine.model import BITS, Attribute, Member, Program
from leadline.facts.model import PAGE_VIEW, VISIT, Side

Columns = Mapping[str, exp.Expr]
MACHINE, STARTS_VISIT = exp.column("machine"), exp.column("starts_visit")


def mask_name(word: int) -> str:
    """Return the name of a mask column."""
    return f"mask_{word}"


def value_name(value: int) -> str:
    """Return the name of the column of a summed property."""
    return f"value_{value}"


def number(value: int) -> exp.Expr:
    """Return an integer literal; negative ones in parentheses."""
    literal = exp.Literal.number(abs(value))
    return literal if value >= 0 else exp.paren(exp.Neg(this=literal))


def mask(program: Program, word: int, of: Of, properties: Columns, as_of: exp.Expr) -> exp.Expr:
    """Return the mask column ``word`` for activities of the person, or of the account."""
    branches = defaultdict[str, list[exp.Expr]](list)
    anything: list[exp.Expr] = []
    for at, bit in enumerate(program.bits[word * BITS : (word + 1) * BITS]):
        by_type = defaultdict[str, list[exp.Expr]](list)
        for member in bit.members:
            if member.of is not of:
                continue
            if not member.types:
                anything.append(_flag(_is_anything(), 1 << at))
            for kind, condition in _by_type(member, properties, as_of):
                by_type[kind].append(condition)
        for kind, any_of in by_type.items():
            branches[kind].append(_flag(exp.or_(*any_of), 1 << at))
    cases = exp.Case(
        this=exp.column("type"),
        ifs=[exp.If(this=exp.Literal.string(kind), true=total(flags)) for kind, flags in sorted(branches.items())],
        default=number(0),
    )
    return exp.cast(total([*([cases] if branches else []), *anything] or [number(0)]), "BIGINT")


def _by_type(member: Member, properties: Columns, as_of: exp.Expr) -> Iterable[tuple[str, exp.Expr]]:
    parts: list[exp.Expr] = []
    if not member.machines:
        parts.append(exp.not_(MACHINE.copy()))
    if member.where:
        parts.append(conditions.to_sql(member.where, properties, as_of))
    holds = exp.and_(*parts) if parts else exp.true()
    for kind in member.types:
        yield kind, holds.copy()
        if kind == VISIT:  # a visit is the page view that starts it
            yield PAGE_VIEW, exp.and_(STARTS_VISIT.copy(), holds.copy())


def _is_anything() -> exp.Expr:
    sides = [exp.Literal.string(side) for side in (Side.MARKETING, Side.PRODUCT)]
    return exp.and_(exp.not_(MACHINE.copy()), exp.column("side").isin(*sides))


def _flag(holds: exp.Expr, flag: int) -> exp.Expr:
    return exp.Case(ifs=[exp.If(this=holds, true=number(flag))], default=number(0))


def total(parts: Sequence[exp.Expr]) -> exp.Expr:
    """Return the sum of the parts."""
    return exp.paren(reduce(lambda a, b: exp.Add(this=a, expression=b), parts))


def value(column: exp.Expr) -> exp.Expr:
    """Return a summed property with unknown and non-finite values as 0."""
    bounded = exp.LT(this=exp.Abs(this=column.copy()), expression=exp.Literal.number("1e300"))
    return exp.Case(ifs=[exp.If(this=bounded, true=column.copy())], default=exp.cast(number(0), "DOUBLE"))


def types_asked(program: Program, of: Of) -> tuple[str, ...] | None:
    """Return the types of activity that matter, or ``None`` if all do (``absent: any``)."""
    members = [member for bit in program.bits for member in bit.members if member.of is of]
    if any(not member.types for member in members):
        return None
    types = {kind for member in members for kind in member.types}
    return tuple(sorted(types | ({PAGE_VIEW} if VISIT in types else set())))


def wanted(program: Program, of: Of, as_of: exp.Expr) -> list[exp.Expr]:
    """Return the conditions that leave out activities that can't matter at ``as_of``."""
    parts: list[exp.Expr] = [exp.LTE(this=exp.column("known"), expression=as_of.copy())]
    if program.reach is not None:
        since = exp.Sub(this=as_of.copy(), expression=number(program.reach))
        parts.append(exp.GT(this=exp.column("occurred"), expression=since))
    types = types_asked(program, of)
    if types is not None:
        parts.append(exp.column("type").isin(*map(exp.Literal.string, types)))
    return parts


def classified(
    program: Program, of: Of, source: exp.Expr, keep: Sequence[str], properties: Columns, as_of: exp.Expr
) -> exp.Select:
    """Return the select of activities that matter: the columns of ``keep``, ``occurred``, masks and values."""
    masks = [mask(program, word, of, properties, as_of).as_(mask_name(word)) for word in range(program.words)]
    values = [value(properties[name]).as_(value_name(at)) for at, name in enumerate(program.values)]
    inner = exp.select(*map(exp.column, (*keep, "occurred")), *masks, *values).from_(source)
    inner = inner.where(*wanted(program, of, as_of))
    some = [exp.NEQ(this=exp.column(mask_name(word)), expression=number(0)) for word in range(program.words)]
    return exp.select("*").from_(inner.subquery("classified")).where(exp.or_(*some))


def attribute_points(attribute: Attribute, columns: Columns, as_of: exp.Expr) -> exp.Expr:
    """Return the micro-points of a criterion on attributes."""
    ifs = [exp.If(this=conditions.to_sql(condition, columns, as_of), true=number(points)) for condition, points in attribute.steps]
    return exp.cast(exp.Case(ifs=ifs, default=number(0)), "BIGINT")

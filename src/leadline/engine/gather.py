"""What a back end asks its database: SQLGlot nodes that classify activities and judge attributes, for every dialect.

Pure: nothing is executed here. A mask has a bit for each signal that an activity belongs to; bits lie in columns of 62,
so that every engine can hold them in a signed 64-bit integer. Conditions on properties are evaluated only on activities
of the types that the signal names.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from sqlglot import exp

from leadline.definition import conditions
from leadline.definition.model import Of
from leadline.engine.model import BITS, FOREVER, Attribute, Member, Program
from leadline.facts.model import PAGE_VIEW, VISIT, Side

Columns = Mapping[str, exp.Expr]
MACHINE, STARTS_VISIT = exp.column("machine"), exp.column("starts_visit")
_SIDES = (Side.MARKETING, Side.PRODUCT)  # of "any" activity


def mask_name(word: int) -> str:
    """Return the name of a mask column."""
    return f"mask_{word}"


def value_name(value: int) -> str:
    """Return the name of the column of a summed property."""
    return f"value_{value}"


def attribute_name(attribute: int) -> str:
    """Return the name of the column of a criterion on attributes."""
    return f"attribute_{attribute}"


def last_name(term: int) -> str:
    """Return the name of the column that says when an absence's signal was last seen."""
    return f"last_{term}"


def number(value: int) -> exp.Expr:
    """Return an integer literal; negative ones in parentheses."""
    literal = exp.Literal.number(abs(value))
    return literal if value >= 0 else exp.paren(exp.Neg(this=literal))


@dataclass(frozen=True)
class Ask:
    """What is asked of activities: for a program, whose, as of when, and how far back for every bit.

    Attributes:
        program: The program.
        of: Activities of the person, or of the account; ``None`` for both.
        as_of: The instant, in microseconds.
        windows: By bit, how far back its activities matter; 0 leaves the bit out.
        properties: A column for every property that conditions and sums use.
        dialect: SQLGlot's name of the database that will be asked.
    """

    program: Program
    of: Of | None
    as_of: exp.Expr
    windows: Sequence[int]
    properties: Columns
    dialect: str = "duckdb"

    def members(self) -> list[tuple[int, Member]]:
        """Return (bit, member) for all that is asked for."""
        bits = enumerate(self.program.bits)
        return [(at, member) for at, bit in bits if self.windows[at] for member in bit.members if self.of in {None, member.of}]

    def types(self) -> tuple[str, ...] | None:
        """Return the types of activity that matter, or ``None`` if all do (``absent: any``)."""
        members = [member for _, member in self.members()]
        if any(not member.types for member in members):
            return None
        types = {kind for member in members for kind in member.types}
        return tuple(sorted(types | ({PAGE_VIEW} if VISIT in types else set())))

    def since(self, window: int) -> exp.Expr:
        """Return the condition that an activity is young enough."""
        return exp.GT(this=exp.column("occurred"), expression=exp.Sub(this=self.as_of.copy(), expression=number(window)))


def mask(ask: Ask, word: int) -> exp.Expr:
    """Return the mask column ``word``: the bits of the signals that an activity belongs to."""
    branches = defaultdict[str, defaultdict[int, list[exp.Expr]]](lambda: defaultdict(list))
    anything: list[exp.Expr] = []
    for at, member in ask.members():
        if at // BITS != word:
            continue
        young = [ask.since(ask.windows[at])] if ask.windows[at] < FOREVER else []
        if not member.types:
            anything.append(_flag(exp.and_(*young, *_is_anything()), at % BITS))
        for kind, holds in _by_type(ask, member):
            branches[kind][at % BITS].append(exp.and_(*young, *holds))
    ifs = [
        exp.If(this=exp.Literal.string(kind), true=total([_flag(exp.or_(*any_of), bit) for bit, any_of in flags.items()]))
        for kind, flags in sorted(branches.items(), key=lambda branch: (branch[0] != PAGE_VIEW, branch[0]))  # the most common first
    ]
    cases = [exp.Case(this=exp.column("type"), ifs=ifs, default=number(0))] if ifs else []
    return exp.cast(total([*cases, *anything] or [number(0)]), "BIGINT")


def _by_type(ask: Ask, member: Member) -> Iterable[tuple[str, list[exp.Expr]]]:
    holds: list[exp.Expr] = [] if member.machines else [exp.not_(MACHINE.copy())]
    if member.where:
        holds.append(conditions.to_sql(member.where, ask.properties, ask.as_of, ask.dialect))
    for kind in member.types:
        yield kind, [part.copy() for part in holds] or [exp.true()]
        if kind == VISIT:  # a visit is the page view that starts it
            yield PAGE_VIEW, [STARTS_VISIT.copy(), *(part.copy() for part in holds)]


def _is_anything() -> tuple[exp.Expr, exp.Expr]:
    ifs = [exp.If(this=exp.Literal.string(side), true=exp.true()) for side in _SIDES]  # `in` takes DuckDB far longer
    return exp.not_(MACHINE.copy()), exp.Case(this=exp.column("side"), ifs=ifs, default=exp.false())


def _flag(holds: exp.Expr, bit: int) -> exp.Expr:
    return exp.Case(ifs=[exp.If(this=holds, true=number(1 << bit))], default=number(0))


def total(parts: Sequence[exp.Expr]) -> exp.Expr:
    """Return the sum of the parts."""
    first, *more = parts
    found = first
    for part in more:
        found = exp.Add(this=found, expression=part)
    return exp.paren(found)


def value(column: exp.Expr) -> exp.Expr:
    """Return a summed property with unknown and non-finite values as 0."""
    bounded = exp.LT(this=exp.Abs(this=column.copy()), expression=exp.Literal.number("1e300"))
    return exp.Case(ifs=[exp.If(this=bounded, true=column.copy())], default=exp.cast(number(0), "DOUBLE"))


def wanted(ask: Ask) -> list[exp.Expr]:
    """Return the conditions that leave out activities that can't matter."""
    parts: list[exp.Expr] = [exp.LTE(this=exp.column("known"), expression=ask.as_of.copy())]
    window = max(ask.windows, default=0)
    if window < FOREVER:
        parts.append(ask.since(window))
    types = ask.types()
    if types == ():
        parts.append(exp.false())
    elif types is not None and ask.dialect != "duckdb":  # which makes a join of it: no faster, and it loses the order of rows
        parts.append(exp.column("type").isin(*map(exp.Literal.string, types)))
    return parts


def classified(ask: Ask, source: exp.Expr, keep: Sequence[str], *only: str) -> exp.Select:
    """Return the select of activities that matter: the columns of ``keep``, ``occurred``, masks and values.

    Args:
        ask: What is asked.
        source: The activities.
        keep: Columns to keep.
        only: Further conditions on activities.
    """
    program = ask.program
    masks = [mask(ask, word).as_(mask_name(word)) for word in range(program.words)]
    values = [value(ask.properties[name]).as_(value_name(at)) for at, name in enumerate(program.values)]
    inner = exp.select(*map(exp.column, (*keep, "occurred")), *masks, *values).from_(source).where(*wanted(ask), *only)
    some = exp.or_(*(exp.NEQ(this=exp.column(mask_name(word)), expression=number(0)) for word in range(program.words)))
    if ask.dialect != "duckdb":
        return exp.select("*").from_(inner.subquery("classified")).where(some)
    # DuckDB would move the condition on masks below them, and so make each mask twice.
    return exp.select("*").with_("classified", as_=inner, materialized=True).from_("classified").where(some)


def latest(ask: Ask, source: exp.Expr, key: str) -> exp.Select:
    """Return, by ``key``, when each absence's signal was last seen: a column ``last_<term>`` a term of kind ``ABSENT``."""
    columns: list[exp.Expr] = []
    for k in ask.program.absences():
        only = replace(ask, windows=[FOREVER if bit in ask.program.terms[k].bits else 0 for bit in range(len(ask.windows))])
        holds = [
            exp.and_(exp.column("type").eq(exp.Literal.string(kind)), *parts)
            for _, member in only.members()
            for kind, parts in _by_type(only, member)
        ]
        if any(not member.types for _, member in only.members()):  # a branch for each side, since `in` takes half as long again
            holds += [exp.and_(exp.not_(MACHINE.copy()), exp.column("side").eq(exp.Literal.string(side))) for side in _SIDES]
        seen = exp.Case(ifs=[exp.If(this=hold, true=exp.column("occurred")) for hold in holds or [exp.false()]])
        columns.append(exp.Max(this=seen).as_(last_name(k)))
    all_bits = {bit for k in ask.program.absences() for bit in ask.program.terms[k].bits}
    every = replace(ask, windows=[FOREVER if bit in all_bits else 0 for bit in range(len(ask.windows))])
    return exp.select(key, *columns).from_(source).where(*wanted(every)).group_by(key)


def attribute_points(attribute: Attribute, columns: Columns, as_of: exp.Expr) -> exp.Expr:
    """Return the micro-points of a criterion on attributes."""
    ifs = [exp.If(this=conditions.to_sql(condition, columns, as_of), true=number(points)) for condition, points in attribute.steps]
    return exp.cast(exp.Case(ifs=ifs, default=number(0)), "BIGINT")

"""Points → groups, score, bands, grade and tracks: rows with a column per criterion.

The same for every back end: DuckDB evaluates the rules over the columns in memory, also inside Spark's executors.
"""

from __future__ import annotations

from collections.abc import Mapping

from sqlglot import exp

from leadline.definition import conditions
from leadline.engine import gather
from leadline.engine.model import MICRO, Band, GroupPlan, Program, Rule
from leadline.engine.plan import Layout, band_name


def term_name(term: int) -> str:
    """Return the column of a term's micro-points."""
    return f"term_{term}"


def query(program: Program, as_of: exp.Expr) -> exp.Select:
    """Return the query over ``people_at`` and ``points``, row by row side by side, that yields scored rows, best first.

    Args:
        program: What was measured.
        as_of: The instant, in microseconds.

    Returns:
        A query over ``people_at`` (``person_id``, ``account_id``, ``attribute_0`` … in micro-points,
        ``person.*`` and ``account.*`` for what the rules refer to) and ``points`` (``term_0`` …, in
        micro-points). It gives the columns of :class:`leadline.engine.plan.Layout`; points as numbers, ``tracks`` as a
        list, ``disqualified`` and ``suspended`` as a reason or NULL.
    """
    names = _names(program)
    attributes = [_column(name) for name in sorted(program.rule_names()) if name.startswith(("person.", "account."))]
    kept = [_column("person_id"), _column("account_id"), *attributes]
    criteria = {name: _column(gather.attribute_name(-1 - term) if term < 0 else term_name(term)) for name, term in program.criteria}
    grouped = exp.select(
        *kept,
        *(column.as_(name, quoted=True) for name, column in criteria.items()),
        *(_group_total(program, group, criteria).as_(group.name, quoted=True) for group in program.groups),
    ).from_("people_at")
    grouped.append("joins", exp.Join(this=exp.to_table("points"), method="POSITIONAL"))
    score = gather.total([_column(group.name) for group in program.groups if group.in_score] or [gather.number(0)])
    points = [_points(_column(name)).as_(name, quoted=True) for name in (*criteria, *(group.name for group in program.groups))]
    scored = exp.select(*kept, *points, _points(score).as_("score")).from_(grouped.subquery("grouped"))
    banded = exp.select("*", *(_label(band).as_(band_name(band.of), quoted=True) for band in program.bands)).from_(
        scored.subquery("scored")
    )
    parts = [_column(band_name(of)) for of in program.grade]
    grade = exp.Concat(expressions=parts) if parts else exp.cast(exp.null(), "VARCHAR")
    graded = exp.select("*", grade.as_("grade")).from_(banded.subquery("banded"))
    judged = exp.select(
        "*", _first(program.disqualify, names, as_of).as_("disqualified"), _first(program.suspend, names, as_of).as_("suspended")
    ).from_(graded.subquery("graded"))
    out = [_column(name) for name in layout(program, "").columns() if name != "tracks"]
    found = exp.select(*out, _tracks(program, names, as_of).as_("tracks")).from_(judged.subquery("judged"))
    return found.order_by(exp.Ordered(this=exp.column("score"), desc=True, nulls_first=False), exp.column("person_id"))


def layout(program: Program, title: str) -> Layout:
    """Return what scored rows look like."""
    groups, bands = tuple(group.name for group in program.groups), tuple(band.of for band in program.bands)
    criteria = tuple(name for name, _ in program.criteria)
    return Layout(title, program.fingerprint, groups, bands, criteria, tuple(rule.name for rule in program.tracks))


def _column(name: str) -> exp.Column:
    return exp.column(name, quoted=True)


def _points(micro: exp.Expr) -> exp.Expr:
    return exp.Div(this=_double(micro), expression=_double(gather.number(MICRO)))


def _group_total(program: Program, group: GroupPlan, criteria: Mapping[str, exp.Expr]) -> exp.Expr:
    total = gather.total([criteria[program.criteria[at][0]].copy() for at in group.criteria])
    if group.scale is not None:
        size = exp.Mul(this=_double(exp.Abs(this=total.copy())), expression=_double(exp.Literal.number(group.scale_by)))
        near = exp.cast(exp.Floor(this=exp.Add(this=size, expression=_double(exp.Literal.number("0.501")))), "BIGINT")
        scaled = exp.Mul(this=exp.cast(exp.Sign(this=total.copy()), "BIGINT"), expression=near)
        holds = exp.NEQ(this=_column(term_name(group.scale)), expression=gather.number(0))
        total = exp.Case(ifs=[exp.If(this=holds, true=scaled)], default=total)
    if group.floor is not None:
        total = exp.Greatest(this=total, expressions=[gather.number(group.floor)], ignore_nulls=True)
    if group.cap is not None:
        total = exp.Least(this=total, expressions=[gather.number(group.cap)], ignore_nulls=True)
    return total


def _names(program: Program) -> dict[str, exp.Expr]:
    return {name: _column(band_name(name.removeprefix("band.")) if name.startswith("band.") else name) for name in program.rule_names()}


def _double(expression: exp.Expr) -> exp.Expr:
    return exp.cast(expression, "DOUBLE")


def _label(band: Band) -> exp.Expr:
    value = _column(band.of)
    ifs = [
        exp.If(this=exp.GTE(this=value.copy(), expression=_double(exp.Literal.number(bound))), true=exp.Literal.string(label))
        for label, bound in band.bounds
    ]
    return exp.Case(ifs=ifs, default=exp.Literal.string(band.bounds[-1][0]))


def _first(rules: tuple[Rule, ...], names: Mapping[str, exp.Expr], as_of: exp.Expr) -> exp.Expr:
    if not rules:
        return exp.cast(exp.null(), "VARCHAR")
    return exp.Case(ifs=[exp.If(this=conditions.to_sql(rule.when, names, as_of), true=exp.Literal.string(rule.name)) for rule in rules])


def _tracks(program: Program, names: Mapping[str, exp.Expr], as_of: exp.Expr) -> exp.Expr:
    free = exp.and_(exp.column("disqualified").is_(exp.null()), exp.column("suspended").is_(exp.null()))
    held = [
        exp.Case(ifs=[exp.If(this=exp.and_(free.copy(), conditions.to_sql(rule.when, names, as_of)), true=exp.Literal.string(rule.name))])
        for rule in program.tracks
    ]
    element = exp.to_identifier("track")
    some = exp.Lambda(this=exp.not_(exp.column("track").is_(exp.null())), expressions=[element])
    return exp.ArrayFilter(this=exp.Array(expressions=held), expression=some)

"""What a condition means in SQL, as SQLGlot nodes that mean the same whichever engine they are generated for."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from sqlglot import exp

from leadline.definition.conditions.tree import Node, Op
from leadline.facts.model import Type

_BINARY: dict[Op, type[exp.Binary]] = {
    Op.EQ: exp.EQ, Op.NE: exp.NEQ, Op.LT: exp.LT, Op.LE: exp.LTE, Op.GT: exp.GT, Op.GE: exp.GTE, Op.ADD: exp.Add,
    Op.SUB: exp.Sub, Op.MUL: exp.Mul, Op.LIKE: exp.Like,
}  # fmt: skip
_ORDERING = (Op.LT, Op.LE, Op.GT, Op.GE)
_BARE = (exp.Column, exp.Identifier, exp.Literal, exp.Boolean, exp.Cast, exp.Paren, exp.Coalesce, exp.Lower, exp.Upper, exp.Anonymous)
_CLICKHOUSE = {Op.LOWER: "lowerUTF8", Op.UPPER: "upperUTF8", Op.LENGTH: "lengthUTF8"}


def render(node: Node, columns: Mapping[str, exp.Expr], as_of: exp.Expr, dialect: str) -> exp.Expr:
    """Return a resolved tree as an expression over ``columns``; every compound operand stands in parentheses."""
    return _Renderer(columns, as_of, dialect).render(node)


class _Renderer:
    def __init__(self, columns: Mapping[str, exp.Expr], as_of: exp.Expr, dialect: str) -> None:
        self.columns, self.as_of, self.dialect = columns, as_of, dialect

    def render(self, node: Node) -> exp.Expr:
        return _RENDERERS[node.op](self, node)

    def operand(self, node: Node) -> exp.Expr:
        return _operand(self.render(node))

    def name(self, node: Node) -> exp.Expr:
        return self.columns[str(node.value)].copy()

    def literal(self, node: Node) -> exp.Expr:
        value = node.value
        if isinstance(value, str):
            return exp.Literal.string(value)
        if isinstance(value, bool):
            return exp.Boolean(this=value)
        return exp.Literal.number(str(value)) if node.type is Type.TIME else _number(float(value or 0))

    def ago(self, node: Node) -> exp.Expr:
        micros = int(node.value or 0)
        sign = exp.Sub if micros >= 0 else exp.Add
        return sign(this=_operand(self.as_of.copy()), expression=exp.Literal.number(str(abs(micros))))

    def connect(self, node: Node) -> exp.Expr:
        kind = exp.And if node.op is Op.AND else exp.Or
        found, *rest = map(self.operand, node.args)
        for arg in rest:
            found = kind(this=found, expression=arg)
        return found

    def binary(self, node: Node) -> exp.Expr:
        left, right = map(self.operand, node.args)
        if self.dialect == "postgres" and node.op in _ORDERING and node.args[0].type is Type.TEXT:
            left, right = (_collated(side, "C") for side in (left, right))
        return _BINARY[node.op](this=left, expression=right)

    def divide(self, node: Node) -> exp.Expr:
        left, right = map(self.operand, node.args)
        return exp.Div(this=left, expression=exp.Nullif(this=right, expression=_number(0.0)), typed=False, safe=False)

    def unary(self, node: Node) -> exp.Expr:
        arg = self.operand(node.args[0])
        if node.op is Op.IS_NULL:
            return exp.Is(this=arg, expression=exp.Null())
        return exp.Not(this=arg) if node.op is Op.NOT else exp.Neg(this=exp.Paren(this=arg))

    def function(self, node: Node) -> exp.Expr:
        found = self.folded(node.op, self.render(node.args[0]))
        return exp.cast(found, exp.DataType.Type.DOUBLE) if node.op is Op.LENGTH else found

    def folded(self, op: Op, arg: exp.Expr) -> exp.Expr:
        if self.dialect == "clickhouse":
            return exp.Anonymous(this=_CLICKHOUSE[op], expressions=[arg])
        if self.dialect == "postgres" and op is not Op.LENGTH:
            arg = _collated(_operand(arg), "pg_c_utf8")
        return {Op.LOWER: exp.Lower, Op.UPPER: exp.Upper, Op.LENGTH: exp.Length}[op](this=arg)

    def several(self, node: Node) -> exp.Expr:
        first, *rest = map(self.operand, node.args)
        return (exp.In if node.op is Op.IN else exp.Coalesce)(this=first, expressions=rest)

    def rank(self, node: Node) -> exp.Expr:
        ifs = [exp.If(this=exp.Literal.string(label), true=_number(float(at))) for at, label in enumerate(node.order)]
        return exp.Case(this=self.operand(node.args[0]), ifs=ifs)


_RENDERERS: dict[Op, Callable[[_Renderer, Node], exp.Expr]] = {
    Op.NAME: _Renderer.name, Op.LITERAL: _Renderer.literal, Op.AGO: _Renderer.ago, Op.DIV: _Renderer.divide, Op.RANK: _Renderer.rank,
    **dict.fromkeys(_BINARY, _Renderer.binary),
    **dict.fromkeys((Op.AND, Op.OR), _Renderer.connect),
    **dict.fromkeys((Op.NOT, Op.NEG, Op.IS_NULL), _Renderer.unary),
    **dict.fromkeys((Op.LOWER, Op.UPPER, Op.LENGTH), _Renderer.function),
    **dict.fromkeys((Op.IN, Op.COALESCE), _Renderer.several),
}  # fmt: skip


def _collated(text: exp.Expr, collation: str) -> exp.Expr:
    """Return text under one of PostgreSQL's collations: "C" orders by code point, "pg_c_utf8" (from 17) folds one for one."""
    return exp.Collate(this=text, expression=exp.to_identifier(collation, quoted=True))


def _operand(found: exp.Expr) -> exp.Expr:
    return found if isinstance(found, _BARE) else exp.Paren(this=found)


def _number(value: float) -> exp.Expr:
    """Return a double. Fractions get an exponent, so that no engine reads them as a decimal and rounds twice."""
    whole = value.is_integer() and abs(value) < 2**53
    digits = str(int(value)) if whole else repr(value) if "e" in repr(value) else f"{value!r}e0"
    return exp.cast(exp.Literal.number(digits), exp.DataType.Type.DOUBLE)

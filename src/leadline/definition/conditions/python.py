"""What a condition means for one row, as a closure that follows SQL's three-valued logic: ``None`` is unknown."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from leadline.definition.conditions.tree import ARITHMETIC, COMPARISONS, Node, Op

# Values are whatever the row holds; types were checked when the condition was read.
Row: TypeAlias = Mapping[str, Any]
Closure: TypeAlias = Callable[[Row, int], Any]

_COMPARE: dict[Op, Callable[[Any, Any], bool]] = {
    Op.EQ: operator.eq, Op.NE: operator.ne, Op.LT: operator.lt, Op.LE: operator.le, Op.GT: operator.gt, Op.GE: operator.ge,
}  # fmt: skip
_COMPUTE: dict[Op, Callable[[float, float], float | None]] = {
    Op.ADD: operator.add, Op.SUB: operator.sub, Op.MUL: operator.mul, Op.DIV: lambda a, b: a / b if b else None,
}  # fmt: skip


def render(node: Node) -> Closure:
    """Return a closure over (row, as_of) for a resolved tree."""
    if node.op in _COMPARE or node.op in _COMPUTE:
        return _binary(node)
    return _RENDERERS.get(node.op, _unary)(node)


def _name(node: Node) -> Closure:
    name = str(node.value)
    return lambda row, _as_of: row[name]


def _literal(node: Node) -> Closure:
    value = node.value
    return lambda _row, _as_of: value


def _ago(node: Node) -> Closure:
    micros = int(node.value or 0)
    return lambda _row, as_of: as_of - micros


def _is_null(node: Node) -> Closure:
    inner = render(node.args[0])
    return lambda row, as_of: inner(row, as_of) is None


def _binary(node: Node) -> Closure:
    left, right = map(render, node.args)
    act: Callable[[Any, Any], Any] = _COMPARE.get(node.op) or _COMPUTE[node.op]
    # Only arithmetic can bring forth NaN; engines put it above all other numbers and equal to itself.
    may_be_nan = node.op in COMPARISONS and any(inner.op in ARITHMETIC for arg in node.args for inner in arg.walk())

    def apply(row: Row, as_of: int) -> Any:
        a = left(row, as_of)
        if a is None:
            return None
        b = right(row, as_of)
        if b is None:
            return None
        return act(_above(a), _above(b)) if may_be_nan else act(a, b)

    return apply


def _above(value: float) -> tuple[bool, float]:
    return (True, 0.0) if value != value else (False, value)  # noqa: PLR0124 - only NaN differs from itself


def _unary(node: Node) -> Closure:
    inner = render(node.args[0])
    act = _unary_act(node)

    def apply(row: Row, as_of: int) -> Any:
        value = inner(row, as_of)
        return None if value is None else act(value)

    return apply


def _unary_act(node: Node) -> Callable[[Any], Any]:
    if node.op is Op.RANK:
        return {label: float(at) for at, label in enumerate(node.order)}.get
    acts: dict[Op, Callable[[Any], Any]] = {
        Op.NOT: operator.not_, Op.NEG: operator.neg, Op.LOWER: lower, Op.UPPER: upper, Op.LENGTH: lambda text: float(len(text)),
    }  # fmt: skip
    return acts[node.op]


def _connect(node: Node) -> Closure:
    parts, decides = list(map(render, node.args)), node.op is Op.OR

    def apply(row: Row, as_of: int) -> bool | None:
        result: bool | None = not decides
        for part in parts:
            value = part(row, as_of)
            if value is decides:
                return decides
            if value is None:
                result = None
        return result

    return apply


def _coalesce(node: Node) -> Closure:
    parts = list(map(render, node.args))

    def apply(row: Row, as_of: int) -> Any:
        return next((value for part in parts if (value := part(row, as_of)) is not None), None)

    return apply


def _in(node: Node) -> Closure:
    inner = render(node.args[0])
    items = frozenset(arg.value for arg in node.args[1:])

    def apply(row: Row, as_of: int) -> bool | None:
        value = inner(row, as_of)
        return None if value is None else value in items

    return apply


def _like(node: Node) -> Closure:
    inner, pattern = render(node.args[0]), node.args[1]
    folded = pattern.op is Op.LOWER
    text = lower(str(pattern.args[0].value)) if folded else str(pattern.value)
    matches = re.compile("".join({"%": ".*", "_": "."}.get(sign) or re.escape(sign) for sign in text), re.DOTALL).fullmatch

    def apply(row: Row, as_of: int) -> bool | None:
        value = inner(row, as_of)
        return None if value is None else matches(value) is not None

    return apply


_RENDERERS: dict[Op, Callable[[Node], Closure]] = {
    Op.NAME: _name, Op.LITERAL: _literal, Op.AGO: _ago, Op.LIKE: _like, Op.IN: _in, Op.IS_NULL: _is_null, Op.AND: _connect,
    Op.OR: _connect, Op.COALESCE: _coalesce,
}  # fmt: skip


def lower(text: str) -> str:
    """Return the text in lower case, one code point for one code point, as engines do (Unicode's simple mapping)."""
    return text.lower() if text.isascii() else "".join(map(_lower, text))


def upper(text: str) -> str:
    """Return the text in upper case, one code point for one code point."""
    return text.upper() if text.isascii() else "".join(map(_upper, text))


def _lower(sign: str) -> str:
    folded = sign.lower()
    return folded if len(folded) == 1 else folded[0]  # only 'İ' has two


def _upper(sign: str) -> str:
    options = (sign.upper(), sign.title(), "ẞ" if sign == "ß" else sign)
    return next(option for option in options if len(option) == 1)

"""From text to a tree, by SQLGlot's parser: only what the language has comes through, everything else is refused.

SQLGlot reads far more than the language means to have, and reads some of it more kindly than the engines would. So
its tokens are looked at first (no comments, no foreign operators or functions, no two comparisons in a row without
parentheses), and then every node and every argument of a node must be one that is listed here.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator

import sqlglot
from sqlglot import exp
from sqlglot.errors import ParseError, SqlglotError
from sqlglot.tokenizer_core import Token, TokenType

from leadline.definition.conditions.tree import FUNCTIONS, Node, Op
from leadline.errors import Place, Problem, did_you_mean

LONGEST = 10_000
_LITERAL = (TokenType.STRING, TokenType.NUMBER, TokenType.IDENTIFIER)
_NUMBER = re.compile(r"(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?")
_WORD = re.compile(r"[^\W\d]\w*")
_SYMBOLS = frozenset({"(", ")", ",", ".", "=", "<>", "!=", "<", "<=", ">", ">=", "+", "-", "*", "/"})
_PREDICATES = frozenset({"=", "<>", "!=", "<", "<=", ">", ">=", "in", "like", "ilike", "is", "between"})
_KEYWORDS = frozenset({"and", "or", "not", "in", "between", "like", "ilike", "is"})
_OPENING = (_SYMBOLS - {")", "."}) | _KEYWORDS


class _Bad(Exception):
    def __init__(self, code: str, says: str, fix: str = "") -> None:
        super().__init__(says)
        self.code, self.says, self.fix = code, says, fix


def read(text: str, where: Place) -> tuple[Node | None, list[Problem]]:
    """Return the tree of a condition's text, its names not yet looked up, or the first problem that its text has."""
    try:
        _check_tokens(text)
        return _node(_parse(text)), []
    except _Bad as bad:
        return None, [Problem(bad.code, where, bad.says, bad.fix)]
    except RecursionError:
        return None, [Problem("condition-syntax", where, "the condition is nested too deeply.", "Split it.")]


def _parse(text: str) -> exp.Expr:
    try:
        return sqlglot.parse_one(text, into=exp.Condition)
    except ParseError as error:
        spot = next((str(found["highlight"]) for found in error.errors if found.get("highlight")), "")
        says = f"the condition {text!r} can't be read" + (f" at '{spot}'." if spot else ".")
        fix = "Write it as SQL would; a name that is a word of SQL goes into double quotes."
        raise _Bad("condition-syntax", says, fix) from None


def _check_tokens(text: str) -> None:
    if len(text) > LONGEST:
        raise _Bad("condition-syntax", f"the condition is longer than {LONGEST} characters.", "Split it.")
    try:
        found = sqlglot.tokenize(text)
    except SqlglotError:
        raise _Bad("condition-syntax", f"the condition {text!r} has a quote or bracket that isn't closed.") from None
    if not found:
        raise _Bad("condition-syntax", "the condition is empty.", "Remove it or write one.")
    for token, following in zip(found, [*found[1:], None], strict=True):
        _check_token(token, following)
    words = ["" if token.token_type in _LITERAL else token.text.lower() for token in found]
    _check_leniency(words)
    _check_precedence(words)


def _check_token(token: Token, following: Token | None) -> None:
    if token.comments:
        raise _Bad("unsupported-condition", "a condition has no comments ('--' starts one).", "Use YAML's '#' outside it.")
    if token.token_type is TokenType.NUMBER and not _NUMBER.fullmatch(token.text):
        raise _Bad("condition-syntax", f"'{token.text}' is not a number.", "Write 20, 0.5 or 1e6.")
    if token.token_type in _LITERAL:
        return
    word = token.text.lower()
    if _WORD.fullmatch(word):
        called = following is not None and following.token_type is TokenType.L_PAREN
        if called and word not in FUNCTIONS and word not in _KEYWORDS:
            names = [function.value for function in FUNCTIONS]
            raise _Bad("unknown-function", f"'{token.text}' is not a function of the language.", did_you_mean(word, names))
        if word == "if":  # takes SQLGlot from expressions to statements
            raise _Bad("condition-syntax", "'if' is a word of SQL.", "As a name it goes into double quotes.")
    elif not all(part in _SYMBOLS for part in word.split()):
        fix = "Write '='." if word == "==" else f"There are: {' '.join(sorted(_SYMBOLS))}"
        raise _Bad("unsupported-condition", f"'{token.text}' has no meaning in a condition.", fix)


def _check_leniency(words: list[str]) -> None:
    """Refuse what the parser would take kindly: ``+ person.is_student``, ``score not null``, ``score isnull``."""
    for at, word in enumerate(words):
        before = words[max(0, at - 2) : at]
        if word == "+" and (not before or before[-1] in _OPENING):
            raise _Bad("unsupported-condition", "a '+' needs something before it.", "Remove it.")
        if word in ("isnull", "notnull") or (word == "null" and before[-1:] == ["not"] and before != ["is", "not"]):
            raise _Bad("unsupported-condition", f"'{word}' can't stand like this.", "Write 'is null' or 'is not null'.")


def _check_precedence(words: list[str]) -> None:
    """Refuse ``a = b is null``: engines disagree on what such a chain means."""
    depths = [0]
    for word in words:
        if word == "(":
            depths.append(0)
        elif word == ")":
            depths = depths[:-1] or [0]
        elif word in ("and", "or", ","):
            depths[-1] = 0
        elif word in _PREDICATES:
            depths[-1] += 1
        if depths[-1] > 1:
            raise _ambiguous()


def _ambiguous() -> _Bad:
    says = "two comparisons stand in a row, which engines read differently."
    return _Bad("unsupported-condition", says, "Put one of them in parentheses, or join them with 'and'.")


_BINARY: dict[type[exp.Expr], Op] = {
    exp.And: Op.AND, exp.Or: Op.OR, exp.EQ: Op.EQ, exp.NEQ: Op.NE, exp.LT: Op.LT, exp.LTE: Op.LE, exp.GT: Op.GT,
    exp.GTE: Op.GE, exp.Add: Op.ADD, exp.Sub: Op.SUB, exp.Mul: Op.MUL, exp.Div: Op.DIV, exp.Like: Op.LIKE,
    exp.ILike: Op.ILIKE,
}  # fmt: skip
_UNARY: dict[type[exp.Expr], Op] = {exp.Not: Op.NOT, exp.Neg: Op.NEG, exp.Lower: Op.LOWER, exp.Upper: Op.UPPER, exp.Length: Op.LENGTH}
_LOOSE = (exp.Not, exp.Between, exp.In, exp.Is, exp.Like, exp.ILike, exp.EQ, exp.NEQ, exp.LT, exp.LTE, exp.GT, exp.GTE)


def _node(found: exp.Expr) -> Node:
    kind = type(found)
    if kind is exp.Paren:
        _only(found, "this")
        return _node(found.this)
    if kind in _BINARY:
        return _binary(found, _BINARY[kind])
    if kind in _UNARY:
        _only(found, "this")
        return _unary(_UNARY[kind], _node(found.this))
    if kind in _READERS:
        return _READERS[kind](found)
    raise _unsupported(found)


def _binary(found: exp.Expr, op: Op) -> Node:
    _only(found, "this", "expression", "negate")
    left, right = found.this, found.expression
    if op not in (Op.AND, Op.OR) and isinstance(left, _LOOSE) | isinstance(right, _LOOSE):
        raise _ambiguous()
    args = (_node(left), _node(right))
    if op in (Op.AND, Op.OR):
        args = tuple(inner for arg in args for inner in (arg.args if arg.op is op else (arg,)))
    node = Node(op, args)
    return Node(Op.NOT, (node,)) if found.args.get("negate") else node


def _unary(op: Op, arg: Node) -> Node:
    number = op is Op.NEG and arg.op is Op.LITERAL and isinstance(arg.value, float)
    return Node(Op.LITERAL, value=-float(arg.value or 0)) if number else Node(op, (arg,))


def _name(found: exp.Expr) -> Node:
    parts = list[exp.Expr](found.parts) if isinstance(found, exp.Column | exp.Dot) else []
    if not parts or not all(isinstance(part, exp.Identifier) for part in parts):
        raise _unsupported(found)
    return Node(Op.NAME, value=".".join(part.name for part in parts))


def _literal(found: exp.Expr) -> Node:
    if found.args.get("is_string"):
        return Node(Op.LITERAL, value=str(found.this))
    number = float(found.this)
    if not math.isfinite(number):
        raise _Bad("unsupported-condition", f"{found.this} is too large for a number.")
    return Node(Op.LITERAL, value=number)


def _boolean(found: exp.Expr) -> Node:
    return Node(Op.LITERAL, value=bool(found.this))


def _between(found: exp.Expr) -> Node:
    _only(found, "this", "low", "high")
    return Node(Op.BETWEEN, tuple(_node(found.args[key]) for key in ("this", "low", "high")))


def _in(found: exp.Expr) -> Node:
    _only(found, "this", "expressions")
    items = [_node(item) for item in found.expressions]
    if not items or any(item.op is not Op.LITERAL for item in items):
        raise _Bad("unsupported-condition", "'in' takes a list of literals.", "Write: path in ('/a', '/b')")
    return Node(Op.IN, (_node(found.this), *items))


def _is(found: exp.Expr) -> Node:
    _only(found, "this", "expression")
    if not isinstance(found.expression, exp.Null):
        raise _Bad("unsupported-condition", "'is' goes with null only.", "Write the attribute bare, or 'not' before it.")
    return Node(Op.IS_NULL, (_node(found.this),))


def _coalesce(found: exp.Expr) -> Node:
    _only(found, "this", "expressions")
    return Node(Op.COALESCE, tuple(map(_node, (found.this, *found.expressions))))


def _called(found: exp.Expr) -> Node:
    if str(found.this).lower() != Op.DAYS_SINCE or len(found.expressions) != 1:
        raise _unsupported(found)
    return Node(Op.DAYS_SINCE, (_node(found.expressions[0]),))


def _null(found: exp.Expr) -> Node:
    del found
    raise _Bad("unsupported-condition", "null can only be asked for with 'is null'; everything else with it is unknown.")


_READERS: dict[type[exp.Expr], Callable[[exp.Expr], Node]] = {
    exp.Column: _name, exp.Dot: _name, exp.Literal: _literal, exp.Boolean: _boolean, exp.Between: _between, exp.In: _in,
    exp.Is: _is, exp.Coalesce: _coalesce, exp.Anonymous: _called, exp.Null: _null,
}  # fmt: skip


def _only(found: exp.Expr, *allowed: str) -> None:
    extra = [key for key in _present(found) if key not in allowed]
    if extra:
        raise _unsupported(found)


def _present(found: exp.Expr) -> Iterator[str]:
    return (key for key, value in found.args.items() if value)


def _unsupported(found: exp.Expr) -> _Bad:
    says = f"'{found.sql()}' is more than a condition may say."
    has = "comparisons, and, or, not, in, between, like, ilike, is null, arithmetic and "
    functions = ", ".join(sorted(function.value for function in FUNCTIONS))
    return _Bad("unsupported-condition", says, f"There are {has}{functions}; a name that is a word of SQL goes into double quotes.")

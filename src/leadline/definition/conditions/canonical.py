"""From a tree back to text, in one form: what fingerprints are taken of, and what problems quote."""

from __future__ import annotations

from collections.abc import Callable

import sqlglot
from sqlglot.tokenizer_core import TokenType

from leadline.definition.conditions.tree import FUNCTIONS, Node, Op


def write(node: Node) -> str:
    """Return the canonical text: every operand that isn't a name, literal or function call stands in parentheses.

    Two texts that differ only in case of keywords, spacing or redundant parentheses have the same canonical text.
    """
    if node.op in _FORMS:
        return _FORMS[node.op](node)
    if node.op in FUNCTIONS or node.op is Op.RANK:
        return f"{node.op.value}({', '.join(map(write, node.args))})"
    return f" {node.op.value} ".join(map(_operand, node.args))


def _operand(node: Node) -> str:
    bare = node.op in FUNCTIONS or node.op in (Op.NAME, Op.LITERAL, Op.RANK, Op.AGO)
    return write(node) if bare else f"({write(node)})"


def _identifier(part: str) -> str:
    plain = part.isidentifier() and sqlglot.tokenize(part)[0].token_type is TokenType.VAR
    return part if plain else '"' + part.replace('"', '""') + '"'


def _literal(value: str | float | None) -> str:
    if isinstance(value, str):
        return "'" + value.replace("'", "''") + "'"
    if isinstance(value, bool):
        return "true" if value else "false"
    return f"{value:g}" if isinstance(value, float) and float(f"{value:g}") == value else repr(value)


def _in(node: Node) -> str:
    return f"{_operand(node.args[0])} in ({', '.join(map(write, node.args[1:]))})"


def _between(node: Node) -> str:
    value, low, high = map(_operand, node.args)
    return f"{value} between {low} and {high}"


_FORMS: dict[Op, Callable[[Node], str]] = {
    Op.NAME: lambda node: ".".join(map(_identifier, str(node.value).split("."))),
    Op.LITERAL: lambda node: _literal(node.value),
    Op.AGO: lambda node: f"ago({node.value})",
    Op.NOT: lambda node: f"not {_operand(node.args[0])}",
    Op.NEG: lambda node: f"-{_operand(node.args[0])}",
    Op.IS_NULL: lambda node: f"{_operand(node.args[0])} is null",
    Op.IN: _in,
    Op.BETWEEN: _between,
}

"""Conditions: SQL boolean expressions over names, read once and then rendered as SQL or as a Python closure.

:func:`parse` reads and checks one, :func:`to_sql` and :func:`to_python` say what it means. Inside a condition logic is
three-valued; that *unknown* counts as false in the end is the caller's business. The tree itself
(:mod:`~leadline.definition.conditions.tree`) is there for whoever has to reason about a condition.

>>> from leadline.facts.model import Column
>>> condition, problems = parse("person.employees >= 100", {"person.employees": Column(Type.NUMBER)})
>>> to_python(condition)({"person.employees": 250.0}, 0)
True
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property

from sqlglot import exp

from leadline.definition.conditions import python, sql, syntax, types
from leadline.definition.conditions.canonical import write
from leadline.definition.conditions.scopes import Scopes, scopes
from leadline.definition.conditions.tree import Node, Op
from leadline.definition.conditions.types import OpenScope
from leadline.errors import Place, Problem
from leadline.facts.model import Column, Type

__all__ = [
    "NEVER", "Condition", "OpenScope", "Scopes", "canonical", "parse", "parse_value", "reaches", "scopes", "to_python", "to_sql",
]  # fmt: skip
NOWHERE = Place()


@dataclass(frozen=True)
class Condition:
    """A condition that has been read and checked.

    Attributes:
        text: As it was written.
        tree: What it says, with names resolved and types settled.
        names: The names it refers to, such as ``person.title``, ``score`` or ``path``.
        type: What comes out: ``BOOLEAN``, or ``NUMBER`` for the value of tiers.
    """

    text: str
    tree: Node
    names: frozenset[str]
    type: Type

    @cached_property
    def ages(self) -> frozenset[tuple[str, int]]:
        """Every ``days_since`` bound as (name of the time, microseconds): the answer may change when that age is reached or passed."""
        pairs = (node.args for node in self.tree.walk() if len(node.args) == 2)
        return frozenset((str(time.value), int(ago.value or 0)) for time, ago in pairs if ago.op is Op.AGO)

    @cached_property
    def expr(self) -> exp.Expr:
        """The condition as a neutral SQLGlot expression over columns called as in ``names``, at the column ``as_of``."""
        return to_sql(self, {name: exp.column(name, quoted=True) for name in self.names}, exp.column("as_of"))


NEVER = Condition("false", Node(Op.LITERAL, value=False, type=Type.BOOLEAN), frozenset(), Type.BOOLEAN)
"""The condition that never holds."""


def parse(text: str, scope: Mapping[str, Column], where: Place = NOWHERE) -> tuple[Condition | None, list[Problem]]:
    """Return the condition that ``text`` writes, or ``None`` and everything that is wrong with it.

    Args:
        text: A boolean SQL expression.
        scope: The names that may be used, as written, with their columns.
        where: The place to give problems.
    """
    return _parse(text, scope, where, Type.BOOLEAN)


def parse_value(text: str, scope: Mapping[str, Column], where: Place = NOWHERE) -> tuple[Condition | None, list[Problem]]:
    """Return the number that ``text`` writes (the ``value`` of tiers); ordered text gives its rank, from 0."""
    return _parse(text, scope, where, Type.NUMBER)


def _parse(text: str, scope: Mapping[str, Column], where: Place, wanted: Type) -> tuple[Condition | None, list[Problem]]:
    tree, problems = syntax.read(text, where)
    if tree is None:
        return None, problems
    resolved, problems = types.resolve(tree, scope, where, wanted)
    if resolved is None:
        return None, problems
    names = frozenset(str(node.value) for node in resolved.walk() if node.op is Op.NAME)
    return Condition(text, resolved, names, wanted), []


def reaches(value: Condition, bound: float) -> Condition:
    """Return the condition that a value (of tiers) is at least ``bound``."""
    literal = Node(Op.LITERAL, value=float(bound), type=Type.NUMBER)
    tree = Node(Op.GE, (value.tree, literal), type=Type.BOOLEAN)
    return Condition(f"{value.text} >= {write(literal)}", tree, value.names, Type.BOOLEAN)


def canonical(text: str) -> str:
    """Return the text in one form, whatever its spacing, case of keywords and redundant parentheses; unreadable text as it is."""
    tree, _ = syntax.read(text, NOWHERE)
    return write(tree) if tree else text


def to_sql(condition: Condition, columns: Mapping[str, exp.Expr], as_of: exp.Expr, dialect: str = "duckdb") -> exp.Expr:
    """Return the condition as SQL: a three-valued boolean, or a nullable double for a value.

    Args:
        condition: What :func:`parse` or :func:`parse_value` gave.
        columns: An expression for each of its names: text as varchar, numbers as (finite) doubles, booleans as booleans,
            times as bigint microseconds, so that no engine does arithmetic on dates.
        as_of: The instant, as bigint microseconds.
        dialect: SQLGlot's name of the engine that the expression will be generated for. It matters where engines differ in more than
            spelling: PostgreSQL's collations, ClickHouse's functions on bytes.
    """
    return sql.render(condition.tree, columns, as_of, dialect)


def to_python(condition: Condition) -> Callable[[Mapping[str, object], int], bool | float | None]:
    """Return the condition as a function of (row, as_of), the row in the same representation as :func:`to_sql`'s columns."""
    return python.render(condition.tree)

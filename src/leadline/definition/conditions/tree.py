"""A condition as a tree: the few operations that the language has, and nothing of the text they were written in.

What belongs here: the nodes and what can be read off them. Text becomes a tree in :mod:`.syntax`, names get their
types in :mod:`.types`, and :mod:`.sql` and :mod:`.python` say what a tree means.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from leadline.facts.model import Type


class Op(StrEnum):
    """The operations. Their values are the words of the canonical text."""

    NAME = "name"
    LITERAL = "literal"
    AND = "and"
    OR = "or"
    NOT = "not"
    EQ = "="
    NE = "<>"
    LT = "<"
    LE = "<="
    GT = ">"
    GE = ">="
    IN = "in"
    BETWEEN = "between"
    LIKE = "like"
    ILIKE = "ilike"
    IS_NULL = "is null"
    ADD = "+"
    SUB = "-"
    MUL = "*"
    DIV = "/"
    NEG = "neg"
    LOWER = "lower"
    UPPER = "upper"
    LENGTH = "length"
    COALESCE = "coalesce"
    DAYS_SINCE = "days_since"
    RANK = "rank"
    AGO = "ago"


COMPARISONS = frozenset({Op.EQ, Op.NE, Op.LT, Op.LE, Op.GT, Op.GE})
ARITHMETIC = frozenset({Op.ADD, Op.SUB, Op.MUL, Op.DIV, Op.NEG})
FUNCTIONS = frozenset({Op.LOWER, Op.UPPER, Op.LENGTH, Op.COALESCE, Op.DAYS_SINCE})
FLIPPED = {Op.EQ: Op.EQ, Op.NE: Op.NE, Op.LT: Op.GT, Op.LE: Op.GE, Op.GT: Op.LT, Op.GE: Op.LE}


@dataclass(frozen=True, slots=True)
class Node:
    """One operation on others.

    Before names are resolved, ``type`` is ``None`` and every operation but ``RANK`` and ``AGO`` may occur. Afterwards
    ``BETWEEN``, ``ILIKE`` and ``DAYS_SINCE`` have been spelled out, and these have come in:

    - ``RANK``: the place (from 0, a number) of a text in ``order``; unknown for a text that isn't in it.
    - ``AGO``: the instant ``value`` microseconds before ``as_of``.
    - A ``LITERAL`` of type ``TIME`` is an instant in microseconds.

    Attributes:
        op: What is done.
        args: What it is done to. ``IN`` has the tested value first, then the list.
        value: The name of a ``NAME``, the value of a ``LITERAL``, the microseconds of an ``AGO``.
        type: What comes out; ``None`` as long as (or where) that isn't known.
        order: The labels from lowest to highest, where text or its rank has an order.
    """

    op: Op
    args: tuple[Node, ...] = ()
    value: str | float | bool | int | None = None
    type: Type | None = None
    order: tuple[str, ...] = ()

    def walk(self) -> Iterator[Node]:
        """Yield the node and all below it."""
        yield self
        for arg in self.args:
            yield from arg.walk()

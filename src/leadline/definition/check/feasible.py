"""Whether a condition can come out a certain way for anybody at all.

The answer errs on one side only: *no* is certain, *yes* means that nothing here rules it out. Names are taken to vary
independently within their domains; a conjunction narrows the domains of the names that it compares with constants.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import Enum
from itertools import product
from typing import TypeAlias

from leadline.definition.check.ranges import ANYTHING, Range
from leadline.definition.conditions import python
from leadline.definition.conditions.tree import ARITHMETIC, COMPARISONS, FLIPPED, Node, Op
from leadline.facts.model import Type

PATIENCE = 2_000
"""Conjunctions looked at before the answer is *yes*."""


class Truth(Enum):
    """The three truth values."""

    TRUE = True
    FALSE = False
    UNKNOWN = None


Truths: TypeAlias = frozenset[Truth]
TRUE: Truths = frozenset({Truth.TRUE})
FALSE: Truths = frozenset({Truth.FALSE})
NOT_TRUE: Truths = frozenset({Truth.FALSE, Truth.UNKNOWN})
NOT_FALSE: Truths = frozenset({Truth.TRUE, Truth.UNKNOWN})
ALL: Truths = frozenset(Truth)
UNKNOWN: Truths = frozenset({Truth.UNKNOWN})
NEVER: Truths = frozenset()
_NEGATED = {TRUE: FALSE, FALSE: TRUE, NOT_TRUE: NOT_FALSE, NOT_FALSE: NOT_TRUE}
_EMPTY = Range(math.inf, -math.inf)
Demand: TypeAlias = tuple[Node, Truths]


@dataclass(frozen=True, slots=True)
class Domain:
    """What a name can be: a number in a range, one of some values if they are known, or (if ``null``) nothing."""

    range: Range = ANYTHING
    null: bool = True
    values: frozenset[object] | None = None

    def empty(self) -> bool:
        """Return whether nothing is left."""
        return not self.null and (self.range.low > self.range.high or self.values == frozenset())


Box: TypeAlias = Mapping[Node, Domain]


def possible(demands: Iterable[Demand], box: Box) -> bool:
    """Return whether somebody can meet all demands: each a condition and the truth values that it may have.

    Args:
        demands: Resolved trees with ``TRUE``, ``FALSE``, ``NOT_TRUE`` or ``NOT_FALSE``.
        box: The domains of names (``NAME`` nodes, ``RANK`` nodes of ordered ones); others can be anything.
    """
    conjunctions = _conjunctions(tuple(demands))
    for _ in range(PATIENCE):
        atoms = next(conjunctions, None)
        if atoms is None:
            return False
        if _agree(atoms, box):
            return True
    return True


def _conjunctions(ahead: tuple[Demand, ...], atoms: tuple[Demand, ...] = ()) -> Iterator[tuple[Demand, ...]]:
    """Yield the ways to meet the demands, as demands on atoms."""
    while ahead:
        (node, wanted), *rest = ahead
        ahead = tuple(rest)
        if node.op is Op.NOT:
            ahead = ((node.args[0], _NEGATED[wanted]), *ahead)
        elif node.op in (Op.AND, Op.OR):
            parts = tuple((arg, wanted) for arg in node.args)
            if (node.op is Op.AND) is (wanted in (TRUE, NOT_FALSE)):  # all of them
                ahead = (*parts, *ahead)
            else:
                for part in parts:
                    yield from _conjunctions((part, *ahead), atoms)
                return
        else:
            atoms = (*atoms, (node, wanted))
    yield atoms


def _agree(atoms: tuple[Demand, ...], box: Box) -> bool:
    left: dict[Node, Truths] = {}
    for node, wanted in atoms:
        left[node] = left.get(node, ALL) & wanted
    narrowed = dict(box)
    for node, wanted in (*left.items(), *left.items()):  # twice: what one atom says of null helps those before it
        _narrow(node, wanted, narrowed)
    if any(domain.empty() for domain in narrowed.values()):
        return False
    return all(_outcomes(node, narrowed) & wanted for node, wanted in left.items()) and _values_agree(left, narrowed)


def _values_agree(atoms: Mapping[Node, Truths], box: Box) -> bool:
    """Return whether each name with known values has one that suits all atoms about this name alone."""
    for name, domain in box.items():
        if domain.values is None:
            continue
        own = [(python.render(node), wanted) for node, wanted in atoms.items() if set(_names(node)) == {name} and not _dated(node)]
        rows = ({str(name.value): value} for value in (*domain.values, *([None] if domain.null else [])))
        if not any(all(Truth(holds(row, 0)) in wanted for holds, wanted in own) for row in rows):
            return False
    return True


def _names(node: Node) -> Iterator[Node]:
    return (inner for inner in node.walk() if inner.op is Op.NAME)


def _dated(node: Node) -> bool:
    return any(inner.op is Op.AGO for inner in node.walk())


def _narrow(node: Node, wanted: Truths, box: dict[Node, Domain]) -> None:
    """Take from the domain of the name that an atom is about what can't be, where that can be told."""
    if node.op in COMPARISONS:
        _narrow_comparison(node, wanted, box)
    elif node.op is Op.IS_NULL and _is_variable(node.args[0]):
        domain = _domain(node.args[0], box)
        nothing = Domain(_EMPTY, domain.null, frozenset())
        box[node.args[0]] = nothing if Truth.TRUE in wanted else replace(domain, null=False)
    elif node.op is Op.IN and wanted == TRUE and node.args[0].op is Op.NAME:
        domain, values = _domain(node.args[0], box), frozenset[object](arg.value for arg in node.args[1:])
        box[node.args[0]] = replace(domain, null=False, values=values if domain.values is None else values & domain.values)


def _narrow_comparison(node: Node, wanted: Truths, box: dict[Node, Domain]) -> None:
    (name, bound), op = node.args, node.op
    if bound.op is not Op.LITERAL:
        name, bound, op = bound, name, FLIPPED[op]
    if not _is_variable(name) or bound.op is not Op.LITERAL:
        return
    domain = _domain(name, box)
    if domain.null and Truth.UNKNOWN in wanted:
        return
    is_true = Truth.TRUE in wanted
    if is_true and op is Op.EQ and name.op is Op.NAME:
        values = frozenset[object]({bound.value})
        domain = replace(domain, values=values if domain.values is None else values & domain.values)
    if isinstance(bound.value, float | int) and not isinstance(bound.value, bool):
        kept = _kept(op if is_true else _OPPOSITE[op], bound.value)
        domain = replace(domain, range=Range(max(domain.range.low, kept.low), min(domain.range.high, kept.high)))
    box[name] = replace(domain, null=False)


_OPPOSITE = {Op.EQ: Op.NE, Op.NE: Op.EQ, Op.LT: Op.GE, Op.GE: Op.LT, Op.GT: Op.LE, Op.LE: Op.GT}


def _kept(op: Op, bound: float) -> Range:
    low = bound if op in (Op.EQ, Op.GE, Op.GT) else -math.inf
    high = bound if op in (Op.EQ, Op.LE, Op.LT) else math.inf
    return Range(low, high)


def _is_variable(node: Node) -> bool:
    return node.op is Op.NAME or (node.op is Op.RANK and node.args[0].op is Op.NAME)


def _outcomes(node: Node, box: Box) -> Truths:
    """Return how an atom can come out over the box."""
    if node.op is Op.LITERAL:
        return frozenset({Truth(node.value)})
    if node.op is Op.IS_NULL:
        arg = _domain(node.args[0], box)
        return (TRUE if arg.null else NEVER) | (FALSE if arg.range.low <= arg.range.high else NEVER)
    if node.op in COMPARISONS and not _dated(node) and all(arg.type in (Type.NUMBER, Type.TIME) for arg in node.args):
        left, right = (_domain(arg, box) for arg in node.args)
        return _compared(node.op, left.range, right.range) | (UNKNOWN if left.null or right.null else NEVER)
    return ALL - UNKNOWN if _is_known(node, box) else ALL


def _is_known(node: Node, box: Box) -> bool:
    """Return whether an atom can't come out unknown, since nothing in it can."""
    inner = list(node.walk())
    return all(
        part.op not in (Op.RANK, Op.DIV) and (part.op is not Op.NAME or not box.get(part, Domain()).null) for part in inner
    )  # fmt: skip


def _compared(op: Op, left: Range, right: Range) -> Truths:
    if left.low > left.high or right.low > right.high:
        return NEVER
    meets = left.low <= right.high and right.low <= left.high
    same = left.low == left.high == right.low == right.high
    holds = {
        Op.LT: left.low < right.high, Op.LE: left.low <= right.high, Op.GT: left.high > right.low, Op.GE: left.high >= right.low,
        Op.EQ: meets, Op.NE: not same,
    }  # fmt: skip
    return (TRUE if holds[op] else NEVER) | (FALSE if holds[_OPPOSITE[op]] else NEVER)


def _domain(node: Node, box: Box) -> Domain:
    """Return what a number can be."""
    if node in box:
        return box[node]
    if node.op is Op.LITERAL and isinstance(node.value, float | int):
        return Domain(Range(node.value, node.value), null=False)
    if node.op is Op.COALESCE:
        first, *others = parts = [_domain(arg, box) for arg in node.args]
        return Domain(first.range.hull(*(part.range for part in others)), all(part.null for part in parts))
    if node.op in ARITHMETIC:
        return _computed(node.op, [_domain(arg, box) for arg in node.args])
    return Domain({Op.RANK: Range(0.0, len(node.order) - 1.0), Op.LENGTH: Range(0.0)}.get(node.op, ANYTHING))


def _computed(op: Op, args: list[Domain]) -> Domain:
    null = any(arg.null for arg in args)
    if any(arg.range.low > arg.range.high for arg in args):
        return Domain(_EMPTY, null)
    if op is Op.NEG:
        return Domain(args[0].range.times(-1), null)
    left, right = (arg.range for arg in args)
    if op in (Op.ADD, Op.SUB):
        return Domain(left + (right if op is Op.ADD else right.times(-1)), null)
    if op is Op.DIV and right.low <= 0 <= right.high:
        return Domain()
    ends = [_end(op, a, b) for a, b in product((left.low, left.high), (right.low, right.high))]
    return Domain(Range(min(ends), max(ends)), null)


def _end(op: Op, a: float, b: float) -> float:
    if op is Op.MUL:
        return 0.0 if 0.0 in (a, b) else a * b
    return 0.0 if math.isinf(b) else a / b

"""The line of a track: the number that the score (or else a group) has to reach, found in its condition and moved.

What belongs here: reading and rewriting that one number. Which lines are worth trying belongs to :mod:`leadline.review`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from leadline.definition.conditions import syntax
from leadline.definition.conditions.canonical import write
from leadline.definition.conditions.tree import Node, Op
from leadline.definition.model import Definition
from leadline.errors import Place
from leadline.facts.model import Type

SCORE = "score"
_TURNED = {Op.LE: Op.GE, Op.LT: Op.GT, Op.GE: Op.LE, Op.GT: Op.LT}


@dataclass(frozen=True, slots=True)
class Line:
    """What has to reach which bound: ``score`` or the name of a group, and a number of points."""

    of: str
    bound: float


def line_of(definition: Definition, track: str) -> Line | None:
    """Return the line of a track: what its ``when`` asks of the score at least, else of a group; ``None`` if of neither.

    Only what must hold in any case is a line: a condition of the outermost ``and``. Of several the highest counts.
    """
    bounds: dict[str, float] = {}
    for of, op, bound in map(_compared, _conjuncts(_tree(definition.tracks[track].when))):
        if op in (Op.GE, Op.GT):
            bounds[of] = max(bound, bounds.get(of, bound))
    found = next((name for name in (SCORE, *definition.groups) if name in bounds), None)
    return None if found is None else Line(found, bounds[found])


def with_line(definition: Definition, track: str, bound: float) -> Definition:
    """Return the definition with another line for a track, which must have one.

    Where the track is left below a bound that is higher than the new line, that bound comes down to the line: else nobody who
    reaches the line would get in.
    """
    line = line_of(definition, track)
    if line is None:
        return definition
    held = definition.tracks[track]
    when = " and ".join(f"({write(_raised(part, line.of, bound))})" for part in _conjuncts(_tree(held.when)))
    leave = held.leave and write(_lowered(_tree(held.leave), line.of, bound))
    moved = held.model_copy(update={"when": when, "leave": leave})
    return definition.model_copy(update={"tracks": {**definition.tracks, track: moved}})


def _tree(text: str) -> Node:
    tree, _ = syntax.read(text, Place())
    return tree or Node(Op.LITERAL, value=False, type=Type.BOOLEAN)


def _conjuncts(node: Node) -> Iterator[Node]:
    if node.op is Op.AND:
        for arg in node.args:
            yield from _conjuncts(arg)
    else:
        yield node


def _compared(node: Node) -> tuple[str, Op | None, float]:
    """Return a comparison of a bare name with a number as (name, operation, number), the name first; else no operation."""
    if node.op not in _TURNED:
        return "", None, 0
    (one, other), op = node.args, node.op
    if other.op is Op.NAME:
        one, other, op = other, one, _TURNED[op]
    number = _number(other)
    return ("", None, 0) if one.op is not Op.NAME or number is None else (str(one.value), op, number)


def _number(node: Node) -> float | None:
    if node.op is Op.NEG:
        inner = _number(node.args[0])
        return None if inner is None else -inner
    is_number = node.op is Op.LITERAL and isinstance(node.value, int | float) and not isinstance(node.value, bool)
    return float(node.value) if is_number and isinstance(node.value, int | float) else None


def _literal(number: float) -> Node:
    size = Node(Op.LITERAL, value=abs(number), type=Type.NUMBER)
    return size if number >= 0 else Node(Op.NEG, (size,), type=Type.NUMBER)


def _raised(node: Node, name: str, bound: float) -> Node:
    of, op, _ = _compared(node)
    if of != name or op is None or op not in (Op.GE, Op.GT):
        return node
    return Node(op, (Node(Op.NAME, value=name), _literal(bound)))


def _lowered(node: Node, name: str, bound: float) -> Node:
    of, op, held = _compared(node)
    if of == name and op in (Op.LE, Op.LT) and held > bound:
        return Node(Op.LT, (Node(Op.NAME, value=name), _literal(bound)))
    return replace(node, args=tuple(_lowered(arg, name, bound) for arg in node.args))

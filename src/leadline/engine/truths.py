"""Conditions over scores, bands and attributes → instructions that leave a truth on the stack. Pure.

What looks at attributes alone becomes a *slot*, which a back end evaluates in SQL for every segment. What looks at labels
is decided beforehand, for every combination of them, and asks for ranges of points. The rest is worked out by the machine.
:mod:`.rules` makes whole rules of these.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import reduce
from itertools import groupby
from math import inf, isnan, prod
from typing import Any

from leadline.definition.conditions import Condition, to_python, write
from leadline.definition.conditions.tree import ARITHMETIC, COMPARISONS, FLIPPED, Node, Op
from leadline.engine import instructions as words
from leadline.engine.code import NO, UNCLEAR, YES, Code, all_of, any_of, at_least, beyond, denied, within
from leadline.engine.model import Band
from leadline.errors import Unsupported
from leadline.facts.model import Type

COMBINATIONS = 4096
"""How many combinations of labels one comparison may look at."""
ATTRIBUTE, LABEL, POINTS = "attribute", "label", "points"
_ATTRIBUTES, _LABELS, _POINTS = (frozenset({kind}) for kind in (ATTRIBUTE, LABEL, POINTS))
_ORDERS = {
    Op.EQ: words.EQUAL, Op.NE: words.LESS | words.GREATER, Op.LT: words.LESS, Op.LE: words.LESS | words.EQUAL,
    Op.GT: words.GREATER, Op.GE: words.GREATER | words.EQUAL,
}  # fmt: skip
_COMPUTE = {Op.ADD: words.ADD, Op.SUB: words.SUBTRACT, Op.MUL: words.MULTIPLY, Op.DIV: words.DIVIDE}


@dataclass(frozen=True)
class Legend:
    """What the names in the rules of one program stand for.

    Attributes:
        registers: Of ``score``, groups and criteria.
        bands: By what they label.
        grade: The bands whose labels make the grade.
    """

    registers: Mapping[str, int]
    bands: Mapping[str, Band]
    grade: tuple[str, ...]

    def kinds(self, node: Node) -> frozenset[str]:
        """Return what the names in a tree are: of attributes, of labels, of points."""
        return frozenset(self._kind(str(inner.value)) for inner in node.walk() if inner.op is Op.NAME)

    def labelled(self, node: Node) -> list[str]:
        """Return the bands whose labels a tree looks at."""
        names = [str(inner.value) for inner in node.walk() if inner.op is Op.NAME and self._kind(str(inner.value)) is LABEL]
        return list(dict.fromkeys(of for name in names for of in (self.grade if name == "grade" else (name.removeprefix("band."),))))

    def combinations(self, node: Node) -> int:
        """Return how many combinations of labels a tree looks at."""
        return prod(len(self.bands[of].bounds) for of in self.labelled(node))

    def spelled(self, node: Node, labels: Mapping[str, str]) -> Node:
        """Return a tree with the labels put in for their names."""
        if node.op is Op.NAME and self._kind(str(node.value)) is LABEL:
            grade = "".join(labels[of] for of in self.grade) if node.value == "grade" else None
            return Node(Op.LITERAL, value=grade if grade is not None else labels[str(node.value).removeprefix("band.")], type=Type.TEXT)
        return replace(node, args=tuple(self.spelled(arg, labels) for arg in node.args)) if node.args else node

    def _kind(self, name: str) -> str:
        if name.startswith(("person.", "account.")):
            return ATTRIBUTE
        return LABEL if name == "grade" or name.startswith("band.") else POINTS


@dataclass
class Pool:
    """What all rules share: slots and constants, each with its index."""

    slots: dict[Node, int] = field(default_factory=dict[Node, int])
    constants: dict[float, int] = field(default_factory=dict[float, int])

    def slot(self, node: Node) -> int:
        """Return the index of a slot, making it if this is its first use."""
        return self.slots.setdefault(node, len(self.slots))

    def constant(self, number: float) -> int:
        """Return the index of a constant, making it if this is its first use."""
        return self.constants.setdefault(number, len(self.constants))

    def conditions(self) -> tuple[Condition, ...]:
        """Return the slots as conditions."""
        return tuple(_condition(node) for node in self.slots)


@dataclass(frozen=True)
class Truths:
    """Turns the trees of one condition, called ``where`` in problems, into code."""

    legend: Legend
    pool: Pool
    where: str

    def truth(self, node: Node) -> Code:
        """Return code that leaves the truth of a boolean tree."""
        kinds = self.legend.kinds(node)
        if not kinds:
            return _settled(_value(node))
        if kinds == _ATTRIBUTES:
            return ((words.FLAG, self.pool.slot(node), 0),)
        joins = any(arg.type is Type.BOOLEAN for arg in node.args)
        if LABEL in kinds and (not joins or (kinds == _LABELS and self.legend.combinations(node) <= COMBINATIONS)):
            return self._by_labels(node)
        if node.op in COMPARISONS:
            return self._same(node) if joins else self._compared(node)
        act = {Op.NOT: self._denied, Op.IS_NULL: self._is_null, Op.COALESCE: self._first_known, Op.IN: self._one_of}
        return act.get(node.op, self._connected)(node)

    def parts(self, node: Node) -> list[Node]:
        """Return the operands of an AND or OR; those that look at attributes alone as one, and those that look at labels alone."""
        args = [(self.legend.kinds(arg), arg) for arg in _flat(node)]
        parts = [arg for kinds, arg in args if kinds not in (_ATTRIBUTES, _LABELS)]
        for lone in (_ATTRIBUTES, _LABELS):
            alike = [arg for kinds, arg in args if kinds == lone]
            whole = replace(node, args=tuple(alike))
            together = len(alike) > 1 and self.legend.combinations(whole) <= COMBINATIONS
            parts += [whole] if together else alike
        return parts

    def number(self, node: Node) -> Code:
        """Return code that leaves the number that a tree stands for."""
        kinds = self.legend.kinds(node)
        if not kinds:
            return self._literal(_value(node))
        # Arithmetic is left to the machine: a slot can't tell NaN from NULL.
        if kinds == _ATTRIBUTES and not any(inner.op in ARITHMETIC for inner in node.walk()):
            return ((words.SLOT, self.pool.slot(node), 0),)
        if node.op is Op.NAME:
            return ((words.REGISTER, self.legend.registers[str(node.value)], 0),)
        args = [self.number(arg) for arg in node.args]
        if node.op is Op.NEG:
            return (*args[0], (words.NEGATE, 0, 0))
        return _folded(args, words.PRESENT if node.op is Op.COALESCE else _COMPUTE[node.op])

    def _literal(self, value: float | None) -> Code:
        if value is None:
            return ((words.NOTHING, 0, 0),)
        if isnan(value):
            return _folded([self._literal(inf), self._literal(inf)], words.SUBTRACT)
        return ((words.CONSTANT, self.pool.constant(value), 0),)

    def _by_labels(self, node: Node) -> Code:
        count = self.legend.combinations(node)
        if count > COMBINATIONS:
            raise Unsupported(
                f"{self.where}: {write(node)} depends on {count} combinations of labels; a replay can look at {COMBINATIONS}.",
                "Compare fewer bands, or scores.",
            )
        return self._decided(node, self.legend.labelled(node), {})

    def _decided(self, node: Node, bands: Sequence[str], labels: Mapping[str, str]) -> Code:
        """Return code for a tree when some labels are known, by trying those of the other bands."""
        if not bands:
            return self.truth(self.legend.spelled(node, labels))
        of, *others = bands
        bounds = self.legend.bands[of].bounds
        tried = [(self._decided(node, others, {**labels, of: label}), at) for at, (label, _) in enumerate(bounds)]
        runs = [(code, [at for _, at in run]) for code, run in groupby(tried, key=lambda item: item[0])]
        return any_of(all_of([self._between(of, run[0], run[-1]), code]) for code, run in runs)

    def _between(self, of: str, first: int, last: int) -> Code:
        """Return code for whether a label is one of a run of labels; the last of all takes everything below."""
        bounds = [at_least(bound) for _, bound in self.legend.bands[of].bounds]
        return within(self.legend.registers[of], None if last + 1 == len(bounds) else bounds[last], bounds[first - 1] if first else None)

    def _compared(self, node: Node) -> Code:
        left, right = node.args
        if (found := self._bounded(node.op, left, right)) or (found := self._bounded(FLIPPED[node.op], right, left)):
            return found
        return (*self.number(left), *self.number(right), (words.COMPARE, _ORDERS[node.op], 0))

    def _bounded(self, op: Op, left: Node, right: Node) -> Code | None:
        """Return code for the comparison of points with a literal, which needs no arithmetic; ``None`` if it is another."""
        if left.op is not Op.NAME or self.legend.kinds(left) != _POINTS or self.legend.kinds(right):
            return None
        value = _value(right)
        if value is None or isnan(value):
            return UNCLEAR if value is None else None
        register, least, more = self.legend.registers[str(left.value)], at_least(value), beyond(value)
        bounds = {Op.GE: (least, None), Op.GT: (more, None), Op.LT: (None, least), Op.LE: (None, more)}
        found = within(register, *bounds.get(op, (least, more)))
        return denied(found) if op is Op.NE else found

    def _same(self, node: Node) -> Code:
        same = _folded([self.truth(arg) for arg in node.args], words.SAME)
        return denied(same) if node.op is Op.NE else same

    def _connected(self, node: Node) -> Code:
        return (all_of if node.op is Op.AND else any_of)(self.truth(part) for part in self.parts(node))

    def _denied(self, node: Node) -> Code:
        """Return code for a NOT, which moves inwards, where comparisons swallow it."""
        (arg,) = node.args
        if arg.op is Op.NOT:
            return self.truth(arg.args[0])
        if arg.op not in (Op.AND, Op.OR):
            return denied(self.truth(arg))
        opposites = tuple(replace(node, args=(each,)) for each in arg.args)
        return self.truth(Node(Op.OR if arg.op is Op.AND else Op.AND, opposites, type=Type.BOOLEAN))

    def _is_null(self, node: Node) -> Code:
        (arg,) = node.args
        if arg.type is Type.BOOLEAN:
            return (*self.truth(arg), (words.IS_UNKNOWN, 0, 0))
        return (*self.number(arg), (words.IS_NULL, 0, 0))

    def _first_known(self, node: Node) -> Code:
        return _folded([self.truth(arg) for arg in node.args], words.KNOWN)

    def _one_of(self, node: Node) -> Code:
        value, *items = node.args
        return any_of(self.truth(Node(Op.EQ, (value, item), type=Type.BOOLEAN)) for item in items)


def _condition(node: Node) -> Condition:
    names = frozenset(str(inner.value) for inner in node.walk() if inner.op is Op.NAME)
    return Condition(write(node), node, names, node.type or Type.BOOLEAN)


def _value(node: Node) -> Any:
    """Return what a tree without names comes to."""
    return to_python(Condition("", node, frozenset(), node.type or Type.BOOLEAN))({}, 0)


def _settled(value: bool | None) -> Code:  # noqa: FBT001 - a truth is what it is about
    return UNCLEAR if value is None else YES if value else NO


def _flat(node: Node) -> list[Node]:
    return [inner for arg in node.args for inner in (_flat(arg) if arg.op is node.op else [arg])]


def _folded(args: Sequence[Code], op: int) -> Code:
    return reduce(lambda one, two: (*one, *two, (op, 0, 0)), args)

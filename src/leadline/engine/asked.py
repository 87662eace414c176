"""What a track asks of history, told by what things are and not by where they stand in a bundle, so that tracks of two bundles compare.

What belongs here: which track can hold only people whom another holds, and which tracks are the same but for some of what they measure.
Whose lives have to be followed again for that is decided in :mod:`.recall`. Pure.
"""

from __future__ import annotations

from collections.abc import Container, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from leadline.engine import instructions as words
from leadline.engine.model import Kind

if TYPE_CHECKING:
    from leadline.engine.model import Bit, Program, Term
    from leadline.engine.rehearsal import Bundle

Leaf: TypeAlias = int
"""A term or a criterion on attributes, by its number among :class:`Leaves`."""
Demand: TypeAlias = tuple[tuple[int, Hashable, int], ...]
Source: TypeAlias = Hashable
_OF_REGISTERS = frozenset({words.NEED_LEAST, words.NEED_BELOW, words.LEAST, words.BELOW, words.REGISTER})
_OF_SLOTS = frozenset({words.NEED_FLAG, words.BAR_FLAG, words.FLAG, words.SLOT})


class Sum(NamedTuple):
    """A group: what it sums up, by number; ``scale`` is a leaf."""

    members: tuple[Leaf, ...]
    scale: Leaf | None
    by: float
    floor: int | None
    cap: int | None


class Total(NamedTuple):
    """A score: the groups that it sums up."""

    sums: tuple[Sum, ...]


@dataclass
class Leaves:
    """Terms and criteria on attributes by number, equal ones once, and where each finds what it counts.

    Attributes:
        known: The number of each.
        sources: By number, what in a person's life makes it anything but zero, see :func:`_source`.
        following: The next number.
    """

    known: dict[Hashable, Leaf] = field(default_factory=dict[Hashable, int])
    sources: dict[Leaf, Source] = field(default_factory=dict[int, Source])
    following: Leaf = 0

    def of(self, program: Program) -> list[Leaf]:
        """Return the number of each register of a bundle's program: terms, then criteria on attributes."""
        bits = [_sets(bit) for bit in program.bits]
        found = [self._add(_term(term, program, bits), _source(term, bits)) for term in program.terms]
        for item in program.attributes:
            steps = tuple((when.tree, points) for when, points in item.steps)
            found.append(self._add(steps, tuple((tree, points != 0) for tree, points in steps)))
        return found

    def keep(self, leaves: Container[Leaf]) -> None:
        """Forget all others."""
        self.known = {key: leaf for key, leaf in self.known.items() if leaf in leaves}
        self.sources = {leaf: self.sources[leaf] for leaf in self.known.values()}

    def _add(self, key: Hashable, source: Source) -> Leaf:
        if key not in self.known:
            self.known[key], self.sources[self.following] = self.following, source
            self.following += 1
        return self.known[key]


def _sets(bit: Bit) -> Hashable:
    """Return what sets a bit, however its conditions are written and whatever it is called."""
    return frozenset(
        (frozenset(member.types), member.where.tree if member.where else None, member.machines, member.of) for member in bit.members
    )


def _term(term: Term, program: Program, bits: Sequence[Hashable]) -> Hashable:
    value = program.values[term.value] if term.value >= 0 else None
    return replace(term, name="", bits=(), value=-1), tuple(bits[bit] for bit in term.bits), value


def _source(term: Term, bits: Sequence[Hashable]) -> Source:
    """Return the signals without which a term is zero, as what they are; ``None`` if it may be something without any."""
    without_any = term.kind is Kind.ABSENT or (term.counted and term.at_least <= 0)
    return None if without_any else frozenset(bits[bit] for bit in term.bits)


@dataclass(frozen=True)
class Asked:
    """What a track asks: all of ``enter`` for a spell to begin, all of ``stay`` for it to last."""

    enter: frozenset[Demand]
    stay: frozenset[Demand]

    @cached_property
    def leaves(self) -> frozenset[Leaf]:
        """What it measures."""
        held = (operand for op, operand, _ in self._rows() if op in _OF_REGISTERS)
        return frozenset(leaf for each in held for leaf in _leaves(each))

    def holds_only(self, other: Asked) -> bool:
        """Return whether, by the numbers of rules alone, whoever is inside is inside the other track too."""
        return _implies(self.enter, other.enter) and _implies(self.stay, other.stay)

    def without(self, gone: frozenset[Leaf]) -> Asked:
        """Return what is left for somebody for whom some leaves are always zero."""
        return Asked(*(frozenset(_without(demand, gone) for demand in rule) for rule in (self.enter, self.stay)))

    @cached_property
    def shape(self) -> Hashable:
        """What doesn't depend on what is measured; tracks that differ in it can't become equal without some leaves."""
        return frozenset(tuple((op, third) for op, _, third in demand) for demand in self.enter | self.stay)

    def _rows(self) -> Iterator[tuple[int, Hashable, int]]:
        return (row for rule in (self.enter, self.stay) for demand in rule for row in demand)


def asked(bundle: Bundle, leaves: Leaves) -> list[Asked]:
    """Return what each track of a bundle asks, each course of which is one definition for all times."""
    measured, ops = _measured(bundle, leaves.of(bundle.program)), [tuple(row) for row in bundle.rules.ops.tolist()]

    def operand(op: int, at: int) -> Hashable:
        if op in _OF_REGISTERS:
            return measured[at]
        if op in _OF_SLOTS:
            return bundle.slots[at].tree
        return float(bundle.rules.constants[at]) if op == words.CONSTANT else at

    def rule(at: int) -> frozenset[Demand]:
        found: list[Demand] = []
        rows: list[tuple[int, Hashable, int]] = []
        while ops[at][0] != words.END:
            op, index, third = ops[at]
            at += 1
            if op != words.TURN:
                rows.append((op, operand(op, index), third))
            if op <= words.BAR:
                found.append(tuple(rows))
                rows = []
        return frozenset(found)

    pairs = zip(bundle.rules.enter[0].tolist(), bundle.rules.leave[0].tolist(), strict=True)
    return [Asked(rule(enter), rule(leave)) for enter, leave in pairs]


def _measured(bundle: Bundle, leaves: Sequence[Leaf]) -> list[Leaf | Sum | Total]:
    """Return what each register holds."""
    rules = bundle.rules
    pairs: list[list[int]] = rules.members.tolist()
    members = [[leaves[register] for group, register in pairs if group == at] for at in range(len(rules.groups))]
    sums = [
        Sum(tuple(sorted(held)), None if scale < 0 else leaves[scale], by, floor if has_floor else None, cap if has_cap else None)
        for (scale, has_floor, floor, has_cap, cap), by, held in zip(rules.groups.tolist(), rules.scales.tolist(), members, strict=True)
    ]
    scores = dict[int, list[Sum]]()
    for score, group in rules.scores.tolist():
        scores[score] = [*scores.get(score, ()), sums[group]]
    most = max(max(scores, default=-1), int(rules.score_of.max(initial=-1)) - len(leaves) - len(sums))
    return [*leaves, *sums, *(_total(scores.get(at, ())) for at in range(most + 1))]


def _total(sums: Iterable[Sum]) -> Total:
    return Total(tuple(sorted(sums, key=repr)))


def _implies(these: frozenset[Demand], those: frozenset[Demand]) -> bool:
    """Return whether whoever meets these demands meets those."""
    return all(demand in these or (len(demand) == 1 and _is_outdone(*demand[0], these)) for demand in those)


def _is_outdone(op: int, operand: Hashable, bound: int, demands: frozenset[Demand]) -> bool:
    """Return whether a bound on points is met by whoever meets the demands, one of which asks no less."""
    if op not in {words.NEED_LEAST, words.NEED_BELOW}:
        return False
    bounds = [demand[0][2] for demand in demands if len(demand) == 1 and demand[0][:2] == (op, operand)]
    return any(other >= bound if op == words.NEED_LEAST else other <= bound for other in bounds)


def _leaves(held: Hashable) -> Iterator[Leaf]:
    for part in held.sums if isinstance(held, Total) else (held,):
        if isinstance(part, Sum):
            yield from part.members
            if part.scale is not None:
                yield part.scale
        elif isinstance(part, int):
            yield part


def _without(demand: Demand, gone: frozenset[Leaf]) -> Demand:
    return tuple((op, _reduced(operand, gone) if op in _OF_REGISTERS else operand, third) for op, operand, third in demand)


def _reduced(held: Hashable, gone: frozenset[Leaf]) -> Hashable:
    """Return what a register holds if some leaves are zero; ``None`` for nothing but zero."""
    if isinstance(held, Total):
        return _total(part for part in (_sum_without(each, gone) for each in held.sums) if part)
    return _sum_without(held, gone) if isinstance(held, Sum) else None if held in gone else held


def _sum_without(held: Sum, gone: frozenset[Leaf]) -> Sum | None:
    members = tuple(leaf for leaf in held.members if leaf not in gone)
    scale = None if held.scale in gone else held.scale
    if not members and (held.floor or 0) <= 0 <= (held.cap or 0):
        return None
    return Sum(members, scale, 1.0 if scale is None else held.by, held.floor, held.cap)

"""What several programs measure, put together: equal signals, terms, criteria on attributes, groups and scores once. Pure.

Things are equal by what they are, not by what they are called. Registers are numbered once all programs have been placed.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Generic, NamedTuple, TypeVar

import numpy as np

from leadline.engine.model import Attribute, Bit, GroupPlan, Program, Term
from leadline.engine.truths import Legend
from leadline.facts.model import Column

if TYPE_CHECKING:
    from leadline.engine.terms import Real, Whole

T = TypeVar("T")


@dataclass
class _Distinct(Generic[T]):
    """Things that are kept once for each key, in the order in which they came."""

    found: dict[Hashable, int] = field(default_factory=dict[Hashable, int])
    items: list[T] = field(default_factory=list[T])

    def add(self, key: Hashable, item: T) -> int:
        """Return the index of what has that key, keeping the item if it is the first."""
        if key not in self.found:
            self.found[key] = len(self.items)
            self.items.append(item)
        return self.found[key]


class Places(NamedTuple):
    """Where a program's parts went: indices of terms, criteria on attributes and groups, and of its score."""

    terms: Sequence[int]
    attributes: Sequence[int]
    groups: Sequence[int]
    score: int


class Total(NamedTuple):
    """A group as it is summed up: members as (whether on attributes, index); ``scale`` is a term, or -1."""

    members: tuple[tuple[bool, int], ...]
    scale: int
    by: float
    floor: int | None
    cap: int | None


class Measures:
    """Everything that some programs measure."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self.bits, self.values = _Distinct[Bit](), _Distinct[str]()
        self.terms, self.attributes = _Distinct[Term](), _Distinct[Attribute]()
        self.groups, self.scores = _Distinct[Total](), _Distinct[tuple[int, ...]]()

    def place(self, program: Program) -> Places:
        """Return where a program's parts are, adding those that are new."""
        bits = [self.bits.add(_sets(bit), bit) for bit in program.bits]
        values = [self.values.add(name, name) for name in program.values]
        terms = [self._term(term, bits, values) for term in program.terms]
        attributes = [self.attributes.add(tuple((when.tree, points) for when, points in item.steps), item) for item in program.attributes]
        members = [(term < 0, attributes[-1 - term] if term < 0 else terms[term]) for _, term in program.criteria]
        groups = [self._group(group, members, terms) for group in program.groups]
        summed = tuple(sorted(at for at, group in zip(groups, program.groups, strict=True) if group.in_score))
        return Places(terms, attributes, groups, self.scores.add(summed, summed))

    def _term(self, term: Term, bits: Sequence[int], values: Sequence[int]) -> int:
        value = values[term.value] if term.value >= 0 else term.value
        placed = replace(term, bits=tuple(bits[bit] for bit in term.bits), value=value)
        return self.terms.add(replace(placed, name=""), placed)

    def _group(self, group: GroupPlan, members: Sequence[tuple[bool, int]], terms: Sequence[int]) -> int:
        scale, by = (-1, 1.0) if group.scale is None else (terms[group.scale], group.scale_by)
        total = Total(tuple(sorted(members[at] for at in group.criteria)), scale, by, group.floor, group.cap)
        return self.groups.add(total, total)

    def legend(self, program: Program, places: Places) -> Legend:
        """Return what the names in a program's rules stand for, now that all programs have been placed."""
        attributes, groups, scores = self._starts()
        registers = {name: attributes + places.attributes[-1 - at] if at < 0 else places.terms[at] for name, at in program.criteria}
        registers |= {group.name: groups + at for group, at in zip(program.groups, places.groups, strict=True)}
        return Legend(registers | {"score": scores + places.score}, {band.of: band for band in program.bands}, program.grade)

    def _starts(self) -> tuple[int, int, int]:
        """Return the first register of criteria on attributes, of groups, of scores."""
        terms, attributes, groups = len(self.terms.items), len(self.attributes.items), len(self.groups.items)
        return terms, terms + attributes, terms + attributes + groups

    def program(self, programs: Iterable[Program]) -> Program:
        """Return the program that measures everything; it has no rules."""
        properties, person, account = dict[str, Column](), dict[str, Column](), dict[str, Column]()
        for each in programs:
            properties, person, account = {**each.properties, **properties}, {**each.person, **person}, {**each.account, **account}
        return Program(
            fingerprint="", bits=tuple(self.bits.items), values=tuple(self.values.items), properties=properties,
            terms=tuple(self.terms.items), attributes=tuple(self.attributes.items), criteria=(), groups=(), bands=(), grade=(),
            only=None, disqualify=(), suspend=(), tracks=(), person=person, account=account,
        )  # fmt: skip

    def sums(self) -> tuple[Whole, Real, Whole, Whole]:
        """Return groups, scales, members and scores, as :class:`leadline.engine.rehearsal.Rules` has them."""
        attributes, _, _ = self._starts()
        totals = self.groups.items
        groups = [(total.scale, total.floor is not None, total.floor or 0, total.cap is not None, total.cap or 0) for total in totals]
        members = [(at, attributes + k if of_attributes else k) for at, total in enumerate(totals) for of_attributes, k in total.members]
        scores = [(at, group) for at, summed in enumerate(self.scores.items) for group in summed]
        return whole(groups, 5), np.array([total.by for total in totals], np.float64), whole(members, 2), whole(scores, 2)


def whole(rows: Sequence[Sequence[int]], columns: int) -> Whole:
    """Return rows of integers as an array, which has its columns even without rows."""
    return np.array(rows, np.int64).reshape(-1, columns)


def _sets(bit: Bit) -> Hashable:
    """Return what sets a bit, however its conditions are written and whatever it is called."""
    return frozenset(
        (frozenset(member.types), member.where.tree if member.where else None, member.machines, member.of) for member in bit.members
    )

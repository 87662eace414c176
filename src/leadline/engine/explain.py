"""What stands behind each point of one person: the receipt.

The kernel measures this person as it measures everybody; here its running state is read out and put beside the
activities and attribute values that it came from. Nothing about scoring is decided here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from leadline.definition import conditions
from leadline.definition.conditions import Condition
from leadline.engine import native, terms
from leadline.engine.model import BITS, MICRO, GroupPlan, Kind, Program, micro
from leadline.engine.receipt import Answer, Evidence, Judgement, Line, PersonFacts, Receipt


def receipt(program: Program, facts: PersonFacts, as_of: int) -> Receipt:
    """Return the receipt of one person; its lines in groups that count add up to the score."""
    lines: list[Line] = []
    measured = _Measured(program, facts, as_of)
    for group in program.groups:
        of_group = [_line(measured, group, *program.criteria[at]) for at in group.criteria]
        total = sum(line.points for line in of_group)
        steps: list[tuple[str, int]] = []
        if group.scale is not None and measured.points[group.scale]:
            steps.append(("scale", micro(total / MICRO * group.scale_by)))
        now = steps[-1][1] if steps else total
        if group.floor is not None and now < group.floor:
            steps.append(("floor", group.floor))
        if group.cap is not None and now > group.cap:
            steps.append(("cap", group.cap))
        for name, after in steps:
            of_group.append(Line(group.name, name, after - total, group.in_score))
            total = after
        lines += of_group
    row = facts.row
    return Receipt(
        row["person_id"], row["account_id"], as_of, program.fingerprint, round(row["score"] * MICRO), row["grade"],
        tuple(row["tracks"]), row["disqualified"], row["suspended"], tuple(lines), tuple(_judgements(program, facts, as_of)),
    )  # fmt: skip


class _Measured:
    """The kernel's state for this person, read out term by term."""

    def __init__(self, program: Program, facts: PersonFacts, as_of: int) -> None:
        self.program, self.facts, self.as_of = program, facts, as_of
        size, count = len(facts.times), len(program.terms)
        points = np.zeros((1, count), np.int64)
        self.shares = np.full((size, count), np.nan)
        created = terms.NEVER if facts.created is None else facts.created
        nothing, nobody = np.zeros(0, np.int64), np.zeros((1, 0), np.int64)
        people = (np.array([0]), np.array([size]), np.array([created]), nothing, nobody)
        timelines = (facts.times, facts.masks, facts.values)
        self.state = native.score_people(terms.table_of(program), timelines, people, as_of, points, self.shares)
        self.points: list[int] = points[0].tolist()

    def amount(self, k: int) -> float | None:
        if self.program.terms[k].kind > Kind.KEPT:
            return None
        return micro(float(self.state.sums[k, terms.AMOUNT])) / MICRO

    def evidence(self, k: int) -> tuple[Evidence, ...]:
        term = self.program.terms[k]
        read = {name for bit in term.bits for member in self.program.bits[bit].members if member.where for name in member.where.names}
        read |= {self.program.values[term.value]} if term.value >= 0 else set()

        def describe(at: int, share: float | None) -> Evidence:  # what this criterion reads comes first
            found = self.facts.describe(at, share)
            first = {name: value for name, value in found.properties.items() if name in read}
            return replace(found, properties=first | dict(found.properties))

        if term.kind <= Kind.KEPT:
            return tuple(describe(at, float(self.shares[at, k])) for at in np.flatnonzero(~np.isnan(self.shares[:, k])).tolist())
        last = int(self.state.marks[k, terms.LAST])
        if last == terms.NEVER or (term.kind is not Kind.ABSENT and not self.points[k]):
            return ()
        first = {Kind.TOGETHER: last - term.span, Kind.IN_ORDER: int(self.state.marks[k, terms.BEGAN]), Kind.ABSENT: last}[term.kind]
        inside = np.flatnonzero((self.facts.times >= first) & (self.facts.times <= last)).tolist()
        hits = [at for at in inside if any(self.facts.masks[at, bit // BITS] >> (bit % BITS) & 1 for bit in term.bits)]
        return tuple(describe(at, None) for at in (hits[-1:] if term.kind is Kind.ABSENT else hits))


def _line(measured: _Measured, group: GroupPlan, name: str, term: int) -> Line:
    if term >= 0:
        return Line(group.name, name, measured.points[term], group.in_score, amount=measured.amount(term), evidence=measured.evidence(term))
    attribute = measured.program.attributes[-1 - term]
    seen = measured.facts.attributes
    answers = [(answer(condition, seen, measured.as_of), points) for condition, points in attribute.steps]
    points = next((points for held, points in answers if held is Answer.YES), 0)
    held = Answer.YES if any(held is Answer.YES for held, _ in answers) else answers[0][0] if answers else Answer.NO
    names = {name for condition, _ in attribute.steps for name in condition.names}
    return Line(group.name, name, points, group.in_score, held, {name: seen.get(name) for name in sorted(names)})


def answer(condition: Condition, values: Mapping[str, object], as_of: int) -> Answer:
    """Return whether a condition holds for one set of values."""
    held = conditions.to_python(condition)(values, as_of)
    return Answer.UNKNOWN if held is None else Answer.YES if held else Answer.NO


def _judgements(program: Program, facts: PersonFacts, as_of: int) -> Sequence[Judgement]:
    row = facts.row
    values = dict(facts.attributes)
    for band in program.bands:
        values[f"band.{band.of}"] = row[f"{band.of}.band"]
    values |= {name: row[name] for name in ("score", "grade")}
    values |= {group.name: row[group.name] for group in program.groups} | {name: row[name] for name, _ in program.criteria}
    found: list[Judgement] = []
    for kind in ("disqualify", "suspend", "tracks"):
        for rule in getattr(program, kind):
            seen = {name: values.get(name) for name in sorted(rule.when.names)}
            found.append(Judgement(f"{kind}.{rule.name}", rule.when.text, answer(rule.when, values, as_of), seen))
    return found

"""Rules and criteria that can't do what they were written for, by the bounds of what scores can be."""

from __future__ import annotations

from collections.abc import Iterator

from leadline.definition.check.feasible import NOT_TRUE, TRUE, Box, Demand, Domain, possible
from leadline.definition.check.ranges import NOTHING, Range, Ranges, group_range, ranges
from leadline.definition.check.subject import Subject
from leadline.definition.conditions.tree import Node, Op
from leadline.definition.model import Group, TierCriterion
from leadline.errors import Problem
from leadline.facts.model import Type


def check_reach(subject: Subject) -> Iterator[Problem]:
    """Yield tracks and rules that nobody or everybody meets, and criteria that never matter."""
    names = [*subject.definition.groups, *(name for _, name, _ in subject.definition.criteria())]
    if len(names) > len(set(names)):
        return  # a rule can't tell them apart, so nothing can be said of it
    bounds = _Bounds(subject)
    yield from _whole(subject)
    for name in subject.definition.tracks:
        yield from _track(subject, bounds, name)
    yield from _named_rules(subject, bounds)
    yield from _criteria(subject, bounds)


class _Bounds:
    """The ranges of a definition's numbers: for anybody, and for those without any activity."""

    def __init__(self, subject: Subject) -> None:
        dead = frozenset(
            path[3] for path, read in subject.conditions.items() if path[0] == "groups" and read.type is Type.BOOLEAN
            and not possible([(read.tree, TRUE)], {})
        )  # fmt: skip
        self.subject, self.dead = subject, dead
        self.anybody = ranges(subject.definition, dead)
        self.silent = ranges(subject.definition, dead, silent=True)

    def can(self, *demands: Demand, silent: bool = False) -> bool:
        """Return whether somebody can meet all demands."""
        return possible(demands, self.box(self.silent if silent else self.anybody))

    def box(self, found: Ranges) -> Box:
        """Return the domains of all names that rules can use besides attributes."""
        numbers = found.by_name()
        box = {Node(Op.NAME, value=name, type=Type.NUMBER): Domain(span, null=False) for name, span in numbers.items()}
        for of, bounds in self.subject.definition.bands.items():
            column = self.subject.scopes.rules[f"band.{of}"]
            name = Node(Op.NAME, value=f"band.{of}", type=column.type, order=column.order)
            place = _places([bounds[label] for label in column.order], numbers.get(of, Range()))
            box |= {name: Domain(null=False), Node(Op.RANK, (name,), type=Type.NUMBER, order=column.order): Domain(place, null=False)}
        return box

    def told(self, names: frozenset[str]) -> str:
        """Return the ranges of the names that a rule uses, for a problem's text."""
        numbers = self.anybody.by_name()
        told = ", ".join(f"{name} is {numbers[name]}" for name in sorted(names) if name in numbers)
        return f" ({told})" if told else ""


def _places(bounds: list[float], of: Range) -> Range:
    """Return which places (from 0, the lowest) of a band's bounds a number within ``of`` can have."""
    low, high = (max(0, sum(bound <= end for bound in bounds) - 1) for end in (of.low, of.high))
    return Range(float(low), float(high))


def _whole(subject: Subject) -> Iterator[Problem]:
    only = subject.conditions.get(("only",))
    if only and not possible([(only.tree, TRUE)], {}):
        yield subject.error("never-true", ("only",), "'only' holds for nobody, so nobody is scored.", "Loosen it.")


def _track(subject: Subject, bounds: _Bounds, name: str) -> Iterator[Problem]:
    path = ("tracks", name, "when")
    when = subject.conditions.get(path)
    if when is None:
        return
    if not bounds.can((when.tree, TRUE)):
        says = f"no one can ever meet '{name}'{bounds.told(when.names)}."
        yield subject.error("unreachable-track", path, says, "Lower what it asks for, or raise points, caps and max.")
        return
    if not bounds.can((when.tree, NOT_TRUE)):
        says = f"everyone meets '{name}'{bounds.told(when.names)}."
        yield subject.warning("trivial-track", path, says, "Ask for more.")
    elif bounds.can((when.tree, TRUE), silent=True):
        most = f"{bounds.silent.score.high:g}"
        says = f"'{name}' can be met without a single activity: attributes and silence alone give a score of up to {most}."
        yield subject.warning("demographics-only", path, says, "Ask for activities too: … and engagement > 0")
    yield from _leave(subject, bounds, name, (when.tree, TRUE))


def _leave(subject: Subject, bounds: _Bounds, name: str, when: Demand) -> Iterator[Problem]:
    path = ("tracks", name, "leave")
    leave = subject.conditions.get(path)
    if leave is None:
        return
    if not bounds.can(when, (leave.tree, NOT_TRUE)):
        says = f"'leave' holds whenever 'when' does, so nobody ever enters '{name}'."
        yield subject.error("leave-contradicts", path, says, "Let 'leave' begin below what 'when' asks for.")
    elif not bounds.can((leave.tree, TRUE)):
        says = f"'leave' never holds{bounds.told(leave.names)}, so nobody ever leaves '{name}'."
        yield subject.warning("never-leaves", path, says, "Raise its threshold, or remove it to leave when 'when' fails.")


def _named_rules(subject: Subject, bounds: _Bounds) -> Iterator[Problem]:
    for path, read in subject.conditions.items():
        if path[0] not in ("disqualify", "suspend", "nurture"):
            continue
        if not bounds.can((read.tree, TRUE)):
            yield subject.warning("never-true", path, f"this holds for nobody{bounds.told(read.names)}.", "Correct or remove it.")
        elif path[0] != "nurture" and not bounds.can((read.tree, NOT_TRUE)):
            says = f"this holds for everybody{bounds.told(read.names)}, so nobody can qualify."
            yield subject.error("always-true", path, says, "Tighten it.")


def _criteria(subject: Subject, bounds: _Bounds) -> Iterator[Problem]:
    definition, named = subject.definition, subject.named_in_rules()
    for name, group in definition.groups.items():
        asked = {name, f"band.{name}", *group.criteria} & named or name in definition.grade
        if not group.in_score and not asked:
            says = f"'{name}' is kept out of the score, and no rule looks at it."
            yield subject.warning("never-matters", ("groups", name), says, "Remove it, use it in a rule, or drop in_score: false.")
            continue
        for criterion in group.criteria:
            says = _idle(bounds, group, criterion, named)
            if says:
                path = ("groups", name, "criteria", criterion)
                yield subject.warning("never-matters", path, f"'{criterion}' can never matter: {says}.", "Correct or remove it.")


def _idle(bounds: _Bounds, group: Group, name: str, named: frozenset[str]) -> str:
    """Return why a criterion has no effect whatsoever, if so."""
    element = group.criteria[name]
    if name in bounds.dead:
        return "its condition holds for nobody"
    given = element.tiers.values() if isinstance(element, TierCriterion) else (element.points,)
    own = bounds.anybody.criteria[name]
    if not any(given):
        return "it gives no points"
    if own == NOTHING:
        return "what it asks for can't happen"
    others = [bounds.anybody.criteria[other] for other in group.criteria if other != name]
    if name not in named and _moot(group, others, own):
        return "the group's cap or floor takes all of its points"
    return ""


def _moot(group: Group, others: list[Range], own: Range) -> bool:
    """Return whether a group comes out the same with and without a criterion, whatever the others give."""
    if group.cap is not None and group.cap == group.floor:
        return True
    rest = group_range(group.model_copy(update={"cap": None, "floor": None}), others)
    full = group.cap is not None and own.low >= 0 and rest.low >= group.cap
    empty = group.floor is not None and own.high <= 0 and rest.high <= group.floor
    return full or empty

"""An independent reading of "Tracks in time" (docs/language.md): who was inside a spell, from when to when, to the microsecond.

The interpreter is asked at every instant at which something can happen. Between two of them only what fades or what is
silent goes on changing; there bounds say whether a rule can change its answer, and if so the stretch is halved. Nothing is
remembered but who is inside.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import cached_property
from typing import Any, TypeAlias

from tests.oracle import interpreter, ranges
from tests.oracle.facts import Activity, Facts
from tests.oracle.interpreter import MILLION, Element, Row, Subject, duration
from tests.oracle.ranges import Choice, Loose, Range
from tests.oracle.trees import DaysSince, Literal, Negate, Node
from tests.oracle.values import DAY, Env, Instant, Value

Course: TypeAlias = Sequence[tuple[int, Element]]
ALWAYS = -(1 << 62)
MOST_HALVINGS = 600
ALL = 10**12  # more than any amount
NOISE = 1e-12  # of a fading amount, by which sums of doubles may be off


class UndecidedError(Exception):
    """Bounds don't tell when a rule changes, such as one that compares two fading amounts with each other."""


@dataclass(frozen=True)
class Spell:
    """A person inside a track: from ``entered`` (None: always) until ``left`` (None: still), with the rows of both instants."""

    person: str
    track: str
    entered: int | None
    left: int | None
    first: Row
    last: Row | None

    @property
    def times(self) -> tuple[str, str, int | None, int | None]:
        """Return who was inside what, from when to when."""
        return self.person, self.track, self.entered, self.left


@dataclass(frozen=True)
class Verdict:
    """How a track's rules stand for somebody: whether a spell would begin, and whether one would end."""

    begins: bool
    ends: bool


def spells(course: Course, facts: Facts, until: int, trees: Mapping[str, Node] | None = None, person: str | None = None) -> list[Spell]:
    """Return the spells of everybody, or of one person, by person, track and entry, as they are known at ``until``.

    Raises:
        UndecidedError: If bounds don't tell when a rule changes.
    """
    people = sorted(facts.persons) if person is None else [person]
    found = [spell for one in people for spell in _Life(course, facts, one, until, trees or {}).spells()]
    return sorted(found, key=lambda spell: (spell.person, spell.track, ALWAYS if spell.entered is None else spell.entered))


def verdicts(definition: Element, row: Row | None, subject: Subject) -> dict[str, Verdict]:
    """Return how each track's rules stand at an instant; without a row nobody is scored."""
    if row is None:
        return dict.fromkeys(definition["tracks"], Verdict(begins=False, ends=True))
    seen, free = figures(row), row.disqualified is None and row.suspended is None
    found = {}
    for name, track in definition["tracks"].items():
        when = subject.holds(track["when"], seen)
        leave = subject.holds(track["leave"], seen) if "leave" in track else None
        found[name] = Verdict(begins=free and when and not leave, ends=not free or (not when if leave is None else leave))
    return found


def figures(row: Row) -> dict[str, Value]:
    """Return what a row gives rules to see."""
    points: dict[str, Value] = {name: micro / MILLION for name, micro in {"score": row.score, **row.groups, **row.criteria}.items()}
    return points | {f"band.{name}": label for name, label in row.bands.items()} | {"grade": row.grade}


@dataclass
class _Life:
    """One person's life under a course."""

    course: Course
    facts: Facts
    person: str
    until: int
    trees: Mapping[str, Node]
    inside: dict[str, Spell] = field(default_factory=dict)
    done: list[Spell] = field(default_factory=list)
    rows: dict[int, tuple[Subject, Row | None]] = field(default_factory=dict)
    halvings: int = 0

    def spells(self) -> list[Spell]:
        """Follow the person from before the first instant on."""
        instants = sorted({at for at in self.candidates() if at <= self.until})
        if not instants:
            instants = [self.until]
        self.visit(instants[0] - 1, always=True)
        for at, following in zip(instants, [*instants[1:], self.until + 1], strict=True):
            self.visit(at)
            self.between(at, following - 1)
        return self.done + list(self.inside.values())

    def definition(self, at: int) -> Element:
        """Return what is in force at an instant; before the first nothing is."""
        return next((one for since, one in reversed(self.course) if since <= at), {"groups": {}, "tracks": {}})

    def asked(self, at: int) -> tuple[Subject, Row | None]:
        """Return the person at an instant, and their row if they are scored."""
        if at not in self.rows:
            definition = self.definition(at)
            subject = interpreter.subject_of(definition, self.facts, self.person, at, self.trees)
            scored = (subject.created is None or subject.created <= at) and ("only" not in definition or subject.holds(definition["only"]))
            self.rows[at] = subject, interpreter.row_of(subject) if scored else None
        return self.rows[at]

    def visit(self, at: int, *, always: bool = False) -> None:
        """Let spells begin and end at an instant."""
        subject, row = self.asked(at)
        found = verdicts(self.definition(at), row, subject)
        for track in {**found, **self.inside}:
            verdict = found.get(track, Verdict(begins=False, ends=True))
            spell = self.inside.get(track)
            if spell is None and verdict.begins and row is not None:
                self.inside[track] = Spell(self.person, track, None if always else at, None, row, None)
            elif spell is not None and verdict.ends:
                self.done.append(replace(spell, left=at, last=row))
                del self.inside[track]

    # --- between two candidates -----------------------------------------------------------------------------------------

    def between(self, first: int, last: int) -> None:
        """Let spells begin and end after ``first``, at which that is settled, and not after ``last``."""
        if first == last or not self.may_change(first, last):
            return
        self.halvings += 1
        if self.halvings > MOST_HALVINGS:
            raise UndecidedError(self.person)
        if last == first + 1:
            self.visit(last)
            return
        middle = (first + last) // 2
        self.between(first, middle)
        self.between(middle, last)

    def may_change(self, first: int, last: int) -> bool:
        """Return whether a spell may begin or end between two instants."""
        definition, (subject, row), (later, other) = self.definition(first), self.asked(first), self.asked(last)
        if row is None or other is None:
            assert row is other, "candidates are missing: of when somebody is scored"
            return False
        loose = _loose(definition, subject, later, row, other)
        if not loose:
            assert verdicts(definition, row, subject) == verdicts(definition, other, later), "candidates are missing: of attributes"
            return False
        return any(self.turns(name, track, subject, row, loose) for name, track in definition["tracks"].items())

    def turns(self, name: str, track: Element, subject: Subject, row: Row, loose: Loose) -> bool:
        """Return whether a track's spell may begin, or end, whichever can come."""
        definition, seen = subject.definition, figures(row)

        def can(text: str) -> Choice:
            env = Env({**subject.values, **seen}, subject.as_of, interpreter.orders(definition))
            found = ranges.outcomes(subject.tree(text), env, loose)
            assert isinstance(found, frozenset)
            return found

        barred = [can(text) for key in ("disqualify", "suspend") for text in definition.get(key, {}).values()]
        when, leave = can(track["when"]), can(track["leave"]) if "leave" in track else None
        if name in self.inside:
            left = (when != {True}) if leave is None else True in leave
            return left or any(True in truth for truth in barred)
        free = all(truth != {True} for truth in barred)
        return free and True in when and (leave is None or leave != {True})

    # --- instants at which something can happen -------------------------------------------------------------------------

    def candidates(self) -> Iterator[int]:
        """Yield every instant at which an answer can change, but for what fades or is silent, each with its neighbours."""
        for at in {*self.of_definitions(), *self.of_attributes(), *self.of_activities()}:
            yield from (at - 1, at, at + 1)

    def of_definitions(self) -> Iterator[int]:
        yield from (since for since, _ in self.course if since > ALWAYS)

    @cached_property
    def accounts(self) -> set[str]:
        """Return the accounts that the person was ever at."""
        return {row["account_id"] for row in self.facts.persons[self.person] if row.get("account_id") is not None}

    def of_attributes(self) -> Iterator[int]:
        """Yield when attributes change, and when they have become as old as some condition asks."""
        rows = [*self.facts.persons[self.person], *(row for one in self.accounts for row in self.facts.accounts_by_id.get(one, ()))]
        rows += [row for one in self.accounts for row in self.facts.deals_by_account.get(one, ())]
        days = {round(number * DAY) for _, definition in self.course for text in _texts(definition) for number in _days(self.tree(text))}
        for row in rows:
            for key, held in row.items():
                at = held.micros if isinstance(held, Instant) else held if key.endswith("_at") or key == "valid_from" else None
                if isinstance(at, int):
                    yield at
                    yield from (at + age for age in days)

    def tree(self, text: str) -> Node | None:
        """Return the tree of a text, if it is a condition."""
        try:
            return self.trees.get(text) or interpreter.conditions.parse(text)
        except SyntaxError:
            return None

    def of_activities(self) -> Iterator[int]:
        """Yield when activities happen, become known, begin to count, and cease to."""
        lengths = {length for _, definition in self.course for length in _lengths(definition)}
        created = self.facts.created(self.person)
        yield from () if created is None else (created + length for length in lengths)
        for activity in self.near():
            yield activity.known
            yield from (activity.occurred + length for length in {0, *lengths})

    def near(self) -> Iterator[Activity]:
        yield from self.facts.by_person.get(self.person, ())
        for account in self.accounts:
            yield from self.facts.by_account.get(account, ())


def _texts(element: Any) -> Iterator[str]:
    if isinstance(element, Mapping):
        for inner in element.values():
            yield from _texts(inner)
    elif isinstance(element, str):
        yield element.partition(" where ")[2] or element


def _days(node: Node | None) -> Iterator[float]:
    """Yield the numbers of days with which a condition compares; all its numbers, if it asks for days at all."""
    parts = list(_walk(node)) if node else []
    if any(isinstance(part, DaysSince) for part in parts):
        for part in parts:
            if isinstance(part, Literal) and isinstance(part.held, int | float):
                yield from (float(part.held), -float(part.held))
            elif isinstance(part, Negate):
                held = part.value(Env({}))
                yield from () if not isinstance(held, int | float) else (float(held),)


def _walk(node: Node) -> Iterator[Node]:
    yield node
    for part in ranges.inside(node):
        yield from _walk(part)


def _lengths(element: Any) -> Iterator[int]:
    """Yield the durations after which an activity, or a person, counts or counts no longer."""
    if isinstance(element, Mapping):
        for key, inner in element.items():
            if key in ("wait", "within", "for", "fades_over"):
                yield duration(inner)
            else:
                yield from _lengths(inner)


# --- what points can be between two candidates ---------------------------------------------------------------------------


def _loose(definition: Element, first: Subject, last: Subject, row: Row, other: Row) -> Loose:
    """Return the figures that aren't fixed between two instants, with what they can be."""
    points: dict[str, tuple[int, int]] = {}
    for name, group in definition["groups"].items():
        for key, criterion in group["criteria"].items():
            points[key] = _points(criterion, first, last, row.criteria[key], other.criteria[key])
        points[name] = _group(group, first, last, [points[key] for key in group["criteria"]])
    scored = [points[name] for name, group in definition["groups"].items() if group.get("in_score", True)]
    points["score"] = sum(low for low, _ in scored), sum(high for _, high in scored)
    loose: dict[str, Range | Choice] = {name: Range(low / MILLION, high / MILLION) for name, (low, high) in points.items() if low < high}
    bands: dict[str, Choice] = {}
    for name, rungs in definition.get("bands", {}).items():
        low, high = points[name]
        labels = [str(label) for label in rungs]
        best, worst = (labels.index(interpreter.band(rungs, micro)) for micro in (high, low))
        bands[name] = frozenset(labels[min(best, worst) : max(best, worst) + 1])
    loose |= {f"band.{name}": held for name, held in bands.items() if len(held) > 1}
    grades: Choice = frozenset([""])
    for name in definition.get("grade", ()):
        grades = frozenset(f"{so_far}{label}" for so_far in grades for label in bands[name])
    return loose | ({"grade": grades} if len(grades) > 1 else {})


def _points(criterion: Element, first: Subject, last: Subject, begins: int, ends: int) -> tuple[int, int]:
    """Return between what a criterion's points lie."""
    if "half_life" in criterion or "fades_over" in criterion:
        return _faded(criterion, first, last)
    assert begins == ends or "absent" in criterion, f"candidates are missing: of {criterion}"
    return min(begins, ends), max(begins, ends)


def _faded(criterion: Element, first: Subject, last: Subject) -> tuple[int, int]:
    """Return between what the points of a fading criterion lie: what is positive falls, what is negative rises."""
    activities = interpreter.activities_of(first, criterion["signal"], criterion.get("of"))
    parts = [(activity, float(interpreter.worth(activity, criterion))) for activity in interpreter.chosen(activities, criterion)]
    early, late = ([_weight(criterion, at.as_of - activity.occurred) * held for activity, held in parts] for at in (first, last))
    pairs = [sorted(pair) for pair in zip(early, late, strict=True)]
    noise = NOISE * (1 + sum(abs(held) for _, held in parts)) if any(one != two for one, two in pairs) else 0
    bounds = [sum(one for one, _ in pairs) - noise, sum(two for _, two in pairs) + noise]
    low, high = (interpreter.round6_float(amount) for amount in bounds)
    if "at_least" not in criterion and "at_most" not in criterion:
        ends = [interpreter.round6(interpreter.exact(criterion["points"]) * Fraction(amount, MILLION)) for amount in (low, high)]
        return interpreter.held_to(criterion.get("max"), min(ends)), interpreter.held_to(criterion.get("max"), max(ends))
    least, most = (
        interpreter.round6(interpreter.exact(criterion.get(key, other))) for key, other in (("at_least", -ALL), ("at_most", ALL))
    )
    given = {interpreter.round6(interpreter.exact(criterion["points"]))} if high >= least and low <= most else {0}
    given |= set() if low >= least and high <= most else {0}
    return min(given), max(given)


def _weight(criterion: Element, age: int) -> float:
    """Return what an activity is still worth; nothing if it doesn't count at this age."""
    if age < (duration(criterion["wait"]) if "wait" in criterion else 0):
        return 0.0
    if "within" in criterion and age >= duration(criterion["within"]):
        return 0.0
    if "half_life" in criterion:
        return 0.5 ** (age / duration(criterion["half_life"]))
    return max(0.0, 1 - age / duration(criterion["fades_over"]))


def _group(group: Element, first: Subject, last: Subject, points: Sequence[tuple[int, int]]) -> tuple[int, int]:
    """Return between what a group's points lie, scaled or not if that may change."""
    low, high = sum(one for one, _ in points), sum(two for _, two in points)
    ends = [interpreter.group_points(at, group, total) for at in (first, last) for total in (low, high)]
    return min(ends), max(ends)

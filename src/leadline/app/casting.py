"""Which definitions a plan follows through history: both sides, the new one with other lines, the old one with single changes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from leadline.errors import DefinitionRefused, UsageError, did_you_mean

if TYPE_CHECKING:
    from leadline.definition.conditions.scopes import Scope
    from leadline.definition.model import Definition, Track
    from leadline.engine.model import Program, TrackRule
    from leadline.facts.model import Schema
    from leadline.review.model import Skipped

SCORE = "score"


@dataclass(frozen=True)
class Course:
    """One definition that is followed.

    Attributes:
        name: What it is called.
        definition: It, as it was written or made.
        program: It, compiled.
    """

    name: str
    definition: Definition
    program: Program


@dataclass(frozen=True)
class Line:
    """A line that is moved: of which track, what it compares, where it is in the old and in the new definition."""

    track: str
    of: str
    current: float | None
    proposed: float


@dataclass(frozen=True)
class Change:
    """A single change: where, in words, and the old definition with it."""

    path: str
    words: str
    course: Course


@dataclass(frozen=True)
class Cast:
    """Everything that is followed in one pass over history.

    Attributes:
        new: The new definition.
        old: The old one; ``None`` where the CRM's record is compared.
        line: The line that is moved; ``None`` if there is none.
        lines: The new definition with other lines, from the lowest.
        changes: The old definition with single changes.
        skipped: The changes that can't be tried alone.
    """

    new: Course
    old: Course | None = None
    line: Line | None = None
    lines: tuple[tuple[float, Course], ...] = ()
    changes: tuple[Change, ...] = ()
    skipped: tuple[Skipped, ...] = ()

    def courses(self) -> list[Course]:
        """Return all courses: the new definition, the old one, lines, changes."""
        old = [self.old] if self.old else []
        return [self.new, *old, *(course for _, course in self.lines), *(change.course for change in self.changes)]

    def names(self, course: Course) -> list[str]:
        """Return the names of the tracks of a course, and of the definition that it was made from, in the order of urgency."""
        base = self.old if self.old and any(course is change.course for change in self.changes) else course
        return list(dict.fromkeys([*base.definition.tracks, *course.definition.tracks]))


def cast(new: Course, old: Course | None, schema: Schema, track: str | None = None, *, alone: bool = True) -> Cast:
    """Return what a plan follows.

    Args:
        new: The new definition.
        old: The old one, or ``None``.
        schema: Of the facts.
        track: The track whose line is moved; the first that asks for a score, else the first that has a line, if ``None``.
        alone: Whether to try each change alone.

    Raises:
        UsageError: If there is no such track, or it has no line.
    """
    line = _line(new.definition, old.definition if old else None, track)
    lines = tuple(_lines(new, line, schema)) if line else ()
    changes, skipped = _changes(old.definition, new.definition, schema) if old and alone else ((), ())
    return Cast(new, old, line, lines, changes, skipped)


def _line(new: Definition, old: Definition | None, track: str | None) -> Line | None:
    from leadline.definition import lines

    if track is not None and track not in new.tracks:
        raise UsageError(f"There is no track '{track}'.", did_you_mean(track, new.tracks), code="unknown-track")
    found = {name: lines.line_of(new, name) for name in new.tracks if track in (None, name)}
    known = [(name, line) for name, line in found.items() if line]
    if track is not None and not known:
        says = f"The track '{track}' asks for no score, so it has no line to move."
        raise UsageError(says, "Choose a track with a condition such as score >= 75.", code="no-line")
    name, line = min(known, key=lambda pair: pair[1].of != SCORE, default=("", None))
    if line is None:
        return None
    before = lines.line_of(old, name) if old and name in old.tracks else None
    return Line(name, line.of, before.bound if before and before.of == line.of else None, line.bound)


def _lines(new: Course, line: Line, schema: Schema) -> Iterator[tuple[float, Course]]:
    """Yield the new definition with other lines; only the rule of that track is compiled anew."""
    from leadline.definition import conditions, lines
    from leadline.review import sweep

    scope = conditions.scopes(new.definition, schema).rules
    for bound in sweep.lines(line.proposed, [] if line.current is None else [line.current]):
        moved = lines.with_line(new.definition, line.track, bound)
        rule = _rule(line.track, moved.tracks[line.track], scope)
        program = replace(new.program, tracks=tuple(rule if held.name == line.track else held for held in new.program.tracks))
        yield bound, Course(f"{line.of} {bound:g}", moved, program)


def _rule(name: str, track: Track, scope: Scope) -> TrackRule:
    from leadline.definition import conditions
    from leadline.engine.model import TrackRule

    when, leave = (conditions.parse(text, scope)[0] if text else None for text in (track.when, track.leave))
    return TrackRule(name, when or conditions.NEVER, leave)


def _changes(old: Definition, new: Definition, schema: Schema) -> tuple[tuple[Change, ...], tuple[Skipped, ...]]:
    """Return the single changes, and those that mean nothing alone or don't check: a rule may name what only the new definition has."""
    from leadline.definition import variants
    from leadline.review.model import Skipped

    changes: list[Change] = []
    skipped: list[Skipped] = []
    for item in variants.changed_alone(old, new):
        if item.why:
            skipped.append(Skipped(item.path, item.words, item.why))
            continue
        try:
            program = _compiled(item.definition, schema)
        except DefinitionRefused as refused:
            skipped.append(Skipped(item.path, item.words, refused.problems[0].says))
        else:
            changes.append(Change(item.path, item.words, Course(item.path, item.definition, program)))
    return tuple(changes), tuple(skipped)


def _compiled(definition: Definition, schema: Schema) -> Program:
    """Return the program of a definition that was made here: only what it refers to can be wrong with it."""
    from leadline.engine import compile as compiler

    return compiler.compile_program(definition, schema, "")

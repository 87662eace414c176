"""What all checks look at: the definition, where its parts stand, and its conditions, read once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from leadline.definition import conditions
from leadline.definition.conditions import Condition
from leadline.definition.conditions.scopes import Scope, Scopes, scopes
from leadline.definition.load import Loaded
from leadline.definition.model import AttributeCriterion, Definition, TierCriterion
from leadline.documents import KeyPath
from leadline.errors import Place, Problem, Severity
from leadline.facts.model import Schema


@dataclass(frozen=True)
class Subject:
    """A definition under examination.

    Attributes:
        loaded: The definition and its document.
        schema: The facts' schema, if it is at hand.
        scopes: The names that conditions may use.
        conditions: Every condition that could be read, by its path of keys.
        problems: What was wrong with the others.
    """

    loaded: Loaded
    schema: Schema | None
    scopes: Scopes
    conditions: Mapping[KeyPath, Condition]
    problems: tuple[Problem, ...]

    @property
    def definition(self) -> Definition:
        """The definition."""
        return self.loaded.definition

    def place(self, *path: str) -> Place:
        """Return where a part stands in the file."""
        return self.loaded.document.place(*path)

    def error(self, code: str, path: KeyPath, says: str, fix: str = "") -> Problem:
        """Return a problem that stops the work."""
        return Problem(code, self.place(*path), says, fix)

    def warning(self, code: str, path: KeyPath, says: str, fix: str = "") -> Problem:
        """Return a problem for the reader to weigh."""
        return Problem(code, self.place(*path), says, fix, Severity.WARNING)

    def named_in_rules(self) -> frozenset[str]:
        """Return the names that tracks, ``disqualify``, ``suspend`` and ``nurture`` refer to."""
        rules = (condition for path, condition in self.conditions.items() if path[0] in ("tracks", "disqualify", "suspend", "nurture"))
        return frozenset(name for condition in rules for name in condition.names)


def examine(loaded: Loaded, schema: Schema | None) -> Subject:
    """Return a loaded definition with all of its conditions read."""
    seen, read, problems = scopes(loaded.definition, schema), dict[KeyPath, Condition](), list[Problem]()
    for path, text, scope in _texts(loaded.definition, seen):
        parse = conditions.parse_value if path[-1] == "value" else conditions.parse
        condition, found = parse(text, scope, loaded.document.place(*path))
        problems += found
        if condition:
            read[path] = condition
    return Subject(loaded, schema, seen, read, tuple(problems))


def _texts(definition: Definition, seen: Scopes) -> Iterator[tuple[KeyPath, str, Scope]]:
    """Yield every condition's path of keys, text and scope."""
    if definition.only:
        yield ("only",), definition.only, seen.attributes
    for name, signal in definition.signals.items():
        if signal.where:
            yield ("signals", name, "where"), signal.where, seen.properties
    for group, name, criterion in definition.criteria():
        if isinstance(criterion, AttributeCriterion):
            yield ("groups", group, "criteria", name, "when"), criterion.when, seen.attributes
        elif isinstance(criterion, TierCriterion):
            yield ("groups", group, "criteria", name, "value"), criterion.value, seen.attributes
    for path, text in _rules(definition):
        yield path, text, seen.rules


def _rules(definition: Definition) -> Iterator[tuple[KeyPath, str]]:
    for name, track in definition.tracks.items():
        yield ("tracks", name, "when"), track.when
        if track.leave:
            yield ("tracks", name, "leave"), track.leave
    named = (("suspend", definition.suspend), ("disqualify", definition.disqualify), ("nurture", definition.nurture))
    for key, rules in named:
        for name, text in rules.items():
            yield (key, name), text

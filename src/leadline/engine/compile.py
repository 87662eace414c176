"""Definition × schema → program. Pure: no engine is asked anything, and nothing is executed.

The definition must have passed :mod:`leadline.definition.check`; what could not be parsed is refused here all the
same, with every problem at once.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from leadline.definition import conditions
from leadline.definition.conditions import Condition
from leadline.definition.model import (
    ANY,
    AbsenceCriterion,
    AttributeCriterion,
    Criterion,
    Definition,
    Group,
    Of,
    Scale,
    SequenceCriterion,
    SignalCriterion,
    TierCriterion,
    TogetherCriterion,
    Track,
)
from leadline.engine.model import (
    BUCKETS,
    FOREVER,
    MICRO,
    Attribute,
    Band,
    Bit,
    Fade,
    GroupPlan,
    Kind,
    Member,
    Program,
    Rule,
    Term,
    TrackRule,
    micro,
)
from leadline.errors import DefinitionRefused, Place, Problem
from leadline.facts.model import Column, Schema

ActivityCriterion = SignalCriterion | TogetherCriterion | SequenceCriterion | AbsenceCriterion


def compile_program(definition: Definition, schema: Schema, fingerprint: str) -> Program:
    """Return the program of a definition, known by its fingerprint, against a schema.

    Raises:
        DefinitionRefused: If a condition can't be parsed or refers to something unknown.
    """
    return _Compiler(definition, conditions.scopes(definition, schema), fingerprint).program()


@dataclass
class _Compiler:
    """Collects bits, terms and values while it walks the definition once."""

    definition: Definition
    scopes: conditions.Scopes
    fingerprint: str
    bits: dict[tuple[str, Of | None], Bit] = field(default_factory=dict[tuple[str, Of | None], Bit])
    values: list[str] = field(default_factory=list[str])
    terms: list[Term] = field(default_factory=list[Term])
    attributes: list[Attribute] = field(default_factory=list[Attribute])
    problems: list[Problem] = field(default_factory=list[Problem])

    def program(self) -> Program:
        definition, criteria = self.definition, list[tuple[str, int]]()
        for _, name, criterion in definition.criteria():
            criteria.append((name, self._criterion(name, criterion)))
        at = {name: index for index, (name, _) in enumerate(criteria)}
        groups = tuple(self._group(name, group, at) for name, group in definition.groups.items())
        only = self._parse(definition.only, self.scopes.attributes, "only") if definition.only else None
        rules = {key: self._rules(key) for key in ("disqualify", "suspend")}
        tracks = tuple(self._track(name, track) for name, track in definition.tracks.items())
        if self.problems:
            raise DefinitionRefused(self.problems)
        used = [step for item in self.attributes for step, _ in item.steps]
        used += [rule.when for rule in (*rules["disqualify"], *rules["suspend"], *tracks)]
        used += [condition for condition in (only, *(track.leave for track in tracks)) if condition]
        return Program(
            fingerprint=self.fingerprint,
            bits=tuple(self.bits.values()),
            values=tuple(self.values),
            properties=self._properties(),
            terms=tuple(self.terms),
            attributes=tuple(self.attributes),
            criteria=tuple(criteria),
            groups=groups,
            bands=tuple(_band(of, bounds) for of, bounds in definition.bands.items()),
            grade=definition.grade,
            only=only,
            disqualify=rules["disqualify"],
            suspend=rules["suspend"],
            tracks=tracks,
            person=self._used(used, "person."),
            account=self._used(used, "account."),
        )

    def _parse(self, text: str, scope: Mapping[str, Column], path: str) -> Condition:
        condition, problems = conditions.parse(text, scope, Place(path=path))
        self.problems += problems
        return condition or conditions.NEVER

    def _rules(self, key: str) -> tuple[Rule, ...]:
        rules: Mapping[str, str] = getattr(self.definition, key)
        return tuple(Rule(name, self._parse(text, self.scopes.rules, f"{key}.{name}")) for name, text in rules.items())

    def _track(self, name: str, track: Track) -> TrackRule:
        when = self._parse(track.when, self.scopes.rules, f"tracks.{name}.when")
        leave = self._parse(track.leave, self.scopes.rules, f"tracks.{name}.leave") if track.leave else None
        return TrackRule(name, when, leave)

    def _used(self, used: Iterable[Condition], prefix: str) -> dict[str, Column]:
        scope = self.scopes.attributes if prefix else self.scopes.properties
        names = sorted({name for condition in used for name in condition.names if name.startswith(prefix)})
        return {name.removeprefix(prefix): scope[name] for name in names if name in scope}

    def _properties(self) -> dict[str, Column]:
        wheres = [member.where for bit in self.bits.values() for member in bit.members if member.where]
        return self._used(wheres, "") | {name: self.scopes.properties[name] for name in self.values if name in self.scopes.properties}

    def _criterion(self, name: str, criterion: Criterion) -> int:
        if isinstance(criterion, AttributeCriterion | TierCriterion):
            self.attributes.append(Attribute(name, self._steps(name, criterion)))
            return -len(self.attributes)
        self.terms.append(self._term(name, criterion))
        return len(self.terms) - 1

    def _steps(self, name: str, criterion: AttributeCriterion | TierCriterion) -> tuple[tuple[Condition, int], ...]:
        scope = self.scopes.attributes
        if isinstance(criterion, AttributeCriterion):
            return ((self._parse(criterion.when, scope, f"{name}.when"), micro(criterion.points)),)
        bounds = sorted(criterion.tiers, reverse=True)
        value, problems = conditions.parse_value(criterion.value, scope, Place(path=f"{name}.value"))
        self.problems += problems
        if value is None:
            return ()
        return tuple((conditions.reaches(value, bound), micro(criterion.tiers[bound])) for bound in bounds)

    def _group(self, name: str, group: Group, at: Mapping[str, int]) -> GroupPlan:
        scale = None
        if group.scale:
            self.terms.append(self._absence(f"{name}.scale", group.scale, points=1 / MICRO))
            scale = len(self.terms) - 1
        return GroupPlan(
            name, tuple(at[criterion] for criterion in group.criteria), _optional(group.floor), _optional(group.cap),
            scale, group.scale.by if group.scale else 1.0, group.in_score,
        )  # fmt: skip

    def _term(self, name: str, criterion: ActivityCriterion) -> Term:
        if isinstance(criterion, SignalCriterion):
            return self._counting(name, criterion)
        if isinstance(criterion, AbsenceCriterion):
            return self._absence(name, criterion, points=criterion.points, every=criterion.every, limit=criterion.max)
        together = isinstance(criterion, TogetherCriterion)
        signals = tuple(criterion.together) if together else criterion.in_order
        counts = tuple(criterion.together.values()) if together else tuple(int(s in signals[:i]) for i, s in enumerate(signals))
        return Term(
            name,
            Kind.TOGETHER if together else Kind.IN_ORDER,
            criterion.points,
            tuple(self._bit(signal, criterion.of) for signal in signals),
            counts,
            within=criterion.within or FOREVER,
            span=criterion.span or FOREVER,
        )

    def _counting(self, name: str, criterion: SignalCriterion) -> Term:
        return Term(
            name,
            Kind.KEPT if criterion.once_per or criterion.cooldown else Kind.PLAIN,
            criterion.points,
            (self._bit(criterion.signal, criterion.of),),
            limit=_or(criterion.max, float("inf")),
            within=criterion.within or FOREVER,
            wait=criterion.wait or 0,
            fade=Fade.HALF_LIFE if criterion.half_life else Fade.LINEAR if criterion.fades_over else Fade.NONE,
            fades=criterion.half_life or criterion.fades_over or 1,
            bucket=BUCKETS[criterion.once_per] if criterion.once_per else 0,
            cooldown=criterion.cooldown or 0,
            value=self._value(criterion.sum) if criterion.sum else -1,
            at_least=_or(criterion.at_least, float("-inf")),
            at_most=_or(criterion.at_most, float("inf")),
            counted=criterion.at_least is not None or criterion.at_most is not None,
        )

    def _absence(
        self, name: str, element: AbsenceCriterion | Scale, *, points: float, every: int | None = None, limit: float | None = None
    ) -> Term:
        bit = self._bit(element.absent, element.of)
        return Term(name, Kind.ABSENT, points, (bit,), limit=_or(limit, float("inf")), within=element.for_, every=every or 0)

    def _value(self, name: str) -> int:
        if name not in self.values:
            self.values.append(name)
        return self.values.index(name)

    def _bit(self, signal: str, of: Of | None) -> int:
        """Return the index of the bit for a signal, making it if this is its first use."""
        key = (signal, of)
        if key not in self.bits:
            self.bits[key] = Bit(signal, tuple(self._members(signal, of)))
        return list(self.bits).index(key)

    def _members(self, name: str, of: Of | None) -> Iterator[Member]:
        if name == ANY:
            yield Member((), None, machines=False, of=of or Of.PERSON)
            return
        signal = self.definition.signals[name]
        if of is None and (signal.of is Of.ACCOUNT or not signal.any_of):
            of = signal.of
        if signal.any_of:
            for member in signal.any_of:
                yield from self._members(member, of)
            return
        where = self._parse(signal.where, self.scopes.properties, f"signals.{name}") if signal.where else None
        yield Member(signal.activity, where, signal.machines, of or Of.PERSON)


def _or(value: float | None, default: float) -> float:
    return default if value is None else value


def _optional(points: float | None) -> int | None:
    return None if points is None else micro(points)


def _band(of: str, bounds: Mapping[str, float]) -> Band:
    return Band(of, tuple(sorted(bounds.items(), key=lambda item: -item[1])))

"""Two definitions compared in words: what changed, grouped by what matters to the people who agreed on them.

What belongs here: which differences there are, and how each is said. What a change would have done to last year's leads
is a plan, and needs facts: :mod:`leadline.review`. Spelling of conditions and the order of keys are no change, except
the order of tracks, disqualifications and nurture lists, where the first that holds comes first.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias, TypeVar

from leadline.definition import english, fingerprint, keys, terms
from leadline.definition.conditions import canonical
from leadline.definition.model import Criterion, Definition, Group, Signal
from leadline.definition.words import Words

T = TypeVar("T")
Placed: TypeAlias = tuple[str, Criterion]


class Kind(StrEnum):
    """What happened to an element."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"
    MOVED = "moved"


class Topic(StrEnum):
    """What a change is about, in the order in which it matters."""

    POINTS = "What earns points"
    TRACKS = "When a lead qualifies"
    NEVER = "Who never qualifies"
    HANDOFF = "Handoff, response times and rejection"
    AGREEMENT = "The agreement"


@dataclass(frozen=True, slots=True)
class Change:
    """One difference: the path of keys to it, what happened there, and a sentence that says it, in Markdown."""

    path: str
    kind: Kind
    words: str

    @property
    def topic(self) -> Topic:
        """Return what the change is about."""
        head, *rest = self.path.split(".")
        after_handoff = head == "tracks" and len(rest) > 1 and rest[1] not in ("when", "leave")
        return Topic.HANDOFF if after_handoff else _TOPICS.get(head, Topic.AGREEMENT)


_TOPICS = {
    "only": Topic.POINTS, "ordered": Topic.POINTS, "signals": Topic.POINTS, "groups": Topic.POINTS,
    "tracks": Topic.TRACKS, "bands": Topic.TRACKS, "grade": Topic.TRACKS, "nurture": Topic.TRACKS, "requalify": Topic.TRACKS,
    "disqualify": Topic.NEVER, "suspend": Topic.NEVER, "reject_reasons": Topic.HANDOFF, "sql": Topic.HANDOFF,
}  # fmt: skip


def describe(old: Definition, new: Definition) -> list[Change]:
    """Return every difference, in the order of topics."""
    comparison = _Comparison(old, new)
    parts = (comparison.scoring, comparison.criteria, comparison.rules, comparison.tracks, comparison.terms, comparison.agreement)
    found = [change for part in parts for change in part()]
    return sorted(found, key=lambda change: list(Topic).index(change.topic))


def to_markdown(old: Definition, new: Definition) -> str:
    """Return the differences as Markdown; says so if there are none, or none that affects a score."""
    changes = describe(old, new)
    contracts = [english.code(fingerprint.short(fingerprint.contract_fingerprint(definition))) for definition in (old, new)]
    lines = ["# What changes", "", f"From contract {contracts[0]} to {contracts[1]}. {_summary(changes)}"]
    for topic in Topic:
        about = [f"- {change.words}" for change in changes if change.topic is topic]
        lines += ["", f"## {topic.value}", "", *about] if about else []
    return "\n".join(lines) + "\n"


def _summary(changes: Sequence[Change]) -> str:
    topics = {change.topic for change in changes}
    count = english.counted(len(changes), "change")
    if not changes:
        return "Nothing: the two definitions say the same."
    if Topic.POINTS in topics:
        return f"{count}. Scores can change."
    if topics & {Topic.TRACKS, Topic.NEVER}:
        return f"{count}. Nothing that affects a score changed, but who qualifies can change."
    return f"{count}. Nothing that affects a score or decides who qualifies changed."


class _Comparison:
    """Goes through two definitions side by side."""

    def __init__(self, old: Definition, new: Definition) -> None:
        self.old, self.new = old, new
        self.before, self.after = Words(old), Words(new)

    def scoring(self) -> Iterator[Change]:
        yield from _rule("only", "the condition for being scored at all", self.old.only, self.new.only)
        for name, one, two in _pairs(self.old.ordered, self.new.ordered):
            yield from _field(f"ordered.{name}", f"the order of {english.code(name)}", keys.row(one), keys.row(two))
        for name, one, two in _pairs(self.old.signals, self.new.signals):
            yield from self.signal(name, one, two)
        for name, one, two in _pairs(self.old.groups, self.new.groups):
            yield from self.group(name, one, two)

    def signal(self, name: str, one: Signal | None, two: Signal | None) -> Iterator[Change]:
        path, spoken = f"signals.{name}", _spoken(name)
        if one is None:
            yield Change(path, Kind.ADDED, f"New signal {spoken}: {self.after.signal(name)}.")
        elif two is None:
            yield Change(path, Kind.REMOVED, f"The signal {spoken} is gone. It was {self.before.signal(name)}.")
        elif not _same(one, two):
            text = f"{spoken} now means {self.after.signal(name)}. Before, it meant {self.before.signal(name)}."
            yield Change(path, Kind.CHANGED, english.sentence(text))

    def group(self, name: str, one: Group | None, two: Group | None) -> Iterator[Change]:
        path, spoken = f"groups.{name}", f"the group {_spoken(name)}"
        if one is None or two is None:
            kind, is_ = (Kind.ADDED, "new") if one is None else (Kind.REMOVED, "gone")
            yield Change(path, kind, english.sentence(f"{spoken} is {is_}"))
        limits = {"cap": "the most that {} counts for", "floor": "the least that {} counts for"}
        for key, label in limits.items():
            values = [getattr(group, key, None) for group in (one, two)]
            yield from _field(
                f"{path}.{key}", label.format(spoken), *(None if value is None else english.number(value) for value in values)
            )
        parts = ["counts in the score" if group.in_score else "does not count in the score" for group in (one, two) if group]
        if len(set(parts)) > 1 or (one is None and two and not two.in_score):
            yield Change(f"{path}.in_score", Kind.CHANGED, english.sentence(f"{spoken} now {parts[-1]}"))
        scales = [said.scale(g.scale) if g and g.scale else None for said, g in ((self.before, one), (self.after, two))]
        yield from _clause(f"{path}.scale", f"the scaling of {spoken}", *scales)

    def criteria(self) -> Iterator[Change]:
        old, new = _placed(self.old), _placed(self.new)
        renamed = _renamed(old, new)
        for name, (group, criterion) in new.items():
            path = f"groups.{group}.criteria.{name}"
            if name in renamed:
                text = f"{_spoken(renamed[name])} is now called {_spoken(name)}, and says the same."
                yield Change(path, Kind.MOVED, english.sentence(text))
            elif name in old:
                yield from self.criterion(name, path, old[name], (group, criterion))
            else:
                yield Change(path, Kind.ADDED, f"New criterion {_spoken(name)}, in {_spoken(group)}: {self.after.criterion(criterion)}")
        for name, (group, criterion) in old.items():
            if name not in new and name not in renamed.values():
                text = f"The criterion {_spoken(name)} is gone. It was: {self.before.criterion(criterion)}"
                yield Change(f"groups.{group}.criteria.{name}", Kind.REMOVED, text)

    def criterion(self, name: str, path: str, old: Placed, new: Placed) -> Iterator[Change]:
        (group, one), (other, two) = old, new
        if group != other:
            text = f"{_spoken(name)} moves from the group {_spoken(group)} to {_spoken(other)}."
            yield Change(path, Kind.MOVED, english.sentence(text))
        if type(one) is not type(two):
            said = f"Now: {self.after.criterion(two)} Before: {self.before.criterion(one)}"
            yield Change(path, Kind.CHANGED, english.sentence(f"{_spoken(name)} is of another kind. {said}"))
            return
        for key, info in type(one).model_fields.items():
            before, after = getattr(one, key), getattr(two, key)
            where = f"{path}.{info.alias or key}"
            if key == "points" and before != after:
                yield Change(where, Kind.CHANGED, _points(self.after.subject(name, two), before, after))
            elif not _same(before, after):
                yield from _field(where, keys.CRITERION[key].format(_spoken(name)), keys.value(key, before), keys.value(key, after))

    def rules(self) -> Iterator[Change]:
        old, new = self.old, self.new
        kinds = {
            "disqualify": ("the disqualification {}", old.disqualify, new.disqualify),
            "suspend": ("the suspension {}", old.suspend, new.suspend),
            "nurture": ("the nurture list {}", old.nurture, new.nurture),
        }
        for path, (label, before, after) in kinds.items():
            for name, one, two in _pairs(before, after):
                yield from _rule(f"{path}.{name}", label.format(_spoken(name)), one, two)
        yield from _order("disqualify", "disqualifications", old.disqualify, new.disqualify)
        yield from _order("nurture", "nurture lists", old.nurture, new.nurture)
        for name, one, two in _pairs(old.bands, new.bands):
            yield from _field(f"bands.{name}", f"the bands of {_spoken(name)}", keys.bands(one), keys.bands(two))
        yield from _field("grade", "the grade", keys.row(old.grade or None), keys.row(new.grade or None))
        again = [rule and terms.requalify(rule) for rule in (old.requalify, new.requalify)]
        yield from _clause("requalify", "when somebody can qualify again", *again)

    def tracks(self) -> Iterator[Change]:
        for name, one, two in _pairs(self.old.tracks, self.new.tracks):
            path, spoken = f"tracks.{name}", _spoken(name)
            if one is None and two:
                yield Change(path, Kind.ADDED, f"New track {spoken}: a lead qualifies when {self.after.condition(two.when)}.")
            elif two is None and one:
                yield Change(path, Kind.REMOVED, f"The track {spoken} is gone. A lead qualified when {self.before.condition(one.when)}.")
            if one and two:
                yield from _rule(f"{path}.when", f"the line of track {spoken}", one.when, two.when)
            if two:
                yield from _rule(f"{path}.leave", f"the line for leaving track {spoken}", one and one.leave, two.leave)
                for key, label in keys.TRACK.items():
                    before = getattr(one, key) if one else type(two).model_fields[key].default
                    yield from _field(f"{path}.{key}", label.format(spoken), keys.value(key, before), keys.value(key, getattr(two, key)))
        yield from _order("tracks", "tracks, and so their urgency,", self.old.tracks, self.new.tracks)

    def terms(self) -> Iterator[Change]:
        for name, one, two in _pairs(self.old.reject_reasons, self.new.reject_reasons):
            said = [rule and terms.reason(rule) for rule in (one, two)]
            yield from _clause(f"reject_reasons.{name}", f"the reason {_spoken(name)} for a rejection", *said)
        needs = [rule and terms.framework(rule) for rule in (self.old.sql, self.new.sql)]
        yield from _clause("sql", "what a lead needs to be an SQL", *needs)

    def agreement(self) -> Iterator[Change]:
        yield from _field("name", "the name", f"“{english.escaped(self.old.name)}”", f"“{english.escaped(self.new.name)}”")
        old, new = self.old.agreement, self.new.agreement
        yield from _field("agreement.marketing", "the signature of marketing", keys.signature(old.marketing), keys.signature(new.marketing))
        yield from _field("agreement.sales", "the signature of sales", keys.signature(old.sales), keys.signature(new.sales))
        for key in ("definition", "conversion"):
            spans = [keys.value("every", getattr(agreement.review, key)) for agreement in (old, new)]
            yield from _field(f"agreement.review.{key}", f"the time between reviews of the {key}", *spans)
        for name, one, two in _pairs(old.targets, new.targets):
            values = [None if value is None else terms.target(name, value) for value in (one, two)]
            yield from _field(f"agreement.targets.{name}", f"the target for {english.spoken(name)}", *values)


def _pairs(old: Mapping[str, T], new: Mapping[str, T]) -> Iterator[tuple[str, T | None, T | None]]:
    """Yield every name of both with its two values, the new order first."""
    for name in dict.fromkeys([*new, *old]):
        yield name, old.get(name), new.get(name)


def _field(path: str, label: str, old: str | None, new: str | None) -> Iterator[Change]:
    """Yield a change of a value that is a phrase."""
    be, move = ("are", "move") if label.startswith(("the tiers ", "the bands ")) else ("is", "moves")
    if old is None and new is not None:
        yield Change(path, Kind.ADDED, english.sentence(f"{label} {be} now {new}; so far nothing was said about it"))
    elif new is None and old is not None:
        yield Change(path, Kind.REMOVED, english.sentence(f"{label} {be} no longer given; so far: {old}"))
    elif old != new:
        yield Change(path, Kind.CHANGED, english.sentence(f"{label} {move} from {old} to {new}"))


def _clause(path: str, label: str, old: str | None, new: str | None) -> Iterator[Change]:
    """Yield a change of a value that is a clause."""
    label = label[:1].upper() + label[1:]
    if old is None and new is not None:
        yield Change(path, Kind.ADDED, f"{label} is new: {english.sentence(new)}")
    elif new is None and old is not None:
        yield Change(path, Kind.REMOVED, f"{label} is dropped. It was: {english.sentence(old)}")
    elif old and new and old != new:
        yield Change(path, Kind.CHANGED, f"{label} changes. Now: {english.sentence(new)} Before: {english.sentence(old)}")


def _rule(path: str, label: str, old: str | None, new: str | None) -> Iterator[Change]:
    if not _same(old, new):
        yield from _field(path, label, old and english.code(old), new and english.code(new))


def _order(path: str, what: str, old: Mapping[str, object], new: Mapping[str, object]) -> Iterator[Change]:
    if [name for name in old if name in new] != [name for name in new if name in old]:
        yield Change(path, Kind.MOVED, f"The order of the {what} is now: {', '.join(map(_spoken, new))}.")


def _placed(definition: Definition) -> dict[str, Placed]:
    return {name: (group, criterion) for group, name, criterion in definition.criteria()}


def _renamed(old: Mapping[str, Placed], new: Mapping[str, Placed]) -> dict[str, str]:
    """Return new name → old name of criteria that say the same in the same group."""
    gone = [name for name in old if name not in new]
    found: dict[str, str] = {}
    for name in (name for name in new if name not in old):
        same = next((other for other in gone if _placed_alike(old[other], new[name])), None)
        if same:
            gone.remove(same)
            found[name] = same
    return found


def _placed_alike(old: Placed, new: Placed) -> bool:
    (group, one), (other, two) = old, new
    keys = type(one).model_fields
    return group == other and type(one) is type(two) and all(_same(getattr(one, key), getattr(two, key)) for key in keys)


def _same(old: object, new: object) -> bool:
    """Return whether two values mean the same: conditions may be spelled in two ways."""
    if isinstance(old, Signal) and isinstance(new, Signal):
        rest = [(set(signal.activity), set(signal.any_of), signal.of, signal.machines) for signal in (old, new)]
        return _same(old.where, new.where) and rest[0] == rest[1]
    if isinstance(old, str) and isinstance(new, str):
        return old == new or canonical(old) == canonical(new)
    return old == new


def _points(subject: str, old: float, new: float) -> str:
    now = f"{'costs' if new < 0 else 'earns'} {english.points(new)}"
    before = english.number(abs(old)) if old else "none"
    verb = "" if (old < 0) == (new < 0) or not old else "costing " if old < 0 else "earning "
    return english.sentence(f"{subject} now {now} instead of {verb}{before}")


def _spoken(name: str) -> str:
    return f"*{english.spoken(name)}*"

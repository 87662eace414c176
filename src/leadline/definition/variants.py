"""Definitions between two others: the old one with a single difference taken over from the new one.

What belongs here: which differences can be taken over alone, and the definition that comes of each. In words they are said
by :mod:`.diff`; what each does to history is a plan, and needs facts: :mod:`leadline.review`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from leadline.definition import diff, fingerprint, signals
from leadline.definition.conditions import syntax
from leadline.definition.diff import Change, Kind
from leadline.definition.model import Definition, Group
from leadline.errors import Place

T = TypeVar("T")
Groups = Mapping[str, Group]


@dataclass(frozen=True)
class Variant:
    """The old definition with one difference of the new one.

    Attributes:
        path: Where the difference is.
        words: What it is, in Markdown.
        definition: What comes of it. It may not check: a rule may name a criterion that only the new definition has.
        why: Why it means nothing alone; empty if it may be tried.
    """

    path: str
    words: str
    definition: Definition
    why: str = ""


def changed_alone(old: Definition, new: Definition) -> list[Variant]:
    """Return a variant for each difference that can affect who qualifies, in the order of the new file.

    Bands and the grade count only where a rule looks at them. A criterion that is only called by another name is no difference. The order
    of an attribute comes along with whatever compares it, and where only the old definition compares it, it can't be dropped alone.
    """
    said = diff.describe(old, new)
    called = {name for _, name, _ in old.criteria()}
    renamed = {change.path for change in said if change.kind is Kind.MOVED and change.path.rpartition(".")[2] not in called}
    made = ((path, _with_orders(made, old, new)) for path, made in _differences(old, new) if path not in renamed)
    found = (Variant(path, _words(said, path), made) for path, made in made)
    same = fingerprint.definition_fingerprint(old)
    tried = [item for item in found if item.words and (_matters(item.path) or fingerprint.definition_fingerprint(item.definition) != same)]
    return [*_dropped_orders(old, new, said), *tried]


def _matters(path: str) -> bool:
    """Return whether whatever changes there can affect who qualifies; a signal can't if nothing asks for it."""
    return not path.startswith(("signals.", "ordered."))


def _words(said: list[Change], path: str) -> str:
    """Return what is said of a path and, for anything smaller than a group, of what lies below it."""
    whole_group = path.startswith("groups.") and path.count(".") == 1
    below = f"{path}." if not whole_group else "\n"
    return " ".join(change.words for change in said if change.path == path or change.path.startswith(below))


def _differences(old: Definition, new: Definition) -> Iterator[tuple[str, Definition]]:
    yield "only", old.model_copy(update={"only": new.only})
    yield from _orders(old, new)
    for name in new.signals:
        if name in old.signals:
            yield f"signals.{name}", _with_signals(old, new, {name})
    yield from _groups(old, new)
    yield from _group_settings(old, new)
    for key in ("disqualify", "suspend"):
        yield from _entries(old, new, key)
    yield from _labels(old, new)
    yield from _tracks(old, new)


def _entries(old: Definition, new: Definition, key: str) -> Iterator[tuple[str, Definition]]:
    before: Mapping[str, Any] = getattr(old, key)
    after: Mapping[str, Any] = getattr(new, key)
    for name in dict.fromkeys([*after, *before]):
        yield f"{key}.{name}", old.model_copy(update={key: _taken_over(before, after, name)})


def _orders(old: Definition, new: Definition) -> Iterator[tuple[str, Definition]]:
    """Yield orders that change, and those that come to what the old definition compares as text."""
    for name, labels in new.ordered.items():
        if old.ordered.get(name) != labels and name in _names(old):
            yield f"ordered.{name}", old.model_copy(update={"ordered": {**old.ordered, name: labels}})


def _dropped_orders(old: Definition, new: Definition, said: list[Change]) -> Iterator[Variant]:
    for name in old.ordered:
        path = f"ordered.{name}"
        if name not in new.ordered and name in _names(old):
            why = f"the old definition compares {name} by its order"  # as text it would mean something else
            yield Variant(path, _words(said, path), old, why)


def _with_orders(made: Definition, old: Definition, new: Definition) -> Definition:
    """Return a definition with the orders that the old one lacks of what is compared only now."""
    lacking = [name for name in new.ordered if name not in made.ordered]
    if not lacking:
        return made
    compared = _names(made) - _names(old)
    orders = {name: new.ordered[name] for name in lacking if name in compared}
    return made.model_copy(update={"ordered": {**made.ordered, **orders}}) if orders else made


def _taken_over(before: Mapping[str, T], after: Mapping[str, T], name: str) -> dict[str, T]:
    """Return ``before`` with what ``after`` has under a name, or without it."""
    if name in after:
        return {**before, name: after[name]}
    return {key: value for key, value in before.items() if key != name}


def _groups(old: Definition, new: Definition) -> Iterator[tuple[str, Definition]]:
    """Yield groups that come or go, and criteria of groups that stay."""
    for group in dict.fromkeys([*new.groups, *old.groups]):
        if group not in old.groups:
            kept = _without(old.groups, set(new.groups[group].criteria))
            yield f"groups.{group}", _with_groups(old, new, {**kept, group: new.groups[group]})
        elif group not in new.groups:
            yield from _if_any(f"groups.{group}", old, new, _taken_over(old.groups, new.groups, group))
        else:
            yield from _members(old, new, group)


def _members(old: Definition, new: Definition, group: str) -> Iterator[tuple[str, Definition]]:
    somewhere = {name for _, name, _ in new.criteria()}
    for name, criterion in new.groups[group].criteria.items():
        kept = old.groups if name in old.groups[group].criteria else _without(old.groups, {name})
        home = kept.get(group, old.groups[group])
        filled = home.model_copy(update={"criteria": {**home.criteria, name: criterion}})
        yield f"groups.{group}.criteria.{name}", _with_groups(old, new, {**kept, group: filled})
    for name in old.groups[group].criteria:
        if name not in somewhere:
            yield from _if_any(f"groups.{group}.criteria.{name}", old, new, _without(old.groups, {name}))


def _without(groups: Groups, names: set[str]) -> dict[str, Group]:
    """Return groups without some criteria; a group that holds nothing else is gone."""
    kept = {
        name: group.model_copy(update={"criteria": {key: value for key, value in group.criteria.items() if key not in names}})
        for name, group in groups.items()
    }
    return {name: group for name, group in kept.items() if group.criteria}


def _if_any(path: str, old: Definition, new: Definition, groups: Groups) -> Iterator[tuple[str, Definition]]:
    if groups:
        yield path, _with_groups(old, new, groups)


def _group_settings(old: Definition, new: Definition) -> Iterator[tuple[str, Definition]]:
    for name, group in new.groups.items():
        if name in old.groups:
            for key in ("cap", "floor", "scale", "in_score"):
                changed = old.groups[name].model_copy(update={key: getattr(group, key)})
                yield f"groups.{name}.{key}", _with_groups(old, new, {**old.groups, name: changed})


def _with_groups(old: Definition, new: Definition, groups: Groups) -> Definition:
    """Return the old definition with other groups, and with the signals that they ask for and it lacks."""
    made = old.model_copy(update={"groups": groups})
    asked = {name for _, _, criterion in made.criteria() for name in signals.asked(criterion)}
    asked |= {group.scale.absent for group in groups.values() if group.scale}
    return _with_signals(made, new, asked - set(old.signals))


def _with_signals(made: Definition, new: Definition, names: set[str]) -> Definition:
    """Return a definition with some signals of the new one; what these come down to is added where it is lacking."""
    below = {inner for name in names for inner in signals.closure(new, name)} - set(made.signals)
    taken = {name: new.signals[name] for name in sorted(below | names) if name in new.signals}
    return made.model_copy(update={"signals": {**made.signals, **taken}})


def _labels(old: Definition, new: Definition) -> Iterator[tuple[str, Definition]]:
    """Yield bands and the grade, as far as a rule of either looks at them."""
    asked = _asked(old) | _asked(new)
    for path, made in _entries(old, new, "bands"):
        if f"band.{path.partition('.')[2]}" in asked or "grade" in asked:
            yield path, made
    if "grade" in asked:
        yield "grade", old.model_copy(update={"grade": new.grade})


def _asked(definition: Definition) -> set[str]:
    """Return the names that rules look at."""
    tracks = definition.tracks.values()
    texts = [*definition.disqualify.values(), *definition.suspend.values(), *(track.when for track in tracks)]
    return _mentioned([*texts, *(track.leave for track in tracks if track.leave)])


def _names(definition: Definition) -> set[str]:
    """Return the names that rules and criteria on attributes look at."""
    criteria = [criterion for _, _, criterion in definition.criteria()]
    texts = [text for criterion in criteria for text in (getattr(criterion, "when", None), getattr(criterion, "value", None)) if text]
    return _asked(definition) | _mentioned([*texts, *([definition.only] if definition.only else [])])


def _mentioned(texts: Iterable[str]) -> set[str]:
    trees = [tree for tree, _ in (syntax.read(text, Place()) for text in texts) if tree]
    return {str(node.value) for tree in trees for node in tree.walk()}


def _tracks(old: Definition, new: Definition) -> Iterator[tuple[str, Definition]]:
    for name in dict.fromkeys([*new.tracks, *old.tracks]):
        tracks = _taken_over(old.tracks, new.tracks, name)
        if name in old.tracks and name in new.tracks:
            rules = {key: getattr(new.tracks[name], key) for key in ("when", "leave")}
            tracks[name] = old.tracks[name].model_copy(update=rules)
        if tracks:
            yield f"tracks.{name}", old.model_copy(update={"tracks": tracks})

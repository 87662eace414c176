"""Names that lead nowhere, or to two things: signals, types of activity, properties, ordered attributes, bands, tracks."""

from __future__ import annotations

from collections.abc import Iterator

from leadline.definition import signals
from leadline.definition.check.subject import Subject
from leadline.definition.conditions import syntax
from leadline.definition.conditions.tree import Op
from leadline.definition.model import ANY, Definition, SignalCriterion, TierCriterion
from leadline.documents import KeyPath
from leadline.errors import Place, Problem, did_you_mean
from leadline.facts.model import PAGE_VIEW, VISIT, Column, Type


def check_references(subject: Subject) -> Iterator[Problem]:
    """Yield the problems with names, and with what they refer to."""
    for check in (_names, _asked_signals, _signals, _ages, _types, _sums, _tiers, _ordered, _bands, _tracks):
        yield from check(subject)


def _names(subject: Subject) -> Iterator[Problem]:
    """Groups and criteria share one namespace, since rules call both by their bare names."""
    definition = subject.definition
    taken = {group: f"the group '{group}'" for group in definition.groups}
    paths: list[KeyPath] = [("groups", group) for group in definition.groups]
    for group, name, _ in definition.criteria():
        path = ("groups", group, "criteria", name)
        if name in taken:
            says = f"'{name}' is also {taken[name]}, so a rule couldn't tell them apart."
            yield subject.error("duplicate-name", path, says, "Rename one of them.")
        taken.setdefault(name, f"a criterion of '{group}'")
        paths.append(path)
    for path in paths:
        if _is_a_word_of_sql(path[-1]):
            says = f"'{path[-1]}' is a word of SQL, so rules have to write it in double quotes."
            yield subject.warning("reserved-name", path, says, "Choose another name.")


def _is_a_word_of_sql(name: str) -> bool:
    tree, _ = syntax.read(f"{name} > 0", Place())
    return tree is None or tree.args[0].op is not Op.NAME or tree.args[0].value != name


def _asked(definition: Definition) -> Iterator[tuple[KeyPath, str]]:
    """Yield every place where a signal is named, with the name."""
    for group, name, criterion in definition.criteria():
        for signal in signals.asked(criterion):
            yield ("groups", group, "criteria", name), signal
    for name, group in definition.groups.items():
        if group.scale and group.scale.absent != ANY:
            yield ("groups", name, "scale", "absent"), group.scale.absent
    for name, signal in definition.signals.items():
        for member in signal.any_of:
            yield ("signals", name, "any_of"), member


def _asked_signals(subject: Subject) -> Iterator[Problem]:
    known = subject.definition.signals
    for path, name in dict.fromkeys(_asked(subject.definition)):
        if name not in known:
            is_type = subject.schema is not None and name in subject.schema.types
            fix = f"Name it under signals: {name}: {name}" if is_type else did_you_mean(name, known)
            yield subject.error("unknown-signal", path, f"'{name}' is not a signal.", fix)


def _signals(subject: Subject) -> Iterator[Problem]:
    definition = subject.definition
    used = signals.used(definition)
    for name, signal in definition.signals.items():
        within = {inner for member in signal.any_of for inner in signals.closure(definition, member)}
        if name in within:
            says = f"'{name}' comes down to itself."
            yield subject.error("signal-cycle", ("signals", name), says, "Take it out of what it is made of.")
        elif name not in used:
            says = f"no criterion uses '{name}'."
            yield subject.warning("unused-signal", ("signals", name), says, "Remove it, or give it points.")


def _ages(subject: Subject) -> Iterator[Problem]:
    for path, condition in subject.conditions.items():
        if path[0] == "signals" and condition.ages:
            says = "a signal is told when the activity happens, so days_since has no place in it."
            yield subject.error("unsupported-condition", path, says, "Use within and wait of the criterion.")


def _types(subject: Subject) -> Iterator[Problem]:
    if subject.schema is None:
        return
    seen = {*subject.schema.types, *([VISIT] if PAGE_VIEW in subject.schema.types else [])}
    for name, signal in subject.definition.signals.items():
        for kind in signal.activity:
            if kind not in seen:
                says = f"the facts have no activity of type '{kind}'."
                yield subject.warning("unknown-type", ("signals", name), says, did_you_mean(kind, seen))


def _sums(subject: Subject) -> Iterator[Problem]:
    if subject.schema is None:
        return
    known = subject.schema.properties
    for group, name, criterion in subject.definition.criteria():
        if not isinstance(criterion, SignalCriterion) or not criterion.sum:
            continue
        path, wanted = ("groups", group, "criteria", name, "sum"), criterion.sum
        column = known.get(wanted)
        if column is None:
            says = f"'{wanted}' is not a property of activities."
            yield subject.error("unknown-property", path, says, did_you_mean(wanted, known))
        elif column.type is not Type.NUMBER:
            yield subject.error("type-mismatch", path, f"'{wanted}' is {column.type}, which can't be added up.", "Sum a number.")


def _tiers(subject: Subject) -> Iterator[Problem]:
    """Bounds are numbers, so that 11 and 11.0 are one, of which only the last would stand."""
    for group, name, criterion in subject.definition.criteria():
        path = ("groups", group, "criteria", name, "tiers")
        if isinstance(criterion, TierCriterion):
            written = [key[-1] for key in subject.loaded.document.lines if key[:-1] == path]
            bounds = [float(key) for key in written]
            for at, bound in enumerate(bounds):
                if bound in bounds[:at]:
                    says = f"the bound {written[at]} is given twice."
                    yield subject.error("duplicate-bound", (*path, written[at]), says, "Keep one of them.")


def _ordered(subject: Subject) -> Iterator[Problem]:
    for name, labels in subject.definition.ordered.items():
        path = ("ordered", name)
        twice = sorted({label for label in labels if labels.count(label) > 1})
        if twice:
            yield subject.error("duplicate-label", path, f"'{twice[0]}' stands twice in the order.", "Keep one.")
        yield from _ordered_attribute(subject, name)


def _ordered_attribute(subject: Subject, name: str) -> Iterator[Problem]:
    path, (kind, _, attribute) = ("ordered", name), name.partition(".")
    if kind not in ("person", "account") or not attribute:
        says = f"'{name}' is not an attribute."
        yield subject.error("unknown-attribute", path, says, "Write person.… or account.… in front.")
        return
    if subject.schema is None:
        return
    known = subject.schema.person if kind == "person" else subject.schema.account
    column = known.get(attribute)
    if column is None:
        says = f"'{attribute}' is not an attribute of {kind}."
        yield subject.error("unknown-attribute", path, says, did_you_mean(attribute, known))
        return
    yield from _order_fits(subject, name, column)


def _order_fits(subject: Subject, name: str, column: Column) -> Iterator[Problem]:
    path = ("ordered", name)
    if column.type is not Type.TEXT:
        says = f"'{name}' is {column.type}, which has its own order."
        yield subject.error("type-mismatch", path, says, "Remove it here.")
    for label in subject.definition.ordered[name]:
        if column.order and label not in column.order:
            says = f"'{label}' never occurs in '{name}'."
            yield subject.warning("unknown-value", path, says, did_you_mean(label, column.order))


def _bands(subject: Subject) -> Iterator[Problem]:
    definition = subject.definition
    known = ["score", *definition.groups]
    for of, bounds in definition.bands.items():
        if of not in known:
            yield subject.error("unknown-name", ("bands", of), f"'{of}' is neither 'score' nor a group.", did_you_mean(of, known))
        for label, bound in bounds.items():
            first = next(other for other, same in bounds.items() if same == bound)
            if first != label:
                says = f"'{label}' begins at {bound:g} like '{first}', so one of them is never given."
                yield subject.error("duplicate-bound", ("bands", of, label), says, "Give each label its own bound.")
    for of in definition.grade:
        if of not in definition.bands:
            yield subject.error("unknown-band", ("grade",), f"'{of}' has no bands to grade by.", did_you_mean(of, definition.bands))


def _tracks(subject: Subject) -> Iterator[Problem]:
    known = subject.definition.tracks
    for name, track in known.items():
        if track.counts_as and track.counts_as not in known:
            says = f"'{track.counts_as}' is not a track."
            yield subject.error("unknown-track", ("tracks", name, "counts_as"), says, did_you_mean(track.counts_as, known))

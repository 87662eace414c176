"""Elements of the definition in English, as the contract and the diff say them: signals, criteria, groups.

What belongs here: one element in, a phrase or a sentence out, in Markdown. How sentences make a page is
:mod:`.contract`'s and :mod:`.diff`'s business. A signal has no wording of its own, so its name and its type of activity
make the noun; where they make none, the name stands in quotes.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from leadline.definition import english, phrases
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
    Signal,
    SignalCriterion,
    TierCriterion,
    TogetherCriterion,
)

FROM_ACCOUNT = " from the account"
_IRREGULAR = {"sent", "seen", "begun", "made", "won", "given", "taken"}


@dataclass(frozen=True)
class Noun:
    """What an activity of a signal is called: ``visit to a pricing page``, ``visits to a pricing page``."""

    bare: str
    many: str

    @property
    def one(self) -> str:
        """Return it with its article."""
        return english.an(self.bare)


def noun(name: str, signal: Signal | None) -> Noun:
    """Return what an activity of a signal is called, from its name and its type of activity."""
    words = name.split("_")
    types = [kind.split("_") for kind in signal.activity] if signal else []
    if len(types) == 1:
        kind = types[0]
        if kind == ["page", "view"]:
            page = english.singular(english.spoken(name)) if words[-1] in ("page", "pages") else f"{english.spoken(name)} page"
            return _with_tail("visit", f"to {english.an(page)}")
        if kind[-1].startswith("download") and not any(word.startswith("download") for word in words):
            return _with_tail("download", f"of {english.an(english.spoken(name))}")
        if len(kind) > 1 and _is_participle(kind[-1]) and words[-1] == kind[-2]:
            return _with_tail(english.spoken(name), kind[-1])
    if any(map(_is_participle, words[:-1])) or (len(words) == 1 and _is_participle(name)):
        return Noun(f"“{english.spoken(name)}” activity", f"“{english.spoken(name)}” activities")
    if _is_participle(words[-1]):
        return _with_tail(english.spoken("_".join(words[:-1])), words[-1])
    return _with_tail(english.spoken(name), "")


def _with_tail(head: str, tail: str) -> Noun:
    one = english.singular(head)
    many = head if english.is_plural(head) else english.plural(head)
    return Noun(f"{one} {tail}".rstrip(), f"{many} {tail}".rstrip())


def _is_participle(word: str) -> bool:
    return (word.endswith("ed") and not word.endswith("eed") and len(word) > 4) or word in _IRREGULAR


class Words:
    """Says the elements of one definition, whose names and orders it knows."""

    def __init__(self, definition: Definition) -> None:
        """Keep what wording depends on."""
        self.signals: Mapping[str, Signal] = definition.signals
        self.names = phrases.names_of(definition)

    def condition(self, text: str) -> str:
        """Return a condition on attributes, scores and points as a clause."""
        return phrases.in_words(text, self.names)

    def noun(self, name: str) -> Noun:
        """Return what an activity of a signal is called; ``any`` is any activity."""
        return Noun("activity", "activities") if name == ANY else noun(name, self.signals.get(name))

    def signal(self, name: str) -> str:
        """Return what a signal is: its types of activity, its condition, whose activities and whether machines count."""
        signal = self.signals[name]
        whose = FROM_ACCOUNT if signal.of is Of.ACCOUNT else ""
        if signal.any_of:
            text = f"any of {english.listed([f'*{english.spoken(member)}*' for member in signal.any_of], 'or')}{whose}"
        else:
            text = f"an activity{whose} of type {english.listed([english.code(kind) for kind in signal.activity], 'or')}"
        if signal.where:
            text += f" where {phrases.in_words(signal.where, phrases.Names())}"
        return text + ("; machines count, too" if signal.machines else "")

    def subject(self, name: str, criterion: Criterion) -> str:
        """Return what earns or costs the points of a criterion, for a sentence about it."""
        plain = isinstance(criterion, SignalCriterion) and not _is_bounded(criterion) and not criterion.sum
        if plain and isinstance(criterion, SignalCriterion):
            return self.noun(criterion.signal).one + self._whose(criterion.signal, criterion.of)
        return f"*{english.spoken(name)}*"

    def criterion(self, criterion: Criterion) -> str:
        """Return a criterion as one sentence."""
        return english.sentence(self._criterion(criterion))

    def _criterion(self, criterion: Criterion) -> str:
        match criterion:
            case AttributeCriterion(points=points, when=when):
                return f"{gives(points)} if {self.condition(when)}"
            case TierCriterion():
                return self._tiers(criterion)
            case SignalCriterion():
                return self._bounded(criterion) if _is_bounded(criterion) else self._each(criterion)
            case TogetherCriterion(together=counts):
                parts = [self._so_many(name, count, criterion.of) for name, count in counts.items()]
                happened = f"fall within {english.duration(criterion.span)}" if criterion.span else "all happened"
                return f"{gives(criterion.points)}, once, if these {happened}: {english.listed(parts)}{_last(criterion)}"
            case SequenceCriterion(in_order=steps):
                parts = [self._so_many(name, 1, criterion.of) for name in steps]
                span = f" within {english.duration(criterion.span)}" if criterion.span else ""
                return f"{gives(criterion.points)}, once, if these came in this order{span}: {', then '.join(parts)}{_last(criterion)}"
            case AbsenceCriterion():
                return self._absence(criterion)

    def _tiers(self, criterion: TierCriterion) -> str:
        order = phrases.order_of(criterion.value, self.names)
        tiers = [f"{_worth(points)} from {_bound(bound, order)}" for bound, points in sorted(criterion.tiers.items())]
        return f"goes by {phrases.value_in_words(criterion.value, self.names)}: {english.listed(tiers)}"

    def _each(self, criterion: SignalCriterion) -> str:
        subject = self.noun(criterion.signal).one + self._whose(criterion.signal, criterion.of)
        if criterion.sum:
            counted = english.spoken(criterion.sum)
            subject = f"each of the {counted} of {subject}" if english.is_plural(counted) else f"each unit of the {counted} of {subject}"
        most = f", at most {english.number(criterion.max)} in all" if criterion.max is not None else ""
        return f"{subject} {gives(criterion.points)}{most}" + _clauses([*_window(criterion), *_choice(criterion)])

    def _bounded(self, criterion: SignalCriterion) -> str:
        noun = self.noun(criterion.signal)
        low, high = criterion.at_least, criterion.at_most
        weighed = criterion.half_life or criterion.fades_over or criterion.sum
        if weighed or any(bound is not None and bound % 1 for bound in (low, high)):
            counted = f"the {english.spoken(criterion.sum)} of {noun.many}" if criterion.sum else noun.many
            there = f"{counted}%s come to {_amount(low, high)}"
        elif low == 1 and high is None:
            there = f"there was {noun.one}%s"
        elif high == 0:
            there = f"there was no {noun.bare}%s"
        else:
            there = f"there were {_amount(low, high)} {noun.many}%s"
        when = self._whose(criterion.signal, criterion.of) + _lately(criterion)
        return f"{gives(criterion.points)}, once, if {there.replace('%s', when)}" + _clauses(_choice(criterion))

    def _absence(self, criterion: AbsenceCriterion) -> str:
        text = f"{gives(criterion.points)} after {self.silence(criterion.absent, criterion.for_, criterion.of)}"
        if criterion.every:
            more = english.number(abs(criterion.points))
            text += f", and {more} more for every {english.duration(criterion.every)} after that"
        return text + (f", at most {english.number(criterion.max)} in all" if criterion.max is not None else "")

    def silence(self, name: str, for_: int, of: Of | None) -> str:
        """Return a silence as a noun phrase: ``14 days without any activity``."""
        absent = "any activity" if name == ANY else self.noun(name).one
        return f"{english.duration(for_)} without {absent}{self._whose(name, of)}"

    def group(self, group: Group) -> str:
        """Return what holds for a group as a whole, as sentences; empty if nothing does."""
        text = [] if group.in_score else ["none of this is part of the score; only rules look at it"]
        if group.scale:
            text.append(self.scale(group.scale))
        limits = [f"at most {_points(group.cap)}"] if group.cap is not None else []
        limits += [f"at least {_points(group.floor)}"] if group.floor is not None else []
        if limits:
            text.append(f"together these count for {english.listed(limits)}")
        return " ".join(map(english.sentence, text))

    def scale(self, scale: Scale) -> str:
        """Return what scaling does to a group."""
        done = {0.0: "set to zero", 0.5: "halved"}.get(scale.by, f"multiplied by {english.number(scale.by)}")
        return f"after {self.silence(scale.absent, scale.for_, scale.of)} their sum is {done}, until the next one"

    def _whose(self, name: str, of: Of | None) -> str:
        signal = self.signals.get(name)
        if of is Of.ACCOUNT or (of is None and signal and signal.of is Of.ACCOUNT):
            return FROM_ACCOUNT
        return " from the person" if of is Of.PERSON and signal and signal.of is Of.ACCOUNT else ""

    def _so_many(self, name: str, count: int, of: Of | None) -> str:
        noun = self.noun(name)
        return (noun.one if count == 1 else f"{count} {noun.many}") + self._whose(name, of)


def gives(points: float) -> str:
    """Return what points do, as a verb: ``earns 20 points``, ``costs 10 points``."""
    return f"{'costs' if points < 0 else 'earns'} {english.points(points)}"


def _is_bounded(criterion: SignalCriterion) -> bool:
    return criterion.at_least is not None or criterion.at_most is not None


def _points(value: float) -> str:
    return english.counted(value, "point")


def _worth(points: float) -> str:
    return _points(points) if points else "no points"


def _bound(bound: float, order: tuple[str, ...]) -> str:
    rank = max(0, -int(-bound // 1))  # the first whole rank that reaches it
    return english.spoken(order[rank]) if rank < len(order) else english.number(bound)


def _amount(low: float | None, high: float | None) -> str:
    if low is not None and high is not None:
        return english.number(low) if low == high else f"between {english.number(low)} and {english.number(high)}"
    return f"{english.number(low)} or more" if low is not None else f"at most {english.number(high or 0)}"


def _lately(criterion: SignalCriterion) -> str:
    wait, within = criterion.wait, criterion.within
    if wait and within:
        return f", at least {english.duration(wait)} and less than {english.duration(within)} ago"
    return f" in the last {_span(within)}" if within else f" at least {english.duration(wait)} ago" if wait else ""


def _span(micros: int) -> str:
    return re.sub(r"^1 ", "", english.duration(micros))


def _last(criterion: TogetherCriterion | SequenceCriterion) -> str:
    return f"; the last of them in the last {_span(criterion.within)}" if criterion.within else ""


def _window(criterion: SignalCriterion) -> list[str]:
    wait, within = criterion.wait, criterion.within
    if wait and within:
        return [f"each counts from {english.duration(wait)} until {english.duration(within)} after it happened"]
    if within:
        span = _span(within)
        return [f"only the last {span} {'count' if english.is_plural(span) else 'counts'}"]
    return [f"each counts from {english.duration(wait)} after it happened"] if wait else []


def _choice(criterion: SignalCriterion) -> list[str]:
    text = [f"only the first of each {criterion.once_per} counts"] if criterion.once_per else []
    if criterion.cooldown:
        text.append(f"after one that counts, the next can count {english.duration(criterion.cooldown)} later")
    if criterion.half_life:
        text.append(f"each loses half its worth in {english.duration(criterion.half_life)}")
    if criterion.fades_over:
        text.append(f"each fades evenly to nothing over {english.duration(criterion.fades_over)}")
    return text


def _clauses(found: list[str]) -> str:
    if len(found) < 2:
        return "".join(f"; {clause}" for clause in found)
    return "; " + ", ".join(found[:-1]) + f", and {found[-1]}"

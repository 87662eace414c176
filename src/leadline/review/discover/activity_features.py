"""What cases did, as features: how often, how lately, how many people of the account, and for how long nothing. Pure.

Each has the value that the engine gives its criterion, with points of 1, just before the case's instant. There an activity's age is
a microsecond less than the one told here, so what is exactly as old as a window still counts.

Where most cases have an account, an activity of anybody there counts (``of: account``), and people without one have nothing, as a
definition gives them nothing; where few have, it's the person alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import chain
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from leadline import clock
from leadline.engine.model import MICRO
from leadline.engine.rehearsal import ALWAYS
from leadline.facts.model import VISIT, Side
from leadline.outcomes.model import NONE
from leadline.review.discover import candidates
from leadline.review.discover.model import Cases, Events, Feature, Group, Signal

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from leadline.outcomes.model import Flags, Real, Whole

Row: TypeAlias = "NDArray[np.float32]"
Made: TypeAlias = tuple[Feature, Row]

WINDOWS = (7 * clock.DAY, 30 * clock.DAY, 90 * clock.DAY)
COUNTS = {1: "", 2: ", at least twice", 3: ", at least three times"}
CAPS = (2, 3, 5)
HALF_LIVES, FADING_CAP = (14 * clock.DAY, 30 * clock.DAY), 3
SILENCES = (14 * clock.DAY, 30 * clock.DAY, 60 * clock.DAY)
COLLEAGUES = (2, 3)
SILENCE, PEOPLE = "any", "colleagues"
"""The sources of silences and of colleagues."""
_GROUPS: dict[str, Group] = {Side.PRODUCT: Group.USAGE, Side.THIRD_PARTY: Group.INTENT}
_ANYTHING: frozenset[str] = frozenset({Side.MARKETING, Side.PRODUCT})


def of_cases(cases: Cases, events: Events, before: int, created: Whole | None) -> Did:
    """Return what cases did, as far as a definition counts it.

    Args:
        cases: The cases.
        events: What they did.
        before: How far back it was looked, in microseconds.
        created: By case, when its person was created; ``ALWAYS`` if unknown. Without it everybody has been there for long.
    """
    of_account = bool((cases.account != NONE).mean() >= 0.5) if len(cases) else False
    of_case = cases.account[events.case] != NONE if of_account else events.person == cases.person[events.case]
    known = np.full(len(cases), ALWAYS) if created is None else created
    return Did(cases, _where(events, of_case), before, known, of_account)


def _where(events: Events, chosen: Flags) -> Events:
    columns = {name: array[chosen] for name, array in vars(events).items() if name != "signals"}
    return replace(events, **columns)


@dataclass(frozen=True)
class Did:
    """What cases did, as far as a definition counts it; arguments as of :func:`of_cases`."""

    cases: Cases
    events: Events
    before: int
    created: Whole
    of_account: bool

    @cached_property
    def windows(self) -> tuple[int, ...]:
        """Return the windows, the longest first."""
        return (self.before, *(window for window in reversed(WINDOWS) if window < self.before))

    @cached_property
    def counts(self) -> dict[int, Whole]:
        """Return for each window how often each case (columns) had each signal (rows)."""
        return {window: self._places(self.events.age <= window) for window in self.windows}

    def made(self) -> Iterator[Made]:
        """Yield the features with their values, the simplest first; what was only done to people ends a silence, and tells nothing else."""
        yield from (item for item in self._at_least() if self.tells(item[0].source))
        yield from self._silences()
        yield from self._colleagues()
        yield from (item for item in chain(self._up_to(), self._fading()) if self.tells(item[0].source))

    def tells(self, name: str) -> bool:
        """Return whether a signal is of something that people did themselves."""
        return name not in self._done_to_them

    @cached_property
    def _done_to_them(self) -> frozenset[str]:
        return frozenset(signal.name for signal in self.events.signals if candidates.is_done_to_them(signal.type))

    def whose(self, criterion: dict[str, Any]) -> dict[str, Any]:
        """Return a criterion that asks for the activities of those who are meant here."""
        return criterion | ({"of": "account"} if self.of_account else {})

    def _places(self, chosen: Flags) -> Whole:
        """Return how many of the chosen activities each case (columns) has of each signal (rows)."""
        return np.bincount(self._cell[chosen], minlength=self._size).reshape(-1, len(self.cases))

    @cached_property
    def _cell(self) -> Whole:
        return self.events.signal * len(self.cases) + self.events.case

    @property
    def _size(self) -> int:
        return len(self.events.signals) * len(self.cases)

    def _at_least(self) -> Iterator[Made]:
        for least, often in COUNTS.items():
            for window in self.windows:
                asked = written(window)
                rows = (self.counts[window] >= least).astype(np.float32)
                for signal, row in zip(self.events.signals, rows, strict=True):
                    criterion = self.whose({"signal": signal.name, "at_least": least, "within": asked})
                    words = f"{signal.words}{often} within {days(window)}"
                    yield Feature(f"{signal.name}.{least}.{asked}", words, group(signal), signal.name, criterion), row

    def _up_to(self) -> Iterator[Made]:
        for window in self.windows:
            if window == WINDOWS[0]:
                continue
            for cap in CAPS:
                rows = np.minimum(self.counts[window], cap).astype(np.float32)
                for signal, row in zip(self.events.signals, rows, strict=True):
                    if int(row.max(initial=0)) == cap:
                        yield self._counting(signal, cap, window), row

    def _counting(self, signal: Signal, cap: int, window: int) -> Feature:
        criterion = self.whose({"signal": signal.name, "max": cap, "within": written(window)})
        words = f"each {signal.words} within {days(window)}, up to {cap}"
        return Feature(f"{signal.name}.up_to_{cap}.{written(window)}", words, group(signal), signal.name, criterion, counts=True)

    def _fading(self) -> Iterator[Made]:
        for half_life in HALF_LIVES:
            weights = 0.5 ** ((self.events.age - 1) / half_life)
            amounts = np.bincount(self._cell, weights, minlength=self._size).reshape(-1, len(self.cases)).astype(np.float64)
            rows = np.minimum(_rounded(amounts), FADING_CAP).astype(np.float32)
            for signal, row in zip(self.events.signals, rows, strict=True):
                yield self._fades(signal, half_life), row

    def _fades(self, signal: Signal, half_life: int) -> Feature:
        asked, halved = written(self.before), written(half_life)
        criterion = self.whose({"signal": signal.name, "max": FADING_CAP, "within": asked, "half_life": halved})
        words = f"each {signal.words} within {days(self.before)}, up to {FADING_CAP}, half as much with every {days(half_life)}"
        return Feature(f"{signal.name}.fading_{halved}", words, group(signal), signal.name, criterion, counts=True)

    def _silences(self) -> Iterator[Made]:
        """Yield for how long nobody did anything, as far as all types of activity are signals."""
        anything = [not signal.where and signal.side in _ANYTHING and signal.type != VISIT for signal in self.events.signals]
        own = np.array(anything, np.bool_)[self.events.signal]
        latest = np.full(len(self.cases), self.before + 1)
        np.minimum.at(latest, self.events.case[own], self.events.age[own])
        for silence in SILENCES:
            if any(anything) and silence <= self.before:
                row = ((latest > silence) & (self.cases.at - self.created > silence)).astype(np.float32)
                criterion = self.whose({"absent": "any", "for": written(silence)})
                yield Feature(f"absent.{written(silence)}", f"nothing done for {days(silence)}", Group.ENGAGEMENT, SILENCE, criterion), row

    def _colleagues(self) -> Iterator[Made]:
        """Yield how many people of the account did something; the language can't ask for that."""
        by_them = [signal.side in _ANYTHING and self.tells(signal.name) for signal in self.events.signals]
        own = np.array(by_them, np.bool_)[self.events.signal] & (self.events.person != NONE)
        for window in self.windows if self.of_account else ():
            chosen = own & (self.events.age <= window)
            pairs = np.unique(np.stack([self.events.case[chosen], self.events.person[chosen]]), axis=1)
            people = np.bincount(pairs[0], minlength=len(self.cases))
            for least in COLLEAGUES:
                words = f"at least {least} people of the account active within {days(window)}"
                feature = Feature(f"{PEOPLE}.{least}.{written(window)}", words, Group.ENGAGEMENT, PEOPLE)
                yield feature, (people >= least).astype(np.float32)


def group(signal: Signal) -> Group:
    """Return where in a definition a signal belongs."""
    return _GROUPS.get(signal.side, Group.ENGAGEMENT)


def written(duration: int) -> str:
    """Return a duration as a definition has it."""
    return clock.write_duration(duration)


def days(duration: int) -> str:
    """Return a duration of days for people.

    >>> days(30 * clock.DAY), days(clock.DAY)
    ('30 days', '1 day')
    """
    said = f"{duration / clock.DAY:g}"
    return f"{said} day{'' if said == '1' else 's'}"


def _rounded(amounts: Real) -> Real:
    """Return amounts as the engine rounds them: to a millionth, ties away from zero."""
    return np.floor(amounts * MICRO + 0.501) / MICRO

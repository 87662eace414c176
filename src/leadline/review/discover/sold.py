"""What became of whom sales dealt with: each account, or person without one, once. Pure.

A *unit* is an account or a person who never had one. It is known by a key: the account's code, or ``-2 - code`` of the person, so
that -1 stays nobody. The rules stand in ``docs/statistics.md``, *Cases and controls*.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from leadline import clock
from leadline.outcomes import maturity
from leadline.outcomes.model import NONE, NOT_YET, Said
from leadline.review.discover.model import Goal, Kind

if TYPE_CHECKING:
    from leadline.outcomes.matching import Outcomes
    from leadline.outcomes.model import Deals, Flags, Real, Touches, Whole

UNDECIDED = -1
"""The kind of what can't be judged yet."""
SHORTEST, LONGEST = 30 * clock.DAY, 365 * clock.DAY
"""Between these the usual lag is believed: imports that date deals by their end would make it nothing."""
_VERDICTS = (Said.ACCEPTED, Said.REJECTED, Said.SQL)


@dataclass(frozen=True)
class Sold:
    """Units that sales dealt with, each once, as columns (k units).

    Attributes:
        unit: Its key.
        person: Code of the person who stands for it; -1 where that has to be found out.
        at: When sales first spoke with them of what came of it.
        kind: A :class:`~leadline.review.discover.model.Kind`, or ``UNDECIDED``.
        amount: What its deal brought; NaN if nothing.
        by_contact: Whether no deal tells of it, only what reps said or did.
    """

    unit: Whole
    person: Whole
    at: Whole
    kind: Whole
    amount: Real
    by_contact: Flags

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self.at)

    def where(self, chosen: Flags | Whole) -> Sold:
        """Return the units that a mask or indices choose."""
        return Sold(**{name: array[chosen] for name, array in vars(self).items()})


def keys(account: Whole, person: Whole) -> Whole:
    """Return the keys of units: of the account, else of the person; -1 for nobody."""
    return np.where(account != NONE, account, -2 - person).astype(np.int64)


def usual_lag(deals: Deals) -> int:
    """Return within how many microseconds nine in ten won deals were won; within reason, and the shortest if none was."""
    usual = maturity.usual_cycle(deals)
    return SHORTEST if usual is None else min(max(round(usual.days * clock.DAY), SHORTEST), LONGEST)


def sold(outcomes: Outcomes, touches: Touches, goal: Goal) -> Sold:
    """Return what became of each unit that sales dealt with.

    Of goal ``won``: its first won deal, else the last that was lost or has stalled, else the open one, which can't be judged yet. Without
    any deal it was lost at the first word of sales, if the usual lag has passed since. Of goal ``sql``: whether it ever became an SQL (a
    deal implies one), else whether it was rejected; at the first word of sales.

    Args:
        outcomes: What had happened when the facts ended.
        touches: What sales did.
        goal: What a success is.
    """
    words = contacts(outcomes, touches)
    found = _by_verdict(words) if goal is Goal.SQL else _joined(_by_deal(outcomes), _without_deal(outcomes, words))
    return found.where(np.flatnonzero(found.unit != NONE))


def contacts(outcomes: Outcomes, touches: Touches) -> Sold:
    """Return every word of sales: conversations, verdicts and the first conversations of deals; of verdicts ``kind`` tells which."""
    deals, said = outcomes.deals, outcomes.said
    talks = np.flatnonzero(touches.conversation & (touches.at <= outcomes.until))
    verdicts = np.flatnonzero(np.isin(said.said, _VERDICTS))
    person = np.concatenate([deals.person, touches.person[talks], said.person[verdicts]])
    account = np.concatenate([deals.account, touches.account[talks], said.account[verdicts]])
    at = np.concatenate([deals.conversation, touches.at[talks], said.at[verdicts]])
    rejected = said.said[verdicts] == Said.REJECTED
    became = np.where(said.said[verdicts] == Said.SQL, int(Kind.WON), np.where(rejected, int(Kind.LOST), UNDECIDED))
    kind = np.concatenate([np.full(len(deals), int(Kind.WON)), np.full(len(talks), UNDECIDED), became])
    amount = np.concatenate([_amounts(outcomes), np.full(len(talks) + len(verdicts), np.nan)])
    by_contact = np.arange(len(at)) >= len(deals)
    return Sold(keys(account, person), person, at, kind.astype(np.int64), amount, by_contact)


def first(unit: Whole, *order: Whole) -> Whole:
    """Return the index of the first row of each unit, by columns of which the first matters most."""
    rows = np.lexsort((*reversed(order), unit))
    _, places = np.unique(unit[rows], return_index=True)
    return rows[places]


def _amounts(outcomes: Outcomes) -> Real:
    deals = outcomes.deals
    counted = deals.won & (deals.currency.astype(str) == outcomes.currency)
    return np.where(counted, deals.amount, np.nan)


def _by_deal(outcomes: Outcomes) -> Sold:
    deals = outcomes.deals
    ended = deals.closed != NOT_YET
    lost = np.where(ended, int(Kind.LOST), np.where(maturity.stalled(deals, outcomes.until), int(Kind.STALLED), UNDECIDED))
    kind = np.where(deals.won, int(Kind.WON), lost).astype(np.int64)
    rank = np.where(deals.won, 0, np.where(kind == UNDECIDED, 2, 1))
    unit = keys(deals.account, deals.person)
    chosen = first(unit, rank, np.where(deals.won, deals.conversation, -deals.conversation))
    every = Sold(unit, deals.person, deals.conversation, kind, _amounts(outcomes), np.zeros(len(deals), np.bool_))
    return every.where(chosen)


def _without_deal(outcomes: Outcomes, words: Sold) -> Sold:
    """Return, of the units without any deal, the first word of sales: lost, if it is long ago."""
    spoken = words.where(np.flatnonzero(~np.isin(words.unit, words.unit[~words.by_contact])))
    spoken = spoken.where(first(spoken.unit, spoken.at))
    old = spoken.at <= outcomes.until - usual_lag(outcomes.deals)
    return replace(spoken, kind=np.where(old, int(Kind.LOST), UNDECIDED).astype(np.int64))


def _by_verdict(words: Sold) -> Sold:
    """Return, of each unit, whether it became an SQL or was rejected, at the first word of sales."""
    rank = np.where(words.kind == Kind.WON, 0, np.where(words.kind == Kind.LOST, 1, 2))
    decided = words.where(first(words.unit, rank, words.at))
    began = words.where(first(words.unit, words.at))  # by unit, as the others are
    brought = words.where(first(words.unit, np.isnan(words.amount).astype(np.int64), words.at))
    return replace(decided, at=began.at, amount=np.where(decided.kind == Kind.WON, brought.amount, np.nan))


def _joined(one: Sold, other: Sold) -> Sold:
    return Sold(**{name: np.concatenate([array, getattr(other, name)]) for name, array in vars(one).items()})

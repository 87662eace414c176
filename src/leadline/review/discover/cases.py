"""Cases: won, lost and stalled units at their first sales conversations, and never-sold ones at the same times. Pure.

What becomes of a unit is decided in :mod:`.sold`, who is drawn beside them in :mod:`.controls`; here they are put together.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from leadline import clock
from leadline.engine.rehearsal import ALWAYS
from leadline.outcomes.model import NONE, NOT_YET
from leadline.review.discover import controls, sold
from leadline.review.discover.controls import AtRisk, Wanted
from leadline.review.discover.model import Cases, Features, Goal, Kind
from leadline.review.discover.sold import UNDECIDED, Sold
from leadline.review.model import Caution

if TYPE_CHECKING:
    from leadline.outcomes.matching import Outcomes
    from leadline.outcomes.model import Flags, Touches, Whole
    from leadline.review.model import Window

FOLDS = 5
WITHOUT_DEAL = 5_000
"""At most so many cases whom sales spoke with and that never had a deal are looked at, drawn by chance."""
JUDGED = 0.25
"""What share of the won cases, the latest, judges the card if nobody says from when."""
CHANCE = 0.01
"""Wins that are missing before the first are told if chance would leave them out more seldom than this."""
_MIX = 0x9E3779B97F4A7C15  # so that neighbouring codes fall into different folds
_MASK = (1 << 64) - 1


@dataclass(frozen=True)
class Members:
    """Who is at which account and exists from when, as columns; the account of people who never had one is -1."""

    account: Whole
    person: Whole
    since: Whole


@dataclass(frozen=True)
class Question:
    """What cases are asked for.

    Attributes:
        goal: What a success is.
        window: Their instants lie in it.
        judged_from: From when on cases judge; ``None`` for the latest quarter of the won.
        seed: Of what is drawn.
    """

    goal: Goal
    window: Window
    judged_from: int | None
    seed: int


@dataclass(frozen=True)
class Drawn:
    """Cases, from when on they judge, and what is to know of them."""

    cases: Cases
    judged_from: int
    cautions: tuple[Caution, ...]


def draw(outcomes: Outcomes, touches: Touches, members: Members, question: Question) -> Drawn:
    """Return the cases of a window.

    Where a deal doesn't name a person, ``person`` is -1; see :func:`represented`.
    """
    dealt = sold.sold(outcomes, touches, question.goal)
    units, since = _units(members)
    known = np.isin(dealt.unit, units)
    window = question.window
    inside = known & (dealt.at >= window.begin_at) & (dealt.at < window.end_at)
    told = _some(dealt.where(np.flatnonzero(inside & (dealt.kind != UNDECIDED))), question.seed)
    risk = _at_risk(units, since, sold.contacts(outcomes, touches), told)
    won = np.sort(told.at[told.kind == Kind.WON])
    lag = sold.usual_lag(outcomes.deals)
    never = controls.draw(risk, Wanted(won, len(told), lag, window, question.seed))
    judged_from = _judged_from(won, question)
    cautions = (
        *_lacking(dealt, known, inside, question),
        *_censored(dealt, inside, lag, outcomes.until),
        *_truncated(outcomes, units, since),
    )
    return Drawn(_together(told, never, judged_from), judged_from, cautions)


def represented(cases: Cases, standing: Whole, members: Members) -> Cases:
    """Return the cases with somebody to stand for each.

    Args:
        cases: The cases.
        standing: By case, who of those at its account then stands for it; -1 if nobody was there. Then it is the deal's person, else
            whoever was ever there first.
        members: Who is at which account.
    """
    of_account = np.flatnonzero(members.account != NONE)
    rows = of_account[sold.first(members.account[of_account], members.since[of_account], members.person[of_account])]
    place = np.minimum(np.searchsorted(members.account[rows], cases.account), max(len(rows) - 1, 0))
    there = members.person[rows][place] if len(rows) else np.full(len(cases), NONE)
    person = np.where(standing != NONE, standing, np.where(cases.person != NONE, cases.person, there))
    return replace(cases, person=person.astype(np.int64))


def counts(cases: Cases) -> dict[str, dict[str, int]]:
    """Return by kind how many cases the card is fitted and judged on."""
    parts = {"fit": ~cases.later, "judge": cases.later}
    return {name: {kind.name.lower(): int((chosen & (cases.kind == kind)).sum()) for kind in Kind} for name, chosen in parts.items()}


def featureless(cases: Cases) -> Features:
    """Return no features of cases."""
    return Features((), np.zeros((len(cases), 0), np.float32))


def _units(members: Members) -> tuple[Whole, Whole]:
    """Return the keys of all units, rising, and when each exists from."""
    unit = sold.keys(members.account, members.person)
    rows = sold.first(unit, members.since)
    return unit[rows], members.since[rows]


def _at_risk(units: Whole, since: Whole, words: Sold, told: Sold) -> AtRisk:
    rows = sold.first(words.unit, words.at)
    spoken, when = words.unit[rows], words.at[rows]
    contact = np.full(len(units), NOT_YET)
    kept = np.flatnonzero(np.isin(spoken, units))
    contact[np.searchsorted(units, spoken[kept])] = when[kept]
    return AtRisk(units, since, contact, ~np.isin(units, told.unit))


def _some(told: Sold, seed: int) -> Sold:
    """Return the cases with at most so many of those that never had a deal: more of them would tell no more."""
    without = np.flatnonzero(told.by_contact & (told.kind == Kind.LOST))
    if len(without) <= WITHOUT_DEAL:
        return told
    left_out = np.random.default_rng([seed, 1]).permutation(without)[WITHOUT_DEAL:]
    return told.where(np.delete(np.arange(len(told)), left_out))


def _judged_from(won: Whole, question: Question) -> int:
    if question.judged_from is not None:
        return question.judged_from
    return int(np.quantile(won, 1 - JUDGED, method="higher")) if len(won) else question.window.end_at


def _together(told: Sold, never: controls.Controls, judged_from: int) -> Cases:
    unit, at = np.concatenate([told.unit, never.unit]), np.concatenate([told.at, never.at])
    drawn = len(never.at)
    cases = Cases(
        account=np.where(unit >= 0, unit, NONE),
        person=np.where(unit < NONE, -2 - unit, np.append(told.person, np.full(drawn, NONE))),
        at=at,
        kind=np.append(told.kind, np.full(drawn, int(Kind.NEVER))),
        amount=np.append(told.amount, np.full(drawn, np.nan)),
        stands_for=np.append(np.zeros(len(told)), never.stands_for),
        fold=_folds(unit),
        later=at >= judged_from,
    )
    return cases.where(np.lexsort((cases.person, cases.account, cases.at)))


def _folds(unit: Whole) -> Whole:
    """Return a fold for each unit, whichever others there are."""
    return np.array([((key * _MIX & _MASK) >> 32) % FOLDS for key in unit.tolist()], np.int64)


def _lacking(dealt: Sold, known: Flags, inside: Flags, question: Question) -> Iterator[Caution]:
    window = question.window
    lost = int((~known & (dealt.kind == Kind.WON) & (dealt.at >= window.begin_at) & (dealt.at < window.end_at)).sum())
    if lost:
        says = f"{lost:,} won cases are of accounts without any known person, so nothing is known of what they did; they are left out."
        yield Caution("won-of-nobody", says)
    by_contact = int((inside & dealt.by_contact & (dealt.kind == Kind.LOST)).sum())
    some = f"a draw of {WITHOUT_DEAL:,} of them is looked at, so of those sales spoke with a larger share seems won than was."
    if by_contact and question.goal is Goal.WON:
        says = f"{by_contact:,} lost cases never had a deal: sales spoke with them or gave a verdict, and none came within the usual lag"
        yield Caution("lost-without-deal", f"{says}; {some}" if by_contact > WITHOUT_DEAL else f"{says}.")
    elif by_contact > WITHOUT_DEAL:
        yield Caution("lost-without-deal", f"There are {by_contact:,} rejected cases; {some}")


def _censored(dealt: Sold, inside: Flags, lag: int, until: int) -> Iterator[Caution]:
    """Yield what the open deals do to the latest cases."""
    still = int((inside & (dealt.kind == UNDECIDED)).sum())
    if not still:
        return
    young = inside & (dealt.at > until - lag)
    says = f"{still:,} whom sales speaks with aren't decided yet and are left out"
    if young.any():
        share = float((dealt.kind[young] == UNDECIDED).mean())
        says += f"; of those whose first conversation lies in the last {lag / clock.DAY:.0f} days they are {share:.0%}"
    yield Caution("undecided", f"{says}. Among the latest cases quick decisions are over-represented.")


def _truncated(outcomes: Outcomes, units: Whole, since: Whole) -> Iterator[Caution]:
    """Yield that wins are recorded only from some day on, if it is no chance that there are none before.

    A win is due the usual time after its lead appeared; as many are expected from the first lead on as there were a day later.
    """
    deals = outcomes.deals.where(np.flatnonzero(outcomes.deals.won))
    unit = sold.keys(deals.account, deals.person)
    place = np.minimum(np.searchsorted(units, unit), max(len(units) - 1, 0))
    appeared = np.where(units[place] == unit, since[place], ALWAYS) if len(units) else np.full(len(unit), ALWAYS)
    begun, wins = since[since > ALWAYS], np.sort(deals.closed)
    if not (appeared > ALWAYS).any() or wins[-1] <= wins[0]:
        return
    usually = max(int(np.median((deals.closed - appeared)[appeared > ALWAYS])), 0)
    gap = max(int(wins[0] - begun.min()) - usually, 0)
    expected = len(wins) / float(wins[-1] - wins[0]) * gap
    if np.exp(-expected) < CHANCE:
        first, start = (clock.write_instant(int(when))[:10] for when in (wins[0], begun.min()))
        says = (
            f"No win is recorded before {first}, though leads exist since {start}: at the later pace there would have been about "
            f"{expected:.0f}. Early wins are missing, so some who count as never sold to were sold to."
        )
        yield Caution("wins-begin-late", says)

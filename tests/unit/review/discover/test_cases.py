"""Cases: what becomes of whom sales dealt with, and never-sold units beside them. Times are days."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from tests.unit.outcomes import worlds

from leadline.outcomes import matching
from leadline.outcomes.model import NONE, NOT_YET, Said
from leadline.review.discover import cases, controls, sold
from leadline.review.discover.cases import Members, Question
from leadline.review.discover.controls import AtRisk, Wanted
from leadline.review.discover.model import Goal, Kind
from leadline.review.model import Window

DAY = worlds.DAY
UNTIL = 400
ACME, BIRCH, CEDAR, DOGWOOD, ELM = range(5)


def window(begin: float = 0, end: float = UNTIL) -> Window:
    return Window(round(begin * DAY), round(end * DAY), round(UNTIL * DAY), (end - begin) / 7)


def members(pairs: list[tuple[int, int]], since: float = 0) -> Members:
    accounts, people = (worlds.whole([pair[at] for pair in pairs]) for at in range(2))
    return Members(accounts, people, np.full(len(pairs), round(since * DAY)))


def drawn(deals=(), said=(), touched=(), *, goal=Goal.WON, people=None, judged_from=None, begin=0.0, end=float(UNTIL)) -> cases.Drawn:
    happened = worlds.happened(deals, said, touched)
    outcomes = matching.settle(happened, UNTIL * DAY)
    whom = members([(account, 10 + account) for account in range(5)]) if people is None else people
    asked = Question(goal, window(begin, end), None if judged_from is None else round(judged_from * DAY), 7)
    return cases.draw(outcomes, happened.touches, whom, asked)


def told(found: cases.Drawn) -> list[tuple[int, str, float]]:
    held = found.cases
    kinds = [Kind(kind).name for kind in held.kind.tolist()]
    rows = zip(held.account.tolist(), kinds, (held.at / DAY).tolist(), strict=True)
    return sorted(row for row in rows if row[1] != "NEVER")


def codes(found: cases.Drawn) -> set[str]:
    return {caution.code for caution in found.cautions}


def test_a_won_deal_is_a_case_at_its_first_conversation():
    deal = worlds.deal(50, account=ACME, person=10, talked=40, closed=60, won=True, amount=900)
    found = drawn([deal]).cases
    at = int(np.flatnonzero(found.won)[0])
    assert (found.account[at], found.person[at], found.at[at], found.amount[at]) == (ACME, 10, 40 * DAY, 900)


def test_of_several_deals_the_first_that_was_won_counts_else_the_last_that_was_lost():
    several = [
        worlds.deal(10, account=ACME, closed=20),
        worlds.deal(30, account=ACME, closed=40, won=True),
        worlds.deal(50, account=ACME, closed=60, won=True),
        worlds.deal(10, account=BIRCH, closed=20),
        worlds.deal(70, account=BIRCH, closed=80),
    ]
    assert told(drawn(several)) == [(ACME, "WON", 30.0), (BIRCH, "LOST", 70.0)]


def test_an_open_deal_has_stalled_or_is_left_out():
    deals = [worlds.deal(10, account=ACME, closed=20, won=True), worlds.deal(100, account=BIRCH), worlds.deal(395, account=CEDAR)]
    found = drawn(deals)
    assert told(found) == [(ACME, "WON", 10.0), (BIRCH, "STALLED", 100.0)]
    assert "undecided" in codes(found)
    assert "undecided" not in codes(drawn(deals[:2]))


def test_a_customer_from_before_the_window_is_no_case_and_no_control():
    deals = [worlds.deal(10, account=ACME, closed=20, won=True), worlds.deal(250, account=ACME, closed=260)]
    deals += [worlds.deal(240, account=BIRCH, closed=250, won=True)]
    found = drawn(deals, begin=200)
    assert told(found) == [(BIRCH, "WON", 240.0)]
    assert ACME not in found.cases.account.tolist()


def test_whom_sales_spoke_with_without_a_deal_is_lost_once_the_usual_lag_has_passed():
    won = worlds.deal(10, account=ACME, closed=20, won=True)
    touched = [(11, BIRCH, 100.0, True), (12, CEDAR, 390.0, True), (13, DOGWOOD, 100.0, False)]
    found = drawn([won], touched=touched)
    assert told(found) == [(ACME, "WON", 10.0), (BIRCH, "LOST", 100.0)]
    assert "lost-without-deal" in codes(found)


@pytest.mark.parametrize("goal", [Goal.WON, Goal.SQL])
def test_of_many_without_a_deal_some_are_drawn_and_that_is_told(goal: Goal, monkeypatch):
    monkeypatch.setattr(cases, "WITHOUT_DEAL", 10)
    alone = members([(NONE, person) for person in range(60)])
    said = [(person, 50.0, Said.REJECTED, "budget") for person in range(60)]
    one, two = (drawn([], said, goal=goal, people=alone) for _ in range(2))
    assert int((one.cases.kind == Kind.LOST).sum()) == 10
    assert one.cases.person.tolist() == two.cases.person.tolist()
    assert ["a draw of 10" in caution.says for caution in one.cautions if caution.code == "lost-without-deal"] == [True]


def test_goal_sql_asks_who_became_one_at_the_first_word_of_sales():
    deal = worlds.deal(50, account=ACME, person=10, talked=40, closed=60, won=True, amount=700)
    said = [(1, 20.0, Said.ACCEPTED), (1, 25.0, Said.SQL), (2, 30.0, Said.REJECTED, "budget"), (3, 30.0, Said.ACCEPTED)]
    alone = members([(ACME, 10), (NONE, 1), (NONE, 2), (NONE, 3)])
    found = drawn([deal], said, goal=Goal.SQL, people=alone)
    held = found.cases
    rows = {int(person): (Kind(int(kind)).name, at / DAY) for person, kind, at in zip(held.person, held.kind, held.at, strict=True)}
    assert rows == {10: ("WON", 40.0), 1: ("WON", 20.0), 2: ("LOST", 30.0)}
    assert held.amount[held.person == 10] == 700
    assert np.isnan(held.amount[held.person == 1]).all()


def test_accounts_without_people_are_left_out_and_said():
    deals = [worlds.deal(10, account=ACME, closed=20, won=True), worlds.deal(10, account=99, closed=20, won=True)]
    found = drawn(deals)
    assert told(found) == [(ACME, "WON", 10.0)]
    assert "won-of-nobody" in codes(found)


def test_controls_are_never_sold_until_the_usual_lag_after_their_instant():
    deals = [worlds.deal(100, account=ACME, closed=110, won=True)]
    touched = [(11, BIRCH, 120.0, True), (12, CEDAR, 131.0, True), (13, DOGWOOD, 50.0, True)]
    found = drawn(deals, touched=touched, end=105.0).cases
    never = found.kind == Kind.NEVER
    assert sorted(found.account[never].tolist()) == [CEDAR, ELM]
    assert set(found.at[never].tolist()) == {100 * DAY}


def test_controls_exist_and_come_once():
    deals = [worlds.deal(100 + at, account=at, closed=110 + at, won=True) for at in range(3)]
    people = members([(account, account) for account in range(3)] + [(NONE, 50 + at) for at in range(20)])
    people.since[10:] = 101 * DAY  # from then on they exist: strictly before the instant
    held = drawn(deals, people=people).cases
    never = held.kind == Kind.NEVER
    assert len(set(held.person[never].tolist())) == int(never.sum())
    assert (held.at[never & (held.person >= 57)] > 101 * DAY).all()
    assert not (never & (held.account >= 0)).any()


def test_what_controls_stand_for_adds_up_to_the_time_at_risk():
    rng = np.random.default_rng(3)
    since = rng.integers(0, 200, 300) * DAY
    contact = np.where(rng.random(300) < 0.3, since + 90 * DAY, NOT_YET)
    risk = AtRisk(np.arange(300), since, contact, np.ones(300, np.bool_))
    won = np.sort(rng.integers(50, 350, 25)) * DAY
    found = controls.draw(risk, Wanted(won, 25, 30 * DAY, window(), 1))
    days = (np.minimum(contact, UNTIL * DAY) - since).sum() / DAY
    assert found.stands_for.sum() == pytest.approx(days)
    assert (found.stands_for > 0).all()


def test_controls_are_drawn_at_the_instants_of_won_cases_in_equal_number():
    units = np.arange(5000)
    risk = AtRisk(units, np.zeros(5000, np.int64), np.full(5000, NOT_YET), np.ones(5000, np.bool_))
    won = np.arange(100, 400, dtype=np.int64) * DAY
    found = controls.draw(risk, Wanted(won, 300, 30 * DAY, window(), 1))
    at, counts = np.unique(found.at, return_counts=True)
    assert at.tolist() == won.tolist()
    assert set(counts.tolist()) == {(controls.IN_ALL - 300) // 300}


def test_of_many_won_cases_each_has_its_four(monkeypatch):
    monkeypatch.setattr(controls, "IN_ALL", 10)
    units = np.arange(500)
    risk = AtRisk(units, np.zeros(500, np.int64), np.full(500, NOT_YET), np.ones(500, np.bool_))
    found = controls.draw(risk, Wanted(np.arange(100, 130, dtype=np.int64) * DAY, 30, 30 * DAY, window(), 1))
    assert len(found.at) == 30 * controls.PER_WON


def test_the_same_seed_draws_the_same_and_another_differs():
    units = np.arange(2000)
    risk = AtRisk(units, np.zeros(2000, np.int64), np.full(2000, NOT_YET), np.ones(2000, np.bool_))
    won = np.arange(100, 130, dtype=np.int64) * DAY
    one, two, other = (controls.draw(risk, Wanted(won, 30, 30 * DAY, window(), seed)).unit.tolist() for seed in (1, 1, 2))
    assert one == two
    assert one != other


def test_the_latest_quarter_of_the_won_judges_unless_said_otherwise():
    people = members([(account, account) for account in range(40)])
    deals = [worlds.deal(100 + at, account=at, closed=110 + at, won=True) for at in range(40)]
    found = drawn(deals, people=people)
    assert int((found.cases.won & found.cases.later).sum()) == 10
    assert found.judged_from == 130 * DAY
    assert int((drawn(deals, people=people, judged_from=120).cases.later).sum()) == 20


def test_folds_are_of_units_whichever_others_there_are():
    people = members([(account, account) for account in range(40)])
    deals = [worlds.deal(100 + at, account=at, closed=110 + at, won=True) for at in range(40)]
    every, some = drawn(deals, people=people).cases, drawn(deals[::2], people=people).cases
    folds = dict(zip(every.account.tolist(), every.fold.tolist(), strict=True))
    assert all(folds[account] == fold for account, fold in zip(some.account.tolist(), some.fold.tolist(), strict=True) if account in folds)
    assert set(folds.values()) == set(range(cases.FOLDS))


def test_a_case_is_represented_by_who_stands_for_it_else_its_deals_person_else_who_came_first():
    deals = [worlds.deal(100, account=at, closed=110, won=True, person=70 if at == ACME else NONE) for at in (ACME, BIRCH, CEDAR)]
    people = Members(worlds.whole([ACME, BIRCH, BIRCH, CEDAR, CEDAR]), worlds.whole([70, 71, 72, 73, 74]), worlds.instants([1, 1, 2, 9, 3]))
    held = drawn(deals, people=people).cases
    standing = np.where(held.account == BIRCH, 72, NONE)
    found = cases.represented(held, standing, people)
    assert dict(zip(found.account.tolist(), found.person.tolist(), strict=True)) == {ACME: 70, BIRCH: 72, CEDAR: 74}


@pytest.mark.parametrize(("first", "late"), [(10.0, False), (250.0, True)])
def test_wins_that_begin_long_after_the_leads_are_told(first: float, late: bool):
    people = Members(worlds.whole(range(100)), worlds.whole(range(100)), worlds.instants([at * 3.5 for at in range(100)]))
    taken = [at for at in range(100) if at * 3.5 >= first - 10]
    deals = [worlds.deal(at * 3.5 + 10, account=at, closed=at * 3.5 + 12, won=True) for at in taken]
    assert ("wins-begin-late" in codes(drawn(deals, people=people))) is late


def test_nothing_sold_gives_no_cases():
    found = drawn()
    assert len(found.cases) == 0
    assert cases.counts(found.cases)["fit"] == {"won": 0, "lost": 0, "stalled": 0, "never": 0}


@pytest.mark.parametrize(("days", "lag"), [(1, 30), (50, 50), (900, 365)])
def test_the_usual_lag_is_believed_within_reason(days: int, lag: int):
    happened = worlds.happened([worlds.deal(0, account=ACME, closed=days, won=True)])
    assert sold.usual_lag(happened.deals) == lag * DAY


def test_keys_tell_accounts_people_and_nobody_apart() -> None:
    found: Any = sold.keys(worlds.whole([3, -1, -1]), worlds.whole([5, 5, -1]))
    assert found.tolist() == [3, -7, -1]

"""What came of spells, in worlds small enough to count by hand."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.outcomes.worlds import DAY, deal, happened, instant, spells, touches

from leadline.engine.rehearsal import ALWAYS, Spells
from leadline.outcomes import matching
from leadline.outcomes.model import NONE, NOT_YET, Credited, Happened, Said, Stage, Windows

ANNA, BEN, CARL = 0, 1, 2
ACME, BIRCH = 10, 11
NOW = instant(1000)


def came_of(of: Spells, world: Happened, until: int = NOW, windows: Windows | None = None) -> Credited:
    return matching.credit(of, matching.settle(world, until, windows))


def test_a_deal_goes_to_the_last_spell_of_its_person_that_began_before():
    came = came_of(spells([(ANNA, ACME, 10), (ANNA, ACME, 50), (ANNA, ACME, 90)]), happened([deal(60, person=ANNA, account=ACME)]))
    assert came.spell.tolist() == [1]
    assert came.opportunity.tolist() == [NOT_YET, instant(60), NOT_YET]
    assert came.deals.tolist() == [0, 1, 0]
    assert not came.by_account.any()


def test_the_persons_own_spell_comes_before_a_later_one_of_a_colleague():
    came = came_of(spells([(ANNA, ACME, 10), (BEN, ACME, 50)]), happened([deal(60, person=ANNA, account=ACME)]))
    assert came.spell.tolist() == [0]


def test_without_a_spell_of_its_person_a_deal_goes_to_the_accounts_last():
    world = happened([deal(60, person=CARL, account=ACME), deal(61, account=ACME), deal(62, account=BIRCH)])
    came = came_of(spells([(ANNA, ACME, 10), (BEN, ACME, 50)]), world)
    assert came.spell.tolist() == [1, 1, NONE]
    assert came.by_account.tolist() == [True, True, False]
    assert came.missed.tolist() == [False, False, True]


def test_the_example_on_the_page_comes_out_as_the_page_says():
    won, other = deal(60, person=ANNA, account=ACME, talked=40, closed=80, won=True), deal(101, account=ACME, talked=100)
    came = came_of(
        spells([(ANNA, ACME, 10), (ANNA, ACME, 50), (BEN, ACME, 55), (BEN, ACME, 95)]),
        happened([won, other], touched=[(ANNA, ACME, 40, True)]),
    )
    assert came.spell.tolist() == [0, 3]
    assert came.beside.tolist() == [False, True, True, False]
    assert came.by_account.tolist() == [False, True]
    assert (came.opportunity[0], came.won[0], came.lead_days[0]) == (instant(60), instant(80), 30)
    assert came.worked.tolist() == [True, False, False, True]


def test_nobodys_deal_is_credited_to_nobody():
    came = came_of(spells([(ANNA, NONE, 10)]), happened([deal(60)]))
    assert came.missed.tolist() == [True]
    assert not came.beside.any()


def test_a_spell_that_began_longer_ago_than_the_window_gets_nothing():
    of, world = spells([(ANNA, ACME, 10)]), happened([deal(10 + 365, person=ANNA), deal(10.001 + 365, person=ANNA)])
    assert came_of(of, world).spell.tolist() == [0, NONE]
    assert came_of(of, world, windows=Windows(credit=400 * DAY)).spell.tolist() == [0, 0]


def test_a_spell_that_begins_with_the_conversation_or_after_it_stands_beside_the_deal():
    of = spells([(ANNA, ACME, 39.9), (ANNA, ACME, 40), (BEN, ACME, 55), (ANNA, ACME, 70), (CARL, BIRCH, 50)])
    came = came_of(of, happened([deal(60, person=ANNA, account=ACME, talked=40, closed=80, won=True)]))
    assert came.beside.tolist() == [False, True, True, True, False]
    assert came.spell.tolist() == [0]


def test_a_deal_with_no_spell_but_those_beside_it_stands_apart_and_is_not_missed():
    world = happened([deal(60, person=ANNA, talked=40, closed=80)])
    came = came_of(spells([(ANNA, ACME, 45), (ANNA, ACME, 70), (ANNA, ACME, 81)]), world)
    assert came.beside.tolist() == [True, True, False]
    assert (came.spell.tolist(), came.apart.tolist(), came.missed.tolist()) == ([NONE], [1], [False])
    assert (came.won == NOT_YET).all()


def test_with_the_deals_end_the_next_spell_counts_again():
    world = happened([deal(60, account=ACME, closed=80), deal(100, account=ACME)])
    came = came_of(spells([(ANNA, ACME, 79), (ANNA, ACME, 80)]), world)
    assert came.beside.tolist() == [True, False]
    assert came.spell.tolist() == [NONE, 1]


def test_an_early_long_deal_stands_behind_a_later_short_one():
    world = happened([deal(10, account=ACME, closed=100), deal(20, account=ACME, closed=30)])
    assert came_of(spells([(ANNA, ACME, 50)]), world).beside.tolist() == [True]


def test_a_spell_beside_one_deal_is_credited_with_no_later_one():
    world = happened([deal(10, account=ACME, closed=50), deal(60, account=ACME, closed=90, won=True)])
    came = came_of(spells([(ANNA, ACME, 5), (BEN, ACME, 30)]), world)
    assert came.spell.tolist() == [0, 0]
    assert came.deals.tolist() == [2, 0]


def test_the_first_conversation_is_told_by_what_sales_did_where_the_deal_does_not_say():
    talk, mail = True, False
    touched = [
        (ANNA, ACME, 5, talk), (ANNA, ACME, 40, talk), (ANNA, ACME, 45, mail), (ANNA, ACME, 60, talk),
        (BEN, ACME, 20, talk), (CARL, BIRCH, 50, talk)
    ]  # fmt: skip
    deals = [
        deal(70, person=ANNA, account=ACME),
        deal(71, account=ACME),
        deal(72, person=CARL, talked=66),
        deal(95, person=CARL, account=BIRCH),
    ]
    settled = matching.settle(happened(deals, touched=touched), NOW)
    # Anna: 40 and 60 belong together, 5 lies more than 30 days before. Acme: 5, 20, 40, 60 are one run. Carl: as recorded; too long ago.
    assert settled.deals.conversation.tolist() == [instant(40), instant(5), instant(66), instant(95)]


def test_a_conversation_recorded_after_the_creation_of_a_deal_began_with_it():
    assert matching.settle(happened([deal(60, talked=65)]), NOW).deals.conversation.tolist() == [instant(60)]


def test_verdicts_go_to_the_persons_last_spell_begun_by_then_wherever_it_stands():
    said = [
        (ANNA, 10, Said.ACCEPTED),
        (ANNA, 49, Said.REJECTED, "bad_timing"),
        (ANNA, 50, Said.REJECTED, "no_answer"),
        (BEN, 9, Said.ACCEPTED),
    ]
    of = spells([(ANNA, ACME, 10), (ANNA, ACME, 50), (BEN, BIRCH, 10)])
    came = came_of(of, happened([deal(45, account=ACME)], said, [(NONE, ACME, 40, True)]))
    assert came.beside.tolist() == [False, True, False]
    assert came.accepted.tolist() == [instant(10), NOT_YET, NOT_YET]
    assert came.rejected.tolist() == [instant(49), instant(50), NOT_YET]
    assert came.reason.tolist() == [0, 1, NONE]
    assert came.worked.tolist() == [True, True, False]


def test_of_several_rejections_the_last_counts_and_of_several_acceptances_the_first():
    said = [(ANNA, day, what, why) for day, what, why in [
        (11, Said.REJECTED, "b"), (12, Said.ACCEPTED, ""), (13, Said.ACCEPTED, ""), (14, Said.REJECTED, "a"), (15, Said.SQL, "")
    ]]  # fmt: skip
    came = came_of(spells([(ANNA, ACME, 10)]), happened(said=said))
    assert (came.accepted.tolist(), came.rejected.tolist(), came.sql.tolist()) == ([instant(12)], [instant(14)], [instant(15)])
    assert came.reason.tolist() == [1]  # of "", "a", "b"


def test_a_verdict_long_after_the_spell_began_is_about_something_else():
    said = [(ANNA, 10 + 366, Said.REJECTED, "x"), (BEN, 10 + 365, Said.REJECTED, "x")]
    came = came_of(spells([(ANNA, ACME, 10), (BEN, ACME, 10)]), happened(said=said))
    assert came.rejected.tolist() == [NOT_YET, instant(375)]
    assert came.worked.tolist() == [False, True]


def test_whoever_skipped_a_stage_has_reached_it_with_the_next():
    won = deal(60, person=ANNA, closed=80, won=True)
    came = came_of(spells([(ANNA, ACME, 10), (BEN, ACME, 10)]), happened([won], [(BEN, 20, Said.SQL)]))
    assert [came.reached(stage)[0] for stage in Stage] == [instant(60), instant(60), instant(60), instant(80)]
    assert [came.reached(stage)[1] for stage in Stage] == [instant(20), instant(20), NOT_YET, NOT_YET]


def test_where_there_are_no_deals_stages_of_leads_tell_of_opportunities_and_wins():
    said = [(ANNA, 20, Said.OPPORTUNITY), (ANNA, 30, Said.WON)]
    of = spells([(ANNA, ACME, 10)])
    assert came_of(of, happened(said=said)).won.tolist() == [instant(30)]
    assert came_of(of, happened([deal(60, person=BEN)], said)).won.tolist() == [NOT_YET]


def test_worked_is_whom_sales_touched_soon_and_before_the_next_spell():
    of = spells([(ANNA, ACME, 10), (ANNA, ACME, 20), (BEN, ACME, 10), (CARL, ACME, 10)])
    world = happened(touched=[(ANNA, ACME, 20, False), (BEN, ACME, 40, False), (CARL, ACME, 40.1, False), (CARL, ACME, 9, True)])
    assert came_of(of, world).worked.tolist() == [False, True, True, False]


def test_where_the_work_of_sales_is_not_recorded_every_spell_counts_as_worked():
    of, rows = spells([(ANNA, ACME, 10), (BEN, BIRCH, 10)]), [deal(60, person=ANNA), deal(61, account=BIRCH), deal(62, account=BIRCH)]
    assert came_of(of, happened(rows)).worked.tolist() == [True, True]
    one_trace = [(ANNA, NONE, 50, False)]
    assert not matching.work_is_recorded(happened(rows, touched=one_trace))
    assert matching.work_is_recorded(happened(rows[:2], touched=one_trace))
    assert came_of(of, happened([deal(60, person=ANNA)], touched=one_trace)).worked.tolist() == [True, False]
    assert matching.work_is_recorded(happened(said=[(BEN, 5, Said.REJECTED, "x")]))
    assert not matching.work_is_recorded(happened(said=[(BEN, 5, Said.QUALIFIED)]))


def test_only_what_is_known_by_then_counts():
    world = happened(
        [deal(60, person=ANNA, closed=80, won=True), deal(95, person=ANNA)],
        [(ANNA, 30, Said.ACCEPTED), (ANNA, 75, Said.REJECTED, "late")],
        [(BEN, ACME, 75, False)],
    )
    came = came_of(spells([(ANNA, NONE, 10), (BEN, NONE, 74), (ANNA, NONE, 65)]), world, until=instant(70))
    assert came.spell.tolist() == [0]
    assert came.won.tolist() == [NOT_YET] * 3
    assert came.rejected.tolist() == [NOT_YET] * 3
    assert came.worked.tolist() == [True, False, False]
    assert came.beside.tolist() == [False, False, True]


def test_revenue_is_won_money_in_one_currency():
    rows = [
        deal(60, person=ANNA, closed=61, won=True, amount=5), deal(70, person=ANNA, closed=71, won=True, amount=7, name="more"),
        deal(80, person=ANNA, closed=81, won=True, amount=9, currency="USD"), deal(90, person=ANNA, closed=91, amount=11),
        deal(95, person=ANNA, closed=96, won=True, amount=float("nan")),
    ]  # fmt: skip
    world = happened(rows)
    came = came_of(spells([(ANNA, ACME, 10)]), world)
    assert came.revenue.tolist() == [12]
    assert world.deals.won_money(np.ones(5, np.bool_)) == {"EUR": 12, "USD": 9}


def test_lead_time_runs_to_the_first_conversation_of_the_first_deal():
    world = happened([deal(60, person=ANNA, talked=40), deal(70, person=ANNA, talked=65)])
    came = came_of(spells([(ANNA, ACME, 10), (BEN, ACME, 10)]), world)
    assert came.lead_days[0] == 30
    assert np.isnan(came.lead_days[1])


def test_a_spell_from_before_all_facts_is_credited_with_nothing():
    of = spells([(ANNA, ACME, 10)])
    world = happened([deal(20, person=ANNA)], [(ANNA, 15, Said.ACCEPTED)], [(ANNA, ACME, 12, True)])
    came = came_of(replace(of, entered=np.array([ALWAYS])), world)
    assert came.missed.all()
    assert not came.worked.any()
    assert (came.accepted == NOT_YET).all()


def test_without_spells_all_deals_are_missed_and_without_facts_nothing_comes_of_spells():
    assert came_of(spells([]), happened([deal(20)], [(ANNA, 15, Said.ACCEPTED)], [(ANNA, ACME, 12, True)])).missed.all()
    came = came_of(spells([(ANNA, ACME, 10)]), happened())
    assert not came.beside.any()
    assert (came.accepted == NOT_YET).all()
    assert len(came.spell) == 0


days = st.integers(0, 60)
people, accounts = st.integers(-1, 4), st.integers(-1, 2)
some_deals = st.lists(st.tuples(days, people, accounts, st.none() | days, st.none() | days, st.booleans()), max_size=12)
some_spells = st.lists(
    st.tuples(st.integers(0, 4), accounts, days, st.integers(0, 1)), max_size=20, unique_by=lambda row: (row[0], row[2], row[3])
)
verdicts = st.sampled_from([Said.ACCEPTED, Said.REJECTED, Said.SQL, Said.WON])
some_said = st.lists(st.tuples(st.integers(0, 4), days, verdicts), max_size=12)
some_touches = st.lists(st.tuples(people, accounts, days, st.booleans()), max_size=12)
SHORT = Windows(credit=20 * DAY, attention=5 * DAY, lull=4 * DAY)


def world_of(rows: list[Any], said: list[Any], touched: list[Any]) -> Happened:
    said = [(*row, "why") for row in said]
    made = [
        deal(created, person=person, account=account, talked=talked, closed=closed, won=won and closed is not None, name=f"d{at}")
        for at, (created, person, account, talked, closed, won) in enumerate(rows)
    ]
    return happened(made, said, touched)


def plainly(of: Spells, world: Happened, until: int) -> list[int]:
    """Read the rule for deals a second time: one deal and one spell after the other."""
    settled = matching.settle(world, until, SHORT).deals
    ended = np.maximum(settled.closed, settled.created)
    n = range(len(of.entered))

    def shares(spell: int, at: int) -> bool:
        return of.person[spell] == settled.person[at] != NONE or of.account[spell] == settled.account[at] != NONE

    def is_beside(spell: int) -> bool:
        return any(shares(spell, at) and settled.conversation[at] <= of.entered[spell] < ended[at] for at in range(len(settled)))

    found: list[int] = []
    for at in range(len(settled)):
        fit = [s for s in n if of.entered[s] < settled.conversation[at] and not is_beside(s)]
        own = [s for s in fit if of.person[s] == settled.person[at] != NONE]
        shared = [s for s in fit if of.account[s] == settled.account[at] != NONE]
        best = [max(those, key=lambda s: (of.entered[s], -of.person[s], -of.track[s]), default=NONE) for those in (own, shared)]
        recent = [s for s in best if s != NONE and settled.created[at] - of.entered[s] <= SHORT.credit]
        found.append(recent[0] if recent else NONE)
    return found


@settings(max_examples=200, deadline=None)
@given(some_spells, some_deals, some_touches, days)
def test_deals_are_credited_as_the_rule_says_read_plainly(of, rows, touched, until):
    world = world_of(rows, [], touched)
    assert came_of(spells(of), world, instant(until), SHORT).spell.tolist() == plainly(spells(of), world, instant(until))


@settings(max_examples=100, deadline=None)
@given(some_spells, some_deals, some_said, some_touches, st.randoms(use_true_random=False))
def test_the_order_of_rows_makes_no_difference(of, rows, said, touched, dice):
    world, order = world_of(rows, said, touched), list(range(len(of)))
    dice.shuffle(order)
    shuffled_deals = list(range(len(rows)))
    dice.shuffle(shuffled_deals)
    shuffled_touches = touched.copy()
    dice.shuffle(shuffled_touches)
    other = replace(world, deals=world.deals.where(np.array(shuffled_deals, np.int64)), touches=touches(shuffled_touches))
    one = came_of(spells(of), world, windows=SHORT)
    two = came_of(spells([of[at] for at in order]), other, windows=SHORT)
    for name in ("beside", "worked", "accepted", "sql", "opportunity", "won", "rejected", "reason", "deals", "revenue", "lead_days"):
        assert np.array_equal(getattr(one, name)[order], getattr(two, name), equal_nan=name == "lead_days"), name
    for name in ("spell", "apart"):
        named = [order[at] if at != NONE else NONE for at in getattr(two, name)]
        assert getattr(one, name).tolist() == named, name


@settings(max_examples=100, deadline=None)
@given(some_spells, some_deals, some_said, some_touches, days)
def test_every_outcome_is_credited_once_at_most_and_to_somebody_it_belongs_to(of, rows, said, touched, until):
    world, at = world_of(rows, said, touched), instant(until)
    settled = matching.settle(world, at, SHORT)
    made = spells(of)
    came = matching.credit(made, settled)
    caught = came.spell[came.caught]
    assert came.deals.sum() == len(caught) <= len(settled.deals)
    assert not came.beside[caught].any()
    assert came.beside[came.apart[came.apart != NONE]].all()
    assert (made.entered[caught] < settled.deals.conversation[came.caught]).all()
    assert came.revenue.sum() == settled.deals.amount[came.caught & settled.deals.won].sum()
    for earlier, later in pairwise(Stage):
        assert (came.reached(earlier) <= came.reached(later)).all()
    assert (came.accepted >= made.entered).all()
    assert came.worked[(came.accepted != NOT_YET) | (came.rejected != NOT_YET)].all()
    assert ((came.won == NOT_YET) | (came.won <= at)).all()
    assert ((came.rejected == NOT_YET) == (came.reason == NONE)).all()

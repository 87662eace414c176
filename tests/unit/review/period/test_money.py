"""MQL-sourced revenue counted by hand."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.unit.review.period.made import deal, entered, label, material, outcomes

from leadline.outcomes.model import Said
from leadline.review.period import money

ROWS = [(1, 1, 20, 99), (2, 2, 60, 300), (3, 3, 100, 300)]
DEALS = [
    deal(40, person=1, account=1, closed=95, won=True, amount=500.0),  # won in the period, credited to the first
    deal(70, person=2, account=2, closed=80, won=True, amount=200.0),  # won before
    deal(10, person=9, account=9, closed=119.5, won=True, amount=40.0),  # nobody's
    deal(99, person=3, account=3, closed=110, won=True, amount=7.0),  # sales was there before the third
    deal(30, person=1, account=1, closed=50, amount=900.0),  # lost
]


def made(deals=DEALS, rows=ROWS, **labels):
    happened = outcomes(deals, [(1, 21, Said.SQL), (2, 61, Said.REJECTED, "no")])
    return material(entered(rows, happened, **labels), happened)


def test_revenue_is_that_of_deals_won_in_the_period_and_credited():
    found = money.money(made())
    assert (found.deals, found.all_deals, found.beside) == (1, 3, 1)
    assert (found.revenue.value, found.revenue_before.value, found.all_revenue.value) == (500, 200, 547)
    assert (found.year_revenue.value, found.deal_size.value, found.other_deal_size.value) == (700, 350, 23.5)
    assert [figure.value for _, figure in found.months] == [0, 200, 500]


def test_money_by_an_attribute_adds_up_whatever_is_unknown():
    source = label("person.source", [0, 1, -1], "search", "fair")
    by = {one.by: one for one in money.money(made(source=source)).by}
    rows = {row.label: row for row in by["person.source"].rows}
    assert [(name, row.deals, row.year_deals, row.year_entries) for name, row in rows.items()] == [
        ("search", 1, 1, 1), ("fair", 0, 1, 1), ("unknown", 0, 0, 1)]  # fmt: skip
    assert sum(row.year_revenue.value for row in rows.values()) == 700
    assert (rows["search"].sql.value, rows["fair"].sql.value, rows["unknown"].sql.n) == (1, 1, 0)
    assert (rows["search"].entry_revenue.value, rows["search"].deal_size.value) == (500, 500)


def test_it_is_told_by_track_and_definition_too_and_by_nothing_the_facts_lack():
    by = [one.by for one in money.money(made()).by]
    assert by == ["track", "definition"]


def test_rare_values_are_taken_together():
    rows = [(person, person, 30, 40) for person in range(1, 31)]
    rows += [(person, person, 50, 60) for person in range(1, 3)]
    codes = [person - 1 for person in range(1, 31) for _ in range(2 if person < 3 else 1)]
    campaign = label("person.campaign", codes, *(f"c{at}" for at in range(30)))
    found = next(one for one in money.money(made(rows=rows, campaign=campaign)).by if one.by == "person.campaign")
    assert (len(found.rows), found.rows[-1].label) == (money.MOST_ROWS + 1, "other")
    assert sum(row.year_entries for row in found.rows) == 32


def test_money_in_another_currency_counts_as_won_without_money():
    deals = [replace_currency(one) if one["person"] == 2 else one for one in DEALS]
    found = money.money(made(deals))
    assert (found.revenue_before.value, found.revenue_before.n, found.year_revenue.value) == (0, 0, 500)


def replace_currency(one):
    return {**one, "currency": "SEK"}


def test_intervals_hold_the_figure_and_are_the_same_twice():
    deals = [deal(40 + at, person=at, account=at, closed=100 + at / 10, won=True, amount=100.0 + at) for at in range(1, 30)]
    rows = [(person, person, 20, 30) for person in range(1, 30)]
    one, two = (money.money(made(deals, rows)) for _ in range(2))
    assert one == two
    assert one.revenue.low < one.revenue.value < one.revenue.high
    assert one.deal_size.low < one.deal_size.value < one.deal_size.high
    assert one.revenue.value == pytest.approx(sum(100 + at for at in range(1, 30)))
    assert replace(one, by=()) == replace(two, by=())

"""What deals tell of an account at each instant."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from leadline.facts.deals import Deal, standings

INSTANTS = st.integers(0, 12)
DEALS = st.lists(st.builds(Deal, INSTANTS, st.none() | INSTANTS, st.none() | INSTANTS), max_size=8)


def by_hand(deals: list[Deal], instant: int) -> tuple[int | None, int | None]:
    won = [deal.won for deal in deals if deal.won is not None and deal.won <= instant]
    running = [deal.created for deal in deals if deal.created <= instant and (deal.ended is None or deal.ended > instant)]
    return min(won, default=None), min(running, default=None)


@given(DEALS)
def test_the_standing_in_force_is_what_the_deals_say_at_every_instant(deals):
    found = list(standings(deals))
    for instant in range(-1, 14):
        latest = max((one for one in found if one.since <= instant), key=lambda one: one.since, default=None)
        assert ((latest.customer_since, latest.open_since) if latest else (None, None)) == by_hand(deals, instant)


@given(DEALS)
def test_a_standing_is_told_only_when_it_changes_and_each_instant_once(deals):
    found = [(one.customer_since, one.open_since) for one in standings(deals)]
    assert all(before != after for before, after in zip([(None, None), *found], found, strict=False))
    since = [one.since for one in standings(deals)]
    assert since == sorted(set(since))

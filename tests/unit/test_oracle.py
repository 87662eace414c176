"""The oracle against sums done by hand, one element of the language at a time, to the microsecond."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from tests.oracle import conditions, files, interpreter, strategies
from tests.oracle.facts import Facts
from tests.oracle.values import Env, Instant

from leadline import documents
from leadline.definition import model

DAY = 86_400_000_000
HOUR = DAY // 24
NOW = Instant.read("2026-03-31T12:00:00").micros  # a Tuesday
ONE = 1_000_000


def at(text: str) -> int:
    return Instant.read(text).micros


def act(occurred: int, kind: str = "view", who: str | None = "p", **rest: Any) -> dict[str, Any]:
    own = {key: rest.pop(key) for key in ("received_at", "side", "machine", "account_id", "activity_id") if key in rest}
    row = {"activity_id": f"{kind}-{who}-{occurred}-{rest}", "occurred_at": occurred, "type": kind, "person_id": who, "properties": rest}
    return row | own


def definition(criterion: dict[str, Any] | None = None, *, group: dict[str, Any] | None = None, **rest: Any) -> dict[str, Any]:
    criteria = {"it": criterion or {"points": 10, "when": "person.never_there is not null"}}
    groups = {"fit": {"criteria": criteria, **(group or {})}}
    return {"signals": {"view": "view", "ask": "ask"}, "groups": groups, "tracks": {"mql": {"when": "score >= 10"}}, **rest}


def points(
    criterion: dict[str, Any], *activities: dict[str, Any], when: int = NOW, person: dict[str, Any] | None = None, **rest: Any
) -> float:
    facts = Facts([{"person_id": "p", **(person or {})}], rest.pop("accounts", ()), activities, rest.pop("deals", ()))
    (row,) = interpreter.score(definition(criterion, **rest), facts, when)
    assert row.criteria["it"] == row.score or "group" in rest
    return row.score / ONE


SIGNAL = {"signal": "view", "points": 10}


# --- conditions ------------------------------------------------------------------------------------------------------

VALUES = {
    "yes": True, "no": False, "none": None, "one": 1.0, "two": 2.0, "word": "Pricing", "person.tier": "silver", "other": "platinum",
    "t": Instant(NOW - 7 * DAY),
}  # fmt: skip
ORDERS = {"person.tier": ("bronze", "silver", "gold"), "other": ("bronze", "silver", "gold")}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("yes", True), ("none", None), ("not none", None), ("none and no", False), ("none and yes", None), ("none or yes", True),
        ("none or no", None), ("none is null", True), ("none is not null", False), ("not none is null", False),
        ("yes or yes and no", True), ("(yes or yes) and no", False), ("not no or yes", True), ("not (no or yes)", False),
        ("not one = 2", True), ("not no and no", False),
        ("not yes or yes", True),
        ("one + two * 3 = 7", True), ("(one + two) * 3 = 9", True), ("two - one - one = 0", True), ("8 / two / two = 2", True),
        ("two / 0 = 0", None), ("two / 0 is null", True), ("-one + two = 1", True), ("- (one + two) = -3", True),
        ("2 * -one = -2", True), ("0.1 + 0.2 = 0.3", False), ("one / 3 * 3 = 1", True), ("one <> 2", True), ("one != 1", False),
        ("none <> 2", None),
        ("one in (2, 1)", True), ("one not in (2, 3)", True), ("none in (1)", None), ("none not in (1)", None), ("not one in (1)", False),
        ("two between 1 and 2 and yes", True), ("two between 3 and 1", False), ("two not between 3 and 4", True),
        ("none between 1 and 2", None),
        ("two between 3 and none", False), ("one between none and 2", None),
        ("word like 'Pri%'", True), ("word like 'pri%'", False), ("word ilike 'pri%'", True), ("word like '_ricing'", True),
        ("word like 'ricing'", False), ("word not like 'P'", True), ("none like '%'", None), ("word like 'P.*'", False),
        ("word < 'a'", True), ("lower(word) = 'pricing'", True), ("upper(word) = 'PRICING'", True), ("length(word) = 7", True),
        ("coalesce(none, one) = 1", True), ("coalesce(none, none) is null", True), ("length(none) = 0", None), ("'it''s' = word", False),
        ("person.tier >= 'silver'", True), ("person.tier < 'gold'", True), ("person.tier < 'bronze'", False), ("other >= 'bronze'", None),
        ("'gold' > person.tier", True), ("person.tier in ('gold', 'silver')", True), ("person.tier between 'bronze' and 'silver'", True),
        ("coalesce(other, 'gold') > person.tier", True), ("coalesce(person.tier, 'gold') < 'gold'", True), ("other is null", True),
        ("other not in ('gold')", None),
        ("t < '2026-03-25'", True), ("t = '2026-03-24T12:00:00Z'", True), ("t = '2026-03-24 14:00:00+02:00'", True),
        ("t > '2026-03-24T12:00:00.000001'", False), ("days_since(t) >= 7", True), ("days_since(t) > 7", False),
        ("7 <= days_since(t)", True),
        ("days_since(none) < 7", None), ("yes = true", True), ("yes <> true", False), ("unheard_of = 1", None),
        ("yes Or NOT no", True), ('yes AND "yes"', True), ('person."tier" = \'silver\'', True),
    ],
)  # fmt: skip
def test_a_condition_is_worth_what_logic_says(text: str, expected: bool | None) -> None:
    assert conditions.parse(text).value(Env(VALUES, NOW, ORDERS)) is expected


@pytest.mark.parametrize("text", ["", "a b", "a =", "(a", "a in ()", "a in 1", "a not 1", "a # b", "days_since(1)", "a between 1"])
def test_what_is_not_of_the_language_is_refused(text: str) -> None:
    with pytest.raises(SyntaxError):
        conditions.parse(text)


@given(strategies.condition_cases())
@settings(max_examples=200, deadline=None)
def test_a_condition_written_and_read_again_means_the_same(case: strategies.ConditionCase) -> None:
    again = conditions.parse(case.text)
    assert [again.value(env) for env in case.envs] == [case.tree.value(env) for env in case.envs]


@pytest.mark.parametrize("text", [
    "(a + b) * c > -(a - (b - c))", "a - b - c = a / (b / c)", "-(-a) < b * -c", "(x or y) and not (x and z)", "not not x",
    "not (x or y) or z",
    "not a = b and (a between -1 and b + 1 or not x)", "a not in (1, 2) and 'it''s' not like '%''_'",
])  # fmt: skip
def test_brackets_are_written_only_where_they_matter(text: str) -> None:
    assert conditions.parse(text).text() == text


def test_days_since_is_exact_to_the_microsecond() -> None:
    tree = conditions.parse("days_since(t) < 0.5")
    assert tree.value(Env({"t": Instant(NOW - DAY // 2)}, NOW)) is False
    assert tree.value(Env({"t": Instant(NOW - DAY // 2 + 1)}, NOW)) is True


# --- attributes ------------------------------------------------------------------------------------------------------


def test_a_condition_gives_its_points_only_if_true() -> None:
    criterion = {"points": -2.5, "when": "person.age > 18"}
    assert points(criterion, person={"age": 19}) == -2.5
    assert points(criterion, person={"age": 18}) == points(criterion, person={"age": None}) == points(criterion) == 0


def test_tiers_give_the_points_of_the_highest_bound_reached() -> None:
    criterion = {"value": "person.age + 0", "tiers": {11: 5, -3: 1, 101: 10}}
    assert [points(criterion, person={"age": age}) for age in (-4, -3, 10.9, 11, 101, None)] == [0, 1, 1, 5, 10, 0]


def test_tiers_of_an_ordered_attribute_count_ranks_from_zero() -> None:
    criterion = {"value": "person.seniority", "tiers": {0: 1, 4: 8}}
    assert [points(criterion, person={"seniority": rank}) for rank in ("intern", "manager", "director", "king")] == [1, 1, 8, 0]


def test_an_attribute_holds_from_its_own_instant_until_the_next_and_is_unknown_before() -> None:
    rows = [{"person_id": "p", "valid_from": NOW, "age": 1}, {"person_id": "p", "valid_from": NOW + 5, "age": 2}]
    rule = definition({"value": "person.age", "tiers": {1: 1, 2: 2}})
    scores = [interpreter.score(rule, Facts(rows), NOW + later)[0].score / ONE for later in (-1, 0, 4, 5)]
    assert scores == [0, 1, 1, 2]


def test_a_person_exists_from_the_earliest_created_at_or_always_if_unknown() -> None:
    rows = [{"person_id": "p", "valid_from": 0, "created_at": None}, {"person_id": "p", "valid_from": 1, "created_at": NOW}]
    rows += [{"person_id": "p", "valid_from": 2, "created_at": NOW + 9}, {"person_id": "q", "created_at": None}]
    assert [r.person_id for r in interpreter.score(definition(), Facts(rows), NOW - 1)] == ["q"]
    assert [r.person_id for r in interpreter.score(definition(), Facts(rows), NOW)] == ["p", "q"]


def test_only_keeps_those_for_whom_it_is_true() -> None:
    rows = [{"person_id": "p", "country": "AT"}, {"person_id": "q", "country": None}, {"person_id": "r", "country": "DE"}]
    assert [r.person_id for r in interpreter.score(definition(only="person.country <> 'DE'"), Facts(rows), NOW)] == ["p"]


def test_without_people_those_who_did_something_are_scored() -> None:
    facts = Facts(None, (), [act(NOW, who="b"), act(NOW, who="a"), act(NOW, who=None, account_id="x"), act(NOW + 1, who="a")])
    assert [(r.person_id, r.score) for r in interpreter.score(definition(SIGNAL), facts, NOW)] == [("a", 10 * ONE), ("b", 10 * ONE)]


@pytest.mark.parametrize(
    ("deal", "customer", "under_way"),
    [
        ({"outcome": "won", "created_at": 0, "closed_at": NOW}, True, False),
        ({"outcome": "won", "created_at": 0, "closed_at": NOW + 1}, False, True),
        ({"outcome": "won", "created_at": NOW, "closed_at": None}, True, False),
        ({"outcome": "won", "created_at": NOW + 1, "closed_at": None}, False, False),
        ({"outcome": "open", "created_at": NOW, "closed_at": None}, False, True),
        ({"outcome": "open", "created_at": NOW + 1, "closed_at": None}, False, False),
        ({"outcome": "lost", "created_at": 0, "closed_at": NOW}, False, False),
        ({"outcome": "lost", "created_at": 0, "closed_at": NOW + 1}, False, True),
        ({"outcome": "lost", "created_at": 0, "closed_at": None}, False, False),
    ],
)
def test_an_account_is_a_customer_or_has_an_open_deal_as_its_deals_say(deal: dict[str, Any], customer: bool, under_way: bool) -> None:
    row = {"person_id": "p", "account_id": "x"}
    facts = Facts([row], [{"account_id": "x"}], (), [{"deal_id": "d", "account_id": "x", **deal}])
    seen = dict(facts.account_values("x", NOW))
    assert (seen["account.is_customer"], seen["account.has_open_deal"]) == (customer, under_way)
    assert (seen["account.customer_since"] is not None, seen["account.open_deal_since"] is not None) == (customer, under_way)
    own = Facts([row], [{"account_id": "x", "is_customer": None}], (), [{"deal_id": "d", "account_id": "x", **deal}])
    assert dict(own.account_values("x", NOW))["account.is_customer"] is None


def test_a_deal_of_a_person_belongs_to_the_account_the_person_was_at_when_it_was_created() -> None:
    rows = [{"person_id": "p", "valid_from": 0, "account_id": "x"}, {"person_id": "p", "valid_from": NOW - 5, "account_id": "y"}]
    deal = {"deal_id": "d", "person_id": "p", "outcome": "won", "created_at": NOW - 6, "closed_at": NOW - 1}
    facts = Facts(rows, [{"account_id": "x"}, {"account_id": "y"}], (), [deal])
    assert dict(facts.account_values("x", NOW))["account.customer_since"] == Instant(NOW - 1)
    assert dict(facts.account_values("y", NOW))["account.is_customer"] is False


# --- signals ---------------------------------------------------------------------------------------------------------


def test_each_activity_of_a_signal_counts() -> None:
    assert points(SIGNAL, act(NOW), act(NOW - DAY), act(NOW + 1), act(NOW, "ask"), act(NOW, who="q")) == 20


def test_a_window_is_open_at_its_far_end_and_closed_at_its_near_one() -> None:
    criterion = {**SIGNAL, "within": "7d"}
    assert [points(criterion, act(NOW - 7 * DAY + nudge)) for nudge in (-1, 0, 1)] == [0, 0, 10]
    assert [points(criterion, act(NOW + nudge)) for nudge in (-1, 0, 1)] == [10, 10, 0]


def test_what_waits_counts_once_the_wait_is_over() -> None:
    criterion = {**SIGNAL, "wait": "6d", "within": "7d"}
    ages = (6 * DAY - 1, 6 * DAY, 7 * DAY - 1, 7 * DAY)
    assert [points(criterion, act(NOW - age)) for age in ages] == [0, 10, 10, 0]


def test_an_activity_is_known_when_received_but_ages_from_when_it_occurred() -> None:
    criterion = {**SIGNAL, "within": "1d"}
    late = act(NOW - DAY + 1, received_at=NOW)
    assert [points(criterion, late, when=NOW + later) for later in (-1, 0, 1)] == [0, 10, 0]
    assert points(criterion, act(NOW, received_at=NOW - 5)) == 10


def test_of_one_activity_id_the_first_received_stands() -> None:
    criterion = {**SIGNAL, "sum": "n"}
    again = act(NOW - 9, n=7, activity_id="x", received_at=NOW)
    assert points(criterion, again, act(NOW - 5, n=3, activity_id="x")) == 30
    assert points(criterion, act(NOW - 5, n=3, activity_id="x"), again) == 30


def test_points_are_held_to_max_on_either_side() -> None:
    two = act(NOW), act(NOW - 1)
    assert points({**SIGNAL, "max": 15}, *two) == 15
    assert points({**SIGNAL, "points": -10, "max": 15}, *two) == -15
    assert points({**SIGNAL, "max": 25}, *two) == 20


def test_a_sum_adds_a_property_and_what_is_no_number_adds_nothing() -> None:
    given = act(NOW, n=2.5), act(NOW - 1, n=None), act(NOW - 2), act(NOW - 3, n=float("inf")), act(NOW - 4, n=-1)
    assert points({**SIGNAL, "sum": "n"}, *given) == 15


def test_tenths_add_up() -> None:
    assert points({"signal": "view", "points": 0.1, "sum": "n"}, *(act(NOW - age, n=0.1) for age in range(10))) == 0.1


@pytest.mark.parametrize(("bounds", "expected"), [
    ({"at_least": 2}, [0, 0, 10, 10]), ({"at_most": 1}, [10, 10, 0, 0]), ({"at_least": 1, "at_most": 2}, [0, 10, 10, 0]),
])  # fmt: skip
def test_bounds_give_the_points_once(bounds: dict[str, float], expected: list[float]) -> None:
    assert [points({**SIGNAL, **bounds}, *(act(NOW - age) for age in range(count))) for count in range(4)] == expected


def test_half_life_halves() -> None:
    criterion = {**SIGNAL, "half_life": "7d"}
    assert [points(criterion, act(NOW - weeks * 7 * DAY)) for weeks in (0, 1, 2)] == [10, 5, 2.5]
    assert points(criterion, act(NOW - 7 * DAY // 2)) == 7.07107  # 0.5^0.5 = 0.70710678… → 0.707107
    assert points(criterion, act(NOW - 7 * 7 * DAY)) == 0.07813  # 2^-7 = 0.0078125, a tie → 0.007813


def test_fading_reaches_zero_and_stays_there() -> None:
    criterion = {**SIGNAL, "fades_over": "10d"}
    assert [points(criterion, act(NOW - days * DAY)) for days in (0, 1, 9, 10, 11)] == [10, 9, 1, 0, 0]
    assert points({**criterion, "at_least": 0.9}, act(NOW - DAY)) == 10
    assert points({**criterion, "at_least": 0.9}, act(NOW - DAY - 864_000)) == 0  # 0.899999
    assert points({**criterion, "at_least": 0.9}, act(NOW - DAY - 400_000)) == 10  # rounds to 0.9


@pytest.mark.parametrize(("per", "edge"), [
    ("hour", "2026-03-31T11:00"), ("day", "2026-03-31"), ("week", "2026-03-30"), ("month", "2026-03-01"), ("week", "2025-12-29"),
])  # fmt: skip
def test_once_per_bucket_counts_one_on_each_side_of_its_edge(per: str, edge: str) -> None:
    criterion = {**SIGNAL, "once_per": per}
    assert points(criterion, act(at(edge)), act(at(edge) - 1)) == 20
    assert points(criterion, act(at(edge)), act(at(edge) + HOUR - 1)) == 10


def test_a_week_does_not_end_with_the_year() -> None:
    assert points({**SIGNAL, "once_per": "week"}, act(at("2025-12-31")), act(at("2026-01-01"))) == 10


def test_once_per_keeps_the_earliest_and_at_one_instant_the_larger() -> None:
    criterion = {**SIGNAL, "once_per": "day", "sum": "n"}
    assert points(criterion, act(NOW - 5, n=1), act(NOW, n=9)) == 10
    assert points(criterion, act(NOW, n=1), act(NOW, n=9), act(NOW, n=None)) == 90
    assert points(criterion, act(NOW, n=-1), act(NOW, n=None)) == 0


def test_once_per_chooses_before_age_is_looked_at() -> None:
    criterion = {**SIGNAL, "once_per": "day", "within": "3h"}
    assert points(criterion, act(NOW - 4 * HOUR), act(NOW)) == 0
    late = act(NOW - 4 * HOUR, received_at=NOW + 1)
    assert [points(criterion, late, act(NOW), when=NOW + later) for later in (0, 1)] == [10, 0]


def test_cooldown_looks_back_to_what_was_kept_only() -> None:
    criterion = {**SIGNAL, "cooldown": "1d"}
    assert points(criterion, act(NOW - DAY), act(NOW)) == 20
    assert points(criterion, act(NOW - DAY + 1), act(NOW)) == 10
    assert points(criterion, act(NOW - DAY), act(NOW - 5), act(NOW)) == 20
    assert points({**criterion, "sum": "n"}, act(NOW, n=1), act(NOW, n=4)) == 40


def test_once_per_comes_before_cooldown() -> None:
    kept = act(at("2026-03-30T20:00")), act(at("2026-03-31T02:00")), act(at("2026-03-31T09:00"))
    assert points({**SIGNAL, "once_per": "day", "cooldown": "12h"}, *kept) == 10
    assert points({**SIGNAL, "cooldown": "12h"}, *kept) == 20


def test_machines_count_only_where_a_signal_says_so() -> None:
    signals = {"view": "view", "all": {"activity": "view", "machines": True}}
    given = act(NOW, machine=True), act(NOW - 1, machine=False), act(NOW - 2, machine=None)
    assert points(SIGNAL, *given, signals=signals) == 20
    assert points({**SIGNAL, "signal": "all"}, *given, signals=signals) == 30
    assert points({**SIGNAL, "signal": "any_kind"}, *given, signals={**signals, "any_kind": {"any_of": ["view", "all"]}}) == 30


def test_a_signal_may_name_several_types_and_a_condition() -> None:
    signals = {"view": {"activity": ["view", "ask"], "where": "n > 1 or m is null"}}
    assert points(SIGNAL, act(NOW, n=2, m=1), act(NOW, "ask", m=None), act(NOW, n=1, m=1), act(NOW, "other"), signals=signals) == 20
    assert points(SIGNAL, act(NOW, n=2), act(NOW, n=1), signals={"view": "view  Where n = 2"}) == 10


def test_an_activity_counts_once_though_several_members_match() -> None:
    signals = {"a": "view", "b": {"activity": "view"}, "c": {"any_of": ["a", "b"]}, "d": {"any_of": ["c", "a"]}}
    assert points({**SIGNAL, "signal": "d"}, act(NOW), act(NOW - 1), signals=signals) == 20


def test_a_visit_begins_after_half_an_hour_without_a_page_view() -> None:
    views = [act(NOW - HOUR, "page_view"), act(NOW - HOUR // 2, "page_view"), act(NOW - 1, "page_view"), act(NOW - 2, "page_view", who="q")]
    assert points(SIGNAL, *views, signals={"view": "visit"}) == 20
    assert points(SIGNAL, *views[:1], act(NOW - HOUR // 2 - 1, "page_view"), signals={"view": "visit"}) == 10
    assert points(SIGNAL, act(NOW - 9, "page_view", machine=True), act(NOW, "page_view"), signals={"view": "visit"}) == 10


# --- accounts --------------------------------------------------------------------------------------------------------

MOVED = [
    {"person_id": "p", "valid_from": 0, "account_id": "x"}, {"person_id": "p", "valid_from": NOW - DAY, "account_id": "y"},
    {"person_id": "q", "account_id": "x"}, {"person_id": "r"},
]  # fmt: skip


@pytest.mark.parametrize(("where", "signals"), [
    ({"of": "account"}, {"view": "view"}),
    ({}, {"view": {"activity": "view", "of": "account"}}),
    ({}, {"one": "view", "view": {"any_of": ["one"], "of": "account"}}),
    ({"of": "account"}, {"view": {"activity": "view", "of": "person"}}),
])  # fmt: skip
def test_an_activity_belongs_for_good_to_the_account_its_person_was_at(where: dict[str, Any], signals: dict[str, Any]) -> None:
    given = [
        act(NOW - DAY - 1), act(NOW - DAY), act(NOW - 3, who="q"), act(NOW - 3, who=None, account_id="y"),
        act(NOW - 3, who="r"), act(NOW - 4, who="r", account_id="x"), act(NOW - 4, who="stranger", account_id="x"),
    ]  # fmt: skip
    rows = interpreter.score(definition({**SIGNAL, **where}, signals=signals), Facts(MOVED, (), given), NOW)
    assert [(r.person_id, r.account_id, r.score // ONE) for r in rows] == [("p", "y", 20), ("q", "x", 40), ("r", None, 0)]


def test_an_activity_received_late_belongs_to_the_account_of_when_it_occurred() -> None:
    late = act(NOW - DAY - 1, received_at=NOW)
    rows = interpreter.score(definition({**SIGNAL, "of": "account"}), Facts(MOVED, (), [late]), NOW)
    assert [(r.account_id, r.score // ONE) for r in rows] == [("y", 0), ("x", 10), (None, 0)]


def test_of_person_on_a_criterion_overrides_its_signal() -> None:
    signals = {"view": {"activity": "view", "of": "account"}}
    given = [act(NOW, who="q"), act(NOW - 2 * DAY)]
    rows = interpreter.score(definition({**SIGNAL, "of": "person"}, signals=signals), Facts(MOVED, (), given), NOW)
    assert [r.score // ONE for r in rows] == [10, 10, 0]


def test_together_may_mix_signals_of_person_and_account() -> None:
    signals = {"mine": "view", "ours": {"activity": "ask", "of": "account"}}
    criterion = {"together": {"mine": 1, "ours": 1}, "points": 10}
    rows = interpreter.score(
        definition(criterion, signals=signals), Facts(MOVED, (), [act(NOW), act(NOW, "ask", who=None, account_id="y")]), NOW
    )
    assert [r.score // ONE for r in rows] == [10, 0, 0]


# --- patterns --------------------------------------------------------------------------------------------------------


def test_together_needs_its_counts_in_one_closed_span() -> None:
    criterion = {"together": {"view": 2, "ask": 1}, "span": "3d", "points": 10}
    assert points(criterion, act(NOW - 3 * DAY), act(NOW - DAY, "ask"), act(NOW)) == 10
    assert points(criterion, act(NOW - 3 * DAY - 1), act(NOW - DAY, "ask"), act(NOW)) == 0
    assert points(criterion, act(NOW - DAY, "ask"), act(NOW)) == 0


def test_only_the_last_of_those_together_must_be_within() -> None:
    criterion = {"together": {"view": 1, "ask": 1}, "span": "3d", "within": "5d", "points": 10}
    assert points(criterion, act(NOW - 7 * DAY), act(NOW - 5 * DAY + 1, "ask")) == 10
    assert points(criterion, act(NOW - 7 * DAY), act(NOW - 5 * DAY, "ask")) == 0


def test_an_extra_activity_may_end_the_window_of_those_together() -> None:
    criterion = {"together": {"view": 1, "ask": 1}, "span": "3d", "within": "1d", "points": 10}
    assert points(criterion, act(NOW - 3 * DAY), act(NOW - 2 * DAY, "ask"), act(NOW)) == 10
    assert points(criterion, act(NOW - 3 * DAY, "ask"), act(NOW - 2 * DAY), act(NOW + 1)) == 0


def test_one_activity_may_serve_several_signals_together() -> None:
    signals = {"a": "view", "b": {"any_of": ["a"]}}
    assert points({"together": {"a": 1, "b": 1}, "span": "1s", "points": 10}, act(NOW), signals=signals) == 10
    assert points({"together": {"a": 1, "b": 2}, "span": "1s", "points": 10}, act(NOW), signals=signals) == 0


def test_in_order_takes_ties_but_no_step_back() -> None:
    criterion = {"in_order": ["view", "ask"], "points": 10}
    assert [points(criterion, act(NOW - 5), act(NOW - 5 + nudge, "ask")) for nudge in (-1, 0, 1)] == [0, 10, 10]


def test_a_repeated_step_comes_strictly_later() -> None:
    criterion = {"in_order": ["view", "view"], "points": 10}
    assert points(criterion, act(NOW), act(NOW, n=1)) == 0
    assert points(criterion, act(NOW - 1), act(NOW)) == 10
    back = {"in_order": ["view", "ask", "view"], "points": 10}
    assert points(back, act(NOW - 1), act(NOW, "ask"), act(NOW)) == 0
    assert points(back, act(NOW - 1), act(NOW - 1, "ask"), act(NOW)) == 10


def test_in_order_spans_from_first_to_last_and_the_last_is_within() -> None:
    criterion = {"in_order": ["view", "ask"], "span": "2d", "within": "1d", "points": 10}
    assert points(criterion, act(NOW - 3 * DAY + 1), act(NOW - DAY + 1, "ask")) == 10
    assert points(criterion, act(NOW - 3 * DAY), act(NOW - DAY + 1, "ask")) == 0
    assert points(criterion, act(NOW - 2 * DAY), act(NOW - DAY, "ask")) == 0
    assert points(criterion, act(NOW - 9 * DAY), act(NOW - 2 * DAY), act(NOW, "ask")) == 10


# --- silence ---------------------------------------------------------------------------------------------------------

QUIET = {"absent": "any", "for": "14d", "points": -2}


def test_silence_counts_from_the_later_of_last_activity_and_creation() -> None:
    created = {"created_at": NOW - 14 * DAY}
    assert points(QUIET, person=created) == -2
    assert points(QUIET, person={"created_at": NOW - 14 * DAY + 1}) == 0
    assert points(QUIET, act(NOW - 14 * DAY), person=created) == -2
    assert points(QUIET, act(NOW - 14 * DAY + 1), person=created) == 0
    assert points(QUIET, act(NOW - 90 * DAY), person={"created_at": NOW - DAY}) == 0
    assert points(QUIET, act(NOW - 90 * DAY)) == points(QUIET) == -2


def test_silence_goes_on_to_cost_every_so_often_up_to_max() -> None:
    criterion = {**QUIET, "every": "7d", "max": 7}
    days = [13.999, 14, 20.999, 21, 28, 35, 350]
    assert [points(criterion, act(NOW - round(d * DAY))) for d in days] == [0, -2, -2, -4, -6, -7, -7]
    assert points(criterion) == -2


def test_any_means_marketing_and_product_by_people() -> None:
    created = {"created_at": 0}
    sides = (None, "marketing", "product", "sales", "third_party")
    assert [points(QUIET, act(NOW, side=side), person=created) for side in sides] == [0, 0, 0, -2, -2]
    assert points(QUIET, act(NOW, machine=True), person=created) == -2
    assert points(QUIET, act(NOW, received_at=NOW + 1), person=created) == -2


def test_absence_of_a_signal_looks_only_at_that_signal() -> None:
    criterion = {**QUIET, "absent": "ask"}
    assert points(criterion, act(NOW), person={"created_at": 0}) == -2
    assert points(criterion, act(NOW, "ask"), person={"created_at": 0}) == 0


def test_absence_of_the_account_hears_colleagues() -> None:
    facts = Facts([{"person_id": "p", "account_id": "x", "created_at": 0}, {"person_id": "q", "account_id": "x"}], (), [act(NOW, who="q")])
    scores = [interpreter.score(definition({**QUIET, **of}), facts, NOW)[0].score // ONE for of in ({}, {"of": "account"})]
    assert scores == [-2, 0]


# --- groups, bands, rules --------------------------------------------------------------------------------------------


def test_a_group_is_scaled_then_held() -> None:
    held = {"scale": {"by": 0.5, "absent": "ask", "for": "1d"}, "cap": 12, "floor": -3}
    rows = [points({**SIGNAL, "points": each}, act(NOW), act(NOW - 1), group=held) for each in (10, 13, -10)]
    assert rows == [10, 12, -3]
    assert points(SIGNAL, act(NOW), act(NOW - DAY + 1, "ask"), group=held) == 10


def test_a_scaled_sum_is_rounded_away_from_zero() -> None:
    held = {"scale": {"by": 0.5, "absent": "ask", "for": "1d"}}
    assert points({"points": 0.000001, "when": "person.x is null"}, group=held) == 0.000001
    assert points({"points": -0.000001, "when": "person.x is null"}, group=held) == -0.000001


def test_a_group_out_of_the_score_is_still_seen_by_rules() -> None:
    rule = definition(
        SIGNAL, group={"in_score": False}, tracks={"a": {"when": "fit = 10 and score = 0 and it = 10"}, "b": {"when": "score > 0"}}
    )
    (row,) = interpreter.score(rule, Facts([{"person_id": "p"}], (), [act(NOW)]), NOW)
    assert (row.score, row.groups, row.tracks) == (0, {"fit": 10 * ONE}, ("a",))


@pytest.mark.parametrize(
    ("each", "band", "grade"), [(90, "hot", "hot1"), (89.99, "warm", "warm1"), (30, "warm", "warm2"), (-5, "cold", "cold2")]
)
def test_a_band_is_the_first_bound_reached_else_the_last(each: float, band: str, grade: str) -> None:
    bands = {"score": {"hot": 90, "warm": 30, "cold": 0}, "fit": {1: 60, 2: 0}}
    tracks = {
        "up": {"when": "band.score >= 'warm'"},
        "top": {"when": "band.fit = '1' and grade like '%1'"},
        "low": {"when": "band.score < 'warm'"},
    }
    rule = definition({**SIGNAL, "points": each}, bands=bands, grade=["score", "fit"], tracks=tracks)
    (row,) = interpreter.score(rule, Facts([{"person_id": "p"}], (), [act(NOW)]), NOW)
    expected = [*(["up"] if band != "cold" else []), *(["top"] if each > 60 else []), *(["low"] if band == "cold" else [])]
    assert (row.bands["score"], row.grade, list(row.tracks)) == (band, grade, expected)


@pytest.mark.parametrize("key", ["disqualify", "suspend"])
def test_who_is_disqualified_or_suspended_keeps_a_score_but_no_track(key: str) -> None:
    rule = definition(SIGNAL, **{key: {"first": "person.x = 1", "second": "score >= 10", "third": "score > 0"}})
    (row,) = interpreter.score(rule, Facts([{"person_id": "p"}], (), [act(NOW)]), NOW)
    assert (row.score, row.tracks, row.disqualified or row.suspended) == (10 * ONE, (), "second")
    (row,) = interpreter.score(rule, Facts([{"person_id": "p"}]), NOW)
    assert (row.disqualified, row.suspended) == (None, None)


def test_every_track_that_holds_is_listed_in_the_order_of_the_file() -> None:
    tracks = {"z": {"when": "score >= 10", "leave": "score > 1"}, "a": {"when": "score >= 10.01"}, "b": {"when": "not score < 10"}}
    (row,) = interpreter.score(definition(SIGNAL, tracks=tracks), Facts([{"person_id": "p"}], (), [act(NOW)]), NOW)
    assert row.tracks == ("z", "b")


@pytest.mark.parametrize(("number", "micros"), [(0.0000005, 1), (-0.0000005, -1), (0.0000004989, 0), (0.000000499, 1), (0.1, 100_000)])
def test_rounding_goes_away_from_zero_with_a_guard(number: float, micros: int) -> None:
    assert interpreter.round6(interpreter.exact(number)) == micros


# --- the strategies --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(60))
def test_a_made_up_definition_is_valid_and_survives_yaml(seed: int) -> None:
    case = strategies.make_case(Random(seed))
    text = yaml.safe_dump(case.definition, allow_unicode=True, sort_keys=False)
    checked, problems = documents.check_model(documents.parse_document(text, "definition.yaml"), model.Definition)
    assert (problems, checked is not None, yaml.safe_load(text)) == ([], True, case.definition)


@pytest.mark.parametrize("seed", range(20))
def test_worlds_side_by_side_score_as_each_does_alone(seed: int) -> None:
    case = strategies.make_case(Random(seed), 5)
    for as_of in case.as_ofs:
        for row in interpreter.score(case.definition, case.facts, as_of, case.trees):
            lone = interpreter.score(case.definition, strategies.alone(case, row.person_id).facts, as_of)
            assert row in lone


def test_made_up_cases_reach_every_element() -> None:
    reached: set[str] = set()
    for seed in range(150):
        case = strategies.make_case(Random(seed))
        given = {name: element for group in case.definition["groups"].values() for name, element in group["criteria"].items()}
        for row in interpreter.score(case.definition, case.facts, case.as_ofs[0], case.trees):
            reached |= {option for name, points in row.criteria.items() if points for option in given[name]}
            reached |= {key for key in ("tracks", "disqualified", "suspended", "grade") if getattr(row, key)}
    options = {"when", "tiers", "signal", "together", "in_order", "absent", "max", "once_per", "cooldown", "wait", "within", "half_life"}
    options |= {"fades_over", "sum", "at_least", "at_most", "of", "span", "for", "every", "tracks", "disqualified", "suspended", "grade"}
    assert options <= reached


def test_a_case_can_be_cut_down_to_what_matters() -> None:
    case = strategies.make_case(Random(3), 4)

    def fails(candidate: strategies.Case) -> bool:
        return any(row["type"] == "login" for row in candidate.facts.activities)

    small = strategies.smallest(case, fails, most=2000)
    assert len(small.facts.activities) == 1
    assert (small.facts.people, small.definition, small.facts.activities[0]["properties"]) == ([], {}, {})


@pytest.mark.parametrize("seed", range(6))
def test_a_project_is_written_with_every_file_it_maps(tmp_path: Any, seed: int) -> None:
    case = strategies.make_case(Random(seed), 3)
    files.write_project(tmp_path, case.definition, case.facts, Random(seed))
    mapped = yaml.safe_load((tmp_path / "leadline.yaml").read_text("utf-8"))["facts"]
    assert set(mapped) == {"people", "accounts", "activities", "deals"}
    assert all((tmp_path / file).stat().st_size for file in mapped.values())
    assert yaml.safe_load((tmp_path / "definition.yaml").read_text("utf-8")) == case.definition

"""What may know the outcome is kept out, named with the reason, and included by who insists."""

from __future__ import annotations

import numpy as np
import pytest
from tests.unit.review.discover.small import attribute, cases, features

from leadline.review.discover import alarms
from leadline.review.discover.model import Feature, Features, Group, Kind

KINDS = [Kind.WON] * 40 + [Kind.NEVER] * 160
WON = np.array([kind is Kind.WON for kind in KINDS])
PART = np.arange(200) % 10
CASES = cases(KINDS)
NOTHING = features({"noise": (PART < 3).astype(float).tolist()})


def codes(*, made=NOTHING, attributes=(), seen_after=None, include=()) -> dict[str, str]:
    return {alarm.feature: alarm.code for alarm in alarms.excluded(CASES, made, attributes, seen_after or {}, include)}


def held(name: str, has, *, group=Group.FIT) -> Features:
    return features({name: np.asarray(has, float).tolist()}, group=group)


# --- attributes -----------------------------------------------------------------------------------------------------------------------


def test_what_carries_no_dates_is_kept_out_if_anything_is_made_of_it():
    some = [attribute("account.industry", ["x"] * 200, undated=True), attribute("person.email", ["y"] * 200, undated=True)]
    made = held("account.industry", PART < 3)
    assert codes(made=made, attributes=some) == {"account.industry": "undated"}
    assert codes(made=made, attributes=some, include=["undated"]) == {}
    assert codes(made=made, attributes=some, include=["account.industry"]) == {}


@pytest.mark.parametrize(
    "name",
    [
        "person.lead_status", "person.lifecycle_stage", "account.csm", "person.owner", "person.lead_score", "account.is_customer",
        "person.Converted",
    ],
)  # fmt: skip
def test_what_sales_sets_is_kept_out_by_its_name(name):
    assert codes(attributes=[attribute(name, ["x"] * 200, undated=True)], include=["undated"]) == {name: "set-by-sales"}
    assert codes(attributes=[attribute(name, ["x"] * 200)], include=[name]) == {}


@pytest.mark.parametrize("name", ["person.title", "account.employees", "account.funding_stage", "person.seniority", "account.revenue"])
def test_what_only_sounds_a_little_like_it_is_not(name):
    assert codes(attributes=[attribute(name, ["x"] * 200)]) == {}


def test_what_was_filled_in_after_the_outcome_is_kept_out():
    then = [None] * 200
    later = ["x" if won and part < 6 else None for won, part in zip(WON, PART, strict=True)]
    assert codes(attributes=[attribute("account.size", then, later)]) == {"account.size": "filled-afterwards"}


@pytest.mark.parametrize("share", [0, 1, 9])
def test_what_is_filled_in_for_everybody_alike_is_not(share):
    later = ["x" if part < share else None for part in PART]
    assert codes(attributes=[attribute("account.size", [None] * 200, later)]) == {}


def test_what_was_known_before_and_changed_is_not_filled_in():
    assert codes(attributes=[attribute("account.size", ["a"] * 200, ["b"] * 200)]) == {}


# --- signals --------------------------------------------------------------------------------------------------------------------------


def test_what_begins_with_the_sale_is_kept_out():
    made = held("onboarding", PART < 1, group=Group.USAGE)
    assert codes(made=made, seen_after={"onboarding": (37, 38)}) == {"onboarding": "follows-the-sale"}
    assert codes(made=made, seen_after={"onboarding": (37, 38)}, include=["onboarding"]) == {}
    assert codes(made=made, seen_after={"onboarding": (9, 9)}) == {}
    assert codes(made=made, seen_after={"onboarding": (20, 38)}) == {}


def test_what_enough_won_ones_had_before_is_told_and_not_kept_out():
    made, seen = held("login", PART < 1, group=Group.USAGE), {"login": (32, 40)}
    assert codes(made=made, seen_after=seen) == {}
    assert [caution.code for caution in alarms.cautions(CASES, made, (), seen, ())] == ["mostly-after-the-sale"]


# --- too good to be true --------------------------------------------------------------------------------------------------------------


def test_what_tells_won_ones_all_by_itself_is_kept_out():
    assert codes(made=held("secret", np.where(WON, PART < 10, PART < 1), group=Group.ENGAGEMENT)) == {"secret": "too-good"}
    assert codes(made=held("secret", np.where(WON, PART < 1, PART < 11), group=Group.ENGAGEMENT)) == {"secret": "too-good"}


def test_a_number_is_held_to_its_whole_curve():
    made = held("amount", np.where(WON, 3 + PART, PART % 3), group=Group.ENGAGEMENT)
    assert codes(made=made) == {"amount": "too-good"}


def test_what_is_good_but_possible_stays():
    assert codes(made=held("demo", np.where(WON, PART < 7, PART < 1), group=Group.ENGAGEMENT)) == {}


def test_an_attribute_that_only_won_ones_have_is_kept_out():
    made = held("account.plan", WON & (PART < 8))
    assert codes(made=made) == {"account.plan": "too-good"}
    assert codes(made=held("demo", WON & (PART < 8), group=Group.ENGAGEMENT)) == {}


def test_the_curve_is_that_of_every_pair():
    rng = np.random.default_rng(2)
    for _ in range(20):
        values = np.where(WON, rng.integers(2, 6, 200), rng.integers(0, 3, 200)).astype(np.float32)
        pairs = (values[WON][:, None] > values[~WON]).mean() + (values[WON][:, None] == values[~WON]).mean() / 2
        area = alarms._area(values, WON, float((values[WON] != 0).mean()), float((values[~WON] != 0).mean()))  # noqa: SLF001 - the curve itself
        assert area in (0.5, pytest.approx(pairs))
        assert area != 0.5 or pairs < alarms.TOO_GOOD_AUC


def test_with_few_won_nothing_is_too_good():
    few = cases([Kind.WON] * 20 + [Kind.NEVER] * 100)
    made = held("secret", [1.0] * 20 + [0.0] * 100)
    assert alarms.excluded(few, made, (), {}, ()) == ()


# --- what is left ---------------------------------------------------------------------------------------------------------------------


def test_a_source_goes_with_all_that_is_made_of_it_and_a_pair_with_either():
    sources = ("a", "b", "a + b", "c")
    made = Features(tuple(Feature(name, name, Group.USAGE, name) for name in sources), np.zeros((2, 4), np.float32))
    made = Features((*made.features[:3], Feature("a.2", "a", Group.USAGE, "a")), made.values)
    found = alarms.excluded(CASES, held("a", PART < 1), (), {"a": (40, 40)}, ())
    assert [feature.name for feature in alarms.kept(made, found, ()).features] == ["b"]
    assert [feature.name for feature in alarms.kept(made, found, ["a.2"]).features] == ["b", "a.2"]


def test_each_source_is_named_once_with_its_gravest_reason():
    found = alarms.excluded(CASES, held("person.owner", WON), [attribute("person.owner", ["x"] * 200, undated=True)], {}, ())
    assert [(alarm.feature, alarm.code) for alarm in found] == [("person.owner", "set-by-sales")]
    assert "assigned" in found[0].why


def test_what_is_included_by_will_is_told_and_so_is_a_name_that_includes_nothing():
    some = [attribute("account.industry", ["x"] * 200, undated=True)]
    made = held("account.industry", PART < 3)
    found = list(alarms.cautions(CASES, made, some, {}, ["undated", "acount.industry"]))
    assert [caution.code for caution in found] == ["included-by-will", "nothing-to-include"]
    assert "account.industry may know the outcome, and is included" in found[0].says
    assert "acount.industry" in found[1].says
    assert not list(alarms.cautions(CASES, made, some, {}, ()))

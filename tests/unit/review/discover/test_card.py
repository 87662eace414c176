"""A card finds what was planted, in few criteria and whole points, and is the same however the cases and features come in."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from tests.unit.review.discover.planted import TRUTH, World, score, world

from leadline.review.discover import card, logit, path, pruning, rounding, shapes, teacher
from leadline.review.discover.card import Learned
from leadline.review.discover.model import Card, Feature, Features, Group, Kind
from leadline.review.discover.rounding import Grid
from leadline.review.discover.shapes import Form

LOSS = 0.01
"""Nats a case that whole points may cost."""


@pytest.fixture(scope="module")
def planted() -> World:
    return world(1600, seed=1)


@pytest.fixture(scope="module")
def learned(planted: World) -> Learned:
    return card.learn(planted.cases, planted.features)


@pytest.fixture(scope="module")
def found(learned: Learned) -> Card:
    return learned.card


def shown(found: Card) -> list[tuple[object, ...]]:
    return [(item.name, item.points, item.criterion, tuple(sorted(item.features))) for item in found.criteria]


def area(scores: np.ndarray, won: np.ndarray) -> float:
    return float((scores[won][:, None] > scores[~won]).mean() + 0.5 * (scores[won][:, None] == scores[~won]).mean())


def loss(log_odds: np.ndarray, won: np.ndarray) -> float:
    return float(logit.losses(log_odds, won).mean())


def test_what_was_planted_is_found(found: Card):
    sources = {feature.rsplit(".", 2)[0] if feature.endswith("d") else feature for item in found.criteria for feature in item.features}
    assert {"pricing", "demo", "webinar", "person.email_is_free"} <= sources
    assert not [source for source in sources if source.startswith("noise_")]


def test_points_add_where_it_speaks_for_a_purchase_and_take_away_where_it_speaks_against(found: Card):
    for item in found.criteria:
        wanted = {name: TRUTH[name] for name in item.features if name in TRUTH}
        assert all(size * item.points > 0 for size in wanted.values())


def test_steps_of_one_attribute_are_one_criterion_with_tiers(found: Card):
    (size,) = [item for item in found.criteria if "tiers" in item.criterion]
    points = list(size.criterion["tiers"].values())
    assert size.criterion["value"] == "account.employees"
    assert list(size.criterion["tiers"]) == sorted(size.criterion["tiers"])
    assert points == sorted(points)
    assert size.points == points[-1]


def test_categories_of_one_attribute_are_one_criterion_with_a_list(found: Card):
    (function,) = [item for item in found.criteria if "person.function.sales" in item.features]
    assert function.criterion == {"when": "person.function in ('marketing', 'sales')"}
    assert function.words == "person function is marketing or sales"


def test_a_card_ranks_later_cases_as_well_as_the_truth(planted: World, found: Card):
    later, won = planted.cases.later, planted.cases.won
    truth = area(planted.log_odds[later], won[later])
    assert area(score(found, planted.features)[later], won[later]) > truth - 0.02


def test_no_more_criteria_than_asked_for(planted: World):
    some = np.arange(700)
    small = card.fit(planted.cases.where(some), Features(planted.features.features, planted.features.values[some]), most=2)
    assert len(small.criteria) == 2
    assert max(count for count, _, _ in small.path) <= 2


def test_a_card_knows_its_chances(planted: World, found: Card):
    to_fit = ~planted.cases.later
    chances = card.chances(found, score(found, planted.features))[to_fit]
    assert abs(float(chances.mean()) - float(planted.cases.won[to_fit].mean())) < 0.01


def test_the_same_cases_give_the_same_card_twice_and_in_any_order(planted: World, found: Card):
    order = np.random.default_rng(0).permutation(len(planted.cases))
    columns = np.random.default_rng(1).permutation(len(planted.features))
    mixed = Features(planted.features.features, planted.features.values[order]).only(columns)
    again = card.fit(planted.cases.where(order), mixed)
    assert shown(again) == shown(found)
    assert (again.scale, again.intercept, again.path) == (found.scale, found.intercept, found.path)


def test_a_feature_that_is_there_twice_changes_no_criterion(planted: World, found: Card):
    names = [feature.name for feature in planted.features.features]
    demo = names.index("demo.1.30d")
    twin = replace(planted.features.features[demo], name="zz.1.30d", source="zz")
    both = Features((*planted.features.features, twin), np.column_stack([planted.features.values, planted.features.values[:, demo]]))
    again = {item.features: item.points for item in card.fit(planted.cases, both).criteria}
    before = {item.features: item.points for item in found.criteria}
    assert again.keys() == before.keys()
    assert all(abs(points - before[name]) <= 2 for name, points in again.items())


def test_later_cases_have_no_part_in_the_fit(planted: World, found: Card):
    later = planted.cases.later
    turned = replace(planted.cases, kind=np.where(later, Kind.WON, planted.cases.kind))
    values = np.where(later[:, None], 1 - planted.features.values, planted.features.values)
    assert shown(card.fit(turned, Features(planted.features.features, values))) == shown(found)


def test_what_became_of_a_case_never_reaches_its_own_held_out_log_odds(planted: World):
    some = planted.cases.where(np.arange(600))
    known = Features(planted.features.features, planted.features.values[:600])
    out = some.fold == 2
    turned = replace(some, kind=np.where(out, Kind.NEVER - some.kind, some.kind))
    before, after = (card.crossed(cases, known, card.Asked(3, {}, 0.003)) for cases in (some, turned))
    assert np.array_equal(before[:, :, out], after[:, :, out])
    assert not np.array_equal(before[:, :, ~out], after[:, :, ~out])


def test_cases_that_are_not_fitted_on_have_no_held_out_log_odds(planted: World, learned: Learned):
    assert np.array_equal(np.isnan(learned.held_out), planted.cases.later)


@pytest.mark.parametrize("key", ["demo", "demo.1.30d"])
def test_a_sign_that_is_asked_for_is_kept_to(planted: World, key: str):
    against = card.fit(planted.cases, planted.features, signs={key: -1})
    taken = [item for item in against.criteria if any(name.startswith(key) for name in item.features)]
    assert not [item for item in taken if item.points > 0]


def test_a_feature_that_the_language_cannot_say_is_not_taken(planted: World):
    mute = tuple(replace(item, criterion={}) if item.source == "demo" else item for item in planted.features.features)
    kept = path.screened(Features(mute, planted.features.values), planted.cases.won)
    assert len(kept)
    assert not [index for index in kept.tolist() if mute[index].source == "demo"]


def test_cases_that_are_all_alike_give_no_card(planted: World):
    some = planted.cases.where(~planted.cases.won)
    known = Features(planted.features.features, planted.features.values[~planted.cases.won])
    nothing = card.learn(some, known)
    assert nothing.card.criteria == ()
    assert np.isnan(nothing.held_out).all()


def test_without_cases_or_features_there_is_no_card(planted: World):
    none = np.zeros(len(planted.cases), np.bool_)
    assert card.fit(planted.cases.where(none), Features(planted.features.features, planted.features.values[none])).criteria == ()
    assert card.fit(planted.cases, planted.features.only(np.zeros(len(planted.features), np.bool_))).criteria == ()


def test_features_that_never_change_give_no_card(planted: World):
    flat = Features(planted.features.features, np.ones_like(planted.features.values))
    assert card.fit(planted.cases, flat).criteria == ()


def test_a_handful_of_cases_is_no_error():
    tiny = world(12, seed=2)
    kind = np.where(np.arange(12) < 4, Kind.WON, Kind.NEVER)
    card.fit(replace(tiny.cases, kind=kind, later=np.zeros(12, np.bool_)), tiny.features)


@pytest.mark.parametrize("grid", rounding.GRIDS)
def test_whole_points_cost_little(planted: World, grid: Grid):
    names = [feature.name for feature in planted.features.features]
    columns = planted.features.values[:, [names.index(name) for name in TRUTH]].astype(float)
    won = planted.cases.won
    free = logit.fit(columns, won.astype(float))
    points = rounding.points(rounding.refit(columns, won.astype(float)), grid)
    intercept, slope = logit.platt(columns @ points, won)
    assert points.dtype == np.int64
    assert not (points % grid.unit).any()
    assert loss(intercept + slope * (columns @ points), won) < loss(free[0] + columns @ free[1:], won) + LOSS


def test_what_counts_to_more_than_one_gets_points_for_each():
    rng = np.random.default_rng(5)
    columns = np.column_stack([rng.integers(0, 4, 800), rng.integers(0, 2, 800)]).astype(float)
    won = rng.random(800) < logit.chance(columns @ np.array([0.5, 1.5]) - 1.5)
    points = rounding.points(rounding.refit(columns, won.astype(float)), Grid(5, 30))
    assert points[0] * 3 <= 40
    assert points[1] % 5 == 0


def test_the_share_of_the_fit_that_points_keep_is_whole_along_the_coefficients():
    fitted = rounding.Refit(np.array([1.0, -2.0]), np.array([[2.0, 0.3], [0.3, 1.0]]), np.ones(2))
    assert rounding.kept(np.array([10.0, -20.0]), fitted) == pytest.approx(1.0)
    assert rounding.kept(np.array([10.0, 20.0]), fitted) < 0.5


def test_the_regression_finds_the_optimum():
    rng = np.random.default_rng(6)
    columns = rng.normal(size=(500, 3))
    won = rng.random(500) < logit.chance(columns @ np.array([1.0, -0.5, 0.0]))
    found = logit.fit(columns, won.astype(float), ridge=0.0)
    slope = logit.with_intercept(columns).T @ (won - logit.chance(logit.with_intercept(columns) @ found))
    assert np.abs(slope).max() < 1e-3


def test_scores_that_make_no_error_have_a_finite_slope():
    intercept, slope = logit.platt(np.arange(10.0), np.arange(10) >= 5)
    assert 0 < slope < 100
    assert -intercept / slope == pytest.approx(4.5, abs=0.2)


def test_score_statistics_are_squared_correlations_times_the_cases(planted: World):
    found = path.scores(planted.features.values, planted.cases.won)
    own = np.corrcoef(planted.features.values[:, 0], planted.cases.won)[0, 1]
    assert found[0] == pytest.approx(len(planted.cases) * own**2, rel=1e-4)


def test_the_teacher_is_held_back_more_where_there_is_less_to_learn():
    known, noise = world(1000, seed=1), world(1000, seed=1, truth={})
    found = [teacher.strength(item.features.values, item.cases.won, item.cases.fold) for item in (known, noise)]
    assert found[0] > found[1] == teacher.STRENGTHS[0]


def test_the_teacher_is_nearer_to_the_chances_than_what_came_is(planted: World):
    truth = logit.chance(planted.log_odds)
    told = teacher.aims(planted.features.values, planted.cases.won, 0.003)
    assert np.abs(told - truth).mean() < 0.4 * np.abs(planted.cases.won - truth).mean()


@pytest.mark.parametrize(
    ("criterion", "form", "of", "at"),
    [
        ({"when": "account.employees >= 100"}, Form.STEP, "account.employees", "100"),
        ({"when": 'account."Number of seats" >= 0.5'}, Form.STEP, 'account."Number of seats"', "0.5"),
        ({"value": "account.employees", "tiers": {100: 1}}, Form.STEP, "account.employees", "100"),
        ({"when": "person.title = 'it''s'"}, Form.CATEGORY, "person.title", "'it''s'"),
        ({"when": "person.seniority >= 'vp'"}, Form.ALONE, "x", ""),
        ({"when": "account.employees is null"}, Form.ALONE, "x", ""),
        ({"signal": "demo", "at_least": 1}, Form.ALONE, "x", ""),
    ],
)
def test_the_form_of_a_feature_is_read_off_its_criterion(criterion, form, of, at):
    assert shapes.shape(Feature("x", "", Group.FIT, "x", criterion)) == shapes.Shape(form, of, at)


def test_what_is_told_for_points_of_one_grows_with_the_points():
    each = Feature("blog.up_to_3.30d", "each", Group.ENGAGEMENT, "blog", {"signal": "blog", "max": 3}, counts=True)
    assert shapes.criterion([[each]], [-4], [-0.2]).criterion == {"signal": "blog", "max": 12}
    step = Feature("size.100", "", Group.FIT, "account.employees", {"value": "account.employees", "tiers": {100: 1}})
    assert shapes.criterion([[step]], [15], [1.0]).criterion == {"value": "account.employees", "tiers": {100: 15}}


def test_of_two_terms_of_one_source_the_one_that_adds_nothing_goes():
    rng = np.random.default_rng(8)
    telling = rng.random(900) < 0.4
    also = telling ^ (rng.random(900) < 0.15)  # much the same, and nothing of its own
    won = rng.random(900) < logit.chance(2.0 * telling - 1.5)
    assert pruning.pruned(pool("demo", "demo", telling, also), won.astype(float), (won, rng.integers(0, 5, 900)), ((0,), (1,))) == ((0,),)


def test_of_two_terms_of_one_source_both_stay_if_both_help():
    rng = np.random.default_rng(9)
    one, other = rng.random((2, 900)) < 0.4
    won = rng.random(900) < logit.chance(1.5 * one + 1.5 * other - 1.5)
    fold = rng.integers(0, 5, 900)
    assert pruning.pruned(pool("demo", "demo", one, other), won.astype(float), (won, fold), ((0,), (1,))) == ((0,), (1,))


def test_terms_of_different_sources_are_left_alone():
    rng = np.random.default_rng(8)
    one = rng.random(300) < 0.4
    won = rng.random(300) < 0.5
    assert pruning.pruned(pool("demo", "blog", one, ~one), won.astype(float), (won, rng.integers(0, 5, 300)), ((0,), (1,))) == ((0,), (1,))


def pool(first: str, second: str, *values: np.ndarray) -> path.Pool:
    alone = (shapes.Shape(Form.ALONE, "a", ""), shapes.Shape(Form.ALONE, "b", ""))
    return path.Pool(np.column_stack(values).astype(float), alone, (first, second), np.zeros(2, np.int64), np.arange(2))


def test_two_criteria_never_have_one_name():
    same = [shapes.criterion([[Feature(name, "", Group.FIT, name, {"when": name})]], [5], [1.0]) for name in ("a.b", "a_b", "a-b")]
    assert len({item.name for item in card.named(same)}) == 3

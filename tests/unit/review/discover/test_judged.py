"""Figures of ranking are exact with ties, their intervals narrow with more cases, and too little to judge is no error."""

from __future__ import annotations

import warnings
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.review.discover.planted import World, world

from leadline.review.discover import judged, ranking
from leadline.review.discover.model import Features, Kind


@pytest.fixture(scope="module")
def planted() -> World:
    return world(1000, seed=4)


@pytest.fixture(scope="module")
def rivals(planted: World):
    return judged.baselines(planted.cases, planted.features)


def kinds(won: np.ndarray) -> np.ndarray:
    return np.where(won, Kind.WON, Kind.NEVER).astype(np.int64)


@given(st.lists(st.tuples(st.integers(0, 6), st.booleans()), min_size=2, max_size=60))
@settings(max_examples=80, deadline=None)
def test_areas_are_those_of_scikit_learn_ties_included(rows):
    from sklearn import metrics

    scores, won = np.array([row[0] for row in rows], dtype=float), np.array([row[1] for row in rows])
    if not won.any() or won.all():
        return
    found = ranking.once(scores, won)
    assert found.roc_auc()[0] == pytest.approx(metrics.roc_auc_score(won, scores))
    assert found.pr_auc()[0] == pytest.approx(metrics.average_precision_score(won, scores))


@given(st.lists(st.tuples(st.integers(0, 6), st.booleans(), st.integers(0, 3)), min_size=2, max_size=40))
@settings(max_examples=60, deadline=None)
def test_a_case_that_comes_twice_counts_as_two(rows):
    scores, won, often = (np.array(column) for column in zip(*rows, strict=True))
    (weighted,) = ranking.ranked(scores.astype(float), won, often.reshape(1, -1))
    again = ranking.once(np.repeat(scores, often).astype(float), np.repeat(won, often)) if often.sum() else None
    for measure in (ranking.Ranked.roc_auc, ranking.Ranked.pr_auc, ranking.Ranked.lift):
        expected = measure(again)[0] if again else np.nan
        assert measure(weighted)[0] == pytest.approx(expected, nan_ok=True)


def test_the_lift_of_the_top_tenth_takes_a_part_of_a_score_that_reaches_over_its_edge():
    scores = np.array([9.0] + [5.0] * 3 + [1.0] * 16)
    won = np.array([True, True, False, False] + [False] * 16)
    # The top tenth is two of twenty: the first, and one of the three at 5, of which a third was won.
    assert ranking.once(scores, won).lift()[0] == pytest.approx((1 + 1 / 3) / 2 / (2 / 20))


def test_a_score_that_orders_perfectly_has_areas_of_one(planted: World):
    found = judged.judge(planted.cases, planted.cases.won.astype(float))
    assert (found.roc_auc.value, found.roc_auc.low, found.pr_auc.value) == (1.0, 1.0, 1.0)


def test_one_score_for_all_is_worth_what_dice_are(planted: World):
    found = judged.judge(planted.cases, np.zeros(len(planted.cases)))
    assert found.roc_auc.value == 0.5
    assert found.pr_auc.value == pytest.approx(found.base_rate.value)
    assert found.lift_top_decile.value == pytest.approx(1.0)


def test_only_later_cases_judge(planted: World):
    turned = np.where(planted.cases.later, planted.log_odds, -planted.log_odds)
    assert judged.judge(planted.cases, turned).roc_auc == judged.judge(planted.cases, planted.log_odds).roc_auc
    assert judged.judge(planted.cases, turned).roc_auc.n == planted.cases.later.sum()
    assert judged.caution(planted.cases) is None


def test_scores_moved_and_stretched_are_worth_the_same(planted: World):
    assert judged.judge(planted.cases, planted.log_odds * 7 + 3) == judged.judge(planted.cases, planted.log_odds)


def test_the_same_answer_twice_and_intervals_hold_the_figure(planted: World):
    chances = judged.calibrated(planted.cases, planted.log_odds)
    found = judged.judge(planted.cases, planted.log_odds, chances)
    assert found == judged.judge(planted.cases, planted.log_odds, chances)
    for figure in (found.roc_auc, found.pr_auc, found.lift_top_decile, found.brier, found.base_rate):
        assert figure.low < figure.value < figure.high


def test_the_interval_is_about_that_of_hanley_and_mcneil(planted: World):
    later = planted.cases.where(planted.cases.later)
    found = judged.judge(planted.cases, planted.log_odds).roc_auc
    area, won, others = found.value, int(later.won.sum()), int((~later.won).sum())
    q1, q2 = area / (2 - area), 2 * area**2 / (1 + area)
    error = np.sqrt((area * (1 - area) + (won - 1) * (q1 - area**2) + (others - 1) * (q2 - area**2)) / (won * others))
    assert (found.high - found.low) / (2 * 1.96) == pytest.approx(error, rel=0.25)


def test_more_cases_make_intervals_narrower():
    few, many = (world(size, seed=9) for size in (400, 6400))
    spans = [judged.judge(item.cases, item.log_odds).roc_auc for item in (few, many)]
    assert (spans[0].high - spans[0].low) > 3 * (spans[1].high - spans[1].low)


def test_cases_of_one_account_are_drawn_together(planted: World):
    later = planted.cases.where(planted.cases.later)
    four = replace(later, account=later.account // 4)
    assert len(np.unique(ranking.units(four))) < len(np.unique(ranking.units(later)))
    alone = replace(later, account=np.full(len(later), -1))
    assert len(np.unique(ranking.units(alone))) == len(np.unique(later.person))


@pytest.mark.parametrize("won", [True, False])
def test_cases_all_alike_give_no_figures_and_no_error(planted: World, won: bool):
    alike = replace(planted.cases, kind=kinds(np.full(len(planted.cases), won)))
    found = judged.judge(alike, planted.log_odds, np.full(len(alike), 0.5))
    assert found.roc_auc.value is found.pr_auc.value is found.lift_top_decile.value is found.brier.value is None
    assert found.base_rate.value == float(won)
    assert judged.baselines(alike, planted.features) == {}


def test_no_cases_at_all_give_no_figures_and_no_error(planted: World):
    none = planted.cases.where(np.zeros(len(planted.cases), dtype=bool))
    found = judged.judge(none, np.zeros(0))
    assert (found.roc_auc.value, found.base_rate.value, found.roc_auc.n) == (None, None, 0)
    assert judged.baselines(none, Features(planted.features.features, planted.features.values[:0])) == {}


def test_too_few_won_later_let_all_cases_judge_and_say_so(planted: World):
    won_later = np.flatnonzero(planted.cases.later & planted.cases.won)
    few = np.setdiff1d(np.arange(len(planted.cases)), won_later[judged.LEAST_WON - 1 :])
    cases = planted.cases.where(few)
    assert judged.judged_on(cases).all()
    told = judged.caution(cases)
    assert told is not None
    assert told.code == "judged-by-folds"
    assert told.says.startswith("Only 9 won cases of the later period")
    assert judged.judge(cases, planted.log_odds[few]).roc_auc.n == len(cases)


def test_reliability_compares_what_was_said_with_what_came(planted: World):
    truth = 1 / (1 + np.exp(-planted.log_odds))
    found = judged.judge(planted.cases, planted.log_odds, truth)
    assert 3 <= len(found.reliability) <= judged.BINS
    assert sum(figure.n for _, figure in found.reliability) == found.base_rate.n
    assert [said for said, _ in found.reliability] == sorted(said for said, _ in found.reliability)
    assert all(figure.low - 0.1 <= said <= figure.high + 0.1 for said, figure in found.reliability)


def test_brier_is_the_mean_squared_error(planted: World):
    found = judged.judge(planted.cases, planted.log_odds, np.full(len(planted.cases), 0.25))
    won = planted.cases.won[planted.cases.later]
    assert found.brier.value == pytest.approx(float(((0.25 - won) ** 2).mean()))


def test_calibrated_scores_say_on_average_what_came(planted: World):
    chances = judged.calibrated(planted.cases, planted.log_odds)
    to_fit = ~planted.cases.later
    assert float(chances[to_fit].mean()) == pytest.approx(float(planted.cases.won[to_fit].mean()), abs=0.01)


def test_the_ceiling_is_near_the_truth(planted: World, rivals):
    truth = judged.judge(planted.cases, planted.log_odds).roc_auc.value
    assert sorted(rivals) == ["boosting", "logistic"]
    for log_odds, chances in rivals.values():
        assert truth - 0.06 < judged.judge(planted.cases, log_odds, chances).roc_auc.value < truth + 0.03


def test_what_the_ceiling_says_of_a_case_does_not_know_what_became_of_it(planted: World, rivals):
    turned = np.flatnonzero(planted.cases.later)[:40]
    won = planted.cases.won.copy()
    won[turned] = ~won[turned]
    again = judged.baselines(replace(planted.cases, kind=kinds(won)), planted.features)
    for name, (log_odds, _) in rivals.items():
        assert np.array_equal(log_odds, again[name][0])


def test_a_ceiling_of_few_cases_is_no_error():
    tiny = world(14, seed=5)
    cases = replace(tiny.cases, kind=kinds(np.arange(14) < 3), later=np.arange(14) >= 12)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = judged.baselines(cases, tiny.features)
    assert all(np.isfinite(log_odds).all() for log_odds, _ in found.values())

"""What a score is worth: a rate over account-days, money, and the line that follows."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from tests.unit.review.discover.planted import World, world

from leadline.review.discover import lines, worth
from leadline.review.discover.lines import Terms
from leadline.review.discover.model import Kind


@pytest.fixture(scope="module")
def planted() -> World:
    return world(4000, seed=7)


@pytest.fixture(scope="module")
def scores(planted: World) -> np.ndarray:
    return np.round(8 * planted.log_odds) + 24


def test_the_chance_is_that_of_a_world_whose_rates_are_known():
    """Everybody is watched until sales speaks with them, for 100 days at most; of those it never speaks with one in twenty is drawn."""
    rng = np.random.default_rng(3)
    score = rng.choice([5.0, 15.0, 30.0], 200_000)
    won_daily, lost_daily = np.exp(-9 + 0.08 * score), np.exp(-7.5 + 0.02 * score)
    spoken = rng.exponential(1 / (won_daily + lost_daily))
    won = (spoken < 100) & (rng.random(len(score)) < won_daily / (won_daily + lost_daily))
    kind = np.where(spoken >= 100, Kind.NEVER, np.where(won, Kind.WON, Kind.LOST))
    some = np.flatnonzero((kind != Kind.NEVER) | (rng.random(len(score)) < 0.05))
    watched = float(np.minimum(spoken, 100).sum()) / (kind[some] == Kind.NEVER).sum()
    cases = replace(
        world(4, seed=1).cases,
        **{name: np.zeros(len(some), dtype=np.int64) for name in ("at", "fold")},
        account=some,
        person=some,
        kind=kind[some].astype(np.int64),
        amount=np.where(won[some], 1000.0, np.nan),
        stands_for=np.where(kind[some] == Kind.NEVER, watched, 0.0),
        later=np.ones(len(some), np.bool_),
    )
    for band in worth.worth(cases, score[some]):
        one, other = np.exp(-9 + 0.08 * band.low), np.exp(-7.5 + 0.02 * band.low)
        if band.low in score:
            assert band.per_month.value == pytest.approx(one / (one + other) * (1 - np.exp(-30 * (one + other))), rel=0.15)
            assert band.revenue.value == pytest.approx(1000 * band.per_month.value)


def test_where_nobody_was_never_sold_to_the_chance_is_uncertain_and_at_most_what_is_won_of_those_sold_to(planted: World):
    kind = planted.cases.kind.copy()
    high = np.zeros(len(kind))
    high[np.flatnonzero(kind != Kind.NEVER)[::2]] = 50.0
    top = worth.worth(replace(planted.cases, stands_for=planted.cases.stands_for * 100), high)[-1]
    assert top.cases["never"] == 0
    assert top.per_month.value < top.won_of_sold.value
    assert top.per_month.high < top.won_of_sold.high + 0.02
    assert top.per_month.high > 2 * top.per_month.low


def test_a_band_without_won_cases_may_still_be_worth_something(planted: World, scores):
    kind = np.where(scores <= np.median(scores), Kind.NEVER, planted.cases.kind).astype(np.int64)
    first = worth.worth(replace(planted.cases, kind=kind), scores)[0]
    assert (first.cases["won"], first.per_month.value, first.per_month.low) == (0, 0.0, 0.0)
    assert 0 < first.per_month.high < 0.1


def test_bands_hold_every_case_that_tells_once(planted: World, scores):
    bands = worth.worth(planted.cases, scores)
    assert sum(sum(band.cases.values()) for band in bands) == planted.cases.later.sum()
    assert 3 <= len(bands) <= worth.BANDS
    assert bands[-1].high is None
    assert [band.high + 1 for band in bands[:-1]] == [band.low for band in bands[1:]]


def test_a_higher_score_is_worth_more(planted: World, scores):
    bands = worth.worth(planted.cases, scores)
    chances = [band.per_month.value for band in bands]
    assert chances == sorted(chances)
    assert [band.revenue.value for band in bands] == sorted(band.revenue.value for band in bands)
    assert all(0 <= band.per_month.low <= band.per_month.value <= band.per_month.high <= 1 for band in bands)


def test_a_score_that_means_nothing_is_worth_the_same_everywhere(planted: World):
    noise = np.random.default_rng(1).integers(0, 50, len(planted.cases)).astype(float)
    bands = worth.worth(planted.cases, noise)
    assert max(band.per_month.value for band in bands) < 2 * min(band.per_month.value for band in bands)


def test_a_score_that_is_upside_down_is_not_said_to_be_worth_less_where_it_is_higher(planted: World, scores):
    chances = [band.per_month.value for band in worth.worth(planted.cases, -scores)]
    assert max(chances) == pytest.approx(min(chances))


def test_money_of_another_size_changes_money_alone(planted: World, scores):
    before = worth.worth(planted.cases, scores)
    after = worth.worth(replace(planted.cases, amount=planted.cases.amount * 100), scores)
    assert [band.per_month for band in before] == [band.per_month for band in after]
    for one, other in zip(before, after, strict=True):
        assert other.revenue.value == pytest.approx(100 * one.revenue.value)
        assert other.revenue.high == pytest.approx(100 * one.revenue.high)


def test_without_amounts_there_is_no_revenue(planted: World, scores):
    bands = worth.worth(replace(planted.cases, amount=np.full(len(planted.cases), np.nan)), scores)
    assert all(band.revenue.value is None for band in bands)
    assert all(band.per_month.value is not None for band in bands)


def test_without_won_cases_or_time_nothing_is_worth_anything(planted: World, scores):
    never = replace(planted.cases, kind=np.full(len(planted.cases), int(Kind.NEVER)))
    assert worth.worth(never, scores) == ()
    assert worth.worth(replace(planted.cases, stands_for=np.zeros(len(planted.cases))), scores) == ()


def test_of_those_whom_sales_spoke_with_lost_and_stalled_count_and_never_sold_do_not(planted: World, scores):
    for band in worth.worth(planted.cases, scores):
        assert band.won_of_sold.n == band.cases["won"] + band.cases["lost"] + band.cases["stalled"]


def test_too_few_won_later_let_all_cases_tell(planted: World):
    later = planted.cases.later & (np.cumsum(planted.cases.won & planted.cases.later) <= 20)
    few = replace(planted.cases, later=later)
    assert worth.telling(few).all()
    assert not worth.telling(planted.cases)[~planted.cases.later].any()


def test_scores_between_whole_numbers_belong_to_their_whole_part(planted: World, scores):
    whole = worth.worth(planted.cases, scores)
    within = worth.worth(planted.cases, scores + 0.25)
    assert [(band.low, band.high, band.cases) for band in within] == [(band.low, band.high, band.cases) for band in whole]


def test_the_same_answer_twice_and_in_any_order(planted: World, scores):
    order = np.random.default_rng(2).permutation(len(planted.cases))
    bands, mixed = worth.worth(planted.cases, scores), worth.worth(planted.cases.where(order), scores[order])
    assert worth.worth(planted.cases, scores) == bands
    for one, other in zip(bands, mixed, strict=True):
        assert (one.cases, one.won_of_sold) == (other.cases, other.won_of_sold)
        assert other.per_month.value == pytest.approx(one.per_month.value)


def test_a_band_of_one_score_is_one_band(planted: World):
    (band,) = worth.worth(planted.cases, np.full(len(planted.cases), 7.0))
    assert (band.low, band.high) == (7.0, None)


def test_a_team_that_could_not_keep_up_raises_the_line_as_little_as_helps(planted: World, scores):
    best = lines.best_apart(planted.cases, scores)
    steps = tuple((best + more, per_week) for more, per_week in ((-10, 31.0), (10, 12.5), (20, 9.0), (30, 2.0)))
    found = lines.line(planted.cases, scores, Terms(steps, 12.0))
    assert (found.score, found.why, found.per_week, found.capacity_per_week) == (best + 20, "capacity", 9.0, 12.0)
    assert found.says == f"The team can take 12.0 entries a week: a line of {best + 20:g} makes 9.0, one of {best + 10:g} would make 12.5."


def test_what_a_team_can_take_is_no_target(planted: World, scores):
    best = lines.best_apart(planted.cases, scores)
    found = lines.line(planted.cases, scores, Terms(((best - 9, 31.0), (best - 5, 12.5), (best, 4.0)), 20.0))
    assert (found.score, found.why, found.per_week, found.capacity_per_week) == (best, "cases", 4.0, 20.0)


def test_a_line_below_what_tells_the_cases_apart_best_says_so(planted: World, scores):
    best = lines.best_apart(planted.cases, scores)
    found = lines.line(planted.cases, scores, Terms(cost=0.01))
    assert found.score < best
    assert found.says.endswith(f"The cases would be told apart best by {best:g}.")


def test_a_team_that_no_line_suits_gets_the_highest_and_is_told(planted: World, scores):
    found = lines.line(planted.cases, scores, Terms(((60, 31.0), (70, 12.5)), 5.0))
    assert (found.score, found.why) == (70.0, "capacity")
    assert "not even the highest line tried, 70, keeps to that" in found.says


def test_a_team_that_can_take_everybody_decides_nothing(planted: World, scores):
    assert lines.line(planted.cases, scores, Terms(((20, 3.0), (30, 2.0)), 50.0)).why == "cases"


def test_the_line_is_where_a_handoff_earns_its_cost(planted: World, scores):
    found = lines.line(planted.cases, scores, Terms(cost=400.0, currency="EUR"))
    bands = {max(1.0, band.low): band.revenue.value for band in worth.worth(planted.cases, scores)}
    assert found.why == "cost"
    assert bands[found.score] >= 400
    assert all(brings < 400 for low, brings in bands.items() if low < found.score)
    assert "EUR 400" in found.says


def test_a_dearer_handoff_asks_for_a_higher_line(planted: World, scores):
    tried = [lines.line(planted.cases, scores, Terms(cost=cost)).score for cost in (10.0, 200.0, 1000.0)]
    assert tried == sorted(tried)
    assert tried[0] < tried[-1]


def test_a_cost_that_no_score_earns_is_told(planted: World, scores):
    found = lines.line(planted.cases, scores, Terms(cost=1e9))
    assert found.score == worth.worth(planted.cases, scores)[-1].low
    assert found.says.startswith("No score earns the 1,000,000,000")


def test_of_capacity_and_cost_the_higher_line_holds(planted: World, scores):
    steps = ((5, 30.0), (10, 11.0))
    dear = lines.line(planted.cases, scores, Terms(steps, 12.0, 800.0))
    cheap = lines.line(planted.cases, scores, Terms(steps, 12.0, 0.01))
    assert (dear.why, cheap.why, cheap.score) == ("cost", "capacity", 10.0)


def test_without_either_the_line_tells_the_cases_apart_best(planted: World, scores):
    found = lines.line(planted.cases, scores)
    to_fit = planted.cases.where(~planted.cases.later)
    own = scores[~planted.cases.later]

    def apart(at: float) -> float:
        return float((own[to_fit.won] >= at).mean() - (own[~to_fit.won] >= at).mean())

    assert found.why == "cases"
    assert apart(found.score) == pytest.approx(max(apart(at) for at in range(1, 80)))


def test_a_line_is_never_below_one_point(planted: World):
    assert lines.best_apart(planted.cases, np.full(len(planted.cases), -5.0)) == 1.0
    assert lines.best_apart(planted.cases.where(np.zeros(len(planted.cases), dtype=bool)), np.zeros(0)) == 1.0

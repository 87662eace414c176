"""What evidence says of each behaviour, and how the current definition's criteria stand."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from tests.unit.review.discover.small import AT, DAY, cases, features

from leadline.outcomes.model import NONE
from leadline.review.discover import evidence, odds
from leadline.review.discover.model import Behaviour, Cases, Feature, Features, Group, Kind, Says, Standing
from leadline.review.discover.odds import Stratified, Tables

QUARTERS = [AT + at * 92 * DAY for at in range(4)]


def table(*rows: tuple[int, int, int, int]) -> Tables:
    return Tables(*(np.array(column, np.int64) for column in zip(*rows, strict=True)))


def world(had: dict[Kind, tuple[int, int]], quarters=QUARTERS) -> tuple[Cases, Features]:
    """Return cases and a feature: of each kind how many there are in all, and how many of them had it, spread evenly over quarters."""
    kinds = [kind for kind, (of, _) in had.items() for _ in range(of)]
    values = [float(at < some) for _, (of, some) in had.items() for at in range(of)]
    at = [quarters[place % len(quarters)] for place in range(len(kinds))]
    return cases(kinds, at=at), features({"thing": values})


def behaviour(had: dict[Kind, tuple[int, int]], quarters=QUARTERS) -> Behaviour:
    return evidence.behaviours(*world(had, quarters), {})[0]


# --- figures --------------------------------------------------------------------------------------------------------------------------


def test_a_table_by_hand():
    # 20 of 80 won and 10 of 160 others: 20·150 / (60·10) = 5; the standard error of its logarithm √(1/20 + 1/60 + 1/10 + 1/150) = 0.4163
    found = table((20, 80, 10, 160)).odds_ratios().figure(0)
    assert found.value == pytest.approx(5.0)
    assert found.low == pytest.approx(5 * math.exp(-1.959964 * 0.416333), rel=1e-5)
    assert found.high == pytest.approx(5 * math.exp(1.959964 * 0.416333), rel=1e-5)
    assert found.n == 20
    lift = table((20, 80, 10, 160)).lifts().figure(0)
    assert lift.value == pytest.approx(4.0)
    assert lift.low == pytest.approx(4 * math.exp(-1.959964 * math.sqrt(1 / 20 - 1 / 80 + 1 / 10 - 1 / 160)), rel=1e-5)


def test_an_empty_cell_gets_a_half_and_so_do_the_others():
    found = table((5, 10, 0, 20)).odds_ratios()
    assert found.value[0] == pytest.approx(5.5 * 20.5 / (5.5 * 0.5))
    assert np.isfinite(found.low[0])
    assert np.isfinite(found.high[0])


def test_where_nobody_is_on_a_side_nothing_is_known():
    found = table((0, 0, 3, 9)).odds_ratios().figure(0)
    assert (found.value, found.low, found.high) == (None, None, None)
    assert table((0, 0, 3, 9)).chances().tolist() == [1.0]


@settings(max_examples=60)
@given(st.lists(st.tuples(*[st.integers(0, 60)] * 4), min_size=1, max_size=5))
def test_fishers_p_is_that_of_scipy(rows):
    rows = [(had, had + lacked, others_had, others_had + others_lacked) for had, lacked, others_had, others_lacked in rows]
    ours = table(*rows).chances()
    for p, (had, won, others_had, others) in zip(ours.tolist(), rows, strict=True):
        theirs = stats.fisher_exact([[had, won - had], [others_had, others - others_had]])[1]
        assert p == pytest.approx(theirs, rel=1e-6)


@settings(max_examples=40)
@given(st.lists(st.tuples(*[st.integers(1, 500)] * 4), min_size=1, max_size=5))
def test_ratios_and_intervals_are_those_of_scipy(rows):
    rows = [(had, had + lacked, others_had, others_had + others_lacked) for had, lacked, others_had, others_lacked in rows]
    ours, lifts = table(*rows).odds_ratios(), table(*rows).lifts()
    for at, (had, won, others_had, others) in enumerate(rows):
        theirs = stats.contingency.odds_ratio([[had, won - had], [others_had, others - others_had]], kind="sample")
        assert ours.value[at] == pytest.approx(theirs.statistic)
        assert (ours.low[at], ours.high[at]) == pytest.approx(tuple(theirs.confidence_interval(0.95)))
        risk = stats.contingency.relative_risk(had, won, others_had, others)
        assert lifts.value[at] == pytest.approx(risk.relative_risk)
        assert (lifts.low[at], lifts.high[at]) == pytest.approx(tuple(risk.confidence_interval(0.95)))


@settings(max_examples=40)
@given(st.lists(st.floats(0, 1), min_size=1, max_size=30))
def test_q_is_that_of_scipy(chances):
    assert odds.adjusted(np.array(chances)) == pytest.approx(stats.false_discovery_control(chances))


def test_swapping_sides_turns_the_ratio_over_and_leaves_p():
    one, other = table((20, 80, 10, 160)), table((10, 160, 20, 80))
    assert one.odds_ratios().value[0] == pytest.approx(1 / other.odds_ratios().value[0])
    assert one.odds_ratios().low[0] == pytest.approx(1 / other.odds_ratios().high[0])
    assert one.chances()[0] == pytest.approx(other.chances()[0])


@settings(max_examples=40)
@given(st.tuples(*[st.integers(1, 80)] * 4), st.integers(1, 4))
def test_one_stratum_among_empty_ones_is_a_table_without_strata(cells, empty):
    had, lacked, others_had, others_lacked = cells
    row = (had, had + lacked, others_had, others_had + others_lacked)
    strata = Stratified(*(np.array([[0] * empty + [count]]) for count in row))
    plain, found = table(row).odds_ratios(), strata.odds_ratios()
    for one, other in zip((found.value, found.low, found.high), (plain.value, plain.low, plain.high), strict=True):
        assert one[0] == pytest.approx(other[0])
    n = sum(cells)
    margins = row[1] * row[3] * (had + others_had) * (lacked + others_lacked)
    deviations = (had * others_lacked - lacked * others_had) * math.sqrt((n - 1) / margins)
    assert strata.deviations()[0] == pytest.approx(deviations)


def test_strata_by_hand():
    # Stratum 1: 8 of 10 won and 20 of 40 others; stratum 2: 2 of 20 and 1 of 30.
    # Σad/n = 8·20/50 + 2·29/50 = 4.36; Σbc/n = 2·20/50 + 18·1/50 = 1.16
    strata = Stratified(*(np.array([counts]) for counts in ((8, 2), (10, 20), (20, 1), (40, 30))))
    assert strata.odds_ratios().value[0] == pytest.approx(4.36 / 1.16)
    # had − expected: 8 − 28·10/50 = 2.4 and 2 − 3·20/50 = 0.8; variances 28·22·10·40/(50²·49) = 2.0114 and 3·47·20·30/(50²·49) = 0.6906
    assert strata.deviations()[0] == pytest.approx(3.2 / math.sqrt(2.0114 + 0.6906), rel=1e-4)


def test_strata_that_are_all_one_sided_tell_no_ratio_and_yet_a_deviation():
    strata = Stratified(*(np.array([counts]) for counts in ((5, 0), (5, 5), (5, 0), (10, 5))))
    assert math.isnan(strata.odds_ratios().value[0])
    assert strata.deviations()[0] > 0


# --- behaviours -----------------------------------------------------------------------------------------------------------------------


def test_prevalence_is_told_by_kind():
    found = behaviour({Kind.WON: (40, 20), Kind.LOST: (20, 5), Kind.STALLED: (10, 1), Kind.NEVER: (200, 10)})
    assert {kind: (figure.value, figure.n) for kind, figure in found.prevalence.items()} == {
        "won": (0.5, 40), "lost": (0.25, 20), "stalled": (0.1, 10), "never": (0.05, 200),
    }  # fmt: skip
    assert found.against_sold.value == pytest.approx((20 * 24) / (20 * 6))
    assert found.odds_ratio.value == pytest.approx((20 * 214) / (20 * 16))


def test_what_the_won_had_far_more_often_wins_deals():
    assert behaviour({Kind.WON: (80, 40), Kind.LOST: (40, 10), Kind.NEVER: (400, 40)}).says is Says.WINS


def test_what_the_won_had_far_more_seldom_speaks_against():
    assert behaviour({Kind.WON: (80, 4), Kind.LOST: (40, 10), Kind.NEVER: (400, 160)}).says is Says.AGAINST


def test_what_lost_ones_had_as_well_starts_talks_and_wins_nothing():
    assert behaviour({Kind.WON: (80, 40), Kind.LOST: (80, 50), Kind.NEVER: (400, 40)}).says is Says.OPEN


def _active(rng, n: int):
    """Return cases of which the won do more of everything, and sixty behaviours; the first wins deals by itself as well."""
    busy = rng.random(n)
    columns = {f"b{at}": rng.random(n) < 0.1 + 0.7 * busy for at in range(60)}
    log_odds = -4 + 3.5 * busy + 1.6 * columns["b0"]
    won = rng.random(n) < 1 / (1 + np.exp(-log_odds))
    kinds = [Kind.WON if win else Kind.NEVER for win in won.tolist()]
    return cases(kinds, at=[QUARTERS[at % 4] for at in range(n)]), features(
        {name: has.astype(float).tolist() for name, has in columns.items()}
    )


def test_what_the_won_had_since_they_do_more_of_everything_is_merely_easy_to_track():
    found = {item.feature: item for item in evidence.behaviours(*_active(np.random.default_rng(4), 4000), {})}
    assert min(item.odds_ratio.low or 0 for item in found.values()) > 1.2
    assert max(item.q for item in found.values()) < 1e-3
    assert found["b0"].says is Says.WINS
    assert (found["b0"].as_active.low or 0) > 2
    others = [item for name, item in found.items() if name != "b0"]
    assert sum(item.says is Says.WINS for item in others) <= 6
    assert sum(item.says is Says.FREQUENT for item in others) >= 6


def test_what_cases_were_is_not_held_to_what_they_did():
    held, made = _active(np.random.default_rng(4), 1000)
    fit = Features(tuple(Feature(item.name, item.words, Group.FIT, item.name) for item in made.features), made.values)
    found = evidence.behaviours(held, fit, {})
    assert {item.says for item in found} == {Says.WINS}
    assert {item.as_active.value for item in found} == {None}


def test_without_anybody_lost_only_the_others_are_asked():
    assert behaviour({Kind.WON: (80, 40), Kind.NEVER: (400, 40)}).says is Says.WINS


def test_what_all_have_alike_is_merely_easy_to_track():
    assert behaviour({Kind.WON: (200, 120), Kind.LOST: (100, 61), Kind.NEVER: (2000, 1200)}).says is Says.FREQUENT


def test_what_few_have_alike_cannot_be_told():
    assert behaviour({Kind.WON: (60, 2), Kind.LOST: (30, 1), Kind.NEVER: (300, 10)}).says is Says.OPEN


def test_what_turned_around_in_most_quarters_cannot_be_told():
    kinds = [Kind.WON] * 120 + [Kind.NEVER] * 480
    at = [QUARTERS[place % 4] for place in range(600)]
    first = np.array([place % 4 == 0 for place in range(600)])
    won = np.array([kind is Kind.WON for kind in kinds])
    has = np.where(first, won, np.arange(600) // 4 % 10 < np.where(won, 1, 2))
    found = evidence.behaviours(cases(kinds, at=at), features({"thing": has.astype(float).tolist()}), {})[0]
    assert found.q <= 0.05
    assert (found.held.value, found.held.n) == (1.0, 4)
    assert found.says is Says.OPEN
    assert [quarter.name for quarter in found.quarters] == ["2026Q2", "2026Q3", "2026Q4", "2027Q1"]
    assert sum(quarter.won for quarter in found.quarters) == 120


def test_a_quarter_in_which_nobody_had_it_is_no_evidence():
    had = np.array([place % 4 < 2 and place < 60 for place in range(300)], float)
    kinds = [Kind.WON] * 60 + [Kind.NEVER] * 240
    found = evidence.behaviours(cases(kinds, at=[QUARTERS[place % 4] for place in range(300)]), features({"thing": had.tolist()}), {})[0]
    assert (found.held.value, found.held.n) == (2.0, 2)
    assert len(found.quarters) == 4


def test_people_without_an_account_are_not_asked_what_an_account_did_or_was():
    kinds = [Kind.WON] * 20 + [Kind.NEVER] * 60
    account = np.array([*range(40), *[NONE] * 40])
    made = Features(
        (
            Feature("a", "a", Group.ENGAGEMENT, "a", {"of": "account"}), Feature("b", "b", Group.FIT, "b", {"when": "person.x"}),
            Feature("c", "c", Group.FIT, "account.c", {"when": "account.c"}),
        ),
        np.array([[1.0, 1.0, 1.0]] * 20 + [[0.0, 0.0, 0.0]] * 60, np.float32),
    )  # fmt: skip
    found = {item.feature: item for item in evidence.behaviours(cases(kinds, account=account), made, {})}
    assert found["a"].prevalence["never"].n == 20
    assert found["b"].prevalence["never"].n == 60
    assert found["c"].prevalence["never"].n == 20


def test_what_counts_is_left_out_for_saying_the_same():
    made = Features((Feature("a", "a", Group.FIT, "a", counts=True),), np.ones((4, 1), np.float32))
    assert evidence.behaviours(cases([Kind.WON, Kind.NEVER] * 2), made, {}) == ()


def test_noise_is_seldom_said_to_win():
    rng = np.random.default_rng(3)
    kinds = [Kind.WON] * 100 + [Kind.LOST] * 50 + [Kind.NEVER] * 400
    columns = {f"f{at}": (rng.random(550) < rng.uniform(0.05, 0.5)).astype(float).tolist() for at in range(400)}
    found = evidence.behaviours(cases(kinds, at=[QUARTERS[at % 4] for at in range(550)]), features(columns), {})
    assert sum(item.says in {Says.WINS, Says.AGAINST} for item in found) <= 2


def test_a_pair_wins_deals_only_if_it_tells_more_than_either_signal():
    kinds = [Kind.WON] * 100 + [Kind.NEVER] * 300
    won, part = np.array([kind is Kind.WON for kind in kinds]), np.arange(400) % 10
    one, other = (won & (part < 6)) | (part < 2), (won & (part > 3)) | (part > 7)
    for pair, says in ((won & (part < 6) | (part < 1), Says.WINS), (won & (part < 3) | (part < 1), Says.OPEN)):
        made = features({name: has.astype(float).tolist() for name, has in {"a": one, "b": other, "a + b": pair}.items()})
        found = {item.source: item.says for item in evidence.behaviours(cases(kinds), made, {})}
        assert found == {"a": Says.WINS, "b": Says.WINS, "a + b": says}


def test_the_best_of_each_source_comes_first_and_the_strongest_of_all_at_the_top():
    kinds = [Kind.WON] * 100 + [Kind.NEVER] * 300
    won = np.array([kind is Kind.WON for kind in kinds])
    part = np.arange(400) % 10
    columns = {
        "strong.1": (won & (part < 8)) | (part < 1), "strong.2": (won & (part < 6)) | (part < 1), "weak": (won & (part < 4)) | (part < 2),
        "against": ~won & (part < 5), "nothing": part < 5,
    }  # fmt: skip
    made = features({name: has.astype(float).tolist() for name, has in columns.items()})
    made = Features(tuple(Feature(item.name, item.words, item.group, item.name.split(".")[0]) for item in made.features), made.values)
    found = evidence.behaviours(cases(kinds), made, {"weak": ("old_one",)})
    assert [item.feature for item in found] == ["strong.1", "weak", "against", "nothing", "strong.2"]
    assert found[1].used_by == ("old_one",)
    assert found[0].used_by == ()


def test_the_order_of_cases_and_features_says_nothing():
    rng = np.random.default_rng(5)
    kinds = np.array([Kind.WON] * 50 + [Kind.NEVER] * 150)
    made = features({f"f{at}": (rng.random(200) < 0.3).astype(float).tolist() for at in range(20)})
    order, columns = rng.permutation(200), rng.permutation(20)
    one = evidence.behaviours(cases(kinds.tolist()), made, {})
    other = evidence.behaviours(cases(kinds[order].tolist()), Features(made.features, made.values[order]).only(columns), {})
    assert one == other


def test_without_cases_or_features_there_is_no_evidence():
    assert evidence.behaviours(cases([]), features({"a": []}), {}) == ()
    assert evidence.behaviours(cases([Kind.WON]), Features((), np.zeros((1, 0), np.float32)), {}) == ()


@pytest.mark.parametrize("kind", [Kind.WON, Kind.NEVER])
def test_a_single_kind_tells_nothing(kind):
    found = evidence.behaviours(cases([kind] * 6), features({"a": [1, 0, 1, 0, 1, 0]}), {})[0]
    assert found.says is Says.OPEN
    assert found.odds_ratio.value is None
    assert found.p == 1.0


# --- the current definition -----------------------------------------------------------------------------------------------------------


def test_criteria_of_the_current_definition_stand_by_whom_they_give_points():
    kinds = [Kind.WON] * 50 + [Kind.NEVER] * 150
    won = np.array([kind is Kind.WON for kind in kinds])
    part = np.arange(200) % 10
    points = np.stack([
        np.where((won & (part < 8)) | (part < 1), 20.0, 0.0), np.where((won & (part < 8)) | (part < 1), -5.0, 0.0),
        np.where(~won & (part < 6), 3.0, 0.0), np.where(~won & (part < 6), -3.0, 0.0), np.where(part < 5, 1.0, 0.0),
        np.where(np.arange(200) < 9, 9.0, 0.0),
    ]).T  # fmt: skip
    names = {"good": "engagement", "wrong_sign": "engagement", "backwards": "fit", "minus": "fit", "idle": "fit", "rare": "usage"}
    found = evidence.current(cases(kinds), names, points)
    assert {item.name: item.standing for item in found} == {
        "good": Standing.SUPPORTED, "wrong_sign": Standing.HARMFUL, "backwards": Standing.HARMFUL, "minus": Standing.SUPPORTED,
        "idle": Standing.UNSUPPORTED, "rare": Standing.UNSEEN,
    }  # fmt: skip
    assert found[0].group == "engagement"
    assert found[0].prevalence["won"].value == pytest.approx(0.8)


def test_without_criteria_nothing_stands():
    assert evidence.current(cases([Kind.WON]), {}, np.zeros((1, 0))) == ()

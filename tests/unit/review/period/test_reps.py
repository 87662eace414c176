"""Who decides unlike the others is found, whatever leads they got, and nobody else is."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from leadline.review.period import reps
from leadline.review.period.parts import Standing
from leadline.review.period.reps import Decisions

NAMES = tuple(f"sdr-{number}" for number in range(1, 7))


def decided(leniency, each=150, seed=3, skew=0.0):
    """Reps who accept good leads half, poor ones a fifth of the time, times their leniency; by skew the later ones get more poor leads."""
    rng = np.random.default_rng(seed)
    rep = np.repeat(np.arange(len(leniency)), each)
    source = (rng.random(len(rep)) < 0.5 + skew * (rep / max(1, len(leniency) - 1) - 0.5)).astype(np.int64)
    chance = np.where(source == 0, 0.5, 0.2) * np.array(leniency)[rep]
    score = 50 + 40 * rng.random(len(rep))
    return Decisions(rep, NAMES[: len(leniency)], rng.random(len(rep)) < chance, score, (source, np.zeros(len(rep), np.int64)))


def standings(found):
    return {row.rep: row.standing for row in found.reps}


def outside(found):
    return {row.rep for row in found.outside()}


def test_one_who_rejects_and_one_who_accepts_nearly_everything_are_found_and_nobody_else():
    for seed in range(10):
        found = reps.consistency("accepted", decided([1, 0.3, 1, 1.1, 0.95, 1.9], seed=seed))
        assert outside(found) == {"sdr-2", "sdr-6"}
        assert standings(found)["sdr-2"] is Standing.BELOW
        assert standings(found)["sdr-6"] is Standing.ABOVE


def test_those_who_decide_alike_stand_inside():
    found = [outside(reps.consistency("accepted", decided([1] * 6, seed=seed))) for seed in range(60)]
    assert sum(map(len, found)) <= 3  # of 360, each with a chance of 2 in 1000


def test_poor_leads_are_no_fault_of_who_gets_them():
    found = reps.consistency("accepted", decided([1] * 6, each=400, skew=0.9))
    assert not found.outside()
    shares = [row.share.value for row in found.reps]
    assert shares[0] > shares[-1] + 0.15
    assert [row.ratio.value for row in found.reps] == pytest.approx([1] * 6, abs=0.2)


def test_without_the_odd_ones_the_standard_is_that_of_the_others():
    found = reps.consistency("accepted", decided([1, 0.1, 1, 1, 1, 1], each=300))
    assert outside(found) == {"sdr-2"}
    assert found.standard == pytest.approx(0.35, abs=0.03)
    assert found.overall.value < found.standard
    others = [row for row in found.reps if row.rep != "sdr-2"]
    assert sum(row.met for row in others) == pytest.approx(sum(row.expected for row in others), rel=1e-3)


def test_what_is_expected_of_all_is_what_all_did():
    found = reps.consistency("accepted", decided([1] * 6))
    assert sum(row.expected for row in found.reps) == pytest.approx(sum(row.met for row in found.reps), rel=1e-3)


def test_few_leads_make_wide_limits_and_no_claim():
    made = decided([1] * 5, each=150)
    few = Decisions(np.full(8, 5), NAMES, np.zeros(8, np.bool_), np.full(8, 60.0), (np.zeros(8, np.int64), np.zeros(8, np.int64)))
    every = Decisions(
        np.concatenate([made.rep, few.rep]), NAMES, np.concatenate([made.met, few.met]), np.concatenate([made.score, few.score]),
        tuple(np.concatenate(pair) for pair in zip(made.kinds, few.kinds, strict=True)),
    )  # fmt: skip
    found = reps.consistency("accepted", every)
    row = found.reps[-1]
    assert row.standing is Standing.FEW
    assert row.high - 1 > 3 * (found.reps[0].high - 1)


def test_limits_narrow_with_the_root_of_the_leads():
    small, large = (reps.consistency("accepted", decided([1] * 4, each=each)).reps[0] for each in (100, 1600))
    assert (small.high - 1) / (large.high - 1) == pytest.approx(4, rel=0.15)
    assert large.weight == pytest.approx(1600, rel=0.2)
    assert small.ratio.high < small.high


def test_a_difference_that_is_sure_but_small_is_at_the_edge():
    rng = np.random.default_rng(1)
    rep = np.repeat([0, 1, 2], 20_000)
    met = rng.random(len(rep)) < np.array([0.5, 0.5, 0.45])[rep]
    zeros = np.zeros(len(rep), np.int64)
    found = reps.consistency("accepted", Decisions(rep, NAMES[:3], met, zeros.astype(float), (zeros,)))
    assert found.reps[2].ratio.value < found.reps[2].low
    assert not found.outside()


def test_it_takes_two_reps_and_both_kinds_of_decisions():
    assert reps.consistency("accepted", decided([1])) is None
    made = decided([1, 1])
    assert reps.consistency("accepted", replace(made, met=np.ones(300, np.bool_))) is None


def test_the_same_decisions_give_the_same_figures_whatever_their_order():
    made = decided([1, 0.3, 1, 1.1, 0.95, 1.9])
    shuffled = np.random.default_rng(2).permutation(len(made.rep))
    first, second = reps.consistency("accepted", made), reps.consistency("accepted", made.where(shuffled))
    assert [row.expected for row in first.reps] == pytest.approx([row.expected for row in second.reps])
    assert standings(first) == standings(second)

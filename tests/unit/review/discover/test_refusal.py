"""Where there is too little to learn from, no weights are proposed, and it is said how much more it would take."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from tests.unit.review.discover.planted import World, world

from leadline.review.discover import card, refusal
from leadline.review.discover.model import Kind
from leadline.review.model import Figure


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_world_of_noise_is_refused(seed: int):
    noise = world(900, seed=seed, truth={})
    found = refusal.refusal(noise.cases, noise.features)
    assert found is not None
    assert found.won == (noise.cases.won & ~noise.cases.later).sum()
    assert "chance" in found.says


def test_a_world_with_a_truth_is_not():
    planted = world(700, seed=1)
    assert refusal.refusal(planted.cases, planted.features) is None


@pytest.mark.parametrize(("won", "words"), [(0, "0 won cases"), (1, "1 won case to learn from is"), (29, "29 won cases")])
def test_few_won_cases_are_refused_without_a_look(won: int, words: str):
    planted = _of(won, 400)
    found = refusal.refusal(planted.cases, planted.features)
    assert (found.won, found.needed) == (won, refusal.LEAST)
    assert found.says.startswith(words)


def test_few_cases_to_set_them_against_are_refused():
    planted = _of(100, 12)
    found = refusal.refusal(planted.cases, planted.features)
    assert (found.won, found.needed) == (100, None)
    assert "only 12 cases that weren't won" in found.says


def test_a_card_that_is_there_already_is_not_learned_again():
    planted = world(500, seed=2)
    learned = card.learn(planted.cases, planted.features)
    assert refusal.refusal(planted.cases, planted.features, learned) == refusal.refusal(planted.cases, planted.features)
    blind = replace(learned, held_out=np.where(planted.cases.later, np.nan, 0.0))
    assert refusal.refusal(planted.cases, planted.features, blind).needed is None


def test_a_card_that_only_takes_points_away_qualifies_nobody_and_is_refused():
    planted = world(500, seed=2)
    learned = card.learn(planted.cases, planted.features)
    against = tuple(replace(criterion, points=-5, criterion={"when": "person.x"}) for criterion in learned.card.criteria)
    found = refusal.refusal(planted.cases, planted.features, replace(learned, card=replace(learned.card, criteria=against)))
    assert "speaks against a deal" in found.says


def test_features_that_never_change_are_refused():
    planted = world(500, seed=2)
    flat = replace(planted.features, values=np.zeros_like(planted.features.values))
    assert refusal.refusal(planted.cases, flat) is not None


def test_later_cases_have_no_part_in_it():
    planted = world(500, seed=2)
    cases = replace(planted.cases, kind=np.where(planted.cases.later, Kind.NEVER, planted.cases.kind))
    assert refusal.refusal(cases, planted.features) == refusal.refusal(planted.cases, planted.features)


@pytest.mark.parametrize(
    ("area", "won", "needed"),
    [
        (Figure(0.65, 0.53, 0.77, 300), 40, 60),
        (Figure(0.60, 0.51, 0.69, 300), 40, 130),
        (Figure(0.555, 0.4, 0.7, 300), 40, None),
        (Figure(0.57, 0.3, 0.8, 300), 40, None),
        (Figure(None, None, None, 0), 40, None),
    ],
)
def test_what_is_needed_follows_from_the_width_of_the_interval(area, won, needed):
    assert refusal.needed(won, area) == needed


def _of(won: int, others: int) -> World:
    planted = world(won + others, seed=6)
    kind = np.where(np.arange(won + others) < won, Kind.WON, Kind.NEVER).astype(np.int64)
    return replace(planted, cases=replace(planted.cases, kind=kind, later=np.zeros(won + others, np.bool_)))

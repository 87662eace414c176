"""Pipeline velocity and the narrow step, counted by hand and planted."""

from __future__ import annotations

import math

import numpy as np
import pytest
from tests.unit.review.period.made import deal, entered, material, month, outcomes

from leadline.outcomes.model import Said, Stage
from leadline.review.period import draws, velocity

PERIOD = month(170, 200, 200)  # so a span of 91 days ends on day 200, the one before on day 109


def made(deals, rows=None, said=()):
    people = sorted({one["person"] for one in deals})
    happened = outcomes(deals, said)
    return material(entered(rows or [(person, person, 1, 2) for person in people], happened), happened, PERIOD)


def closed(person, created, took, won, amount=100.0):
    return deal(created, person=person, account=person, closed=created + took, won=won, amount=amount)


NOW = [closed(1, 120, 20, won=True, amount=300.0), closed(2, 120, 40, won=True, amount=100.0), closed(3, 130, 10, won=False)]
BEFORE = [closed(4, 30, 20, won=True, amount=100.0), closed(5, 30, 10, won=False), closed(6, 60, 10, won=False)]


def test_velocity_is_opportunities_times_win_rate_times_size_by_days():
    found = velocity.velocity(made([*NOW, *BEFORE]))
    assert found is not None
    assert found.now.opportunities.value == pytest.approx(70 / 91)
    assert (found.now.win_rate.value, found.now.deal_size.value, found.now.cycle_days.value) == (pytest.approx(2 / 3), 200, 30)
    assert found.now.per_day.value == pytest.approx(70 / 91 * 2 / 3 * 200 / 30)
    assert found.before.per_day.value == pytest.approx(40 / 91 / 3 * 100 / 20)


def test_what_each_factor_did_multiplies_to_the_change():
    found = velocity.velocity(made([*NOW, *BEFORE]))
    assert found is not None
    assert math.prod(factor for _, factor in found.moved) == pytest.approx(found.change.value)
    assert found.change.value == pytest.approx(found.now.per_day.value / found.before.per_day.value)


def test_without_wins_there_is_no_velocity():
    assert velocity.velocity(made(NOW)) is None
    assert velocity.velocity(made([*NOW, closed(4, 30, 20, won=False)])) is None


def test_deals_that_no_mql_led_to_have_no_part_in_it():
    alone = velocity.velocity(made([*NOW, *BEFORE]))
    others = [closed(person, 125, 5, won=True, amount=9e6) for person in (11, 12)]
    rows = [(person, person, 1, 2) for person in range(1, 7)]
    both = velocity.velocity(made([*NOW, *BEFORE, *others], rows))
    assert alone is not None
    assert both is not None
    assert both.now.deal_size.value == alone.now.deal_size.value


def funnel(now, past, each=60):
    """People whose leads become SQLs with one share lately and another before; all are accepted a day after they enter."""
    rows, said = [], []
    for at in range(each * 4):
        entry = 5 + 190 * at / (each * 4)
        share = now if entry >= 100 else past
        rows.append((at, at, entry, entry + 1))
        said.append((at, entry + 1, Said.ACCEPTED))
        if at % 20 < round(share * 20):
            said.append((at, entry + 2, Said.SQL))
    return made([], rows, said)


def test_a_step_that_became_narrow_is_found_with_what_closing_the_gap_would_bring():
    found = velocity.bottleneck(funnel(0.2, 0.6))
    assert found.worst is Stage.SQL
    assert found.step is not None
    assert (found.step.now.value, found.step.past.value) == (pytest.approx(0.2, abs=0.05), pytest.approx(0.6, abs=0.05))
    begun = found.step.now.n / (91 / (365 / 12))
    assert found.step.sqls == pytest.approx(begun * (found.step.past.value - found.step.now.value))


def test_where_nothing_changed_no_step_is_narrow():
    assert velocity.bottleneck(funnel(0.4, 0.4)).worst is None


def test_a_step_that_widened_is_no_bottleneck_and_has_no_gap():
    found = velocity.bottleneck(funnel(0.7, 0.3))
    assert found.worst is None
    assert next(step for step in found.steps if step.stage is Stage.SQL).sqls is None


def test_few_cases_decide_nothing():
    found = velocity.bottleneck(funnel(0.0, 1.0, each=4))
    assert found.worst is None


def test_a_mean_has_the_interval_that_theory_gives_it():
    values = np.random.default_rng(1).normal(100, 20, 400)
    mean = draws.means(np.array([values]))[0]
    half = 1.96 * values.std() / math.sqrt(400)
    assert mean.value == pytest.approx(values.mean())
    assert (mean.high - mean.low) / 2 == pytest.approx(half, rel=0.12)


def test_means_of_nothing_and_of_one():
    found = draws.means(np.array([[np.nan, np.nan], [5.0, np.nan]]))
    assert [(one.value, one.low, one.n) for one in found] == [(None, None, 0), (5.0, None, 1)]

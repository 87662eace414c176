"""The audit score and how it is read."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.unit.review.period.made import entered, material, month, outcomes

from leadline import clock
from leadline.outcomes.model import Said
from leadline.review.period import audit


def made(share, *, rejected=False, targets=None, until=200.0, each=40):
    """One lead a quarter of a day, of whom a share becomes an SQL five days on and the others are accepted, or rejected."""
    rows, said = [], []
    for at in range(each * 20):
        entry = 200 * at / (each * 20)
        rows.append((at, at, entry, entry + 1))
        sql = at % 20 < round(share * 20)
        said.append(
            (at, entry + 5, Said.SQL) if sql else (at, entry + 5, Said.REJECTED, "no") if rejected else (at, entry + 5, Said.ACCEPTED)
        )
    happened = outcomes((), said, until=until)
    return material(entered(rows, happened), happened, month(170, 200, until), targets=targets or {})


def test_the_score_is_of_the_last_quarter_that_is_old_enough():
    found = audit.audit(made(0.25))
    assert found.now.value == pytest.approx(0.25)
    assert (found.now_end_at - found.now_at) / clock.DAY == 91
    assert found.horizon_days == 30
    assert found.now_end_at <= made(0.25).period.until_at + 1 - 30 * clock.DAY


def test_months_that_are_too_young_are_not_among_the_past():
    found = audit.audit(made(0.25))
    assert [one.name for one, _ in found.past] == ["before 2", "before 1"]
    assert (found.low, found.median) == (None, None)  # two months don't say what is usual


def test_several_months_say_what_is_usual():
    world = made(0.25)
    found = audit.audit(replace(world, periods=tuple(replace(month(begin, begin + 20), name=f"{begin}") for begin in range(0, 200, 20))))
    assert [one.name for one, _ in found.past] == ["20", "40", "60", "80", "100", "120", "140"]  # sales' record begins on day 5
    assert found.median == pytest.approx(0.25, abs=0.02)
    assert found.low <= found.median <= found.high
    assert any("By your own past it is within what is usual" in line for line in found.reading)


@pytest.mark.parametrize(("share", "says"), [(0.05, "too loose"), (0.6, "too tight")])
def test_far_outside_published_bands_the_advice_is_told(share, says):
    assert any(says in line for line in audit.audit(made(share)).reading)


def test_in_between_no_band_decides():
    found = audit.audit(made(0.2))
    assert not any("too loose" in line or "too tight" in line for line in found.reading)
    assert any("none of them decides anything" in line for line in found.reading)


def test_the_target_is_read():
    below = audit.audit(made(0.2, targets={"mql_to_sql": (0.4, 0.5)}))
    assert below.target == (0.4, 0.5)
    assert any("It is below what the agreement expects (40 % to 50 %)" in line for line in below.reading)
    assert any("compatible with" in line for line in audit.audit(made(0.2, targets={"mql_to_sql": 0.2})).reading)


@pytest.mark.parametrize(("share", "rejected", "calibrate"), [(0.05, False, True), (0.3, False, False), (0.3, True, True)])
def test_teams_look_at_leads_together_below_fifteen_percent_or_with_more_than_half_rejected(share, rejected, calibrate):
    assert audit.audit(made(share, rejected=rejected)).calibrate is calibrate


def test_without_anybody_old_enough_it_says_so():
    happened = outcomes((), (), until=200.0)
    found = audit.audit(material(entered([(1, 1, 195, 196)], happened), happened, month(170, 200, 200)))
    assert (found.now.value, found.low, found.reading) == (None, None, ("No worked entry is old enough to tell.",))


def test_every_band_names_its_source_and_its_companies():
    assert all(band.source and band.motion and 0 < band.low < band.high < 1 for band in audit.BANDS)

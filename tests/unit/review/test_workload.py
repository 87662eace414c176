"""What teams get against what they can take."""

from __future__ import annotations

import pytest
from tests.unit.outcomes.worlds import instant
from tests.unit.review.lives import WINDOW, setting, side

from leadline.review import workload
from leadline.review.model import Window
from leadline.review.workload import Rep

ANNA, BEN, CARL = 1, 2, 3
ACME = 7
WEEKDAYS = (0, 1, 2, 3, 4)
THREE_WEEKS = Window(instant(4), instant(25), instant(30), 3)  # from a Monday


def test_a_reps_capacity_is_spread_over_working_days_and_days_off_take_their_share():
    reps = [Rep("sdr", 20, WEEKDAYS), Rep("sdr", 8, (0, 1, 2, 3), ((11, 12), (18, 40)))]
    assert workload.weekly_capacity(reps, THREE_WEEKS).tolist() == pytest.approx([28, 24, 20])


def test_weeks_that_are_cut_short_have_less_capacity():
    window = Window(instant(1), instant(5.5), instant(30), 4.5 / 7)  # Friday to Tuesday noon
    assert workload.weekly_capacity([Rep("sdr", 20, WEEKDAYS)], window).tolist() == pytest.approx([4, 6])


def test_capacity_is_known_only_if_every_rep_of_the_team_states_it():
    reps = [Rep("sdr", 20, WEEKDAYS), Rep("sdr", 5, WEEKDAYS), Rep("ae", None, WEEKDAYS)]
    assert workload.capacity_per_week(reps, "sdr") == 25
    assert workload.capacity_per_week(reps, "ae") is None
    assert workload.capacity_per_week(reps, "am") is None
    assert workload.capacity_per_week(reps, "") is None
    assert workload.capacity_per_week(reps[:2], "") == 25


def test_an_entry_goes_to_the_team_of_the_track_that_came_first():
    rows = [(ANNA, ACME, 110, 130, 1), (ANNA, ACME, 120, 140, 0), (BEN, ACME, 110, 120, 0), (CARL, ACME, 50, 60, 0)]
    found = side("new", rows, setting(), ("hot", "mql"), {"hot": "ae", "mql": "sdr"})
    ae, sdr = workload.loads(found, [Rep("sdr", 0.5, WEEKDAYS), Rep("ae", 10, WEEKDAYS)], WINDOW)
    assert (ae.team, ae.tracks, sum(week.entries for week in ae.weeks), ae.weeks_over) == ("ae", ("hot",), 1, 0)
    assert (sdr.team, sdr.tracks, sum(week.entries for week in sdr.weeks), sdr.weeks_over) == ("sdr", ("mql",), 1, 1)
    assert sdr.entries_per_week == pytest.approx(1 / WINDOW.weeks)
    assert len(sdr.capacity) == len(sdr.weeks)


def test_where_a_track_hands_over_accounts_colleagues_who_overlap_are_one():
    rows = [
        (ANNA, ACME, 110, 130, 0), (BEN, ACME, 120, 125, 0), (CARL, ACME, 128, 140, 0), (4, ACME, 141, 150, 0), (5, 8, 120, 130, 0),
        (6, -1, 120, 130, 0), (7, -1, 120, 130, 0), (8, ACME, 120, 130, 1), (9, ACME, 121, 130, 1),
        (10, 9, 90, 110, 0), (11, 9, 105, 120, 0),
    ]  # fmt: skip
    found = side("new", rows, setting(), ("pql", "mql"), shared=("pql",))
    chosen = workload.handed_over(found.entries, found, "sdr")
    assert found.entries.spells.person[chosen].tolist() == [ANNA, 4, 5, 6, 7, 8, 9]


def test_tracks_that_name_no_team_hand_over_to_everybody():
    found = side("new", [(ANNA, ACME, 110, 130)], setting(), ("mql",), {"mql": ""})
    (load,) = workload.loads(found, [Rep("sdr", 20, WEEKDAYS), Rep("ae", 10, WEEKDAYS)], WINDOW)
    assert load.capacity_per_week == 30
    (load,) = workload.loads(found, [], WINDOW)
    assert (load.capacity_per_week, load.capacity, load.weeks_over) == (None, (), 0)

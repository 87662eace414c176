"""Who works leads: the file of reps, and what is wrong with it."""

from __future__ import annotations

import datetime as dt

import pytest

from leadline.documents import parse_document
from leadline.facts import reps
from leadline.facts.reps import DaysOff, Rep, Shift

WEEK = (0, 1, 2, 3, 4)


def read(text: str) -> list[Rep]:
    found, problems = reps.check(parse_document(text, "reps.yaml"))
    assert not problems
    return found


def wrong(text: str) -> list[tuple[str, int | None]]:
    _, problems = reps.check(parse_document(text, "reps.yaml"))
    assert problems
    assert all(problem.fix or problem.code == "bad-value" for problem in problems)
    return [(problem.code, problem.where.line) for problem in problems]


def test_reps_are_a_mapping_of_ids_or_a_list():
    named = read("anna: {team: sdr}\nbob: {team: ae}")
    assert named == read("- {id: anna, team: sdr}\n- {id: bob, team: ae}")
    assert [rep.id for rep in named] == ["anna", "bob"]


def test_everything_but_the_id_has_a_usual_value():
    (rep,) = read("anna: {}")
    assert rep == Rep(id="anna", hours=(Shift(days=WEEK, begin=540, end=1020),), time_zone="UTC", weight=1, capacity_per_week=None)


def test_one_value_stands_for_a_list_of_one():
    (rep,) = read("anna: {territory: DE, hours: sat 10:00-12:00, days_off: 2026-12-24}")
    assert rep.territory == ("DE",)
    assert rep.hours == (Shift(days=(5,), begin=600, end=720),)
    assert rep.days_off == (DaysOff(first=dt.date(2026, 12, 24), last=dt.date(2026, 12, 24)),)


@pytest.mark.parametrize(
    ("text", "days", "begin", "end"),
    [
        ("9:00-17:30", WEEK, 540, 1050),
        ("mon-fri 09:00 - 17:30", WEEK, 540, 1050),
        ("Mon, Wed 8:00–12:00", (0, 2), 480, 720),
        ("fri-mon 10:00-24:00", (0, 4, 5, 6), 600, 1440),
        ("monday-tuesday 0:00-1:00", (0, 1), 0, 60),
    ],
)
def test_working_hours_are_read_as_people_write_them(text, days, begin, end):
    assert reps.parse_shift(text) == Shift(days=days, begin=begin, end=end)


@pytest.mark.parametrize("text", ["9-17", "17:00-9:00", "9:00-25:00", "9:60-10:00", "someday 9:00-10:00", "24:30-24:40", ""])
def test_what_are_no_working_hours_is_refused(text):
    with pytest.raises(ValueError):  # noqa: PT011 - its text is nobody's business: the model gives the words
        reps.parse_shift(text)


@pytest.mark.parametrize("text", ["2026-12-24..2027-01-02", "2026-12-24 to 2027-01-02", "2026-12-24/2027-01-02"])
def test_days_off_can_be_a_span(text):
    assert reps.parse_days_off(text) == DaysOff(first=dt.date(2026, 12, 24), last=dt.date(2027, 1, 2))


@pytest.mark.parametrize(
    ("text", "problems"),
    [
        ("anna:\n  time_zone: Europe/Berln", [("unknown-time-zone", 2)]),
        ("anna:\n  time_zone: ../etc", [("unknown-time-zone", 2)]),
        ("anna:\n  hours: all day", [("bad-hours", 2)]),
        ("anna:\n  days_off: [2026-12-24, 2026-13-01]", [("bad-days-off", 2)]),
        ("anna:\n  days_off: 2027-01-02..2026-12-24", [("bad-days-off", 2)]),
        ("anna:\n  capacity: 3", [("unknown-key", 2)]),
        ("- {id: anna}\n- {id: anna}", [("duplicate-rep", 2)]),
        ("- {team: sdr}", [("missing-key", 1)]),
        ("anna: {weight: heavy}\nbob: {weight: .nan}", [("bad-value", 1), ("bad-value", 2)]),
    ],
)
def test_what_is_wrong_with_a_rep_is_told_at_its_line(text, problems):
    assert wrong(text) == problems

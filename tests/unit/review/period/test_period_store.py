"""What a review reads from a mirror: contents, who was active, reps, accounts, working hours."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace
from typing import Any

import duckdb
import numpy as np
import pytest
from tests.integration.mirrored import at, built

from leadline.review.period import store

ANNA, BEN, CARL = 0, 1, 2
PEOPLE = [
    {"person_id": "anna", "account_id": "acme", "created_at": "2026-01-01"},
    {"person_id": "ben", "account_id": "birch", "created_at": "2026-01-01"},
    {"person_id": "carl", "account_id": "", "created_at": "2026-01-01"},
]
ACCOUNTS = [
    {"account_id": "acme", "name": "Acme", "employees": "10"},
    {"account_id": "birch", "name": "", "employees": "5001"},
]


def activity(name: str, person: str, when: str, kind: str, **given: str) -> dict[str, str]:
    return {"activity_id": name, "person_id": person, "occurred_at": when, "type": kind, "content": "", "form": "", "rep": "",
            "side": "marketing", **given}  # fmt: skip


ACTIVITIES = [
    activity("1", "anna", "2026-02-01", "content_download", content="guide"),
    activity("2", "anna", "2026-03-01", "form_submit", form="demo"),
    activity("3", "anna", "2026-03-10", "page_view"),
    activity("4", "ben", "2026-04-20", "page_view"),
    activity("5", "ben", "2026-03-20", "page_view"),
    activity("6", "ben", "2026-04-21", "call", side="sales", rep="bob"),
    activity("7", "carl", "2026-04-22", "page_view"),
    activity("8", "ben", "2026-04-25", "page_view"),
]
STAGES = [
    {"person_id": "anna", "stage": "mql", "entered_at": "2026-03-02", "rep": "amy"},
    {"person_id": "anna", "stage": "rejected", "entered_at": "2026-03-04", "rep": ""},
]
DEALS = [
    {"deal_id": "d1", "account_id": "acme", "created_at": "2026-02-01", "outcome": "won", "closed_at": "2026-03-01", "amount": "100"},
    {"deal_id": "d2", "account_id": "birch", "created_at": "2026-04-01", "outcome": "open", "closed_at": "", "amount": "100"},
]


@pytest.fixture
def mirror(tmp_path) -> Any:
    files = {"people": PEOPLE, "accounts": ACCOUNTS, "activities": ACTIVITIES, "lead_stages": STAGES, "deals": DEALS}
    return built(tmp_path, files)


def whole(*values: int) -> Any:
    return np.array(values, np.int64)


def test_the_last_content_before_an_entry_and_none_that_is_old(mirror):
    people, entered = (
        whole(ANNA, ANNA, ANNA, BEN, ANNA),
        whole(*map(at, ("2026-02-15", "2026-03-05", "2026-07-01", "2026-05-01", "2026-01-15"))),
    )
    found = store.contents(mirror.path, people, entered)
    assert [found.names[code] if code >= 0 else None for code in found.codes.tolist()] == ["guide", "demo", None, None, None]


def test_who_did_anything_in_a_span_with_those_who_entered(mirror):
    people, accounts, when = store.active(mirror.path, at("2026-04-01"), at("2026-05-01"), whole(ANNA, ANNA))
    assert (people.tolist(), accounts.tolist()) == ([ANNA, BEN, CARL], [0, 1, -1])
    assert when.tolist() == [at("2026-04-01")] * 3
    people, _, _ = store.active(mirror.path, at("2026-04-01"), at("2026-04-22"), whole())
    assert people.tolist() == [BEN]  # what sales did is nothing that he did


def test_reps_of_stages_and_of_touches(mirror):
    stages, touches = store.named_reps(mirror.path)
    assert stages.names == touches.names == ("amy", "bob")
    assert (stages.person.tolist(), stages.at.tolist(), stages.rep.tolist()) == ([ANNA], [at("2026-03-02")], [0])
    assert (touches.person.tolist(), touches.at.tolist(), touches.rep.tolist()) == ([BEN], [at("2026-04-21")], [1])


def test_without_reps_in_the_data_there_is_nobody(tmp_path):
    found = built(tmp_path, {"people": PEOPLE, "lead_stages": [{"person_id": "anna", "stage": "mql", "entered_at": "2026-03-02"}]})
    stages, touches = store.named_reps(found.path)
    assert (stages.names, len(stages.at), len(touches.at)) == ((), 0, 0)


def test_what_accounts_did_lately(mirror):
    found = store.activity(mirror.path, mirror.schema, at("2026-05-01"), {"birch": (12.5, 30.0)})
    assert (found.account.tolist(), found.people.tolist(), found.recent.tolist(), found.earlier.tolist()) == ([1], [1], [2], [1])
    assert (found.engagement.tolist(), found.fit.tolist(), found.name) == ([12.5], [30.0], ("",))
    assert (found.customer.tolist(), found.open_deal.tolist()) == ([False], [True])
    assert [found.segment.names[code] for code in found.segment.codes.tolist()] == ["5,001 or more"]
    earlier = store.activity(mirror.path, mirror.schema, at("2026-03-15"), {})
    assert (earlier.name, earlier.customer.tolist(), earlier.open_deal.tolist()) == (("Acme",), [True], [False])


def test_segments_of_other_accounts_by_the_same_names(mirror):
    like = store.activity(mirror.path, mirror.schema, at("2026-05-01"), {}).segment
    codes = store.segments(mirror.path, mirror.schema, whole(1, 0, -1), at("2026-05-01"), like).tolist()
    assert [like.names[code] if code >= 0 else None for code in codes] == ["5,001 or more", "1–10", None]


def test_points_of_what_people_did_and_of_who_they_are():
    with duckdb.connect() as con:
        con.execute("create table t as select * from (values ('acme', 5.0, -3.0, 20.0), ('acme', 1.0, -4.0, 25.0), (null, 9.0, 0.0, 1.0)) "
                    "v(account_id, visit, quiet, title)")  # fmt: skip
        found = store.standing(SimpleNamespace(relation=con.table("t")), ["visit", "quiet"], ["title"])
        nothing = store.standing(SimpleNamespace(relation=con.table("t")), [], [])
    assert (found, nothing) == ({"acme": (2.0, 25.0)}, {"acme": (0.0, 0.0)})


def test_working_hours(tmp_path):
    (tmp_path / "reps.yaml").write_text(
        "amy: {team: sdr, time_zone: Europe/Berlin, hours: 'mon-thu 8:30-17:00', days_off: ['2026-12-24..2026-12-26']}\n", "utf-8"
    )
    found = built(tmp_path, {"people": PEOPLE}, reps="reps.yaml")
    (clock,) = store.clocks(found.path)
    assert (clock.rep, clock.team, clock.calendar.zone) == ("amy", "sdr", "Europe/Berlin")
    assert [(shift.days, shift.begin, shift.end) for shift in clock.calendar.shifts] == [((0, 1, 2, 3), 510, 1020)]
    assert clock.calendar.days_off == ((dt.date(2026, 12, 24), dt.date(2026, 12, 26)),)


def test_nobody_works_where_no_reps_are_told(mirror):
    assert store.clocks(mirror.path) == ()

"""The mirror: what is in it, that it is the same whichever way the rows come, and that it is built once and never by halves."""

from __future__ import annotations

import datetime as dt
import json
import multiprocessing
import os
import random
from itertools import pairwise
from pathlib import Path

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leadline import clock, project
from leadline.facts import labels, mirror, parts
from leadline.facts.model import SENIORITY, Type
from tests.integration.mirrored import END, NOW, START, activities, at, built, holding, make, opened, table

SOME = settings(max_examples=12)
SEEDS = st.integers(0, 2**32)  # a world is too large to be drawn piece by piece
PEOPLE = [
    {"person_id": "p2", "email": "bob@gmail.com", "title": "Student", "created_at": "2025-02-01", "country": "FR"},
    {"person_id": "p1", "email": "ann@acme.com", "title": "CMO", "created_at": "2025-01-01", "country": "DE"},
]
VIEW = {"activity_id": "e1", "person_id": "p1", "occurred_at": "2025-03-01T10:00:00Z", "type": "page_view"}


def test_people_have_codes_in_the_order_of_their_ids_and_hold_always_without_dates(tmp_path):
    found = built(tmp_path, {"people": PEOPLE})
    rows = table(found, "people.parquet")
    assert [(row["person_code"], row["person_id"], row["valid_from"], row["valid_to"]) for row in rows] == [
        (0, "p1", START, END),
        (1, "p2", START, END),
    ]
    assert [(row["created"], row["country"]) for row in rows] == [(at("2025-01-01"), "DE"), (at("2025-02-01"), "FR")]


def test_the_mirror_can_be_opened_in_the_order_it_describes(tmp_path):
    found = built(tmp_path, {"people": PEOPLE, "activities": [VIEW]})
    assert [(part.file, part.first_code, part.last_code, part.rows) for part in found.parts] == [("activities-0000.parquet", 0, 0, 1)]
    assert (found.parts[0].first_known, found.parts[0].last_known) == (at("2025-03-01T10:00"), at("2025-03-01T10:00"))
    assert found.schema.types == {"page_view": 1}
    assert opened(tmp_path) == found
    assert json.loads(json.dumps(found.report.as_dict())) == json.loads(json.dumps(opened(tmp_path).report.as_dict()))


def test_rank_function_and_domain_follow_from_title_and_address(tmp_path):
    found = built(tmp_path, {"people": PEOPLE})
    ann, bob = table(found, "people.parquet")
    assert (ann["email_domain"], ann["email_is_free"], ann["seniority"]) == ("acme.com", False, "c_level")
    assert (bob["email_domain"], bob["email_is_free"]) == ("gmail.com", True)
    assert found.schema.person["seniority"].order == SENIORITY


def test_what_the_data_says_is_never_derived(tmp_path):
    person = {"person_id": "p1", "email": "a@acme.com", "title": "CEO", "seniority": "intern", "channel": "fax"}
    (row,) = table(built(tmp_path, {"people": [person]}), "people.parquet")
    assert (row["seniority"], row["channel"]) == ("intern", "fax")


def test_everything_derived_is_there_even_if_nothing_can_be_derived(tmp_path):
    found = built(tmp_path, {"people": [{"person_id": "p1"}]})
    names = {"account_id", "email_domain", "email_is_free", "seniority", "function", "first_source", "last_source", "channel"}
    assert names <= set(found.schema.person)
    assert names <= set(table(found, "people.parquet")[0])
    assert {"is_customer", "customer_since", "has_open_deal", "open_deal_since"} <= set(found.schema.account)


def test_a_person_belongs_to_the_account_of_the_address_unless_it_is_free_mail(tmp_path):
    people = [
        {"person_id": "given", "email": "x@acme.com", "account_id": "a9"},
        {"person_id": "matched", "email": "y@eu.acme.com"},
        {"person_id": "free", "email": "z@gmail.com"},
    ]
    accounts = [{"account_id": "a1", "domain": "https://www.acme.com/"}, {"account_id": "a0", "domain": "gmail.com"}]
    found = built(tmp_path, {"people": people, "accounts": accounts})
    assert {row["person_id"]: row["account_id"] for row in table(found, "people.parquet")} == {"given": "a9", "matched": "a1", "free": None}
    assert [row["account_id"] for row in table(found, "accounts.parquet")] == ["a0", "a1", "a9"]
    assert found.report.matched_by_domain == 1


def test_of_accounts_with_one_domain_the_first_by_id_is_taken(tmp_path):
    accounts = [{"account_id": name, "domain": "acme.com"} for name in ("a2", "a1", "a3")]
    found = built(tmp_path, {"people": [{"person_id": "p1", "email": "x@acme.com"}], "accounts": accounts})
    assert table(found, "people.parquet")[0]["account_id"] == "a1"


def test_an_activity_keeps_the_account_of_its_person_at_that_time(tmp_path):
    people = [
        {"person_id": "p1", "account_id": "a1", "valid_from": "2025-01-01"},
        {"person_id": "p1", "account_id": "a2", "valid_from": "2025-02-01"},
    ]
    acts = [
        {"activity_id": "e1", "person_id": "p1", "account_id": "", "occurred_at": "2024-12-31", "type": "x"},
        {"activity_id": "e2", "person_id": "p1", "account_id": "", "occurred_at": "2025-01-01", "type": "x"},
        {"activity_id": "e3", "person_id": "p1", "account_id": "", "occurred_at": "2025-02-01", "type": "x"},
        {"activity_id": "e4", "person_id": "p1", "account_id": "a7", "occurred_at": "2025-02-01", "type": "x"},
        {"activity_id": "e5", "person_id": "", "account_id": "a2", "occurred_at": "2025-02-01", "type": "x"},
    ]
    found = built(tmp_path, {"people": people, "activities": acts})
    assert {row["activity_id"]: row["account_code"] for row in activities(found)} == {"e1": None, "e2": 0, "e3": 1, "e4": 2, "e5": 1}


def test_without_people_everybody_in_the_activities_is_one(tmp_path):
    found = built(tmp_path, {"activities": [VIEW, {**VIEW, "activity_id": "e2", "person_id": "p0"}]})
    assert [row["person_id"] for row in table(found, "people.parquet")] == ["p0", "p1"]
    assert [(row["activity_id"], row["person_code"]) for row in activities(found)] == [("e2", 0), ("e1", 1)]


def test_activities_of_nobody_known_come_last_in_parts_of_their_own(tmp_path):
    found = built(tmp_path, {"people": PEOPLE, "activities": [{**VIEW, "person_id": "p0"}, {**VIEW, "activity_id": "e2"}]})
    assert [(part.first_code, part.last_code, part.rows) for part in found.parts] == [(0, 0, 1), (None, None, 1)]
    assert found.report.unmatched_activities == 1


def test_an_activity_is_known_when_it_is_received_if_that_is_later(tmp_path):
    early, late = "2025-03-01T09:00:00Z", "2025-03-05T10:00:00Z"
    acts = [{**VIEW, "received_at": early}, {**VIEW, "activity_id": "e2", "received_at": late}]
    found = built(tmp_path, {"people": PEOPLE, "activities": acts})
    occurred = at(VIEW["occurred_at"])
    assert [(row["occurred"], row["known"]) for row in activities(found)] == [(occurred, occurred), (occurred, at(late))]


def test_properties_come_from_json_and_plain_columns_with_one_type_each(tmp_path):
    rows = [
        {"path": "/a", "properties": '{"n": 1, "ok": true, "mixed": 1, "path": "/json", "Case": "x", "void": null}'},
        {"path": "", "properties": '{"n": 2.5, "ok": false, "mixed": "two", "path": "/b", "case": "y", "deep": {"a": [1]}}'},
        {"path": "", "properties": '{"n": null, "ok": null}'},
    ]
    acts = [{**VIEW, "activity_id": f"e{number}", **row} for number, row in enumerate(rows)]
    found = built(tmp_path, {"people": PEOPLE, "activities": acts})
    types = {name: column.type for name, column in found.schema.properties.items()}
    case = "Case" if "Case" in types else "case"
    text, number = Type.TEXT, Type.NUMBER
    assert types == {"path": text, "n": number, "ok": Type.BOOLEAN, "mixed": text, case: text, "void": text, "deep": text}
    shown = [[row[name] for name in ("path", "n", "ok", "mixed", case, "void", "deep")] for row in activities(found)]
    assert shown == [["/a", 1, True, "1", "x", None, None], ["/b", 2.5, False, "two", "y", None, '{"a":[1]}'], [None] * 7]


def test_a_property_named_like_a_column_of_the_mirror_gets_a_prefix(tmp_path):
    found = built(tmp_path, {"people": PEOPLE, "activities": [{**VIEW, "properties": '{"type": "a", "known": 3, "a/b~c\\"d": "odd"}'}]})
    (row,) = activities(found)
    assert (row["type"], row["property_type"], row["property_known"], row['a/b~c"d']) == ("page_view", "a", 3, "odd")


def test_of_too_many_keys_the_most_frequent_stay_and_the_rest_is_reported(tmp_path):
    acts = [{**VIEW, "activity_id": f"e{number}", "properties": json.dumps({"often": 1, f"k{number:03}": 1})} for number in range(305)]
    found = built(tmp_path, {"people": PEOPLE, "activities": acts})
    assert "often" in found.schema.properties
    assert (len(found.schema.properties), found.report.cut_properties) == (300, tuple(f"k{number}" for number in range(299, 305)))


@pytest.mark.parametrize(
    ("values", "kind", "stored"),
    [
        (["1", "-2.5", ".5", "1e3", ""], Type.NUMBER, [1.0, -2.5, 0.5, 1000.0, None]),
        (["00123", "1"], Type.TEXT, ["00123", "1"]),
        (["+4917", "1"], Type.TEXT, ["+4917", "1"]),
        (["1", "nan"], Type.TEXT, ["1", "nan"]),
        (["1e999"], Type.TEXT, ["1e999"]),
        (["1,000"], Type.TEXT, ["1,000"]),
        (["Yes", "f", "", "TRUE"], Type.BOOLEAN, [True, False, None, True]),
        (["yes", "maybe"], Type.TEXT, ["yes", "maybe"]),
        (["2025-01-01", "2025-01-01T01:00:00+01:00"], Type.TIME, [at("2025-01-01")] * 2),
        (["2025-02-30"], Type.TEXT, ["2025-02-30"]),
        (["", ""], Type.TEXT, [None, None]),
    ],
)
def test_the_type_of_text_columns_follows_from_all_values(tmp_path, values, kind, stored):
    found = built(tmp_path, {"people": [{"person_id": f"p{number}", "x": value} for number, value in enumerate(values)]})
    assert found.schema.person["x"].type is kind
    assert [row["x"] for row in table(found, "people.parquet")] == stored


def test_a_column_that_is_a_number_here_and_text_there_is_text(tmp_path):
    make(tmp_path, {"one": [{"person_id": "p1", "x": "7"}], "two": [{"person_id": "p2", "x": "seven"}]})
    (tmp_path / "leadline.yaml").write_text("facts: {people: [one.csv, two.csv]}")
    found = opened(tmp_path)
    assert [row["x"] for row in table(found, "people.parquet")] == ["7", "seven"]


def test_somebody_exists_from_the_earliest_creation_that_any_row_tells(tmp_path):
    dates = [("", "2025-03-01"), ("2025-01-01", "2025-02-01"), ("2025-02-01", "")]
    people = [{"person_id": "p1", "valid_from": start, "created_at": created} for start, created in dates]
    rows = table(built(tmp_path, {"people": people}), "people.parquet")
    assert [row["created"] for row in rows] == [at("2025-02-01")] * 3
    assert [row["created_at"] for row in rows] == [at("2025-03-01"), at("2025-02-01"), None]


def test_attributes_without_history_are_undated_and_so_is_what_follows_from_them(tmp_path):
    people = [
        {"person_id": "p1", "title": "CEO", "tier": "", "country": "DE", "valid_from": "2025-01-01"},
        {"person_id": "p2", "title": "CEO", "tier": "gold", "country": "", "valid_from": ""},
    ]
    found = built(tmp_path, {"people": people})
    assert found.report.undated == ("person.title", "person.tier", "person.seniority", "person.function")


# Machines and visits


def test_machines_are_flagged_by_the_data_by_their_agent_and_by_three_clicks_in_a_second(tmp_path):
    view, click = {"type": "page_view"}, {"type": "email_click"}
    fast, slow = ((0, 0.5, 1), (0, 0.6, 1.6))  # seconds
    rows = [
        {**view, "activity_id": "said", "occurred_at": "2025-01-01T00:00:00Z", "machine": "yes"},
        {**view, "activity_id": "agent", "occurred_at": "2025-01-01T01:00:00Z", "user_agent": "Mozilla/5.0 (compatible; Googlebot/2.1)"},
        {**view, "activity_id": "human", "occurred_at": "2025-01-01T02:00:00Z", "machine": "no"},
        *({**click, "activity_id": f"fast{n}", "occurred_at": f"2025-01-02T00:00:0{second:.1f}Z"} for n, second in enumerate(fast)),
        *({**click, "activity_id": f"slow{n}", "occurred_at": f"2025-01-03T00:00:0{second:.1f}Z"} for n, second in enumerate(slow)),
    ]
    found = built(tmp_path, {"people": PEOPLE, "activities": [{"person_id": "p1", **row} for row in rows]})
    assert {row["activity_id"] for row in activities(found) if row["machine"]} == {"said", "agent", "fast0", "fast1", "fast2"}
    assert found.report.machine_activities == 5


def flagged_by_hand(rows):
    """Return the machines and the starts of visits, by the letter of the rules."""
    rows = sorted(rows, key=lambda row: (row["person_id"], row["occurred"], row["activity_id"]))
    clicks = [row for row in rows if "click" in row["type"]]
    machines = {row["activity_id"] for row in rows if row["bot"]}
    for first in clicks:
        near = [row for row in clicks if row["person_id"] == first["person_id"] and 0 <= row["occurred"] - first["occurred"] <= parts.BURST]
        if len(near) >= 3:
            machines |= {row["activity_id"] for row in near}
    visits, last = set(), {}
    for row in rows:
        if row["type"] == "page_view" and row["activity_id"] not in machines:
            before = last.get(row["person_id"])
            if before is None or row["occurred"] - before >= parts.GAP:
                visits.add(row["activity_id"])
            last[row["person_id"]] = row["occurred"]
    return machines, visits


@SOME
@given(seed=SEEDS)
def test_machines_and_visits_are_those_of_the_rules_however_the_rows_come(tmp_path_factory, seed):
    chance = random.Random(seed)
    rows = []
    for number in range(300):
        base = at("2025-01-01") + chance.randrange(6) * parts.GAP
        step = chance.choice([0, 1, parts.BURST // 2, parts.BURST - 1, parts.BURST, parts.BURST + 1, parts.GAP - 1, parts.GAP])
        kind = chance.choice(["page_view", "email_click", "cta_click", "login"])
        bot = chance.random() < 0.1
        who = f"p{chance.randrange(12)}"
        rows.append({"activity_id": f"e{number}", "person_id": who, "occurred": base + step, "type": kind, "bot": bot})
    kept = ("activity_id", "person_id", "type")
    acts = [{**{name: row[name] for name in kept}, "occurred_at": iso(row["occurred"]), "is_bot": str(row["bot"])} for row in rows]
    people = [{"person_id": f"p{number}"} for number in range(0, 12, 2)]  # half of them are strangers
    found = activities(built(tmp_path_factory.mktemp("world"), {"people": people, "activities": acts}))
    machines, visits = flagged_by_hand(rows)
    assert {row["activity_id"] for row in found if row["machine"]} == machines
    assert {row["activity_id"] for row in found if row["starts_visit"]} == visits


def test_what_only_an_account_is_known_to_have_done_begins_visits_but_is_no_burst_of_clicks(tmp_path):
    own = [{"account_id": name, "person_id": "", "type": "page_view", "occurred_at": "2025-01-01"} for name in ("a1", "a2", "a1")]
    own += [{"account_id": "a1", "person_id": "", "type": "click", "occurred_at": "2025-01-01"} for _ in range(3)]
    found = built(tmp_path, {"people": PEOPLE, "activities": [{**row, "activity_id": f"e{n}"} for n, row in enumerate(own)]})
    rows = activities(found)
    assert {row["activity_id"] for row in rows if row["starts_visit"]} == {"e0", "e1"}
    assert [row["activity_id"] for row in rows if row["machine"]] == []
    assert found.report.unmatched_activities == 0


def iso(micros: int) -> str:
    return clock.write_instant(micros)


# Each activity once


@SOME
@given(seed=SEEDS)
def test_of_rows_with_one_id_the_first_received_stands_whatever_their_order_and_files(tmp_path_factory, seed):
    chance = random.Random(seed)
    base = at("2025-01-01")
    rows = []
    for _ in range(60):
        occurred = base + chance.randrange(4)
        received = chance.choice([None, occurred - 1, occurred + chance.randrange(4)])
        rows.append(
            {
                "activity_id": f"e{chance.randrange(15)}",
                "person_id": f"p{chance.randrange(3)}",
                "occurred_at": iso(occurred),
                "received_at": iso(received) if received is not None else "",
                "type": chance.choice(["a", "b"]),
            }
        )
    known = {id(row): max(at(row["occurred_at"]), at(row["received_at"] or row["occurred_at"])) for row in rows}
    best = {}
    for row in rows:
        rank = (known[id(row)], at(row["occurred_at"]))
        best[row["activity_id"]] = min(best.get(row["activity_id"], rank), rank)
    shown = []
    for _ in range(2):
        chance.shuffle(rows)
        cut = chance.randrange(len(rows))
        root = tmp_path_factory.mktemp("world")
        make(root, {"one": [*rows[:cut], rows[cut]], "two": rows[cut:]})
        (root / "leadline.yaml").write_text("facts: {activities: [one.csv, two.csv]}")
        found = opened(root)
        shown.append(activities(found))
        assert found.report.relations["activities"].duplicates == len(rows) + 1 - len(best)
    assert shown[0] == shown[1]
    assert {row["activity_id"]: (row["known"], row["occurred"]) for row in shown[0]} == best


def test_activities_without_ids_get_the_same_made_up_ids_each_time_and_count_each(tmp_path):
    rows = [{"person_id": "p1", "occurred_at": "2025-01-01", "type": kind} for kind in ("a", "b", "a")]
    first = [row["activity_id"] for row in activities(built(tmp_path / "one", {"activities": rows}))]
    second = [row["activity_id"] for row in activities(built(tmp_path / "two", {"activities": rows[::-1]}))]
    assert first == second
    assert len(set(first)) == 3


def test_activities_are_ordered_by_person_time_and_id(tmp_path):
    chance = random.Random(3)
    rows = [
        {**VIEW, "activity_id": f"e{number:03}", "person_id": f"p{number % 7}", "occurred_at": iso(at("2025-01-01") + chance.randrange(5))}
        for number in range(200)
    ]
    chance.shuffle(rows)
    found = [(row["person_code"], row["occurred"], row["activity_id"]) for row in activities(built(tmp_path, {"activities": rows}))]
    assert found == sorted(found)
    assert len(found) == 200


@pytest.mark.parametrize("in_memory", [True, False])
def test_parts_hold_whole_people_in_order(tmp_path, monkeypatch, in_memory):
    from leadline.facts import activities as staging

    monkeypatch.setattr(staging, "PART_ROWS", 50)
    monkeypatch.setattr(staging, "IN_MEMORY", 10_000 if in_memory else 0)
    rows = [{**VIEW, "activity_id": f"e{n}", "person_id": f"p{n % 23:02}", "occurred_at": iso(at("2025-01-01") + n)} for n in range(400)]
    people = [{"person_id": f"p{n:02}"} for n in range(20)]
    found = built(tmp_path, {"people": people, "activities": rows})
    known = [part for part in found.parts if part.first_code is not None]
    assert len(known) > 3
    assert all(before.last_code < after.first_code for before, after in pairwise(known))
    assert sum(part.rows for part in found.parts if part.first_code is None) == found.report.unmatched_activities == 51
    assert sorted(row["activity_id"] for row in activities(found)) == sorted(row["activity_id"] for row in rows)


def test_a_part_of_which_everything_was_sent_again_by_somebody_else_is_left_out(tmp_path, monkeypatch):
    from leadline.facts import activities as staging

    monkeypatch.setattr(staging, "PART_ROWS", 1)
    monkeypatch.setattr(staging, "IN_MEMORY", 0)
    rows = [{**VIEW, "person_id": who, "occurred_at": f"2025-01-0{day}"} for day, who in ((2, "p1"), (1, "p2"))]
    found = built(tmp_path, {"people": PEOPLE, "activities": rows})
    assert [(part.first_code, part.rows) for part in found.parts] == [(1, 1)]
    assert found.report.relations["activities"].duplicates == 1


@pytest.mark.parametrize("few", [0, 3, 1000])
def test_texts_are_the_same_whether_they_have_few_values_or_many(tmp_path, monkeypatch, few):
    monkeypatch.setattr(labels, "FEW", few)
    rows = [
        {"activity_id": f"e{n:03}", "person_id": f"p{n % 2}", "occurred_at": "2025-01-01", "type": ("it's", "Ünïcode", 'b,"c')[n % 3],
         "Path": f"/{n % 4}" if n % 5 else "", "side": ("", "Sales ")[n % 2], "void": "",
         "plan": "a" if n % 2 else "", "properties": json.dumps({} if n % 2 else {"plan": "b"})}
        for n in range(60)
    ]  # fmt: skip
    found = built(tmp_path, {"activities": rows})
    shown = {row["activity_id"]: tuple(row[name] for name in ("type", "Path", "side", "void", "plan")) for row in activities(found)}
    sides = {"": "marketing", "Sales ": "sales"}
    assert shown == {row["activity_id"]: (row["type"], row["Path"] or None, sides[row["side"]], None, row["plan"] or "b") for row in rows}
    assert found.schema.types == dict.fromkeys(("it's", "Ünïcode", 'b,"c'), 20)


# Versions


@SOME
@given(seed=SEEDS)
def test_at_every_instant_a_person_and_an_account_are_what_the_latest_row_says(tmp_path_factory, seed):
    chance = random.Random(seed)
    days = [f"2025-01-{day:02}" for day in range(1, 9)]

    def history(key: str, names: list[str]):
        rows = []
        for name in names:
            dates = chance.sample(["", *days], chance.randrange(1, 5))
            rows += [{key: name, "valid_from": date, "x": chance.choice(["", "a", "b"])} for date in dates]
        chance.shuffle(rows)
        return rows

    people, accounts = history("person_id", ["p1", "p2", "p3"]), history("account_id", ["a1", "a2"])
    deals = [
        {
            "deal_id": f"d{n}",
            "account_id": chance.choice(["a1", "a2"]),
            "created_at": chance.choice(days),
            "closed_at": chance.choice(["", *days]),
            "outcome": chance.choice(["won", "lost", "open"]),
        }
        for n in range(chance.randrange(5))
    ]
    facts = {"people": people, "accounts": accounts, **({"deals": deals} if deals else {})}
    found = built(tmp_path_factory.mktemp("world"), facts)
    instants = [START, *(at(day) + shift for day in days for shift in (-1, 0)), at("2026-01-01")]
    for key, rows, held in (("person_id", people, "people.parquet"), ("account_id", accounts, "accounts.parquet")):
        versions = table(found, held)
        for name in {row[key] for row in rows}:
            for instant in instants:
                past = [row for row in rows if row[key] == name and (not row["valid_from"] or at(row["valid_from"]) <= instant)]
                latest = max(past, key=lambda row: row["valid_from"], default={"x": ""})
                version = holding(versions, key, name, instant)
                assert version["x"] == (latest["x"] or None)
                if key == "account_id":
                    assert_standing(version, [deal for deal in deals if deal["account_id"] == name], instant)


def assert_standing(version, deals, instant):
    won = [at(deal["closed_at"] or deal["created_at"]) for deal in deals if deal["outcome"] == "won"]
    since = min((when for when in won if when <= instant), default=None)
    running = [
        at(deal["created_at"])
        for deal in deals
        if at(deal["created_at"]) <= instant and (deal["outcome"] == "open" or (deal["closed_at"] and at(deal["closed_at"]) > instant))
    ]
    expected = (since is not None, since, bool(running), min(running, default=None))
    assert tuple(version[name] for name in ("is_customer", "customer_since", "has_open_deal", "open_deal_since")) == expected


def test_where_somebody_came_from_is_known_from_the_first_activity_that_tells_and_changes_later(tmp_path):
    def view(number, day, **tags):
        return {**VIEW, "activity_id": f"e{number}", "occurred_at": f"2025-03-{day:02}", "properties": json.dumps(tags)}

    acts = [
        view(1, 1),
        view(2, 2, utm_source="google", utm_medium="cpc"),
        view(3, 3, referrer="https://our.example/pricing"),
        view(4, 4, utm_source="newsletter", utm_medium="email"),
        view(5, 5, utm_source="newsletter", utm_medium="email"),
        {**view(6, 6, utm_source="google", utm_medium="cpc"), "is_bot": "true"},
    ]
    found = built(tmp_path, {"people": PEOPLE, "activities": acts}, own_domains=["our.example"])
    told = [
        (row["valid_from"], row["first_source"], row["last_source"], row["channel"])
        for row in table(found, "people.parquet")
        if row["person_id"] == "p1"
    ]
    paid = told[1][3]
    assert paid is not None
    later = [(at("2025-03-02"), "google", "google", paid), (at("2025-03-04"), "google", "newsletter", paid)]
    assert told == [(START, None, None, None), *later]
    assert [row["valid_to"] for row in table(found, "people.parquet")] == [at("2025-03-02"), at("2025-03-04"), END, END]


def test_files_with_a_header_only_make_an_empty_mirror(tmp_path):
    heads = {
        "people": "person_id,email\n",
        "activities": "activity_id,person_id,occurred_at,type,path\n",
        "deals": "deal_id,created_at,outcome\n",
    }
    found = built(tmp_path, heads)
    assert (found.report.people, [part.rows for part in found.parts]) == (0, [0])
    assert "path" in found.schema.properties
    with duckdb.connect() as con:
        assert con.execute(f"select path, starts_visit from '{found.path / found.parts[0].file}'").fetchall() == []


def test_a_project_of_which_every_row_is_set_aside_is_empty(tmp_path):
    found = built(tmp_path, {"people": PEOPLE, "activities": [{**VIEW, "type": ""}]}, on_bad_rows="quarantine")
    assert [part.rows for part in found.parts] == [0]


def test_properties_may_be_typed_json_or_a_structure(tmp_path):
    select = "select 'e{0}' as activity_id, 'p1' as person_id, date '2025-01-0{0}' as occurred_at, 'x' as type, {1} as properties"
    queries = [select.format(1, "{'path': '/a', 'n': 1}"), select.format(2, """'{"path": "/b"}'::json"""), select.format(3, "map {'n': 3}")]
    found = built(tmp_path, {"people": PEOPLE}, facts={"activities": [{"query": query} for query in queries]})
    assert [(row["path"], row["n"]) for row in activities(found)] == [("/a", 1.0), ("/b", None), (None, 3.0)]


def test_a_bot_told_in_json_is_a_machine(tmp_path):
    rows = ['{"is_bot": true}', '{"machine": 1}', '{"machine": 0, "is_bot": false}', "{}"]
    found = built(tmp_path, {"activities": [{**VIEW, "activity_id": f"e{n}", "properties": json} for n, json in enumerate(rows)]})
    assert [row["machine"] for row in activities(found)] == [True, True, False, False]


@SOME
@given(st.lists(st.tuples(st.integers(3 * clock.DAY, 83_900 * clock.DAY), st.integers(-14 * 60, 14 * 60)), min_size=1, max_size=50))
def test_times_are_read_as_everywhere_else_in_leadline(tmp_path_factory, moments):
    texts = []
    for micros, minutes in moments:
        moment = (clock.EPOCH + dt.timedelta(microseconds=micros)).replace(tzinfo=None)
        zone = dt.timezone(dt.timedelta(minutes=minutes))
        texts += [moment.isoformat(), moment.isoformat(" ", "seconds"), moment.date().isoformat(), moment.isoformat() + "Z"]
        texts += [moment.replace(tzinfo=zone).isoformat()]
    people = [{"person_id": f"p{number:05}", "valid_from": text} for number, text in enumerate(texts)]
    found = table(built(tmp_path_factory.mktemp("world"), {"people": people}), "people.parquet")
    assert [row["valid_from"] for row in found if row["valid_from"] != START] == [at(text) for text in texts]


# Deals and stages


def test_deals_and_stages_carry_whose_they_are(tmp_path):
    facts = {
        "people": [{"person_id": "p1", "account_id": "a1"}],
        "deals": [
            {"deal_id": "d1", "created_at": "2025-01-01", "outcome": "Won", "person_id": "p1", "amount": "10.5"},
            {"deal_id": "d2", "created_at": "2025-01-02", "outcome": "open", "person_id": "p9"},
            {"deal_id": "d2", "created_at": "2025-01-02", "outcome": "open", "person_id": "p9"},
        ],
        "deal_stages": [{"deal_id": "d1", "stage": "demo", "entered_at": "2025-01-03"}] * 2,
        "lead_stages": [{"person_id": "p1", "stage": "mql", "entered_at": "2025-01-03"}],
    }
    found = built(tmp_path, facts)
    first, second = table(found, "deals.parquet")
    names = ("outcome", "amount", "account_id", "person_code", "account_code")
    assert [first[name] for name in names] == ["won", 10.5, "a1", 0, 0]
    assert (second["person_code"], second["account_code"], second["closed_at"]) == (None, None, None)
    assert table(found, "deal_stages.parquet") == [{"deal_id": "d1", "stage": "demo", "entered_at": at("2025-01-03")}]
    (stage,) = table(found, "lead_stages.parquet")
    assert (stage["person_code"], stage["stage"], stage["rep"]) == (0, "mql", None)
    assert found.report.unmatched_deals == 1
    assert [found.report.relations[name].duplicates for name in facts] == [0, 1, 1, 0]


def test_the_report_tells_spans_nulls_and_rows(tmp_path):
    report = built(tmp_path, {"people": [*PEOPLE, PEOPLE[0]], "activities": [VIEW]}).report
    people = report.relations["people"]
    assert (people.read, people.kept, people.duplicates) == (3, 2, 1)
    assert (people.first, people.last) == (at("2025-01-01"), at("2025-02-01"))
    assert (report.people, report.accounts) == (2, 0)
    assert {column.name: column.nulls for column in people.columns}["email"] == 0


def test_reps_are_kept_beside_the_facts(tmp_path):
    root = make(tmp_path, {"people": PEOPLE}, reps="reps.yaml")
    (root / "reps.yaml").write_text("anna: {team: sdr, hours: mon-fri 9:00-17:30, capacity_per_week: 40}")
    (rep,) = json.loads((opened(root).path / "reps.json").read_text())
    assert (rep["id"], rep["team"], rep["capacity_per_week"]) == ("anna", "sdr", 40)
    assert rep["hours"] == [{"days": [0, 1, 2, 3, 4], "begin": 540, "end": 1050}]


# Fresh, stale, and other processes


def forbidden(*_):
    pytest.fail("a fresh mirror was built again")


def test_a_fresh_mirror_is_opened_without_building(tmp_path, monkeypatch):
    found = built(tmp_path, {"people": PEOPLE})
    monkeypatch.setattr(mirror, "_build", forbidden)
    assert opened(tmp_path) == found


@pytest.mark.parametrize("change", ["source", "mapping", "treatment", "reps"])
def test_whatever_the_mirror_follows_from_makes_a_new_one(tmp_path, change):
    root = make(tmp_path, {"people": PEOPLE}, reps="reps.yaml")
    (root / "reps.yaml").write_text("anna: {}")
    before = opened(root)
    if change == "source":
        (root / "people.csv").write_text("person_id\np9\n")
    elif change == "mapping":
        make(root, {}, facts={"people": {"from": "people.csv", "columns": {"nation": "country"}}}, reps="reps.yaml")
    elif change == "treatment":
        make(root, {}, facts={"people": "people.csv"}, reps="reps.yaml", on_bad_rows="quarantine")
    else:
        (root / "reps.yaml").write_text("anna: {}\nbob: {}")
    assert opened(root).path != before.path


def test_the_newest_two_mirrors_are_kept_and_no_half_built_one(tmp_path):
    for number in range(4):
        (tmp_path / ".leadline" / "building-1").mkdir(parents=True, exist_ok=True)  # of a build that was killed
        built(tmp_path, {"people": [{"person_id": f"p{number}"}]})
        os.utime(tmp_path / "people.csv", ns=(number, number))
    assert [path.name.split("-")[0] for path in (tmp_path / ".leadline").glob("*-*")] == ["mirror", "mirror"]


def test_an_added_file_of_a_glob_or_query_makes_a_new_mirror(tmp_path):
    root = make(tmp_path, {}, facts={"people": {"query": "from read_csv('o*.csv')"}})
    (root / "one.csv").write_text("person_id\np1\n")
    assert opened(root).report.people == 1
    (root / "other.csv").write_text("person_id\np2\n")
    assert opened(tmp_path).report.people == 2


def test_a_future_row_set_aside_is_read_once_its_time_has_come(tmp_path):
    root = make(tmp_path, {"activities": [VIEW, {**VIEW, "activity_id": "e2", "occurred_at": "2026-06-10"}]}, on_bad_rows="quarantine")
    assert opened(root).report.relations["activities"].quarantined == 1
    assert opened(root, at("2026-06-08")).report.relations["activities"].quarantined == 1
    assert opened(root, at("2026-06-09")).report.relations["activities"].quarantined == 0


def open_in_another_process(root: str, gate, answers) -> None:
    from leadline.facts import build

    builds = []
    real = build.Build.run
    build.Build.run = lambda self: (builds.append(1), real(self))[1]
    gate.wait()
    found = mirror.open_mirror(project.load(Path(root)), NOW)
    answers.put((len(builds), found.path.name, found.report.people))


def test_two_processes_that_open_at_once_build_once(tmp_path):
    root = make(tmp_path, {"people": PEOPLE, "activities": [VIEW]})
    context = multiprocessing.get_context("spawn")
    gate, answers = context.Barrier(2), context.Queue()
    others = [context.Process(target=open_in_another_process, args=(str(root), gate, answers)) for _ in range(2)]
    for other in others:
        other.start()
    results = [answers.get(timeout=120) for _ in others]
    for other in others:
        other.join()
    assert sorted(count for count, _, _ in results) == [0, 1]
    assert len({(path, people) for _, path, people in results}) == 1


def test_a_build_that_fails_leaves_nothing_behind(tmp_path):
    from leadline.errors import FactsRefused

    root = make(tmp_path, {"people": "person_id,x\n,1\n"})
    with pytest.raises(FactsRefused):
        opened(root)
    assert not list((root / ".leadline").glob("*-*"))


def test_progress_is_told_by_stage_and_share(tmp_path):
    told = []
    root = make(tmp_path, {"people": PEOPLE, "activities": [VIEW]})
    mirror.open_mirror(project.load(root), NOW, lambda stage, share: told.append((stage, share)))
    assert told[-1] == ("done", 1.0)
    assert all(0 <= share <= 1 for _, share in told)

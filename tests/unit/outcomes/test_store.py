"""What is read of a mirror that was built from files, and what is said of what they lack."""

from __future__ import annotations

import math
import re
from pathlib import Path
from typing import Any

import pytest
from tests.integration.mirrored import at, built

from leadline import clock
from leadline.facts.model import Outcome
from leadline.outcomes import matching, recorded, store
from leadline.outcomes.model import NONE, NOT_YET, Deal, Happened, Said, Windows

PEOPLE = [
    {"person_id": "anna", "account_id": "acme", "valid_from": "2026-01-01"},
    {"person_id": "anna", "account_id": "birch", "valid_from": "2026-03-01"},
    {"person_id": "ben", "account_id": "birch", "valid_from": "2026-01-01"},
]
DEALS = [
    {"deal_id": "d2", "person_id": "anna", "created_at": "2026-02-10", "outcome": "won", "closed_at": "2026-02-20", "amount": "70",
     "currency": "EUR", "first_conversation_at": "2026-02-05", "kind": "new"},
    {"deal_id": "d1", "account_id": "birch", "created_at": "2026-02-01", "outcome": "Open", "closed_at": "2026-12-31", "amount": "",
     "currency": "USD", "first_conversation_at": "", "kind": ""},
    {"deal_id": "d3", "account_id": "birch", "created_at": "2026-02-11", "outcome": "lost", "closed_at": "", "amount": "5",
     "currency": "", "first_conversation_at": "", "kind": ""},
    {"deal_id": "d4", "person_id": "nobody we know", "created_at": "2026-02-12", "outcome": "won", "closed_at": "2026-02-13", "amount": "",
     "currency": "USD", "first_conversation_at": "", "kind": ""},
]  # fmt: skip
STAGES = [
    {"person_id": "anna", "stage": "Marketing Qualified Lead", "entered_at": "2026-02-01", "reason": ""},
    {"person_id": "anna", "stage": "SAL", "entered_at": "2026-02-02", "reason": ""},
    {"person_id": "anna", "stage": "mql", "entered_at": "2026-03-02", "reason": ""},
    {"person_id": "anna", "stage": "Recycled", "entered_at": "2026-03-03", "reason": "bad timing"},
    {"person_id": "ben", "stage": "disqualified", "entered_at": "2026-02-02", "reason": ""},
    {"person_id": "ben", "stage": "Pondering", "entered_at": "2026-02-03", "reason": ""},
]
ACTIVITIES = [
    {"activity_id": "1", "person_id": "ben", "occurred_at": "2026-01-25", "type": "call", "side": "sales"},
    {"activity_id": "2", "person_id": "ben", "occurred_at": "2026-01-26", "type": "sales_email", "side": "sales"},
    {"activity_id": "3", "person_id": "ben", "occurred_at": "2026-01-27", "type": "call_to_action", "side": "marketing"},
]


def read(tmp_path: Any, **files: Any) -> Happened:
    return store.read(built(tmp_path, {"people": PEOPLE, **files}).path)


def codes(found: Happened) -> list[str]:
    return [note.code for note in found.notes]


@pytest.fixture
def whole(tmp_path):
    return read(tmp_path, deals=DEALS, lead_stages=STAGES, activities=ACTIVITIES)


def test_deals_stand_by_creation_with_what_is_known_of_them(whole):
    assert whole.deals.row(0) == Deal("d1", None, "birch", "", Outcome.OPEN, None, "USD", at("2026-02-01"), NOT_YET, None)
    second = Deal("d2", "anna", "acme", "new", Outcome.WON, 70.0, "EUR", at("2026-02-10"), at("2026-02-05"), at("2026-02-20"))
    assert whole.deals.row(1) == second
    assert whole.deals.row(2).closed == at("2026-02-11")  # lost, nobody knows when: not later than it began, as far as is known
    assert (whole.deals.person[3], whole.deals.account[3]) == (NONE, NONE)
    assert math.isnan(whole.deals.amount[0])


def test_stages_say_the_same_in_whatever_words(whole):
    assert whole.lead_stages.said.tolist() == [Said.QUALIFIED, Said.ACCEPTED, Said.QUALIFIED, Said.REJECTED, Said.REJECTED]
    assert whole.lead_stages.reasons == ("bad timing", "disqualified")
    assert whole.lead_stages.reason.tolist() == [NONE, NONE, NONE, 0, 1]


def test_the_account_of_a_recorded_spell_is_the_persons_at_that_time(whole):
    spells = recorded.spells(whole.lead_stages, at("2026-06-01"))
    assert spells.account[0] == whole.deals.account[1]
    assert spells.account[1] == whole.deals.account[0]


def test_what_sales_did_is_read_and_whether_it_was_a_conversation(whole):
    assert whole.touches.at.tolist() == [at("2026-01-25"), at("2026-01-26")]
    assert whole.touches.conversation.tolist() == [True, False]
    settled = matching.settle(whole, at("2026-06-01"))
    assert settled.deals.conversation[0] == at("2026-01-25")


def test_what_readers_should_know_is_said(whole):
    assert codes(whole) == ["several-currencies", "amounts-unknown", "conversations-unknown", "deals-of-nobody", "unknown-stages"]
    assert whole.currency == "EUR"
    says = {note.code: note.says for note in whole.notes}
    assert "others (none, USD) count as won, without money: 1." in says["several-currencies"]
    assert "pondering" in says["unknown-stages"]


def test_people_alone_are_read_too(tmp_path):
    found = read(tmp_path)
    assert codes(found) == ["no-deals", "no-lead-stages", "no-sales-activities", "work-unknown"]
    assert (len(found.deals), found.currency) == (0, "")
    assert len(matching.credit(recorded.spells(found.lead_stages, at("2026-06-01")), matching.settle(found, at("2026-06-01"))).spell) == 0


def test_deals_with_the_least_that_a_deal_must_have_are_read(tmp_path):
    rows = [{"deal_id": "d1", "person_id": "anna", "created_at": "2026-02-10", "outcome": "won"}]
    found = read(tmp_path, deals=rows, lead_stages=[{"person_id": "ben", "stage": "sql", "entered_at": "2026-02-02"}])
    assert found.deals.row(0).closed == at("2026-02-10")
    assert codes(found) == ["amounts-unknown", "conversations-unknown", "nothing-recorded", "no-sales-activities", "work-unknown"]


def test_activities_that_stay_in_a_database_are_told_of(tmp_path):
    mirror = built(tmp_path, {"people": PEOPLE})
    assert "remote-activities" in [note.code for note in store.read(mirror.path, remote=True).notes]


def test_the_page_lists_the_words_and_windows_as_they_are():
    page = (Path(__file__).parents[3] / "docs" / "outcomes.md").read_text("utf-8")
    listed = [re.findall(r"`([^`]+)`", row) for row in re.findall(r"^\| [^|]+ \| (`[a-z].*) \|$", page, re.MULTILINE)]
    folded = [tuple(re.sub("[^a-z0-9]+", "_", name) for name in names) for names in listed]
    assert list(store.WORDS.values()) == [row for row in folded if row[0] not in {"deals", "lead_stages", "activities"}]
    assert all(f"**{window // clock.DAY} days**" in page for window in (Windows().credit, Windows().attention, Windows().lull))


def test_no_word_means_two_things():
    words = [word for meant in store.WORDS.values() for word in meant]
    assert len(words) == len(set(words))
    assert all(word == word.lower().replace(" ", "_") for word in words)

"""Attributes at entry and reps, as a mirror holds them."""

from __future__ import annotations

from typing import Any

import pytest
from tests.integration.mirrored import at, built
from tests.unit.outcomes import worlds
from tests.unit.review.lives import lives

from leadline.outcomes import matching
from leadline.review import entries, store
from leadline.review.entries import Entries
from leadline.review.model import Window
from leadline.review.workload import Rep

PEOPLE = [
    {"person_id": "anna", "account_id": "acme", "source": "web", "valid_from": "2026-01-01"},
    {"person_id": "anna", "account_id": "birch", "source": "fair", "valid_from": "2026-03-01"},
    {"person_id": "ben", "account_id": "birch", "source": "", "valid_from": "2026-01-01"},
]
ACCOUNTS = [
    {"account_id": "acme", "employees": "10", "industry": "software"},
    {"account_id": "birch", "employees": "5001", "industry": "logistics"},
]


def entered(rows: list[tuple[int, int, str]]) -> Entries:
    spells = lives([(person, account, at(day) / worlds.DAY, at(day) / worlds.DAY + 1) for person, account, day in rows])
    window = Window(at("2026-01-01"), at("2027-01-01"), at("2027-01-01"), 52)
    return entries.entries(spells, window, matching.settle(worlds.happened(), window.until_at))


@pytest.fixture
def mirror(tmp_path) -> Any:
    return built(tmp_path, {"people": PEOPLE, "accounts": ACCOUNTS})


def test_attributes_are_those_at_entry(mirror):
    anna, ben, acme, birch = 0, 1, 0, 1
    old = entered([(anna, acme, "2026-02-01"), (anna, birch, "2026-03-01"), (ben, birch, "2026-02-01")])
    new = entered([(anna, acme, "2025-12-01"), (ben, -1, "2026-05-01")])
    found = {labels.by: labels for labels in store.labels(mirror.path, mirror.schema, old, new)}
    assert list(found) == ["person.source", "account.industry", "account.employees"]

    def named(by: str) -> list[list[str | None]]:
        labels = found[by]
        return [[labels.names[code] if code >= 0 else None for code in side.tolist()] for side in (labels.old, labels.new)]

    assert named("person.source") == [["web", "fair", None], [None, None]]
    assert named("account.industry") == [["software", "logistics", "logistics"], ["software", None]]
    assert named("account.employees") == [["1–10", "5,001 or more", "5,001 or more"], ["1–10", None]]
    assert found["account.industry"].undated
    assert not found["person.source"].undated


def test_facts_without_such_attributes_give_no_breakdown(tmp_path):
    bare = built(tmp_path, {"people": [{"person_id": "anna"}]})
    kept = type(bare.schema)(person={}, account={})
    assert store.labels(bare.path, kept, entered([]), entered([])) == ()


def test_reps_are_read_with_their_days(tmp_path):
    text = """[{"id": "s1", "team": "sdr", "capacity_per_week": 20, "hours": [{"days": [0, 1, 2]}, {"days": [2, 4]}],
                "days_off": [{"first": "1970-01-03", "last": "1970-01-05"}]},
               {"id": "s2", "team": "ae", "capacity_per_week": null, "hours": [], "days_off": []}]"""
    (tmp_path / "reps.json").write_text(text, encoding="utf-8")
    assert store.reps(tmp_path) == (Rep("sdr", 20, (0, 1, 2, 4), ((2, 4),)), Rep("ae", None, ()))


def test_a_project_may_say_nothing_of_reps(tmp_path):
    assert store.reps(tmp_path) == ()

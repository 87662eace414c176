"""What the people of the cases did and were, read from a mirror."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from tests.integration.mirrored import at, built

from leadline import clock
from leadline.outcomes.model import NONE
from leadline.review.discover import store
from leadline.review.discover.model import Cases, Kind, Signal

DAY = clock.DAY
PEOPLE = [
    {"person_id": "anna", "account_id": "acme", "country": "DE", "valid_from": "2026-01-01", "created_at": "2025-12-01"},
    {"person_id": "anna", "account_id": "acme", "country": "AT", "valid_from": "2026-04-15", "created_at": "2025-12-01"},
    {"person_id": "ben", "account_id": "acme", "country": "", "valid_from": "2026-01-01", "created_at": "2026-02-01"},
    {"person_id": "carl", "account_id": "", "country": "US", "valid_from": "2026-01-01", "created_at": "2025-12-01"},
]
ACCOUNTS = [{"account_id": "acme", "employees": "50"}]
ACTIVITIES = [
    ("anna", "2026-03-30", "", "page_view", "/docs/api/intro", "", "marketing"),
    ("anna", "2026-03-31", "", "page_view", "/pricing", "", "marketing"),
    ("ben", "2026-03-31", "", "page_view", "/docs/integrations", "", "marketing"),
    ("ben", "2026-03-31", "2026-04-01", "page_view", "/known-at-the-instant", "", "marketing"),
    ("ben", "2026-03-31", "2026-03-31T23:59:59", "page_view", "/known-just-before", "", "marketing"),
    ("anna", "2026-04-01", "", "page_view", "/at-the-instant", "", "marketing"),
    ("anna", "2026-04-02", "", "page_view", "/afterwards", "", "marketing"),
    ("anna", "2026-01-01", "", "page_view", "/too-long-ago", "", "marketing"),
    ("anna", "2026-03-15", "", "call", "", "", "sales"),
    ("carl", "2026-03-20", "", "invited", "", "3", "product"),
    ("carl", "2026-03-21", "", "invited", "", "0", "product"),
]
ANNA, BEN, CARL = range(3)


@pytest.fixture
def mirror(tmp_path) -> Any:
    names = ("person_id", "occurred_at", "received_at", "type", "path", "seats", "side")
    rows = [{"activity_id": f"x{k}", **dict(zip(names, row, strict=True))} for k, row in enumerate(ACTIVITIES)]
    return built(tmp_path, {"people": PEOPLE, "accounts": ACCOUNTS, "activities": rows})


def cases(instant: str = "2026-04-01") -> Cases:
    """Acme, won, and Carl, who has no account, at one instant."""
    when = at(instant)
    return Cases(
        account=np.array([0, NONE]), person=np.array([ANNA, CARL]), at=np.array([when, when]),
        kind=np.array([Kind.WON, Kind.NEVER], np.int64), amount=np.array([100.0, np.nan]), stands_for=np.array([0.0, 9.0]),
        fold=np.array([0, 1]), later=np.array([False, False]),
    )  # fmt: skip


def signal(name: str, where: str = "", of: str = "page_view") -> Signal:
    return Signal(name, of, where, "marketing", name, 0)


PAGES = (
    "docs/api/intro", "pricing", "docs/integrations", "known-at-the-instant", "known-just-before", "at-the-instant", "afterwards",
    "too-long-ago",
)  # fmt: skip


def test_only_what_was_known_strictly_before_and_lies_in_the_time_looked_back_counts(mirror):
    asked = [signal(page, f"path = '/{page}'") for page in PAGES]
    with store.look(mirror.path, mirror.schema, cases(), 89 * DAY) as looked:
        found = looked.events([*asked, signal("a call", of="call")])
    seen = {found.signals[at].name: (age / DAY, person) for at, age, person in zip(found.signal, found.age, found.person, strict=True)}
    ages = {"docs/api/intro": (2.0, ANNA), "pricing": (1.0, ANNA), "docs/integrations": (1.0, BEN), "known-just-before": (1.0, BEN)}
    assert seen == ages
    assert set(found.case.tolist()) == {0}


def test_an_activity_counts_for_each_signal_that_it_fits(mirror):
    asked = [signal("any"), signal("docs", "path like '/docs/%'"), signal("seats", "seats > 0", "invited")]
    with store.look(mirror.path, mirror.schema, cases(), 89 * DAY) as looked:
        found = looked.events(asked)
    rows = sorted(zip(found.case.tolist(), found.signal.tolist(), strict=True))
    assert rows == [(0, 0)] * 4 + [(0, 1)] * 2 + [(1, 2)]


def test_more_signals_than_a_mask_has_bits_are_told_apart(mirror):
    asked = [signal(f"s{at}", f"path = '/{'pricing' if at % 70 == 69 else at}'") for at in range(140)]
    with store.look(mirror.path, mirror.schema, cases(), 89 * DAY) as looked:
        assert looked.events(asked).signal.tolist() == [69, 139]


def test_without_signals_there_are_no_events(mirror):
    with store.look(mirror.path, mirror.schema, cases(), 89 * DAY) as looked:
        assert len(looked.events([]).case) == 0


def test_candidates_are_counted_by_distinct_cases(mirror, monkeypatch):
    monkeypatch.setattr(store, "FEWEST", 1)
    with store.look(mirror.path, mirror.schema, cases(), 89 * DAY) as looked:
        found = {(count.type, count.property, count.test, count.value): (count.cases, count.won, count.side) for count in looked.counts()}
    assert found["page_view", "", "", ""] == (1, 1, "marketing")
    assert found["visit", "", "", ""] == (1, 1, "marketing")
    assert found["page_view", "path", "=", "/pricing"] == (1, 1, "marketing")
    assert found["page_view", "path", "prefix", "/docs"] == (1, 1, "marketing")
    assert found["page_view", "path", "prefix", "/docs/api"] == (1, 1, "marketing")
    assert found["invited", "seats", ">", 0.0] == (1, 0, "product")
    assert found["invited", "seats", ">=", 3.0] == (1, 0, "product")
    assert not [key for key in found if key[0] == "call" or "afterwards" in str(key[3])]


def test_an_account_is_stood_for_by_its_deals_person_else_by_who_did_most(mirror):
    def standing(person: int, instant: str, before: int) -> list[int]:
        asked = cases(instant)
        asked.person[:] = [person, NONE]
        with store.look(mirror.path, mirror.schema, asked, before * DAY) as looked:
            return looked.standing().tolist()

    assert standing(NONE, "2026-04-01", 89) == [ANNA, NONE]  # two each, and Anna was created first
    assert standing(BEN, "2026-04-01", 89) == [BEN, NONE]
    assert standing(CARL, "2026-04-01", 89) == [ANNA, NONE]  # the deal's person isn't at the account
    assert standing(NONE, "2026-03-29", 2) == [ANNA, NONE]  # nobody did anything
    assert standing(BEN, "2025-12-24", 89) == [NONE, NONE]  # nobody was at the account yet


def test_what_came_first_only_after_the_instant_is_told_of_the_won(mirror):
    asked = [signal("afterwards", "path in ('/at-the-instant', '/afterwards')"), signal("pricing", "path = '/pricing'"), signal("any")]
    asked += [signal("long ago", "path = '/too-long-ago'"), signal("late", "path = '/known-at-the-instant'")]
    with store.look(mirror.path, mirror.schema, cases(), 89 * DAY) as looked:
        found = looked.first_after([*asked, signal("seats", "", "invited")])
    assert found == {"afterwards": (1, 1), "pricing": (0, 1), "any": (0, 1), "long ago": (0, 1), "late": (1, 1), "seats": (0, 0)}


def test_attributes_are_those_just_before_the_instant_and_at_the_end(mirror):
    with store.look(mirror.path, mirror.schema, cases("2026-04-15"), 89 * DAY) as looked:
        found = {item.name: item for item in looked.attributes(at("2026-06-01"))}
    country = found["person.country"]
    assert country.values.tolist() == ["DE", "US"]
    assert country.later.tolist() == ["AT", "US"]
    assert not country.undated
    assert found["account.employees"].values.tolist() == [50.0, None]
    assert found["account.employees"].undated
    assert not {"account.is_customer", "account.has_open_deal", "person.account_id"} & set(found)


def test_people_are_told_with_their_creation(mirror):
    with store.look(mirror.path, mirror.schema, cases(), 89 * DAY) as looked:
        assert looked.created().tolist() == [at("2025-12-01")] * 2


def test_members_exist_from_their_creation_and_lone_people_are_their_own_unit(mirror):
    found = store.members(mirror.path)
    rows = list(zip(found.account.tolist(), found.person.tolist(), found.since.tolist(), strict=True))
    assert rows == [(NONE, CARL, at("2025-12-01")), (0, ANNA, at("2026-01-01")), (0, BEN, at("2026-02-01"))]

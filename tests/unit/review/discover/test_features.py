"""What cases did and were, as figures: each has the value that the engine gives its criterion."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from random import Random

import numpy as np
import pytest
import yaml
from tests.integration.mirrored import make
from tests.unit.review.discover.small import AT, DAY, attribute, cases, events, nobody_at_an_account, signal

from leadline import Project, clock
from leadline.outcomes.model import NONE
from leadline.review.discover import features
from leadline.review.discover.model import Events, Features, Group, Kind

BEFORE = 90 * DAY
EDGES = tuple(round(days * DAY) + step for days in (3, 7, 14, 30, 60, 90) for step in (-1, 0, 1))
SIGNALS = (
    signal("view"), signal("pricing", "path = 'pricing'", type="view"), signal("webinar"), signal("invite", side="product"),
    signal("surge", side="third_party"),
)  # fmt: skip


@pytest.fixture(autouse=True)
def _rare_ones_too(monkeypatch):
    monkeypatch.setattr(features, "FEWEST", 1)


def column(found: Features, name: str) -> list[float]:
    names = [feature.name for feature in found.features]
    return found.values[:, names.index(name)].tolist()


def names(found: Features) -> set[str]:
    return {feature.name for feature in found.features}


# --- the law: a feature is what the engine gives its criterion ------------------------------------------------------------------------


def _world(seed: int, *, accounts: bool):
    """Return people with their accounts and creations, and what they did: (person, signal, age), at the edges of windows mostly."""
    rng = Random(seed)
    people = [
        (f"p{at:02}", rng.choice(("", f"a{at % 12:02}")) if accounts else "", AT - rng.choice((*EDGES, 400 * DAY))) for at in range(48)
    ]
    ages = [rng.choice(EDGES) if rng.random() < 0.5 else rng.randrange(1, BEFORE) for _ in range(260)]
    return people, [(rng.randrange(48), rng.choice(SIGNALS[1:]), max(age, 1)) for age in ages if age <= BEFORE]


def _project(folder: Path, people, did, criteria) -> Project:
    rows = [
        {
            "activity_id": f"x{at}", "person_id": people[who][0], "occurred_at": clock.write_instant(AT - age), "type": what.type,
            "path": what.name, "side": what.side,
        }
        for at, (who, what, age) in enumerate(did)
    ]  # fmt: skip
    held = [
        {"person_id": name, "account_id": account, "created_at": clock.write_instant(created), "size": at, "land": f"land {at % 3}"}
        for at, (name, account, created) in enumerate(people)
    ]
    make(folder, {"people": held, "activities": rows}, definition="definition.yaml")
    signals = {item.name: {"activity": item.type, **({"where": item.where} if item.where else {})} for item in SIGNALS}
    groups, tracks = {"all_points": {"criteria": criteria}}, {"all": {"when": "all_points > 0"}}
    written = {"name": "All features", "signals": signals, "groups": groups, "tracks": tracks}
    (folder / "definition.yaml").write_text(yaml.safe_dump(written, sort_keys=False), "utf-8")
    return Project(folder, now=AT + DAY)


def _as_cases(people, did):
    """Return a case for each account, or person without one, with everything that was done there; whoever did much is won."""
    units = sorted({account or name for name, account, _ in people})
    first = {unit: next(at for at, (name, account, _) in enumerate(people) if (account or name) == unit) for unit in units}
    codes = np.array([at if people[first[unit]][1] else NONE for at, unit in enumerate(units)])
    person = np.array([first[unit] for unit in units])
    done = Counter(people[who][1] or people[who][0] for who, _, _ in did)
    usual = sorted(done[unit] for unit in units)[len(units) // 2]
    found = cases([Kind.WON if done[unit] > usual else Kind.NEVER for unit in units], account=codes, person=person)
    rows = [
        (units.index(people[who][1] or people[who][0]), at, age, who)
        for who, what, age in did
        for at, item in enumerate(SIGNALS)
        if what == item or (item.name == "view" and what.type == "view")
    ]
    case, at, age, who = (np.array(part, np.int64) for part in zip(*rows, strict=True))
    values = {"person.size": [float(first[unit]) for unit in units], "person.land": [f"land {first[unit] % 3}" for unit in units]}
    created = np.array([people[first[unit]][2] for unit in units])
    return found, Events(SIGNALS, case, at, age, who), [attribute(name, held) for name, held in values.items()], created


@pytest.mark.parametrize("accounts", [True, False])
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_feature_is_what_the_engine_gives_its_criterion(tmp_path, seed, accounts):
    people, did = _world(seed, accounts=accounts)
    found, happened, attributes, created = _as_cases(people, did)
    made = features.features(found, happened, attributes, BEFORE, created)
    asked = [at for at, feature in enumerate(made.features) if feature.criterion]
    criteria = {f"c{at}": {**made.features[at].criterion, "points": 1} for at in asked}
    project = _project(tmp_path, people, did, criteria)
    scores = {row["person_id"]: row for row in project.score(AT - 1).to_pylist()}
    assert len(asked) > 60
    assert {"max", "half_life", "together", "absent", "when"} <= {key for at in asked for key in made.features[at].criterion}
    for at in asked:
        given = [scores[people[person][0]][f"c{at}"] for person in found.person.tolist()]
        assert made.values[:, at] == pytest.approx(given, abs=2e-6), made.features[at].name


# --- what is counted ------------------------------------------------------------------------------------------------------------------


def test_what_is_as_old_as_a_window_counts_and_what_is_older_does_not():
    rows = [(0, "a", 30), (1, "a", 30 + 1e-9), (2, "a", 7), (3, "a", 90)]
    found = features.features(cases([Kind.WON] * 5), events([signal("a")], rows), [], BEFORE)
    assert column(found, "a.1.90d") == [1, 1, 1, 1, 0]
    assert column(found, "a.1.30d") == [1, 0, 1, 0, 0]
    assert column(found, "a.1.7d") == [0, 0, 1, 0, 0]


def test_colleagues_are_people_who_did_something_themselves():
    signals = [signal("view"), signal("email_sent"), signal("surge", side="third_party")]
    rows = [(0, "view", 1), (0, "view", 2), (1, "view", 1), (1, "email_sent", 1), (2, "view", 1), (2, "surge", 1)]
    rows += [(3, "view", 1), (3, "view", 2)]
    found = features.features(cases([Kind.WON] * 4), events(signals, rows, person=[1, 2] * 3 + [1, 1]), [], BEFORE)
    assert column(found, "colleagues.2.90d") == [1, 0, 0, 0]
    assert not next(feature for feature in found.features if feature.source == "colleagues").criterion


def test_what_was_done_to_people_ends_a_silence_and_is_no_behaviour():
    happened = events([signal("email_sent"), signal("view")], [(0, "email_sent", 5), (1, "view", 5)])
    found = features.features(cases([Kind.WON, Kind.WON, Kind.NEVER]), happened, [], BEFORE)
    assert column(found, "absent.14d") == [0, 0, 1]
    assert {feature.source for feature in found.features} == {"any", "view"}


def test_what_tells_one_from_another_is_no_feature():
    found = features.features(cases([Kind.WON] * 2), events([], []), [attribute("account.domain", ["x", "y"])], BEFORE)
    assert len(found) == 0


def test_who_has_no_account_did_nothing_that_an_account_does():
    happened = events([signal("a")], [(0, "a", 1), (2, "a", 1)])
    found = features.features(cases([Kind.WON] * 3, account=np.array([5, 6, NONE])), happened, [], BEFORE)
    assert column(found, "a.1.90d") == [1, 0, 0]
    assert found.features[0].criterion["of"] == "account"


def test_without_accounts_only_the_person_counts():
    happened = events([signal("a")], [(0, "a", 1), (1, "a", 1)], person=[0, 7])
    found = features.features(cases([Kind.WON] * 3, account=nobody_at_an_account(3)), happened, [], BEFORE)
    assert column(found, "a.1.90d") == [1, 0, 0]
    assert "of" not in found.features[0].criterion


def test_pairs_are_chosen_by_the_cases_that_are_fitted_on_alone():
    kinds = [Kind.WON] * 4 + [Kind.NEVER] * 4
    signals = [signal("a"), signal("b"), signal("only_later")]
    rows = [(case, name, 5) for case in (0, 1) for name in ("a", "b")] + [
        (case, name, 5) for case in (2, 3) for name in ("a", "only_later")
    ]
    later = np.array([False, False, True, True] * 2)
    found = features.features(cases(kinds, later=later), events(signals, rows), [], BEFORE)
    pairs = {feature.source for feature in found.features if "together" in feature.criterion}
    assert pairs <= {"a + b"}
    assert not [name for name in names(found) if "only_later" in name and "72h" in name]


@pytest.mark.parametrize(("days", "together"), [(3, 1.0), (3 + 1e-9, 0.0)])
def test_a_pair_lies_within_72_hours_both_ends_included(days, together):
    kinds = [Kind.WON, Kind.WON, Kind.NEVER]
    rows = [(0, "a", 10), (0, "b", 10 + days), (1, "a", 10), (1, "b", 10)]
    found = features.features(cases(kinds), events([signal("a"), signal("b")], rows), [], BEFORE)
    if together:  # then it is the same as either of them, which is simpler
        assert "a_and_b.72h" not in names(found)
    else:
        assert column(found, "a_and_b.72h") == [0, 1, 0]


def test_no_window_is_longer_than_what_was_looked_at():
    rows = [(0, "a", 1), (0, "a", 2), (1, "a", 9), (2, "a", 13)]
    found = features.features(cases([Kind.WON] * 4), events([signal("a")], rows), [], 20 * DAY)
    windows = {feature.criterion.get("within") for feature in found.features} - {None}
    assert windows == {"20d", "7d"}


def test_groups_follow_the_side():
    signals = [signal("mail"), signal("invite", side="product"), signal("surge", side="third_party")]
    rows = [(0, "mail", 1), (1, "invite", 1), (2, "surge", 1)]
    found = features.features(cases([Kind.WON] * 4), events(signals, rows), [attribute("person.land", ["x", "y", "x", "z"])], BEFORE)
    groups = {feature.source: feature.group for feature in found.features}
    assert groups["mail"] is Group.ENGAGEMENT
    assert groups["invite"] is Group.USAGE
    assert groups["surge"] is Group.INTENT
    assert groups["person.land"] is Group.FIT


# --- what they were -------------------------------------------------------------------------------------------------------------------


def _of(values, **more) -> Features:
    n = len(values)
    return features.features(cases([Kind.WON] * n), events([], []), [attribute("account.thing", values, **more)], BEFORE)


def test_a_text_becomes_its_frequent_values_and_what_is_unknown_apart():
    found = _of(["it's", "it's", "big co", None, "", "big co"])
    assert [feature.criterion["when"] for feature in found.features] == [
        "account.thing is null", "account.thing = 'big co'", "account.thing = 'it''s'",
    ]  # fmt: skip
    assert column(found, "account.thing.unknown") == [0, 0, 0, 1, 1, 0]
    assert column(found, "account.thing.it_s") == [1, 1, 0, 0, 0, 0]


def test_of_a_text_with_many_values_only_frequent_ones_count():
    found = _of([f"name {at}" for at in range(95)] + ["often"] * 5)
    assert names(found) == {"account.thing.often"}


def test_values_that_are_called_alike_get_names_of_their_own():
    assert names(_of(["a b", "a b", "a-b", "a-b", "c"])) == {"account.thing.a_b", "account.thing.a_b_2", "account.thing.c"}


def test_a_number_becomes_steps_at_round_bounds():
    found = _of([float(value) for value in np.geomspace(3, 20000, 200).round()])
    assert [feature.criterion["when"] for feature in found.features] == [
        f"account.thing >= {bound}" for bound in (5, 20, 200, 2000, 10000)
    ]  # fmt: skip


def test_few_different_numbers_are_bounds_themselves():
    found = _of([1.0, 2.0, 4.0, 4.0, None])
    assert {feature.criterion["when"] for feature in found.features} == {
        "account.thing is null", "account.thing >= 2", "account.thing >= 4",
    }  # fmt: skip


def test_an_ordered_text_becomes_steps_from_its_labels():
    found = _of(["vp", "manager", "intern", "odd", None], order=("intern", "manager", "vp"))
    assert column(found, "account.thing.from_manager") == [1, 1, 0, 0, 0]
    assert column(found, "account.thing.from_vp") == [1, 0, 0, 0, 0]


def test_yes_or_no_stands_bare():
    found = _of([True, False, None])
    assert [feature.criterion["when"] for feature in found.features] == ["account.thing is null", "account.thing"]
    assert column(found, "account.thing") == [1, 0, 0]


# --- what is kept ---------------------------------------------------------------------------------------------------------------------


def test_of_features_that_are_the_same_for_every_case_the_simplest_stays():
    happened = events([signal("a"), signal("a_too", "x = 1")], [(0, "a", 1), (0, "a_too", 1)])
    found = features.features(cases([Kind.WON] * 3), happened, [], BEFORE)
    assert [feature.name for feature in found.features if feature.source != "any"] == ["a.1.90d", "a.fading_14d", "a.fading_30d"]


def test_what_hardly_anybody_or_nearly_everybody_has_is_left_out(monkeypatch):
    monkeypatch.setattr(features, "FEWEST", 10)
    n = 1000
    rows = [(case, "rare", 1) for case in range(9)] + [(case, "some", 1) for case in range(10)] + [(case, "all", 1) for case in range(995)]
    found = features.features(cases([Kind.NEVER] * n), events([signal("rare"), signal("some"), signal("all")], rows), [], BEFORE)
    assert {feature.source for feature in found.features} == {"some"}


def test_nothing_known_makes_no_features():
    found = features.features(cases([Kind.WON] * 2), events([], []), [], BEFORE)
    assert len(found) == 0
    assert found.values.shape == (2, 0)


def test_the_same_comes_out_twice_and_names_are_unique():
    people, did = _world(4, accounts=True)
    first, second = (features.features(*_as_cases(people, did)[:3], BEFORE) for _ in range(2))
    assert first.features == second.features
    assert np.array_equal(first.values, second.values)
    assert len(names(first)) == len(first)

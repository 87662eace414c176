"""Fingerprints: the same for every way to write the same thing, different as soon as the thing differs."""

from __future__ import annotations

import copy
import re
from random import Random
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from tests.oracle import strategies as oracle
from tests.unit.definition.everything import DATA, changed, parsed, variations

from leadline.definition import load
from leadline.definition.fingerprint import contract_fingerprint, definition_fingerprint, short
from leadline.definition.model import Definition

BASE = parsed(DATA)
NOW = 1_767_225_600_000_000


def prints(definition: Definition) -> tuple[str, str]:
    return definition_fingerprint(definition), contract_fingerprint(definition)


def differs(definition: Definition) -> tuple[bool, bool]:
    """Return whether the definition's and whether the contract's fingerprint differ from those of everything."""
    ours, base = prints(definition), prints(BASE)
    return ours[0] != base[0], ours[1] != base[1]


def test_a_fingerprint_is_a_sha_256_and_is_shown_shortened():
    for found in prints(BASE):
        assert re.fullmatch(r"[0-9a-f]{64}", found)
        assert short(found) == found[:12]
    assert prints(BASE)[0] != prints(BASE)[1]


# Pinned on purpose: ledgers and signatures hold fingerprints for years, so none may change by refactoring.
def test_fingerprints_do_not_change_from_version_to_version():
    text = "name: x\ngroups: {fit: {criteria: {big: {points: 10, when: account.employees >= 100}}}}\ntracks: {mql: {when: score >= 10}}"
    assert tuple(map(short, prints(load.parse(text).definition))) == ("24063ebf8127", "ac1c9fc89614")


@given(st.randoms(use_true_random=False), st.booleans(), st.booleans())
def test_layout_and_the_order_of_keys_without_meaning_change_nothing(rng: Random, flow: bool, wide: bool):
    data = shuffled(copy.deepcopy(DATA), rng, ())
    text = yaml.safe_dump(data, sort_keys=False, default_flow_style=flow, width=40 if wide else 1000, allow_unicode=wide)
    assert prints(load.parse(text).definition) == prints(BASE)


IN_ORDER = {("tracks",), ("disqualify",), ("nurture",)}


def shuffled(data: Any, rng: Random, path: tuple[str, ...]) -> Any:
    """Return plain data with its keys in another order, except where the order has a meaning."""
    if not isinstance(data, dict):
        return data
    keys = list(data)
    if path not in IN_ORDER:
        rng.shuffle(keys)
    return {key: shuffled(data[key], rng, (*path, key)) for key in keys}


@given(st.integers(0, 2**32), st.booleans())
def test_a_round_trip_through_yaml_keeps_both(seed: int, flow: bool):
    data, _ = oracle.make_definition(Random(seed), NOW)
    text = yaml.safe_dump(data, sort_keys=False, default_flow_style=flow, allow_unicode=flow)
    assert prints(load.parse(text).definition) == prints(parsed(yaml.safe_load(text)))
    assert prints(load.parse(f"# a comment\n{text}# another\n").definition) == prints(parsed(data))


@given(st.integers(0, 2**32), st.randoms(use_true_random=False))
def test_how_a_condition_is_spelled_changes_nothing(seed: int, rng: Random):
    data, trees = oracle.make_definition(Random(seed), NOW)
    spelled = {text: tree.text(rng) for text, tree in trees.items()}
    assert prints(parsed(respelled(data, spelled))) == prints(parsed(data))


def respelled(data: Any, spelled: dict[str, str]) -> Any:
    if isinstance(data, dict):
        return {key: respelled(held, spelled) for key, held in data.items()}
    return spelled.get(data, data) if isinstance(data, str) else data


@pytest.mark.parametrize(
    ("path", "to"),
    [
        (("name",), "Another name"),
        (("agreement", "marketing", "owner"), "somebody else"),
        (("agreement", "marketing", "signed"), "2027-01-01"),
        (("agreement", "sales"), ...),
        (("agreement", "sales", "fingerprint"), "0123456789ab"),
        (("signals", "pricing_page"), {"activity": "page_view", "where": "PATH like '/pricing%'".lower()}),
        (("signals", "pricing_page" ), {"activity": ["page_view"], "where": "(path) LIKE '/pricing%'", "of": "person", "machines": False}),
        (("signals", "engaged", "any_of"), ["webinar", "demo_request", "case_study", "pricing_page"]),
        (("signals", "surge", "activity"), ["intent_spike", "intent_surge"]),
        (("groups", "fit", "criteria", "director_at_100", "when"), "account.employees>=100.0 AND person.seniority>='director'"),
        (("groups", "fit", "criteria", "size", "tiers"), {"1001": 20, "11.0": 5, "101": 10}),
        (("groups", "fit", "in_score"), True),
        (("groups", "fit", "scale"), None),
        (("groups", "engagement", "criteria", "pricing_page", "within"), "720h"),
        (("groups", "engagement", "criteria", "pricing_page", "at_least"), None),
        (("bands", "fit"), {"C": 0, "A": 40, "B": 20}),
        (("tracks", "pql", "leave"), None),
        (("requalify", "after"), "720h"),
    ],
)  # fmt: skip
def test_what_means_the_same_or_is_no_part_of_the_contract_changes_neither(path: tuple[str, ...], to: Any):
    if path[-1] == "when":  # 'and' keeps its order: it decides about nothing, but reads as it was agreed
        to = "(person.seniority>='director') AND account.employees>=100.0"
    assert differs(changed(*path, to=to)) == (False, False)


@pytest.mark.parametrize(
    ("path", "to"),
    [
        (("agreement", "review", "definition"), "60d"),
        (("agreement", "targets", "win_rate"), "25%"),
        (("tracks", "mql", "to"), "ae"),
        (("tracks", "mql", "respond_within"), "5 business hours"),
        (("tracks", "mql", "respond_within"), ...),
        (("tracks", "pql", "per"), "person"),
        (("tracks", "expansion", "counts_as"), "pql"),
        (("nurture", "warm"), "score >= 26"),
        (("nurture",), {"cold": "score >= 0", "warm": "score >= 25"}),
        (("reject_reasons", "bad_timing", "requalify_after"), "91d"),
        (("reject_reasons", "not_icp"), ...),
        (("requalify", "needs"), "nothing"),
        (("sql", "needs"), 4),
        (("signals", "spare"), "page_view"),
    ],
)
def test_terms_of_the_contract_change_only_the_contracts(path: tuple[str, ...], to: Any):
    assert differs(changed(*path, to=to)) == (False, True)


@pytest.mark.parametrize(
    ("path", "to"),
    [
        (("ordered", "person.tier"), ["silver", "bronze", "gold"]),
        (("only",), ...),
        (("only",), "person.country is null"),
        (("suspend", "partner"), "not person.with_partner"),
        (("disqualify",), {"student": "person.seniority = 'intern'", "competitor": "account.is_competitor"}),
        (("signals", "pricing_page"), "page_view where path like '/price%'"),
        (("signals", "scan", "machines"), False),
        (("signals", "surge", "of"), "person"),
        (("signals", "engaged", "any_of"), ["pricing_page"]),
        (("groups", "fit", "cap"), 51),
        (("groups", "fit", "floor"), ...),
        (("groups", "usage", "in_score"), ...),
        (("groups", "fit", "criteria", "size", "tiers"), {11: 5, 101: 10, 1001: 20.5}),
        (("groups", "fit", "criteria", "size", "tiers"), {11: 5, 101: 10, 1002: 20}),
        (("groups", "engagement", "scale", "by"), 0.4),
        (("groups", "engagement", "criteria", "path", "in_order"), ["demo_request", "pricing_page"]),
        (("groups", "engagement", "criteria", "hot_trial", "together", "webinar"), 2),
        (("groups", "engagement", "criteria", "gone_quiet", "max"), ...),
        (("groups", "engagement", "criteria", "pricing_page", "points"), 20.000001),
        (("bands", "fit", "A"), 41),
        (("grade",), ["engagement", "fit"]),
        (("tracks", "mql", "when"), "score >= 76"),
        (("tracks", "mql", "leave"), ...),
        (("tracks",), dict(reversed(DATA["tracks"].items()))),
    ],
)
def test_what_affects_a_score_or_a_track_changes_both(path: tuple[str, ...], to: Any):
    assert differs(changed(*path, to=to)) == (True, True)


def test_minus_zero_is_zero():
    assert prints(changed("groups", "fit", "floor", to=0)) == prints(changed("groups", "fit", "floor", to=-0.0))


def test_a_new_name_for_a_criterion_is_a_new_definition():
    data = copy.deepcopy(DATA)
    data["groups"]["usage"]["criteria"]["places"] = data["groups"]["usage"]["criteria"].pop("seats")
    assert differs(parsed(data)) == (True, True)


SCORING = {"ordered", "only", "suspend", "signals", "groups", "disqualify", "bands", "grade", "tracks"}
TERMS_OF_TRACKS = {"to", "respond_within", "per", "counts_as"}


def test_no_single_change_goes_unseen_and_none_is_seen_where_it_should_not():
    """Every leaf of a definition that uses everything, changed or taken out, one at a time."""
    base, told = BASE.model_dump(), 0
    for name, definition in variations(DATA):
        path = name.split(" → ")[0].split(".")
        same = definition.model_dump() == base
        scoring = path[0] in SCORING and not (path[0] == "tracks" and len(path) > 2 and path[2] in TERMS_OF_TRACKS)
        agreed = path[0] != "name" and path[:2] not in (["agreement", "marketing"], ["agreement", "sales"])
        ours, contract = differs(definition)
        if same or path[-1] in {"any_of", "activity"}:  # they may differ in an order that means nothing
            continue
        told += 1
        assert contract is agreed, name
        assert not ours or scoring, name
        assert ours or not scoring, name
    assert told > 300

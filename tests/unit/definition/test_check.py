"""Checks: each finds its fault at its line, says what to do, and leaves sound definitions alone."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace
from random import Random
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from tests.oracle import interpreter, validity
from tests.oracle import strategies as oracle
from tests.unit.definition.everything import EVERYTHING

from leadline.definition import conditions, load
from leadline.definition.check import check
from leadline.definition.check.feasible import FALSE, NOT_FALSE, NOT_TRUE, TRUE, Truth, possible
from leadline.definition.check.ranges import ranges
from leadline.definition.conditions import OpenScope, scopes
from leadline.definition.fingerprint import contract_fingerprint
from leadline.errors import Problem, Severity
from leadline.facts.model import SENIORITY, Column, Schema, Type

TODAY = dt.date(2026, 11, 1)
TEXT, NUMBER, FLAG, TIME = Column(Type.TEXT), Column(Type.NUMBER), Column(Type.BOOLEAN), Column(Type.TIME)
SCHEMA = Schema(
    person={
        "tier": TEXT, "country": TEXT, "with_partner": FLAG, "seniority": Column(Type.TEXT, SENIORITY), "email_is_free": FLAG,
        "created_at": TIME,
    },
    account={"employees": NUMBER, "is_competitor": FLAG, "is_customer": FLAG},
    properties=dict.fromkeys(("path", "content", "form", "feature"), TEXT) | {"score": NUMBER, "seats": NUMBER},
    types=dict.fromkeys(
        ["page_view", "content_download", "form_submit", "webinar_attended", "trial_started", "feature_used", "intent_surge",
         "intent_spike", "seat_invited", "email_click"], 1),
)  # fmt: skip

# The worked definition of the design, with the signal that its last group needs.
WORKED = (
    EVERYTHING[: EVERYTHING.index("  scan:")]
    + """
groups:
  fit:
    cap: 50
    criteria:
      director_at_100: {points: 25, when: "person.seniority >= 'director' and account.employees >= 100"}
      size: {value: account.employees, tiers: {11: 5, 101: 10, 1001: 20}}
      free_mail: {points: -10, when: "person.email_is_free"}
  engagement:
    cap: 100
    scale: {by: 0.5, absent: engaged, for: 84d}
    criteria:
      pricing_page: {signal: pricing_page, points: 20, max: 40, within: 30d, half_life: 14d}
      case_study: {signal: case_study, points: 15, once_per: day, within: 90d}
      asked_for_demo: {signal: demo_request, points: 40, at_least: 1, within: 30d}
      surge: {signal: surge, points: 20, cooldown: 90d, wait: 6d, within: 180d}
      hot_trial: {together: {webinar: 1, pricing_page: 2, trial_started: 1, activated: 1}, span: 72h, within: 90d, points: 30}
      gone_quiet: {absent: any, for: 14d, every: 7d, points: -2, max: 20}
  usage: {criteria: {seats: {signal: seat_invited, sum: seats, at_least: 5, points: 20, within: 30d}}}
disqualify: {competitor: "account.is_competitor"}
bands: {score: {hot: 90, engaged: 70, nurtured: 30, captured: 0}, fit: {A: 40, B: 20, C: 0}, engagement: {1: 60, 2: 30, 3: 0}}
grade: [fit, engagement]
tracks:
  hot: {when: "hot_trial > 0 and fit > 0", to: ae, respond_within: 1 business hour}
  mql:
    when: "score >= 75 and fit > 0 and engagement > 0 and not account.is_customer"
    leave: "score < 50"
    to: sdr
    respond_within: 4 business hours
  expansion: {when: "account.is_customer and score >= 150", to: am, respond_within: 1 business day, counts_as: mql}
  pql: {when: "usage >= 20 and account.employees >= 50", to: sdr, per: account, respond_within: 4 business hours}
nurture: {warm: "score >= 25", cold: "score >= 0"}
reject_reasons: {not_icp: {then: disqualify}}
"""
)

SMALL: dict[str, Any] = {
    "name": "Small",
    "signals": {"view": "page_view where path like '/pricing%'", "demo": "form_submit where form = 'demo'"},
    "groups": {
        "fit": {"cap": 50, "criteria": {"big": {"points": 40, "when": "account.employees >= 100"}}},
        "engagement": {
            "criteria": {
                "views": {"signal": "view", "points": 10, "max": 30, "within": "30d"},
                "asked": {"signal": "demo", "points": 40, "at_least": 1, "within": "30d"},
            }
        },
    },
    "tracks": {"mql": {"when": "score >= 75 and engagement > 0", "to": "sdr", "respond_within": "4 business hours"}},
    "reject_reasons": {"not_icp": {"then": "disqualify"}},
}
UNSIGNED = {"unsigned"}


def problems(data: Mapping[str, Any] | str, schema: Schema | None = SCHEMA, today: dt.date = TODAY) -> list[Problem]:
    text = data if isinstance(data, str) else yaml.safe_dump(dict(data), sort_keys=False)
    return check(load.parse(text, "d.yaml"), schema, today)


def small(**changes: Any) -> dict[str, Any]:
    """Return the small definition with parts changed: ``fit__cap=10`` goes into groups, others are top-level keys."""
    return {**SMALL, **changes}


def with_criteria(**criteria: Any) -> dict[str, Any]:
    engagement = {"criteria": {**SMALL["groups"]["engagement"]["criteria"], **criteria}}
    return small(groups={**SMALL["groups"], "engagement": engagement})


def with_track(when: str, **rest: Any) -> dict[str, Any]:
    return small(tracks={"mql": {"when": when, "to": "sdr", "respond_within": "4 business hours", **rest}})


def found(data: Mapping[str, Any] | str, **options: Any) -> list[tuple[str, str, str]]:
    """Return (severity, code, path) of each problem but missing signatures."""
    return [(p.severity.value, p.code, p.where.path) for p in problems(data, **options) if p.code not in UNSIGNED]


def the_one(data: Mapping[str, Any] | str, **options: Any) -> Problem:
    (problem,) = [problem for problem in problems(data, **options) if problem.code not in UNSIGNED]
    return problem


def test_a_sound_definition_has_no_problems_but_missing_signatures():
    assert found(small()) == []
    assert found(small(), schema=None) == []
    assert [problem.code for problem in problems(small())] == ["unsigned", "unsigned"]


def test_the_worked_definition_of_the_design_has_no_errors():
    for schema in (SCHEMA, None):
        told = problems(WORKED, schema, dt.date(2026, 10, 10))
        assert [problem for problem in told if problem.severity is Severity.ERROR] == []
        assert {problem.code for problem in told} == {"unbound-signature", "stale-signature"}


def test_every_problem_comes_at_once_in_the_order_of_the_file_with_its_line():
    text = """name: Faulty
signals:
  view: "page_view where pth = '/'"
groups:
  fit:
    criteria:
      big: {points: 10, when: "account.employes > 1"}
      odd: {points: 10, when: "person.country = 3"}
      sent: {signal: veiw, points: 10}
bands: {fits: {A: 1}}
tracks:
  mql: {when: "scor > 1 and fit >", to: sdr, respond_within: 1 business day}
  pql: {when: "band.fits = 'B'", to: sdr, respond_within: 1 business day}
"""
    told = [(p.where.line, p.code) for p in problems(text) if p.code not in {"unsigned", "missing-reject-reasons", "unused-signal"}]
    assert told == [
        (3, "unknown-property"),
        (7, "unknown-attribute"),
        (8, "type-mismatch"),
        (9, "unknown-signal"),
        (10, "unknown-name"),
        (12, "condition-syntax"),
        (13, "unknown-value"),
    ]
    line = "d.yaml:7 groups.fit.criteria.big.when: 'employes' is not an attribute of account. Did you mean 'employees'? [unknown-attribute]"
    assert line in list(map(str, problems(text)))


# --- names -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("criterion", "path"),
    [
        ({"signal": "veiw", "points": 1}, "groups.engagement.criteria.extra"),
        ({"together": {"view": 1, "veiw": 1}, "points": 1}, "groups.engagement.criteria.extra"),
        ({"in_order": ["view", "veiw"], "points": 1}, "groups.engagement.criteria.extra"),
        ({"absent": "veiw", "for": "1d", "points": -1}, "groups.engagement.criteria.extra"),
    ],
)
def test_a_criterion_asks_for_signals_that_exist(criterion: dict[str, Any], path: str):
    problem = the_one(with_criteria(extra=criterion))
    assert (problem.code, problem.where.path, problem.fix) == ("unknown-signal", path, "Did you mean 'view'?")


def test_signals_are_made_of_signals_that_exist_and_scales_look_at_them():
    signals = {**SMALL["signals"], "both": {"any_of": ["view", "dmo"]}}
    groups = {**SMALL["groups"], "fit": {**SMALL["groups"]["fit"], "scale": {"by": 0.5, "absent": "bth", "for": "1d"}}}
    codes = {(code, path) for _, code, path in found(small(signals=signals, groups=groups))}
    assert codes == {
        ("unknown-signal", "signals.both.any_of"),
        ("unused-signal", "signals.both"),
        ("unknown-signal", "groups.fit.scale.absent"),
    }


def test_a_type_of_activity_in_place_of_a_signal_gets_told_how_to_name_it():
    problem = the_one(with_criteria(extra={"signal": "seat_invited", "points": 1}))
    assert problem.fix == "Name it under signals: seat_invited: seat_invited"


def test_any_is_no_signal_that_has_to_exist():
    assert found(with_criteria(quiet={"absent": "any", "for": "7d", "points": -1})) == []


def test_signals_that_come_down_to_themselves_are_refused_and_harm_no_other_check():
    signals = {**SMALL["signals"], "a": {"any_of": ["b"]}, "b": {"any_of": ["a", "view"]}}
    told = found({**with_criteria(extra={"signal": "a", "points": 1, "within": "1d", "max": 1}), "signals": signals})
    assert [(code, path) for severity, code, path in told if severity == "error"] == [
        ("signal-cycle", "signals.a"),
        ("signal-cycle", "signals.b"),
    ]


def test_a_signal_that_nothing_uses_is_told():
    assert found(small(signals={**SMALL["signals"], "spare": "page_view"})) == [("warning", "unused-signal", "signals.spare")]


def test_a_type_of_activity_that_never_occurs_is_told_and_visits_come_from_page_views():
    problem = the_one(small(signals={**SMALL["signals"], "demo": "form_submitt where form = 'demo'"}))
    assert (problem.severity, problem.code, problem.fix) == ("warning", "unknown-type", "Did you mean 'form_submit'?")
    visits = small(signals={**SMALL["signals"], "demo": "visit"})
    assert found(visits) == []
    without = replace(SCHEMA, types={"form_submit": 1})
    assert [code for _, code, _ in found(visits, schema=without)] == ["unknown-type", "unknown-type"]


@pytest.mark.parametrize(("name", "code"), [("seat", "unknown-property"), ("path", "type-mismatch")])
def test_what_is_added_up_is_a_number_among_the_properties(name: str, code: str):
    problem = the_one(with_criteria(seats={"signal": "view", "sum": name, "points": 1, "at_least": 5}))
    assert (problem.code, problem.where.path) == (code, "groups.engagement.criteria.seats.sum")


@pytest.mark.parametrize(
    ("name", "labels", "severity", "code"),
    [
        ("person.teir", ["a", "b"], "error", "unknown-attribute"),
        ("tier", ["a", "b"], "error", "unknown-attribute"),
        ("account.employees", ["1", "2"], "error", "type-mismatch"),
        ("person.tier", ["a", "b", "a"], "error", "duplicate-label"),
        ("person.seniority", ["director", "emperor"], "warning", "unknown-value"),
    ],
)
def test_an_order_is_given_to_a_text_attribute_that_exists(name: str, labels: list[str], severity: str, code: str):
    assert found(small(ordered={name: labels})) == [(severity, code, f"ordered.{name}")]


def test_an_order_makes_conditions_compare_by_it():
    assert (
        found(
            {**with_track("score >= 75 and engagement > 0 and person.tier >= 'silver'"), "ordered": {"person.tier": ["bronze", "silver"]}}
        )
        == []
    )
    wrong = {**with_track("score >= 75 and engagement > 0 and person.tier >= 'gold'"), "ordered": {"person.tier": ["bronze", "silver"]}}
    assert [code for _, code, _ in found(wrong)] == ["unknown-value"]


def test_groups_and_criteria_share_one_namespace():
    data = with_criteria(fit={"signal": "demo", "points": 1, "at_least": 2}, big={"signal": "demo", "points": 1, "at_least": 3})
    assert [(code, path.rsplit(".", 1)[1]) for _, code, path in found(data)] == [("duplicate-name", "fit"), ("duplicate-name", "big")]


def test_a_name_that_rules_could_not_write_bare_is_told():
    data = with_criteria(case={"signal": "demo", "points": 1, "at_least": 2}, left={"signal": "demo", "points": 1, "at_least": 3})
    assert found(data) == [("warning", "reserved-name", "groups.engagement.criteria.case")]


def test_bands_and_grades_are_for_what_exists():
    data = small(bands={"fits": {"A": 1}, "fit": {"A": 40, "B": 40, "C": 0}}, grade=["fit", "engagement"])
    assert found(data) == [
        ("error", "unknown-name", "bands.fits"), ("error", "duplicate-bound", "bands.fit.B"), ("error", "unknown-band", "grade"),
    ]  # fmt: skip


def test_tiers_begin_at_different_bounds():
    text = yaml.safe_dump(small()).replace("big:", "size: {value: account.employees, tiers: {11: 5, 11.0: 6}}\n      big:")
    assert [code for _, code, _ in found(text)] == ["duplicate-bound"]


def test_a_track_counts_as_one_that_exists():
    assert found(with_track("score >= 75 and engagement > 0", counts_as="mqll")) == [("error", "unknown-track", "tracks.mql.counts_as")]


def test_a_signal_is_told_when_it_happens_so_its_condition_asks_for_no_age():
    schema = replace(SCHEMA, properties={**SCHEMA.properties, "due": TIME})
    signals = {**SMALL["signals"], "demo": "form_submit where days_since(due) > 3"}
    assert found(small(signals=signals), schema=schema) == [("error", "unsupported-condition", "signals.demo.where")]


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("only", "score > 1"),
        ("only", "path = 'x'"),
        ("suspend", {"x": "nobody > 1"}),
        ("disqualify", {"x": "path = 'x'"}),
        ("nurture", {"x": "person.nowhere"}),
    ],
)
def test_every_condition_sees_only_the_names_of_its_place(key: str, value: Any):
    ((severity, code, path),) = found(small(**{key: value}))
    assert severity == "error"
    assert code in {"unknown-attribute", "unknown-name"}
    assert path.startswith(key)


def test_scopes_hold_what_the_facts_and_the_definition_offer():
    definition = load.parse(WORKED).definition
    seen = scopes(definition, SCHEMA)
    assert seen.attributes["person.tier"].order == ("bronze", "silver", "gold")
    assert seen.attributes["person.seniority"].order == SENIORITY
    assert seen.rules["band.fit"].order == ("C", "B", "A")
    assert {"score", "fit", "hot_trial", "grade", "band.score", "account.employees"} <= set(seen.rules)
    assert set(seen.properties) == set(SCHEMA.properties)
    assert not {"score", "fit"} & set(seen.attributes)
    blind = scopes(definition, None)
    assert isinstance(blind.rules, OpenScope)
    assert blind.rules.admits("person.whatever")
    assert not blind.rules.admits("scor")
    assert blind.properties.admits("whatever")  # type: ignore[attr-defined]


# --- what scores can be ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("when", "says"),
    [
        ("score >= 111", "score is 0 to 110"),
        ("fit > 40", "fit is 0 to 40"),
        ("score >= 75 and engagement < 0", "engagement is 0 to 70"),
        ("views > 0 and views < 0", ""),
        ("score >= 75 and score < 50", ""),
        ("fit + engagement > 110", ""),
        ("account.employees > 10 and account.employees < 5", ""),
        ("person.country = 'DE' and person.country in ('FR', 'AT')", ""),
        ("person.country = 'DE' and person.country like 'F%'", ""),
        ("account.is_customer and not account.is_customer", ""),
        ("person.country is null and person.country = 'DE'", ""),
        ("asked = 20 and false", ""),
    ],
)
def test_a_track_that_no_one_can_reach_is_an_error(when: str, says: str):
    problem = the_one(with_track(when))
    assert (problem.code, problem.severity) == ("unreachable-track", "error")
    assert says in problem.says


@pytest.mark.parametrize(
    "when", ["score >= 110", "fit = 40", "views = 30 and asked = 40", "score >= 75 and engagement > 0 or score > 1000"]
)
def test_a_track_that_just_can_be_reached_is_fine(when: str):
    assert [code for _, code, _ in found(with_track(when)) if code != "demographics-only"] == []


def test_a_track_by_bands_is_reached_only_by_labels_that_can_come_up():
    bands = {"bands": {"score": {"hot": 200, "warm": 50, "cold": 0}}}
    assert [code for _, code, _ in found({**with_track("band.score = 'hot'"), **bands})] == ["unreachable-track"]
    assert found({**with_track("band.score >= 'warm' and engagement > 0"), **bands}) == []
    just = {"bands": {"score": {"hot": 110, "cold": 0}}}
    assert found({**with_track("band.score = 'hot' and engagement > 0"), **just}) == []


def test_points_add_up_in_millionths_as_they_are_counted():
    criteria = {"a": {"signal": "view", "points": 0.7, "max": 0.7}, "b": {"signal": "demo", "points": 0.1, "max": 0.1}}
    assert found({**with_track("score >= 0.8"), "groups": {"engagement": {"criteria": criteria}}}) == []
    assert 0.7 + 0.1 < 0.8


@pytest.mark.parametrize("when", ["true", "score >= 0", "engagement <= 70", "score >= 75 or score < 75", "fit < 0 or not fit < 0"])
def test_a_track_that_everyone_meets_is_told(when: str):
    problem = the_one(with_track(when))
    assert (problem.code, problem.severity) == ("trivial-track", "warning")


@pytest.mark.parametrize("when", ["account.is_customer or not account.is_customer", "person.country = 'DE' or person.country <> 'DE'"])
def test_what_may_be_unknown_is_not_met_by_everyone(when: str):
    assert "trivial-track" not in [code for _, code, _ in found(with_track(when))]


@pytest.mark.parametrize(
    "when", ["fit >= 40", "score >= 40", "account.is_customer", "score >= 75 or person.country = 'AT'", "engagement = 0 and fit > 0"]
)
def test_a_track_that_attributes_alone_can_satisfy_is_told(when: str):
    problem = the_one(with_track(when))
    assert (problem.code, problem.severity) == ("demographics-only", "warning")


@pytest.mark.parametrize("when", ["score >= 41", "fit > 0 and engagement > 0", "views >= 10 and account.is_customer", "asked > 0"])
def test_a_track_that_needs_an_activity_is_fine(when: str):
    assert found(with_track(when)) == []


def test_points_for_silence_and_for_few_activities_are_not_engagement():
    silence = {"absent": "any", "for": "7d", "points": 50}
    few = {"signal": "demo", "points": 50, "at_most": 3}
    for criterion in (silence, few):
        data = {**with_criteria(extra=criterion), "tracks": with_track("engagement >= 50")["tracks"]}
        assert [code for _, code, _ in found(data)] == ["demographics-only"]


def test_a_track_that_nobody_can_enter_for_its_leave_is_an_error():
    assert found(with_track("score >= 75 and engagement > 0", leave="score > 50")) == [("error", "leave-contradicts", "tracks.mql.leave")]
    assert found(with_track("engagement > 0 and account.is_customer", leave="account.is_customer")) == [
        ("error", "leave-contradicts", "tracks.mql.leave")
    ]
    assert found(with_track("score >= 75 and engagement > 0", leave="score < 100")) == []
    assert found(with_track("score >= 75 and engagement > 0", leave="not account.is_customer")) == []


def test_a_leave_that_never_holds_is_told():
    assert found(with_track("score >= 75 and engagement > 0", leave="score < 0")) == [("warning", "never-leaves", "tracks.mql.leave")]


@pytest.mark.parametrize(
    ("key", "value", "told"),
    [
        ("disqualify", {"x": "score > 1000"}, ("warning", "never-true", "disqualify.x")),
        ("disqualify", {"x": "score >= 0"}, ("error", "always-true", "disqualify.x")),
        ("suspend", {"x": "true"}, ("error", "always-true", "suspend.x")),
        ("nurture", {"x": "score < 0"}, ("warning", "never-true", "nurture.x")),
        ("only", "person.country = 'DE' and person.country = 'FR'", ("error", "never-true", "only")),
    ],
)
def test_rules_that_hold_for_nobody_or_everybody_are_told(key: str, value: Any, told: tuple[str, str, str]):
    assert found(small(**{key: value})) == [told]


def test_nurture_may_take_everybody():
    assert found(small(nurture={"rest": "score >= 0"})) == []


@pytest.mark.parametrize(
    ("criterion", "says"),
    [
        ({"signal": "demo", "points": 0, "at_least": 3}, "no points"),
        ({"value": "account.employees", "tiers": {1: 0, 5: 0}}, "no points"),
        ({"when": "account.employees > 5 and account.employees < 3", "points": 5}, "holds for nobody"),
        ({"signal": "demo", "points": 5, "at_most": -1}, "can't happen"),
        ({"signal": "demo", "points": 5, "at_least": 40, "once_per": "day", "within": "7d"}, "can't happen"),
        ({"signal": "demo", "points": 5, "at_least": 4, "cooldown": "7d", "within": "21d"}, "can't happen"),
    ],
)
def test_a_criterion_that_can_never_matter_is_told(criterion: dict[str, Any], says: str):
    problem = the_one(with_criteria(extra=criterion))
    assert (problem.code, problem.severity, problem.where.path) == ("never-matters", "warning", "groups.engagement.criteria.extra")
    assert says in problem.says


@pytest.mark.parametrize(
    "criterion",
    [
        {"signal": "demo", "points": 5, "at_least": 8, "once_per": "day", "within": "7d"},
        {"signal": "demo", "points": 5, "at_least": 3, "cooldown": "7d", "within": "21d"},
        {"signal": "view", "sum": "seats", "points": 5, "at_most": -1},
    ],
)
def test_a_criterion_that_just_can_matter_is_fine(criterion: dict[str, Any]):
    assert found(with_criteria(extra=criterion)) == []


def test_a_group_whose_cap_or_floor_takes_everything_is_told():
    capped = small(groups={**SMALL["groups"], "fit": {**SMALL["groups"]["fit"], "cap": 0}})
    assert found(capped | {"tracks": with_track("engagement >= 70")["tracks"]}) == [("warning", "never-matters", "groups.fit.criteria.big")]
    floored = {"floor": 0, "criteria": {"free": {"points": -10, "when": "person.email_is_free"}}}
    assert found(small(groups={**SMALL["groups"], "bad": floored})) == [("warning", "never-matters", "groups.bad.criteria.free")]
    asked = with_track("engagement >= 70 and free = 0")["tracks"]
    assert found(small(groups={**SMALL["groups"], "bad": floored}, tracks=asked)) == []


def test_a_group_that_nothing_looks_at_is_told():
    aside = {"in_score": False, "criteria": {"free": {"points": -10, "when": "person.email_is_free"}}}
    groups = {**SMALL["groups"], "aside": aside}
    assert found(small(groups=groups)) == [("warning", "never-matters", "groups.aside")]
    for used in ({"nurture": {"x": "aside < 0"}}, {"nurture": {"x": "free < 0"}}, {"bands": {"aside": {"A": 0}}, "grade": ["aside"]}):
        assert found(small(groups=groups, **used)) == []


# --- counted twice ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("where", "twice"),
    [
        ("page_view where path like '/pricing%'", True),
        ("page_view", True),
        ("page_view where path = '/pricing/team'", True),
        ("page_view where path like '/pricing%' and seats > 3", True),
        ("page_view where path = '/blog'", False),
        ("page_view where path like '/blog%'", False),
        ("form_submit", False),
        ({"activity": ["form_submit", "page_view"]}, True),
        ({"any_of": ["view"]}, True),
        ({"any_of": ["demo"]}, False),
    ],
)
def test_one_activity_that_feeds_two_criteria_of_a_group_is_told(where: Any, twice: bool):
    data = with_criteria(again={"signal": "second", "points": 5, "max": 20}) | {"signals": {**SMALL["signals"], "second": where}}
    assert found(data) == ([("warning", "counted-twice", "groups.engagement.criteria.again")] if twice else [])


@pytest.mark.parametrize(
    "criterion",
    [{"signal": "view", "points": 5, "at_least": 3}, {"signal": "view", "points": -5, "max": 5}, {"together": {"view": 2}, "points": 5}],
)
def test_thresholds_penalties_and_combinations_on_one_signal_are_no_double_count(criterion: dict[str, Any]):
    assert found(with_criteria(again=criterion)) == []


# --- the agreement ---------------------------------------------------------------------------------------------------


def signed(marketing: Any = None, sales: Any = None, **review: str) -> dict[str, Any]:
    return small(agreement={"marketing": marketing, "sales": sales, "review": review})


def agreement_codes(data: dict[str, Any], today: dt.date = TODAY) -> list[tuple[str, str]]:
    return [(problem.code, problem.where.path) for problem in problems(data, today=today)]


def test_who_has_not_signed_is_told():
    assert agreement_codes(signed({"owner": "a"})) == [("unsigned", "agreement.marketing"), ("unsigned", "agreement.sales")]


def test_a_signature_says_what_was_signed_and_that_is_the_present_contract():
    now = contract_fingerprint(load.parse(yaml.safe_dump(small())).definition)
    good = {"owner": "a", "signed": dt.date(2026, 10, 1), "fingerprint": now[:12]}
    assert agreement_codes(signed(good, good | {"fingerprint": now.upper()})) == []
    bare = {"owner": "a", "signed": dt.date(2026, 10, 1)}
    assert agreement_codes(signed(bare, good)) == [("unbound-signature", "agreement.marketing")]
    assert agreement_codes(signed(good, good | {"fingerprint": "0" * 12})) == [("stale-signature", "agreement.sales")]
    assert agreement_codes(signed(good, good | {"fingerprint": now[:4]})) == [("stale-signature", "agreement.sales")]
    changed = signed(good, good) | {"requalify": {"after": "30d"}}
    assert agreement_codes(changed) == [("stale-signature", "agreement.marketing"), ("stale-signature", "agreement.sales")]
    (problem,) = problems(signed(bare, good))
    assert now[:12] in problem.fix


def test_a_review_is_due_so_long_after_the_last_signature():
    first, last = {"owner": "a", "signed": dt.date(2026, 1, 1)}, {"owner": "b", "signed": dt.date(2026, 1, 31)}
    data = signed(first, last, definition="90d")
    due = dt.date(2026, 1, 31) + dt.timedelta(days=90)
    assert "overdue-review" not in dict(agreement_codes(data, due))
    assert "overdue-review" in dict(agreement_codes(data, due + dt.timedelta(days=1)))
    assert "overdue-review" not in dict(agreement_codes(signed(first, last), due + dt.timedelta(days=1)))


def test_a_track_has_a_response_time_and_somebody_to_go_to_and_rejections_have_reasons():
    bare = small(tracks={"mql": {"when": "score >= 75 and engagement > 0"}}, reject_reasons={})
    assert found(bare) == [
        ("warning", "missing-sla", "tracks.mql"), ("warning", "missing-route", "tracks.mql"),
        ("warning", "missing-reject-reasons", "reject_reasons"),
    ]  # fmt: skip


# --- what is possible ------------------------------------------------------------------------------------------------

SCOPE = {"a": NUMBER, "b": NUMBER, "t": TEXT, "f": FLAG, "tier": Column(Type.TEXT, ("low", "mid", "high")), "at": TIME}
GRID: dict[str, list[Any]] = {
    "a": [None, -1.0, 0.0, 0.5, 1.0, 2.0, 3.0], "b": [None, 0.0, 1.0, 2.5], "t": [None, "x", "y", "xy"], "f": [None, True, False],
    "tier": [None, "low", "high", "none"], "at": [None, 0, 5],
}  # fmt: skip
ATOMS = [
    "a > 1", "a >= 1", "a < 1", "a <= 0.5", "a = 2", "a <> 2", "1 < a", "a > b", "a + b > 2", "a - b < 0", "a * b >= 5", "a / b > 1",
    "-a > 0", "a in (1, 2)", "a not in (0, 3)", "a between 1 and 2", "a is null", "b is not null", "coalesce(a, 0) > 1", "t = 'x'",
    "t in ('x', 'y')", "t like 'x%'", "t <> 'x'", "t is null", "f", "f = true", "length(t) > 1", "tier > 'low'", "tier = 'high'",
    "tier is null", "lower(tier) = 'none'", "at > '1970-01-01'", "at < '1970-01-01T00:00:00.000003Z'", "days_since(at) > 1", "true",
]  # fmt: skip
EXPRESSIONS = st.recursive(st.sampled_from(ATOMS), lambda inner: st.one_of(
    st.tuples(inner, st.sampled_from(("and", "or")), inner).map(lambda parts: f"({parts[0]}) {parts[1]} ({parts[2]})"),
    inner.map(lambda part: f"not ({part})"),
), max_leaves=5)  # fmt: skip
DEMANDS = st.lists(st.tuples(EXPRESSIONS, st.sampled_from([TRUE, FALSE, NOT_TRUE, NOT_FALSE])), min_size=1, max_size=2)


def rows() -> list[dict[str, Any]]:
    rng = Random(11)
    return [{name: rng.choice(values) for name, values in GRID.items()} for _ in range(1500)]


SAMPLE = rows()


@given(DEMANDS)
def test_what_somebody_meets_is_never_called_impossible(demands: list[tuple[str, Any]]):
    trees = [(conditions.parse(text, SCOPE)[0], wanted) for text, wanted in demands]
    closures = [(conditions.to_python(condition), wanted) for condition, wanted in trees if condition]
    met = any(all(Truth(closure(row, 10)) in wanted for closure, wanted in closures) for row in SAMPLE)
    assert possible([(condition.tree, wanted) for condition, wanted in trees if condition], {}) or not met


@pytest.mark.parametrize(
    ("text", "wanted", "expected"),
    [
        ("a > 1 and a < 1", TRUE, False),
        ("a > 1 and a <= 1", TRUE, False),
        ("a > 1 or a <= 1", NOT_TRUE, True),
        ("a > 1 or a <= 1", FALSE, False),
        ("a > 1 or a <= 1 or a is null", NOT_TRUE, False),
        ("a + 1 > b and a < 0 and b > 2", TRUE, False),
        ("a * a < 0", TRUE, True),  # names vary independently, even of themselves: errs on the side of yes
        ("a * b > 6 and a <= 2 and a >= 0 and b <= 3 and b >= 0", TRUE, False),
        ("a / b > 4 and b >= 1 and a between 0 and 4", TRUE, False),
        ("a / b > 4 and b >= 0 and a between 0 and 4", TRUE, True),
        ("t = 'x' and not t in ('x', 'y')", TRUE, False),
        ("t in ('x', 'y') and t like 'z%'", TRUE, False),
        ("tier > 'high'", TRUE, False),
        ("tier >= 'low'", FALSE, False),
        ("tier >= 'low'", NOT_TRUE, True),
        ("f and not f", TRUE, False),
        ("f or not f", NOT_TRUE, True),
        ("f or not f or f is null", NOT_TRUE, False),
        ("at > '2026-01-01' and at < '2025-01-01'", TRUE, False),
        ("length(t) < 0", TRUE, False),
        ("a is null and a > 1", NOT_FALSE, True),
        ("a is null and a > 1", TRUE, False),
        ("a is null and -a > 1", TRUE, False),
        ("a in (1, 2) and a > 2", TRUE, False),
        ("b >= 2 and b <= 0 and a / b > 1", TRUE, False),
        ("a is null and a / a > 1 or a in (1)", TRUE, True),
        ("at = '1970-01-01' and days_since(at) > 1", TRUE, True),
        ("at in ('1970-01-01') and days_since(at) > 1", TRUE, True),
    ],
)
def test_what_can_be_told_to_be_impossible_is(text: str, wanted: Any, expected: bool):
    condition, _ = conditions.parse(text, SCOPE)
    assert condition
    assert possible([(condition.tree, wanted)], {}) is expected


def test_a_division_may_be_unknown_though_its_parts_are_known():
    parts = {text: conditions.parse(text, SCOPE)[0] for text in ("a = 0 and b = 0", "a / b in (1)")}
    known, unknown = (condition.tree for condition in parts.values() if condition)
    assert possible([(known, TRUE), (unknown, NOT_TRUE), (unknown, NOT_FALSE)], {})


def test_a_condition_with_too_many_ways_is_taken_for_possible():
    text = " and ".join(f"(a > {n} or b > {n})" for n in range(30)) + " and a < 0 and b < 0"
    condition, _ = conditions.parse(text, SCOPE)
    assert condition
    assert possible([(condition.tree, TRUE)], {})


def told_of(case: oracle.Case) -> set[tuple[str, str]]:
    """Return (code, track or rule) of each problem of a made-up definition."""
    return {
        (problem.code, problem.where.path.split(".")[1])
        for problem in problems(case.definition, validity.schema())
        if "." in problem.where.path
    }


@given(st.integers(0, 2**32))
def test_no_score_lies_outside_of_its_range(seed: int):
    case = oracle.make_case(Random(seed), 4, checked=False)
    definition = load.parse(yaml.safe_dump(dict(case.definition), sort_keys=False)).definition
    spans = ranges(definition).by_name()
    for as_of in case.as_ofs:
        for row in interpreter.score(case.definition, case.facts, as_of):
            for name, micro in {**row.criteria, **row.groups, "score": row.score}.items():
                assert spans[name].low <= micro / 1_000_000 <= spans[name].high, name


@given(st.integers(0, 2**32))
def test_what_is_said_of_tracks_and_rules_holds_for_everybody(seed: int):
    case = oracle.make_case(Random(seed), 4, checked=False)
    told = told_of(case)
    for as_of in case.as_ofs:
        for row in interpreter.score(case.definition, case.facts, as_of):
            assert not {("unreachable-track", track) for track in row.tracks} & told
            assert not {("never-true", row.disqualified), ("never-true", row.suspended)} & told
            if row.disqualified is None and row.suspended is None:
                assert {track for code, track in told if code == "trivial-track"} <= set(row.tracks)
                assert "always-true" not in {code for code, _ in told}


@given(st.integers(0, 2**32))
def test_without_any_activity_nobody_is_on_a_track_that_was_not_told_of(seed: int):
    case = oracle.make_case(Random(seed), 4, checked=False)
    told = {track for code, track in told_of(case) if code in {"demographics-only", "trivial-track"}}
    silent = replace(case.facts, activities=())
    for as_of in case.as_ofs:
        for row in interpreter.score(case.definition, silent, as_of):
            assert set(row.tracks) <= told

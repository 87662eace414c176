from __future__ import annotations

import copy
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.oracle import strategies
from tests.unit.definition.everything import DATA, changed, parsed, variations

from leadline.definition import diff, fingerprint
from leadline.definition.diff import Kind, Topic

OLD = parsed(DATA)
CRITERIA = ("groups", "engagement", "criteria")


def one_change(new) -> diff.Change:
    (found,) = diff.describe(OLD, new)
    return found


@pytest.mark.parametrize(
    ("path", "to", "kind", "words"),
    [
        ((*CRITERIA, "pricing_page", "points"), 25, Kind.CHANGED, "A visit to a pricing page now earns 25 points instead of 20."),
        ((*CRITERIA, "pricing_page", "points"), -1, Kind.CHANGED, "A visit to a pricing page now costs 1 point instead of earning 20."),
        ((*CRITERIA, "pricing_page", "points"), 0, Kind.CHANGED, "A visit to a pricing page now earns no points instead of 20."),
        (("groups", "fit", "criteria", "free_mail", "points"), -5, Kind.CHANGED, "*Free mail* now costs 5 points instead of 10."),
        (("groups", "fit", "criteria", "free_mail", "points"), 5, Kind.CHANGED, "*Free mail* now earns 5 points instead of costing 10."),
        ((*CRITERIA, "pricing_page", "within"), "45d", Kind.CHANGED, "The window of *pricing page* moves from 30 days to 45 days."),
        ((*CRITERIA, "pricing_page", "within"), ..., Kind.REMOVED, "The window of *pricing page* is no longer given; so far: 30 days."),
        (
            (*CRITERIA, "pricing_page", "wait"),
            "1h",
            Kind.ADDED,
            "The wait of *pricing page* is now 1 hour; so far nothing was said about it.",
        ),
        ((*CRITERIA, "gone_quiet", "for"), "7d", Kind.CHANGED, "The silence that *gone quiet* asks for moves from 14 days to 7 days."),
        (
            (*CRITERIA, "path", "in_order"),
            ["demo_request", "pricing_page"],
            Kind.CHANGED,
            "The order of *path* moves from *pricing page*, then *demo request* to *demo request*, then *pricing page*.",
        ),
        (("groups", "fit", "cap"), 60, Kind.CHANGED, "The most that the group *fit* counts for moves from 50 to 60."),
        (("groups", "usage", "in_score"), True, Kind.CHANGED, "The group *usage* now counts in the score."),
        (
            ("groups", "engagement", "scale", "by"),
            0,
            Kind.CHANGED,
            (
                "The scaling of the group *engagement* changes. "
                "Now: After 84 days without an “engaged” activity from the account their sum is set to zero, until the next one. "
                "Before: After 84 days without an “engaged” activity from the account their sum is halved, until the next one."
            ),
        ),
        (
            ("signals", "webinar"),
            "webinar_joined",
            Kind.CHANGED,
            "*Webinar* now means an activity of type `webinar_joined`. Before, it meant an activity of type `webinar_attended`.",
        ),
        (("only",), ..., Kind.REMOVED, "The condition for being scored at all is no longer given; so far: `person.country is not null`."),
        (
            ("tracks", "pql", "when"),
            "usage >= 30",
            Kind.CHANGED,
            "The line of track *PQL* moves from `usage >= 20 and account.employees >= 50` to `usage >= 30`.",
        ),
        (("tracks", "mql", "leave"), ..., Kind.REMOVED, "The line for leaving track *MQL* is no longer given; so far: `score < 50`."),
        (
            ("tracks", "mql", "respond_within"),
            "1 business day",
            Kind.CHANGED,
            "The time to respond on track *MQL* moves from 4 business hours to 1 business day.",
        ),
        (("tracks", "mql", "to"), "ae", Kind.CHANGED, "The team that gets track *MQL* moves from SDR to AE."),
        (("tracks", "pql", "per"), "person", Kind.CHANGED, "What a handoff of track *PQL* is for moves from account to person."),
        (
            ("tracks", "pql"),
            ...,
            Kind.REMOVED,
            "The track *PQL* is gone. A lead qualified when *usage* is 20 or more and the account has 50 or more employees.",
        ),
        (("bands", "fit", "A"), 30, Kind.CHANGED, "The bands of *fit* move from A: 40, B: 20, C: 0 to A: 30, B: 20, C: 0."),
        (
            ("disqualify", "competitor"),
            "account.is_rival",
            Kind.CHANGED,
            "The disqualification *competitor* moves from `account.is_competitor` to `account.is_rival`.",
        ),
        (
            ("sql", "needs"),
            4,
            Kind.CHANGED,
            (
                "What a lead needs to be an SQL changes. Now: All of the 4 answers of BANT: budget, authority, need and timeline. "
                "Before: At least 3 of the 4 answers of BANT: budget, authority, need and timeline."
            ),
        ),
        (
            ("reject_reasons", "bad_timing"),
            ...,
            Kind.REMOVED,
            "The reason *bad timing* for a rejection is dropped. It was: The lead goes to nurture and can qualify again after 90 days.",
        ),
        (("agreement", "targets", "mql_per_week"), 50, Kind.CHANGED, "The target for MQL per week moves from 40 to 50."),
        (
            ("agreement", "review", "definition"),
            "30d",
            Kind.CHANGED,
            "The time between reviews of the definition moves from 90 days to 30 days.",
        ),
        (("name",), "Acme", Kind.CHANGED, "The name moves from “Acme MQL” to “Acme”."),
    ],
)
def test_a_change_is_told_in_words(path, to, kind, words):
    change = one_change(changed(*path, to=to))
    assert (change.kind, change.words) == (kind, words)
    assert f"{'.'.join(path)}.".startswith(f"{change.path}.")


def test_a_new_criterion_is_told_whole():
    change = one_change(changed("groups", "fit", "criteria", "new", to={"points": 3, "when": "person.vip"}))
    assert change == diff.Change(
        "groups.fit.criteria.new", Kind.ADDED, "New criterion *new*, in *fit*: Earns 3 points if the person is marked “vip”."
    )


def test_a_renamed_criterion_is_not_told_twice():
    data = copy.deepcopy(DATA)
    criteria = data["groups"]["fit"]["criteria"]
    criteria["personal_mail"] = criteria.pop("free_mail")
    change = one_change(parsed(data))
    assert (change.kind, change.words) == (Kind.MOVED, "*Free mail* is now called *personal mail*, and says the same.")


def test_a_criterion_that_changes_its_group_moves():
    data = copy.deepcopy(DATA)
    data["groups"]["engagement"]["criteria"]["free_mail"] = data["groups"]["fit"]["criteria"].pop("free_mail")
    change = one_change(parsed(data))
    assert (change.path, change.kind) == ("groups.engagement.criteria.free_mail", Kind.MOVED)
    assert change.words == "*Free mail* moves from the group *fit* to *engagement*."


def test_a_criterion_of_another_kind_is_told_before_and_now():
    change = one_change(changed(*CRITERIA, "surge", to={"points": 1, "when": "person.vip"}))
    assert change.words == (
        "*Surge* is of another kind. Now: Earns 1 point if the person is marked “vip”. Before: A surge from the account earns 20 points; "
        "each counts from 6 days until 180 days after it happened, and after one that counts, the next can count 90 days later."
    )


def test_another_order_of_tracks_is_another_urgency():
    tracks = DATA["tracks"]
    change = one_change(parsed(DATA | {"tracks": {"mql": tracks["mql"], **tracks}}))
    assert (change.path, change.kind) == ("tracks", Kind.MOVED)
    assert change.words == "The order of the tracks, and so their urgency, is now: *MQL*, *hot*, *expansion*, *PQL*."


def test_a_new_track_is_told_with_what_follows_from_it():
    new = changed("tracks", "vip", to={"when": "person.vip", "to": "ae", "respond_within": "1 business hour", "leave": "score < 1"})
    assert [(change.path, change.topic) for change in diff.describe(OLD, new)] == [
        ("tracks.vip", Topic.TRACKS),
        ("tracks.vip.leave", Topic.TRACKS),
        ("tracks.vip.to", Topic.HANDOFF),
        ("tracks.vip.respond_within", Topic.HANDOFF),
    ]


@pytest.mark.parametrize(
    ("path", "to"),
    [
        (("tracks", "mql", "leave"), "score  <  50"),
        (("only",), "(person.country IS NOT NULL)"),
        (("signals", "case_study"), {"activity": "content_download", "where": "content='case_study'"}),
        (("signals", "engaged", "any_of"), ["webinar", "demo_request", "case_study", "pricing_page"]),
        (("groups", "fit", "criteria", "size", "tiers"), {1001: 20, 101: 10, 11: 5}),
    ],
)
def test_spelling_and_order_without_meaning_are_no_change(path, to):
    assert diff.describe(OLD, changed(*path, to=to)) == []


def test_changes_are_grouped_by_what_matters():
    data = copy.deepcopy(DATA)
    data["agreement"]["targets"]["mql_per_week"] = 50
    data["tracks"]["mql"] |= {"when": "score >= 80", "respond_within": "1 business hour"}
    data["disqualify"]["student"] = "person.is_student"
    data["groups"]["fit"]["criteria"]["free_mail"]["points"] = -20
    text = diff.to_markdown(OLD, parsed(data))
    assert re.findall(r"^## (.*)", text, re.MULTILINE) == [topic.value for topic in Topic]
    assert "5 changes. Scores can change." in text


@pytest.mark.parametrize(
    ("path", "to", "says"),
    [
        (("name",), "Acme MQL", "Nothing: the two definitions say the same."),
        (("tracks", "mql", "to"), "ae", "1 change. Nothing that affects a score or decides who qualifies changed."),
        (("tracks", "mql", "when"), "score > 1", "1 change. Nothing that affects a score changed, but who qualifies can change."),
        (("groups", "fit", "cap"), 51, "1 change. Scores can change."),
    ],
)
def test_the_first_line_says_whether_scores_can_change(path, to, says):
    assert says in diff.to_markdown(OLD, changed(*path, to=to)).splitlines()[2]


def test_a_difference_is_told_exactly_where_a_fingerprint_sees_one():
    contract, definition, count = fingerprint.contract_fingerprint(OLD), fingerprint.definition_fingerprint(OLD), 0
    for path, new in variations(DATA):
        changes = diff.describe(OLD, new)
        told = [change for change in changes if not change.path.startswith(("name", "agreement.marketing", "agreement.sales"))]
        assert bool(told) == (fingerprint.contract_fingerprint(new) != contract), (path, changes)
        if not {change.topic for change in changes} & {Topic.POINTS, Topic.TRACKS, Topic.NEVER}:
            assert fingerprint.definition_fingerprint(new) == definition, path
        count += 1
    assert count > 300


@given(st.randoms(use_true_random=False), st.randoms(use_true_random=False))
def test_any_two_definitions_can_be_compared(one, two):
    old, new = (parsed(strategies.make_definition(rng, 1_700_000_000_000_000)[0]) for rng in (one, two))
    assert diff.describe(old, old) == []
    same = fingerprint.contract_fingerprint(old) == fingerprint.contract_fingerprint(new) and old.name == new.name
    changes = diff.describe(old, new)
    assert (changes == []) == same
    assert all(change.words.endswith((".", "!")) and "None" not in change.words for change in changes)

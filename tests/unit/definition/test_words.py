from __future__ import annotations

import pytest

from leadline.definition.model import Definition, Signal
from leadline.definition.words import Words, noun

SIGNALS = {
    "pricing_page": "page_view where path like '/pricing%'",
    "careers": "page_view where path like '/careers%'",
    "case_study": "content_download where content = 'case_study'",
    "demo_request": "form_submit where form = 'demo'",
    "webinar": "webinar_attended",
    "activated": "feature_used",
    "seat_invited": "seat_invited",
    "surge": {"activity": "intent_surge", "where": "score >= 60", "of": "account"},
    "bot_click": {"activity": ["email_click", "link_click"], "machines": True},
    "engaged": {"any_of": ["pricing_page", "demo_request"]},
}


def words(criterion, **group) -> tuple[Words, Definition]:
    definition = Definition.model_validate(
        {
            "name": "x",
            "ordered": {"person.tier": ["bronze", "silver", "gold"]},
            "signals": SIGNALS,
            "groups": {"g": {"criteria": {"c": criterion}, **group}},
            "tracks": {"t": {"when": "score > 1"}},
        }
    )
    return Words(definition), definition


def sentence(criterion) -> str:
    said, definition = words(criterion)
    return said.criterion(definition.groups["g"].criteria["c"])


@pytest.mark.parametrize(
    ("name", "signal", "one", "many"),
    [
        ("pricing_page", "page_view where path = '/p'", "a visit to a pricing page", "visits to a pricing page"),
        ("docs_pages", "page_view", "a visit to a docs page", "visits to a docs page"),
        ("careers", "page_view", "a visit to a careers page", "visits to a careers page"),
        ("case_study", "content_download", "a download of a case study", "downloads of a case study"),
        ("ebook_download", "content_download", "an ebook download", "ebook downloads"),
        ("demo_request", "form_submit", "a demo request", "demo requests"),
        ("webinar", "webinar_attended", "a webinar attended", "webinars attended"),
        ("product_webinar", "webinar_attended", "a product webinar attended", "product webinars attended"),
        ("trial_started", "trial_started", "a trial started", "trials started"),
        ("webinars", "webinar", "a webinar", "webinars"),
        ("activated", "feature_used", "an “activated” activity", "“activated” activities"),
        ("asked_for_demo", "form_submit", "an “asked for demo” activity", "“asked for demo” activities"),
        ("email_click", "email_click", "an e-mail click", "e-mail clicks"),
        ("news_feed", "feed", "a news feed", "news feeds"),
    ],
)
def test_a_signal_has_a_noun(name, signal, one, many):
    found = noun(name, Signal.model_validate(signal))
    assert (found.one, found.many) == (one, many)


@pytest.mark.parametrize(
    ("criterion", "expected"),
    [
        ({"points": 25, "when": "person.seniority >= 'director'"}, "Earns 25 points if seniority is director or above."),
        ({"points": -1, "when": "person.email_is_free"}, "Costs 1 point if the e-mail address is a free one."),
        ({"points": 0, "when": "person.email_is_free"}, "Earns no points if the e-mail address is a free one."),
        (
            {"value": "account.employees", "tiers": {1001: 20, 11: -5, 1: 0}},
            "Goes by the account's employees: no points from 1, -5 points from 11 and 20 points from 1001.",
        ),
        ({"value": "person.tier", "tiers": {1: 3, 1.5: 4}}, "Goes by tier: 3 points from silver and 4 points from gold."),
        ({"value": "person.tier", "tiers": {9: 3}}, "Goes by tier: 3 points from 9."),
        (
            {"signal": "pricing_page", "points": 20, "max": 40, "within": "30d", "half_life": "14d"},
            (
                "A visit to a pricing page earns 20 points, at most 40 in all; "
                "only the last 30 days count, and each loses half its worth in 14 days."
            ),
        ),
        ({"signal": "demo_request", "points": -3, "max": 9}, "A demo request costs 3 points, at most 9 in all."),
        ({"signal": "demo_request", "points": 2, "within": "1h"}, "A demo request earns 2 points; only the last hour counts."),
        (
            {"signal": "demo_request", "points": 2, "once_per": "day", "cooldown": "2d", "fades_over": "90m", "wait": "6h"},
            (
                "A demo request earns 2 points; each counts from 6 hours after it happened, only the first of each day counts, "
                "after one that counts, the next can count 2 days later, and each fades evenly to nothing over 90 minutes."
            ),
        ),
        (
            {"signal": "surge", "points": 20, "wait": "6d", "within": "180d"},
            "A surge from the account earns 20 points; each counts from 6 days until 180 days after it happened.",
        ),
        ({"signal": "surge", "points": 20, "of": "person"}, "A surge from the person earns 20 points."),
        ({"signal": "demo_request", "points": 2, "of": "account"}, "A demo request from the account earns 2 points."),
        ({"signal": "seat_invited", "sum": "seats", "points": 2}, "Each of the seats of a seat invited earns 2 points."),
        ({"signal": "seat_invited", "sum": "amount", "points": 2}, "Each unit of the amount of a seat invited earns 2 points."),
        (
            {"signal": "demo_request", "points": 40, "at_least": 1, "within": "30d"},
            "Earns 40 points, once, if there was a demo request in the last 30 days.",
        ),
        ({"signal": "demo_request", "points": 4, "at_most": 0}, "Earns 4 points, once, if there was no demo request."),
        ({"signal": "demo_request", "points": 4, "at_least": 2}, "Earns 4 points, once, if there were 2 or more demo requests."),
        ({"signal": "demo_request", "points": 4, "at_most": 2}, "Earns 4 points, once, if there were at most 2 demo requests."),
        ({"signal": "demo_request", "points": 4, "at_least": 2, "at_most": 2}, "Earns 4 points, once, if there were 2 demo requests."),
        (
            {"signal": "demo_request", "points": 4, "at_least": 2, "at_most": 5, "wait": "1d", "within": "9d"},
            "Earns 4 points, once, if there were between 2 and 5 demo requests, at least 1 day and less than 9 days ago.",
        ),
        (
            {"signal": "demo_request", "points": 4, "at_least": 1.5, "half_life": "1d"},
            "Earns 4 points, once, if demo requests come to 1.5 or more; each loses half its worth in 1 day.",
        ),
        (
            {"signal": "seat_invited", "sum": "seats", "points": 20, "at_least": 5, "within": "30d"},
            "Earns 20 points, once, if the seats of seats invited in the last 30 days come to 5 or more.",
        ),
        (
            {"together": {"webinar": 1, "pricing_page": 2}, "span": "72h", "within": "90d", "points": 30},
            (
                "Earns 30 points, once, if these fall within 3 days: a webinar attended and 2 visits to a pricing page; "
                "the last of them in the last 90 days."
            ),
        ),
        (
            {"together": {"webinar": 1}, "points": 30, "of": "account"},
            "Earns 30 points, once, if these all happened: a webinar attended from the account.",
        ),
        (
            {"in_order": ["pricing_page", "demo_request"], "span": "2d", "points": 5},
            "Earns 5 points, once, if these came in this order within 2 days: a visit to a pricing page, then a demo request.",
        ),
        (
            {"in_order": ["webinar", "surge"], "points": 5},
            "Earns 5 points, once, if these came in this order: a webinar attended, then a surge from the account.",
        ),
        (
            {"absent": "any", "for": "14d", "every": "7d", "points": -2, "max": 20},
            "Costs 2 points after 14 days without any activity, and 2 more for every 7 days after that, at most 20 in all.",
        ),
        (
            {"absent": "engaged", "for": "1d", "points": 1, "of": "account"},
            "Earns 1 point after 1 day without an “engaged” activity from the account.",
        ),
    ],
)
def test_a_criterion_is_one_sentence(criterion, expected):
    assert sentence(criterion) == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("pricing_page", "an activity of type `page_view` where the path begins with `/pricing`"),
        ("bot_click", "an activity of type `email_click` or `link_click`; machines count, too"),
        ("surge", "an activity from the account of type `intent_surge` where the score is 60 or more"),
        ("engaged", "any of *pricing page* or *demo request*"),
    ],
)
def test_a_signal_is_defined(name, expected):
    assert words({"points": 1, "when": "person.x"})[0].signal(name) == expected


@pytest.mark.parametrize(
    ("group", "expected"),
    [
        ({}, ""),
        ({"cap": 50, "floor": -10}, "Together these count for at most 50 points and at least -10 points."),
        ({"in_score": False}, "None of this is part of the score; only rules look at it."),
        (
            {"scale": {"by": 0.5, "absent": "any", "for": "84d"}, "cap": 1},
            "After 84 days without any activity their sum is halved, until the next one. Together these count for at most 1 point.",
        ),
        (
            {"scale": {"by": 0.25, "absent": "webinar", "for": "1d"}},
            "After 1 day without a webinar attended their sum is multiplied by 0.25, until the next one.",
        ),
    ],
)
def test_a_group_says_what_holds_for_all_of_it(group, expected):
    said, definition = words({"points": 1, "when": "person.x"}, **group)
    assert said.group(definition.groups["g"]) == expected

"""Which kinds of activity are worth a signal, and how a definition writes it."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from leadline.definition import check, load
from leadline.facts.model import Column, Schema, Type
from leadline.review.discover import candidates, naming
from leadline.review.discover.candidates import Count, Defined


def count(type_: str, prop: str = "", test: str = "", value: Any = "", cases: int = 500, side: str = "marketing") -> Count:
    return Count(type_, side, prop, test, value, cases, 1)


VIEW = count("page_view", cases=1000)


def written(*counts: Count, current=(), of: int | None = None) -> dict[str, str]:
    """Return the conditions by name."""
    return {item.name: f"{item.type} {item.where}".strip() for item in candidates.signals(counts, current, of)}


def test_a_type_is_always_a_signal_however_rare():
    assert written(VIEW, count("demo_booked", cases=1)) == {"page_view": "page_view", "demo_booked": "demo_booked"}


def test_names_and_conditions_read_well():
    found = written(
        VIEW, count("content_download"), count("form_submit"), count("feature_used"), count("usage_week"),
        count("page_view", "path", "prefix", "/pricing"), count("page_view", "path", "=", "/"),
        count("page_view", "path", "prefix", "/docs/integrations"), count("page_view", "campaign", "=", "Spring '26"),
        count("content_download", "content", "=", "case_study"), count("form_submit", "form", "=", "demo"),
        count("feature_used", "feature", "=", "workflow"), count("usage_week", "deal_actions", ">", 0.0),
        count("usage_week", "users", ">=", 3.0), count("usage_week", "is_trial", "=", True), count("usage_week", "order", "=", "404"),
    )  # fmt: skip
    assert {name: condition for name, condition in found.items() if " " in condition} == {
        "pricing_page": "page_view path like '/pricing%'",
        "home_page": "page_view path = '/'",
        "docs_integrations_page": "page_view path like '/docs/integrations%'",
        "page_view_campaign_spring_26": "page_view campaign = 'Spring ''26'",
        "case_study_download": "content_download content = 'case_study'",
        "demo_form_submit": "form_submit form = 'demo'",
        "workflow_feature_used": "feature_used feature = 'workflow'",
        "usage_week_with_deal_actions": "usage_week deal_actions > 0",
        "usage_week_users_3": "usage_week users >= 3",
        "usage_week_is_trial": "usage_week is_trial",
        "usage_week_order_404": "usage_week order = '404'",
    }


def test_what_too_few_had_is_no_signal():
    assert list(written(VIEW, count("page_view", "path", "=", "/a", 19))) == ["page_view"]
    assert list(written(VIEW, count("page_view", "path", "=", "/a", 20))) == ["page_view", "a_page"]
    assert list(written(VIEW, count("page_view", "path", "=", "/a", 99), of=10_000)) == ["page_view"]
    assert list(written(VIEW, count("page_view", "path", "=", "/a", 100), of=10_000)) == ["page_view", "a_page"]


def test_nothing_depends_on_who_was_won():
    counts = [VIEW, *(count("page_view", "path", "=", f"/{at}", 30 + at) for at in range(40))]
    assert candidates.signals(counts, ()) == candidates.signals([item._replace(won=0) for item in counts], ())


def test_a_group_of_pages_that_is_nearly_the_one_above_is_left_out():
    found = written(
        VIEW, count("page_view", "path", "prefix", "/docs", 200), count("page_view", "path", "prefix", "/docs/all", 195),
        count("page_view", "path", "prefix", "/docs/some", 100),
    )  # fmt: skip
    assert set(found) == {"page_view", "docs_page", "docs_some_page"}


def test_a_page_that_is_a_group_is_looked_at_once():
    found = written(VIEW, count("page_view", "path", "prefix", "/docs", 300), count("page_view", "path", "=", "/docs", 200))
    assert found == {"page_view": "page_view", "docs_page": "page_view path like '/docs%'"}


@pytest.mark.parametrize("prop", ["referrer", "referer", "link_url", "session_id", "ip"])
def test_links_and_keys_are_no_signals(prop):
    assert list(written(VIEW, count("page_view", prop, "=", "x"))) == ["page_view"]


def test_what_is_done_to_people_has_no_values():
    assert list(written(count("email_sent"), count("email_sent", "campaign", "=", "spring"))) == ["email_sent"]


def test_bounds_that_nearly_all_of_a_lower_one_reach_are_left_out():
    counts = [count("week", "users", ">", 0.0, 400), count("week", "users", ">=", 1.0, 400), count("week", "users", ">=", 5.0, 100)]
    assert set(written(count("week"), *counts)) == {"week", "week_with_users", "week_users_5"}


def test_a_property_with_many_values_gives_its_most_frequent_and_says_so():
    counts = [VIEW, *(count("page_view", "path", "=", f"/{at}", 100 + at) for at in range(30))]
    found = written(*counts)
    assert len(found) == 1 + candidates.PER_PROPERTY
    assert "is_29_page" in found
    caution = next(candidates.cautions(counts))
    assert caution.code == "signals-cut"
    assert "18 more values" in caution.says
    assert "/17" in caution.says
    assert not list(candidates.cautions(counts[:5]))


def test_there_are_never_more_than_fit():
    counts = [count(f"t{at}") for at in range(60)]
    counts += [count(f"t{at}", f"p{k}", "=", f"v{value}", 50 + value) for at in range(60) for k in range(3) for value in range(3)]
    assert len(candidates.signals(counts, ())) == candidates.MOST


def test_the_current_definition_names_what_is_a_candidate_and_adds_what_is_not():
    current = [
        Defined("looked_at_prices", "page_view", "path  like '/pricing%'"), Defined("guide", "page_view", "path in ('/a', '/b')"),
        Defined("seen", "page_view", ""), Defined("never_happens", "unheard_of", ""),
    ]  # fmt: skip
    assert written(VIEW, count("page_view", "path", "prefix", "/pricing"), current=current) == {
        "seen": "page_view",
        "looked_at_prices": "page_view path like '/pricing%'",
        "guide": "page_view path in ('/a', '/b')",
    }


def test_a_name_of_the_current_definition_is_not_given_to_anything_else():
    current = [Defined("page_view", "page_view", "path = '/x'")]
    assert written(VIEW, current=current) == {"any_page_view": "page_view", "page_view": "page_view path = '/x'"}


@pytest.mark.parametrize("value", ["", "/", "a\nb", "x" * 81])
def test_what_nobody_would_want_to_read_is_no_signal(value):
    assert list(written(VIEW, count("page_view", "path", "prefix" if value == "/" else "=", value))) == ["page_view"]


def test_a_pattern_never_comes_out_of_a_path():
    assert list(written(VIEW, count("page_view", "path", "prefix", "/100%"))) == ["page_view"]


_TEXT = st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), min_size=1, max_size=20)


@settings(max_examples=40)
@given(st.lists(st.tuples(_TEXT, _TEXT, _TEXT), min_size=1, max_size=6), st.booleans())
def test_whatever_the_data_holds_the_definition_can_be_read(rows, flag):
    types = list(dict.fromkeys(row[0].strip() for row in rows if row[0].strip()))
    counts = [VIEW, *(count(name) for name in types if name != VIEW.type)]
    for type_, prop, value in rows:
        if type_.strip():
            counts += [count(type_.strip(), prop, "=", value), count(type_.strip(), prop, "prefix", f"/{value}")]
            counts += [count(type_.strip(), f"{prop}?", "=", flag), count(type_.strip(), f"{prop}#", ">=", 1e15 / 7)]
    found = candidates.signals(counts, ())
    assert len({item.name for item in found}) == len(found)
    columns = {prop: Column(Type.TEXT) for _, prop, _ in rows}
    columns |= {f"{prop}?": Column(Type.BOOLEAN) for _, prop, _ in rows} | {f"{prop}#": Column(Type.NUMBER) for _, prop, _ in rows}
    signals = {item.name: {"activity": item.type} | ({"where": item.where} if item.where else {}) for item in found}
    criteria = {f"c{at}": {"signal": name, "points": 1, "within": "30d"} for at, name in enumerate(signals)}
    definition = {
        "name": "x", "signals": signals, "groups": {"engagement": {"criteria": criteria}}, "tracks": {"mql": {"when": "score >= 1"}},
    }  # fmt: skip
    loaded = load.parse(yaml.safe_dump(definition, allow_unicode=True, sort_keys=False))
    problems = check.check(loaded, Schema(properties=columns, types=dict.fromkeys([VIEW.type, *types], 9)), dt.date(2026, 4, 1))
    assert not [problem for problem in problems if problem.severity == "error" and "signals" in problem.where.path]


@pytest.mark.parametrize("text", ["", "é", "日本", "1", "a" * 200, "any", "Page View!"])
def test_every_name_is_a_name(text):
    name = naming.name([text])
    assert name.isidentifier()
    assert name == name.lower()
    assert len(name) <= 52

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadline.definition import phrases
from leadline.facts.model import SENIORITY

NAMES = phrases.Names(
    {"person.seniority": SENIORITY, "band.fit": ("C", "B", "A"), "person.tier": ("bronze", "silver")},
    frozenset({"fit", "engagement"}),
    frozenset({"hot_trial"}),
)

PLAIN = {
    "person.seniority >= 'vp' and account.employees >= 100": "seniority is VP or above and the account has 100 or more employees",
    "person.seniority < 'c_level'": "seniority is below C-level",
    "person.seniority = 'vp'": "seniority is VP",
    "score >= 75 and fit > 0 and not account.is_customer": "the score is 75 or more, *fit* is above 0 and the account is not a customer",
    "75 <= score": "the score is 75 or more",
    "hot_trial > 0": "*hot trial* has earned points",
    "hot_trial = 0": "*hot trial* has earned no points",
    "hot_trial < 0": "*hot trial* has cost points",
    "hot_trial < 30": "the points of *hot trial* are below 30",
    "band.fit >= 'B'": "the band of *fit* is B or above",
    "band.score = 'hot'": "the band of the score is hot",
    "grade in ('A1', 'A2')": "the grade is one of A1 or A2",
    "account.employees > 1": "the account has more than 1 employee",
    "account.employees >= 1": "the account has 1 or more employees",
    "account.employees < 1000": "the account has fewer than 1000 employees",
    "account.employees <> 5": "the account's employees are not 5",
    "account.mrr between 500 and 1667": "the account's MRR is between 500 and 1667",
    "account.mrr not between 500 and 1667": "the account's MRR is not between 500 and 1667",
    "account.mrr > account.forecast_mrr": "the account's MRR is above the account's forecast MRR",
    "account.mrr > 2 * account.forecast_mrr": "the account's MRR is above `2 * account.forecast_mrr`",
    "person.country not in ('US', 'Canada')": "country is not one of US or Canada",
    "person.country in ('US')": "country is US",
    "person.country is null": "country is not known",
    "person.country is not null": "country is known",
    "person.country <> ''": "country is not empty",
    "path like '/pricing%'": "the path begins with `/pricing`",
    "path not like '%.js'": "the path does not end with `.js`",
    "title ilike '%head of%'": "the title contains `head of` (whatever its case)",
    "path like '/a'": "the path is `/a`",
    "path not like '/a'": "the path is not `/a`",
    "path like '/a_%b'": "the path matches the pattern `/a_%b`",
    "path like '%'": "the path matches the pattern `%`",
    "content = 'case_study'": "the content is `case_study`",
    "seats >= 5": "the seats are 5 or more",
    "registered": "it is marked “registered”",
    "person.with_partner": "the person is marked “with partner”",
    "account.is_target = false": "the account is not marked “target”",
    "account.has_open_deal <> true": "the account has no open deal",
    "not coalesce(account.is_customer, false)": "the account is not a customer as far as is known",
    "coalesce(account.is_customer, false)": "the account is a customer",
    "coalesce(person.nps, 0) > 8": "NPS (0 if not known) is above 8",
    "lower(person.country) = 'de'": "country in small letters is de",
    "length(person.title) > 3": "the length of title is above 3",
    "days_since(person.created_at) < 30": "the person has been known for less than 30 days",
    "days_since(account.customer_since) >= 1": "the account has been a customer for 1 day or more",
    "days_since(account.paying_since) >= 90": "the account has been paying for 90 days or more",
    "days_since(person.last_login_at) between 3 and 9": "the person's last login was between 3 and 9 days ago",
    "not (days_since(person.last_login_at) > 3)": "the person's last login was at most 3 days ago",
    "person.created_at >= '2026-01-01'": "the person's creation is 2026-01-01 or later",
}
AS_CODE = {
    "person.zip > 'abc'": "`person.zip > 'abc'`",
    "days_since(person.x_at) = 3": "`days_since(person.x_at) = 3`",
    "no condition at all": "`no condition at all`",
    "(select 1) > 0": "`(select 1) > 0`",
    "coalesce(person.a, true)": "`coalesce(person.a, true)`",
    "not coalesce(person.a, true)": "`not coalesce(person.a, true)`",
}


@pytest.mark.parametrize(("text", "expected"), PLAIN.items())
def test_a_condition_reads_as_a_clause(text, expected):
    assert phrases.in_words(text, NAMES) == expected


@pytest.mark.parametrize(("text", "expected"), AS_CODE.items())
def test_what_has_no_plain_wording_is_shown_as_code(text, expected):
    assert phrases.in_words(text, NAMES) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("not (fit > 0 and engagement > 0)", "*fit* is 0 or less, or *engagement* is 0 or less"),
        ("not (fit > 0 or person.x is null)", "*fit* is 0 or less and x is known"),
        ("not not (person.x is null)", "x is not known"),
        ("fit > 0 and (score > 1 or grade = 'A')", "*fit* is above 0 and (the score is above 1 or the grade is A)"),
        ("fit > 0 and not (score > 1 and grade = 'A')", "*fit* is above 0, and (the score is 1 or less, or the grade is not A)"),
        ("person.a in ('x', 'y') and fit > 0", "a is one of x or y; and *fit* is above 0"),
        ("fit >= 1 or score >= 2", "*fit* is 1 or more, or the score is 2 or more"),
    ],
)
def test_negation_and_nesting_stay_unambiguous(text, expected):
    assert phrases.in_words(text, NAMES) == expected


def test_a_name_that_is_no_group_or_criterion_is_no_score():
    assert phrases.in_words("score >= 60", phrases.Names()) == "the score is 60 or more"
    assert phrases.in_words("fit > 0", phrases.Names()) == "the fit is above 0"


@given(st.text(max_size=40))
def test_any_text_is_shown_somehow(text):
    assert phrases.in_words(text, NAMES)


@given(st.lists(st.sampled_from(list(PLAIN)), min_size=2, max_size=5), st.sampled_from(["and", "or"]))
def test_a_text_means_its_parts(texts, word):
    whole = phrases.in_words(f" {word} ".join(f"({text})" for text in texts), NAMES)
    for text in texts:
        for part in phrases.in_words(text, NAMES).split(" and "):
            assert part.strip("()") in whole

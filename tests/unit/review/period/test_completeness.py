"""What is missing of new leads and before deals that were won."""

from __future__ import annotations

import json

import duckdb
import numpy as np
import pytest
from tests.unit.outcomes import worlds

from leadline.facts.model import Column, Schema, Type
from leadline.outcomes import matching
from leadline.review.period import completeness, leads_store
from leadline.review.period.completeness import Leads
from leadline.review.period.entered import Label

ATTRIBUTES = ("account.employees", "person.seniority")
DAY = worlds.DAY


def label(by, values):
    names = tuple(sorted({value for value in values if value}))
    return Label(by, undated=False, names=names, codes=np.array([names.index(value) if value else -1 for value in values], np.int64))


def leads(*rows, attributes=ATTRIBUTES):
    """Rows: how many, whether employees and seniority are known, form, source."""
    told = [row[1:] for row in rows for _ in range(row[0])]
    known = np.array([row[0][: len(attributes)] for row in told], np.bool_).reshape(len(told), len(attributes))
    return Leads(attributes, known, label("form", [row[1] for row in told]), label("person.source", [row[2] for row in told]))


NO_DEALS = np.zeros(0, np.bool_)


def test_fit_can_t_be_judged_where_any_attribute_that_it_reads_is_unknown():
    found = completeness.completeness(leads((4, (1, 1), "demo", "ads"), (3, (0, 1), "demo", "ads"), (1, (0, 0), "demo", "ads")), NO_DEALS)
    assert found.total.leads == 8
    assert found.total.unknown.value == 0.5
    assert found.total.blank.value == 0.125
    assert found.total.missing == (("account.employees", 0.5), ("person.seniority", 0.125))


def test_forms_and_sources_are_told_apart_and_rare_ones_left_out():
    rows = [(6, (1, 1), "demo", "ads"), (8, (1, 0), "newsletter", "ads"), (5, (0, 0), None, "fair"), (4, (0, 0), "quiz", None)]
    found = completeness.completeness(leads(*rows), NO_DEALS)
    assert [(gap.by, gap.name, gap.leads, gap.unknown.value) for gap in found.gaps] == [
        ("form", "newsletter", 8, 1), ("form", "demo", 6, 0), ("form", "no form", 5, 1),
        ("source", "ads", 14, 8 / 14), ("source", "fair", 5, 1),
    ]  # fmt: skip


def test_where_fit_reads_no_attributes_none_is_missing():
    found = completeness.completeness(leads((9, (), "demo", "ads"), attributes=()), NO_DEALS)
    assert (found.total.unknown.value, found.total.blank.value, found.total.missing) == (0, 0, ())


def test_deals_without_behaviour_before_them_are_a_share_of_those_that_can_be_told():
    found = completeness.completeness(leads(), np.array([True, False, False, False]))
    assert found.silent.value == 0.25
    assert found.total.unknown.value is None
    assert completeness.completeness(leads(), NO_DEALS) is None


def test_deals_won_in_the_year_are_looked_at():
    happened = worlds.happened([
        worlds.deal(10, closed=20, won=True), worlds.deal(400, closed=420, won=True), worlds.deal(410, closed=430),
        worlds.deal(420, closed=600, won=True),
    ])  # fmt: skip
    outcomes = matching.settle(happened, worlds.instant(700))
    assert completeness.won_lately(outcomes, worlds.instant(500)).tolist() == [1]


@pytest.fixture
def mirror(tmp_path):
    """Three people: one of before; one new, with a form, at an account of unknown size; one new without either."""
    far = 1 << 62
    tables = {
        "people": [
            {"person_code": 0, "account_code": 0, "valid_from": -far, "valid_to": far, "created": 5 * DAY, "seniority": "vp",
             "source": "ads"},
            {"person_code": 1, "account_code": 1, "valid_from": -far, "valid_to": 104 * DAY, "created": 101 * DAY, "seniority": None,
             "source": "fair"},
            {"person_code": 1, "account_code": 1, "valid_from": 104 * DAY, "valid_to": far, "created": 101 * DAY, "seniority": "manager",
             "source": "fair"},
            {"person_code": 2, "account_code": None, "valid_from": -far, "valid_to": far, "created": 109 * DAY, "seniority": None,
             "source": None},
        ],
        "accounts": [
            {"account_code": 0, "valid_from": -far, "valid_to": far, "employees": 50.0},
            {"account_code": 1, "valid_from": -far, "valid_to": far, "employees": None},
        ],
        "activities-0000": [
            did(0, 0, 1, "page_view"), did(1, 1, 100.5, "form_submit", form="demo"), did(1, 1, 102, "form_submit", form="contact"),
            did(2, None, 200, "form_submit", form="late"), did(0, 0, 105, "email_sent"), did(1, 1, 140, "call", side="sales"),
            did(None, 0, 150, "intent_surge", side="third_party"), did(0, 0, 190, "page_view", machine=True),
        ],
    }  # fmt: skip
    with duckdb.connect() as con:
        for name, rows in tables.items():
            source = tmp_path / f"{name}.json"
            source.write_text(json.dumps(rows))
            con.execute(f"copy (select * from read_json('{source}')) to '{tmp_path}/{name}.parquet'")
    return tmp_path


def did(person, account, day, what, *, side="marketing", machine=False, form=None):
    return {"person_code": person, "account_code": account, "occurred": round(day * DAY), "type": what, "side": side, "machine": machine,
            "form": form}  # fmt: skip


SCHEMA = Schema({"seniority": Column(Type.TEXT), "source": Column(Type.TEXT)}, {"employees": Column(Type.NUMBER)},
                {"form": Column(Type.TEXT)}, ())  # fmt: skip


def test_new_people_are_told_as_they_were_known_when_the_period_ended(mirror):
    found = leads_store.leads(mirror, SCHEMA, 100 * DAY, 110 * DAY, ATTRIBUTES)
    assert found.known.tolist() == [[False, True], [False, False]]
    assert (found.form.names, found.form.codes.tolist()) == (("demo",), [0, -1])
    assert (found.source.names, found.source.codes.tolist()) == (("fair",), [0, -1])
    earlier = leads_store.leads(mirror, SCHEMA, 100 * DAY, 103 * DAY, ATTRIBUTES)
    assert earlier.known.tolist() == [[False, False]]


def test_without_forms_and_sources_only_what_is_missing_is_told(mirror):
    found = leads_store.leads(mirror, Schema({}, {}, {}, ()), 100 * DAY, 110 * DAY, ())
    assert (found.form.by, found.source.by) == ("", "")
    assert found.known.shape == (2, 0)


def test_mails_sent_sales_and_machines_are_no_behaviour(mirror):
    deals = worlds.deals([
        worlds.deal(160, account=0, person=0, talked=158, closed=170, won=True),  # the surge of its account on day 150
        worlds.deal(145, account=0, talked=145, closed=170, won=True),            # nothing but a mail that was sent
        worlds.deal(199, account=1, person=1, talked=198, closed=200, won=True),  # nothing but a call
        worlds.deal(199, person=1, talked=191, closed=200, won=True),             # the form of day 102 is 89 days old
        worlds.deal(60, account=1, talked=60, closed=70, won=True),               # the facts begin too late to tell
    ])  # fmt: skip
    assert leads_store.silent(mirror, deals, np.arange(5)).tolist() == [False, True, True, False]

"""A whole review of a small world: every part stands in it, the page shows it, and the same facts give the same report."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from tests.unit.review.period.made import deal, entered, label, material, month, outcomes

from leadline.outcomes.model import Said
from leadline.review.model import Caution
from leadline.review.period import report as pages
from leadline.review.period import review
from leadline.review.period.entered import Era
from leadline.review.period.model import Kind, ReviewReport


def world(until=200.0, kind=Kind.MONTH, **given):
    rows = [(at, at, at, at + 30) for at in range(1, 190)]
    said = [(at, at + 2, Said.SQL) if at % 3 == 0 else (at, at + 2, Said.REJECTED, "not_icp") for at in range(1, 190)]
    deals = [deal(at + 2, person=at, account=at, closed=at + 20, won=at % 2 == 0, amount=100.0 * at) for at in range(3, 170, 3)]
    happened = outcomes(deals, said, until=until)
    source = label("person.source", [at % 3 for at in range(189)], "search", "fair", "<script>*x*")
    found = entered(rows, happened, source=source)
    period = replace(month(151, 181, until), kind=kind)
    return material(found, happened, period, **given)


@pytest.fixture(scope="module")
def report() -> ReviewReport:
    targets = {"mql_per_week": 40.0, "mql_to_sql": (0.15, 0.5)}
    return review.review(world(targets=targets), [Caution("a-note", "Something to know.")], [])


def test_the_headline_says_volume_audit_score_revenue_and_what_was_missed(report):
    assert report.headline.startswith("30 MQLs in the month")
    assert "33 % of those worked become SQLs" in report.headline or "% of those worked become SQLs" in report.headline
    assert "Targets missed: mql per week." in report.headline
    assert "MQLs brought EUR" in report.headline


def test_it_is_the_same_twice(report):
    again = review.review(world(targets={"mql_per_week": 40.0, "mql_to_sql": (0.15, 0.5)}), [Caution("a-note", "Something to know.")], [])
    assert again == report


def test_json_holds_everything_and_no_nan(report):
    told = json.loads(json.dumps(report.to_json(), allow_nan=False))
    assert told["period"]["begin_at"] == "2026-06-01T00:00:00Z"
    assert {
        "funnel",
        "money",
        "velocity",
        "bottleneck",
        "audit",
        "sla",
        "accounts",
        "targets",
        "due",
        "inflation",
        "reasons",
    } <= told.keys()


def test_the_page_shows_the_sections_and_escapes_what_the_data_holds(report):
    html = pages.to_html(report)
    for title in ("The funnel by cohort", "Revenue", "The audit score", "Response times", "Against the agreement", "What to do next"):
        assert f"<h2>{title}</h2>" in html
    assert "Something to know." in html
    assert "<script>*x*" not in html
    assert "&lt;script&gt;*x*" in html
    assert all(band.source.split(" (")[0] in html for band in report.audit.bands)


def test_markdown_shows_the_same_tables(report):
    markdown = pages.to_markdown(report)
    assert markdown.startswith("# 30 MQLs in the month")
    assert "### The funnel by cohort" in markdown
    assert "\\<script\\>\\*x\\*" in markdown


def test_a_week_is_a_digest():
    week = review.review(world(kind=Kind.WEEK), [], [])
    titles = [section.title for section in pages.page(week).sections]
    assert titles == ["Against the agreement", "The last four weeks", "Response times", "What to do next"]
    assert len(pages.to_markdown(week)) < len(pages.to_markdown(replace(week, period=month(151, 181))))
    assert {caution.code for caution in week.cautions} == {"a-week"}


def test_terminal_tables_have_as_many_cells_as_columns(report):
    grids = pages.in_short(report)
    assert {"Targets", "The funnel by cohort", "Each step against its own past"} <= {grid.title for grid in grids}
    assert all(len(row) == len(grid.columns) for grid in grids for row in grid.rows)


def test_definitions_in_force_are_those_of_the_period():
    found = world()
    eras = tuple(Era(since, f"no {at}", f"{at}" * 64, ()) for at, since in enumerate([-(1 << 62), month(20).begin_at, month(160).begin_at]))
    told = review.review(replace(found, entered=replace(found.entered, eras=eras)), [], [])
    assert [(one.title, one.since_at) for one in told.definitions] == [("no 1", month(20).begin_at), ("no 2", month(160).begin_at)]
    assert "definition-changed" in {caution.code for caution in told.cautions}


def test_a_period_that_the_facts_end_in_says_so():
    told = review.review(world(until=165.0), [], [])
    assert [caution.says for caution in told.cautions if caution.code == "period-under-way"] == [
        "The facts end 16 days before the month does: counts are of a shorter time."]  # fmt: skip


def test_an_empty_world_is_reviewed_without_a_figure():
    happened = outcomes()
    told = review.review(material(entered([], happened), happened), [], [])
    assert told.headline.startswith("0 MQLs in the month, about as many as in before 1 (0); none is old enough to say what share")
    assert told.headline.endswith("Nothing was won in the month.")
    assert (told.velocity, told.bottleneck.worst, told.sla.known, told.accounts.rows) == (None, None, False, ())
    assert "few-entries" in {caution.code for caution in told.cautions}
    assert "Nothing is recorded of when sales touches whom" in pages.to_html(told)
    assert pages.to_markdown(told)

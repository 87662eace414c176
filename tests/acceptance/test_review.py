"""A review through the real command line, on the demo company."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from tests.acceptance.command import Run, command_in


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("review")


@pytest.fixture(scope="module")
def leadline(root: Path) -> Run:
    run = command_in(root)
    run("demo", "--write-only")
    return run


@pytest.fixture(scope="module")
def report(leadline: Run) -> dict:
    return json.loads(leadline("review", "--project", "demo", "--month", "2026-09", "--format", "json").stdout)


def test_the_funnel_is_that_of_a_replay(leadline, report):
    asked = ("replay", "--project", "demo", "--from", "2026-09-01", "--to", "2026-09-30T23:59:59Z", "--format", "json")
    spells = json.loads(leadline(*asked).stdout)["spells"]
    people = {spell["person_id"] for spell in spells if spell["entered_at"] >= "2026-09-01"}
    assert report["funnel"]["cohorts"][-1]["entries"] >= report["funnel"]["cohorts"][-1]["people"]
    assert report["funnel"]["cohorts"][-1]["people"] <= len(people)
    assert report["funnel"]["cohorts"][-1]["people"] > 0.9 * len(people)


def test_reached_stages_never_widen(report):
    for cohort in report["funnel"]["cohorts"]:
        reached = [cohort["entries"], *(stage["reached"] for stage in cohort["stages"])]
        assert reached == sorted(reached, reverse=True)


def test_revenue_by_an_attribute_adds_up_to_all_of_it(report):
    total = report["money"]["year_revenue"]["value"]
    for by in report["money"]["by"]:
        assert sum(row["year_revenue"]["value"] for row in by["rows"]) == pytest.approx(total)
        assert sum(row["deals"] for row in by["rows"]) == report["money"]["deals"]


def test_what_is_overdue_in_the_agreement_is_told(report):
    assert [one["code"] for one in report["due"]] == ["overdue-review"]


def test_a_page_markdown_and_tables(leadline, root):
    told = leadline("review", "--project", "demo", "--out", "review.html")
    assert told.stdout.strip().endswith("deals won.")
    page = (root / "review.html").read_text("utf-8")
    assert "<h2>The funnel by cohort</h2>" in page
    assert "http://" not in page.replace("http://www.w3.org", "")
    leadline("review", "--project", "demo", "--week", "--out", "week.md")
    assert "## The last four weeks" in (root / "week.md").read_text("utf-8")
    tables = leadline("review", "--project", "demo", "--quarter").stdout
    assert "2026Q3 beside 2026Q2" in tables
    assert "Each step against its own past" in tables


def test_wrong_use_is_refused(leadline):
    assert "are two" in leadline("review", "--project", "demo", "--week", "--month", code=2).stderr
    assert "is no month" in leadline("review", "--project", "demo", "--month", "September", code=2).stderr
    assert "nothing to review" in leadline("review", "--project", "demo", "--month", "2027-05", code=2).stderr


def test_a_change_of_definition_is_told_apart_from_traffic(leadline, root):
    shutil.copytree(root / "demo", root / "changed")
    leadline("adopt", "--project", "changed", "--from", "2025-01-01")
    leadline("adopt", "changed/definition-next.yaml", "--project", "changed", "--from", "2026-09-01")
    report = json.loads(leadline("review", "--project", "changed", "--month", "2026-09", "--format", "json").stdout)
    assert [one["since_at"] for one in report["definitions"]] == ["2026-09-01T00:00:00Z"]
    split = report["inflation"]["volume"]
    parts = {one["cause"]: one["change"]["value"] for one in split["contributions"]}
    assert sum(parts.values()) == pytest.approx(split["now"]["value"] - split["before"]["value"])
    assert parts["definition"] < -50 < min(parts["traffic"], parts["mix"], parts["behaviour"])
    assert "definition-changed" in {one["code"] for one in report["cautions"]}

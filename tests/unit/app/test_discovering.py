"""Discoveries in a small company, from its files: those who look at prices twice buy."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from tests.integration.mirrored import make
from tests.unit.app.buyers import CURRENT, PRICES, company

from leadline import Project, clock
from leadline.app.discovered import Discovered
from leadline.app.discovering import Goal, Wish
from leadline.definition import load
from leadline.errors import Unsupported, UsageError
from leadline.facts.model import Remote
from leadline.review.discover.model import Refusal

NOW = "2026-07-01"


def project(folder: Path) -> Project:
    return Project(folder, now=clock.parse_instant(NOW))


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    return company(tmp_path_factory.mktemp("company"))


@pytest.fixture(scope="module")
def found(folder) -> Discovered:
    return project(folder).discover()


def test_what_was_planted_is_found_and_what_everybody_does_is_not(found):
    report = found.report
    assert report.refused is None
    by_source = {behaviour.source: behaviour for behaviour in reversed(report.behaviours)}
    winning = {source for source, behaviour in by_source.items() if behaviour.says.value == "wins deals"}
    assert winning & PRICES
    assert "read" not in winning
    assert {behaviour.used_by for behaviour in report.behaviours if behaviour.source == "read"} == {("reads",)}


def test_the_engine_scores_the_very_definition_that_is_written(found, folder):
    judged = found.report.judged
    assert set(judged) == {"card", "logistic", "boosting", "current"}
    assert (judged["card"].roc_auc.value or 0) > 0.7
    assert abs((judged["card"].roc_auc.value or 0) - (judged["logistic"].roc_auc.value or 0)) < 0.1
    assert (judged["current"].roc_auc.value or 0) < (judged["card"].roc_auc.value or 0) - 0.1
    loaded = load.parse(found.definition)
    assert not [problem for problem in Project(folder, definition=_written(folder, found)).check() if problem.severity.value == "error"]
    assert loaded.definition.tracks["mql"].to == "sdr"
    assert loaded.definition.agreement.marketing is not None
    assert loaded.definition.agreement.marketing.signed is None


def test_what_comes_after_the_conversation_is_never_learned(found):
    assert not [behaviour for behaviour in found.report.behaviours if "thanks" in behaviour.feature]


def test_a_line_is_proposed_with_its_entries_a_week(found):
    line = found.report.line
    assert line.why == "cases"
    assert line.per_week >= 0
    assert f"score >= {line.score:g}" in found.definition


def test_a_team_that_could_not_keep_up_gets_a_higher_line(found, tmp_path):
    (tmp_path / "reps.yaml").write_text("rep-1: {team: sdr, capacity_per_week: 1}\n", encoding="utf-8")
    line = project(company(tmp_path, reps="reps.yaml")).discover().report.line
    assert line.capacity_per_week == 1
    assert line.score.is_integer()
    assert line.why == "capacity" or line.per_week <= 1
    assert line.score >= found.report.line.score


def test_a_cost_that_nothing_earns_is_said(folder):
    line = project(folder).discover(cost=1e9).report.line
    assert line.why == "cost"
    assert "No score earns" in line.says


@pytest.mark.parametrize("judge_from", ["2020-01-01", "2027-01-01"])
def test_there_must_be_cases_on_both_sides_of_where_judging_begins(folder, judge_from):
    with pytest.raises(UsageError, match="Nothing can be judged from"):
        project(folder).discover(judge_from=judge_from)


def test_activities_that_stay_in_a_database_are_refused_by_name(folder, monkeypatch):
    asked = project(folder)
    monkeypatch.setattr(asked, "mirror", replace(asked.mirror, remote=Remote(())))
    with pytest.raises(Unsupported, match="stay in a database"):
        asked.discover()


def test_what_a_score_is_worth_rises(found):
    chances = [band.per_month.value for band in found.report.worth]
    assert chances == sorted(chances)


def test_the_same_answer_twice(found, folder):
    again = project(folder).discover()
    assert again.definition == found.definition
    assert json.dumps(again.as_dict()) == json.dumps(found.as_dict())


def test_too_little_to_learn_from_proposes_nothing(tmp_path):
    held = project(company(tmp_path, won=12, others=60)).discover()
    assert held.report.refused is not None
    assert held.report.refused.needed or held.report.refused.says
    assert held.definition == ""
    assert held.report.behaviours
    written = held.write(tmp_path / "out")
    assert sorted(path.name for path in written) == ["report.html", "report.json"]


def test_without_deals_nothing_is_learned_and_nothing_breaks(tmp_path):
    make(tmp_path, {"people": [{"person_id": "anna"}]}, definition="definition.yaml")
    (tmp_path / "definition.yaml").write_text(CURRENT.replace(" where path like '/blog%'", "").replace(" where path = '/pricing'", ""))
    held = project(tmp_path).discover()
    assert held.report.refused is not None


def test_goal_sql_learns_from_sqls(folder):
    held = project(folder).discover(Wish(goal=Goal.SQL))
    assert held.report.goal is Goal.SQL
    assert held.report.counts["fit"]["won"] > 0


def test_files_are_written_and_replaced_unless_somebody_edited_them(found, tmp_path):
    names = sorted(path.name for path in found.write(tmp_path))
    assert names == ["definition.yaml", "report.html", "report.json"]
    found.write(tmp_path)
    told = json.loads((tmp_path / "report.json").read_text(encoding="utf-8"))
    assert {"judged", "behaviours", "criteria", "excluded", "refused"} <= set(told)
    edited = tmp_path / "definition.yaml"
    edited.write_text(edited.read_text(encoding="utf-8") + "# ours now\n", encoding="utf-8")
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    with pytest.raises(UsageError, match=r"definition\.yaml"):
        found.write(tmp_path)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_a_refusal_leaves_the_last_proposal_and_the_next_one_replaces_it(found, tmp_path):
    found.write(tmp_path)
    Discovered(replace(found.report, refused=Refusal("too little", 3, 40)), "").write(tmp_path)
    assert (tmp_path / "definition.yaml").read_text(encoding="utf-8") == found.definition
    assert "definition.yaml" in {path.name for path in found.write(tmp_path)}


def test_a_projects_own_definition_is_not_replaced(found, folder):
    with pytest.raises(UsageError, match="as an earlier discovery left it"):
        found.write(folder)


def test_an_unknown_track_is_said(folder):
    with pytest.raises(UsageError, match="There is no track 'mqll'"):
        project(folder).discover(Wish(track="mqll"))


def _written(folder: Path, found: Discovered) -> Path:
    path = folder / "proposed.yaml"
    path.write_text(found.definition, encoding="utf-8")
    return path

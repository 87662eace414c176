"""The real command line on the project that ``leadline init`` writes."""

from __future__ import annotations

import csv
import io
import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.acceptance.command import Run, command_in

AS_OF = ("--as-of", "2026-09-30")


@pytest.fixture
def leadline(tmp_path: Path) -> Run:
    """Return a way to call the command in a folder with a fresh project in ``acme``."""
    run = command_in(tmp_path)
    run("init", "acme")
    return run


def test_init_writes_a_project_that_checks_out_and_scores(leadline: Run) -> None:
    assert "0 errors" in leadline("check", "--project", "acme").stdout
    answer = json.loads(leadline("score", "--project", "acme", *AS_OF, "--format", "json").stdout)
    best = answer["people"][0]
    assert (best["person_id"], best["tracks"], best["grade"], best["score"]) == ("p1", ["mql"], "A1", 113.53252)
    assert set(best) == {
        "person_id", "account_id", "score", "grade", "groups", "bands", "criteria", "tracks", "disqualified", "suspended",
    }  # fmt: skip
    assert answer["as_of"] == "2026-09-30T00:00:00Z"
    assert len(answer["people"]) == 5


def test_init_never_overwrites(leadline: Run) -> None:
    assert "would-overwrite" in leadline("init", "acme", code=2).stderr


def test_a_question_that_was_asked_before_is_answered_without_large_libraries(leadline: Run, tmp_path: Path) -> None:
    question = ["leadline", "score", "--project", "acme", *AS_OF, "--out", "scores.parquet"]
    leadline(*question[1:])
    large = {"numba", "numpy", "pandas", "pyarrow", "pydantic", "rich", "sqlglot", "yaml"} | ({"llvmlite"} if shutil.which("cc") else set())
    code = f"import sys; from leadline.faces import cli; sys.argv = {question}; cli.run(); print({large} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert done.stdout == "set()\n"


def test_score_writes_csv_and_parquet_with_a_column_per_criterion(leadline: Run, tmp_path: Path) -> None:
    import pyarrow.parquet as pq

    leadline("score", "--project", "acme", *AS_OF, "--out", "scores.csv")
    leadline("score", "--project", "acme", *AS_OF, "--out", "scores.parquet")
    rows = list(csv.DictReader(io.StringIO((tmp_path / "scores.csv").read_text())))
    table = pq.read_table(tmp_path / "scores.parquet").to_pylist()
    assert [row["person_id"] for row in rows] == [row["person_id"] for row in table]
    assert [float(row["asked_for_demo"]) for row in rows] == [row["asked_for_demo"] for row in table]
    printed = list(csv.DictReader(io.StringIO(leadline("score", "--project", "acme", *AS_OF, "--format", "csv").stdout)))
    assert [row["tracks"] for row in printed] == [row["tracks"] for row in rows] == ["mql", "mql", "", "", ""]


def test_score_as_of_an_earlier_instant_knows_only_what_was_known_then(leadline: Run) -> None:
    answer = json.loads(leadline("score", "--project", "acme", "--as-of", "2026-06-15", "--format", "json").stdout)
    assert {person["person_id"]: person["tracks"] for person in answer["people"]} == {"p1": [], "p4": []}


def test_explain_shows_the_activities_behind_the_points(leadline: Run) -> None:
    receipt = json.loads(leadline("explain", "p4", "--project", "acme", *AS_OF, "--format", "json").stdout)
    assert sum(line["points"] for line in receipt["lines"]) == pytest.approx(receipt["score"], abs=1e-9)
    demo = next(line for line in receipt["lines"] if line["name"] == "asked_for_demo")
    assert [item["activity_id"] for item in demo["evidence"]] == ["8"]


def test_an_unknown_person_is_answered_with_a_suggestion(leadline: Run) -> None:
    assert "Did you mean 'p1'?" in leadline("explain", "p11", "--project", "acme", code=2).stderr


def test_check_lists_every_problem_with_its_line_and_exits_with_1(leadline: Run, tmp_path: Path) -> None:
    path = tmp_path / "acme" / "definition.yaml"
    text = path.read_text().replace("account.employees >= 100", "account.employes >= 100").replace("score >= 75", "scor >= 75")
    path.write_text(text)
    shown = leadline("check", "--project", "acme", code=1).stdout
    assert "definition.yaml:" in shown
    assert "Did you mean 'employees'?" in shown
    assert "Did you mean 'score'?" in shown


def test_refused_data_exits_with_3_and_says_where(leadline: Run, tmp_path: Path) -> None:
    path = tmp_path / "acme" / "data" / "activities.csv"
    path.write_text(path.read_text().replace("2026-09-12T16:20:00Z", "last week"))
    refused = leadline("score", "--project", "acme", code=3).stderr
    assert "data/activities.csv:5" in refused
    assert "last week" in refused


def test_contract_and_diff_speak_in_prose(leadline: Run, tmp_path: Path) -> None:
    assert "Our MQL" in leadline("contract", "--project", "acme").stdout
    old = tmp_path / "acme" / "definition.yaml"
    (tmp_path / "new.yaml").write_text(old.read_text().replace("score >= 75", "score >= 80"))
    assert "80" in leadline("diff", str(old), "new.yaml").stdout


def test_a_misspelt_command_is_answered_with_a_suggestion(leadline: Run) -> None:
    assert "Did you mean 'score'?" in leadline("scor", code=2).stderr

"""Why volume changed, and who decides unlike the others, through the real command line: what is planted in the demo is found."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

LINE, LOOSER = "score >= 50 and fit >= 15 and engagement >= 15", "score >= 40 and fit >= 10 and engagement >= 10"
PARTS = ("inflation", "drift", "reps", "reasons", "completeness", "actions")


def run(root: Path, *arguments: str, seed: str = "0") -> str:
    command = [sys.executable, "-m", "leadline", *arguments]
    environment = {**os.environ, "PYTHONHASHSEED": seed}
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, timeout=300, check=False, env=environment)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the demo company, in which a looser definition is in force since September."""
    made = tmp_path_factory.mktemp("causes")
    run(made, "demo", "--write-only")
    first = (made / "demo/definition.yaml").read_text("utf-8")
    assert LINE in first
    (made / "looser.yaml").write_text(first.replace(LINE, LOOSER), "utf-8")
    run(made, "adopt", "--project", "demo", "--from", "2025-07-01")
    run(made, "adopt", "looser.yaml", "--project", "demo", "--from", "2026-09-01")
    return made


def reviewed(root: Path, month: str, *, seed: str = "0") -> dict:
    return json.loads(run(root, "review", "--project", "demo", "--month", month, "--format", "json", seed=seed))


@pytest.fixture(scope="module")
def report(root: Path) -> dict:
    return reviewed(root, "2026-09")


def test_what_the_causes_did_adds_up_to_the_change_in_the_funnel(report):
    before, now = (cohort["entries"] for cohort in report["funnel"]["cohorts"][-2:])
    split = report["inflation"]["volume"]
    assert (split["before"]["value"], split["now"]["value"]) == (before, now)
    assert sum(part["change"]["value"] for part in split["contributions"]) == pytest.approx(now - before)


def test_a_looser_definition_is_told_from_what_people_did(report):
    parts = {part["cause"]: part["change"] for part in report["inflation"]["volume"]["contributions"]}
    assert parts["definition"]["low"] > 10
    assert parts["switch"]["low"] > 10
    assert parts["behaviour"]["low"] < 0 < parts["behaviour"]["high"]
    assert "definition-looser" in {action["code"] for action in report["actions"]}


def test_reps_who_reject_or_accept_nearly_everything_are_named_and_nobody_else(report):
    standings = {rep["rep"]: rep["standing"] for rep in report["reps"]["accepted"]["reps"]}
    assert {rep for rep, standing in standings.items() if standing in ("above", "below")} == {"sdr-2", "sdr-6"}
    assert (standings["sdr-2"], standings["sdr-6"]) == ("below", "above")
    codes = [action["code"] for action in report["actions"]]
    assert {"rep-rejects", "rep-accepts"} <= set(codes)
    assert len(codes) <= 7


def test_a_month_under_one_definition_blames_none(root):
    split = reviewed(root, "2026-06")["inflation"]["volume"]
    parts = {part["cause"]: part["change"]["value"] for part in split["contributions"]}
    assert split["same_definition"]
    assert (parts["definition"], parts["switch"]) == (0, 0)


def test_the_same_facts_give_the_same_answer_whatever_the_hash_seed(root, report):
    again = reviewed(root, "2026-09", seed="7")
    assert {part: again[part] for part in PARTS} == {part: report[part] for part in PARTS}


def test_the_page_tells_all_of_it(root):
    run(root, "review", "--project", "demo", "--month", "2026-09", "--out", "review.md")
    page = (root / "review.md").read_text("utf-8")
    for title in ("What to do next", "Why the volume changed", "Whether criteria still mean", "Whether reps decide alike", "Why leads are"):
        assert f"## {title}" in page

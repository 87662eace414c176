"""Definitions over time, as a user would keep them: adopt, look back, go back."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.acceptance.command import Run, command_in


@pytest.fixture
def leadline(tmp_path: Path) -> Run:
    """Return a way to call the command in a fresh project."""
    run = command_in(tmp_path)
    run("init")
    text = (tmp_path / "definition.yaml").read_text("utf-8")
    (tmp_path / "next.yaml").write_text(text.replace("score >= 75", "score >= 80"), "utf-8")
    return run


def entries(leadline: Run) -> list[dict[str, str]]:
    return json.loads(leadline("history", "--format", "json").stdout)["definitions"]


def test_a_definition_is_adopted_replaced_and_taken_back(leadline: Run, tmp_path: Path):
    first = (tmp_path / "definition.yaml").read_bytes()
    assert "Nothing was adopted yet" in leadline("history").stdout
    said = leadline("adopt", "--from", "2026-01-01")
    assert "in force from the start" in said.stdout
    assert "[unsigned]" in said.stderr
    leadline("adopt", "next.yaml", "--from", "2026-06-01")
    assert (tmp_path / "definition.yaml").read_bytes() == (tmp_path / "next.yaml").read_bytes()
    leadline("adopt", entries(leadline)[0]["contract"][:8], "--from", "2026-08-01")
    assert (tmp_path / "definition.yaml").read_bytes() == first
    found = entries(leadline)
    assert [(entry["from"], entry["until"], entry["standing"]) for entry in found] == [
        (None, "2026-06-01T00:00:00Z", "over"),
        ("2026-06-01T00:00:00Z", "2026-08-01T00:00:00Z", "over"),
        ("2026-08-01T00:00:00Z", None, "in force"),
    ]
    assert found[0]["file"] == found[2]["file"] != found[1]["file"]
    shown = leadline("history").stdout
    assert shown.count("not signed") == 6
    assert "definition.yaml holds what is in force." in shown


def test_a_definition_that_does_not_hold_is_not_adopted(leadline: Run, tmp_path: Path):
    path = tmp_path / "definition.yaml"
    path.write_text(path.read_text("utf-8").replace("account.employees >= 100", "account.employes >= 100"), "utf-8")
    refused = leadline("adopt", code=1).stderr
    assert "Did you mean 'employees'?" in refused
    assert "Not adopted." in refused
    leadline("adopt", "--alone")  # what the data has isn't asked
    assert len(entries(leadline)) == 1


def test_with_strict_an_unsigned_definition_is_not_adopted(leadline: Run, tmp_path: Path):
    assert "Not adopted." in leadline("adopt", "--strict", code=1).stderr
    assert not (tmp_path / "definitions").exists()


def test_faults_are_told_with_what_to_do_about_them(leadline: Run, tmp_path: Path):
    path = tmp_path / "definition.yaml"
    assert "give --keep" in leadline("adopt", "next.yaml", code=2).stderr
    leadline("adopt", "--from", "2026-06-01")
    assert "--from 2026-06-01T00:00:00Z or later" in leadline("adopt", "next.yaml", "--from", "2026-05-31", code=2).stderr
    assert "Known here:" in leadline("adopt", "nowhere.yaml", code=2).stderr
    path.write_text(path.read_text("utf-8") + "# thoughts\n", "utf-8")
    assert "definition.yaml holds what was never adopted" in leadline("history").stdout
    kept = next((tmp_path / "definitions").glob("2026-06-01-*.yaml"))
    kept.write_bytes((tmp_path / "next.yaml").read_bytes())
    told = leadline("history", code=1)
    assert f"definitions/{kept.name}: this was adopted as" in told.stderr
    assert kept.name in told.stdout

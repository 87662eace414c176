"""``leadline discover`` on the real command line, on to the plan of what it proposes."""

from __future__ import annotations

import json
import subprocess

import pytest

from tests.acceptance.command import Run, command_in
from tests.unit.app.buyers import company


@pytest.fixture(scope="module")
def leadline(tmp_path_factory) -> Run:
    """Return a way to call the command in a folder with the company in ``acme``, and a tiny one in ``few``."""
    folder = tmp_path_factory.mktemp("discover")
    company(folder / "acme")
    company(folder / "few", won=12, others=60)

    return command_in(folder)


@pytest.fixture(scope="module")
def told(leadline: Run) -> subprocess.CompletedProcess[str]:
    return leadline("discover", "--project", "acme", "--until", "2026-07-01", "--out", "found")


def test_it_tells_what_wins_deals_and_writes_three_files(told):
    assert "win deals" in told.stdout
    assert [line.split()[-1] for line in told.stderr.splitlines() if line.startswith("Wrote")] == [
        "found/definition.yaml", "found/report.html", "found/report.json",
    ]  # fmt: skip


@pytest.mark.usefixtures("told")
def test_what_it_proposes_checks_out_and_can_be_planned(leadline: Run):
    leadline("check", "found/definition.yaml", "--project", "acme")
    plan = json.loads(leadline("plan", "found/definition.yaml", "--project", "acme", "--format", "json").stdout)
    assert plan["new"]["title"] == "Readers, learned from won deals"


def test_its_json_has_every_part(leadline: Run):
    answer = json.loads(leadline("discover", "--project", "acme", "--out", "again", "--format", "json").stdout)
    assert {"judged", "behaviours", "criteria", "excluded", "refused"} <= set(answer)
    assert set(answer["judged"]) == {"card", "logistic", "boosting", "current"}
    assert set(answer["judged"]["card"]["roc_auc"]) == {"value", "low", "high", "n"}
    assert answer["refused"] is None


def test_a_sign_is_kept(leadline: Run):
    asked = ("discover", "--project", "acme", "--out", "signed", "--format", "json", "--sign", "prices=-", "--criteria", "3")
    criteria = json.loads(leadline(*asked).stdout)["criteria"]
    assert len(criteria) <= 3
    assert not [held for held in criteria if held["criterion"].get("signal") == "prices" and held["points"] > 0]


def test_too_little_to_learn_from_is_the_answer_no(leadline: Run):
    said = leadline("discover", "--project", "few", "--out", "nothing", code=1)
    assert "definition.yaml" not in said.stderr
    assert "won" in said.stdout


def test_the_projects_own_definition_is_never_overwritten(leadline: Run):
    assert "not-ours" in leadline("discover", "--project", "acme", "--out", "acme", code=2).stderr


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("--sign", "prices"), "Write pricing_page=+"),
        (("--before", "long"), "is no duration"),
        (("--track", "mqll"), "Did you mean 'mql'?"),
        (("--months", "0"), "--months"),
    ],
)
def test_wrong_use_is_explained(leadline: Run, arguments: tuple[str, ...], says: str):
    assert says in leadline("discover", "--project", "acme", *arguments, code=2).stderr

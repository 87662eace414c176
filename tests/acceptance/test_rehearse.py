"""Replay and plan through the real command line, on the demo company."""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
import subprocess
from collections import defaultdict
from pathlib import Path

import pytest

from tests.acceptance.command import Run, command_in

BROWSER = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
UNTIL = "2026-09-01"


@pytest.fixture(scope="module")
def leadline(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """Return a way to call the command in a folder with the demo company in ``demo``."""
    root = tmp_path_factory.mktemp("rehearse")

    run = command_in(root)
    run("demo", "--write-only")
    return run


@pytest.fixture(scope="module")
def planned(leadline: Run) -> dict:
    return json.loads(leadline("plan", "demo/definition-next.yaml", "--project", "demo", "--format", "json").stdout)


def replayed(leadline: Run, *arguments: str) -> dict:
    return json.loads(leadline("replay", "--project", "demo", "--to", UNTIL, "--format", "json", *arguments).stdout)


def test_whoever_is_inside_a_spell_is_whom_score_qualifies_at_that_instant(leadline: Run) -> None:
    inside = defaultdict(set)
    for spell in replayed(leadline)["spells"]:
        if spell["left_at"] is None:
            inside[spell["track"]].add(spell["person_id"])
    scored = json.loads(leadline("score", "--project", "demo", "--as-of", UNTIL, "--format", "json").stdout)
    held = defaultdict(set)
    for person in scored["people"]:
        for track in person["tracks"]:
            held[track].add(person["person_id"])
    assert {name: inside[name] for name in ("hot", "pql", "expansion")} == {name: held[name] for name in ("hot", "pql", "expansion")}
    assert held["mql"] < inside["mql"]  # mql has a line for leaving, which holds people who wouldn't enter now


def test_a_spells_points_are_those_that_explain_shows_at_its_entry(leadline: Run) -> None:
    spell = replayed(leadline, "--track", "mql")["spells"][-1]
    who = (spell["person_id"], "--project", "demo", "--as-of", spell["entered_at"], "--format", "json")
    receipt = json.loads(leadline("explain", *who).stdout)
    assert receipt["score"] == pytest.approx(spell["score"], abs=1e-9)
    shown = {line["name"]: line["points"] for line in receipt["lines"] if line["name"] in spell["criteria"]}
    assert {name: points for name, points in spell["criteria"].items() if points} == {name: at for name, at in shown.items() if at}


def test_replay_shows_tables_and_writes_files(leadline: Run) -> None:
    shown = leadline("replay", "--project", "demo", "--from", "2026-06-01", "--to", UNTIL).stdout
    assert re.search(r"^ mql +\d", shown, re.MULTILINE)
    assert "2026-08" in shown
    assert "█" in shown
    printed = leadline("replay", "--project", "demo", "--to", UNTIL, "--track", "pql", "--format", "csv").stdout
    rows = list(csv.DictReader(io.StringIO(printed)))
    assert {row["track"] for row in rows} == {"pql"}
    assert all(float(row["points.core_feature"]) >= 0 for row in rows)
    person = rows[0]["person_id"]
    alone = replayed(leadline, "--person", person)["spells"]
    assert {spell["person_id"] for spell in alone} == {person}
    assert "--out" in leadline("replay", "--project", "demo", "--format", "parquet", code=2).stderr
    assert "Did you mean 'mql'?" in leadline("replay", "--project", "demo", "--track", "mqll", code=2).stderr


def test_a_window_that_ends_before_it_begins_is_refused(leadline: Run) -> None:
    for command in (("replay",), ("plan", "demo/definition-next.yaml")):
        refused = leadline(*command, "--project", "demo", "--from", "2026-09-01", "--to", "2026-01-01", code=2).stderr
        assert "empty-window" in refused


def test_a_plans_parts_add_up(planned: dict) -> None:
    cells = {cell["name"]: cell for cell in planned["cells"]}
    old, new = planned["old"], planned["new"]
    assert cells["both"]["people"] + cells["only_old"]["people"] == old["total"]["people"]
    assert cells["both"]["people"] + cells["only_new"]["people"] == new["total"]["people"]
    deals = [{deal["deal_id"] for deal in (*side["caught"], *side["missed"])} for side in (old, new)]
    assert deals[0] == deals[1]
    assert new["total"]["entries"] - old["total"]["entries"] == planned["effects"]["together"]["entries"]
    lines = [step["line"] for step in planned["sweep"]["steps"]]
    assert planned["sweep"]["proposed"] in lines
    assert planned["sweep"]["current"] in lines


def test_the_terminal_shows_the_verdict_first(leadline: Run, planned: dict) -> None:
    shown = leadline("plan", "demo/definition-next.yaml", "--project", "demo").stdout
    assert " ".join(shown.split()).startswith(planned["verdict"]["sentence"])
    assert "Side by side" in shown


def test_a_definition_compared_with_itself_changes_nothing(leadline: Run) -> None:
    same = json.loads(leadline("plan", "demo/definition.yaml", "--project", "demo", "--format", "json").stdout)
    assert same["verdict"]["choice"] == "same"
    assert {cell["name"]: cell["people"] for cell in same["cells"]} == {
        "both": same["old"]["total"]["people"],
        "only_old": 0,
        "only_new": 0,
    }


def test_the_line_of_any_track_can_be_moved(leadline: Run) -> None:
    arguments = ("plan", "demo/definition-next.yaml", "--project", "demo", "--track")
    found = json.loads(leadline(*arguments, "pql", "--format", "json").stdout)
    assert (found["sweep"]["track"], found["sweep"]["of"], found["sweep"]["proposed"]) == ("pql", "usage", 45)
    assert "Did you mean 'pql'?" in leadline(*arguments, "pqll", code=2).stderr


def test_a_newcomer_can_compare_with_what_the_crm_recorded(leadline: Run) -> None:
    arguments = ("plan", "demo/definition.yaml", "--against", "recorded", "--project", "demo", "--format", "json")
    found = json.loads(leadline(*arguments).stdout)
    assert found["old"]["name"] == "recorded"
    assert found["old"]["total"]["entries"] > 0
    assert found["effects"] is None


def test_the_page_draws_every_chart_in_a_browser_without_a_network(leadline: Run, planned: dict, tmp_path: Path) -> None:
    if BROWSER is None:
        pytest.skip("no chromium on this machine")
    page = tmp_path / "plan.html"
    done = leadline("plan", "demo/definition-next.yaml", "--project", "demo", "--out", str(page))
    assert done.stdout.strip() == planned["verdict"]["sentence"]
    still = ("--headless", "--no-sandbox", "--disable-gpu", "--virtual-time-budget=20000", f"--user-data-dir={tmp_path / 'browser'}")
    offline = "--host-resolver-rules=MAP * ~NOTFOUND"
    drawn = subprocess.run([BROWSER, *still, offline, "--dump-dom", page.as_uri()], capture_output=True, text=True, timeout=180, check=True)
    places = re.findall(r'<div id="([^"]+)" class="chart[^"]*"[^>]*>(.*?)</figure>', drawn.stdout, re.DOTALL)
    assert {"weekly", "conversion", "sweep", "overlap", "effects-entries", "breakdowns", "curve-sql"} <= {name for name, _ in places}
    assert [name for name, inside in places if "<svg" not in inside or "could not be drawn" in inside] == []


def test_the_demo_tells_the_whole_story_and_says_where_the_page_lies(leadline: Run) -> None:
    told = leadline("demo").stdout
    commands = re.findall(r"^\$ leadline (\w+)", told, re.MULTILINE)
    assert commands == ["check", "score", "explain", "replay", "plan", "discover", "review"]
    for page in ("plan.html", "discovered/report.html", "review.html"):
        assert re.search(rf"^  demo/{page}: ", told, re.MULTILINE)

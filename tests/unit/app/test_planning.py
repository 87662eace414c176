"""Plans of a small company, from its files: four people, of whom two buy."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from tests.integration.mirrored import make

from leadline import Project, clock
from leadline.app import planning, windows
from leadline.app.planning import Planning, Tried
from leadline.definition import load
from leadline.engine import bundle, rehearsal
from leadline.engine.rehearsal import ALWAYS
from leadline.errors import UsageError
from leadline.review.model import PlanReport

NOW = "2026-07-01"
PEOPLE = [{"person_id": f"p{at}", "account_id": f"a{at}", "source": "web", "created_at": "2025-12-01"} for at in range(1, 5)]
VISITS = [
    ("p1", "2026-01-10"), ("p1", "2026-01-11"), ("p1", "2026-01-12"), ("p2", "2026-02-10"), ("p2", "2026-02-11"), ("p3", "2026-03-10"),
    ("p3", "2026-03-11"), ("p4", "2026-04-10"),
]  # fmt: skip
ACTIVITIES = [{"activity_id": f"v{at}", "person_id": who, "occurred_at": day, "type": "visit"} for at, (who, day) in enumerate(VISITS)]
ACTIVITIES += [{"activity_id": "demo", "person_id": "p4", "occurred_at": "2026-04-12", "type": "demo"}]
ACTIVITIES += [{"activity_id": "last", "person_id": "p4", "occurred_at": "2026-06-15", "type": "read"}]
DEALS = [
    {
        "deal_id": f"d{at}",
        "account_id": f"a{at}",
        "created_at": created,
        "outcome": "won",
        "closed_at": closed,
        "amount": "100",
        "currency": "EUR",
    }
    for at, created, closed in ((1, "2026-01-20", "2026-02-01"), (4, "2026-04-20", "2026-05-01"))
]
STAGES = [{"person_id": who, "stage": stage, "entered_at": day} for who, stage, day in (
    ("p1", "mql", "2026-01-13"), ("p1", "accepted", "2026-01-14"), ("p3", "mql", "2026-03-12"), ("p3", "rejected", "2026-03-13"),
)]  # fmt: skip
REPS = "rep-1: {team: sdr, capacity_per_week: 5}\n"
OLD = """
name: Visitors
signals: {visit: visit, demo: demo}
groups:
  engagement:
    criteria:
      visits: {signal: visit, points: 10, within: 30d}
tracks:
  mql: {when: "score >= 20", to: sdr}
"""
NEW = """
name: Demos too
signals: {visit: visit, demo: demo}
groups:
  engagement:
    criteria:
      visits: {signal: visit, points: 10, within: 30d}
      asked: {signal: demo, points: 30, within: 30d}
tracks:
  mql: {when: "score >= 30", leave: "score < 10", to: sdr}
  hot: {when: "asked > 0", to: sdr}
"""


@pytest.fixture
def folder(tmp_path) -> Path:
    files = {"people": PEOPLE, "activities": ACTIVITIES, "deals": DEALS, "lead_stages": STAGES}
    root = make(tmp_path, files, reps="reps.yaml", definition="old.yaml")
    for name, text in (("reps.yaml", REPS), ("old.yaml", OLD), ("new.yaml", NEW)):
        (root / name).write_text(text, encoding="utf-8")
    return root


@pytest.fixture
def plans(folder) -> Planning:
    return Planning(Project(folder, now=clock.parse_instant(NOW)))


def plan(plans: Planning, new: str = NEW, old: str | None = OLD, **asked: Any) -> PlanReport:
    return plans.plan(load.parse(new), None if old is None else load.parse(old), **asked)


def test_two_definitions_are_compared_over_the_whole_months_of_the_facts(plans):
    report = plan(plans)
    assert [clock.write_instant(at) for at in (report.window.begin_at, report.window.end_at, report.window.until_at)] == [
        "2026-01-10T00:00:00Z", "2026-06-01T00:00:00Z", "2026-06-15T00:00:00Z",
    ]  # fmt: skip
    assert (report.old.name, report.old.title, report.new.title) == ("old", "Visitors", "Demos too")
    assert [(side.total.entries, side.total.won) for side in (report.old, report.new)] == [(3, 1), (2, 2)]
    assert {cell.name: [one.person_id for one in cell.entrants] for cell in report.cells} == {
        "both": ["p1"], "only_old": ["p2", "p3"], "only_new": ["p4"],
    }  # fmt: skip
    (caught,) = report.old.caught
    assert (caught.deal_id, caught.entered_at) == ("d1", clock.parse_instant("2026-01-11"))
    assert [(load.team, load.capacity_per_week) for load in report.new.loads] == [("sdr", 5)]
    assert [row.label for row in report.breakdowns[0].rows] == ["web"]


def test_each_change_is_tried_alone(plans):
    effects = plan(plans).effects
    assert effects is not None
    assert {one.path: (one.entries, one.gained, one.lost) for one in effects.alone} == {
        "tracks.mql": (-2, 0, 2), "groups.engagement.criteria.asked": (1, 1, 0),
    }  # fmt: skip
    assert [(one.path, one.why) for one in effects.skipped] == [("tracks.hot", effects.skipped[0].why)]
    assert "asked" in effects.skipped[0].why
    assert (effects.together.entries, effects.remainder) == (-1, 0)


def test_the_line_is_moved_and_at_its_place_gives_the_definition_itself(plans):
    report = plan(plans)
    sweep = report.sweep
    assert sweep is not None
    assert (sweep.track, sweep.of, sweep.current, sweep.proposed) == ("mql", "score", 20, 30)
    here, lower = sweep.at(30), sweep.at(20)
    assert here is not None
    assert lower is not None
    assert (here.entries, here.won) == (report.new.total.entries, report.new.total.won)
    assert lower.entries == 4


def test_holding_history_gives_the_same_report(plans, folder):
    kept = Planning(Project(folder, now=clock.parse_instant(NOW)), keeps=True)
    assert plan(kept) == plan(plans)
    held = kept.rehearsing.held["history"][1]
    assert plan(kept, NEW.replace("points: 30", "points: 25")) == plan(plans, NEW.replace("points: 30", "points: 25"))
    assert kept.rehearsing.held["history"][1] is held
    assert plan(kept, NEW.replace("demo: demo", "demo: nothing")) == plan(plans, NEW.replace("demo: demo", "demo: nothing"))
    assert kept.rehearsing.held["history"][1] is not held


def test_a_definition_is_compared_with_what_the_crm_recorded(plans):
    report = plan(plans, old=None)
    assert (report.old.name, report.old.total.entries, report.effects) == ("recorded", 2, None)
    assert [(load.team, load.tracks) for load in report.old.loads] == [("sdr", ("mql",))]


def test_changes_need_not_be_tried(plans):
    quick = plan(plans, tried=Tried.LINES)
    assert quick == replace(plan(plans), effects=None, cautions=quick.cautions)


def test_a_definition_beside_itself_changes_nothing(plans):
    report = plan(plans, OLD)
    assert report.verdict.choice == "same"
    assert report.effects is None


def test_without_a_record_there_is_nothing_to_compare_with(tmp_path):
    root = make(tmp_path, {"people": PEOPLE, "activities": ACTIVITIES, "deals": DEALS}, definition="old.yaml")
    with pytest.raises(UsageError) as caught:
        plan(Planning(Project(root, now=clock.parse_instant(NOW))), old=None)
    assert caught.value.code == "nothing-recorded"


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({"track": "nql"}, "unknown-track"),
        ({"track": "hot"}, "no-line"),
        ({"asked": ("2026-03-01", "2026-03-01")}, "empty-window"),
        ({"asked": ("2027-03-01", None)}, "empty-window"),
    ],
)
def test_what_can_not_be_asked_is_refused(plans, asked, code):
    with pytest.raises(UsageError) as caught:
        plan(plans, **asked)
    assert caught.value.code == code


def window(since: str | None, until: str | None, first: str | None = "2020-01-01", last: str = "2026-06-15T10:00:00Z") -> tuple[str, str]:
    instants = [None if when is None else clock.parse_instant(when) for when in (since, until, first, last)]
    found = windows.between(instants[0], instants[1], (instants[2], instants[3] or 0))
    return clock.write_instant(found.begin_at), clock.write_instant(found.end_at)


def test_windows_that_are_not_given_end_with_the_facts_and_last_a_year():
    midnight = "T00:00:00Z"
    assert window(None, None) == (f"2025-06-01{midnight}", f"2026-06-01{midnight}")
    assert window(None, None, last="2026-05-31T21:00:00Z") == (f"2025-06-01{midnight}", f"2026-06-01{midnight}")
    assert window(None, None, first="2025-09-04") == (f"2025-09-04{midnight}", f"2026-06-01{midnight}")
    assert window(None, "2024-02-29") == (f"2023-02-28{midnight}", f"2024-02-29{midnight}")
    assert window("2026-01-01", None) == (f"2026-01-01{midnight}", "2026-06-15T10:00:00.000001Z")
    assert window("2026-01-01", "2030-01-01") == (f"2026-01-01{midnight}", "2026-06-15T10:00:00.000001Z")


def test_tracks_with_the_same_rules_are_followed_once(plans):
    old, other = (plans.project.compiled(load.parse(text)) for text in (OLD, OLD.replace("score >= 20", "score >= 40")))
    courses = [rehearsal.Course(name, ((ALWAYS, program),)) for name, program in (("a", old), ("b", other), ("c", old))]
    every = bundle.bundle(courses)
    followed, places = planning.distinct(every)
    assert (len(every.tracks), len(followed.tracks), places) == (3, 2, [0, 1, 0])
    assert followed.rules.enter.shape == followed.rules.leave.shape == followed.rules.score_of.shape == (1, 2)

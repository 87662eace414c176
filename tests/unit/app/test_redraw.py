"""A plan made again in a process that remembers is the plan that a fresh one makes, and it follows no more people than it must."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.app import redrawn
from tests.unit.app.redrawn import EDITS, NEW, OLD

from leadline import Project, clock
from leadline.app import rehearsing
from leadline.app.planning import Planning, Tried
from leadline.definition import load
from leadline.engine import recall
from leadline.review.model import PlanReport

NOW = clock.parse_instant("2026-09-01")
BEFORE = load.parse(OLD)
BOUND = "asked > 0 and fit > 0"


@pytest.fixture(scope="module")
def project(tmp_path_factory) -> Project:
    return Project(redrawn.project(tmp_path_factory.mktemp("redrawn")), now=NOW)


@pytest.fixture(scope="module")
def fresh(project) -> Callable[[str], PlanReport]:
    """Return what makes a plan in a process that has made none."""
    return cache(lambda text: Planning(project).plan(load.parse(text), BEFORE))


def edited(*edits: str) -> str:
    text = NEW
    for edit in edits:
        text = text.replace(*EDITS[edit])
    return text


@pytest.fixture
def followed(monkeypatch) -> list[tuple[int, int]]:
    """Note, for each time that anybody is followed, how many tracks and how many people."""
    told: list[tuple[int, int]] = []
    real = rehearsing.follower

    def follower(until: int) -> recall.Follow:
        def follow(rehearsal, history, segments):
            told.append((len(rehearsal.tracks), len(set(segments.person.tolist()))))
            return real(until)(rehearsal, history, segments)

        return follow

    monkeypatch.setattr(rehearsing, "follower", follower)
    return told


@pytest.fixture(scope="module")
def warm(project) -> Planning:
    """Return what has made other plans already."""
    return Planning(project, keeps=True)


@pytest.mark.parametrize("edit", EDITS)
def test_an_edit_from_memory_gives_what_a_fresh_plan_gives(warm, fresh, edit):
    assert edited(edit) != NEW
    for text in (NEW, edited(edit)):
        assert warm.plan(load.parse(text), BEFORE) == fresh(text)


@settings(max_examples=10)
@given(steps=st.lists(st.sets(st.sampled_from(sorted(EDITS)), max_size=3), min_size=2, max_size=6))
def test_any_edits_from_memory_give_what_fresh_plans_give(project, fresh, steps):
    warm = Planning(project, keeps=True)
    for step in steps:
        text = edited(*sorted(step))
        assert warm.plan(load.parse(text), BEFORE) == fresh(text)


def test_what_was_asked_already_is_not_followed_again(project, followed):
    warm = Planning(project, keeps=True)
    for _ in range(2):
        warm.plan(load.parse(NEW), BEFORE)
    ((tracks, people),) = followed
    assert tracks > 10
    assert people == 60


@pytest.mark.parametrize(
    ("edit", "tracks", "fewer"),
    [
        ("the line goes up", 1, True),  # only those who reach the old line can reach the new one
        ("another bound", 1, True),
        ("points of a signal", 10, True),  # only those who ever asked for a demo
        ("points of an attribute", 10, True),
        ("points for silence", 10, False),  # everybody is silent at some time
        ("the line goes down", 1, False),  # the lowest line of the sweep lies below all that were followed
    ],
)
def test_only_those_are_followed_whom_an_edit_can_concern(project, followed, edit, tracks, fewer):
    warm = Planning(project, keeps=True)
    warm.plan(load.parse(NEW), BEFORE, tried=Tried.LINES)
    warm.plan(load.parse(edited(edit)), BEFORE, tried=Tried.LINES)
    _, (again, people) = followed
    assert (again >= tracks) if tracks > 1 else (again <= 4)  # the line, and lines of the sweep that come in at its ends
    assert (people < 60) == fewer


def test_what_nobody_asks_for_any_more_is_let_go_of(project):
    warm = Planning(project, keeps=True)
    sizes: list[tuple[int, int, int]] = []
    for points in range(26, 36):
        warm.plan(load.parse(NEW.replace("points: 25", f"points: {points}")), BEFORE, tried=Tried.LINES)
        memory = warm.rehearsing.memory
        sizes.append((len(memory.known), len(memory.leaves.known), len(warm.keeping.now) + len(warm.keeping.before)))
    assert sizes[-1] == sizes[recall.LASTING]


def test_another_end_of_history_is_another_history(project):
    warm = Planning(project, keeps=True)
    until = ("2026-02-01", "2026-04-01")
    assert warm.plan(load.parse(NEW), BEFORE) == Planning(project).plan(load.parse(NEW), BEFORE)
    assert warm.plan(load.parse(NEW), BEFORE, until) == Planning(project).plan(load.parse(NEW), BEFORE, until)


def test_a_page_may_ask_for_both_sides_first_and_for_the_rest_when_the_hand_rests(project, fresh, followed):
    warm = Planning(project, keeps=True)
    sides = warm.plan(load.parse(NEW), BEFORE, tried=Tried.NOTHING)
    whole = warm.plan(load.parse(NEW), BEFORE)
    assert (sides.sweep, sides.effects) == (None, None)
    assert (sides.old, sides.new, sides.cells) == (whole.old, whole.new, whole.cells)
    assert whole == fresh(NEW)
    assert followed[0] == (3, 60)
    assert len(followed) == 2

from __future__ import annotations

import pytest
from tests.unit.definition.everything import DATA, changed, parsed

from leadline.definition import lines
from leadline.definition.conditions import canonical
from leadline.definition.lines import Line


def with_rule(when: str, leave: str | None = None):
    track = {"when": when, **({"leave": leave} if leave else {})}
    return changed("tracks", "mql", to=track)


@pytest.mark.parametrize(
    ("when", "line"),
    [
        ("score >= 75", Line("score", 75)),
        ("score > 75 and fit > 0", Line("score", 75)),
        ("75 <= score", Line("score", 75)),
        ("fit >= 20 and (engagement >= 10 and score >= 60)", Line("score", 60)),
        ("score >= 40 and score >= 60", Line("score", 60)),
        ("score >= -5", Line("score", -5)),
        ("account.employees >= 50 and usage >= 20", Line("usage", 20)),
        ("engagement >= 10 and fit >= 20", Line("fit", 20)),
        ("score >= 75 or fit >= 20", None),
        ("not score < 75", None),
        ("score <= 75", None),
        ("score >= fit", None),
        ("hot_trial > 0", None),
        ("person.age >= 18", None),
    ],
)
def test_a_line_is_what_the_score_or_else_a_group_has_to_reach_in_any_case(when, line):
    assert lines.line_of(with_rule(when), "mql") == line


def test_moving_a_line_changes_that_number_and_nothing_else():
    moved = lines.with_line(parsed(DATA), "mql", 80)
    assert canonical(moved.tracks["mql"].when) == canonical("score >= 80 and fit > 0 and not account.is_customer")
    assert canonical(moved.tracks["mql"].leave or "") == canonical("score < 50")
    assert moved.model_copy(update={"tracks": parsed(DATA).tracks}) == parsed(DATA)


def test_a_line_keeps_its_operator_and_may_be_negative():
    moved = lines.with_line(with_rule("0 < score"), "mql", -2.5)
    assert canonical(moved.tracks["mql"].when) == canonical("score > -2.5")


def test_the_bound_for_leaving_is_never_above_the_line():
    moved = lines.with_line(with_rule("score >= 75", "score < 50 or (fit <= 0 and 60 > score)"), "mql", 40)
    assert canonical(moved.tracks["mql"].leave or "") == canonical("score < 40 or (fit <= 0 and score < 40)")


def test_a_track_without_a_line_stays_as_it_is():
    definition = with_rule("hot_trial > 0")
    assert lines.with_line(definition, "mql", 10) is definition


@pytest.mark.parametrize("bound", [-10.0, 0.0, 37.5, 80.0])
def test_a_moved_line_is_the_line(bound):
    for track in ("mql", "pql", "hot"):
        line = lines.line_of(parsed(DATA), track)
        assert lines.line_of(lines.with_line(parsed(DATA), track, bound), track) == (line and Line(line.of, bound))

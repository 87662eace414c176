"""What the report on the facts says makes columns of activities needless; what counts stays the same."""

from __future__ import annotations

import pytest

from leadline import Project

DEFINITION = """
name: Visits
signals: {view: page_view}
groups: {interest: {criteria: {viewed: {signal: view, points: 1}}}}
tracks: {mql: {when: score >= 1, to: sdr}}
"""
PEOPLE = "person_id\nada\n"
HEAD, AT = "activity_id,person_id,type,occurred_at,received_at,user_agent", "2026-09-01T10:00:00Z"
LATE, BOT = "2026-09-03T10:00:00Z", "Googlebot/2.1"


@pytest.mark.parametrize(
    ("received", "agent", "read", "score"),
    [
        (None, "", set(), 1),
        (LATE, "", {"known"}, 0),
        (AT, "", {"known"}, 1),
        (None, BOT, {"machine"}, 0),
        (LATE, BOT, {"known", "machine"}, 0),
    ],
)
def test_columns_are_read_where_they_say_something(received, agent, read, score, tmp_path):
    head, row = HEAD, f"a1,ada,page_view,{AT},{received},{agent}"
    if received is None:
        head, row = (line.replace(f"{what},", "") for line, what in ((HEAD, "received_at"), (row, "None")))
    for name, text in {"people": PEOPLE, "activities": f"{head}\n{row}\n"}.items():
        (tmp_path / f"{name}.csv").write_text(text)
    (tmp_path / "definition.yaml").write_text(DEFINITION)
    (tmp_path / "leadline.yaml").write_text("facts: {people: people.csv, activities: activities.csv}\n")
    project = Project(tmp_path)
    texts = project.backend.plan(project.program, "").texts
    for name in ("timelines", "stories"):
        assert {column for column in ("known", "machine") if column in texts[name].lower()} == read
    assert project.score("2026-09-02")["score"].to_pylist() == [score]

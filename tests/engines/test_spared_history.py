"""A replay doesn't read what the facts say nothing of, and follows the same history without it."""

from __future__ import annotations

from pathlib import Path

import pytest

from leadline import Project
from leadline.engine.backends import duckdb_rehearsal
from tests.engines.rehearsals import bundle_of, rows_of_history

PERSON, ACCOUNT = "signal: view", "signal: view, of: account"
DEFINITION = """
name: Visits
signals: {view: page_view}
groups: {interest: {criteria: {viewed: {SIGNAL, points: 1}}}}
tracks: {mql: {when: score >= 1, to: sdr}}
"""
FACTS = {
    "people": "person_id,account_id\nada,acme\nbob,acme\n",
    "accounts": "account_id\nacme\n",
    "activities": """activity_id,person_id,account_id,type,occurred_at,received_at,user_agent
a1,ada,acme,page_view,2026-09-01T10:00:00Z,2026-09-01T10:00:00Z,
a2,bob,acme,page_view,2026-09-02T10:00:00Z,2026-09-05T10:00:00Z,
a3,,acme,page_view,2026-09-03T10:00:00Z,2026-09-03T10:00:00Z,Googlebot/2.1
a4,ada,acme,page_view,2026-09-04T10:00:00Z,2026-09-04T10:00:00Z,Googlebot/2.1
""",
}
UNTIL = 1_788_480_000_000_000  # 2026-09-04T00:00:00Z


def opened(folder: Path, signal: str) -> Project:
    for name, text in FACTS.items():
        (folder / f"{name}.csv").write_text(text)
    (folder / "definition.yaml").write_text(DEFINITION.replace("SIGNAL", signal))
    facts = ", ".join(f"{name}: {name}.csv" for name in FACTS)
    (folder / "leadline.yaml").write_text(f"facts: {{{facts}}}\n")
    return Project(folder)


@pytest.mark.parametrize("signal", [PERSON, ACCOUNT])
@pytest.mark.parametrize("late", [True, False])
@pytest.mark.parametrize("machines", [True, False])
def test_what_is_not_asked_for_is_not_read(signal, late, machines, tmp_path):
    project = opened(tmp_path, signal)
    rehearsal = duckdb_rehearsal.rehearsal(bundle_of(project.program), (("Visits",),), late=late, machines=machines)
    read = {column for column in ("known", "machine") if any(column in text.lower() for text in rehearsal.texts.values())}
    assert read == ({"known"} if late else set()) | ({"machine"} if machines else set())
    found = project.backend.history(rehearsal, UNTIL)
    assert (found.known is found.times) == (not late and signal == PERSON)
    seen = [1 if late else 2, 0 if machines or signal == PERSON else 2]  # their own, and ones of nobody at the account of both
    if signal == ACCOUNT:
        seen[1] += seen[0]  # and each one's is the other's, too
    assert len(found.times) == sum(seen)


@pytest.mark.parametrize("signal", [PERSON, ACCOUNT])
def test_where_all_was_known_at_once_history_stays_the_same(signal, tmp_path, monkeypatch):
    lines = FACTS["activities"].splitlines()
    plain = [",".join(line.split(",")[:5]) for line in lines]
    monkeypatch.setitem(FACTS, "activities", "\n".join(plain) + "\n")
    project = opened(tmp_path, signal)
    found = [
        project.backend.history(duckdb_rehearsal.rehearsal(bundle_of(project.program), (("Visits",),), late=spared, machines=spared), UNTIL)
        for spared in (True, False)
    ]
    assert len(found[0].times)
    assert rows_of_history(found[0]) == rows_of_history(found[1])

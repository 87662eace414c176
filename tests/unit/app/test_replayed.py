"""Spells under the names that people know: windows, re-entries, months, and the files they are written to."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from leadline import clock
from leadline.app.replayed import Replayed, Tally
from leadline.engine.plan import Layout
from leadline.engine.rehearsal import ALWAYS, STILL, Rehearsal, Spells, Track
from leadline.errors import UsageError

OLD = Layout("Summer", "f1", ("fit",), (), ("size", "visits"), ("mql",))
NEW = Layout("Autumn", "f2", ("fit",), (), ("visits", "demo"), ("mql", "hot"))
AUTUMN = clock.parse_instant("2026-09-01")
CAUSES = ("activity visits", "expiry visits", "definition")
# (person, account, track, entered, left, score, score at exit, points by register, cause, cause at exit)
SPELLS = [
    (0, 5, 0, ALWAYS, "2026-02-01", 40, 30, 2, 1),
    (0, 5, 0, "2026-05-10", "2026-08-03", 41, 31, 0, 1),
    (0, -1, 0, "2026-10-02", STILL, 42, 0, 0, -1),
    (1, 6, 1, "2026-09-01", "2026-09-20", 50, 20, 0, 1),
    (1, 6, 2, "2026-06-01", STILL, 60, 0, 0, -1),  # of the other course
]


def instant(when: str | int) -> int:
    return clock.parse_instant(when) if isinstance(when, str) else when


@pytest.fixture
def replayed(tmp_path: Path) -> Replayed:
    folder = tmp_path / "mirror"
    folder.mkdir()
    for of, file, known in (("person", "people", {0: "p1", 1: "p2"}), ("account", "accounts", {5: "a1", 6: "a2"})):
        pq.write_table(pa.table({f"{of}_code": [*known], f"{of}_id": [*known.values()]}), folder / f"{file}.parquet")
    columns = [
        np.array(column) for column in zip(*[(p, a, t, instant(e), instant(x), *rest) for p, a, t, e, x, *rest in SPELLS], strict=True)
    ]
    person, account, track, entered, left, score, left_score, cause, left_cause = columns
    points = np.arange(5)[:, None] * 1_000_000 + np.array([[100, 200, 300]])
    spells = Spells(
        person, account, track, entered, left, score * 1_000_000, left_score * 1_000_000, points, points + 1, cause, left_cause, CAUSES,
    )  # fmt: skip
    rehearsal = Rehearsal(
        texts={}, table=None, rules=None, tracks=(Track(0, "mql"), Track(0, "hot"), Track(1, "mql")), layouts=((OLD, NEW), (NEW,)),
        since=((ALWAYS, AUTUMN), (ALWAYS,)), registers=(((0, 1), (1, 2)), ((1, 2),)), names=(), words=1, values=0, of_account=False,
        attributes=0, slots=0,
    )  # fmt: skip
    end = clock.parse_instant("2026-10-31")
    return Replayed(rehearsal, spells, folder, None, end)


def test_spells_come_by_entry_with_ids_and_the_criteria_of_the_definition_in_force(replayed):
    first, second, third, fourth = replayed.rows()
    assert [row["track"] for row in (first, second, third, fourth)] == ["mql", "mql", "hot", "mql"]
    assert (first["entered_at"], first["cause"], first["left_cause"]) == (None, "definition", "expiry visits")
    assert second["criteria"] == {"size": 1.0001, "visits": 1.0002}
    assert second["left_criteria"] == {"size": 1.000101, "visits": 1.000201}
    assert third["criteria"] == {"visits": 3.0002, "demo": 3.0003}
    assert (fourth["account_id"], fourth["left_at"], fourth["left_score"], fourth["left_criteria"]) == (None, None, None, None)
    assert [row["fingerprint"] for row in (second, third)] == ["f1", "f2"]
    assert [row["reentry"] for row in (first, second, fourth)] == [0, 1, 2]


def test_a_window_shows_the_spells_that_touch_it_and_counts_the_entries_inside_it(replayed):
    begin, end = clock.parse_instant("2026-08-03"), clock.parse_instant("2026-09-20")
    shown = Replayed(replayed.rehearsal, replayed.spells, replayed.folder, begin, end)
    assert [row["track"] for row in shown.rows()] == ["hot"]  # who left at its first instant isn't inside any more
    assert shown.tallies() == {"mql": Tally(0, 0, 0, 0, 0), "hot": Tally(1, 1, 0, 1, 0)}
    before = Replayed(replayed.rehearsal, replayed.spells, replayed.folder, begin - 1, end - 1)
    assert [(row["person_id"], row["entered_at"], row["left_at"]) for row in before.rows()] == [
        ("p1", clock.parse_instant("2026-05-10"), begin),
        ("p2", AUTUMN, None),
    ]


def test_tallies_and_months_add_up(replayed):
    assert replayed.tallies() == {"mql": Tally(1, 2, 2, 2, 1), "hot": Tally(1, 1, 0, 1, 0)}
    months = replayed.months()
    assert [month for month, _ in months] == [f"2026-{month:02}" for month in range(5, 11)]
    assert sum(count for _, counts in months for count in counts.values()) == 3
    assert replayed.only(person="p2").months() == [("2026-09", {"mql": 0, "hot": 1})]


def test_the_latest_spells_come_first(replayed):
    assert [row["score"] for row in replayed.latest(2)] == [42.0, 50.0]
    assert replayed.only(track="hot").latest(9) == [*replayed.only(track="hot").rows()]


def test_a_misspelt_track_or_person_is_answered_with_a_suggestion(replayed):
    with pytest.raises(UsageError, match="Did you mean 'mql'"):
        replayed.only(track="mqll")
    with pytest.raises(UsageError, match="Did you mean 'p1'"):
        replayed.only(person="p11")


def test_json_has_the_shape_that_programs_rely_on(replayed):
    file = io.StringIO()
    replayed.write_text(file, "json")
    answer = json.loads(file.getvalue())
    assert {name: answer[name] for name in ("fingerprint", "from", "to")} == {
        "fingerprint": "f2",
        "from": None,
        "to": "2026-10-31T00:00:00Z",
    }
    assert answer["spells"][0]["entered_at"] is None
    assert answer["spells"][1]["left_at"] == "2026-08-03T00:00:00Z"
    assert {"person_id", "account_id", "track", "score", "criteria", "left_score", "cause", "left_cause", "reentry"} <= set(
        answer["spells"][0]
    )


def test_csv_and_parquet_hold_the_same_with_a_column_for_every_criterion_at_entry_and_exit(replayed, tmp_path: Path):
    for form in ("csv", "parquet"):
        replayed.write(tmp_path / f"spells.{form}", form)
    with (tmp_path / "spells.csv").open(newline="") as file:
        texts = list(csv.DictReader(file))
    rows = pq.read_table(tmp_path / "spells.parquet").to_pylist()
    assert list(rows[0]) == list(texts[0])
    assert [text["points.demo"] for text in texts] == ["", "", "3.0003", "2.0003"]
    assert [row["points.demo"] for row in rows] == [None, None, 3.0003, 2.0003]
    assert [row["left_points.size"] for row in rows] == [0.000101, 1.000101, None, None]
    assert rows[1]["entered_at"] == clock.EPOCH.replace(year=2026, month=5, day=10)
    assert not list(tmp_path.glob(".*"))


def test_nothing_at_all_can_be_written_too(replayed, tmp_path: Path):
    none = replayed.only(track="mql", person="p2")
    none.write(tmp_path / "none.parquet", "parquet")
    assert pq.read_table(tmp_path / "none.parquet").num_rows == 0
    assert none.months() == []

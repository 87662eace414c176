"""Rows set aside come back as they were, in one table for each relation."""

from __future__ import annotations

import csv

from leadline.facts.quarantine import Quarantine, SetAside


def test_rows_of_several_sources_share_one_table_with_all_columns(tmp_path):
    aside = Quarantine(tmp_path / "spool")
    aside.add("people", [SetAside("a.csv", 3, "bad-time", "created_at", "soon", {"id": "1", "name": 'two\n"lines"'})])
    aside.add("people", [SetAside("b.csv", 9, "ragged-row", "", "", {"id": "2", "more": None})])
    aside.add("deals", [])
    aside.write(tmp_path / "quarantine")
    with (tmp_path / "quarantine" / "people.csv").open(newline="") as lines:
        rows = list(csv.DictReader(lines))
    assert [(row["source"], row["line"], row["id"], row["name"], row["more"]) for row in rows] == [
        ("a.csv", "3", "1", 'two\n"lines"', ""),
        ("b.csv", "9", "2", "", ""),
    ]
    assert [path.name for path in (tmp_path / "quarantine").iterdir()] == ["people.csv"]
    assert aside.counts == {"people": 2}


def test_what_an_earlier_build_set_aside_is_gone(tmp_path):
    (tmp_path / "quarantine").mkdir()
    (tmp_path / "quarantine" / "deals.csv").write_text("old")
    Quarantine(tmp_path / "spool").write(tmp_path / "quarantine")
    assert list((tmp_path / "quarantine").iterdir()) == []


def test_the_earliest_instant_at_which_to_look_again_is_kept(tmp_path):
    aside = Quarantine(tmp_path / "spool")
    assert aside.recheck is None
    for instant in (7, 3, 5):
        aside.look_again(instant)
    assert aside.recheck == 3

"""Bad data: every kind is refused with file, line, value and fix; or set aside and counted, if the project asks for that."""

from __future__ import annotations

import gzip
from pathlib import Path

import duckdb
import pytest

from leadline.errors import FactsRefused, Problem
from leadline.facts import delimited
from tests.integration.mirrored import activities, built, make, opened, quarantined, table

PEOPLE = "person_id,email\np1,a@acme.com\np2,b@acme.com\n"
HEAD = "activity_id,person_id,account_id,occurred_at,received_at,type,side,properties\n"
GOOD = "e1,p1,,2025-01-01T10:00:00Z,,page_view,,\n"
DEALS = "deal_id,created_at,outcome,amount\nd1,2025-01-01,won,5\n"

# code, relation, its text, the line at fault (the only bad one), the value shown
BAD_ROWS = [
    ("missing-value", "people", PEOPLE + ",c@acme.com\n", 4, ""),
    ("missing-value", "activities", HEAD + GOOD + ",p1,,2025-01-01,,x,,\n", 3, ""),
    ("missing-value", "activities", HEAD + GOOD + "e2,p1,,,,x,,\n", 3, ""),
    ("missing-value", "activities", HEAD + GOOD + "e2,p1,,2025-01-01,,,,\n", 3, ""),
    ("missing-person", "activities", HEAD + GOOD + "e2,,,2025-01-01,,x,,\n", 3, ""),
    ("bad-time", "activities", HEAD + GOOD + "e2,p1,,01/02/2025,,x,,\n", 3, "01/02/2025"),
    ("bad-time", "activities", HEAD + GOOD + "e2,p1,,infinity,,x,,\n", 3, "infinity"),
    ("bad-time", "activities", HEAD + GOOD + "e2,p1,,2025-02-30,,x,,\n", 3, "2025-02-30"),
    ("bad-time", "activities", HEAD + GOOD + "e2,p1,,2025-01-01,soon,x,,\n", 3, "soon"),
    ("bad-time", "people", "person_id,valid_from\np1,2025-01-01\np2,1700000000\n", 3, "1700000000"),
    ("future-time", "activities", HEAD + GOOD + "e2,p1,,2026-06-02T00:00:01Z,,x,,\n", 3, "2026-06-02T00:00:01Z"),
    ("time-out-of-range", "activities", HEAD + GOOD + "e2,p1,,1969-12-31,,x,,\n", 3, "1969-12-31"),
    ("time-out-of-range", "deals", "deal_id,created_at,outcome\nd1,2025-01-01,won\nd2,2200-01-01,won\n", 3, "2200-01-01"),
    ("unknown-side", "activities", HEAD + GOOD + "e2,p1,,2025-01-01,,x,partner,\n", 3, "partner"),
    ("unknown-outcome", "deals", DEALS + "d2,2025-01-01,closed won,1\n", 3, "closed won"),
    ("bad-number", "deals", DEALS + "d2,2025-01-01,lost,EUR 5\n", 3, "EUR 5"),
    ("bad-number", "deals", DEALS + "d2,2025-01-01,lost,nan\n", 3, "nan"),
    ("bad-json", "activities", HEAD + GOOD + 'e2,p1,,2025-01-01,,x,,"{""a"": "\n', 3, '{"a": '),
    ("bad-json", "activities", HEAD + GOOD + 'e2,p1,,2025-01-01,,x,,"[1, 2]"\n', 3, "[1, 2]"),
    ("ragged-row", "activities", HEAD + GOOD + "e2,p1,,2025-01-01\n" + GOOD.replace("e1", "e3"), 3, ""),
    ("ragged-row", "people", 'person_id,x\n"p1","a\nb"\n\np2,b,c,d\np3,c\n', 5, ""),
    ("not-utf8", "people", "person_id,name\np1,ok\np2,caf\udce9\np3,ok\n", 3, ""),
    ("bad-quotes", "people", 'person_id,name\np1,ok\np2,"a"b\np3,ok\n', 3, 'p2,"a"b'),
    ("bad-quotes", "people", 'person_id,name\np1,ok\np2,"never closed\np3,ok\np4,ok\n', 3, 'p2,"never closed'),
    ("conflicting-rows", "people", PEOPLE + "p1,other@acme.com\n", 4, "p1"),
    ("conflicting-rows", "people", "person_id,valid_from,x\np1,2025-01-01,a\np1,2025-01-01,b\np2,,\n", 3, "p1"),
    ("conflicting-rows", "accounts", "account_id,name\na1,Acme\na1,Ajax\n", 3, "a1"),
    ("conflicting-rows", "deals", DEALS + "d1,2025-01-01,lost,5\n", 3, "d1"),
]


def others(relation: str) -> dict[str, str]:
    """Return what a project needs beside a relation."""
    return {} if relation in {"people", "activities"} else {"people": PEOPLE}


def refusal(root: Path) -> list[Problem]:
    with pytest.raises(FactsRefused) as caught:
        opened(root)
    return list(caught.value.problems)


@pytest.mark.parametrize(("code", "relation", "text", "line", "value"), BAD_ROWS)
def test_a_bad_row_stops_everything_and_is_shown_with_its_place_and_a_fix(tmp_path, code, relation, text, line, value):
    (problem,) = refusal(make(tmp_path, {relation: text, **others(relation)}))
    assert (problem.code, problem.where.file, problem.where.line) == (code, f"{relation}.csv", line)
    assert "one row" in problem.says
    assert f"{relation}.csv:{line}" in problem.says
    assert not value or code in delimited.FAULTS or repr(value) in problem.says
    assert problem.fix


@pytest.mark.parametrize(("code", "relation", "text", "line", "value"), BAD_ROWS)
def test_a_bad_row_is_set_aside_as_it_came_and_counted(tmp_path, code, relation, text, line, value):
    found = built(tmp_path, {relation: text, **others(relation)}, on_bad_rows="quarantine")
    (row,) = quarantined(tmp_path, relation)
    assert (row["source"], row["line"], row["code"]) == (f"{relation}.csv", str(line), code)
    assert row["value"] == value
    header = text.splitlines()[0].split(",")
    assert set(header) <= set(row)
    report = found.report.relations[relation]
    assert (report.quarantined, report.read - report.kept - report.duplicates) == (1, 1)
    assert report.kept >= 1


def test_a_record_that_cannot_be_read_hides_nothing_else_that_is_wrong_with_the_file(tmp_path):
    text = HEAD + GOOD + "e2,p1,,nonsense,,x,,\n" + "e3,p1\n" + "e4,p2,,2025-01-03,,x,nobody's,\n"
    problems = refusal(make(tmp_path, {"people": PEOPLE, "activities": text}))
    assert [(problem.code, problem.where.line) for problem in problems] == [("bad-time", 3), ("ragged-row", 4), ("unknown-side", 5)]


def test_good_rows_beside_bad_ones_are_all_there(tmp_path):
    text = HEAD + GOOD + "e2,p1,,nonsense,,x,,\n" + "e3,p1\n" + "e4,p2,,2025-01-02,,x,,\n" + "e5,p2,,2025-01-03,,x,nobody's,\n"
    found = built(tmp_path, {"people": PEOPLE, "activities": text}, on_bad_rows="quarantine")
    assert [row["activity_id"] for row in activities(found)] == ["e1", "e4"]
    report = found.report.relations["activities"]
    assert (report.read, report.kept, report.quarantined) == (5, 2, 3)
    aside = {(row["line"], row["code"], row["activity_id"]) for row in quarantined(tmp_path, "activities")}
    assert aside == {("3", "bad-time", "e2"), ("4", "ragged-row", "e3"), ("6", "unknown-side", "e5")}


def test_of_a_row_with_too_many_fields_all_are_kept_aside(tmp_path):
    built(tmp_path, {"people": "person_id,x\np1,a\np2,b,c,d\n"}, on_bad_rows="quarantine")
    (row,) = quarantined(tmp_path, "people")
    assert [row[name] for name in ("person_id", "x", "column3", "column4")] == ["p2", "b", "c", "d"]


def test_the_quarantine_is_that_of_the_latest_build(tmp_path):
    root = make(tmp_path, {"people": PEOPLE + ",x\n"}, on_bad_rows="quarantine")
    opened(root)
    (root / "people.csv").write_text(PEOPLE)
    opened(root)
    assert quarantined(root, "people") == []


def test_all_problems_of_all_relations_come_at_once_grouped_with_counts(tmp_path):
    text = HEAD + "".join(f"e{n},p1,,bad{n},,x,,\n" for n in range(5)) + "e9,p1,,2025-01-01,,x,oops,\n"
    root = make(tmp_path, {"people": PEOPLE + ",x\n", "activities": text}, facts={"deals": "gone.csv"})
    problems = refusal(root)
    assert sorted(problem.code for problem in problems) == ["bad-time", "missing-file", "missing-value", "unknown-side"]
    times = next(problem for problem in problems if problem.code == "bad-time")
    assert "5 rows (activities.csv:2 'bad0', activities.csv:3 'bad1', activities.csv:4 'bad2', …)" in times.says


def test_rows_that_say_the_same_again_are_no_problem(tmp_path):
    found = built(tmp_path, {"people": PEOPLE + "p1,a@acme.com\n"})
    assert found.report.relations["people"].duplicates == 1


def test_lines_are_right_after_values_that_span_lines_and_blank_lines(tmp_path):
    text = 'person_id,name,created_at\n"p1","two\nlines",2025-01-01\n\n"p2","x",never\n'
    (problem,) = refusal(make(tmp_path, {"people": text}))
    assert problem.where.line == 5


def test_a_compressed_file_with_semicolons_and_a_mark_at_the_start_is_read(tmp_path):
    root = make(tmp_path, {}, facts={"people": "people.csv.gz"})
    (root / "people.csv.gz").write_bytes(gzip.compress("\ufeffperson_id;name\r\np1;Anna, B\r\n".encode()))
    assert [(row["person_id"], row["name"]) for row in table(opened(root), "people.parquet")] == [("p1", "Anna, B")]


def test_what_a_strict_reader_refuses_but_is_no_fault_is_read(tmp_path):
    found = built(tmp_path, {"people": "person_id,name\r\np1,a\np2,b\r\n"})  # two kinds of line ends
    assert [row["name"] for row in table(found, "people.parquet")] == ["a", "b"]


def test_deals_closed_before_they_were_created_are_only_warned_of(tmp_path):
    deals = "deal_id,created_at,outcome,closed_at\nd1,2025-02-01,won,2025-01-01\n"
    report = built(tmp_path, {"people": PEOPLE, "deals": deals}).report
    assert [(problem.code, problem.severity) for problem in report.warnings] == [("closed-before-created", "warning")]
    assert report.relations["deals"].kept == 1


# What no quarantine can mend

PARQUET = "select 'p1' as person_id, cast('nan' as double) as x"
MODES = pytest.mark.parametrize("on_bad_rows", ["stop", "quarantine"])


@MODES
@pytest.mark.parametrize(
    ("code", "files", "facts", "says"),
    [
        ("missing-column", {"people": "id,email\n1,a\n"}, {}, "no column 'person_id'"),
        ("missing-column", {"activities": "activity_id,occurred_at,type\ne,2025-01-01,x\n"}, {}, "'person_id' or 'account_id'"),
        ("unknown-column", {"people": PEOPLE}, {"people": {"from": "people.csv", "columns": {"email": "E-Mai"}}}, "no column 'E-Mai'"),
        ("column-mapped-twice", {"people": PEOPLE}, {"people": {"from": "people.csv", "columns": {"a": "email", "b": "email"}}}, "twice"),
        ("duplicate-column", {"people": "person_id,Email,email\np1,a,b\n"}, {}, "called 'email'"),
        ("empty-file", {"people": ""}, {}, "empty"),
        ("not-utf8", {"people": "p\x00e\x00r\x00s\x00o\x00n\x00"}, {}, "UTF-8"),
        ("missing-file", {}, {"people": "nowhere/*.csv"}, "no file matches 'nowhere/*.csv'"),
        ("unsupported-file", {"people": PEOPLE}, {"people": "people.xlsx"}, "not a CSV or Parquet file"),
        ("no-engine", {"people": PEOPLE}, {"people": "crm.people"}, "no database"),
        ("bad-query", {"people": PEOPLE}, {"people": {"query": "select * from read_csv('people.csv') where nope"}}, "nope"),
        ("bad-query", {"people": PEOPLE}, {"people": {"query": "drop table x"}}, "one query that only reads"),
        ("bad-query", {"people": PEOPLE}, {"people": {"query": "select 1; select 2"}}, "one query that only reads"),
    ],
)
def test_a_source_that_cannot_be_read_is_refused_with_its_place(tmp_path, code, files, facts, says, on_bad_rows):
    root = make(tmp_path, files, facts=facts, on_bad_rows=on_bad_rows)
    (problem,) = refusal(root)
    assert problem.code == code
    assert says in problem.says
    assert problem.where.file in {"leadline.yaml", "people.csv"}
    assert problem.where.line
    assert problem.fix


def test_a_name_that_is_nearly_right_is_suggested(tmp_path):
    root = make(tmp_path, {"people": PEOPLE}, facts={"people": {"from": "people.csv", "columns": {"email": "emial"}}})
    (problem,) = refusal(root)
    assert problem.fix == "Did you mean 'email'?"


@MODES
def test_a_damaged_parquet_file_is_refused(tmp_path, on_bad_rows):
    root = make(tmp_path, {}, facts={"people": "people.parquet"}, on_bad_rows=on_bad_rows)
    (root / "people.parquet").write_bytes(b"PAR1 not really PAR1")
    (problem,) = refusal(root)
    assert (problem.code, problem.where.file) == ("unreadable-file", "people.parquet")


@pytest.mark.parametrize("column", ["activity_id", "occurred_at", "type", "amount", "whole", "yes"])
def test_a_parquet_file_that_is_damaged_inside_a_column_is_refused(tmp_path, column):
    root = make(tmp_path, {}, facts={"activities": "activities.parquet"})
    values = "'e' || i as activity_id, 'p1' as person_id, timestamp '2025-01-01' + to_seconds(i) as occurred_at, 'x' as type"
    rows = duckdb.sql(f"select {values}, i * 1.5 as amount, i as whole, i % 3 = 1 as yes from range(5000) t(i)")
    path = root / "activities.parquet"
    rows.write_parquet(str(path))
    assert opened(root).report.relations["activities"].kept == 5000
    page = (
        "select coalesce(dictionary_page_offset, data_page_offset), total_compressed_size from parquet_metadata(?) where path_in_schema = ?"
    )
    ((begin, size),) = duckdb.execute(page, [str(path), column]).fetchall()
    held = path.read_bytes()
    path.write_bytes(held[:begin] + b"\xff" * size + held[begin + size :])
    (problem,) = refusal(root)
    assert (problem.code, problem.where.path) == ("unreadable-file", "facts.activities")


def two_files(root: Path, one: str, two: str) -> Path:
    """Write a project of two Parquet files that differ in the type of ``x``."""
    for name, value in (("one", one), ("two", two)):
        duckdb.sql(f"select 'p{name}' as person_id, {value} as x").write_parquet(str(root / f"{name}.parquet"))
    return root


def test_parquet_files_with_numbers_here_and_text_there_are_text(tmp_path):
    found = opened(two_files(make(tmp_path, {}, facts={"people": "*.parquet"}), "7", "'seven'"))
    assert [row["x"] for row in table(found, "people.parquet")] == ["7", "seven"]


@MODES
def test_parquet_files_that_do_not_go_together_are_refused(tmp_path, on_bad_rows):
    root = make(tmp_path, {}, facts={"people": "*.parquet"}, on_bad_rows=on_bad_rows)
    (problem,) = refusal(two_files(root, "7", "[1]"))
    assert (problem.code, problem.where.path) == ("unreadable-file", "facts.people")
    assert "one.parquet" in problem.says


def test_numbers_that_are_not_finite_are_refused_by_row(tmp_path):
    root = make(tmp_path, {}, facts={"people": "people.parquet"})
    duckdb.sql(f"select 'p0' as person_id, 1.5::double as x union all {PARQUET}").write_parquet(str(root / "people.parquet"))
    (problem,) = refusal(root)
    assert (problem.code, problem.where.file, problem.where.line) == ("non-finite-number", "people.parquet", 2)


def test_numbers_that_are_not_finite_can_be_set_aside(tmp_path):
    root = make(tmp_path, {}, facts={"people": "people.parquet"}, on_bad_rows="quarantine")
    duckdb.sql(f"select 'p0' as person_id, 1.5::double as x union all {PARQUET}").write_parquet(str(root / "people.parquet"))
    assert opened(root).report.people == 1
    assert [(row["line"], row["value"]) for row in quarantined(root, "people")] == [("2", "nan")]


def test_reps_with_problems_stop_the_facts_with_their_lines(tmp_path):
    root = make(tmp_path, {"people": PEOPLE}, reps="reps.yaml")
    (root / "reps.yaml").write_text("anna:\n  time_zone: Europe/Berln\n")
    (problem,) = refusal(root)
    assert (problem.code, problem.where.file, problem.where.line) == ("unknown-time-zone", "reps.yaml", 2)
    assert problem.fix == "Did you mean 'Europe/Berlin'?"


def test_reps_of_a_table_are_read_and_checked_by_line(tmp_path):
    root = make(tmp_path, {"people": PEOPLE}, reps="reps.csv")
    (root / "reps.csv").write_text("id,territory,weight,capacity_per_week\n007,DE; AT,2,40\n008,,much,1\n")
    (problem,) = refusal(root)
    assert (problem.code, problem.where.line) == ("bad-number", 3)
    (root / "reps.csv").write_text("id,territory,weight,hours\n007,DE; AT,2,9-17\n")
    (problem,) = refusal(root)
    assert (problem.code, problem.where.file, problem.where.line) == ("bad-hours", "reps.csv", 2)

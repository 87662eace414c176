"""Where rows come from: what a project names, found on disk, and when that counts as changed."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from leadline import project
from leadline.facts import sources
from leadline.facts.sources import Found, Kind


def found(root: Path, facts: str, more: str = "") -> Found:
    (root / "leadline.yaml").write_text(f"facts: {facts}\n{more}", "utf-8")
    return sources.find(project.load(root))


def key(root: Path, facts: str, more: str = "", state: str = "") -> str:
    got = found(root, facts, more)
    return sources.fingerprint(project.load(root), got.origins, lambda _: state)


@pytest.fixture
def root(tmp_path):
    for name in ("b.csv", "a.csv", "deep/c.csv", "deep/er/d.parquet", ".leadline/x.csv"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("person_id\n")
    return tmp_path


@pytest.mark.parametrize(
    ("given", "kind", "files"),
    [
        ("a.csv", Kind.TEXT, ["a.csv"]),
        ("*.csv", Kind.TEXT, ["a.csv", "b.csv"]),
        ("**/*.csv", Kind.TEXT, ["a.csv", "b.csv", "deep/c.csv"]),
        ("deep/**/*.parquet", Kind.PARQUET, ["deep/er/d.parquet"]),
    ],
)
def test_files_of_a_glob_come_in_order_and_never_from_our_own_folder(root, given, kind, files):
    (origin,) = found(root, f"{{people: '{given}'}}").origins
    assert (origin.kind, [file.shown for file in origin.files]) == (kind, files)


def test_an_absolute_path_is_taken_as_it_is(root):
    (origin,) = found(root, f"{{people: '{root / 'a.csv'}'}}").origins
    assert [file.path for file in origin.files] == [root / "a.csv"]


def test_what_is_no_file_is_a_table_where_there_is_a_database(root):
    (origin,) = found(root, "{people: crm.people}", "engine: postgresql://h/d").origins
    assert (origin.kind, origin.sql) == (Kind.TABLE, "crm.people")


@pytest.mark.parametrize("given", ["people.xlsx", "data/people", "deep", "peo*"])
def test_what_looks_like_a_file_is_never_taken_for_a_table(root, given):
    (problem,) = found(root, f"{{people: '{given}'}}", "engine: postgresql://h/d").problems
    assert (problem.code, problem.where.line) == ("unsupported-file", 1)


def test_everything_missing_is_told_together(root):
    problems = found(root, "{people: gone.csv, deals: [a.csv, gone/*.parquet], accounts: t}", "reps: reps.yaml").problems
    assert sorted(problem.code for problem in problems) == ["missing-file", "missing-file", "missing-file", "no-engine"]


def test_a_query_watches_the_files_that_it_names(root):
    query = "from read_csv('a.csv') union all from '**/c.csv' where x = 'no.csv'"
    (origin,) = found(root, f'{{people: {{query: "{query}"}}}}').origins
    assert [file.shown for file in origin.files] == ["a.csv", "deep/c.csv"]


def test_the_fingerprint_stays_while_nothing_changes(root):
    assert key(root, "{people: '*.csv'}") == key(root, "{people: '*.csv'}")


def test_the_fingerprint_changes_with_whatever_the_mirror_follows_from(root):
    query = "{people: {query: 'select 1 from t'}}"
    keys = [
        key(root, "{people: '*.csv'}"),
        key(root, "{people: a.csv}"),
        key(root, "{people: [a.csv, b.csv]}"),
        key(root, "{people: [b.csv, a.csv]}"),
        key(root, "{people: {from: a.csv, columns: {x: person_id}}}"),
        key(root, "{activities: a.csv}"),
        key(root, "{people: a.csv}", "on_bad_rows: quarantine"),
        key(root, "{people: a.csv}", "own_domains: [acme.com]"),
        key(root, query),
        key(root, query, state="17 rows"),
        key(root, query.replace("1", "2")),
    ]
    os.utime(root / "a.csv", ns=(1, 1))
    keys.append(key(root, "{people: a.csv}"))
    (root / "a.csv").write_text("person_id,x\n")
    os.utime(root / "a.csv", ns=(1, 1))
    keys.append(key(root, "{people: a.csv}"))
    assert len(set(keys)) == len(keys)


def test_a_fingerprint_never_shows_the_password_of_the_engine(root):
    assert "secret" not in key(root, "{people: a.csv}", "engine: postgresql://me:secret@h/d")

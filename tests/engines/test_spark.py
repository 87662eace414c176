"""Spark gives the oracle's answer: activities stay in Parquet files or tables and are classified there, or come from the mirror."""

from __future__ import annotations

import gc
import sys
from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from random import Random
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import yaml

from leadline import Project
from leadline.engine.backends.spark_executor import whole_people
from leadline.errors import FactsRefused, ServiceFailed, Unsupported
from tests.engines.agreement import NOW, differences
from tests.oracle.facts import Facts
from tests.oracle.files import arrow_table, as_yaml, flat, write_project
from tests.oracle.strategies import make_case

ENGINE = "spark://local[2]"
LATER = "2026-06-01"
SMALL = """
name: Small
signals: {seen: page_view, loud: "page_view where upper(path) = 'STRAẞE' or lower(path) = 'οδοσ'", back: visit}
groups:
  engagement:
    criteria:
      seen: {signal: seen, points: 1}
      loud: {signal: loud, points: 10}
      back: {signal: back, points: 100, of: account}
      quiet: {absent: loud, for: 1d, points: -3}
tracks: {mql: {when: "score >= 10"}}
"""
PEOPLE = [{"person_id": person, "account_id": account} for person, account in (("a", "x"), ("b", "x"), ("c", None), ("o'é", "y"))]
VISITS = [
    {"activity_id": f"v{at}", "person_id": person, "type": "page_view", "path": path, "occurred_at": at * 3_600_000_000}
    for at, (person, path) in enumerate((("a", "straße"), ("b", "ΟΔΟΣ"), ("b", "other"), ("nobody", "straße"), ("o'é", None)), 1)
]


def write_spark(form: str, spark: Any, folder: Path, definition: Mapping[str, Any], facts: Facts, rng: Random) -> Path:
    """Write a project whose engine is Spark, its facts as CSV, as Parquet, or as temporary views of the session."""
    relations = {"people": facts.people or [], "accounts": facts.accounts, "deals": facts.deals}
    relations["activities"] = flat(facts.activities, as_columns=rng.random() < 0.3)
    mapped = {name: name for name, rows in relations.items() if rows}
    while mapped.get("activities") != "activities.csv" and form == "csv":
        mapped = yaml.safe_load((write_project(folder, definition, facts, rng) / "leadline.yaml").read_text("utf-8"))["facts"]
    for name in mapped if form != "csv" else ():
        rows = relations[name]
        table = arrow_table(list(dict.fromkeys(column for row in rows for column in row)), rows, rng.choice((None, "UTC")))
        if form == "views":
            spark.createDataFrame(table).createOrReplaceTempView(name)
        else:
            mapped[name] = f"{name}-*.parquet"
            pq.write_table(table.slice(0, len(rows) // 2), folder / f"{name}-1.parquet")
            pq.write_table(table.slice(len(rows) // 2), folder / f"{name}-2.parquet")
    (folder / "definition.yaml").write_text(as_yaml(definition), "utf-8")
    (folder / "leadline.yaml").write_text(as_yaml({"definition": "definition.yaml", "engine": ENGINE, "facts": mapped}), "utf-8")
    return folder


def small(folder: Path, engine: str = ENGINE, activities: Any = VISITS, definition: str = SMALL) -> Project:
    """Return a project of four people and five page views in Parquet."""
    folder.mkdir(exist_ok=True)
    (folder / "definition.yaml").write_text(definition, "utf-8")
    pq.write_table(pa.Table.from_pylist(PEOPLE), folder / "people.parquet")
    columns = list(dict.fromkeys(column for row in activities for column in row))
    pq.write_table(arrow_table(columns, activities, None), folder / "activities.parquet")
    facts = {"people": "people.parquet", "activities": "activities.parquet"}
    (folder / "leadline.yaml").write_text(as_yaml({"engine": engine, "facts": facts}), "utf-8")
    return Project(folder, now=NOW)


@pytest.mark.parametrize(("seed", "form"), [*enumerate(("parquet", "views", "csv", "parquet", "views", "parquet"))])
def test_spark_scores_as_the_oracle_does(seed: int, form: str, spark, tmp_path):
    case = make_case(Random(seed), 60)
    case = replace(case, as_ofs=case.as_ofs[:2])  # an instant and the microsecond after
    assert not differences(case, tmp_path, seed, partial(write_spark, form, spark))


def test_scores_and_receipts_are_those_of_duckdb(spark, tmp_path):
    del spark
    mine, theirs = small(tmp_path / "a b{c}%20"), small(tmp_path / "duckdb", "duckdb")
    assert mine.score(LATER).to_pylist() == theirs.score(LATER).to_pylist()
    for person in ("b", "c", "o'é"):
        assert mine.explain(person, LATER).as_dict() == theirs.explain(person, LATER).as_dict()


def test_a_session_keeps_its_settings_and_nothing_is_left_behind(spark, tmp_path):
    spark.conf.set("spark.sql.session.timeZone", "Asia/Tokyo")
    try:
        project = small(tmp_path)
        scored = project.score_rows(LATER)
        assert spark.conf.get("spark.sql.session.timeZone") == "Asia/Tokyo"
        assert not [table.name for table in spark.catalog.listTables() if table.name.startswith("leadline_")]
        assert scored.counts() == (4, 3, {"mql": 3})
        assert list(project.config.work.glob("scored-*"))
        del scored
        gc.collect()
        assert not list(project.config.work.glob("scored-*"))
    finally:
        spark.conf.set("spark.sql.session.timeZone", "UTC")


def test_nobody_scored_is_an_empty_answer(spark, tmp_path):
    del spark
    project = small(tmp_path, definition=SMALL + "only: \"person.account_id = 'none'\"\n")
    assert project.score_rows(LATER).counts() == (0, 0, {"mql": 0})


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ({"activity_id": None}, "missing-value"),
        ({"type": ""}, "missing-value"),
        ({"person_id": None}, "missing-person"),
        ({"side": "elsewhere"}, "unknown-side"),
        ({"properties": "[1]"}, "bad-json"),
        ({"properties": "{"}, "bad-json"),
    ],
)
def test_rows_that_are_no_facts_are_refused_and_counted(row: Mapping[str, Any], code: str, spark, tmp_path):
    del spark
    with pytest.raises(FactsRefused) as caught:
        small(tmp_path, activities=[{"side": "product", "properties": "{}"} | VISITS[0], {**VISITS[1], **row}]).score(LATER)
    assert [problem.code for problem in caught.value.problems] == [code]
    assert "one row" in str(caught.value)


def test_what_would_take_all_activities_to_derive_is_refused_by_name(spark, tmp_path):
    del spark
    definition = SMALL + "disqualify: {paid: \"person.channel = 'paid_search'\"}\n"
    with pytest.raises(Unsupported, match=r"person\.channel"):
        small(tmp_path, definition=definition).score(LATER)


def test_a_fault_of_spark_is_told_in_its_words(spark, tmp_path):
    del spark
    project = small(tmp_path)
    (project.mirror.path / "people.parquet").unlink()
    with pytest.raises(ServiceFailed, match=r"Spark says: .*PATH_NOT_FOUND"):
        project.score(LATER)


def test_without_pyspark_the_engine_says_what_to_install(monkeypatch, tmp_path):
    monkeypatch.setitem(sys.modules, "pyspark.sql", None)
    with pytest.raises(Unsupported, match=r"leadline\[spark\]"):
        small(tmp_path).score(LATER)


@pytest.mark.parametrize("most", [1, 5, 7, 100])
def test_people_are_never_cut_in_two(most: int):
    rng = Random(most)
    people = [person for person in range(12) for _ in range(rng.randint(1, 9))]
    first = [str(person) if at == 0 or people[at - 1] != person else None for at, person in enumerate(people)]
    rows = pa.record_batch({"whose": people, "person_id": pa.array(first, pa.string())})
    batches = [rows.slice(at, 3) for at in range(0, len(rows), 3)]
    tables = list(whole_people(batches, most))
    assert pa.concat_tables(tables).to_pylist() == rows.to_pylist()
    assert all(table["person_id"][0].is_valid for table in tables)
    assert len(tables) > 1 or most == 100

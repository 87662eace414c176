"""Runs every benchmark once at a tiny size, so that none rots: the figures don't matter here, the answers do."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import duckdb
import pytest
import yaml
from bench import compare, definitions, generate, report, run

from leadline.clock import EPOCH
from tests.oracle import interpreter
from tests.oracle.facts import Facts

TINY = generate.SIZES["tiny"]
SERVED = ("postgres", "spark")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("bench")


@pytest.fixture(scope="module")
def raced(folder):
    """Everything but the contenders that need a server."""
    return run.compete(TINY, folder, run.WORK, SERVED)


def test_every_contender_finishes(raced):
    rows, _ = raced
    assert {row.name for row in rows} >= {"rival", "leadline", "polars", "pandas", "leadline-100", "leadline-first", "help", "one-person"}
    assert [(row.name, row.says) for row in rows if row.median is None] == []


def test_contenders_of_one_work_give_the_same_answer(raced):
    _, differences = raced
    assert differences == []


@pytest.mark.usefixtures("raced")
def test_the_rival_on_its_own_mirror_agrees_with_the_one_on_the_raw_files(folder):
    from bench import mirror_shape, rival

    mirror_shape.write_mirror(folder, folder / "shape")
    rival.score("mirror", str(folder / "shape"), generate.AS_OF, str(folder / "own.parquet"))
    assert compare.differences(folder / "own.parquet", folder / "answers" / "rival-each-once.parquet") == []


@pytest.mark.usefixtures("raced")
def test_hundred_criteria_are_scored_as_the_oracle_scores_them(folder):
    definition = yaml.safe_load((folder / "project" / "definition-100.yaml").read_text())
    expected = {row.person_id: row for row in interpreter.score(definition, oracle_facts(folder), generate.AS_OF)}
    answer = duckdb.sql(f"select * from '{folder / 'answers' / 'leadline-100.parquet'}'")
    found = [dict(zip(answer.columns, row, strict=True)) for row in answer.fetchall()]
    assert {row["person_id"] for row in found} == expected.keys()
    for row in found:
        due = expected[row["person_id"]]
        names = {**due.groups, **due.criteria, "score": due.score}
        assert {name: round(row[name] * 1e6) for name in names} == names
        assert row["tracks"] == list(due.tracks)


def test_answers_agree_where_the_mirror_has_several_row_groups(tmp_path):
    many = generate.Size("many", 2_000, 600_000, 1)
    rows, differences = run.compete(many, tmp_path, ("mirror",), (*SERVED, "polars", "pandas", "leadline-100"))
    assert {row.name for row in rows if row.median} == {"rival", "leadline"}
    assert differences == []


def test_the_definitions_have_the_criteria_that_were_asked_for():
    from leadline.definition.model import Definition

    for data, times in ((yaml.safe_load(definitions.DEFINITION.read_text()), 1), (definitions.hundred(), 4)):
        kinds = [criterion for _, _, criterion in Definition.model_validate(data).criteria()]
        counted = {name: sum(type(kind).__name__ == name for kind in kinds) for name in {type(kind).__name__ for kind in kinds}}
        assert len(kinds) == 25 * times
        assert counted["AttributeCriterion"] + counted["TierCriterion"] == 10 * times
        assert counted["SignalCriterion"] == 12 * times
        assert counted["TogetherCriterion"] == 2 * times
        assert counted["AbsenceCriterion"] == times
        assert sum(getattr(kind, "half_life", None) is not None for kind in kinds) == 4 * times


@pytest.mark.usefixtures("raced")
def test_the_same_seed_gives_the_same_rows(folder, tmp_path):
    generate.write_raw(tmp_path, TINY)
    for name in ("people.parquet", "accounts.parquet", "activities/*.parquet"):
        assert duckdb.sql(f"select * from '{tmp_path / name}'").fetchall() == duckdb.sql(f"select * from '{folder / name}'").fetchall()


@pytest.mark.usefixtures("raced")
def test_the_raw_data_has_every_activity_once_and_some_twice(folder):
    rows, ids = duckdb.sql(f"select count(*), count(distinct activity_id) from '{folder / 'activities' / '*.parquet'}'").fetchall()[0]
    assert ids == TINY.activities
    assert 1.01 < rows / ids < 1.03


def test_a_difference_between_answers_is_found(tmp_path):
    for name, points, track in (("one", 1.0, "mql"), ("two", 1.0 + 2e-6, "sql")):
        duckdb.sql(f"copy (select 'p' as person_id, {points} as score, ['{track}'] as tracks) to '{tmp_path / name}.parquet'")
    assert [line.split(":")[0] for line in compare.differences(tmp_path / "one.parquet", tmp_path / "two.parquet")] == ["score", "tracks"]
    assert compare.differences(tmp_path / "one.parquet", tmp_path / "one.parquet") == []


def test_the_page_gets_the_table_between_its_markers(raced, tmp_path):
    page = tmp_path / "benchmarks.md"
    page.write_text("before\n<!-- begin tiny -->\nold\n<!-- end tiny -->\nafter\n")
    kept = report.keep(tmp_path / "tiny.json", TINY, raced[0])
    assert report.keep(tmp_path / "tiny.json", TINY, raced[0][:2]) == kept
    report.publish(TINY, kept, page)
    text = page.read_text()
    assert text.startswith("before\n<!-- begin tiny -->\n| work |")
    assert text.endswith("<!-- end tiny -->\nafter\n")
    assert "old" not in text


@pytest.mark.integration
@pytest.mark.usefixtures("raced")
def test_postgres_and_spark_give_the_same_answer(folder):
    rows, differences = run.compete(TINY, folder, ("mirror",), ("polars", "pandas", "leadline", "leadline-100"))
    assert {row.name for row in rows if row.median} == {"rival", *SERVED}
    assert differences == []


def oracle_facts(folder) -> Facts:
    def rows(name: str) -> list[dict]:
        found = duckdb.sql(f"select * from '{folder / name}'")
        return [dict(zip(found.columns, map(plain, row), strict=True)) for row in found.fetchall()]

    own = ("activity_id", "person_id", "occurred_at", "type", "side")
    activities = [
        {**{key: row[key] for key in own}, "properties": {k: v for k, v in row.items() if k not in own and v is not None}}
        for row in rows("activities/*.parquet")
    ]
    return Facts(rows("people.parquet"), rows("accounts.parquet"), activities)


def plain(value: object) -> object:
    return (value.replace(tzinfo=UTC) - EPOCH) // timedelta(microseconds=1) if isinstance(value, datetime) else value

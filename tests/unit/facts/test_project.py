"""The project file: every form of it, and everything wrong with it at its line."""

from __future__ import annotations

from pathlib import Path

import pytest

from leadline import project
from leadline.errors import Problem, ProjectRefused
from leadline.project import OnBadRows, ProjectConfig


def loaded(folder: Path, text: str) -> ProjectConfig:
    (folder / "leadline.yaml").write_text(text, "utf-8")
    return project.load(folder)


def refused(folder: Path, text: str) -> list[Problem]:
    with pytest.raises(ProjectRefused) as caught:
        loaded(folder, text)
    return list(caught.value.problems)


def test_a_path_alone_is_a_source(tmp_path):
    config = loaded(tmp_path, "facts: {people: data/people.csv}")
    (people,) = config.file.facts.people
    assert (people.from_, people.query, dict(people.columns)) == ("data/people.csv", None, {})
    assert config.file.facts.activities == ()


def test_the_long_forms_and_lists_of_them_are_sources(tmp_path):
    config = loaded(
        tmp_path,
        """
facts:
  accounts: {from: crm/companies.csv, columns: {account_id: Company ID}}
  activities:
    - data/web/*.parquet
    - {query: "select 1"}
""",
    )
    assert config.file.facts.accounts[0].columns == {"account_id": "Company ID"}
    assert [(one.from_, one.query) for one in config.file.facts.activities] == [("data/web/*.parquet", None), (None, "select 1")]


def test_what_is_left_out_has_its_usual_value(tmp_path):
    config = loaded(tmp_path, "facts: {people: people.csv}")
    assert (config.definition, config.work) == (tmp_path / "definition.yaml", tmp_path / ".leadline")
    assert (config.file.engine, config.file.on_bad_rows, config.file.reps, config.file.own_domains) == ("duckdb", OnBadRows.STOP, None, ())


@pytest.mark.parametrize("engine", ["duckdb", "duckdb:///file.db", "postgresql://u@h/d", "postgres://u@h/d", "spark://host:7077"])
def test_every_engine_named_in_the_docs_is_taken(tmp_path, engine):
    assert loaded(tmp_path, f"facts: {{people: p.csv}}\nengine: {engine}").file.engine == engine


def test_variables_of_the_environment_are_filled_in_everywhere(tmp_path, monkeypatch):
    monkeypatch.setenv("CRM_DATA", "/mnt/crm")
    monkeypatch.setenv("DB", "sales")
    config = loaded(tmp_path, "facts:\n  people: ['${CRM_DATA}/people.csv', '${CRM_DATA}/${DB}.csv']\nengine: duckdb:///${DB}.db")
    assert [one.from_ for one in config.file.facts.people] == ["/mnt/crm/people.csv", "/mnt/crm/sales.csv"]
    assert config.file.engine == "duckdb:///sales.db"


def test_a_variable_that_is_not_set_is_named_once_at_its_line(tmp_path, monkeypatch):
    monkeypatch.delenv("NOT_SET_HERE", raising=False)
    (problem,) = refused(tmp_path, "facts: {people: p.csv}\non_bad_rows: ${NOT_SET_HERE}\n")
    assert (problem.code, problem.where.line) == ("unset-variable", 2)
    assert "'NOT_SET_HERE'" in problem.says


def test_a_folder_without_a_project_says_how_to_make_one(tmp_path):
    with pytest.raises(ProjectRefused) as caught:
        project.load(tmp_path)
    (problem,) = caught.value.problems
    assert problem.code == "missing-file"
    assert "leadline init" in problem.fix


@pytest.mark.parametrize(
    ("text", "code", "line", "fix"),
    [
        ("facts:\n  poeple: people.csv\n  activities: a.csv", "unknown-key", 2, "people"),
        ("facts:\n  people: {form: people.csv}", "unknown-key", 2, "from"),
        ("facts:\n  people: {from: a.csv, query: 'select 1'}", "source-kind", 2, "{query"),
        ("facts:\n  people: {columns: {a: b}}", "source-kind", 2, "{query"),
        ("facts:\n  deals: deals.csv", "no-facts", 1, "people"),
        ("facts: {people: p.csv}\nengine: oracle", "unknown-engine", 2, "postgresql://"),
        ("facts: {people: p.csv}\non_bad_rows: ignore", "bad-value", 2, ""),
        ("facts: {people: p.csv}\nfacts: {people: q.csv}", "duplicate-key", 2, ""),
        ("definition: d.yaml", "missing-key", 1, "facts"),
        ("facts: {people: [", "yaml-syntax", 1, ""),
    ],
)
def test_what_is_wrong_is_told_with_its_line_and_a_fix(tmp_path, text, code, line, fix):
    problems = refused(tmp_path, text)
    assert (problems[0].code, problems[0].where.line) == (code, line)
    assert fix in problems[0].fix

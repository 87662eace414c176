"""The page on facts names everything that the project file and the facts know, and its examples load."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from leadline import project, project_file
from leadline.documents import read_document
from leadline.facts import accounts, arrivals, canonical, columns, people, reps, sources
from leadline.facts.database import Database
from leadline.facts.model import Outcome, Relation, Side

PAGE = (Path(__file__).parents[2] / "docs" / "facts.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"^```yaml\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)


def section(title: str) -> str:
    """Return what stands under a heading, up to the next of any level."""
    return re.split(r"^#{2,3} ", PAGE.partition(f"# {title}\n")[2], maxsplit=1, flags=re.MULTILINE)[0]


def entries(text: str) -> set[str]:
    heads = re.findall(r"^- ((?:\*\*`\w+`\*\*(?:, )?)+)", text, re.MULTILINE)
    return {key for head in heads for key in re.findall(r"`(\w+)`", head)}


def keys(model: type) -> set[str]:
    return {info.alias or name for name, info in model.model_fields.items()}


@pytest.fixture
def read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Return a function that reads a text as the project file."""
    monkeypatch.setenv("CRM_EXPORT", "exports")
    monkeypatch.setenv("DB_PASSWORD", "secret")

    def load(text: str) -> project.ProjectConfig:
        (tmp_path / project.FILE).write_text(text, "utf-8")
        return project.load(tmp_path)

    return load


@pytest.mark.parametrize("text", EXAMPLES)
def test_an_example_is_a_project_file_that_loads(read, text: str):
    found = read(text)
    asked = [source for relation in Relation for source in getattr(found.file.facts, relation)]
    assert asked
    assert "${" not in str(asked)


@pytest.mark.parametrize("text", EXAMPLES)
def test_an_example_maps_only_onto_columns_that_we_know(read, text: str):
    found = read(text)
    for relation in Relation:
        known = canonical.SHAPES[relation].columns
        mapped = {ours for source in getattr(found.file.facts, relation) for ours in source.columns}
        assert mapped - set(known) <= {"employees"}


@pytest.mark.parametrize("text", EXAMPLES)
def test_the_queries_of_an_example_are_single_selects(read, tmp_path: Path, text: str):
    found = read(text)
    queries = [source.query for relation in Relation for source in getattr(found.file.facts, relation) if source.query]
    db = Database(tmp_path / "spill", tmp_path)
    try:
        assert all(map(db.is_one_query, queries))
    finally:
        db.close()


def test_every_key_of_the_project_file_has_an_entry():
    assert entries(section("The keys")) == keys(project_file.ProjectForm)
    assert entries(section("Sources")) == keys(project_file.SourceForm)


@pytest.mark.parametrize("engine", ["duckdb:///warehouse.db", "postgresql://user@host/database", "spark://host:7077"])
def test_every_engine_has_an_entry_and_is_taken(read, engine: str):
    assert f"**`{engine}`**" in section("Tables")
    assert read(f"engine: {engine}\nfacts: {{people: people.csv}}").file.engine == engine


def test_every_way_with_bad_rows_is_named():
    assert {way for way in project.OnBadRows if f"`{way}`" not in section("The keys")} == set()


@pytest.mark.parametrize("relation", Relation)
def test_the_columns_of_a_relation_are_in_the_table_with_the_required_ones_in_bold(relation: Relation):
    row = re.search(rf"^\| `{relation}` \| (.*) \|$", section("Relations"), re.MULTILINE)
    assert row
    bold = {name for part in re.findall(r"\*\*(.*?)\*\*", row[1]) for name in re.findall(r"`(\w+)`", part)}
    shape = canonical.SHAPES[relation]
    assert set(re.findall(r"`(\w+)`", row[1])) == set(shape.columns)
    either = {"person_id", "account_id"} if relation == Relation.ACTIVITIES else set()
    assert bold == set(shape.required) | either


def test_every_outcome_and_side_is_named():
    assert {word for word in (*Outcome, *Side) if f"`{word}`" not in section("Relations")} == set()


def test_every_attribute_that_is_made_is_named():
    made = {*(f"person.{name}" for name in (*people.DERIVED, *arrivals.NAMES)), *(f"account.{name}" for name in accounts.DERIVED)}
    assert {name for name in made if f"`{name}`" not in section("What follows from the data")} == set()


def test_every_key_of_a_rep_has_an_entry_and_the_example_loads(tmp_path: Path):
    assert entries(section("Reps")) == keys(reps.Rep)
    text = re.search(r"^```yaml reps\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
    assert text
    (tmp_path / "reps.yaml").write_text(text[1], "utf-8")
    found, problems = reps.check(read_document(tmp_path / "reps.yaml", "reps.yaml"))
    assert [rep.id for rep in found] == list(yaml.safe_load(text[1]))
    assert problems == []


def test_every_kind_of_file_is_named():
    assert {suffix for suffix in (".csv", ".tsv", ".gz", ".parquet") if f"`{suffix}`" not in section("Files")} == set()
    assert {suffix.rpartition(".")[2] for suffix in sources.TEXT_SUFFIXES} == {"csv", "tsv", "gz"}


@pytest.mark.parametrize("value", ["1234.56", "0.5", "-7"])
def test_what_the_page_calls_a_number_is_one(value: str):
    assert re.fullmatch(columns.NUMBER_TEXT, value)


@pytest.mark.parametrize("value", ["00123", "+49 30 1234", "1,234.56", "1234 EUR"])
def test_what_the_page_calls_text_is_no_number(value: str):
    assert not re.fullmatch(columns.NUMBER_TEXT, value)


@pytest.mark.parametrize("value", re.findall(r"`(\d{4}-\d\d-\d\d[^`]*)`", section("Types")))
def test_what_the_page_calls_a_time_is_one(value: str):
    assert re.fullmatch(columns.TIME_TEXT, value)


def test_links_within_the_page_lead_somewhere():
    anchors = {re.sub(r"[^\w\- ]", "", heading).lower().replace(" ", "-") for heading in re.findall(r"^#+ (.*)$", PAGE, re.MULTILINE)}
    assert set(re.findall(r"\]\(#([^)]*)\)", PAGE)) <= anchors

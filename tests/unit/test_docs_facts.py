"""The page on facts names everything that the project file and the facts know, and its examples load."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from leadline import clock, project, project_file
from leadline.documents import read_document
from leadline.facts import accounts, arrivals, canonical, columns, mirror, people, reps, sources
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


def example_with(words: str) -> str:
    return next(text for text in EXAMPLES if words in text)


@pytest.fixture
def mirrored(tmp_path: Path):
    """Return a function that makes facts of an example's files and returns rows of its mirror."""

    def ask(words: str, files: dict[str, str], query: str) -> list[tuple[Any, ...]]:
        (tmp_path / "data").mkdir()
        for name, text in files.items():
            (tmp_path / "data" / name).write_text(text, "utf-8")
        (tmp_path / project.FILE).write_text(example_with(words), "utf-8")
        found = mirror.open_mirror(project.load(tmp_path), clock.parse_instant("2026-10-01"))
        db = Database(tmp_path / "spill", found.path)
        try:
            return db.rows(query)
        finally:
            db.close()

    return ask


def test_a_week_of_the_example_is_known_when_it_is_over(mirrored):
    files = {"usage.csv": "id,week,actions,users\n7,2026-01-05,12,3\n"}
    found = mirrored("'usage_week'", files, "select occurred, known, actions from 'activities-0000.parquet'")
    assert found == [(clock.parse_instant("2026-01-05"), clock.parse_instant("2026-01-12"), 12.0)]


def test_columns_of_stages_in_the_example_become_rows(mirrored):
    deals = "deal_id,entered_pitch,entered_won\nd1,2026-01-05,2026-02-01\nd2,2026-03-01,\n"
    files = {"people.csv": "person_id\np1\n", "deals.csv": deals}
    found = mirrored("unpivot", files, "select deal_id, stage from 'deal_stages.parquet' order by all")
    assert found == [("d1", "pitch"), ("d1", "won"), ("d2", "pitch")]


def test_placeholders_and_spans_of_the_example_become_unknown_and_numbers(mirrored):
    companies = "id,rank,size,industry\na,16000001,11 to 25,COMPUTER_SOFTWARE\nb,5,,Retail\n"
    files = {"people.csv": "person_id\np1\n", "companies.csv": companies}
    found = mirrored("nullif(rank", files, "select account_id, rank, employees, industry from 'accounts.parquet' order by all")
    assert found == [("a", None, 11.0, "technology"), ("b", 5.0, None, "retail")]


def test_joined_tables_of_the_example_become_one(mirrored):
    events = "id,recipient,happened_at,kind,url\n1,Ana@acme.example,2026-01-05,CLICK,/a\n2,ana@acme.example,2026-01-04,SENT,\n"
    files = {"email_events.csv": events, "contacts.csv": "contact_id,email\np1,ana@acme.example\n"}
    found = mirrored("email_events", files, "select activity_id, type, url, person_code from 'activities-0000.parquet'")
    assert found == [("1", "email_click", "/a", 0)]


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

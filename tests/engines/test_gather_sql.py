"""What the warehouses that the tests can't start are asked, written out for people to read; and the same run on DuckDB.

The snapshots were read against each warehouse's documentation. Update them with ``pytest --snapshot-update``, and read them.
"""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from pathlib import Path
from random import Random

import duckdb
import pyarrow as pa
import pytest
import yaml
from sqlglot import exp
from syrupy.extensions.single_file import SingleFileSnapshotExtension, WriteMode

from leadline import Project
from leadline.definition.model import Definition, Of
from leadline.engine import compile as compiler
from leadline.engine import gather
from leadline.engine.backends import warehouse
from leadline.engine.backends.warehouse import Needs, Only, Source
from leadline.errors import Unsupported
from leadline.facts.model import Column, Held, HeldAs, HeldProperty, Schema, Type
from tests.engines.agreement import NOW
from tests.engines.definitions import ACME
from tests.oracle.files import write_project
from tests.oracle.strategies import make_case

TEXTS = ("path", "content", "form", "feature")
TYPES = {**dict.fromkeys(TEXTS, Type.TEXT), "score": Type.NUMBER, "seats": Type.NUMBER, "trial": Type.BOOLEAN, "renews_at": Type.TIME}
SCHEMA = Schema(properties={name: Column(kind) for name, kind in TYPES.items()})
PLAIN = {"renews_at": Held("renews_at", HeldAs.DATETIME), "seats": Held("seats", HeldAs.NUMBER)}
SOURCE = Source(
    warehouse.table("crm.activities", ""),
    {
        "activity_id": Held("id", HeldAs.TEXT),
        "person_id": Held("contact_id", HeldAs.TEXT),
        "account_id": Held("company_id", HeldAs.NUMBER),
        "occurred_at": Held("occurred_at", HeldAs.INSTANT),
        "received_at": Held("received_at", HeldAs.INSTANT),
        "type": Held("type", HeldAs.TEXT),
        "side": Held("side", HeldAs.TEXT),
        "machine": Held("is_machine", HeldAs.BOOLEAN),
        "properties": Held("properties", HeldAs.JSON),
    },
    {name: HeldProperty(kind, PLAIN.get(name), () if kind is Type.TIME else (name,)) for name, kind in TYPES.items()},
)
PLACEHOLDERS = {"bigquery": exp.Parameter(this=exp.var("as_of")), "clickhouse": exp.Placeholder(this="as_of", kind="Int64")}


class SqlFiles(SingleFileSnapshotExtension):
    """A file for each snapshot, in ``snapshots/``."""

    _write_mode = WriteMode.TEXT
    file_extension = "sql"

    @classmethod
    def dirname(cls, *, test_location):
        return str(Path(test_location.filepath).parent / "snapshots" / test_location.basename)


@pytest.fixture
def program():
    return compiler.compile_program(Definition.model_validate(yaml.safe_load(ACME)), SCHEMA, "acme")


def ask(program, of, dialect, *, absences):
    as_of = PLACEHOLDERS.get(dialect, exp.Placeholder(this="as_of"))
    properties = {name: exp.column(name, quoted=True) for name in program.properties}
    return gather.Ask(program, of, as_of, program.windows(absences=absences), properties, dialect)


@pytest.mark.parametrize("dialect", ["snowflake", "bigquery", "clickhouse", "databricks"])
def test_gather(program, dialect, snapshot):
    canonical = warehouse.canonical(SOURCE, Needs.of(program), dialect)
    source = exp.to_table("canonical").as_("x")
    person, account = ask(program, Of.PERSON, dialect, absences=False), ask(program, Of.ACCOUNT, dialect, absences=False)
    asked = [
        ("canonical activities", canonical),
        ("activities of people", gather.classified(person, source, ("person_id", "activity_id"))),
        ("activities of accounts", gather.classified(account, source, ("account_id", "activity_id"))),
        ("when signals were last seen", gather.latest(ask(program, Of.PERSON, dialect, absences=True), source, "person_id")),
    ]
    text = "\n\n".join(f"-- {title}\n{query.sql(dialect, pretty=True)};" for title, query in asked)
    assert text + "\n" == snapshot(extension_class=SqlFiles)


HELD = {
    "activity_id": HeldAs.TEXT, "person_id": HeldAs.TEXT, "account_id": HeldAs.TEXT, "occurred_at": HeldAs.INSTANT,
    "received_at": HeldAs.INSTANT, "type": HeldAs.TEXT, "side": HeldAs.TEXT, "machine": HeldAs.BOOLEAN, "properties": HeldAs.JSON_TEXT,
}  # fmt: skip


def raw_activities(con, case):
    """Make the table ``raw`` of a case's activities as a user would have them, and return it as a source."""
    rows = [
        {name: json.dumps(row.get(name) or {}) if name == "properties" else row.get(name) for name in HELD} for row in case.facts.activities
    ]
    con.execute("set TimeZone = 'UTC'")
    table = pa.table({name: [row[name] for row in rows] for name in HELD})
    con.register("given", table)
    con.execute("""
        create table raw as select * replace (make_timestamptz(occurred_at) as occurred_at, make_timestamptz(received_at) as received_at)
        from given
    """)
    return Source(exp.to_table("raw"), {name: Held(name, kind) for name, kind in HELD.items()})


def with_clicks(case, rng):
    """Return a case in which half of the activities are clicks, many of them within a second of others."""
    base = case.facts.activities[0]["occurred_at"]
    times = Counter(row["activity_id"] for row in case.facts.activities)
    clicks = [
        row | {"type": rng.choice(("email_click", "Ad_CLICK")), "occurred_at": base + rng.randint(0, 12) * 250_000, "received_at": None}
        if rng.random() < 0.5 and times[row["activity_id"]] == 1
        else row
        for row in case.facts.activities
    ]
    return replace(case, facts=replace(case.facts, activities=clicks))


@pytest.mark.parametrize("seed", range(6))
def test_canonical_activities_are_those_of_the_mirror(seed, tmp_path):
    case = with_clicks(make_case(Random(seed), 60), Random(seed))
    mirror = Project(write_project(tmp_path, case.definition, case.facts), now=NOW).mirror
    properties = mirror.schema.properties
    with duckdb.connect() as con:
        source = replace(
            raw_activities(con, case), properties={name: HeldProperty(column.type, None, (name,)) for name, column in properties.items()}
        )
        needs = Needs(None, bursts=True, visits=True, properties=properties)
        query = exp.select("* exclude (account_id)").from_(warehouse.canonical(source, needs, "duckdb").subquery("x"))
        found = con.sql(query.order_by("activity_id").sql("duckdb")).to_arrow_table().to_pylist()
        parts = [str(mirror.path / part.file) for part in mirror.parts]
        people = str(mirror.path / "people.parquet")
        mirrored = (
            con.sql(
                """
            select x.* exclude (person_code, account_code), p.person_id from read_parquet($parts) x
            left join (select distinct person_id, person_code from read_parquet($people)) p using (person_code) order by activity_id
            """,
                params={"parts": parts, "people": people},
            )
            .to_arrow_table()
            .to_pylist()
        )
    known = {row["person_id"] for row in case.facts.people}
    strangers_left_out = [row | {"person_id": row["person_id"] if row["person_id"] in known else None} for row in found]
    assert strangers_left_out == mirrored
    assert any(row["machine"] and "click" in row["type"].lower() for row in found)
    assert any(row["starts_visit"] for row in found)


def test_what_a_program_does_not_need_is_not_worked_out(program):
    needs = Needs.of(program)
    assert (needs.types, needs.bursts, needs.visits) == (None, True, True)
    plain = yaml.safe_load(ACME)
    for signal in ("comes_back", "click"):
        del plain["signals"][signal]
    for criterion in ("comes_back", "clicks", "gone_quiet"):
        del plain["groups"]["engagement"]["criteria"][criterion]
    needs = Needs.of(compiler.compile_program(Definition.model_validate(plain), SCHEMA, "acme"))
    assert (needs.bursts, needs.visits) == (False, False)
    assert "page_view" in needs.types
    unique = replace(SOURCE, unique=True)
    assert "OVER" in warehouse.canonical(SOURCE, needs, "postgres").sql("postgres")
    assert "OVER" not in warehouse.canonical(unique, needs, "postgres").sql("postgres")


def test_one_persons_activities_are_looked_up_where_they_lie_only_if_ids_are_unique(program):
    needs, only = Needs.of(program), Only("person_id", exp.select(exp.Literal.string("p1")))
    for unique in (True, False):
        text = warehouse.canonical(replace(SOURCE, unique=unique), needs, "postgres", only).sql("postgres")
        assert ('"r"."contact_id" IN (SELECT' in text) is unique
        assert text.endswith("WHERE person_id IN (SELECT 'p1')")


@pytest.mark.parametrize(
    ("dialect", "key", "says"),
    [("bigquery", 'a"b', "quotes"), ("spark", "a'b", "quotes"), ("databricks", "a]b", "brackets"), ("oracle", "path", "oracle")],
)
def test_what_a_dialect_cannot_say_is_refused_by_name(dialect, key, says):
    source = replace(SOURCE, properties={"odd": HeldProperty(Type.TEXT, None, (key,))})
    with pytest.raises(Unsupported, match=says):
        warehouse.canonical(source, Needs(None, bursts=False, visits=False, properties={"odd": Column(Type.TEXT)}), dialect)


@pytest.mark.parametrize("text", ["select 1; select 2", "drop table activities", "select from where", ""])
def test_only_one_select_is_a_query(text):
    with pytest.raises(Unsupported, match="one select"):
        warehouse.query(text, "postgres")


def test_a_key_with_odd_letters_is_quoted():
    source = replace(SOURCE, properties={"odd": HeldProperty(Type.TEXT, None, ("first name", "a.b"))})
    needs = Needs(None, bursts=False, visits=False, properties={"odd": Column(Type.TEXT)})
    dialects = ("postgres", "spark", "databricks", "bigquery")
    said = {dialect: warehouse.canonical(source, needs, dialect).sql(dialect) for dialect in dialects}
    assert 'JSONB_EXTRACT_PATH_TEXT(CAST("r"."properties" AS JSONB), \'first name\')' in said["postgres"]
    assert "'$[\\'first name\\']'" in said["spark"]
    assert "'$[\"a.b\"]'" in said["databricks"]
    assert "'$.\"a.b\"'" in said["bigquery"]

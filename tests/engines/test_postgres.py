"""PostgreSQL gives the oracle's answer, and DuckDB's receipts; activities stay there."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import partial
from pathlib import Path
from random import Random
from typing import Any

import pytest

from leadline import Project
from leadline.engine import backends
from leadline.engine.backends import postgres as backend
from leadline.engine.backends.postgres import PostgreSQL
from leadline.engine.plan import Plan
from leadline.errors import FactsRefused, ServiceFailed, Unsupported
from leadline.faces import cli
from tests.engines.agreement import NOW, answered, differences
from tests.engines.tables import KEPT_AS, cursor, run, write_tables
from tests.oracle.facts import Facts
from tests.oracle.files import write_project
from tests.oracle.strategies import make_case
from tests.oracle.values import DAY

MOMENT = 1_780_000_000_000_000


def plan_of(project: Project) -> Plan:
    return backends.of(project.config, project.mirror).plan(project.program, "")


@pytest.mark.parametrize("seed", range(6))
def test_postgres_scores_as_the_oracle_does(seed, postgres, tmp_path):
    case = make_case(Random(seed), 40)
    write = partial(write_tables, postgres, properties=KEPT_AS[seed % len(KEPT_AS)])
    assert not differences(case, tmp_path, seed, write)


def test_no_collation_of_the_database_changes_an_answer(postgres, tmp_path):
    with cursor(postgres) as there:
        there.execute("select min(collname) from pg_collation where collname ilike 'en%us%'")
        ((collation,),) = there.fetchall()
    if collation is None:
        pytest.skip("this PostgreSQL knows no collation of a language")
    change = [f'alter table activities alter column {name} type text collate "{collation}"' for name in ("type", "side", "path")]
    write = partial(write_tables, postgres, then=change, properties="columns")
    assert not differences(make_case(Random(11), 40), tmp_path, 11, write)


def test_a_primary_key_saves_looking_for_copies(postgres, tmp_path):
    case = make_case(Random(12), 30)
    once = {row["activity_id"]: row for row in case.facts.activities}
    case = replace(case, facts=replace(case.facts, activities=list(once.values())))
    write = partial(write_tables, postgres, then=["alter table activities add primary key (activity_id)"])
    assert not differences(case, tmp_path, 12, write)
    project = Project(tmp_path, now=NOW)
    assert project.mirror.remote.sources[0].unique
    assert "ROW_NUMBER" not in plan_of(project).texts["own"]


def test_activities_of_several_tables_and_queries_are_one(postgres, tmp_path):
    case = make_case(Random(13), 30)
    then = [
        "create schema web",
        "create table web.first as select * from activities where activity_id < 'w010'",
        "create view later as select activity_id as \"ID\", * from activities where activity_id >= 'w010'",
    ]
    sources = ["web.first", {"query": 'select * from later where "ID" is not null -- the rest', "columns": {"activity_id": "ID"}}]
    write = partial(write_tables, postgres, then=then, activities=sources)
    assert not differences(case, tmp_path, 13, write)


def test_without_people_everybody_who_acts_is_scored(postgres, tmp_path):
    case = make_case(Random(14), 20)
    kinds = sorted({row["type"] for row in case.facts.activities})
    definition = {
        "name": "Everybody",
        "signals": {f"s{at}": {"activity": kind} for at, kind in enumerate(kinds)},
        "groups": {"all": {"criteria": {f"c{at}": {"signal": f"s{at}", "points": 1} for at in range(len(kinds))}}},
        "tracks": {"some": {"when": "score > 0"}},
    }
    case = replace(case, facts=replace(case.facts, people=None), definition=definition)
    assert not differences(case, tmp_path, 14, partial(write_tables, postgres))


@pytest.mark.parametrize("seed", [21, 22])
def test_receipts_and_reports_are_those_of_the_mirror(seed, postgres, tmp_path):
    case = make_case(Random(seed), 8)
    (tmp_path / "files").mkdir()
    files = Project(write_project(tmp_path / "files", case.definition, case.facts), now=NOW)
    tables = Project(write_tables(postgres, tmp_path, case.definition, case.facts, Random(seed), properties="jsonb"), now=NOW)
    for row in list(files.score_rows(case.as_ofs[0]).rows())[:8]:
        person = row["person_id"]
        assert tables.explain(person, case.as_ofs[0]).as_dict() == files.explain(person, case.as_ofs[0]).as_dict()
    mine, theirs = tables.facts(), files.facts()
    assert tables.mirror.schema.properties == files.mirror.schema.properties
    assert tables.mirror.schema.types.keys() == files.mirror.schema.types.keys()
    assert (mine.people, mine.accounts, mine.unmatched_activities) == (theirs.people, theirs.accounts, theirs.unmatched_activities)
    one, other = mine.relations["activities"], theirs.relations["activities"]
    assert (one.read, one.kept, one.duplicates, one.first, one.last) == (other.read, other.kept, other.duplicates, other.first, other.last)
    assert tables.mirror.parts[0].rows == 0 < files.mirror.parts[0].rows
    with pytest.raises(Exception, match="nobody-like-that"):
        tables.explain("nobody-like-that", case.as_ofs[0])


def clicking(rng: Random) -> tuple[dict[str, Any], Facts]:
    """Return people who click, some as fast as machines do, some with a machine's user agent."""
    agents = ["Mozilla/5.0 (Windows NT 10.0; Win64; x64) Firefox/130.0", "Mozilla/5.0 (compatible; bingbot/2.0)", None, None]
    people = [{"person_id": f"p{at}", "account_id": "a", "created_at": MOMENT - 90 * DAY} for at in range(20)]
    activities = [
        {
            "activity_id": f"x{at:04}",
            "occurred_at": MOMENT - 20 * DAY + rng.randint(0, 60) * 400_000,
            "type": rng.choice(("email_click", "Ad_Click", "page_view")),
            "person_id": rng.choice(people)["person_id"],
            "machine": rng.choice((True, None, None, None)),
            "properties": {"user_agent": rng.choice(agents), "is_bot": rng.choice((True, False, None, None))},
        }
        for at in range(400)
    ]
    signals = {"click": {"activity": ["email_click", "Ad_Click"]}, "view": {"activity": "page_view"}, "visit": {"activity": "visit"}}
    criteria = {name: {"signal": name, "points": 1} for name in signals} | {"quiet": {"absent": "any", "for": "5d", "points": -1}}
    definition = {
        "name": "Clicks",
        "signals": signals,
        "groups": {"all": {"criteria": criteria}},
        "tracks": {"some": {"when": "score > 0"}},
    }
    return definition, Facts(people, [], activities, [])


@pytest.mark.parametrize("properties", ["columns", "jsonb"])
def test_machines_are_told_by_what_the_data_says_their_user_agent_and_their_pace(properties, postgres, tmp_path):
    definition, facts = clicking(Random(5))
    (tmp_path / "files").mkdir()
    files = Project(write_project(tmp_path / "files", definition, facts), now=NOW)
    tables = Project(write_tables(postgres, tmp_path, definition, facts, Random(5), properties=properties), now=NOW)
    found = answered(tables, MOMENT)
    assert found == answered(files, MOMENT)
    assert 0 < sum(person["criteria"]["click"] for person in found.values()) / 1e6 < 150
    assert 0 < tables.facts().machine_activities < files.facts().machine_activities  # the pace of clicks is seen when scoring


SIMPLE = {
    "name": "Simple",
    "signals": {"view": {"activity": "page_view"}},
    "groups": {"all": {"criteria": {"views": {"signal": "view", "points": 1}}}},
    "tracks": {"some": {"when": "score > 0"}},
}


def simple(postgres: str, folder: Path, *statements: str, definition: dict[str, Any] | None = None, source: Any = "activities") -> Project:
    """Return a project of one person with one activity, after some statements."""
    row = {"activity_id": "x", "occurred_at": MOMENT, "type": "page_view", "person_id": "p", "side": "product", "properties": {"path": "/"}}
    facts = Facts([{"person_id": "p"}], [], [row], [])
    written = write_tables(postgres, folder, definition or SIMPLE, facts, Random(1), statements, "jsonb", source)
    return Project(written, now=NOW)


@pytest.mark.parametrize(
    ("statement", "code", "says"),
    [
        ("update activities set activity_id = ''", "missing-value", "activity_id"),
        ("update activities set type = null", "missing-value", "type"),
        ("update activities set occurred_at = null", "missing-value", "occurred_at"),
        ("update activities set occurred_at = 'infinity'", "time-out-of-range", "one row"),
        ("update activities set occurred_at = '1950-01-01'", "time-out-of-range", "one row"),
        ("update activities set occurred_at = '2150-01-01'", "future-time", "one row"),
        ("update activities set person_id = null", "missing-person", "one row"),
        ("update activities set side = 'finance'", "unknown-side", "one row"),
        ("update activities set properties = '[1]'", "bad-json", "one row"),
        ("alter table activities alter column properties type text using '{'", "bad-json", "one row"),
        ("alter table activities alter column properties type int using 1", "bad-json", "properties"),
        ("alter table activities alter column occurred_at type text", "bad-time", "occurred_at"),
        ("alter table activities drop column activity_id", "missing-column", "activity_id"),
        ("alter table activities drop column occurred_at", "missing-column", "occurred_at"),
        ("drop table activities", "bad-query", "activities"),
    ],
)
def test_rows_that_are_no_facts_are_refused_where_they_are(statement, code, says, postgres, tmp_path):
    with pytest.raises(FactsRefused) as caught:
        simple(postgres, tmp_path, statement).score_rows(MOMENT)
    (problem,) = {problem.code: problem for problem in caught.value.problems}.values()
    assert problem.code == code
    assert says in problem.says
    assert problem.where.path.startswith("facts.activities")


def test_activities_of_files_and_of_the_database_are_not_mixed(postgres, tmp_path):
    (tmp_path / "more.csv").write_text("activity_id,occurred_at,type,person_id\ny,2026-01-01,page_view,p\n")
    with pytest.raises(FactsRefused, match="mixed-activities"):
        simple(postgres, tmp_path, source=["activities", "more.csv"]).score_rows(MOMENT)


def test_activities_of_files_beside_people_of_the_database_are_mirrored(postgres, tmp_path):
    (tmp_path / "more.csv").write_text("activity_id,occurred_at,type,person_id\ny,2026-01-01,page_view,p\n")
    project = simple(postgres, tmp_path, source="more.csv")
    assert not isinstance(backends.of(project.config, project.mirror), PostgreSQL)
    assert answered(project, MOMENT)["p"]["criteria"] == {"views": 1_000_000}


def test_what_only_all_activities_tell_is_refused_by_name(postgres, tmp_path):
    definition = {**SIMPLE, "tracks": {"some": {"when": "score > 0 and person.channel = 'paid_search'"}}}
    with pytest.raises(Unsupported, match=r"person\.channel"):
        simple(postgres, tmp_path, definition=definition).score_rows(MOMENT)


def test_a_column_of_that_name_will_do(postgres, tmp_path):
    definition = {**SIMPLE, "tracks": {"some": {"when": "score > 0 and person.channel = 'paid_search'"}}}
    project = simple(postgres, tmp_path, "alter table people add column channel text default 'paid_search'", definition=definition)
    assert answered(project, MOMENT)["p"]["tracks"] == ["some"]


def test_a_query_that_nobody_can_take_apart_is_refused(postgres, tmp_path):
    query = "select * from activities match_recognize this"
    with pytest.raises((Unsupported, FactsRefused)):
        simple(postgres, tmp_path, source={"query": query}).score_rows(MOMENT)


def test_a_new_activity_counts_at_once(postgres, tmp_path):
    project = simple(postgres, tmp_path)
    assert answered(project, MOMENT)["p"]["score"] == 1_000_000
    run(postgres, "insert into activities select 'y', occurred_at, type, person_id, side, properties from activities")
    assert answered(Project(tmp_path, now=NOW), MOMENT)["p"]["score"] == 2_000_000


def test_who_may_only_read_can_score(postgres, tmp_path):
    project = simple(postgres, tmp_path)
    grants = ["grant usage on schema public to reader", "grant select on all tables in schema public to reader"]
    run(postgres, "create role reader login", *grants, "revoke temporary on database " + database_of(postgres) + " from public")
    reader = postgres.replace("user=postgres", "user=reader")
    (tmp_path / "leadline.yaml").write_text((tmp_path / "leadline.yaml").read_text().replace(postgres, reader))
    project = Project(tmp_path, now=NOW)
    assert project.config.file.engine == reader
    assert answered(project, MOMENT)["p"]["score"] == 1_000_000


def database_of(uri: str) -> str:
    return uri.partition("///")[2].partition("?")[0]


def test_a_database_that_goes_away_is_a_failed_service_that_keeps_its_password(postgres, tmp_path):
    project = simple(postgres, tmp_path)
    plan = plan_of(project)
    run(postgres, "drop table activities")
    with pytest.raises(ServiceFailed, match='relation "activities" does not exist'):
        project.score_rows(MOMENT)
    gone = PostgreSQL(project.mirror, "postgresql://me:s3cr3t@127.0.0.1:1/nothing")
    with pytest.raises(ServiceFailed) as caught:
        gone.score(plan, MOMENT, project.progress)
    assert "s3cr3t" not in str(caught.value)
    assert "127.0.0.1" in str(caught.value)


def test_rows_that_break_off_are_a_failed_service(postgres):
    import duckdb

    with duckdb.connect() as con, pytest.raises(ServiceFailed, match="division by zero"), backend.session(postgres) as there:
        backend.keep(
            con, there, "select 1 / (90000 - n) as x from generate_series(1, 100000) n", "create table t as select * from incoming"
        )


def test_a_wrong_port_ends_the_command_with_code_4(tmp_path, capsys, monkeypatch):
    (tmp_path / "definition.yaml").write_text(json.dumps(SIMPLE))
    facts = {"people": "people", "activities": "activities"}
    (tmp_path / "leadline.yaml").write_text(json.dumps({"engine": "postgresql://me:s3cr3t@127.0.0.1:1/x", "facts": facts}))
    monkeypatch.setattr("sys.argv", ["leadline", "score", "--project", str(tmp_path)])
    assert cli.run() == 4
    shown = "".join(capsys.readouterr())
    assert "PostgreSQL" in shown
    assert "s3cr3t" not in shown

"""Facts that lie in a database: DuckDB files, PostgreSQL, and queries over either."""

from __future__ import annotations

import duckdb
import pytest

from leadline.errors import FactsRefused, ServiceFailed
from leadline.facts.model import Type
from tests.integration.mirrored import activities, at, make, opened, table

PEOPLE = "create table crm.people as select 'p1' as \"ID\", 'a@acme.com' as email, 12.5::decimal(9, 2) as worth, {'a': [1]} as nested"
FROM_CRM = {"people": {"from": "crm.people", "columns": {"person_id": "ID"}}}


def database(path, *statements):
    with duckdb.connect(str(path)) as con:
        con.execute("create schema if not exists crm")
        for statement in statements:
            con.execute(statement)


def test_tables_and_queries_of_a_duckdb_file_are_read(tmp_path):
    database(tmp_path / "sales.db", PEOPLE, "create table seen as select 'e1' as activity_id, 'p1' as person_id, date '2025-01-01' as day")
    query = "select * exclude (day), day as occurred_at, 'x' as type from seen -- a comment at the end"
    root = make(tmp_path, {}, engine="duckdb:///sales.db", facts={**FROM_CRM, "activities": {"query": query}})
    found = opened(root)
    (person,) = table(found, "people.parquet")
    assert (person["person_id"], person["email"], person["worth"], person["nested"]) == ("p1", "a@acme.com", 12.5, '{"a":[1]}')
    assert [row["occurred"] for row in activities(found)] == [at("2025-01-01")]


def test_a_changed_duckdb_file_makes_a_new_mirror(tmp_path):
    database(tmp_path / "sales.db", PEOPLE)
    root = make(tmp_path, {}, engine="duckdb:///sales.db", facts=FROM_CRM)
    assert opened(root).report.people == 1
    database(tmp_path / "sales.db", "insert into crm.people select 'p2', null, null, null")
    assert opened(root).report.people == 2


def test_an_engine_file_that_is_missing_is_refused(tmp_path):
    with pytest.raises(FactsRefused) as caught:
        opened(make(tmp_path, {}, engine="duckdb:///gone.db", facts=FROM_CRM))
    problem = caught.value.problems[0]
    assert (problem.code, problem.where.path) == ("missing-file", "engine")


def test_a_query_is_never_allowed_to_write_the_database(tmp_path):
    database(tmp_path / "sales.db", PEOPLE)
    root = make(tmp_path, {}, engine="duckdb:///sales.db", facts={"people": {"query": "delete from crm.people returning *"}})
    with pytest.raises(FactsRefused):
        opened(root)
    with duckdb.connect(str(tmp_path / "sales.db")) as con:
        assert con.execute("select count(*) from crm.people").fetchall() == [(1,)]


def test_typed_columns_keep_their_meaning(tmp_path):
    database(
        tmp_path / "sales.db",
        """create table crm.people as select 7.0::double as person_id, true as ok, timestamptz '2025-01-01 01:00:00+01' as created_at,
           timestamp_ns '2025-01-02' as nano, date '2025-01-03' as day, 3::utinyint as small, uuid() as u, interval 1 day as span,
           time '10:00' as t""",
    )
    root = make(tmp_path, {}, engine="duckdb:///sales.db", facts={"people": "crm.people"})
    found = opened(root)
    (row,) = table(found, "people.parquet")
    assert (row["person_id"], row["ok"], row["created"], row["nano"]) == ("7", True, at("2025-01-01"), at("2025-01-02"))
    assert (row["day"], row["small"], len(row["u"]), row["t"]) == (at("2025-01-03"), 3.0, 36, "10:00:00")
    assert found.schema.person["span"].type is Type.TEXT


def test_a_number_is_no_time(tmp_path):
    database(tmp_path / "sales.db", "create table crm.people as select 'p1' as person_id, 1700000000 as created_at")
    with pytest.raises(FactsRefused) as caught:
        opened(make(tmp_path, {}, engine="duckdb:///sales.db", facts={"people": "crm.people"}))
    assert [problem.code for problem in caught.value.problems] == ["bad-time"]


def run(uri, *statements):
    dbapi = pytest.importorskip("adbc_driver_postgresql.dbapi")
    with dbapi.connect(uri, autocommit=True) as connection, connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


POSTGRES_PEOPLE = """
create table people (person_id text primary key, email varchar(50), worth numeric(10, 2), u uuid default gen_random_uuid(), mood mood,
                     created_at timestamptz, tags text[], span interval, extra jsonb)
"""


def postgres_project(root, uri):
    run(
        uri,
        "create type mood as enum ('good', 'bad')",
        POSTGRES_PEOPLE,
        "insert into people values ('p1', 'a@acme.com', 12.5, default, 'good', '2025-01-01 01:00+01', '{a}', '1 day', '{}')",
        "create table sold (id bigint, who text, at timestamp, day date, sum double precision)",
        "insert into sold values (1, 'p1', '2025-01-01', '2025-01-02', 7), (2, 'p1', '2025-01-02', null, null)",
        "create view won as select *, 'won' as outcome from sold",
    )
    columns = {"deal_id": "id", "person_id": "who", "created_at": "at", "closed_at": "day", "amount": "sum"}
    query = "select person_id, 'mql' as stage, created_at as entered_at from people -- everybody"
    facts = {"people": "people", "deals": {"from": "public.won", "columns": columns}, "lead_stages": {"query": query}}
    return make(root, {}, engine=uri, facts=facts)


def test_tables_views_and_queries_of_postgres_are_read(tmp_path, postgres):
    found = opened(postgres_project(tmp_path, postgres))
    (person,) = table(found, "people.parquet")
    assert (person["person_id"], person["worth"], person["mood"], person["created"]) == ("p1", 12.5, "good", at("2025-01-01"))
    assert (len(person["u"]), person["tags"], person["span"], person["extra"]) == (36, "{a}", "1 day", "{}")
    names = ("deal_id", "person_code", "created_at", "closed_at", "amount")
    assert [[row[name] for name in names] for row in table(found, "deals.parquet")] == [
        ["1", 0, at("2025-01-01"), at("2025-01-02"), 7.0],
        ["2", 0, at("2025-01-02"), None, None],
    ]
    assert [row["stage"] for row in table(found, "lead_stages.parquet")] == ["mql"]


@pytest.mark.parametrize(
    "change",
    [
        "insert into people (person_id, created_at) values ('p2', '2025-01-01')",
        "update people set email = 'b@acme.com'",
        "delete from people",
        "alter table people add column more int",
        "update sold set sum = 8 where id = 1",
    ],
)
def test_a_changed_table_or_view_of_postgres_makes_a_new_mirror(tmp_path, postgres, change):
    root = postgres_project(tmp_path, postgres)
    before = opened(root)
    assert opened(root).path == before.path
    run(postgres, change)
    assert opened(root).path != before.path


def test_what_postgres_cannot_read_is_a_problem_with_its_place(tmp_path, postgres):
    root = make(tmp_path, {}, engine=postgres, facts={"people": "nobody", "deals": {"query": "select nope"}})
    with pytest.raises(FactsRefused) as caught:
        opened(root)
    by_path = {problem.where.path: problem for problem in caught.value.problems}
    assert {problem.code for problem in by_path.values()} == {"bad-query"}
    assert '"nobody" does not exist' in by_path["facts.people"].says
    assert '"nope" does not exist' in by_path["facts.deals"].says
    assert all(problem.where.line for problem in by_path.values())


def test_a_postgres_that_cannot_be_reached_fails_without_telling_the_password(tmp_path):
    pytest.importorskip("adbc_driver_postgresql")
    with pytest.raises(ServiceFailed) as caught:
        opened(make(tmp_path, {}, engine=f"postgresql://me:secret@/x?host={tmp_path}", facts={"people": "people"}))
    assert "secret" not in str(caught.value)

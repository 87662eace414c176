"""The services that other tests build on do what they promise."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest
from pytest_socket import SocketConnectBlockedError


def test_postgres_is_version_18_counts_in_utc_and_listens_on_no_port(postgres: str):
    dbapi = pytest.importorskip("adbc_driver_postgresql.dbapi")
    with dbapi.connect(postgres) as connection, connection.cursor() as cursor:
        cursor.execute("select current_setting('server_version_num'), current_setting('TimeZone'), current_setting('listen_addresses')")
        version, zone, addresses = cursor.fetchone()
    assert (int(version) // 10_000, zone, addresses) == (18, "UTC", "")


@pytest.mark.parametrize("turn", [1, 2])
def test_every_test_gets_an_empty_postgres_database(postgres: str, turn: int):
    dbapi = pytest.importorskip("adbc_driver_postgresql.dbapi")
    with dbapi.connect(postgres, autocommit=True) as connection, connection.cursor() as cursor:
        cursor.execute("create table mine (turn int)")  # fails on the second turn if it were shared
        cursor.execute("insert into mine values ($1)", parameters=[turn])
        cursor.execute("select count(*) from mine")
        assert cursor.fetchone() == (1,)


def test_spark_runs_our_python_on_arrow_batches_on_loopback_only(spark):
    rows = spark.range(1000).repartition(2).mapInArrow(lambda batches: batches, "id bigint")
    assert rows.groupBy().sum("id").collect()[0][0] == 499_500
    assert spark.conf.get("spark.driver.bindAddress") == "127.0.0.1"
    assert spark.sparkContext.uiWebUrl is None


@pytest.mark.integration
def test_a_test_with_services_reaches_nothing_beyond_loopback():
    with pytest.raises(SocketConnectBlockedError), pytest.warns(UserWarning, match="socket"):
        socket.create_connection(("192.0.2.1", 80), timeout=1)


def test_real_data_is_found_by_name(real_data):
    folder: Path = real_data("olist_funnel")
    assert (folder / "SOURCE.md").is_file()

"""Whether two contenders gave the same answer: the same people, and the same points to a millionth."""

from __future__ import annotations

from typing import TYPE_CHECKING

import duckdb

if TYPE_CHECKING:
    from pathlib import Path


def differences(left: Path, right: Path) -> list[str]:
    """Return what differs between two Parquet files of scored people, over the columns that both have; none = the same.

    Each line names a column, how many people differ in it, and one of them with both values.
    """
    with duckdb.connect() as connection:
        for name, path in (("one", left), ("two", right)):
            connection.execute(f"create view {name} as select * from read_parquet('{path}')")
        first, second = ([row[0] for row in connection.execute(f"describe {name}").fetchall()] for name in ("one", "two"))
        counts = connection.execute("select (select count(*) from one), (select count(*) from two)").fetchone()
        connection.execute("create table both_sides as select one, two from one full join two using (person_id)")
        missing = connection.execute("select count(*) from both_sides where one is null or two is null").fetchall()[0][0]
        found = [f"people: {counts[0]} and {counts[1]}, {missing} only on one side"] if missing else []
        for column in (name for name in first if name in second and name != "person_id"):
            found += _column(connection, column)
        return found


def _column(connection: duckdb.DuckDBPyConnection, column: str) -> list[str]:
    one, two = f'one."{column}"', f'two."{column}"'
    number = connection.execute(f'select typeof("{column}") from one limit 1').fetchall()[0][0] in {"DOUBLE", "BIGINT", "FLOAT", "INTEGER"}
    differs = f"round({one}::double, 6) is distinct from round({two}::double, 6)" if number else f"{one} is distinct from {two}"
    query = f"select count(*), any_value(one.person_id), any_value({one}), any_value({two}) from both_sides where {differs}"
    count, person, here, there = connection.execute(query).fetchall()[0]
    return [f"{column}: {count} people differ, such as {person}: {here!r} and {there!r}"] if count else []


def seen_weekly(replay: Path, weekly: Path, track: str) -> tuple[int, int]:
    """Return how many people entered a track in the time that both look at, and how many of them the snapshots saw in it."""
    with duckdb.connect() as connection:
        return connection.execute(
            """
            with snapshots as (from read_parquet($weekly) where track = $track),
                 crossed as (select distinct person_id from read_parquet($replay)
                             where track = $track and epoch_us(entered_at) > (select min(as_of) from read_parquet($weekly)))
            select count(*), count(*) filter (person_id in (select person_id from snapshots)) from crossed
            """,
            {"weekly": str(weekly), "replay": str(replay), "track": track},
        ).fetchall()[0]

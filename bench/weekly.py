"""The rival of a replay: the hand-written SQL of ``rival.sql``, asked once a week for a year, in one process.

    python -m bench.weekly FOLDER UNTIL OUT

The columns that it reads are loaded into memory first, which is faster than to read them from the mirror 52 times.
Who enters and leaves between two weeks it can't see.
"""

from __future__ import annotations

import sys

import duckdb

from bench.rival import blocks

WEEK = 7 * 86_400_000_000
WEEKS = 52
_LOADED = """
create temp table acts_in_memory as
select person_code as person, type, path, content, form, feature, occurred, seats, side
from read_parquet(getvariable('folder') || '/activities-*.parquet');
create or replace view activities as select * from acts_in_memory;
"""


def snapshots(folder: str, until: int, out: str) -> None:
    """Write (``as_of``, ``person_id``, ``track``) for everybody who qualifies at the end of each of the 52 weeks up to ``until``."""
    sql = blocks()
    ask = sql["score"].partition("copy (")[2].rpartition(") to '{out}'")[0]
    with duckdb.connect() as connection:
        connection.execute("set variable folder = $1", [folder])
        connection.execute(sql["settings"])
        connection.execute(sql["mirror"])
        connection.execute(_LOADED)
        connection.execute("create temp table found (as_of bigint, person_id varchar, track varchar)")
        for week in reversed(range(WEEKS)):
            connection.execute("set variable as_of = $1::bigint", [until - week * WEEK])
            connection.execute(f"insert into found select getvariable('as_of'), person_id, unnest(tracks) from ({ask})")
        connection.table("found").write_parquet(out)


if __name__ == "__main__":
    snapshots(sys.argv[1], int(sys.argv[2]), sys.argv[3])

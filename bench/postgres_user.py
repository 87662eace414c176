"""The 25 criteria in PostgreSQL, by hand, over tables of the mirror's layout.

    python -m bench.postgres_user URI AS_OF OUT

What a user has anyway isn't timed: ``load`` fills the tables and indexes them, ``serve`` runs the server.
"""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import adbc_driver_postgresql.dbapi as postgres
import pyarrow.parquet as pq

from bench import servers

SETTINGS = ("shared_buffers=1GB", "work_mem=256MB", "maintenance_work_mem=512MB", "max_wal_size=8GB", "listen_addresses=", "timezone=UTC")
ACTIVITY = ["person_code", "occurred", "type", "side", "path", "content", "form", "feature", "seats"]


def score(uri: str, as_of: int, out: Path) -> None:
    """Write everybody's points to ``out``, best first."""
    with postgres.connect(uri) as connection, connection.cursor() as cursor:
        cursor.execute("set jit = off")  # compiling takes longer than it saves here
        cursor.execute(servers.query(as_of, "double precision"))
        pq.write_table(cursor.fetch_arrow_table(), out)


def load(uri: str, folder: Path) -> None:
    """Fill the tables from a mirror's Parquet, with an index by person and time, vacuumed and analysed."""
    with postgres.connect(uri, autocommit=True) as connection, connection.cursor() as cursor:
        for name in ("people", "accounts"):
            cursor.adbc_ingest(name, pq.read_table(folder / f"{name}.parquet"), mode="create")
        for number, file in enumerate(sorted(folder.glob("activities-*.parquet"))):
            cursor.adbc_ingest("activities", pq.read_table(file, columns=ACTIVITY), mode="append" if number else "create")
        cursor.execute("create index on activities (person_code, occurred)")
        for name in ("people", "accounts", "activities"):
            cursor.execute(f"vacuum analyze {name}")


@contextmanager
def serve() -> Iterator[str]:
    """Run a PostgreSQL on a socket in a temporary folder, from the wheel that the tests use, and yield its URI."""
    from tests.services.postgres import Server, _identity, _programs  # the same server, with larger settings

    with tempfile.TemporaryDirectory(prefix="leadline-bench-") as name:
        folder, identity = Path(name), _identity()
        if identity:
            os.chown(folder, identity["user"], identity["group"])
        server = Server(_programs(folder, identity), folder, identity)
        data = str(folder / "data")
        server.run("initdb", "--no-sync", "--auth=trust", "--encoding=UTF8", "--locale=C", "--username=postgres", f"--pgdata={data}")
        settings = " ".join(f"-c {setting}" for setting in SETTINGS)
        server.run("pg_ctl", "start", "-w", "-D", data, "-l", str(folder / "log"), "-o", f"-k {folder} {settings}")
        try:
            yield server.new_database()
        finally:
            server.run("pg_ctl", "stop", "-w", "-m", "fast", "-D", data)


if __name__ == "__main__":
    score(sys.argv[1], int(sys.argv[2]), Path(sys.argv[3]))

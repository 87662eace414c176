"""The mirror: facts read once into ``.leadline/``, validated, coded and clustered, for everybody else to read.

What belongs here: finding out whether a mirror is fresh, building one in a way that no other process ever sees half of it,
and its description in ``schema.json``. Opening a fresh mirror looks at files only; neither DuckDB nor Arrow is loaded.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from leadline.errors import ServiceFailed
from leadline.facts import sources
from leadline.facts.model import Column, Held, HeldAs, HeldProperty, Remote, RemoteSource, Schema, Type
from leadline.facts.report import FactsReport, read_report
from leadline.project import ProjectConfig

if TYPE_CHECKING:
    from leadline.facts.build import Built, Progress
    from leadline.facts.parts import Written
    from leadline.facts.sources import Found, Origin

SCHEMA = "schema.json"
KEPT = 2  # mirrors kept, the newest ones
_PREFIX, _BUILDING = "mirror-", "building-"


@dataclass(frozen=True, slots=True)
class Part:
    """One file of activities: the people in it (``None`` if nobody we know), its rows, and when they became known."""

    file: str
    first_code: int | None
    last_code: int | None
    rows: int
    first_known: int | None
    last_known: int | None


@dataclass(frozen=True)
class Mirror:
    """A mirror on disk.

    Attributes:
        path: Its folder.
        schema: What conditions may refer to.
        parts: The files of activities, in the order of people.
        report: What reading the facts came to.
        remote: The activities, if they stay in a database; then the only part is empty.
    """

    path: Path
    schema: Schema
    parts: tuple[Part, ...]
    report: FactsReport
    remote: Remote | None = None


def _silent(stage: str, fraction: float) -> None:
    del stage, fraction


def open_mirror(project: ProjectConfig, now: int, progress: Progress | None = None) -> Mirror:
    """Return the project's mirror, built anew if the sources, their mapping or their treatment changed.

    Args:
        project: The project.
        now: The present instant in microseconds; activities more than a day later are refused.
        progress: Called with the stage and the share of it done, while building.

    Raises:
        FactsRefused: If the data has problems; all of them are listed.
    """
    found = sources.find(project)
    path = project.work / f"{_PREFIX}{sources.fingerprint(project, found.origins, _probe(project))}"
    fresh = None if found.problems else _read(path, now)
    if fresh:
        return fresh
    import filelock

    project.work.mkdir(exist_ok=True)
    with filelock.FileLock(project.work / "mirror.lock"):
        fresh = None if found.problems else _read(path, now)  # another process may have built it meanwhile
        return fresh or _build(project, found, path, now, progress or _silent)


def _probe(project: ProjectConfig) -> Callable[[Origin], str]:
    """Return what tells the state of a table or query; files tell for themselves."""
    engine = project.file.engine
    if engine.startswith("duckdb"):
        return _unprobed
    from leadline.facts import elsewhere

    there = elsewhere.of(engine)
    return partial(there.probe, engine) if there else _unprobed


def _unprobed(origin: Origin) -> str:
    del origin
    return ""


def _read(path: Path, now: int) -> Mirror | None:
    try:
        data = json.loads((path / SCHEMA).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    recheck = data["recheck"]
    if recheck is not None and now >= recheck:
        return None
    parts = tuple(Part(**part) for part in data["parts"])
    return Mirror(path, _schema(data["schema"]), parts, read_report(data["report"]), _remote(data["remote"]))


def _schema(data: Mapping[str, Any]) -> Schema:
    person, account, properties = (
        {name: Column(Type(column["type"]), tuple(column["order"]), column["undated"]) for name, column in data[part].items()}
        for part in ("person", "account", "properties")
    )
    return Schema(person, account, properties, data["types"])


def _remote(data: Mapping[str, Any] | None) -> Remote | None:
    return Remote(tuple(_remote_source(source) for source in data["sources"]), tuple(data["missing"])) if data else None


def _remote_source(data: Mapping[str, Any]) -> RemoteSource:
    properties = {
        name: HeldProperty(Type(held["type"]), _held(held["column"]) if held["column"] else None, tuple(held["keys"]))
        for name, held in data["properties"].items()
    }
    columns = {name: _held(held) for name, held in data["columns"].items()}
    return RemoteSource(data["table"], data["query"], columns, properties, data["unique"], tuple(data["machine_agents"]))


def _held(data: Mapping[str, Any]) -> Held:
    return Held(data["name"], HeldAs(data["kind"]))


def _build(project: ProjectConfig, found: Found, path: Path, now: int, progress: Progress) -> Mirror:
    from leadline.facts.build import Build

    for left in project.work.glob(f"{_BUILDING}*"):  # of a build that was killed: whoever builds holds the lock
        shutil.rmtree(left, ignore_errors=True)
    folder = project.work / f"{_BUILDING}{os.getpid()}"
    try:
        build = Build(project, found, folder, now, progress)
        built = build.run()
        (build.out / SCHEMA).write_text(json.dumps(_described(built, found.origins), ensure_ascii=False), encoding="utf-8")
        if path.exists():
            shutil.rmtree(path)
        build.out.rename(path)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    _remove_stale(project.work, path)
    progress("done", 1.0)
    fresh = _read(path, now)
    if fresh is None:
        raise ServiceFailed("the mirror vanished while it was built.", "Leave .leadline alone while Leadline runs, and try again.")
    return fresh


def _described(built: Built, origins: Sequence[Origin]) -> dict[str, Any]:
    return {
        "schema": asdict(built.schema),
        "parts": [_part(part) for part in built.parts],
        "report": built.report.as_dict(),
        "recheck": built.recheck,
        "remote": asdict(built.remote) if built.remote else None,
        "sources": [
            [origin.relation, origin.label, [[file.shown, file.size, file.changed] for file in origin.files]] for origin in origins
        ],
    }


def _part(part: Written) -> dict[str, Any]:
    return {name: getattr(part, name) for name in Part.__dataclass_fields__}


def _remove_stale(work: Path, newest: Path) -> None:
    others = [path for path in work.glob(f"{_PREFIX}*") if path != newest]
    with contextlib.suppress(FileNotFoundError):
        others.sort(key=lambda path: path.stat().st_mtime_ns, reverse=True)
    for path in others[KEPT - 1 :]:
        shutil.rmtree(path, ignore_errors=True)

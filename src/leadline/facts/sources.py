"""Where the rows of each relation come from: the files, tables and queries that the project names, and their fingerprint.

What belongs here: finding sources and telling whether they changed, by looking at files only; opening an unchanged mirror
pays no more than this. Reading rows belongs to :mod:`leadline.facts.landing`.
"""

from __future__ import annotations

import glob
import hashlib
import json
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from leadline.errors import Place, Problem
from leadline.facts.canonical import REPS
from leadline.facts.model import Relation
from leadline.project import WORK, ProjectConfig, Source

FORMAT = 2  # of the mirror: raise it whenever the same sources would give another mirror
TEXT_SUFFIXES = (".csv", ".tsv", ".csv.gz", ".tsv.gz")
PARQUET_SUFFIXES = (".parquet", ".pq")
_OTHER_SUFFIXES = (".xlsx", ".xls", ".json", ".jsonl", ".ndjson", ".txt", ".csv.zst", ".csv.zip", ".zip", ".avro", ".orc", ".feather")
_FILE = "duckdb:///"
_LITERAL = re.compile(r"'((?:[^']|'')+)'|\"((?:[^\"]|\"\")+)\"")


class Kind(StrEnum):
    """How rows of a source are read."""

    TEXT = "text"
    PARQUET = "parquet"
    TABLE = "table"
    QUERY = "query"


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file as it lies on disk: its path, the name to show, and what changes when it is written."""

    path: Path
    shown: str
    size: int
    changed: int


@dataclass(frozen=True)
class Origin:
    """One source of a relation, found: its files, or the table or query that gives its rows.

    Attributes:
        label: The source as people know it: the path or glob, the table, or ``query``.
        files: The files read; of a query those that it names.
        columns: Canonical name → name in the data.
        where: Its place in the project file.
    """

    relation: str
    kind: Kind
    label: str
    sql: str
    files: tuple[SourceFile, ...]
    columns: tuple[tuple[str, str], ...]
    where: Place


@dataclass(frozen=True)
class Found:
    """The sources of a project, and what is wrong with those that could not be found."""

    origins: tuple[Origin, ...]
    problems: tuple[Problem, ...]


def find(project: ProjectConfig) -> Found:
    """Return every source of the project in the order of the file, and what is missing."""
    asked: list[tuple[str, Source, Place]] = []
    for relation in Relation:
        given: Sequence[Source] = getattr(project.file.facts, relation)
        for at, source in enumerate(given):
            path = ("facts", str(relation), *([str(at)] if len(given) > 1 else []))
            asked.append((str(relation), source, project.document.place(*path)))
    reps = project.file.reps
    if reps and not is_yaml(reps):
        asked.append((REPS, reps, project.document.place("reps")))
    results = [_find_one(project, *one) for one in asked]
    if project.file.engine.startswith(_FILE) and not database_files(project):
        results.append(_missing(project, project.file.engine.removeprefix(_FILE), project.document.place("engine")))
    if reps and is_yaml(reps) and not reps_files(project):
        results.append(_missing(project, reps.from_ or "", project.document.place("reps")))
    origins = tuple(result for result in results if isinstance(result, Origin))
    return Found(origins, tuple(result for result in results if isinstance(result, Problem)))


def is_yaml(source: Source) -> bool:
    """Return whether a source (of reps) is a YAML file."""
    return source.from_ is not None and source.from_.endswith((".yaml", ".yml"))


def _find_one(project: ProjectConfig, relation: str, source: Source, where: Place) -> Origin | Problem:
    columns = tuple(source.columns.items())
    if source.query is not None:
        return Origin(relation, Kind.QUERY, "query", source.query, tuple(_named_files(project.root, source.query)), columns, where)
    given = source.from_ or ""
    kind = _kind(project, given)
    if kind is None:
        says, fix = f"'{given}' is not a CSV or Parquet file.", "Save it as CSV or Parquet, or read it with {query: …}."
        return Problem("unsupported-file", where, says, fix)
    if kind is Kind.TABLE:
        says = f"'{given}' reads as a table, but the project has no database as its engine."
        no_engine = Problem("no-engine", where, says, "Give a .csv or .parquet path, or set engine: to a database.")
        return no_engine if project.file.engine == "duckdb" else Origin(relation, kind, given, given, (), columns, where)
    files = tuple(_matches(project.root, given))
    return Origin(relation, kind, given, "", files, columns, where) if files else _missing(project, given, where)


def _missing(project: ProjectConfig, given: str, where: Place) -> Problem:
    says = f"no file matches '{given}'." if glob.has_magic(given) else f"there is no file '{given}'."
    return Problem("missing-file", where, says, f"Paths start at {project.root}.")


def _kind(project: ProjectConfig, given: str) -> Kind | None:
    lower = given.lower()
    if lower.endswith(TEXT_SUFFIXES):
        return Kind.TEXT
    if lower.endswith(PARQUET_SUFFIXES):
        return Kind.PARQUET
    odd = lower.endswith(_OTHER_SUFFIXES) or glob.has_magic(given) or "/" in given or "\\" in given or (project.root / given).exists()
    return None if odd else Kind.TABLE


def _matches(root: Path, pattern: str) -> Iterator[SourceFile]:
    # glob takes what the user wrote, absolute or not, with ** for any depth.
    for found in sorted(glob.glob(pattern, root_dir=root, recursive=True)):  # noqa: PTH207 - no absolute pattern in pathlib
        path = root / found
        if path.is_file() and WORK not in Path(found).parts:
            stat = path.stat()
            yield SourceFile(path, Path(found).as_posix(), stat.st_size, stat.st_mtime_ns)


def _named_files(root: Path, query: str) -> Iterator[SourceFile]:
    seen: set[Path] = set()
    for match in _LITERAL.finditer(query):
        literal = (match[1] or match[2]).replace("''", "'")
        if "." in literal or "/" in literal:
            for file in _matches(root, literal):
                if file.path not in seen:
                    seen.add(file.path)
                    yield file


def fingerprint(project: ProjectConfig, origins: Sequence[Origin], probe: Callable[[Origin], str]) -> str:
    """Return a digest of everything that the mirror follows from.

    Args:
        project: The project.
        origins: Its sources, in order.
        probe: What tells the state of a table or query of the engine; called for those only.
    """
    state = {
        "format": FORMAT,
        "bad": project.file.on_bad_rows,
        "own": project.file.own_domains,
        "engine": hashlib.sha256(project.file.engine.encode()).hexdigest(),
        "database": [_state(file) for file in database_files(project)],
        "reps": [_state(file) for file in reps_files(project)],
        "sources": [_origin_state(origin, probe) for origin in origins],
    }
    return hashlib.sha256(json.dumps(state, sort_keys=True).encode()).hexdigest()[:20]


def _origin_state(origin: Origin, probe: Callable[[Origin], str]) -> object:
    engine = probe(origin) if origin.kind in {Kind.TABLE, Kind.QUERY} else ""
    return [origin.relation, origin.kind, origin.label, origin.sql, origin.columns, [_state(file) for file in origin.files], engine]


def _state(file: SourceFile) -> object:
    return [file.shown, file.size, file.changed]


def database_files(project: ProjectConfig) -> list[SourceFile]:
    """Return the DuckDB database that is the engine, with its log of late writes, if there is one."""
    if not project.file.engine.startswith(_FILE):
        return []
    path = project.file.engine.removeprefix(_FILE)
    return [*_matches(project.root, glob.escape(path)), *_matches(project.root, glob.escape(path + ".wal"))]


def reps_files(project: ProjectConfig) -> list[SourceFile]:
    """Return the YAML file of reps, if that is what the project names."""
    reps = project.file.reps
    return list(_matches(project.root, glob.escape(reps.from_ or "")))[:1] if reps and is_yaml(reps) else []

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
from leadline.facts.model import Relation
from leadline.project import WORK, ProjectConfig, Source

FORMAT = 1  # of the mirror: raise it whenever the same sources would give another mirror
TEXT_SUFFIXES = (".csv", ".tsv", ".csv.gz", ".tsv.gz")
PARQUET_SUFFIXES = (".parquet", ".pq")
_OTHER_SUFFIXES = (".xlsx", ".xls", ".json", ".jsonl", ".ndjson", ".txt", ".csv.zst", ".csv.zip", ".zip", ".avro", ".orc", ".feather")
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


def find(project: ProjectConfig) -> tuple[list[Origin], list[Problem]]:
    """Return every source of the project in the order of the file, and what is missing."""
    origins: list[Origin] = []
    problems: list[Problem] = []
    for relation in Relation:
        found: Sequence[Source] = getattr(project.file.facts, relation)
        for at, source in enumerate(found):
            path = ("facts", str(relation), *([str(at)] if len(found) > 1 else []))
            _find_one(project, str(relation), source, project.document.place(*path), origins, problems)
    if project.file.reps and not is_yaml(project.file.reps):
        _find_one(project, "reps", project.file.reps, project.document.place("reps"), origins, problems)
    return origins, problems


def is_yaml(source: Source) -> bool:
    """Return whether a source (of reps) is a YAML file."""
    return source.from_ is not None and source.from_.endswith((".yaml", ".yml"))


def _find_one(
    project: ProjectConfig, relation: str, source: Source, where: Place, origins: list[Origin], problems: list[Problem]
) -> None:
    columns = tuple(source.columns.items())
    if source.query is not None:
        files = tuple(_named_files(project.root, source.query))
        origins.append(Origin(relation, Kind.QUERY, "query", source.query, files, columns, where))
        return
    given = source.from_ or ""
    kind = _kind(project, given)
    if kind is None:
        says, fix = f"'{given}' is not a CSV or Parquet file.", "Save it as CSV or Parquet, or read it with {query: …}."
        problems.append(Problem("unsupported-file", where, says, fix))
    elif kind is Kind.TABLE:
        if project.file.engine == "duckdb":
            says = f"'{given}' reads as a table, but the project has no database as its engine."
            problems.append(Problem("no-engine", where, says, "Give a .csv or .parquet path, or set engine: to a database."))
        origins.append(Origin(relation, kind, given, given, (), columns, where))
    else:
        files = tuple(_matches(project.root, given))
        if not files:
            says = f"no file matches '{given}'." if glob.has_magic(given) else f"there is no file '{given}'."
            problems.append(Problem("missing-file", where, says, f"Paths start at {project.root}."))
        origins.append(Origin(relation, kind, given, "", files, columns, where))


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
    for found in sorted(glob.glob(pattern, root_dir=root, recursive=True)):  # noqa: PTH207
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
        "reps": [_state(file) for file in _reps_file(project)],
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
    if not project.file.engine.startswith("duckdb:///"):
        return []
    path = project.file.engine.removeprefix("duckdb:///")
    return [*_matches(project.root, glob.escape(path)), *_matches(project.root, glob.escape(path + ".wal"))]


def _reps_file(project: ProjectConfig) -> list[SourceFile]:
    reps = project.file.reps
    return list(_matches(project.root, reps.from_ or "")) if reps and is_yaml(reps) else []

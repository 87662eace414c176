"""The project file ``leadline.yaml``: where the facts are, who works leads, and which engine runs.

What belongs here: the shape of the file and its reading, with every problem at its line. What the sources hold belongs to
:mod:`leadline.facts.sources`, the file of reps to :mod:`leadline.facts.reps`.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, TypeAlias, cast

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from leadline.documents import Document, KeyPath, check_model, read_document
from leadline.errors import Place, Problem, ProjectRefused

FILE = "leadline.yaml"
WORK = ".leadline"
_VARIABLE = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")
_ENGINES = ("duckdb", "duckdb:///", "postgresql://", "postgres://", "spark://")


class OnBadRows(StrEnum):
    """What happens to rows that can't be read as facts: refuse all data, or set those rows aside and count them."""

    STOP = "stop"
    QUARANTINE = "quarantine"


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class Source(_Part):
    """One place that rows come from: a file or glob, a table of the engine, or a query.

    Attributes:
        from_: A path or glob of CSV or Parquet files, relative to the project, or a table of the engine.
        query: SQL whose rows are the facts; it runs in the engine (in DuckDB unless a database is configured).
        columns: Canonical name → the column's name in the data; what isn't named keeps its own name.
    """

    from_: Annotated[str | None, Field(alias="from", min_length=1)] = None
    query: Annotated[str | None, Field(min_length=1)] = None
    columns: Mapping[str, str] = {}

    @model_validator(mode="before")
    @classmethod
    def _short(cls, value: Any) -> Any:
        return {"from": value} if isinstance(value, str) else value

    @model_validator(mode="after")
    def _one_kind(self) -> Source:
        if (self.from_ is None) == (self.query is None):
            fix = 'Write a path, {from: path or table, columns: {…}}, or {query: "select …"}.'
            raise PydanticCustomError("source-kind", "a source has either 'from' or 'query'", {"fix": fix})
        return self


def _as_list(value: Any) -> list[Any]:
    return cast("list[Any]", value) if isinstance(value, list) else [value]


Sources: TypeAlias = Annotated[tuple[Source, ...], BeforeValidator(_as_list)]


class FactSources(_Part):
    """The sources of each canonical relation; a relation may have several."""

    people: Sources = ()
    accounts: Sources = ()
    activities: Sources = ()
    deals: Sources = ()
    deal_stages: Sources = ()
    lead_stages: Sources = ()

    @model_validator(mode="after")
    def _somebody(self) -> FactSources:
        if not self.people and not self.activities:
            fix = "Add 'people: data/people.csv' or 'activities: data/activities.csv'."
            raise PydanticCustomError("no-facts", "neither people nor activities are given, so there is nobody to score", {"fix": fix})
        return self


def _engine(value: Any) -> Any:
    if isinstance(value, str) and value != "duckdb" and not value.startswith(_ENGINES[1:]):
        fix = "Write duckdb, duckdb:///file.db, postgresql://…, or spark://…."
        raise PydanticCustomError("unknown-engine", "this engine is not known", {"fix": fix})
    return value


class ProjectFile(_Part):
    """The file ``leadline.yaml`` as one value.

    Attributes:
        definition: Path of the definition, relative to the project.
        reps: Who works leads: a YAML file, or a source with a row for each rep.
        own_domains: Domains of our own sites: a referrer from there is no source.
    """

    definition: str = "definition.yaml"
    facts: FactSources
    reps: Source | None = None
    engine: Annotated[str, BeforeValidator(_engine)] = "duckdb"
    on_bad_rows: OnBadRows = OnBadRows.STOP
    own_domains: tuple[str, ...] = ()


@dataclass(frozen=True)
class ProjectConfig:
    """A project that was read: its folder, its file as checked, and the document for the places of later problems."""

    root: Path
    file: ProjectFile
    document: Document

    @property
    def definition(self) -> Path:
        """Return the path of the definition."""
        return self.root / self.file.definition

    @property
    def work(self) -> Path:
        """Return the folder of everything that Leadline makes and that is safe to delete."""
        return self.root / WORK


def load(root: Path) -> ProjectConfig:
    """Return the project in the folder ``root``.

    Raises:
        ProjectRefused: If ``leadline.yaml`` is missing or has problems; all of them are listed.
    """
    root = root.resolve()
    path = root / FILE
    if not path.is_file():
        says = "there is no project here." if root.is_dir() else "there is no such folder."
        raise ProjectRefused([Problem("missing-file", Place(str(path)), says, "Give --project DIR, or make one: leadline init.")])
    document, unset = _expand(read_document(path, FILE))
    checked, problems = check_model(document, ProjectFile)
    if checked is None or unset:
        blamed = {problem.where for problem in unset}
        others = [problem for problem in problems if problem.where not in blamed]
        raise ProjectRefused(sorted([*unset, *others], key=lambda problem: problem.where.line or 0))
    return ProjectConfig(root, checked, document)


def _expand(document: Document) -> tuple[Document, list[Problem]]:
    """Return the document with ``${VARIABLES}`` of the environment filled in, and those that are not set."""
    unset = [
        Problem(
            "unset-variable",
            document.place(*path),
            f"the environment variable '{name}' is not set.",
            f"Set it: export {name}=…, or write the value here.",
        )
        for path, text in _texts(document.data, ())
        for name in dict.fromkeys(_VARIABLE.findall(text))
        if name not in os.environ
    ]
    return replace(document, data=_filled(document.data)), unset


def _texts(data: Any, path: KeyPath) -> Iterator[tuple[KeyPath, str]]:
    if isinstance(data, str):
        yield path, data
    for key, value in _items(data):
        yield from _texts(value, (*path, key))


def _items(data: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(data, dict):
        yield from cast("dict[str, Any]", data).items()
    elif isinstance(data, list):
        yield from ((str(at), value) for at, value in enumerate(cast("list[Any]", data)))


def _filled(data: Any) -> Any:
    if isinstance(data, str):
        return _VARIABLE.sub(lambda match: os.environ.get(match[1], match[0]), data)
    if isinstance(data, dict):
        return {key: _filled(value) for key, value in _items(data)}
    return [_filled(value) for _, value in _items(data)] if isinstance(data, list) else data

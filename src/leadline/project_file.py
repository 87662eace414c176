"""Reading ``leadline.yaml``: what may be written there, with every problem at its line.

What belongs here: the shape of the text. The values that everybody else works with stand in :mod:`leadline.project`.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any, TypeAlias, cast

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from leadline.documents import Document, KeyPath, check_model, read_document
from leadline.errors import Problem, ProjectRefused
from leadline.settings import FILE, VARIABLE, FactSources, OnBadRows, ProjectConfig, ProjectFile, Source

_ENGINES = ("duckdb", "duckdb:///", "postgresql://", "postgres://", "spark://")


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class SourceForm(_Part):
    """A source as it may be written: a path, or a mapping with ``from`` or ``query``."""

    from_: Annotated[str | None, Field(alias="from", min_length=1)] = None
    query: Annotated[str | None, Field(min_length=1)] = None
    columns: Mapping[str, str] = {}

    @model_validator(mode="before")
    @classmethod
    def _short(cls, value: Any) -> Any:
        return {"from": value} if isinstance(value, str) else value

    @model_validator(mode="after")
    def _one_kind(self) -> SourceForm:
        if (self.from_ is None) == (self.query is None):
            fix = 'Write a path, {from: path or table, columns: {…}}, or {query: "select …"}.'
            raise PydanticCustomError("source-kind", "a source has either 'from' or 'query'", {"fix": fix})
        return self

    def value(self) -> Source:
        """Return the source as everybody else sees it."""
        return Source(self.from_, self.query, dict(self.columns))


def _as_list(value: Any) -> list[Any]:
    return cast("list[Any]", value) if isinstance(value, list) else [value]


Sources: TypeAlias = Annotated[tuple[SourceForm, ...], BeforeValidator(_as_list)]


class FactsForm(_Part):
    """The sources of each relation, one or a list."""

    people: Sources = ()
    accounts: Sources = ()
    activities: Sources = ()
    deals: Sources = ()
    deal_stages: Sources = ()
    lead_stages: Sources = ()

    @model_validator(mode="after")
    def _somebody(self) -> FactsForm:
        if not self.people and not self.activities:
            fix = "Add 'people: data/people.csv' or 'activities: data/activities.csv'."
            raise PydanticCustomError("no-facts", "neither people nor activities are given, so there is nobody to score", {"fix": fix})
        return self


def _engine(value: Any) -> Any:
    if isinstance(value, str) and value != "duckdb" and not value.startswith(_ENGINES[1:]):
        fix = "Write duckdb, duckdb:///file.db, postgresql://…, or spark://…."
        raise PydanticCustomError("unknown-engine", "this engine is not known", {"fix": fix})
    return value


class ProjectForm(_Part):
    """The file as it may be written."""

    definition: str = "definition.yaml"
    facts: FactsForm
    reps: SourceForm | None = None
    engine: Annotated[str, BeforeValidator(_engine)] = "duckdb"
    on_bad_rows: OnBadRows = OnBadRows.STOP
    own_domains: tuple[str, ...] = ()

    def value(self) -> ProjectFile:
        """Return the file as everybody else sees it."""
        facts = {name: tuple(source.value() for source in getattr(self.facts, name)) for name in FactsForm.model_fields}
        reps = self.reps.value() if self.reps else None
        return ProjectFile(FactSources(**facts), self.definition, reps, self.engine, self.on_bad_rows, self.own_domains)


def read(root: Path) -> ProjectConfig:
    """Return the project in the folder ``root``, which has a project file.

    Raises:
        ProjectRefused: If the file has problems; all of them are listed.
    """
    document, unset = _expand(read_document(root / FILE, FILE))
    checked, problems = check_model(document, ProjectForm)
    if checked is None or unset:
        blamed = {problem.where for problem in unset}
        others = [problem for problem in problems if problem.where not in blamed]
        raise ProjectRefused(sorted([*unset, *others], key=lambda problem: problem.where.line or 0))
    return ProjectConfig(root, checked.value(), document)


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
        for name in dict.fromkeys(VARIABLE.findall(text))
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
        return VARIABLE.sub(lambda match: os.environ.get(match[1], match[0]), data)
    if isinstance(data, dict):
        return {key: _filled(value) for key, value in _items(data)}
    return [_filled(value) for _, value in _items(data)] if isinstance(data, list) else data

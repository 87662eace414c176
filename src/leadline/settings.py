"""What a project says: where the facts are, who works leads, and which engine runs.

What belongs here: the values. Opening a project belongs to :mod:`leadline.project`, what may be written in the file to
:mod:`leadline.project_file`; what the sources hold to :mod:`leadline.facts.sources`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from urllib.parse import unquote

from leadline.places import Document

FILE = "leadline.yaml"
WORK = ".leadline"
VARIABLE = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")


class OnBadRows(StrEnum):
    """What happens to rows that can't be read as facts: refuse all data, or set those rows aside and count them."""

    STOP = "stop"
    QUARANTINE = "quarantine"


@dataclass(frozen=True)
class Source:
    """One place that rows come from: a file or glob, a table of the engine, or a query.

    Attributes:
        from_: A path or glob of CSV or Parquet files, relative to the project, or a table of the engine.
        query: SQL whose rows are the facts; it runs in the engine (in DuckDB unless a database is configured).
        columns: Canonical name → the column's name in the data; what isn't named keeps its own name.
    """

    from_: str | None = None
    query: str | None = None
    columns: Mapping[str, str] = field(default_factory=dict[str, str])


@dataclass(frozen=True)
class FactSources:
    """The sources of each canonical relation; a relation may have several."""

    people: tuple[Source, ...] = ()
    accounts: tuple[Source, ...] = ()
    activities: tuple[Source, ...] = ()
    deals: tuple[Source, ...] = ()
    deal_stages: tuple[Source, ...] = ()
    lead_stages: tuple[Source, ...] = ()


@dataclass(frozen=True)
class ProjectFile:
    """The file ``leadline.yaml`` as one value.

    Attributes:
        facts: Where the facts are.
        definition: Path of the definition, relative to the project.
        reps: Who works leads: a YAML file, or a source with a row for each rep.
        engine: ``duckdb``, or the address of a database or of Spark.
        on_bad_rows: What happens to rows that can't be read.
        own_domains: Domains of our own sites: a referrer from there is no source.
    """

    facts: FactSources
    definition: str = "definition.yaml"
    reps: Source | None = None
    engine: str = "duckdb"
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


def concealed(text: str, engine: str) -> str:
    """Return what a database says without the password that its address may hold.

    >>> concealed('no such host: "b3f@db"', "postgresql://me:a@b3f@db/crm")
    'no such host: "…@db"'
    """
    secrets = [one or other for one, other in re.findall(r"//[^/:@]*:(.+)@|password=([^&]+)", engine)]
    parts = {part for secret in secrets for part in (secret, unquote(secret), *re.split("[@/:?#]", secret)) if len(part) > 2}
    for part in [engine, *sorted(parts, key=len, reverse=True)]:
        text = text.replace(part, "…")
    return text

"""Engines in which activities may stay, and what every one of them has to say in its own SQL."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, Protocol

from leadline.facts import postgres, spark
from leadline.facts.model import Held, HeldAs
from leadline.facts.sources import Kind, Origin


class Elsewhere(Protocol):
    """What modules of engines offer: :mod:`leadline.facts.postgres`, :mod:`leadline.facts.spark`."""

    SYSTEM: str
    STAYING: AbstractSet[Kind]

    def connected(self, engine: str, /) -> AbstractContextManager[Any]:
        """Yield a cursor."""
        ...

    def name(self, identifier: str, /) -> str:
        """Return an identifier quoted."""
        ...

    def table_of(self, origin: Origin, /) -> str:
        """Return the table that an origin is, or nothing if it is a query."""
        ...

    def query_of(self, origin: Origin, /) -> str:
        """Return the SQL of a source's rows."""
        ...

    def columns_of(self, cursor: Any, origin: Origin, /) -> list[tuple[str, str, HeldAs]]:
        """Return the columns of a source: names, types as the engine says them, and how that is held."""
        ...

    def is_unique(self, cursor: Any, origin: Origin, column: str, /) -> bool:
        """Return whether the engine makes sure that a column holds nothing twice."""
        ...

    def keys_of(self, cursor: Any, origin: Origin, document: Held, /) -> list[tuple[Any, ...]]:
        """Return the keys of JSON: (key, how often, whether all are numbers, whether all are truth values), most frequent first."""
        ...

    def as_text(self, held: Held, /) -> str:
        """Return SQL of a column as text, NULL where it is empty."""
        ...

    def micros(self, held: Held, /) -> str:
        """Return SQL of a time in microseconds."""
        ...

    def no_object(self, document: Held, /) -> str:
        """Return SQL that is true where JSON is something else than an object."""
        ...

    def under(self, document: Held, key: str, /) -> str:
        """Return SQL of the text under a key of JSON."""
        ...

    def land(self, engine: str, origin: Origin, target: Path, /) -> None:
        """Write the rows of a source as one Parquet file."""
        ...

    def probe(self, engine: str, origin: Origin, /) -> str:
        """Return what changes whenever the rows of a table or query may have."""
        ...


def of(engine: str) -> Elsewhere | None:
    """Return the module of an engine, ``None`` if facts can't stay there."""
    found: tuple[tuple[tuple[str, ...], Elsewhere], ...] = ((postgres.PREFIXES, postgres), (spark.PREFIXES, spark))
    return next((module for prefixes, module in found if engine.startswith(prefixes)), None)

"""A program as a back end runs it: SQL text, arrays and names, without the conditions it came from.

Plans are kept (:mod:`leadline.kept`), because reading YAML, checking it and writing SQL takes longer than most questions
take to answer.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from leadline.engine import grids
from leadline.engine.grids import Grid

if TYPE_CHECKING:
    from leadline.engine.terms import Table


@dataclass(frozen=True)
class Layout:
    """What scored rows look like.

    Attributes:
        title: The definition's name.
        fingerprint: The definition's.
        groups: Names of groups.
        bands: What has bands: ``score`` or groups.
        criteria: Names of criteria.
        tracks: Names of tracks.
    """

    title: str
    fingerprint: str
    groups: tuple[str, ...]
    bands: tuple[str, ...]
    criteria: tuple[str, ...]
    tracks: tuple[str, ...]

    def columns(self) -> list[str]:
        """Return the columns of scored rows, in their order."""
        bands = map(band_name, self.bands)
        return [
            "person_id", "account_id", "score", "grade", *self.groups, *bands, *self.criteria, "disqualified", "suspended", "tracks",
        ]  # fmt: skip


def band_name(of: str) -> str:
    """Return the column of a band's label."""
    return f"{of}.band"


@dataclass(frozen=True)
class Plan:
    """A program for one back end.

    Attributes:
        layout: What comes out.
        texts: Named SQL.
        terms: The terms for the kernel and its state, as :func:`packed` returns them.
        words: Mask columns.
        values: Columns of summed properties.
        absences: Terms that only ask when something last happened.
        of_account: Whether activities of accounts matter.
    """

    layout: Layout
    texts: Mapping[str, str]
    terms: tuple[Grid, ...]
    words: int
    values: int
    absences: tuple[int, ...]
    of_account: bool

    @cached_property
    def table(self) -> Table:
        """The terms as arrays of numpy."""
        from leadline.engine.terms import Table

        tables = zip(Table._fields, self.terms, strict=False)  # the state follows
        return Table(**{name: one.numpy().ravel() if name == "starts" else one.numpy() for name, one in tables})

    def count(self) -> int:
        """Return how many terms there are."""
        return len(self.terms[0])


def packed(table: Table) -> tuple[Grid, ...]:
    """Return the terms, and the state that the kernel begins with, in the order in which its entry takes them."""
    from leadline.engine import terms

    return tuple(map(grids.of, (*table, *terms.new_state(table))))

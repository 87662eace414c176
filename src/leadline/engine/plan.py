"""A program as a back end runs it: SQL text, arrays and names, without the conditions it came from.

Plans are kept (:mod:`leadline.kept`), because reading YAML, checking it and writing SQL takes longer than most questions
take to answer.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

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
        table: The terms for the kernel.
        words: Mask columns.
        values: Columns of summed properties.
        absences: Terms that only ask when something last happened.
        of_account: Whether activities of accounts matter.
    """

    layout: Layout
    texts: Mapping[str, str]
    table: Table
    words: int
    values: int
    absences: tuple[int, ...]
    of_account: bool

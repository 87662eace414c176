"""A side as it comes into a comparison: the entries of a course, all tracks together and each alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from leadline.review.entries import Entries, entries
from leadline.review.model import Window

if TYPE_CHECKING:
    from leadline.engine.rehearsal import Spells
    from leadline.outcomes.matching import Outcomes


@dataclass(frozen=True)
class Route:
    """Where a track hands over to.

    Attributes:
        team: The team; empty for everybody who works leads.
        per_account: Whether all people of an account are one handoff.
    """

    team: str
    per_account: bool = False


@dataclass(frozen=True)
class Contender:
    """One of the two that are compared.

    Attributes:
        name: ``old``, ``new`` or ``recorded``.
        title: The definition's name.
        fingerprint: The definition's; empty for what the CRM recorded.
        names: The track's name by its index in the spells.
        routes: Where a track hands over to, by its name.
        entries: Of all tracks together.
        tracks: Of each track alone, by its name.
    """

    name: str
    title: str
    fingerprint: str
    names: Mapping[int, str]
    routes: Mapping[str, Route]
    entries: Entries
    tracks: Mapping[str, Entries]

    def tracks_of(self, team: str) -> list[int]:
        """Return the indices of the tracks that hand over to a team."""
        return [index for index, name in self.names.items() if self.routes[name].team == team]

    def shared(self) -> list[int]:
        """Return the indices of the tracks that hand over an account once."""
        return [index for index, name in self.names.items() if self.routes[name].per_account]


def contender(
    side: tuple[str, str, str],
    spells: Spells,
    names: Mapping[int, str],
    routes: Mapping[str, Route],
    within: tuple[Window, Outcomes],
) -> Contender:
    """Return a side from the spells of its course.

    Args:
        side: Its name, title and fingerprint.
        spells: Of all of its tracks.
        names: The track's name by its index in the spells, in the order of urgency.
        routes: By the track's name.
        within: The time compared, and what had happened by its end.
    """
    alone = {name: entries(spells.of([index]), *within) for index, name in names.items()}
    together = next(iter(alone.values())) if len(alone) == 1 else entries(spells, *within)
    return Contender(*side, names, routes, together, alone)

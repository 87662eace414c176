"""Two definitions, compared in words."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from leadline.definition.diff import Change


@dataclass(frozen=True)
class Comparison:
    """What changed between two definitions, with the fingerprints of both."""

    old: str
    new: str
    changes: tuple[Change, ...]
    text: str

    def as_dict(self) -> dict[str, Any]:
        """Return the JSON form."""
        return {"old": self.old, "new": self.new, "changes": [asdict(change) for change in self.changes]}


def compare(old: Path, new: Path) -> Comparison:
    """Return how the definition in one file differs from that in another.

    Raises:
        DefinitionRefused: If one of them can't be read.
    """
    from leadline.definition import diff, fingerprint, load

    before, after = load.load(old).definition, load.load(new).definition
    name = fingerprint.definition_fingerprint
    return Comparison(name(before), name(after), tuple(diff.describe(before, after)), diff.to_markdown(before, after))

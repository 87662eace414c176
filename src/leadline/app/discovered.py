"""What a discovery comes to, as the files that people read: all of them are written, or none."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from leadline.errors import UsageError

if TYPE_CHECKING:
    from leadline.review.discover.model import DiscoverReport

DEFINITION, PAGE, REPORT = "definition.yaml", "report.html", "report.json"
_WROTE = "wrote"


@dataclass(frozen=True)
class Discovered:
    """A report, and the definition that it proposes; empty if it proposes none."""

    report: DiscoverReport
    definition: str

    def as_dict(self) -> dict[str, Any]:
        """Return the JSON form."""
        return self.report.to_json()

    def write(self, folder: Path) -> tuple[Path, ...]:
        """Write the definition, the page and the report into a folder, which is made; return what was written.

        Files of an earlier discovery are replaced; a definition that somebody has edited since is not.

        Raises:
            UsageError: If a file is there that isn't a discovery's, or was edited.
        """
        from leadline.app import pages

        texts = {DEFINITION: self.definition} if self.definition else {}
        texts[PAGE] = pages.discover_page(self.report)
        before = _written_before(folder)
        _refuse_others(folder, [*texts, REPORT], before)
        told = self.as_dict() | {_WROTE: before | {name: _digest(text.encode()) for name, text in texts.items()}}
        texts[REPORT] = json.dumps(told, indent=2, ensure_ascii=False) + "\n"
        folder.mkdir(parents=True, exist_ok=True)
        parts = {folder / name: folder / f".{name}.{os.getpid()}" for name in texts}
        try:
            for part, text in zip(parts.values(), texts.values(), strict=True):
                part.write_text(text, encoding="utf-8")
            for path, part in parts.items():
                part.replace(path)
        finally:
            for part in parts.values():
                part.unlink(missing_ok=True)
        return tuple(parts)


def _written_before(folder: Path) -> dict[str, str]:
    """Return what earlier discoveries wrote there, by the name of the file."""
    with suppress(OSError, ValueError, AttributeError):
        return dict(json.loads((folder / REPORT).read_text(encoding="utf-8")).get(_WROTE, {}))
    return {}


def _refuse_others(folder: Path, names: Iterable[str], before: Mapping[str, str]) -> None:
    """Refuse to replace what no earlier discovery wrote, or what was edited since."""
    for name in names:
        path = folder / name
        ours = bool(before) if name == REPORT else path.is_file() and before.get(name) == _digest(path.read_bytes())
        if path.exists() and not ours:
            says = f"'{path}' is there already, and isn't as an earlier discovery left it."
            raise UsageError(says, "Give another folder with --out, or move the file away.", code="not-ours")


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()

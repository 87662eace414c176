"""A program as a back end runs it: SQL text, arrays and names, without the conditions it came from.

Plans are kept (:func:`kept`), because reading YAML, checking it and writing SQL takes longer than most questions take to
answer. A kept plan is known by the definition's text, the schema of the facts and this version of the code.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import pickle
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
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


def kept(folder: Path, parts: tuple[bytes, ...], make: Callable[[], Plan]) -> Plan:
    """Return the plan kept in ``folder`` for these bytes, or make and keep it; what can't be kept is made each time."""
    digest = hashlib.sha256(_code())
    for part in parts:
        digest.update(hashlib.sha256(part).digest())
    path = folder / f"{digest.hexdigest()[:32]}.plan"
    with contextlib.suppress(OSError, pickle.UnpicklingError, EOFError):
        return pickle.loads(path.read_bytes())  # noqa: S301 - our own file, in the project's own folder
    plan = make()
    with contextlib.suppress(OSError):
        folder.mkdir(parents=True, exist_ok=True)
        part = path.with_name(f"{path.name}.{os.getpid()}")
        part.write_bytes(pickle.dumps(plan))
        part.replace(path)
    return plan


@cache
def _code() -> bytes:
    """Return what tells this version of the code from another: names, sizes and times of its files."""
    root = Path(__file__).parents[1]
    files = sorted(path for folder in ("definition", "engine") for path in (root / folder).rglob("*.py"))
    return repr([(path.name, (stat := path.stat()).st_size, stat.st_mtime_ns) for path in files]).encode()

"""Results that are dear to make and cheap to keep, such as a checked file or a plan: made once, then read back.

A result is known by what it was made from and by this version of the code, so a kept one is never stale, and deleting any
is safe. What can't be kept, as in a folder that is read-only, is made each time.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import pickle
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from typing import TypeVar

T = TypeVar("T")
_MOST = 20  # results of a kind that stay


def kept(folder: Path, kind: str, parts: Sequence[bytes], make: Callable[[], T]) -> T:
    """Return the result kept in ``folder`` for these parts, or make it and keep it."""
    digest = hashlib.sha256(_code())
    for part in parts:
        digest.update(hashlib.sha256(part).digest())
    path = folder / "kept" / f"{kind}-{digest.hexdigest()[:32]}"
    with contextlib.suppress(OSError, EOFError, pickle.UnpicklingError):
        return pickle.loads(path.read_bytes())  # noqa: S301 - our own file, in the project's own folder
    result = make()
    with contextlib.suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_name(f"{path.name}.{os.getpid()}")
        part.write_bytes(pickle.dumps(result))
        part.replace(path)
        for old in sorted(path.parent.glob(f"{kind}-*"), key=lambda old: old.stat().st_mtime_ns)[:-_MOST]:
            old.unlink(missing_ok=True)
    return result


@cache
def _code() -> bytes:
    """Return what tells this version of the code from another: sizes and times of its files."""
    root = Path(__file__).parent
    files = sorted(Path(at, name) for at, _, names in os.walk(root) for name in names if name.endswith(".py"))
    return repr([(path.name, (stat := path.stat()).st_size, stat.st_mtime_ns) for path in files]).encode()

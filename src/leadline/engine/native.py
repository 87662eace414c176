"""The compiled kernel without its compiler.

Numba takes longer to import than most questions take to answer. So it compiles the kernel once a machine; the code is
kept in the user's cache, and later processes open it as a library, or link it with llvmlite where there is none
(:mod:`leadline.engine.linking`). The code is known by the kernel's source, the versions of numba, llvmlite, numpy and
Python, and the processor: what doesn't match is compiled anew. Where nothing can be kept, as in a read-only home, every
process compiles for itself.
"""

from __future__ import annotations

import contextlib
import ctypes
import hashlib
import os
import re
import sys
from array import array
from collections.abc import Callable, Sequence
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from leadline.engine.grids import Grid
    from leadline.engine.terms import State, Table


def score_people(  # noqa: PLR0913, PLR0917 - as the kernel's own
    table: Table,
    timelines: Sequence[NDArray[Any]],
    people: Sequence[NDArray[Any]],
    as_of: int,
    points: NDArray[np.int64],
    shares: NDArray[np.float64] | None = None,
) -> State:
    """Fill ``points`` as :func:`leadline.engine.kernel.score_people` does, with the GIL released.

    Args:
        table: The terms.
        timelines: ``times, masks, values``.
        people: ``begins, ends, created, absent, latest``.
        as_of: The instant.
        points: Micro-points, person × term, to be filled; contiguous.
        shares: What each activity adds to an amount, activity × term, to be filled if given; contiguous.

    Returns:
        The state in which the last person left the kernel.
    """
    import numpy as np

    from leadline.engine.terms import KINDS, new_state

    state, kinds = new_state(table), {"whole": np.int64, "real": np.float64}
    given = [*table, *state, *timelines, *people, np.zeros((0, 0)) if shares is None else shares, points]
    call("score", [np.ascontiguousarray(one, kinds[kind]) for one, kind in zip(given, KINDS.values(), strict=True)], as_of)
    return state


def call(name: str, arrays: Sequence[NDArray[Any]], first: int, second: int = 0) -> int:
    """Call an entry with contiguous arrays of int64 and float64, in its order, and two numbers."""
    return _call(name, [(one.ctypes.data, len(one), one.shape[1] if one.ndim > 1 else 1) for one in arrays], first, second)


def run(name: str, grids: Sequence[Grid], first: int = 0, second: int = 0) -> int:
    """Call an entry with grids, in its order, and two numbers."""
    return _call(name, [(grid.data.buffer_info()[0], len(grid), grid.columns) for grid in grids], first, second)


def _call(name: str, strips: Sequence[tuple[int, int, int]], first: int, second: int) -> int:
    addresses = array("q", [address for address, _, _ in strips])
    shapes = array("q", [size for _, *shape in strips for size in shape])
    return entry(name)(addresses.buffer_info()[0], shapes.buffer_info()[0], first, second)


@cache
def entry(name: str = "score") -> Callable[..., int]:
    """Return an entry of the kernel: it takes the address of addresses, that of shapes, and two numbers."""
    kept, symbol = cache_folder() / f"{name}-{_key(name)}", f"leadline_{name}"
    kind = ctypes.CFUNCTYPE(ctypes.c_int64, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_int64, ctypes.c_int64)
    with contextlib.suppress(OSError):
        return kind((symbol, ctypes.CDLL(str(kept.with_suffix(".so")))))
    from leadline.engine import linking

    return kind(linking.link(kept.read_bytes(), symbol) if kept.exists() else linking.compile_entry(name, symbol, kept))


def cache_folder() -> Path:
    """Return where compiled code is kept: ``$XDG_CACHE_HOME/leadline`` or ``~/.cache/leadline``."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "leadline"


_SOURCES = {
    "score": ("kernel", "kernel_entry", "linking", "native", "terms", "model"),
    "bounds": ("kernel_bounds", "kernel_entry", "linking", "native"),
    "replay": (
        "kernel", "kernel_entry", "linking", "native", "terms", "model", "kernel_replay", "kernel_epochs", "kernel_reach",
        "kernel_fading", "kernel_terms", "kernel_memory", "judge", "instructions", "rehearsal",
    ),
}  # fmt: skip


def _key(name: str) -> str:
    here = Path(__file__).parent
    sources = [(here / f"{source}.py").read_text(encoding="utf-8") for source in _SOURCES[name]]
    versions = [metadata.version(name) for name in ("numba", "llvmlite", "numpy")]
    return hashlib.sha256("\0".join([sys.version, _processor(), *versions, *sources]).encode()).hexdigest()[:32]


def _processor() -> str:
    """Return what tells this processor from another."""
    with contextlib.suppress(OSError), Path("/proc/cpuinfo").open(encoding="utf-8") as file:
        return repr(re.findall(r"^(?:model name|flags|CPU part|Features)\b.*", file.read(8192), re.MULTILINE)[:2])
    from leadline.engine import linking

    return linking.processor()

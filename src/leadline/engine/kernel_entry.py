"""The kernel's entry for :mod:`leadline.engine.native`: bare pointers in, so that it can be called without numba."""

# pyright: basic
# pyright: reportCallIssue=false, reportArgumentType=false, reportPrivateImportUsage=false
# Numba reads this function, not Python: bare pointers have no Python type.

from __future__ import annotations

from typing import Any

from numba import carray, cfunc, types

from leadline.engine import kernel
from leadline.engine.terms import KINDS, State, Table

_POINTERS = {"whole": types.CPointer(types.int64), "real": types.CPointer(types.float64)}


def compile_entry() -> Any:
    """Return the entry, compiled: a numba callback with an address, a name, and LLVM code to keep."""
    signature = types.void(*(_POINTERS[kind] for kind in KINDS.values()), types.CPointer(types.int64), types.int64)
    return cfunc(signature, error_model="numpy")(_entry)


def _entry(
    whole, real, needs, starts, listeners, marks, sums, counts, due, times, masks, values, begins, ends, created, absent, latest, shares,
    points, shapes, as_of,
) -> None:  # fmt: skip
    shape = carray(shapes, (19, 2))
    table = Table(
        carray(whole, (shape[0, 0], shape[0, 1])), carray(real, (shape[1, 0], shape[1, 1])), carray(needs, (shape[2, 0], shape[2, 1])),
        carray(starts, shape[3, 0]), carray(listeners, (shape[4, 0], shape[4, 1])),
    )  # fmt: skip
    state = State(
        carray(marks, (shape[5, 0], shape[5, 1])), carray(sums, (shape[6, 0], shape[6, 1])), carray(counts, shape[7, 0]),
        carray(due, shape[8, 0]),
    )  # fmt: skip
    kernel.score_people(
        table, state, carray(times, shape[9, 0]), carray(masks, (shape[10, 0], shape[10, 1])), carray(values, (shape[11, 0], shape[11, 1])),
        carray(begins, shape[12, 0]), carray(ends, shape[13, 0]), carray(created, shape[14, 0]), carray(absent, shape[15, 0]),
        carray(latest, (shape[16, 0], shape[16, 1])), as_of, carray(shares, (shape[17, 0], shape[17, 1])),
        carray(points, (shape[18, 0], shape[18, 1])),
    )  # fmt: skip

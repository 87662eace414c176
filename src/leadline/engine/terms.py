"""The terms of a program as plain arrays, and the state that the kernel keeps: what goes in and out of compiled code.

Free of numba, so that a process which finds the kernel compiled already (:mod:`leadline.engine.native`) needn't load it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, TypeAlias

import numpy as np

from leadline.engine.model import Kind

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from leadline.engine.model import Program

    Whole: TypeAlias = NDArray[np.int64]
    Real: TypeAlias = NDArray[np.float64]

NEVER = -(1 << 62)
MOST = 1e15  # micro-points of one criterion, so that sums stay far inside int64
HOUR, DAY, WEEK = 3_600_000_000, 86_400_000_000, 604_800_000_000
PLAIN, KEPT, TOGETHER, IN_ORDER, ABSENT = (int(kind) for kind in Kind)

WHOLE = ("kind", "within", "wait", "fade", "bucket", "cooldown", "value", "counted", "span", "every")
REAL = ("points", "limit", "fades", "at_least", "at_most")
KIND, WITHIN, WAIT, FADE, BUCKET, COOLDOWN, VALUE, COUNTED, SPAN, EVERY, FIRST_NEED, LAST_NEED = range(12)
POINTS, LIMIT, FADES, AT_LEAST, AT_MOST = range(5)
BIT, COUNT = range(2)
TERM, NEED = range(2)
LAST, BEGAN, HELD, BUCKETED, LEFT, DUE = range(6)
AMOUNT, HELD_VALUE = range(2)


class Table(NamedTuple):
    """The terms as arrays.

    Attributes:
        whole: Term × the fields of ``WHOLE``, then where its needs begin and end.
        real: Term × the fields of ``REAL``.
        needs: Need × (bit, count): what terms ask for.
        starts: For every bit where its listeners begin, and one more.
        listeners: Listener × (term, need): which needs of which terms wait for a bit.
    """

    whole: Whole
    real: Real
    needs: Whole
    starts: Whole
    listeners: Whole


class State(NamedTuple):
    """Running state of one timeline, reset by :func:`measure`.

    Attributes:
        marks: Term × (latest activity that counts for absence, or latest completion; where that chain began; index
            of the activity held by ``once_per`` or ``cooldown``; its bucket; left edge of the span; whether due).
        sums: Term × (amount, value of the activity held).
        counts: For every need, how many lie in the span; for sequences the latest start of a chain up to that step.
        due: The terms to look at when the instant is over.
    """

    marks: Whole
    sums: Real
    counts: Whole
    due: Whole


def table_of(program: Program) -> Table:
    """Return the program's terms as arrays."""
    terms = program.terms
    ends = np.cumsum([len(term.bits) for term in terms], dtype=np.int64)
    begins = ends - [len(term.bits) for term in terms]
    whole = [[int(getattr(term, name)) for name in WHOLE] for term in terms]
    counts = [term.counts or (1,) * len(term.bits) for term in terms]
    listeners = [
        [(k, begins[k] + at) for k, term in enumerate(terms) for at, wanted in enumerate(term.bits) if wanted == bit]
        for bit in range(len(program.bits))
    ]
    return Table(
        np.hstack([np.array(whole, np.int64).reshape(-1, len(WHOLE)), begins.reshape(-1, 1), ends.reshape(-1, 1)]).astype(np.int64),
        np.array([[float(getattr(term, name)) for name in REAL] for term in terms]).reshape(-1, len(REAL)),
        np.array(
            [pair for term, count in zip(terms, counts, strict=True) for pair in zip(term.bits, count, strict=True)], np.int64
        ).reshape(-1, 2),
        np.cumsum([0, *map(len, listeners)], dtype=np.int64),
        np.array([pair for listener in listeners for pair in listener], np.int64).reshape(-1, 2),
    )


def new_state(table: Table) -> State:
    """Return state for :func:`leadline.engine.kernel.measure`."""
    terms, needs = len(table.whole), len(table.needs)
    return State(np.zeros((terms, 6), np.int64), np.zeros((terms, 2)), np.zeros(needs, np.int64), np.zeros(terms, np.int64))


KINDS = {
    "whole": "whole", "real": "real", "needs": "whole", "starts": "whole", "listeners": "whole",
    "marks": "whole", "sums": "real", "counts": "whole", "due": "whole",
    "times": "whole", "masks": "whole", "values": "real", "begins": "whole", "ends": "whole", "created": "whole", "absent": "whole",
    "latest": "whole", "shares": "real", "points": "whole",
}  # fmt: skip
"""The arrays of the entry, in their order: those of the table, of the state, then timelines, people and results."""

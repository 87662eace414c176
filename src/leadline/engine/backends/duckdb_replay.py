"""A replay over a connection of DuckDB: threads read spans of people and follow them, while segments are read once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias, cast

from leadline.engine.backends import gathered

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection
    from numpy.typing import NDArray

    from leadline.engine.backends import Progress
    from leadline.engine.rehearsal import History, Rehearsal, Segments, Spells
    from leadline.facts.mirror import Part

THREADS = 2
SHARES = 4 * THREADS
"""Into how many spans history is cut at least, so that no thread waits for another for long."""
FEWEST, MOST = 50_000, 500_000
"""How many activities a span holds: fewer aren't worth a query, more would only hold memory."""
LAST = 2**31 - 1
Span: TypeAlias = tuple[int, int]


def spans(parts: Sequence[Part]) -> list[Span]:
    """Return ranges of person codes that cover everybody, with about as many activities each."""
    held = [(part.last_code, part.rows) for part in parts if part.last_code is not None]
    size = min(MOST, max(FEWEST, sum(rows for _, rows in held) // SHARES))
    ends: list[int] = []
    for last, rows in held:
        first, count = ends[-1] + 1 if ends else 0, -(-rows // size)
        ends += [first - 1 + (last + 1 - first) * k // count for k in range(1, count + 1)]
    ends = [*sorted({end for end in ends[:-1] if end >= 0}), LAST]
    return [(0 if at == 0 else ends[at - 1] + 1, end) for at, end in enumerate(ends)]


@dataclass(frozen=True)
class Reader:
    """Reads history and segments, and follows people through them.

    Attributes:
        con: A connection whose variables and tables the texts of the rehearsal refer to.
        rehearsal: What is followed.
        until: The instant at which history ends, in microseconds.
        aim: Points another connection to the same database at the people in a range of codes.
    """

    con: DuckDBPyConnection
    rehearsal: Rehearsal
    until: int
    aim: Callable[[DuckDBPyConnection, Span], None]

    def segments(self) -> Segments:
        """Return everybody's segments."""
        return gathered.segments(_fetch(self.con, self.rehearsal.texts["segments"]), self.rehearsal)

    def history(self, span: Span) -> History:
        """Return all activities of the people in a range of codes."""
        con, texts = self.con.cursor(), self.rehearsal.texts
        self.aim(con, span)
        own = gathered.history(_fetch(con, texts["history"]), self.rehearsal)
        if "account_history" not in texts:
            return own
        return gathered.both(own, gathered.history(_fetch(con, texts["account_history"]), self.rehearsal))

    def follow(self, spans: Sequence[Span], progress: Progress) -> Spells:
        """Return the spells of the people in ranges of codes."""
        from leadline.engine import native, replay

        segments: Future[Segments] = Future()
        with ThreadPoolExecutor(THREADS + 1) as pool:
            kernel = pool.submit(native.entry, "replay")  # while history is being read

            def follow(span: Span) -> Spells:
                found = self.history(span)
                kernel.result()
                return replay.run(self.rehearsal, found, gathered.of_people(segments.result(), span), self.until)

            jobs = [pool.submit(follow, span) for span in spans]
            try:
                segments.set_result(self.segments())
            except BaseException as error:
                segments.set_exception(error)  # or the jobs would wait for ever
                raise
            for done, job in enumerate(as_completed(jobs), 1):
                job.result()
                progress("replay", done / len(spans))
        return replay.join([job.result() for job in jobs])


def _fetch(con: DuckDBPyConnection, text: str) -> dict[str, NDArray[Any]]:
    return cast("dict[str, NDArray[Any]]", con.execute(text).fetchnumpy())

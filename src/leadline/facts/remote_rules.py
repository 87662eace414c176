"""What activities that stay in an engine must fulfil, as rules that the engine counts.

The same rules as :mod:`leadline.facts.validation` has for rows that are read, in the SQL of the engine.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from leadline import clock
from leadline.errors import Problem
from leadline.facts.database import texts
from leadline.facts.elsewhere import Elsewhere
from leadline.facts.model import Held, Side
from leadline.facts.sources import Origin
from leadline.facts.validation import EARLIEST, LATEST


@dataclass(frozen=True, slots=True)
class Rule:
    """Something that is wrong with a row: a stable code, SQL that is true where it is wrong, words, and a fix."""

    code: str
    broken: str
    says: str
    fix: str

    def problem(self, origin: Origin, count: int) -> Problem:
        """Return the problem that so many rows of a source have."""
        rows = "one row" if count == 1 else f"{count:,} rows"
        fix = f"{self.fix} Rows of a database can't be set aside: leave them out in a query."
        return Problem(self.code, origin.where, f"{self.says}: {rows} of {origin.label}.", fix)


def rules(there: Elsewhere, held: Mapping[str, Held], now: int) -> Iterator[Rule]:
    """Yield the rules for a source with these columns."""
    at = there.micros(held["occurred_at"])
    for column in ("activity_id", "type"):
        yield Rule("missing-value", f"{there.as_text(held[column])} is null", f"'{column}' is empty", "Every row needs one.")
    yield Rule("missing-value", f"{there.name(held['occurred_at'].name)} is null", "'occurred_at' is empty", "Every row needs one.")
    whose = [held[column] for column in ("person_id", "account_id") if column in held]
    nobody = " and ".join(f"{there.as_text(one)} is null" for one in whose)
    yield Rule("missing-person", nobody, "neither person_id nor account_id is given", "Every activity needs one of them.")
    yield Rule("time-out-of-range", f"not ({in_range(at)})", "'occurred_at' lies before 1970 or after 2199", "Look at the source.")
    fix = "Look at the time zone and the clock of the source."
    yield Rule("future-time", f"{at} > {now + clock.DAY} and {in_range(at)}", "'occurred_at' lies in the future", fix)
    if "side" in held:
        says = f"'side' is none of {', '.join(Side)}"
        broken = f"lower(trim({there.as_text(held['side'])})) not in ('', {texts(Side)})"
        yield Rule("unknown-side", broken, says, "Leave it empty for marketing.")
    if "properties" in held:
        fix = 'Write an object: {"path": "/pricing"}.'
        yield Rule("bad-json", there.no_object(held["properties"]), "'properties' is not a JSON object", fix)


def in_range(micros: str) -> str:
    """Return SQL that a time is one that facts may have."""
    return f"{micros} >= {EARLIEST} and {micros} < {LATEST}"
